"""With which letter a requirement would take a course."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from tests.degrees import degree, leaf, record, taken

from prospectus.app.audit_check import run_audit
from prospectus.app.audit_letters import as_planned, least_grade
from prospectus.domain.expression import Both, Compare, GradeIs, Selector
from prospectus.domain.meaning.holding import admits
from prospectus.domain.record import AttemptStatus
from prospectus.domain.requirement import Fill

TODAY = dt.date(2026, 11, 22)


def _graded(compare: Compare, grade: str) -> Selector:
    return Both(items=(leaf("core", "CS 600", 1).from_, GradeIs(compare=compare, grade=grade)))


@pytest.mark.parametrize(
    ("asked", "grade"),
    [
        (leaf("core", "CS 600", 1), "D"),
        (leaf("core", "CS 600", 1, min_grade="B"), "B"),
        (leaf("core", "CS 601", 1), None),
        (replace(leaf("core", "CS 600", 1), from_=_graded(Compare.AT_LEAST, "C")), "C"),
        (replace(leaf("core", "CS 600", 1), from_=_graded(Compare.LESS, "C")), "D"),
        (replace(leaf("core", "CS 600", 1), from_=_graded(Compare.LESS, "F")), None),
    ],
)
def test_it_is_the_least_letter_that_the_leaf_takes(asked: Fill, grade: str | None) -> None:
    attempt = taken("CS 600", grade="F", status=AttemptStatus.FAILED)
    found = run_audit(degree(asked), record(attempt), TODAY, {})
    assert least_grade(found, attempt, asked) == grade
    setting = found.setting
    letters = [
        one.name
        for one in found.resolved.scale.grades
        if one.earns
        and one.points is not None
        and admits(
            asked,
            setting.use(
                replace(as_planned(found, attempt), grade=one.name, status=AttemptStatus.PASSED)
            ),
            setting,
        )
    ]
    assert (letters[-1] if letters else None) == grade
