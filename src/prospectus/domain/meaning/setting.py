"""The setting in which a record is judged: where attempts lie in time, what names they have."""

from __future__ import annotations

import calendar as month_calendar
import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import replace
from fractions import Fraction
from typing import TypeVar

from prospectus.domain.course import Course, CourseCode, RepeatBy
from prospectus.domain.meaning.known import Grades, known_of, points_of
from prospectus.domain.meaning.names import names_of
from prospectus.domain.meaning.use import Use as Use
from prospectus.domain.meaning.use import next_number
from prospectus.domain.period import Period
from prospectus.domain.plan import Standing
from prospectus.domain.program import Resolved
from prospectus.domain.record import (
    Attempt,
    AttemptStatus,
    AuditException,
    ExceptionKind,
    Record,
)

LONG_AGO = dt.date(1900, 1, 1)

Asked = TypeVar("Asked")

_NO_GRADES: Grades = frozenset()

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


def total_of(credits: Iterable[Fraction]) -> Fraction:
    """Return the sum; of whole numbers, which credits mostly are, as whole numbers."""
    whole, rest = 0, Fraction(0)
    for one in credits:
        if one.denominator == 1:
            whole += one.numerator
        else:
            rest += one
    return rest + whole if rest else Fraction(whole)


class _Quiet:
    """Forgets the grades that a setting assumes inside."""

    __slots__ = ("_before", "_setting")

    def __init__(self, setting: Setting) -> None:
        self._setting = setting

    def __enter__(self) -> Callable[[], Grades]:
        self._before = self._setting.assumed_grades
        self._setting.assumed_grades = set(self._before)
        return self._noted

    def __exit__(self, *_: object) -> None:
        self._setting.assumed_grades = self._before

    def _noted(self) -> Grades:
        inside = self._setting.assumed_grades
        return frozenset(inside - self._before) if inside else _NO_GRADES


class Setting:
    """A resolved programme with one record, and the indexes that judging needs."""

    def __init__(self, resolved: Resolved, record: Record, today: dt.date) -> None:
        self.resolved = resolved
        self.record = record
        self.today = today
        self._leaves: dict[tuple[str, ...], tuple[int, ...]] = {}
        self._names = names_of(resolved.school)
        self.composites = self._names.composites
        self.assumed_grades: set[tuple[str, str]] = set()
        self.barred: frozenset[str] | None = None
        self._known = known_of(resolved, record)
        self._place = self._known.place

    def quietly(self) -> _Quiet:
        """Forget the grades assumed inside; the value of the context tells them while inside."""
        return _Quiet(self)

    def exceptions(self, node: str) -> list[AuditException]:
        """Return the approved departures that concern a node or rule."""
        return [given for given in self.record.exceptions if given.node == node]

    def is_excepted(self, node: str) -> bool:
        """Return whether a node or rule is waived or set met."""
        if not self.record.exceptions:
            return False
        kinds = (ExceptionKind.WAIVE, ExceptionKind.FORCE)
        return any(given.kind in kinds for given in self.exceptions(node))

    def planned_grade(self, attempt: Attempt) -> str | None:
        """Return a grade, else the expected one, else the better of usual and floors relied on."""
        if attempt.grade is not None or not attempt.is_open:
            return attempt.grade
        if attempt.expected_grade is not None:
            return attempt.expected_grade
        grade = self.resolved.scale.usual
        for assumed, floor in sorted(self.assumed_grades):
            if assumed == attempt.id:
                grade = floor if grade is None else self.resolved.scale.better(grade, floor)
        return grade

    def mean(self, graded: Iterable[tuple[Use, str | None]]) -> Fraction | None:
        """Return the credit-weighted mean of grades that count in it, None without any."""
        points, credits = self._weighed(graded)
        return None if credits == 0 else Fraction(points, credits * self._known.unit)

    def weight(self, graded: Iterable[tuple[Use, str | None]]) -> Fraction:
        """Return the credits of grades that count in a mean."""
        return Fraction(self._weighed(graded)[1])

    def _weighed(
        self, graded: Iterable[tuple[Use, str | None]]
    ) -> tuple[Fraction | int, Fraction | int]:
        """Return the points and the credits of grades that count in a mean, mostly whole."""
        weights: dict[int, list[Fraction]] = {}
        for use, name in graded:
            each = None if name is None else self._points(name)
            if each is not None:
                weights.setdefault(each, []).append(use.credits)
        points: Fraction | int = 0
        credits: Fraction | int = 0
        for each, mine in weights.items():
            total = total_of(mine)
            weight = total.numerator if total.denominator == 1 else total
            points += each * weight
            credits += weight
        return points, credits

    def _points(self, name: str) -> int | None:
        known = self._known
        if name in known.points:
            return known.points[name]
        # a number in a range of numbers
        return points_of(self.resolved.scale.get(name), known.unit)

    def reaches(self, mean: Fraction, least: Fraction) -> bool:
        """Return whether a mean is as good as asked; on some scales lower is better."""
        return mean <= least if self.is_lower_better else mean >= least

    @property
    def is_lower_better(self) -> bool:
        """Return whether the best grade of the scale has the fewest points."""
        return self._known.is_lower_better

    def leaves(self, attempt: Attempt) -> tuple[int, ...]:
        """Return the indexes of the leaf periods that an attempt occupies, ascending."""
        known = self._leaves.get(attempt.periods)
        if known is None:
            found: set[int] = set()
            for period in attempt.periods:
                if period in self._place:
                    found.add(self._place[period])
                else:
                    found.update(self.resolved.calendar.leaves_of(period))
            known = self._leaves[attempt.periods] = tuple(sorted(found))
        return known

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

    def seniority(self, attempt: Attempt) -> tuple[bool, dt.date, str]:
        """Return a key that puts what is graded first, then what ended first, then by id."""
        return attempt.is_open, self.end(attempt), attempt.id

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

    def course(self, code: str) -> Course | None:
        """Return the catalogue course of a code, or of another name it has."""
        return self._course(code, None, None)

    def _course(self, code: str, topic: str | None, day: dt.date | None) -> Course | None:
        courses = self.resolved.courses
        if (found := courses.get(CourseCode(code))) is not None or self._names.is_plain:
            return found
        # what merely stands for a course keeps its own attributes
        for name in sorted(self._names.one_course(code, topic, day)):
            if (found := courses.get(CourseCode(name))) is not None:
                return found
        return None

    def _day(self, attempt: Attempt) -> dt.date | None:
        """Return the day an attempt was registered for, None where it has no date."""
        return self.start(attempt) if self.leaves(attempt) else attempt.ended

    def course_of(self, attempt: Attempt) -> Course | None:
        """Return the catalogue course that an attempt is of."""
        if self._names.is_plain:
            return self.resolved.courses.get(attempt.course)
        known = self._known.courses.get(id(attempt))
        if known is None:
            found = self._course(attempt.course, attempt.topic, self._day(attempt))
            known = self._known.courses[id(attempt)] = attempt, found
        return known[1]

    def names(self, attempt: Attempt) -> frozenset[str]:
        """Return every code that the attempt answers to: renamed, cross-listed, equivalent."""
        if self._names.is_plain:
            return frozenset({str(attempt.course)})
        known = self._known.names.get(id(attempt))
        if known is None:
            found = self._names.all_names(attempt.course, attempt.topic, self._day(attempt))
            known = self._known.names[id(attempt)] = attempt, found
        return known[1]

    def identity(self, attempt: Attempt) -> str:
        """Return what all attempts of one course have in common, whatever its number was."""
        if self._names.is_plain:
            return attempt.course
        known = self._known.identities.get(id(attempt))
        if known is None:
            day = self._day(attempt)
            name = self._names.identity(attempt.course, attempt.topic, day)
            known = self._known.identities[id(attempt)] = attempt, name
        return known[1]

    def repeatable(self, attempt: Attempt) -> RepeatBy | None:
        """Return what gives an attempt's course a use of its own each time, if anything does."""
        known = self._known.repeatable.get(id(attempt))
        if known is None:
            # a topic renamed into a course of its own number is repeatable as that course is
            course = self.course(self.identity(attempt)) or self.course_of(attempt)
            by = None if course is None else course.repeatable
            known = self._known.repeatable[id(attempt)] = attempt, by
        return known[1]

    def topics(self, attempt: Attempt) -> frozenset[str]:
        """Return the topics of an attempt, one that the course was renamed for included."""
        if self._names.is_plain:
            return frozenset() if attempt.topic is None else frozenset({attempt.topic})
        return self._names.topics(attempt.course, attempt.topic, self._day(attempt))

    def use(self, attempt: Attempt, *, hypothetical: bool = False) -> Use:
        """Return the attempt as a use; what earns nothing stands unmet."""
        known = self._known.uses.get((id(attempt), hypothetical))
        if known is None:
            known = self._known.uses[id(attempt), hypothetical] = self._use(attempt, hypothetical)
        return known

    def _use(self, attempt: Attempt, hypothetical: bool) -> Use:
        numbers = frozenset({str(attempt.course)})
        if not self._names.is_plain:
            numbers = self._names.numbers(attempt.course, attempt.topic, self._day(attempt))
        standing = _STANDING.get(attempt.status, Standing.UNMET)
        return Use(
            attempt=attempt,
            course=self._as_taught(attempt),
            names=self.names(attempt),
            numbers=numbers,
            standing=Standing.UNMET if hypothetical else standing,
            hypothetical=hypothetical,
            kind=self._kind(attempt),
        )

    def _kind(self, attempt: Attempt) -> int:
        """Return the number of all that a rule can see of an attempt: all but its id and title."""
        # members of an enumeration are one object each, and cheaper known by that
        seen = (
            attempt.course,
            attempt.credits.numerator,
            attempt.credits.denominator,
            id(attempt.status),
            attempt.topic,
            attempt.periods,
            attempt.grade,
            attempt.expected_grade,
            id(attempt.basis),
            id(attempt.source),
            attempt.counted_in,
            attempt.instructor,
            id(attempt.delivery),
            attempt.campus,
            attempt.school,
            attempt.ended,
        )
        known = self._known.kinds.get(seen)
        if known is None:
            known = self._known.kinds[seen] = next_number()
        return known

    def _as_taught(self, attempt: Attempt) -> Course | None:
        """Return an attempt's course with the content it had; a planned one has the present."""
        course = self.course_of(attempt)
        dated = bool(self.leaves(attempt)) or attempt.ended is not None
        if course is None or not course.formerly or attempt.is_planned or not dated:
            return course
        return course.as_taught(self.end(attempt))

    def hypothetical(self, code: CourseCode, credits: Fraction | None = None) -> Use:
        """Return a catalogue course as the use that a completion would make of it.

        With its least credits, unless others are given.
        """
        known = self._known.planned.get((code, credits))
        if known is None:
            course = self.resolved.courses[code]
            attempt = Attempt(
                id=f"completion:{code}",
                course=code,
                credits=course.credits_low if credits is None else credits,
                status=AttemptStatus.PLANNED,
                delivery=course.delivery,
            )
            known = self._known.planned[code, credits] = self.use(attempt, hypothetical=True)
        return known

    def speaks(self, of: object, word: str, find: Callable[[], bool]) -> bool:
        """Return whether a selector speaks of something, found out once."""
        known = self._known.spoken.get((id(of), word))
        if known is None:
            known = self._known.spoken[id(of), word] = of, find()
        return known[1]

    def once(
        self, what: Asked, use: Use, find: Callable[[Asked, Use, Setting], bool | None]
    ) -> bool | None:
        """Return what is found out of a use by something that never changes, found out once.

        Uses of one kind have one answer. The grades that were assumed for it are noted each time.
        """
        selected, key = self._known.selected, (id(what), use.kind)
        known = selected.get(key)
        if known is None or (known[2] and known[3] != use.attempt.id):
            before, self.assumed_grades = self.assumed_grades, set()
            try:
                answer = find(what, use, self)
                grades = frozenset(self.assumed_grades) if self.assumed_grades else _NO_GRADES
                known = selected[key] = what, answer, grades, use.attempt.id
            finally:
                self.assumed_grades = before
        if known[2]:
            self.assumed_grades |= known[2]
        return known[1]

    def without(self, attempts: frozenset[str]) -> Setting:
        """Return the setting with some attempts left out of the record."""
        kept = tuple(a for a in self.record.attempts if a.id not in attempts)
        return Setting(self.resolved, replace(self.record, attempts=kept), self.today)
