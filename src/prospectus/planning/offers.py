"""Which runs a plan may use, and which of the person's wishes rules the others out."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import NamedTuple
from zoneinfo import ZoneInfo

from prospectus.domain.course import Course, CourseCode, Delivery
from prospectus.domain.expression import And, Done, Expression, NOf, Or
from prospectus.domain.offering import LiveSession, OfferingKind, Run
from prospectus.domain.period import Period
from prospectus.domain.program import Resolved
from prospectus.domain.rule import Gate
from prospectus.domain.student import FreeTime, Level, Student, Wishes
from prospectus.domain.wish import Avoid, IfApproved, TermCredits
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
    musts = _Against(resolved, student.wishes.hard)
    goals: _Against | None = None
    if student.wishes.goals:
        goals = _Against(resolved, replace(student.wishes.soft, min_offering_share=ANY_SHARE))
    found = Offers()
    too_late = first_day.replace(year=first_day.year + MAX_YEARS, day=1)
    leaves = resolved.calendar.leaves
    first = bisect_left(leaves, first_day, key=_start)
    last = bisect_left(leaves, too_late, key=_start)
    asked = _named(student.wishes) | _needed_without_credit(resolved)
    may_serve = _may_serve(student.wishes)
    for code, course, mine in _courses(resolved):
        if not course.counts_credit and not may_serve and not mine & asked:
            continue
        runs = resolved.runs_of(code)
        begin = bisect_left(runs, first, key=_first_leaf)
        found.all[code] = everything = runs[begin : bisect_left(runs, last, key=_first_leaf)]
        banned = musts.bans(course, mine, everything)
        if banned:
            found.bans.update({(code, leaves): bans for leaves, bans in banned.items()})
        found.open[code] = everything
        if banned:
            found.open[code] = tuple([run for run in everything if run.leaves not in banned])
        if goals is not None:
            missed = goals.bans(course, mine, everything)
            for run in everything:
                found.missed[code, run.leaves] = _times(missed.get(run.leaves, ()))
    return found


def _named(wishes: Wishes) -> frozenset[str]:
    """Return the courses that a person asks for by name, as a must or for points."""
    return frozenset(map(str, (*wishes.wanted, *(code for code, _ in wishes.preferences))))


def _may_serve(wishes: Wishes) -> bool:
    """Return whether a course without credit may better a plan though no rule asks for it.

    To be enrolled in one more year is paid back from; a light period is filled; a line of credits
    in a term is kept.
    """
    levels = {*wishes.levels, *(level for level, _ in wishes.trade)}
    is_lined = any(isinstance(one, TermCredits) and one.low for one in wishes.about)
    return wishes.aid is not None or Level.SPREAD in levels or is_lined


def _start(leaf: Period) -> dt.date:
    return leaf.start


def _first_leaf(run: Run) -> int:
    return run.leaves[0]


class _Known(tuple[tuple[CourseCode, Course, frozenset[str]], ...]):
    """The courses of a programme in order, each with its names."""


def _courses(resolved: Resolved) -> _Known:
    found = resolved.memo.get(_Known)
    if not isinstance(found, _Known):
        names = names_of(resolved)
        found = resolved.memo[_Known] = _Known(
            (code, course, candidate(-1, course, course.credits_low, (), names).names)
            for code, course in sorted(resolved.courses.items(), key=lambda item: item[0])
        )
    return found


class _Traits(NamedTuple):
    """The least share on which a run of a course rests, 1 for a sure one; whether one is live."""

    least_share: Fraction
    is_live: bool


def _traits(resolved: Resolved, course: Course) -> _Traits:
    """Return what the runs of a course have in common, worked out once."""
    key = (_traits, course.code)
    found = resolved.memo.get(key)
    if not isinstance(found, _Traits):
        runs = resolved.runs_of(course.code)
        shares = {run.share or ANY_SHARE for run in runs if run.kind is OfferingKind.LIKELY}
        found = resolved.memo[key] = _Traits(
            least_share=min(shares, default=Fraction(1)), is_live=any(run.live for run in runs)
        )
    return found


def _times(bans: Sequence[Ban]) -> int:
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


class _Against:
    """What some wishes have against runs."""

    def __init__(self, resolved: Resolved, wishes: Wishes) -> None:
        self.resolved = resolved
        self.wishes = wishes
        self._unwanted = {str(code) for code in wishes.unwanted}
        self._waiting = [
            wish for wish in wishes.about if isinstance(wish, IfApproved) and not wish.is_granted
        ]
        self._avoids = [wish for wish in wishes.about if isinstance(wish, Avoid)]
        share = wishes.min_offering_share
        self._rare = Ban(id="offerings", text=f"only courses that ran in {share} of such terms")
        self._pauses: dict[tuple[int, ...], tuple[Ban, ...]] = {}

    def bans(
        self, course: Course, names: frozenset[str], runs: Sequence[Run]
    ) -> dict[tuple[int, ...], tuple[Ban, ...]]:
        """Return, by the periods of the runs of a course that are ruled out, the wishes for it."""
        about = self._of_course(course, names)
        traits = _traits(self.resolved, course)
        is_rare = traits.least_share < self.wishes.min_offering_share
        if not (about or is_rare or traits.is_live or self.wishes.pauses or self._avoids):
            return {}
        least, most = self.wishes.min_offering_share.as_integer_ratio()
        avoided: dict[Delivery | None, tuple[Ban, ...]] = {}
        found: dict[tuple[int, ...], tuple[Ban, ...]] = {}
        for run in runs:
            bans = about
            if is_rare and run.kind is OfferingKind.LIKELY:
                share = run.share or ANY_SHARE
                if share.numerator * most < least * share.denominator:
                    bans = (*bans, self._rare)
            if self.wishes.pauses:
                bans += self._paused(run.leaves)
            if run.live and not _fits_live(run, self.resolved, self.wishes):
                text = "live sessions only in the hours given as free"
                bans = (*bans, Ban(id="free", text=text))
            if self._avoids:
                # what is avoided hangs on how a run is taught
                if run.delivery not in avoided:
                    avoided[run.delivery] = self._avoided(run, course)
                bans += avoided[run.delivery]
            if bans:
                found[run.leaves] = bans
        return found

    def _of_course(self, course: Course, names: frozenset[str]) -> tuple[Ban, ...]:
        bans: list[Ban] = []
        if names & self._unwanted:
            bans.append(Ban(id=f"unwanted {course.code}", text=f"without {course.code}"))
        if self.wishes.unwanted_topics:
            carried = {text.casefold() for text in course.topics | course.areas}
            for topic in self.wishes.unwanted_topics:
                if topic.casefold() in carried:
                    bans.append(Ban(id=f"unwanted {topic}", text=f"nothing on {topic}"))
        bans += [Ban(id=wish.id, text=wish.text) for wish in self._waiting if wish.course in names]
        return tuple(bans)

    def _paused(self, leaves: tuple[int, ...]) -> tuple[Ban, ...]:
        found = self._pauses.get(leaves)
        if found is None:
            periods = [self.resolved.calendar.leaves[index] for index in leaves]
            found = self._pauses[leaves] = tuple(
                Ban(id=f"pause {pause.first}", text=f"pause from {pause.first} to {pause.last}")
                for pause in self.wishes.pauses
                if any(pause.overlaps(period.start, period.end) for period in periods)
            )
        return found

    def _avoided(self, run: Run, course: Course) -> tuple[Ban, ...]:
        return tuple(
            Ban(id=wish.id, text=wish.text)
            for wish in self._avoids
            if is_avoided(wish, course, run, self.resolved)
        )


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
