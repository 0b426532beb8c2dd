"""Uses: what the record holds and what a plan may add, with the names each answers to."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from fractions import Fraction

from prospectus.domain.course import Course, CourseCode, RepeatBy
from prospectus.domain.offering import Run
from prospectus.domain.program import Resolved
from prospectus.domain.record import Attempt, AttemptStatus, Basis, CreditSource
from prospectus.legality.names import Names

LONG_AGO = dt.date(1900, 1, 1)
EARNING = (
    AttemptStatus.PASSED,
    AttemptStatus.IN_PROGRESS,
    AttemptStatus.REGISTERED,
    AttemptStatus.PLANNED,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """An attempt on record, or a course that may be planned with so many credits.

    `names` are all codes it answers to, `numbers` those that the course itself bears or bore,
    `identity` what all attempts of one course have in common. `attempt` of a plannable course is
    a model of the attempt that the plan would make of it; `runs` are the runs it may be planned
    in and is empty for what is on record. One that does not earn (an audit, a replaced try, a
    seminar) counts for requisites and loads only. `beside`: the attempt that counts beside a waiver
    of its course.
    """

    index: int
    attempt: Attempt
    course: Course | None
    names: frozenset[str]
    numbers: frozenset[str]
    topics: frozenset[str]
    identity: str
    runs: tuple[Run, ...] = ()
    is_candidate: bool = False
    earns: bool = True
    beside: Use | None = None

    def at(self, index: int, runs: tuple[Run, ...]) -> Use:
        """Return the same plannable course at another place, with its runs."""
        return Use(
            index=index,
            attempt=self.attempt,
            course=self.course,
            names=self.names,
            numbers=self.numbers,
            topics=self.topics,
            identity=self.identity,
            runs=runs,
            is_candidate=True,
            earns=self.earns,
        )

    @property
    def id(self) -> str:
        """Return the attempt's id."""
        return self.attempt.id

    @property
    def code(self) -> CourseCode:
        """Return the code registered."""
        return self.attempt.course

    @property
    def credits(self) -> Fraction:
        """Return the credits as taken."""
        return self.attempt.credits

    @property
    def is_waiver(self) -> bool:
        """Return whether this is an exemption, which adds no credit."""
        return self.attempt.source is CreditSource.WAIVER


def day_of(attempt: Attempt, resolved: Resolved) -> dt.date | None:
    """Return the day an attempt was registered for, None where it has no date."""
    leaves = leaves_of(attempt, resolved)
    return resolved.calendar.leaves[leaves[0]].start if leaves else attempt.ended


def recorded(
    index: int, attempt: Attempt, resolved: Resolved, names: Names, *, earns: bool = True
) -> Use:
    """Return an attempt on record as a use."""
    day = day_of(attempt, resolved)
    course = names.course_of(attempt, day)
    if course is not None and course.formerly and not attempt.is_planned and day is not None:
        course = course.as_taught(end_of(attempt, resolved))
    return Use(
        index=index,
        attempt=attempt,
        course=course,
        names=names.of(attempt, day),
        numbers=names.numbers(attempt, day),
        topics=names.topics(attempt, day),
        identity=names.identity(attempt, day),
        earns=earns,
    )


def end_of(attempt: Attempt, resolved: Resolved) -> dt.date:
    """Return the last day of an attempt; credit without periods lies before every period."""
    leaves = leaves_of(attempt, resolved)
    if not leaves:
        return attempt.ended or LONG_AGO
    return max(resolved.calendar.leaves[index].end for index in leaves)


def start_of(attempt: Attempt, resolved: Resolved) -> dt.date:
    """Return the first day of an attempt."""
    leaves = leaves_of(attempt, resolved)
    return resolved.calendar.leaves[leaves[0]].start if leaves else (attempt.ended or LONG_AGO)


def leaves_of(attempt: Attempt, resolved: Resolved) -> tuple[int, ...]:
    """Return the indexes of the leaf periods that an attempt occupies, ascending."""
    found: set[int] = set()
    for period in attempt.periods:
        found.update(resolved.calendar.leaves_of(period))
    return tuple(sorted(found))


def repeat_key(course: Course, attempt: Attempt) -> str:
    """Return what distinguishes the uses of one course: empty unless it is repeatable."""
    if course.repeatable is RepeatBy.TOPIC:
        return attempt.topic or ""
    return " ".join(attempt.periods) if course.repeatable is RepeatBy.PERIOD else ""


def is_replaced(use: Use, again: Use) -> bool:
    """Return whether a planned try would stand in the place of an earning use on record."""
    if not use.earns or use.identity != again.identity or again.course is None:
        return False
    match again.course.repeatable:
        case RepeatBy.TOPIC:
            return (use.attempt.topic or "") == (again.attempt.topic or "")
        case RepeatBy.PERIOD:
            return False
        case _:
            return True


def stated_grade(attempt: Attempt) -> str | None:
    """Return the grade on record, or the stated expected one of an open attempt."""
    if attempt.grade is not None or not attempt.is_open:
        return attempt.grade
    return attempt.expected_grade


def can_earn(attempt: Attempt, resolved: Resolved, names: Names) -> bool:
    """Return whether an attempt on record can earn credit, other tries and rules left aside."""
    if attempt.status not in EARNING or attempt.basis is Basis.AUDIT:
        return False
    name = stated_grade(attempt)
    grade = None if name is None else resolved.scale.get(name)
    if grade is not None and not grade.earns:
        return False
    course = names.course_of(attempt, day_of(attempt, resolved))
    return course is None or course.counts_credit


def candidate(
    index: int,
    course: Course,
    credits: Fraction,
    runs: tuple[Run, ...],
    names: Names,
    copy: int = 0,
    day: dt.date | None = None,
) -> Use:
    """Return a course as what a plan may add; names are those of the day of its first run."""
    key = (
        course.code,
        credits.numerator,
        credits.denominator,
        copy,
        None if names.is_plain else day,
    )
    known = names.candidates.get(key)
    if known is not None and known.course is course:
        return known.at(index, runs)
    attempt = Attempt(
        id=f"plan:{course.code}" + (f"#{copy}" if copy else ""),
        course=course.code,
        credits=credits,
        status=AttemptStatus.PLANNED,
        delivery=course.delivery,
    )
    found = Use(
        index=index,
        attempt=attempt,
        course=course,
        names=names.of(attempt, day),
        numbers=names.numbers(attempt, day),
        topics=names.topics(attempt, day),
        identity=names.identity(attempt, day),
        runs=runs,
        is_candidate=True,
        earns=course.counts_credit,
    )
    names.candidates[key] = found
    return found


def credit_steps(course: Course) -> tuple[Fraction, ...]:
    """Return the credits a plan may register a course for: whole steps from least to most."""
    return course.credit_steps


def planned_attempt(use: Use, run: Run, resolved: Resolved, *, is_repeated: bool) -> Attempt:
    """Return the attempt that a plan makes of a use in one of its runs."""
    leaves = resolved.calendar.leaves
    periods = tuple(str(leaves[index].id) for index in run.leaves)
    name = f"plan:{use.code}" + (f"@{periods[0]}" if is_repeated else "")
    taught = use.attempt.delivery if run.delivery is None else run.delivery
    return replace(use.attempt, id=name, periods=periods, delivery=taught)
