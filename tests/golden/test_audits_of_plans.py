"""Every plan on file audits as complete, and without any one of its courses as incomplete.

The courses are audited without periods: what is missing is counted without the calendar.
"""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from test_bundled_plans import CASES, GOLDEN, TODAY

from prospectus.app.audit_check import Audited, run_audit
from prospectus.domain.course import CourseCode
from prospectus.domain.plan import Standing
from prospectus.domain.record import Attempt, AttemptStatus


def attempts_of(name: str) -> tuple[Attempt, ...]:
    """Return the courses of a plan on file as planned attempts."""
    resolved, _ = CASES[name]
    courses = json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))["courses"]
    return tuple(
        Attempt(
            id=f"plan {place}: {code}",
            course=CourseCode(code),
            credits=resolved.courses[CourseCode(code)].credits_low,
            status=AttemptStatus.PLANNED,
        )
        for place, code in enumerate(courses)
    )


def audit_of(name: str, attempts: tuple[Attempt, ...]) -> Audited:
    resolved, student = CASES[name]
    record = replace(student.record, attempts=attempts)
    return run_audit(resolved, record, TODAY, dict(student.choices))


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_plan_audits_as_complete_and_needs_each_of_its_courses(name: str) -> None:
    attempts = attempts_of(name)
    whole = audit_of(name, attempts)
    assert whole.result.is_proven
    assert whole.result.credits_left == 0
    assert whole.result.unused == ()
    assert whole.verdict.degree >= Standing.PENDING
    for one in attempts:
        fewer = audit_of(name, tuple(other for other in attempts if other is not one))
        assert fewer.result.credits_left != 0, one.course
        assert fewer.verdict.degree is Standing.UNMET
