"""Attempts bound to a school: what it knows is taken, what it does not know is told."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction

import pytest
from sample_school import program, school

from prospectus.app.record_binding import RecordBinder
from prospectus.catalogs.record_parts import AttemptLine
from prospectus.domain.course import CourseCode, Grade, GradeScale
from prospectus.domain.program import School
from prospectus.domain.record import Attempt, AttemptStatus, Basis, CreditSource

TODAY = dt.date(2026, 10, 1)


def here() -> School:
    """Return the sample school with a course of 1 to 3 credits, and the mark W."""
    plain = school()
    variable = replace(plain.courses[2], credits_low=Fraction(1))
    scale = GradeScale(
        grades=(*plain.grades.grades, Grade(name="W", earns=False, in_mean=False)), usual="B"
    )
    return replace(plain, courses=(*plain.courses[:2], variable), grades=scale)


def bind(**fields: object) -> Attempt | tuple[str, ...]:
    """Return the attempt, or the codes and fields of the complaints."""
    course = CourseCode(str(fields.pop("course", "AB 100")))
    line = replace(AttemptLine(course=course), **fields)  # type: ignore[arg-type]
    bound = RecordBinder(program(), here(), TODAY).bind(line)
    if isinstance(bound, Attempt):
        return bound
    assert all(one.what and one.fix for one in bound)
    return tuple(f"{one.code} {one.field}" for one in bound)


def bound(**fields: object) -> Attempt:
    found = bind(**fields)
    assert isinstance(found, Attempt), found
    return found


def test_credits_and_periods_are_the_catalogue_s() -> None:
    one = bound(periods=("fall  2025",), grade="A")
    assert (one.credits, one.periods, one.status) == (3, ("Fall 2025",), AttemptStatus.PASSED)
    assert one.id == "AB 100, Fall 2025"
    assert bound(periods=("2025 Fall",)).periods == ("Fall 2025",)


def test_a_course_is_known_by_its_old_name() -> None:
    assert bound(course="AB 099").course == "AB 100"


def test_courses_that_rules_name_need_no_place_in_the_catalogue() -> None:
    assert bound(course="XY 100").course == "XY 100"


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"grade": "B"}, AttemptStatus.PASSED),
        ({"grade": "F"}, AttemptStatus.FAILED),
        ({"grade": "W"}, AttemptStatus.WITHDRAWN),
        ({"grade": "I"}, AttemptStatus.INCOMPLETE),
        ({}, AttemptStatus.PASSED),
        ({"periods": ("Spring 2026",)}, AttemptStatus.PASSED),
        ({"periods": ("Fall 2026",)}, AttemptStatus.IN_PROGRESS),
        ({"periods": ("Spring 2027",)}, AttemptStatus.REGISTERED),
    ],
)
def test_a_status_that_is_not_said_follows(
    fields: dict[str, object], status: AttemptStatus
) -> None:
    assert bound(**fields).status is status


def test_a_mark_beside_its_status_is_no_grade() -> None:
    assert bound(status=AttemptStatus.INCOMPLETE, grade="IP").grade is None
    assert bound(status=AttemptStatus.WITHDRAWN, grade="W").grade == "W"


def test_credit_from_elsewhere_brings_its_own_credits() -> None:
    one = bound(course="ZZ 500", source=CreditSource.TRANSFER, credits=Fraction(8, 3))
    assert (one.credits, one.source) == (Fraction(8, 3), CreditSource.TRANSFER)
    assert bound(source=CreditSource.TRANSFER, credits=Fraction(5)).credits == 5
    assert bound(source=CreditSource.WAIVER).credits == 0


@pytest.mark.parametrize(
    ("fields", "complaints"),
    [
        ({"course": "AB 101"}, ("REC-040 course",)),
        ({"course": "ZZ 1000", "source": CreditSource.WAIVER}, ("REC-040 course",)),
        ({"course": "ZZ 1000", "source": CreditSource.EXAM}, ("REC-043 credits",)),
        ({"periods": ("Fall 2025", "Fal 2025", "2025")}, ("REC-041 term", "REC-041 term")),
        ({"grade": "A+"}, ("REC-042 grade",)),
        ({"expected_grade": "E"}, ("REC-042 expected_grade",)),
        ({"credits": Fraction(4)}, ("REC-043 credits",)),
        ({"credits": Fraction(0)}, ("REC-043 credits",)),
        ({"course": "AB 300"}, ("REC-043 credits",)),
        ({"course": "AB 300", "credits": Fraction(7, 2)}, ("REC-043 credits",)),
        ({"status": AttemptStatus.PASSED, "grade": "F"}, ("REC-045 status",)),
        ({"status": AttemptStatus.FAILED, "grade": "A"}, ("REC-045 status",)),
        ({"status": AttemptStatus.PLANNED, "grade": "A"}, ("REC-045 grade",)),
        ({"status": AttemptStatus.WITHDRAWN, "grade": "A"}, ("REC-045 grade",)),
        ({"status": AttemptStatus.INCOMPLETE, "grade": "F"}, ("REC-045 grade",)),
        ({"grade": "A", "periods": ("Spring 2027",)}, ("REC-046 term",)),
        (
            {"course": "AB 101", "periods": ("Fall 3000",), "grade": "E"},
            ("REC-040 course", "REC-041 term", "REC-042 grade"),
        ),
    ],
)
def test_what_cannot_be_is_told(fields: dict[str, object], complaints: tuple[str, ...]) -> None:
    assert bind(**fields) == complaints


@pytest.mark.parametrize(
    "fields",
    [
        {"credits": Fraction(0), "status": AttemptStatus.WITHDRAWN},
        {"credits": Fraction(0), "grade": "F"},
        {"credits": Fraction(0), "basis": Basis.AUDIT, "grade": "F"},
        {"course": "AB 300", "credits": Fraction(2)},
    ],
)
def test_what_can_be_is_let_pass(fields: dict[str, object]) -> None:
    assert bound(**fields).credits == fields["credits"]


def test_grades_are_read_in_any_case() -> None:
    assert bound(periods=("Fall 2025",), grade="a").grade == "A"
    assert bound(periods=("Fall 2025",), grade="w").status is AttemptStatus.WITHDRAWN
    assert bound(periods=("Fall 2026",), expected_grade="b").expected_grade == "B"


def test_what_is_passed_without_a_grade_has_the_only_one_that_earns_credit() -> None:
    scale = GradeScale(grades=(Grade(name="Pass", earns=True), Grade(name="No", earns=False)))
    binder = RecordBinder(program(), replace(here(), grades=scale), TODAY)
    line = AttemptLine(course=CourseCode("AB 100"), status=AttemptStatus.PASSED)
    one = binder.bind(line)
    assert isinstance(one, Attempt)
    assert one.grade == "Pass"
    elsewhere = binder.bind(
        replace(line, source=CreditSource.TRANSFER, credits=Fraction(3), school="There")
    )
    assert isinstance(elsewhere, Attempt)
    assert elsewhere.grade is None
    assert bound(status=AttemptStatus.PASSED).grade is None
