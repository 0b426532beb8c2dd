"""Which runs a plan may use, and which of the person's wishes rules the others out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from zoneinfo import ZoneInfo

from prospectus.domain.course import Course, CourseCode
from prospectus.domain.expression import And, Done, Expression, NOf, Or
from prospectus.domain.offering import LiveSession, OfferingKind, Run
from prospectus.domain.program import Resolved
from prospectus.domain.rule import Gate
from prospectus.domain.student import FreeTime, Student, Wishes
from prospectus.domain.wish import Avoid, IfApproved
from prospectus.legality.names import names_of
from prospectus.legality.uses import candidate
from prospectus.planning.wishes_about import is_avoided

ANY_SHARE = Fraction(0)
MAX_YEARS = 12
"""How many years a plan looks ahead; the calendar may end before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ban:
    """A wish that rules a run out, in words."""

    id: str
    text: str


@dataclass(slots=True, kw_only=True)
class Offers:
    """Every run that a plan could use by the calendar, with the wishes against it.

    `open` are the runs that no wish rules out. `missed` says how many goals a run misses by itself.
    """

    all: dict[CourseCode, tuple[Run, ...]] = field(default_factory=dict)
    open: dict[CourseCode, tuple[Run, ...]] = field(default_factory=dict)
    bans: dict[tuple[CourseCode, tuple[int, ...]], tuple[Ban, ...]] = field(default_factory=dict)
    missed: dict[tuple[CourseCode, tuple[int, ...]], int] = field(default_factory=dict)

    def last_day(self, resolved: Resolved) -> dt.date | None:
        """Return the last day of the last open run, None when there is none."""
        leaves = resolved.calendar.leaves
        ends = [leaves[i].end for runs in self.open.values() for run in runs for i in run.leaves]
        return max(ends, default=None)


def offers(resolved: Resolved, student: Student, first_day: dt.date) -> Offers:
    """Return the runs that start on or after `first_day`, course by course."""
    names = names_of(resolved)
    wishes, goals = student.wishes.hard, student.wishes.soft
    found = Offers()
    leaves = resolved.calendar.leaves
    too_late = first_day.replace(year=first_day.year + MAX_YEARS, day=1)
    inside = [first_day <= leaf.start < too_late for leaf in leaves]
    asked = {str(code) for code in student.wishes.wanted} | _needed_without_credit(resolved)
    avoids = any(isinstance(wish, Avoid) for wish in wishes.about)
    is_picky = bool(wishes.pauses or wishes.free is not None or avoids)
    for code in sorted(resolved.courses):
        course = resolved.courses[code]
        mine = candidate(-1, course, course.credits_low, (), names).names
        if not course.counts_credit and not mine & asked:
            continue
        about = _course_bans(course, mine, wishes)
        everything: list[Run] = []
        for run in resolved.runs_of(code):
            if not inside[run.leaves[0]]:
                continue
            everything.append(run)
            bans = about
            if is_picky or run.kind is OfferingKind.LIKELY:
                bans = (*about, *_run_bans(run, course, resolved, wishes))
            if student.wishes.goals:
                missed = [
                    *_course_bans(course, mine, goals),
                    *_run_bans(run, course, resolved, replace(goals, min_offering_share=ANY_SHARE)),
                ]
                found.missed[code, run.leaves] = _times(missed)
            if bans:
                found.bans[code, run.leaves] = bans
        found.all[code] = tuple(everything)
        found.open[code] = tuple(r for r in everything if (code, r.leaves) not in found.bans)
    return found


def _times(bans: list[Ban]) -> int:
    """Return how many goals a run misses: however many pauses it meets, that is one."""
    pauses = [ban for ban in bans if ban.id.startswith("pause ")]
    return len(bans) - max(0, len(pauses) - 1)


def _needed_without_credit(resolved: Resolved) -> frozenset[str]:
    """Return the courses without credit that a rule may ask for: for order, or to fill a load."""
    found = resolved.memo.get(_needed_without_credit)
    if not isinstance(found, frozenset):
        found = resolved.memo[_needed_without_credit] = _without_credit(resolved)
    return found


def _without_credit(resolved: Resolved) -> frozenset[str]:
    if any(
        (size is not None and size.low > 0)
        for load in resolved.program.enrolment.loads
        for size in (load.credits, load.courses)
    ):
        return frozenset(str(code) for code in resolved.courses)
    asking: list[Expression] = [c.requisite for c in resolved.courses.values() if c.requisite]
    asking += [rule.needs for rule in resolved.rules if isinstance(rule, Gate)]
    return frozenset(code for item in asking for code in codes_named(item))


def codes_named(item: Expression) -> frozenset[str]:
    """Return the course codes that an expression names outright."""
    match item:
        case Done():
            return frozenset({item.code})
        case And() | Or() | NOf():
            return frozenset[str]().union(*(codes_named(part) for part in item.items))
        case _:
            return frozenset()


def _course_bans(course: Course, names: frozenset[str], wishes: Wishes) -> tuple[Ban, ...]:
    bans: list[Ban] = []
    if names & {str(code) for code in wishes.unwanted}:
        bans.append(Ban(id=f"unwanted {course.code}", text=f"without {course.code}"))
    carried = {text.casefold() for text in course.topics | course.areas}
    for topic in wishes.unwanted_topics:
        if topic.casefold() in carried:
            bans.append(Ban(id=f"unwanted {topic}", text=f"nothing on {topic}"))
    bans += [
        Ban(id=wish.id, text=wish.text)
        for wish in wishes.about
        if isinstance(wish, IfApproved) and not wish.is_granted and wish.course in names
    ]
    return tuple(bans)


def _run_bans(run: Run, course: Course, resolved: Resolved, wishes: Wishes) -> tuple[Ban, ...]:
    leaves = [resolved.calendar.leaves[index] for index in run.leaves]
    bans: list[Ban] = []
    if run.kind is OfferingKind.LIKELY and (run.share or Fraction(0)) < wishes.min_offering_share:
        share = wishes.min_offering_share
        bans.append(Ban(id="offerings", text=f"only courses that ran in {share} of such terms"))
    for pause in wishes.pauses:
        if any(pause.overlaps(leaf.start, leaf.end) for leaf in leaves):
            text = f"pause from {pause.first} to {pause.last}"
            bans.append(Ban(id=f"pause {pause.first}", text=text))
    if not _fits_live(run, resolved, wishes):
        bans.append(Ban(id="free", text="live sessions only in the hours given as free"))
    bans += [
        Ban(id=wish.id, text=wish.text)
        for wish in wishes.about
        if isinstance(wish, Avoid) and is_avoided(wish, course, run, resolved)
    ]
    return tuple(bans)


def _fits_live(run: Run, resolved: Resolved, wishes: Wishes) -> bool:
    """Return whether each mandatory live session lies in free time, week by week."""
    if wishes.free is None or wishes.zone is None:
        return True
    zone = ZoneInfo(wishes.zone)
    for session in run.live:
        if not session.mandatory:
            continue
        for index in run.leaves:
            leaf = resolved.calendar.leaves[index]
            for start, end in _meetings(session, leaf.start, leaf.end):
                here = (start.astimezone(zone), end.astimezone(zone))
                if not any(_covers(free, *here) for free in wishes.free):
                    return False
    return True


def _meetings(
    session: LiveSession, first: dt.date, last: dt.date
) -> list[tuple[dt.datetime, dt.datetime]]:
    zone = ZoneInfo(session.zone)
    day = first + dt.timedelta(days=(session.weekday - first.weekday()) % 7)
    found: list[tuple[dt.datetime, dt.datetime]] = []
    while day <= last:
        start = dt.datetime.combine(day, session.start, tzinfo=zone)
        found.append((start, start + dt.timedelta(minutes=session.minutes)))
        day += dt.timedelta(days=7)
    return found


def _covers(free: FreeTime, start: dt.datetime, end: dt.datetime) -> bool:
    same_day = start.weekday() == free.weekday and start.date() == end.date()
    return same_day and free.start <= start.time() and end.time() <= free.end


def without_none(runs: Mapping[CourseCode, tuple[Run, ...]]) -> dict[CourseCode, tuple[Run, ...]]:
    """Return the courses that have a run."""
    return {code: mine for code, mine in runs.items() if mine}
