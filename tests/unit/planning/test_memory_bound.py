"""The bound on memory: a search that takes more is stopped, and says so."""

from __future__ import annotations

import datetime as dt
import gc
import threading

import pytest

from prospectus.catalogs.load import load_catalog
from prospectus.domain.errors import LimitError
from prospectus.domain.meaning import readings, resolve
from prospectus.domain.record import Record
from prospectus.domain.student import Person, Student
from prospectus.legality.store import Store
from prospectus.planning.memory import Watch, seldom_collecting, taken
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


def test_a_watch_that_is_over_is_looked_at_no_more() -> None:
    stopped, other = threading.Event(), threading.Event()
    with Watch(stopped.set, 0):
        pass
    with Watch(other.set, 0):
        assert other.wait(30)
    assert not stopped.is_set()


def test_two_searches_at_once_are_watched_apart() -> None:
    small, large = threading.Event(), threading.Event()
    with Watch(large.set, 10**6) as free, Watch(small.set, 0) as bound:
        assert small.wait(30)
    assert bound.has_stopped
    assert not free.has_stopped


def test_garbage_is_looked_for_as_before_once_all_have_ended() -> None:
    usual = gc.get_threshold()
    with seldom_collecting():
        seldom = gc.get_threshold()
        with seldom_collecting():
            assert gc.get_threshold() == seldom
        assert gc.get_threshold() == seldom
    assert seldom[0] > usual[0]
    assert gc.get_threshold() == usual
