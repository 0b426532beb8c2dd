"""Planning again from where one stands now, with the least change to an earlier plan."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from prospectus.app.answers import EarlierPlan
from prospectus.catalogs.record_parts import AttemptLine
from prospectus.catalogs.record_plan import plan_in, read_plan
from prospectus.domain.course import CourseCode
from prospectus.domain.errors import Place, UsageError
from prospectus.domain.period import Calendar
from prospectus.domain.program import Program, School
from prospectus.domain.record import Attempt, AttemptStatus
from prospectus.domain.student import Level, Student
from prospectus.domain.wish import Placed

_TAKEN = (AttemptStatus.PASSED, AttemptStatus.IN_PROGRESS, AttemptStatus.REGISTERED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """What an earlier plan still had to come: courses with the periods that they begin in.

    `track` is the child it was made for, nothing where there is only one way; `taken` are courses
    of it that are on record by now, `past` those whose time has passed without them.
    """

    file: str
    track: str
    courses: tuple[tuple[CourseCode, str], ...]
    taken: tuple[CourseCode, ...]
    past: tuple[CourseCode, ...]


def read_earlier(path: Path, program: Program, school: School, student: Student) -> Earlier:
    """Return what is left of an earlier plan (`prospectus plan --json`).

    Raises
    ------
    UsageError
        USE-020 for a file that is no plan, or one of another programme or year.
    StudentError
        REC-... for a plan that cannot be read.
    """
    try:
        document = plan_in(path)
    except OSError as error:
        raise UsageError(
            "USE-020",
            what=f"the earlier plan cannot be read: {error.strerror}",
            fix="name a file that `prospectus plan --json` wrote",
            at=Place(file=str(path)),
        ) from None
    if document is None:
        raise UsageError(
            "USE-020",
            what="the file is no plan",
            fix="write one with `prospectus plan ... --json > plan.json`",
            at=Place(file=str(path)),
        )
    found, track = read_plan(path, document)
    if (found.program, found.catalog_year) != (program.id, program.catalog_year):
        raise UsageError(
            "USE-020",
            what=f"the earlier plan is one of {found.program}, rules of {found.catalog_year}; "
            f"this is {program.id}, rules of {program.catalog_year}",
            fix="plan anew without it, or name the programme and `catalog_year:` that it was for",
            at=Place(file=str(path)),
        )
    planned = [line.attempt for line in found.lines if line.attempt.status is AttemptStatus.PLANNED]
    calendar = dict(school.calendars)[program.calendar]
    before = Counter(line.attempt.course for line in found.lines if line.attempt.status in _TAKEN)
    now = Counter(a.course for a in student.record.attempts if a.status in _TAKEN)
    # a second try that was planned is taken once the record holds one try more
    had = {course for course, times in now.items() if times > before[course]}
    courses: list[tuple[CourseCode, str]] = []
    past: list[CourseCode] = []
    for attempt in planned:
        if attempt.course in had:
            continue
        period = _period(attempt, calendar)
        if period is None or period[1] < student.plan_from:
            past.append(attempt.course)
        else:
            courses.append((attempt.course, period[0]))
    return Earlier(
        file=str(path),
        track=track,
        courses=tuple(sorted(courses)),
        taken=tuple(sorted({attempt.course for attempt in planned} & had)),
        past=tuple(sorted(past)),
    )


def _period(attempt: AttemptLine, calendar: Calendar) -> tuple[str, dt.date] | None:
    """Return the first leaf period of an attempt, and its first day."""
    names = {name.lower() for name in attempt.periods}
    for leaf in calendar.leaves:
        if leaf.id.lower() in names:
            return str(leaf.id), leaf.start
    return None


def with_earlier(
    student: Student, earlier: Earlier, calendar: Calendar, keep_until: str | None
) -> Student:
    """Return the student who wishes to change an earlier plan as little as can be.

    With `keep_until` what begins by the end of that period stays where it is. `change` comes first
    among the objectives, where the person has not put it elsewhere.

    Raises
    ------
    UsageError
        USE-021 for a period that the calendar does not have.
    """
    wishes = student.wishes
    levels = wishes.levels
    if Level.CHANGE not in levels:
        levels = (Level.CHANGE, *levels)
    kept: tuple[Placed, ...] = ()
    if keep_until is not None:
        last = _last_day(keep_until, calendar)
        days = {str(leaf.id): (leaf.start, leaf.end) for leaf in calendar.leaves}
        kept = tuple(
            Placed(course=code, first=days[period][0], last=days[period][1], where=period)
            for code, period in earlier.courses
            if days[period][0] <= last
        )
    return replace(
        student,
        wishes=replace(
            wishes,
            previous=earlier.courses,
            levels=levels,
            about=(*wishes.about, *kept),
        ),
    )


def _last_day(name: str, calendar: Calendar) -> dt.date:
    asked = " ".join(name.split()).lower()
    for period in (*calendar.terms, *calendar.leaves):
        if period.id.lower() == asked:
            return period.end
    raise UsageError(
        "USE-021",
        what=f"the calendar has no period '{name}'",
        fix="write season and year, such as Fall 2027",
    )


def against(earlier: Earlier, attempts: tuple[Attempt, ...]) -> EarlierPlan:
    """Return how a plan differs from the earlier one, in words."""
    planned = {a.course: a.periods[0] for a in attempts if a.is_planned and a.periods}
    before = dict(earlier.courses)
    changes = [
        f"{code} moves from {period} to {planned[code]}"
        for code, period in earlier.courses
        if code in planned and planned[code] != period
    ]
    changes += [f"{code} ({before[code]}) is left out" for code in before if code not in planned]
    changes += [f"{code} is new, in {planned[code]}" for code in sorted(planned.keys() - before)]
    return EarlierPlan(
        file=earlier.file,
        kept=tuple(code for code, period in earlier.courses if planned.get(code) == period),
        changes=tuple(changes),
        taken=earlier.taken,
        past=earlier.past,
    )
