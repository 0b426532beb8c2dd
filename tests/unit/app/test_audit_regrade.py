"""Another grade for a course on record: how it is written, and what it makes of the record."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from tests.degrees import (
    TODAY,
    degree,
    leaf,
    program,
    record,
    running,
    school_of,
    taken,
    transfer,
)

from prospectus.app.audit_record import Subject
from prospectus.app.audit_regrade import parse_grades, with_grades
from prospectus.domain.errors import UsageError
from prospectus.domain.record import Attempt, AttemptStatus
from prospectus.domain.student import Person

FREE = leaf("free", "any", credits=6)


def _regraded(attempts: Sequence[Attempt], *grades: tuple[str, str]) -> tuple[Subject, list[str]]:
    subject = Subject(
        program=program(FREE),
        school=school_of(),
        record=record(*attempts),
        choices={},
        person=Person(),
    )
    found, told = with_grades(subject, grades, degree(FREE), TODAY)
    return found, list(told)


def test_grades_are_written_after_their_course() -> None:
    assert parse_grades(["CS 600=B", "MATH 500 = A"]) == (("CS 600", "B"), ("MATH 500", "A"))


@pytest.mark.parametrize("text", ["CS 600", "CS 600=", "=B"])
def test_a_grade_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="USE-015"):
        parse_grades([text])


def test_a_course_gets_the_grade_and_the_standing_that_goes_with_it() -> None:
    found, told = _regraded([taken("CS 600", "C"), taken("CS 610", "B")], ("cs600", "F"))
    one, other = found.record.attempts
    assert (one.grade, one.status) == ("F", AttemptStatus.FAILED)
    assert (other.grade, other.status) == ("B", AttemptStatus.PASSED)
    assert told == ["CS 600 with F instead of C"]


def test_of_a_course_taken_twice_the_last_attempt_is_meant() -> None:
    twice = [taken("CS 600", "C", "Spring 2026"), taken("CS 600", "D", "Fall 2025", id="old")]
    found, _ = _regraded(twice, ("CS 600", "A"))
    assert [one.grade for one in found.record.attempts] == ["A", "D"]


@pytest.mark.parametrize(
    ("text", "grade"), [("CS 600", "Z"), ("CS 610", "A"), ("CS 620", "A"), ("nonsense", "A")]
)
def test_what_is_not_on_record_with_a_grade_is_refused(text: str, grade: str) -> None:
    with pytest.raises(UsageError, match="USE-016"):
        _regraded([taken("CS 600", "C"), transfer("CS 610")], (text, grade))


@pytest.mark.parametrize(
    ("grade", "status"), [("A", AttemptStatus.PASSED), ("F", AttemptStatus.FAILED)]
)
def test_a_course_under_way_may_be_given_its_final_grade(grade: str, status: AttemptStatus) -> None:
    found, told = _regraded([running("CS 600")], ("CS 600", grade))
    (one,) = found.record.attempts
    assert (one.grade, one.status) == (grade, status)
    assert told == [f"CS 600, now in progress, ends with {grade}"]
