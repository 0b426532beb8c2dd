"""The finished courses of a student file as attempts at one school."""

from __future__ import annotations

from fractions import Fraction

from prospectus.app.nearest import nearest
from prospectus.catalogs.student_parts import FinishedCourse, StudentFile
from prospectus.domain.course import Course, CourseCode
from prospectus.domain.errors import Fault
from prospectus.domain.period import Calendar
from prospectus.domain.program import School
from prospectus.domain.record import Attempt, CreditSource


def finished_attempts(
    file: StudentFile, school: School, calendar: Calendar
) -> tuple[list[Attempt], list[Fault]]:
    """Return the finished courses as attempts, with what this school does not know of them."""
    courses = {course.code: course for course in school.courses}
    renamed = {rename.old: rename.new for rename in school.renames}
    attempts: list[Attempt] = []
    faults: list[Fault] = []
    for index, line in enumerate(file.finished):
        place = file.place(f"finished[{index}]")
        course = courses.get(line.course) or courses.get(
            CourseCode(renamed.get(line.course, line.course))
        )
        is_elsewhere = _is_elsewhere(line, school)
        if course is None and not is_elsewhere:
            faults.append(
                Fault(
                    code="STU-012",
                    what=f"{school.name} has no course {line.course}",
                    fix=nearest(
                        line.course,
                        list(courses),
                        "correct the code, or add `source: transfer` and `credits:`",
                    ),
                    on_page=nearest(
                        line.course,
                        list(courses),
                        "correct the code, or say that it is from elsewhere, with its credits",
                    ),
                    at=place,
                )
            )
        periods, unknown = _periods(line, calendar)
        faults += [
            Fault(
                code="STU-013",
                what=f"the calendar of {school.name} has no period '{name}'",
                fix=nearest(
                    name,
                    [term.id for term in calendar.terms] + [leaf.id for leaf in calendar.leaves],
                    "write season and year, such as Fall 2026",
                ),
                at=place,
            )
            for name in unknown
        ]
        for grade in (line.grade, line.expected_grade):
            if grade is not None and school.grades.rank(grade) is None:
                faults.append(
                    Fault(
                        code="STU-014",
                        what=f"{school.name} gives no grade '{grade}'",
                        fix="write one of " + ", ".join(g.name for g in school.grades.grades),
                        at=place,
                    )
                )
        if course is not None or is_elsewhere:
            attempts.append(_attempt(index, line, course, periods))
    return attempts, faults


def _is_elsewhere(line: FinishedCourse, school: School) -> bool:
    """Return whether a course need not be in the catalogue: brought along, or named by rules."""
    return (line.source is not CreditSource.HOME and line.credits is not None) or (
        line.course in school.external
    )


def _periods(line: FinishedCourse, calendar: Calendar) -> tuple[tuple[str, ...], list[str]]:
    """Return the leaf periods of a line in time order, and the names no calendar has."""
    by_name: dict[str, set[int]] = {}
    for index, leaf in enumerate(calendar.leaves):
        by_name.setdefault(leaf.id.lower(), set()).add(index)
        by_name.setdefault(leaf.term.lower(), set()).add(index)
    found: set[int] = set()
    unknown = []
    for name in line.periods:
        here = by_name.get(" ".join(name.split()).lower())
        if here is None:
            unknown.append(name)
        else:
            found |= here
    return tuple(str(calendar.leaves[index].id) for index in sorted(found)), unknown


def _attempt(
    index: int, line: FinishedCourse, course: Course | None, periods: tuple[str, ...]
) -> Attempt:
    is_waiver = line.source is CreditSource.WAIVER
    catalogue = course.credits_low if course is not None and not is_waiver else Fraction(0)
    credits = catalogue if line.credits is None else line.credits
    return Attempt(
        id=f"finished-{index + 1}",
        course=course.code if course is not None else line.course,
        credits=credits,
        status=line.status,
        topic=line.topic,
        periods=periods,
        grade=line.grade,
        expected_grade=line.expected_grade,
        basis=line.basis,
        source=line.source,
        counted_in=line.counted_in,
        school=line.school,
        ended=line.ended,
    )
