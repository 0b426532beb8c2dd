"""Attempts as one school knows them: its courses, its calendar, its grades."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from prospectus.app.nearest import nearest
from prospectus.app.nearest_period import nearest_period
from prospectus.catalogs.record_parts import AttemptLine
from prospectus.domain.course import Course, CourseCode
from prospectus.domain.meaning.names import Names
from prospectus.domain.printer import print_number
from prospectus.domain.program import Program, School
from prospectus.domain.record import Attempt, AttemptStatus, Basis, CreditSource

_SETTLED = (AttemptStatus.PASSED, AttemptStatus.FAILED)
# What has no grade of the scale: a mark such as W or I says no more than the status does.
_UNGRADED = (AttemptStatus.WITHDRAWN, AttemptStatus.INCOMPLETE)
# The marks that registrars write into the column of grades.
_MARKS = {"W": AttemptStatus.WITHDRAWN, "I": AttemptStatus.INCOMPLETE}
_MOST_KEPT = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """What is wrong with one field of an attempt."""

    code: str
    field: str
    what: str
    fix: str


class RecordBinder:
    """Binds attempts to a school and the calendar of a programme; reads these once."""

    def __init__(self, program: Program, school: School, today: dt.date) -> None:
        self.school = school
        self.calendar = dict(school.calendars)[program.calendar]
        self._today = today
        self._courses = {course.code: course for course in school.courses}
        self._names = Names(school)
        self._grade_names = {grade.name for grade in school.grades.grades} | set(_MARKS)
        earning = [grade.name for grade in school.grades.grades if grade.earns]
        self._only_pass = earning[0] if len(earning) == 1 else None
        self._leaves: dict[str, set[int]] = {}
        for index, leaf in enumerate(self.calendar.leaves):
            for name in {leaf.id, leaf.term, f"{leaf.year} {leaf.season}"}:
                self._leaves.setdefault(name.lower(), set()).add(index)
        self._known_periods: dict[tuple[str, ...], tuple[tuple[int, ...], list[str]]] = {}

    def bind(self, line: AttemptLine) -> Attempt | tuple[Complaint, ...]:
        """Return the attempt at this school, or everything that is wrong with it."""
        line = self._spelled(line)
        leaves, unknown = self._periods(line)
        day = self.calendar.leaves[leaves[-1]].end if leaves else line.ended
        course = self.course(line.course, line.topic, day)
        status = self._status(line, leaves)
        complaints = (
            *self._course_complaints(line, course),
            *(
                Complaint(
                    code="REC-041",
                    field="term",
                    what=f"the calendar of {self.school.name} has no period '{name}'",
                    fix=nearest_period(name, self.calendar),
                )
                for name in unknown
            ),
            *self._grade_complaints(line, status),
            *self._credit_complaints(line, course, status),
            *self._time_complaints(line, status, leaves),
        )
        if complaints:
            return complaints
        code = line.course if course is None else course.code
        periods = tuple(str(self.calendar.leaves[index].id) for index in leaves)
        return Attempt(
            id=_id(code, line, periods),
            course=code,
            credits=self._credits(line, course),
            status=status,
            topic=line.topic,
            periods=periods,
            grade=self._grade(line, status),
            expected_grade=line.expected_grade,
            basis=line.basis,
            source=line.source,
            counted_in=line.counted_in,
            instructor=line.instructor,
            delivery=line.delivery,
            campus=line.campus,
            school=line.school,
            ended=line.ended,
            title=line.title,
        )

    def course(
        self, code: CourseCode, topic: str | None = None, day: dt.date | None = None
    ) -> Course | None:
        """Return the course of the catalogue that a code names, under any of its names."""
        if code in self._courses:
            return self._courses[code]
        names = self._names.numbers(code, topic, day) | self._names.all_names(code, topic, day)
        found = sorted(name for name in names if name in self._courses)
        return self._courses[CourseCode(found[0])] if found else None

    def is_known(self, code: CourseCode) -> bool:
        """Return whether the school has a course, or its rules name it."""
        return code in self.school.external or self.course(code) is not None

    def nearest_course(self, code: CourseCode, otherwise: str) -> str:
        """Return how to mend a course that the school does not have."""
        return nearest(code, self._courses, otherwise)

    def days(self, periods: tuple[str, ...]) -> tuple[dt.date, dt.date] | None:
        """Return the first day of periods and the day by which their grades are known.

        None where the calendar has none of them.
        """
        found = sorted(
            index
            for name in periods
            for index in self._leaves.get(" ".join(name.split()).lower(), ())
        )
        if not found:
            return None
        return self.calendar.leaves[found[0]].start, self.calendar.leaves[found[-1]].grades_known

    def _periods(self, line: AttemptLine) -> tuple[tuple[int, ...], list[str]]:
        """Return the leaf periods of a line in time order, and the names no calendar has."""
        known = self._known_periods.get(line.periods)
        if known is not None:
            return known
        found: set[int] = set()
        unknown = []
        for name in line.periods:
            here = self._leaves.get(" ".join(name.split()).lower())
            if here is None:
                unknown.append(name)
            else:
                found |= here
        both = tuple(sorted(found)), unknown
        if not unknown and len(self._known_periods) < _MOST_KEPT:
            self._known_periods[line.periods] = both
        return both

    def _spelled(self, line: AttemptLine) -> AttemptLine:
        """Return a line with its grades in the letters of the scale: `a` is meant as `A`."""
        grade, expected = self._grade_named(line.grade), self._grade_named(line.expected_grade)
        if (grade, expected) == (line.grade, line.expected_grade):
            return line
        return replace(line, grade=grade, expected_grade=expected)

    def _grade_named(self, name: str | None) -> str | None:
        if name is None or name in self._grade_names:
            return name
        found = [one for one in self._grade_names if one.casefold() == name.casefold()]
        return found[0] if len(found) == 1 else name

    def _status(self, line: AttemptLine, leaves: tuple[int, ...]) -> AttemptStatus:
        """Return the status; one that is not said follows from the grade, else from the period."""
        if line.status is not None:
            return line.status
        if line.grade in _MARKS:
            return _MARKS[line.grade]
        grade = None if line.grade is None else self.school.grades.get(line.grade)
        if grade is not None and line.basis is not Basis.AUDIT:
            return AttemptStatus.PASSED if grade.earns else AttemptStatus.FAILED
        if leaves and self._today < self.calendar.leaves[leaves[0]].start:
            return AttemptStatus.REGISTERED
        if leaves and self._today <= self.calendar.leaves[leaves[-1]].end:
            return AttemptStatus.IN_PROGRESS
        return AttemptStatus.PASSED

    def _credits(self, line: AttemptLine, course: Course | None) -> Fraction:
        if line.credits is not None:
            return line.credits
        is_waiver = line.source is CreditSource.WAIVER
        return Fraction(0) if course is None or is_waiver else course.credits_low

    def _grade(self, line: AttemptLine, status: AttemptStatus) -> str | None:
        is_mark = line.grade is not None and self.school.grades.rank(line.grade) is None
        if line.grade is None and status is AttemptStatus.PASSED and not _is_elsewhere(line):
            return self._only_pass
        return None if is_mark and status in _UNGRADED else line.grade

    def _course_complaints(self, line: AttemptLine, course: Course | None) -> Iterator[Complaint]:
        if course is not None or line.course in self.school.external:
            return
        if line.source in (CreditSource.HOME, CreditSource.WAIVER):
            yield Complaint(
                code="REC-040",
                field="course",
                what=f"{self.school.name} has no course {line.course}",
                fix=self.nearest_course(
                    line.course, "correct the code, or add `source: transfer` and `credits:`"
                ),
            )

    def _credit_complaints(
        self, line: AttemptLine, course: Course | None, status: AttemptStatus
    ) -> Iterator[Complaint]:
        if line.source is CreditSource.WAIVER:
            return
        if line.credits is None:
            if course is None and line.source is not CreditSource.HOME:
                what = f"nothing says how many credits {line.course} brings"
                yield _credits(what, "give the credits that the school grants for it")
            elif course is not None and course.credits_low != course.credits_high:
                what = f"{course.code} has {_range(course)} credits, and the line does not say"
                yield _credits(what, "give the credits that were taken")
            return
        earns_none = status not in (AttemptStatus.WITHDRAWN, *_SETTLED[1:], *_UNGRADED)
        if (
            course is not None
            and line.source in (CreditSource.HOME, CreditSource.NON_DEGREE)
            and not course.credits_low <= line.credits <= course.credits_high
            and (line.credits != 0 or (earns_none and line.basis is not Basis.AUDIT))
        ):
            yield _credits(
                f"{line.course} has {_range(course)} credits here, the line says "
                f"{print_number(line.credits)}",
                "correct one of the two, or leave the credits out",
            )

    def _grade_complaints(self, line: AttemptLine, status: AttemptStatus) -> Iterator[Complaint]:
        scale = self.school.grades
        for field, name in (("grade", line.grade), ("expected_grade", line.expected_grade)):
            is_mark = field == "grade" and status in _UNGRADED
            if name is None or scale.rank(name) is not None or is_mark:
                continue
            fix = "write one of " + ", ".join(grade.name for grade in scale.grades)
            if line.source is not CreditSource.HOME:
                fix += "; or leave it out: credit from elsewhere needs none"
            elif field == "grade":
                fix += "; a mark such as W or I is a `status`"
            yield Complaint(
                code="REC-042",
                field=field,
                what=f"{self.school.name} gives no grade '{name[:40]}'",
                fix=fix,
            )
        grade = None if line.grade is None else scale.get(line.grade)
        if grade is None or line.basis is Basis.AUDIT:
            return
        if status in _SETTLED and grade.earns != (status is AttemptStatus.PASSED):
            earns = "earns credit" if grade.earns else "earns none"
            yield Complaint(
                code="REC-045",
                field="status",
                what=f"{line.course} is {status.value}, and its grade {line.grade} {earns}",
                fix="correct one of the two, or leave the status out",
            )
        elif status in _UNGRADED and (grade.earns or (grade.in_mean and line.grade not in _MARKS)):
            yield Complaint(
                code="REC-045",
                field="grade",
                what=f"{line.course} is {_word(status)} and has the grade {line.grade}",
                fix="leave the grade out, or the status where the grade is what counts",
            )
        elif status not in (*_SETTLED, *_UNGRADED):
            yield Complaint(
                code="REC-045",
                field="grade",
                what=f"{line.course} is {_word(status)} and has a grade already",
                fix="write it as `expected_grade`, or say that the course is over",
            )

    def _time_complaints(
        self, line: AttemptLine, status: AttemptStatus, leaves: tuple[int, ...]
    ) -> Iterator[Complaint]:
        if not leaves or status not in _SETTLED:
            return
        start = self.calendar.leaves[leaves[-1]].start
        if start > self._today:
            yield Complaint(
                code="REC-046",
                field="term",
                what=f"{line.course} is {status.value} in {self.calendar.leaves[leaves[-1]].id}, "
                f"which begins on {start}",
                fix="correct the period, or write `registered` or `planned`",
            )


def _is_elsewhere(line: AttemptLine) -> bool:
    """Return whether no grade of this school is to be expected."""
    return line.source is not CreditSource.HOME or line.basis is Basis.AUDIT


def _credits(what: str, fix: str) -> Complaint:
    return Complaint(code="REC-043", field="credits", what=what, fix=fix)


def _range(course: Course) -> str:
    low, high = print_number(course.credits_low), print_number(course.credits_high)
    return low if low == high else f"{low} to {high}"


def _word(status: AttemptStatus) -> str:
    return status.value.replace("_", " ")


def _id(code: CourseCode, line: AttemptLine, periods: tuple[str, ...]) -> str:
    """Return a name of the attempt that does not depend on where it stands in the file."""
    source = "" if line.source is CreditSource.HOME else line.source.value.replace("_", " ")
    parts = (code, line.topic or "", " + ".join(periods), source)
    return ", ".join(part for part in parts if part)
