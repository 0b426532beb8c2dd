"""An ELMO transcript as a record of one programme: what is home, what comes from elsewhere."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path

from prospectus.app.record_binding import RecordBinder
from prospectus.app.record_conversion import Converted, credit_words, credits_here
from prospectus.app.record_elsewhere import own_id
from prospectus.catalogs.record_parts import AttemptLine, RecordFile, RecordForm, RecordLine
from prospectus.domain.conversion import ECTS, unit_of
from prospectus.domain.course import CourseCode, parse_code
from prospectus.domain.errors import DomainError, Fault, Place, Severity
from prospectus.domain.period import Calendar
from prospectus.domain.program import Program
from prospectus.domain.record import AttemptStatus, CreditSource
from prospectus.exchange.elmo import ElmoCourse, ElmoReport, read_elmo

# Results elsewhere that are no pass, whatever the scale.
_FAILURES = ("f", "fail", "failed", "not passed", "no pass", "unsatisfactory")


def read_elmo_record(
    path: Path, program: Program, binder: RecordBinder, today: dt.date
) -> RecordFile:
    """Return the record that an ELMO file gives for a programme.

    A report of the programme's own school is home; what others report is credit from elsewhere.
    What such a course stands for here, and what its grade is worth, is the school's to say: it
    has an id of its own and no grade.

    Raises
    ------
    StudentError
        When the file cannot be read; other faults stand in what is returned.
    """
    transcript = read_elmo(path)
    reading = _Reading(str(path), program, binder, today)
    lines = [
        line for report in transcript.reports for line in reading.lines(report, transcript.name)
    ]
    return RecordFile(
        file=str(path),
        form=RecordForm.ELMO,
        lines=tuple(lines),
        name=transcript.name,
        notes=(*transcript.notes, *reading.notes),
        faults=(*transcript.faults, *reading.faults),
    )


class _Reading:
    """Turns the reports of one file into lines, noting what cannot be carried over."""

    def __init__(self, file: str, program: Program, binder: RecordBinder, today: dt.date) -> None:
        self.faults: list[Fault] = []
        self.notes: list[Fault] = []
        self._file = file
        self._program = program
        self._binder = binder
        self._today = today
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
            self._fault(
                "REC-038",
                course.line,
                "identifier",
                f"no identifier of '{_short(course.title)}' is a course code",
                'add one, such as <identifier type="local">CS 7641</identifier>',
            )
            return None
        periods = self._periods(course)
        status = course.status
        if status is None and course.grade is None:
            status = self._status(course, *self._days(course, periods))
        return AttemptLine(
            course=code,
            status=status,
            periods=periods,
            grade=course.grade,
            credits=self._home_credits(course),
            ended=course.end,
        )

    def _elsewhere(self, course: ElmoCourse, report: ElmoReport) -> AttemptLine | None:
        at = Place(file=self._file, line=course.line, field="credit")
        title = f"'{_short(course.title)}'"
        found = credits_here(self._program, course.credits, title, at)
        if found is None and course.status is AttemptStatus.FAILED:
            found = Converted(credits=Fraction(0))
        if found is None:
            unit = self._program.credit_unit.removesuffix("s")
            self._note(
                "REC-036",
                course.line,
                f"{title} brings {_listed(course.credits) or 'no stated credits'}; the programme "
                f"counts in {unit}s and states no rule of conversion, so it is left out",
                "write it into a record with `source: transfer` and the credits that the school "
                "grants",
            )
            return None
        status = self._status(course, course.start, course.end)
        if found.note is not None:
            self.notes.append(found.note)
        is_over = status in (AttemptStatus.PASSED, AttemptStatus.FAILED)
        return AttemptLine(
            course=self._own_id(course, report),
            status=status,
            source=CreditSource.TRANSFER,
            credits=found.credits,
            school=report.title or None,
            title=course.title,
            ended=course.end if is_over else None,
        )

    def _status(
        self, course: ElmoCourse, start: dt.date | None, end: dt.date | None
    ) -> AttemptStatus:
        """Return the status; where nothing tells it, note a fault, and read on.

        Where the file says none, the days tell of a course that is not over. Of one that is, the
        schema lets readers assume that it was passed; that is done only where it brings credits,
        which the schema has for those that were earned, and told.
        """
        if course.status is not None:
            return course.status
        if start is not None and self._today < start:
            return AttemptStatus.REGISTERED
        if end is not None and self._today <= end:
            return AttemptStatus.IN_PROGRESS
        has_failed = course.grade is not None and self._is_failing(course.grade)
        result = "no result" if course.grade is None else f"the result '{_short(course.grade)}'"
        title = f"'{_short(course.title)}'"
        earned = tuple(pair for pair in course.credits if pair[1] > 0)
        if earned and not has_failed:
            self._note(
                "REC-054",
                course.line,
                f"{title} has no status and {result}: it is read as passed, since it brings "
                f"{_listed(earned)}",
                "where it was not passed, write <status>failed</status> or "
                "<status>in-progress</status> into it",
            )
            return AttemptStatus.PASSED
        last = course.end or end
        when = "does not say when it ended" if last is None else f"ended on {last}"
        self._fault(
            "REC-053",
            course.line,
            "status",
            f"whether {title} was passed is not said: it {when}, and has {result} and no status",
            "write <status>passed</status>, <status>failed</status> or "
            "<status>in-progress</status> before its <resultLabel> and <credit>",
        )
        return AttemptStatus.INCOMPLETE

    def _is_failing(self, result: str) -> bool:
        """Return whether a result elsewhere is a word for failure, or a grade that fails here."""
        grade = self._binder.school.grades.get(result)
        return result.casefold() in _FAILURES or (grade is not None and not grade.earns)

    def _days(
        self, course: ElmoCourse, periods: tuple[str, ...]
    ) -> tuple[dt.date | None, dt.date | None]:
        """Return the first day of a course here, and the day by which its grade must be known."""
        found = self._binder.days(periods)
        return (course.start, course.end) if found is None else found

    def _home_credits(self, course: ElmoCourse) -> Fraction | None:
        """Return the credits that the own school reports, in whichever words it names its unit."""
        own = unit_of(self._program.credit_unit)
        found = [value for name, value in course.credits if unit_of(name) == own]
        others = [value for name, value in course.credits if unit_of(name) != ECTS]
        return next(iter(found or (others if len(others) == 1 else ())), None)

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

    def _fault(self, code: str, line: int, field: str, what: str, fix: str) -> None:
        at = Place(file=self._file, line=line, field=field)
        self.faults.append(Fault(code=code, what=what, fix=fix, at=at))

    def _note(self, code: str, line: int, what: str, fix: str) -> None:
        at = Place(file=self._file, line=line)
        self.notes.append(Fault(code=code, what=what, fix=fix, at=at, severity=Severity.WARNING))


def _listed(credits: Iterable[tuple[str, Fraction]]) -> str:
    return ", ".join(credit_words(value, unit) for unit, value in credits)


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:60]}..."


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
