from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from sample_answers import CERTIFICATE
from sample_school import program, school

from prospectus.app import checking
from prospectus.app.checking import anyone, check_catalog
from prospectus.app.library import Library
from prospectus.app.solving import Effort, Solved
from prospectus.catalogs.load import Catalog
from prospectus.domain.errors import Fault, Place, Severity, UnsupportedError
from prospectus.domain.facts import Provenance
from prospectus.domain.program import Resolved
from prospectus.domain.student import Student
from prospectus.planning.result import Conflict, PlanResult, PlanStatus

TODAY = dt.date(2026, 8, 1)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A catalog file without faults that holds the sample programme."""
    path = tmp_path / "here.yaml"
    path.write_text("format: 1\n", encoding="utf-8")
    here = Provenance(at=Place(file=str(path), line=1))
    made = replace(program(), provenance=here)
    library = Library(catalog=Catalog(schools=(school(),), programs=(made,)))
    monkeypatch.setattr(checking, "check", lambda paths: ())
    monkeypatch.setattr(checking, "open_library", lambda catalogs: library)
    return path


def solver(monkeypatch: pytest.MonkeyPatch, by_track: dict[str, PlanStatus | Exception]) -> None:
    """Let planning end so for each track."""

    def solve(resolved: Resolved, student: Student, today: dt.date, effort: Effort) -> Solved:
        ending = by_track[dict(student.choices)["track"]]
        if isinstance(ending, Exception):
            raise ending
        result = PlanResult(
            status=ending,
            plan=None,
            levels=(),
            conflict=(Conflict(id="total", text="the total of degree", is_wish=False),),
            conflict_is_minimal=True,
            certificate=CERTIFICATE,
        )
        return Solved(resolved=resolved, student=student, record=student.record, result=result)

    monkeypatch.setattr(checking, "solve", solve)


def test_a_track_that_no_plan_can_meet_is_an_error(folder: Path, monkeypatch: pytest.MonkeyPatch):
    solver(monkeypatch, {"two": PlanStatus.OPTIMAL, "three": PlanStatus.INFEASIBLE})
    answer = check_catalog([folder], today=TODAY)
    (fault,) = answer.faults
    assert fault.code == "CAT-090"
    assert "here-ms, track 'three'" in fault.what
    assert "the total of degree" in fault.what
    assert (answer.n_errors, answer.n_programs, answer.n_solved) == (1, 1, 2)


def test_what_was_not_decided_is_a_warning(folder: Path, monkeypatch: pytest.MonkeyPatch):
    solver(monkeypatch, {"two": PlanStatus.UNKNOWN, "three": PlanStatus.OPTIMAL})
    (fault,) = check_catalog([folder], today=TODAY).faults
    assert (fault.code, fault.severity) == ("CAT-091", Severity.WARNING)


def test_a_rule_that_cannot_be_planned_yet_is_a_warning(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    refused = UnsupportedError("PLN-003", what="done(node)", fix="name the courses")
    solver(monkeypatch, {"two": refused, "three": PlanStatus.OPTIMAL})
    (fault,) = check_catalog([folder], today=TODAY).faults
    assert (fault.code, fault.severity) == ("PLN-003", Severity.WARNING)
    assert "cannot be planned yet" in fault.what


def test_nothing_is_planned_while_files_hold_errors(folder: Path, monkeypatch: pytest.MonkeyPatch):
    wrong = Fault(code="CAT-020", what="missing", fix="add it")
    monkeypatch.setattr(checking, "check", lambda paths: (wrong,))
    answer = check_catalog([folder], today=TODAY)
    assert answer.faults == (wrong,)
    assert answer.n_solved == 0


def test_solving_can_be_left_out(folder: Path):
    assert check_catalog([folder], today=TODAY, solve_tracks=False).n_solved == 0


def test_the_person_of_a_check_asks_nothing():
    wishes = anyone(TODAY).wishes
    assert wishes.hours_per_week is None
    assert not wishes.hours_are_assumed
    assert wishes.budget_total is None
    assert wishes.deadline is None
