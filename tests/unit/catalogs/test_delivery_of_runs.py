"""A run that says how it is taught is taught so, whatever its course says."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from small_catalog import FEES, FILES, PROGRAM, SCHEDULE, write

from prospectus.app.checking import anyone, check_catalog
from prospectus.app.library import Library
from prospectus.app.solving import DEFAULT_EFFORT, solve
from prospectus.catalogs.load import load_catalog
from prospectus.domain.course import CourseCode, Delivery
from prospectus.domain.meaning import resolve

TODAY = dt.date(2026, 8, 1)
FREE = "    - {id: free, fill: {credits: rest, from: any}}\n"
LEAF = "    - {id: live, fill: {courses: 1, from: delivery sync}}\n"
CAP = "    - {id: live, at_least: {courses: 1, of: delivery sync}}\n"
LAB = "  - {id: lab, per: course, amount: 90, delivery: [sync], valid: 2026-08-01..2027-07-31}\n"


def folder_with(folder: Path, rule: str, run: str) -> Path:
    """Write the small catalog with one more rule, EX 105 running every Fall as `run` says."""
    pattern = "EX 105: {pattern: {seasons: [Fall]}}"
    schedule = FILES[SCHEDULE].replace(pattern, f"EX 105: {{pattern: {{seasons: [Fall]}}{run}}}")
    program = FILES[PROGRAM].replace(FREE, rule + FREE)
    assert (schedule != FILES[SCHEDULE]) == bool(run)
    assert program != FILES[PROGRAM]
    return write(folder, {SCHEDULE: schedule, PROGRAM: program, FEES: FILES[FEES] + LAB})


@pytest.mark.parametrize("rule", [LEAF, CAP], ids=["leaf", "measure"])
def test_a_rule_that_asks_for_a_delivery_is_met_by_such_a_run(tmp_path: Path, rule: str) -> None:
    for run, is_met in (("", False), (", delivery: sync", True), (", delivery: unknown", False)):
        found = check_catalog([folder_with(tmp_path / f"{is_met}{run}", rule, run)], today=TODAY)
        least = [f.code for f in found.faults if "track 'left', total 9" in f.what]
        assert least == ([] if is_met else ["CAT-090"])


def test_the_plan_says_how_its_runs_are_taught_and_pays_for_it(tmp_path: Path) -> None:
    catalog = load_catalog(folder_with(tmp_path, LEAF, ", delivery: sync"))
    library = Library(catalog=catalog)
    program = catalog.program("ex-ms")
    student = anyone(TODAY)
    (resolved,) = resolve(
        program,
        catalog.school("ex"),
        student.person,
        (("total", "9"),),
        library.assumptions_of(program),
    )
    assert set(resolved.own_deliveries(CourseCode("EX 105")).values()) == {Delivery.SYNC}
    assert resolved.own_deliveries(CourseCode("EX 101")) == {}
    solved = solve(resolved, student, TODAY, DEFAULT_EFFORT)
    assert solved.result.plan is not None
    taught = {str(a.course): a.delivery for a in solved.result.plan.attempts}
    assert taught.pop("EX 105") is Delivery.SYNC
    assert set(taught.values()) == {Delivery.ASYNC}
    assert solved.appraisal is not None
    assert [due.amount.minor for due in solved.appraisal.dues if "lab" in due.label] == [90_00]
