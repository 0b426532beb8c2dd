"""The definition of the levels that a plan is valued by: the lower, the better."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from prospectus.domain.meaning.conditions import codes_named
from prospectus.domain.meaning.hours import hours_of
from prospectus.domain.meaning.setting import Setting
from prospectus.domain.record import Attempt, AttemptStatus
from prospectus.domain.student import Level, Student

_DAYS = 7


def level_values(
    setting: Setting,
    student: Student,
    planned: Sequence[Attempt],
    hours: Mapping[int, int],
    known: Mapping[Level, int | None],
) -> dict[Level, int | None]:
    """Return every level; `known` holds goals, finish, cost, peak and topics.

    `hours` pairs leaf periods with the weekly hours of what is planned or runs in them.
    """
    touched = sorted({leaf for attempt in planned for leaf in setting.leaves(attempt)})
    found = {
        **known,
        Level.HOURS: sum(_work(setting, attempt) for attempt in planned),
        Level.LIVE: sum(_live_minutes(setting, attempt) for attempt in planned),
        Level.PREFERENCE: _points_given_up(setting, student, planned),
        Level.SPARE: _not_spare(setting, student, touched, hours),
        Level.SPREAD: _spread([hours.get(leaf, 0) for leaf in touched]),
        Level.DISTANCE: sum(_distances(setting, planned)),
        Level.TOXIC: _toxic(setting, student, planned),
        Level.CHANGE: _changes(setting, student, planned),
    }
    traded = [(worth, _traded(student, found, level)) for level, worth in student.wishes.trade]
    unknown = any(value is None for _, value in traded)
    found[Level.TRADE] = None if unknown else sum(w * value for w, value in traded if value)
    return found


def _traded(student: Student, found: Mapping[Level, int | None], level: Level) -> int | None:
    """Return the units of a level that are traded: for the finish the days from the first."""
    value = found[level]
    if level is not Level.FINISH or value is None:
        return value
    return value - student.plan_from.toordinal()


def _work(setting: Setting, attempt: Attempt) -> int:
    weeks = sum(setting.resolved.calendar.leaves[leaf].n_weeks for leaf in setting.leaves(attempt))
    return (hours_of(setting, attempt)[0] or 0) * weeks


def _live_minutes(setting: Setting, attempt: Attempt) -> int:
    leaves = setting.leaves(attempt)
    run = next(iter(setting.resolved.runs_in(attempt.course, leaves)), None)
    if run is None:
        return 0
    return sum(
        session.minutes * _meetings(session.weekday, period.start, period.end)
        for session in run.live
        if session.mandatory
        for period in (setting.resolved.calendar.leaves[leaf] for leaf in leaves)
    )


def _meetings(weekday: int, first: dt.date, last: dt.date) -> int:
    """Return how often a weekday falls on first..last."""
    day = first + dt.timedelta(days=(weekday - first.weekday()) % _DAYS)
    return 0 if day > last else 1 + (last - day).days // _DAYS


def _points_given_up(setting: Setting, student: Student, planned: Sequence[Attempt]) -> int:
    """Return the points of liked courses that are not planned, and of disliked ones that are.

    What is passed, or running, is no matter of choice any more.
    """
    names = {name for attempt in planned for name in setting.names(attempt)}
    had = {
        name
        for attempt in setting.record.attempts
        if not attempt.is_planned and (attempt.is_open or attempt.status is AttemptStatus.PASSED)
        for name in setting.names(attempt)
    }
    return sum(
        abs(points)
        for code, points in student.wishes.preferences
        if (code in names) is not (points > 0) and code not in had
    )


def _not_spare(
    setting: Setting, student: Student, touched: Sequence[int], hours: Mapping[int, int]
) -> int:
    """Return how much of the usual weekly hours is not free where least is; 0 without a limit."""
    wishes, leaves = student.wishes, setting.resolved.calendar.leaves
    usual = wishes.hours_per_week
    if usual is None:
        return 0
    free = [usual]
    for index in touched:
        limit = wishes.hours_limit(leaves[index].start, leaves[index].end)
        if limit is not None:
            free.append(limit - hours.get(index, 0))
    return usual - min(free)


def _spread(loads: Sequence[int]) -> int:
    return max(loads) - min(loads) if loads else 0


def _distances(setting: Setting, planned: Sequence[Attempt]) -> Iterator[int]:
    """Yield the terms from each planned course back to each planned one that its requisite names.

    A course that comes later, or in the same term, is at no distance.
    """
    term_of = setting.resolved.calendar.term_of
    for attempt in planned:
        course = setting.course_of(attempt)
        if course is None or course.requisite is None:
            continue
        named = codes_named(course.requisite)
        here = term_of[setting.leaves(attempt)[0]]
        for other in planned:
            if other is not attempt and setting.names(other) & named:
                yield max(0, here - term_of[setting.leaves(other)[0]])


def _toxic(setting: Setting, student: Student, planned: Sequence[Attempt]) -> int:
    """Return the weights of the pairs of which two planned courses share a period."""
    shared = [
        (setting.names(one), setting.names(other))
        for one, other in combinations(planned, 2)
        if set(setting.leaves(one)) & set(setting.leaves(other))
    ]
    return sum(
        weight
        for one, other, weight in student.wishes.toxic
        if any((one in a and other in b) or (one in b and other in a) for a, b in shared)
    )


def _changes(setting: Setting, student: Student, planned: Sequence[Attempt]) -> int:
    """Return how many courses of the earlier plan do not begin as they did, and the new ones."""
    previous = student.wishes.previous
    begun = {(name, a.periods[0]) for a in planned for name in setting.names(a)}
    codes = {code for code, _ in previous}
    new = [attempt for attempt in planned if not setting.names(attempt) & codes]
    return sum((code, period) not in begun for code, period in previous) + len(new)
