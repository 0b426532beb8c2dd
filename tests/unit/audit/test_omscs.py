"""What the audit says of records at one bundled programme, and how order and surplus fall out."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.degrees import TODAY

from prospectus.app.library import open_library
from prospectus.audit import AuditResult, audit
from prospectus.audit.result import Reason
from prospectus.domain.course import CourseCode
from prospectus.domain.meaning import judge, resolve
from prospectus.domain.program import Resolved
from prospectus.domain.record import Attempt, AttemptStatus, CreditSource, Record
from prospectus.domain.student import Person


@pytest.fixture(scope="module")
def rules() -> Resolved:
    library = open_library()
    program = library.program("gatech-omscs", library.years("gatech-omscs")[-1])
    school = library.school(program)
    return resolve(program, school, Person(), (), library.assumptions_of(program))[0]


def taken(rules: Resolved, code: str, **more: object) -> Attempt:
    fields: dict[str, object] = {
        "id": code,
        "course": CourseCode(code),
        "credits": rules.courses[CourseCode(code)].credits_low,
        "status": AttemptStatus.PASSED,
        "grade": "A",
        "periods": ("Fall 2025",),
    }
    return Attempt(**{**fields, **more})  # type: ignore[arg-type]


def audited(rules: Resolved, track: str, *attempts: Attempt) -> AuditResult:
    record = Record(matriculation=dt.date(2023, 8, 1), attempts=attempts)
    result = audit(rules, record, TODAY, choices={"specialization": track})
    assert result.is_proven
    assert judge(rules, record, result.witness, TODAY).is_valid
    return result


def leaf_of(result: AuditResult, attempt: str) -> set[str]:
    return {place.leaf for place in result.witness.placements if place.attempt == attempt}


def test_of_two_core_courses_of_perception_the_second_fills_no_elective_of_it(
    rules: Resolved,
) -> None:
    result = audited(rules, "cpr", taken(rules, "CS 6601"), taken(rules, "CS 7641"))
    assert "cpr-core" in leaf_of(result, "CS 6601")
    assert "cpr-elective" not in leaf_of(result, "CS 7641")
    assert "free" in leaf_of(result, "CS 7641")


def test_a_seminar_earns_no_credit_towards_the_degree(rules: Resolved) -> None:
    result = audited(rules, "ai", taken(rules, "CS 8001"))
    assert [item.reason for item in result.unused] == [Reason.NO_CREDIT]
    assert result.credits_left == 30


def test_at_most_six_credits_from_outside_count(rules: Resolved) -> None:
    outside = [
        code
        for code, item in rules.courses.items()
        if item.counts_credit and not code.startswith(("CS ", "CSE ")) and item.credits_low == 3
    ][:3]
    assert len(outside) == 3
    attempts = [taken(rules, code, source=CreditSource.HOME) for code in outside]
    result = audited(rules, "ml", *attempts)
    assert result.credits_left == 24
    [left_out] = result.unused
    assert (left_out.reason, left_out.node) == (Reason.CAP, "outside-cap")
