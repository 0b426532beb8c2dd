"""The setting in which a record is judged: where attempts lie in time, what names they have."""

from __future__ import annotations

import calendar as month_calendar
import datetime as dt
from dataclasses import dataclass, replace
from fractions import Fraction

from prospectus.domain.course import Course, CourseCode, parse_code
from prospectus.domain.errors import DomainError
from prospectus.domain.expression import And, Done, Or
from prospectus.domain.period import Period
from prospectus.domain.plan import Standing
from prospectus.domain.program import Resolved
from prospectus.domain.record import Attempt, AttemptStatus, CreditSource, Record

LONG_AGO = dt.date(1900, 1, 1)

_STANDING = {
    AttemptStatus.PASSED: Standing.MET,
    AttemptStatus.IN_PROGRESS: Standing.IN_PROGRESS,
    AttemptStatus.REGISTERED: Standing.IN_PROGRESS,
    AttemptStatus.PLANNED: Standing.PLANNED,
}


def add_months(day: dt.date, months: int) -> dt.date:
    """Return the same day so many months later (or earlier), cut to the month's last day."""
    total = day.year * 12 + day.month - 1 + months
    year, month = divmod(total, 12)
    last = month_calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, last))


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """An attempt that can earn credit; `hypothetical` ones come from a witness's completion."""

    attempt: Attempt
    course: Course | None
    names: frozenset[str]
    standing: Standing
    hypothetical: bool = False

    @property
    def id(self) -> str:
        """Return the attempt's id."""
        return self.attempt.id

    @property
    def credits(self) -> Fraction:
        """Return the credits as taken."""
        return self.attempt.credits

    @property
    def is_waiver(self) -> bool:
        """Return whether this is an exemption: it meets leaves and requisites, adds no credit."""
        return self.attempt.source is CreditSource.WAIVER


class Setting:
    """A resolved programme with one record, and the indexes that judging needs."""

    def __init__(self, resolved: Resolved, record: Record, today: dt.date) -> None:
        self.resolved = resolved
        self.record = record
        self.today = today
        self._place: dict[str, int] = {
            leaf.id: index for index, leaf in enumerate(resolved.calendar.leaves)
        }
        self._aliases = _aliases(resolved)
        self.composites = _composites(resolved)
        self.assumed_grades: set[tuple[str, str]] = set()

    # ------------------------------------------------------------------ time

    def leaves(self, attempt: Attempt) -> tuple[int, ...]:
        """Return the indexes of the leaf periods that an attempt occupies, ascending."""
        found: list[int] = []
        for period in attempt.periods:
            if period in self._place:
                found.append(self._place[period])
            else:
                found.extend(self.resolved.calendar.leaves_of(period))
        return tuple(sorted(set(found)))

    def _leaf(self, index: int) -> Period:
        return self.resolved.calendar.leaves[index]

    def start(self, attempt: Attempt) -> dt.date:
        """Return the first day; credit without periods lies before every period."""
        leaves = self.leaves(attempt)
        return self._leaf(leaves[0]).start if leaves else (attempt.ended or LONG_AGO)

    def end(self, attempt: Attempt, part: int | None = None) -> dt.date:
        """Return the last day, of the whole or of the 1-based part of a spanning course."""
        leaves = self.leaves(attempt)
        if not leaves:
            return attempt.ended or LONG_AGO
        if part is not None and part <= len(leaves):
            return self._leaf(leaves[part - 1]).end
        return max(self._leaf(index).end for index in leaves)

    def grades_known(self, attempt: Attempt) -> dt.date:
        """Return the day on which the grade is known by the calendar's grade date."""
        leaves = self.leaves(attempt)
        return self._leaf(leaves[-1]).grades_known if leaves else self.end(attempt)

    def terms(self, attempt: Attempt) -> tuple[int, ...]:
        """Return the indexes of the terms that an attempt lies in."""
        return tuple(sorted({self.resolved.calendar.term_of[i] for i in self.leaves(attempt)}))

    def matriculation(self) -> dt.date:
        """Return the first day of study: stated, or the start of the earliest dated attempt."""
        if self.record.matriculation is not None:
            return self.record.matriculation
        starts = [self.start(a) for a in self.record.attempts if self.leaves(a)]
        return min(starts, default=self.today)

    def matriculation_term(self) -> int:
        """Return the index of the first term: the one of the first leaf from matriculation on."""
        calendar = self.resolved.calendar
        leaf = min(calendar.first_leaf_from(self.matriculation()), len(calendar.leaves) - 1)
        return calendar.term_of[leaf]

    # ----------------------------------------------------------------- names

    def course(self, code: str) -> Course | None:
        """Return the catalogue course of a code, or of the name it has now."""
        found = self.resolved.courses.get(CourseCode(code))
        if found is not None:
            return found
        for name in self._aliases.get(code, frozenset()):
            if (found := self.resolved.courses.get(CourseCode(name))) is not None:
                return found
        return None

    def names(self, attempt: Attempt) -> frozenset[str]:
        """Return every code that the attempt answers to: renamed, cross-listed, equivalent."""
        names = {str(attempt.course)} | self._aliases.get(attempt.course, frozenset())
        for rename in self.resolved.school.renames:
            if rename.topic is not None and attempt.topic == rename.topic:
                old, new = _canonical(rename.old), _canonical(rename.new)
                if names & {old, new}:
                    names |= {old, new}
        return frozenset(names)

    def use(self, attempt: Attempt, *, hypothetical: bool = False) -> Use:
        """Return the attempt as a use."""
        return Use(
            attempt=attempt,
            course=self.course(attempt.course),
            names=self.names(attempt),
            standing=Standing.UNMET if hypothetical else _STANDING[attempt.status],
            hypothetical=hypothetical,
        )

    def hypothetical(self, code: CourseCode) -> Use:
        """Return a catalogue course as the use that a completion would make of it."""
        course = self.resolved.courses[code]
        attempt = Attempt(
            id=f"completion:{code}",
            course=code,
            credits=course.credits_low,
            status=AttemptStatus.PLANNED,
            delivery=course.delivery,
        )
        return self.use(attempt, hypothetical=True)

    def without(self, attempts: frozenset[str]) -> Setting:
        """Return the setting with some attempts left out of the record."""
        kept = tuple(a for a in self.record.attempts if a.id not in attempts)
        return Setting(self.resolved, replace(self.record, attempts=kept), self.today)


def _composites(resolved: Resolved) -> tuple[tuple[CourseCode, frozenset[str]], ...]:
    """Return the courses that several others stand for only together, with their pieces."""
    return tuple(
        (equivalent.course, frozenset(_canonical(p.code) for p in parts if isinstance(p, Done)))
        for equivalent in resolved.school.equivalents
        if isinstance(equivalent.met_by, And) and (parts := equivalent.met_by.items)
    )


def _canonical(code: str) -> str:
    """Return the printed form of a code; a text that is none stays as it is."""
    try:
        return parse_code(code)
    except DomainError:
        return code


def _aliases(resolved: Resolved) -> dict[str, frozenset[str]]:
    """Return, for each code, the further codes an attempt of it answers to."""
    school = resolved.school
    pairs: dict[str, set[str]] = {}

    def link(one: str, other: str) -> None:
        pairs.setdefault(_canonical(one), set()).add(_canonical(other))

    for rename in school.renames:
        if rename.topic is None:
            link(rename.old, rename.new)
            link(rename.new, rename.old)
    for group in school.cross_listed:
        for one in group:
            for other in group:
                if one != other:
                    link(one, other)
    for equivalent in school.equivalents:
        met_by = equivalent.met_by
        for item in met_by.items if isinstance(met_by, Or) else (met_by,):
            if isinstance(item, Done):
                link(item.code, equivalent.course)
    return {code: frozenset(names) for code, names in pairs.items()}
