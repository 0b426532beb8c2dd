"""An ELMO transcript as a record of one programme: what is home, what comes from elsewhere."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from prospectus.app.record_binding import RecordBinder
from prospectus.app.record_elsewhere import own_id
from prospectus.catalogs.record_parts import AttemptLine, RecordFile, RecordForm, RecordLine
from prospectus.domain.course import CourseCode, parse_code
from prospectus.domain.errors import DomainError, Fault, Place, Severity, StudentError
from prospectus.domain.period import Calendar
from prospectus.domain.printer import print_number
from prospectus.domain.program import Program
from prospectus.domain.record import AttemptStatus, CreditSource
from prospectus.exchange.elmo import ECTS, ElmoCourse, ElmoReport, read_elmo


def read_elmo_record(path: Path, program: Program, binder: RecordBinder) -> RecordFile:
    """Return the record that an ELMO file gives for a programme.

    A report of the programme's own school is home; what others report is credit from elsewhere.
    What such a course stands for here, and what its grade is worth, is the school's to say: it
    has an id of its own and no grade.

    Raises
    ------
    StudentError
        With all faults of the file.
    """
    transcript = read_elmo(path)
    reading = _Reading(str(path), program, binder)
    lines = [
        line for report in transcript.reports for line in reading.lines(report, transcript.name)
    ]
    if reading.faults:
        raise StudentError(faults=reading.faults)
    return RecordFile(
        file=str(path),
        form=RecordForm.ELMO,
        lines=tuple(lines),
        name=transcript.name,
        notes=tuple(reading.notes),
    )


class _Reading:
    """Turns the reports of one file into lines, noting what cannot be carried over."""

    def __init__(self, file: str, program: Program, binder: RecordBinder) -> None:
        self.faults: list[Fault] = []
        self.notes: list[Fault] = []
        self._file = file
        self._unit = program.credit_unit.casefold()
        self._binder = binder
        self._own_ids: Counter[CourseCode] = Counter()

    def lines(self, report: ElmoReport, student: str) -> Iterator[RecordLine]:
        """Yield the attempts of a report."""
        school = self._binder.school
        is_home = bool(report.issuer & {school.name.casefold(), school.id.casefold()})
        if not is_home and report.courses:
            self._note(
                "REC-037",
                report.line,
                f"'{report.title}' is not {school.name}: its courses are read as credit from "
                "elsewhere, without their grades",
                "where the school has said for which of its courses they stand, write a record "
                "with `source: transfer`",
            )
        for course in report.courses:
            line = self._home(course) if is_home else self._elsewhere(course, report)
            if line is not None:
                yield RecordLine(course.line, student, line)

    def _home(self, course: ElmoCourse) -> AttemptLine | None:
        known = [code for code in course.codes if self._binder.is_known(code)]
        code = next(iter((*known, *course.codes)), None)
        if code is None:
            self.faults.append(
                Fault(
                    code="REC-038",
                    what=f"no identifier of '{course.title}' is a course code",
                    fix='add one, such as <identifier type="local">CS 7641</identifier>',
                    at=Place(file=self._file, line=course.line, field="identifier"),
                )
            )
            return None
        return AttemptLine(
            course=code,
            status=course.status,
            periods=self._periods(course),
            grade=course.grade,
            credits=self._home_credits(course),
            ended=course.end,
        )

    def _elsewhere(self, course: ElmoCourse, report: ElmoReport) -> AttemptLine | None:
        credits = self._credits(course)
        if credits is None:
            given = ", ".join(f"{print_number(value)} {name}" for name, value in course.credits)
            self._note(
                "REC-036",
                course.line,
                f"'{course.title}' brings {given or 'no stated credits'}; the programme counts in "
                f"{self._unit}s and states no rule of conversion, so it is left out",
                "write it into a record with `source: transfer` and the credits that the school "
                "grants",
            )
            return None
        return AttemptLine(
            course=self._own_id(course, report),
            status=course.status,
            source=CreditSource.TRANSFER,
            credits=credits,
            school=report.title or None,
            ended=course.end if course.status is not AttemptStatus.IN_PROGRESS else None,
        )

    def _credits(self, course: ElmoCourse) -> Fraction | None:
        """Return the credits in the programme's own unit; None where the file gives none."""
        own = (ECTS,) if ECTS in self._unit else (self._unit, f"{self._unit}s")
        return next((value for name, value in course.credits if name in own), None)

    def _home_credits(self, course: ElmoCourse) -> Fraction | None:
        """Return the credits that the own school reports, in whichever words it names its unit."""
        others = [value for name, value in course.credits if name != ECTS]
        found = self._credits(course)
        return others[0] if found is None and len(others) == 1 else found

    def _own_id(self, course: ElmoCourse, report: ElmoReport) -> CourseCode:
        """Return the code that an identifier gives under this school's name, else an own id."""
        school = self._binder.school
        for kind, text in course.identifiers:
            if kind.casefold() in (school.id.casefold(), school.name.casefold()):
                try:
                    return parse_code(text)
                except DomainError:
                    continue
        local = dict(reversed(course.identifiers)).get("local") or course.title
        code = own_id(report.title, local)
        self._own_ids[code] += 1
        n = self._own_ids[code]
        return code if n == 1 else CourseCode(f"{code}-{n}")

    def _periods(self, course: ElmoCourse) -> tuple[str, ...]:
        calendar = self._binder.calendar
        names = {period.id.lower() for period in (*calendar.terms, *calendar.leaves)}
        if course.term.lower() in names:
            return (course.term,)
        by_days = _period_of(calendar, course.start, course.end)
        if by_days is not None:
            return (by_days,)
        return (course.term,) if course.term else ()

    def _note(self, code: str, line: int, what: str, fix: str) -> None:
        at = Place(file=self._file, line=line)
        self.notes.append(Fault(code=code, what=what, fix=fix, at=at, severity=Severity.WARNING))


def _period_of(calendar: Calendar, start: dt.date | None, end: dt.date | None) -> str | None:
    """Return the term or leaf period that these days fit best; None where none fits, or several.

    A fit is the days shared over the days of either; it must be more than half.
    """
    if start is None or end is None or end < start:
        return None
    fits: dict[str, Fraction] = {}
    for period in (*calendar.terms, *calendar.leaves):
        shared = (min(end, period.end) - max(start, period.start)).days + 1
        either = (max(end, period.end) - min(start, period.start)).days + 1
        fits[str(period.id)] = Fraction(max(shared, 0), either)
    best = max(fits.values(), default=Fraction(0))
    found = [name for name, fit in fits.items() if fit == best]
    return found[0] if len(found) == 1 and 2 * best > 1 else None
