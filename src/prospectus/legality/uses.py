"""Uses: what the record holds and what a plan may add, with the names each answers to."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from prospectus.domain.course import Course, CourseCode, RepeatBy
from prospectus.domain.errors import UnsupportedError
from prospectus.domain.offering import Run
from prospectus.domain.program import Resolved
from prospectus.domain.record import Attempt, AttemptStatus, Basis, CreditSource, Record
from prospectus.domain.rule import WhichAttempt
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
    seminar) counts for requisites and loads only.
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
    return Use(
        index=index,
        attempt=attempt,
        course=names.course_of(attempt, day),
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


def earning(
    resolved: Resolved,
    record: Record,
    names: Names,
    is_limited: Callable[[Attempt], bool],
    late: frozenset[str],
) -> frozenset[str]:
    """Return the ids of the attempts on record that can earn credit, after the repeat rule.

    `is_limited` says which attempts the limit of attempts speaks of. Expiry depends on the
    conferral date and exclusions on what is planned: the model has both.
    """
    groups: dict[tuple[str, str], list[Attempt]] = defaultdict(list)
    late |= beyond_limit(resolved, record, names, is_limited)
    late |= _repeats_beyond(resolved, record, names)
    for attempt in record.attempts:
        if attempt.id in late or not _can_earn(attempt, resolved, names):
            continue
        day = day_of(attempt, resolved)
        course = names.course_of(attempt, day)
        by = "" if course is None else repeat_key(course, attempt)
        groups[names.identity(attempt, day), by].append(attempt)
    rule = resolved.program.record_rules.repeats
    kept: set[str] = set()
    for (identity, _), group in groups.items():
        group.sort(key=lambda a: (end_of(a, resolved), a.id))
        if rule is not None and rule.allowed is not None and len(group) > 1:
            raise _unplannable(group[1])
        if rule is not None and rule.cap is not None:
            early = {a.id for a in tries_of(identity, resolved, record, names)[: rule.cap + 1]}
            waived = CreditSource.WAIVER
            group = [a for a in group if a.id in early or a.source is waived]
        if not group:
            continue
        how = WhichAttempt.BEST if rule is None or rule.use is None else rule.use
        kept.add(_chosen(group, how, resolved).id)
    return frozenset(kept)


def _unplannable(attempt: Attempt) -> UnsupportedError:
    return UnsupportedError(
        "PLN-012",
        what=f"{attempt.course}: the record repeats it, and a condition says which repeats are "
        "allowed (`repeats: allowed`)",
        fix="leave out of the record the try that does not count",
    )


def tries_of(identity: str, resolved: Resolved, record: Record, names: Names) -> list[Attempt]:
    """Return the tries at a course that a cap on repeats counts, failed ones too, in order."""
    return [
        attempt
        for attempt in _tries(resolved, record)
        if names.identity(attempt, day_of(attempt, resolved)) == identity
    ]


def _tries(resolved: Resolved, record: Record) -> list[Attempt]:
    found = [
        attempt
        for attempt in record.attempts
        if attempt.status is not AttemptStatus.WITHDRAWN
        and attempt.source is not CreditSource.WAIVER
    ]
    return sorted(found, key=lambda attempt: (end_of(attempt, resolved), attempt.id))


def repeats_on_record(resolved: Resolved, record: Record, names: Names) -> list[str]:
    """Return the ids of the tries that repeat a course, in order; of one that is repeatable none.

    A limit of repeats in all counts them.
    """
    seen: set[str] = set()
    found = []
    for attempt in _tries(resolved, record):
        day = day_of(attempt, resolved)
        course = names.course_of(attempt, day)
        if course is not None and course.repeatable is not None:
            continue
        identity = names.identity(attempt, day)
        if identity in seen:
            found.append(attempt.id)
        seen.add(identity)
    return found


def _repeats_beyond(resolved: Resolved, record: Record, names: Names) -> frozenset[str]:
    rule = resolved.program.record_rules.repeats
    if rule is None or rule.at_most_in_all is None:
        return frozenset()
    return frozenset(repeats_on_record(resolved, record, names)[rule.at_most_in_all :])


def barring(
    resolved: Resolved, record: Record, names: Names
) -> Iterator[tuple[Attempt, tuple[str, str]]]:
    """Yield the attempts passed too well for their course to be taken again, with their course."""
    rule = resolved.program.record_rules.repeats
    if rule is None or rule.only_below is None:
        return
    for attempt in record.attempts:
        grade = stated_grade(attempt)
        if grade is None or not resolved.scale.at_least(grade, rule.only_below):
            continue
        if _can_earn(attempt, resolved, names):
            yield attempt, course_key(attempt, resolved, names)


def course_key(attempt: Attempt, resolved: Resolved, names: Names) -> tuple[str, str]:
    """Return what all attempts at one course (and topic or period) have in common."""
    day = day_of(attempt, resolved)
    course = names.course_of(attempt, day)
    by = "" if course is None else repeat_key(course, attempt)
    return names.identity(attempt, day), by


def barred(
    resolved: Resolved,
    record: Record,
    names: Names,
    bars_until: Callable[[Attempt], dt.date],
) -> frozenset[str]:
    """Return the attempts on record at courses that were already passed too well for that."""
    late: set[str] = set()
    for early, key in barring(resolved, record, names):
        end = end_of(early, resolved)
        for attempt in record.attempts:
            after = (end, early.id) < (end_of(attempt, resolved), attempt.id)
            start = start_of(attempt, resolved)
            if not after or not end <= start <= bars_until(early):
                continue
            if course_key(attempt, resolved, names) == key and _can_earn(attempt, resolved, names):
                late.add(attempt.id)
    return frozenset(late)


def beyond_limit(
    resolved: Resolved, record: Record, names: Names, is_limited: Callable[[Attempt], bool]
) -> frozenset[str]:
    """Return the attempts after the last that the programme allows of their course."""
    most = resolved.program.record_rules.attempts_at_most
    if most is None:
        return frozenset()
    groups: dict[str, list[Attempt]] = defaultdict(list)
    for attempt in record.attempts:
        if is_limited(attempt):
            groups[names.identity(attempt, day_of(attempt, resolved))].append(attempt)
    late: set[str] = set()
    for group in groups.values():
        ordered = sorted(group, key=lambda attempt: (start_of(attempt, resolved), attempt.id))
        late |= {attempt.id for attempt in ordered[most:]}
    return frozenset(late)


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


def _can_earn(attempt: Attempt, resolved: Resolved, names: Names) -> bool:
    if attempt.status not in EARNING or attempt.basis is Basis.AUDIT:
        return False
    name = stated_grade(attempt)
    grade = None if name is None else resolved.scale.get(name)
    if grade is not None and not grade.earns:
        return False
    course = names.course_of(attempt, day_of(attempt, resolved))
    return course is None or course.counts_credit


def _chosen(group: list[Attempt], how: WhichAttempt, resolved: Resolved) -> Attempt:
    if how is WhichAttempt.FIRST:
        return group[0]
    if how is WhichAttempt.NEWEST:
        return group[-1]
    worst = len(resolved.scale.grades)

    def goodness(attempt: Attempt) -> tuple[int, int]:
        rank = resolved.scale.rank(attempt.grade) if attempt.grade else None
        ungraded = worst if attempt.is_open or attempt.source is CreditSource.WAIVER else 0
        return (1 if attempt.is_open else 0, ungraded if rank is None else rank)

    return min(group, key=goodness)


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
    attempt = Attempt(
        id=f"plan:{course.code}" + (f"#{copy}" if copy else ""),
        course=course.code,
        credits=credits,
        status=AttemptStatus.PLANNED,
        delivery=course.delivery,
    )
    return Use(
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


def credit_steps(course: Course) -> tuple[Fraction, ...]:
    """Return the credits a plan may register a course for: whole steps from least to most."""
    found = [course.credits_low]
    while found[-1] + 1 <= course.credits_high:
        found.append(found[-1] + 1)
    if found[-1] != course.credits_high:
        found.append(course.credits_high)
    return tuple(found)


def planned_attempt(use: Use, run: Run, resolved: Resolved, *, is_repeated: bool) -> Attempt:
    """Return the attempt that a plan makes of a use in one of its runs."""
    leaves = resolved.calendar.leaves
    periods = tuple(str(leaves[index].id) for index in run.leaves)
    name = f"plan:{use.code}" + (f"@{periods[0]}" if is_repeated else "")
    taught = use.attempt.delivery if run.delivery is None else run.delivery
    return replace(use.attempt, id=name, periods=periods, delivery=taught)
