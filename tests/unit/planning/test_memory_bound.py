"""The bound on memory: a search that takes more is stopped, and says so."""

from __future__ import annotations

import datetime as dt
import threading

import pytest

from prospectus.catalogs.load import load_catalog
from prospectus.domain.errors import LimitError
from prospectus.domain.meaning import readings, resolve
from prospectus.domain.record import Record
from prospectus.domain.student import Person, Student
from prospectus.legality.store import Store
from prospectus.planning.memory import Watch, taken
from prospectus.planning.solve import plan
from prospectus.planning.solver import Answer, Solution, Solver

TODAY = dt.date(2026, 8, 1)


def test_a_process_takes_some_memory() -> None:
    assert 1 < taken() < 10**6


def test_a_watch_stops_what_takes_too_much() -> None:
    stopped = threading.Event()
    with Watch(stopped.set, 0) as watch:
        assert stopped.wait(30)
    assert watch.has_stopped


def test_a_watch_leaves_what_keeps_the_bound() -> None:
    stopped = threading.Event()
    with Watch(stopped.set, 10**6) as watch:
        pass
    assert not watch.has_stopped
    assert not stopped.is_set()


def test_memory_used_up_before_any_plan_is_one_clear_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def runs_out(self: Solver, store: Store, **_: object) -> tuple[Answer, Solution | None, float]:
        self.is_out_of_memory = self.was_interrupted = True
        return Answer.UNKNOWN, None, 0.0

    monkeypatch.setattr(Solver, "run", runs_out)
    catalog = load_catalog()
    program = catalog.program("uw-extended-campus-msds")
    school = catalog.school(program.school)
    rules = resolve(program, school, Person(), readings(program)[0], catalog.assumptions)[0]
    student = Student(matriculation=TODAY, plan_from=TODAY, record=Record())
    with pytest.raises(LimitError, match=r"LIM-002.*memory of 300 MB"):
        plan(rules, student, Record(), TODAY, memory=300)
