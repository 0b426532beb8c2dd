"""Which wishes a plan breaks: the definition of every wish of a student document."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from prospectus.domain.meaning.hours import hours_of
from prospectus.domain.meaning.setting import Setting
from prospectus.domain.meaning.uses import uses
from prospectus.domain.meaning.wishes_about import broken_about
from prospectus.domain.offering import LiveSession, OfferingKind, Run
from prospectus.domain.plan import Breach, Due
from prospectus.domain.record import Attempt, AttemptStatus
from prospectus.domain.student import FreeTime, Student, Wishes


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the wishes are asked of: planned and running attempts, dues, hours by leaf, the end."""

    setting: Setting
    student: Student
    planned: tuple[Attempt, ...]
    open: tuple[Attempt, ...]
    owed: tuple[Due, ...]
    paid_back: Mapping[int, int]
    hours: Mapping[int, int]
    conferral: dt.date
    has_unknown_fees: bool


def broken_wishes(asked: Asked) -> Iterator[Breach]:
    """Yield every wish that is broken, once for each attempt, period or year concerned."""
    setting, wishes = asked.setting, asked.student.wishes
    leaves = setting.resolved.calendar.leaves
    for attempt in asked.planned:
        mine = [leaves[i] for i in setting.leaves(attempt)]
        if setting.start(attempt) < asked.student.plan_from:
            text = f"{attempt.course} starts before {asked.student.plan_from}"
            yield Breach(rule="plan_from", text=text, attempts=(attempt.id,))
        if any(wishes.is_paused(leaf.start, leaf.end) for leaf in mine):
            text = f"{attempt.course} runs in a pause"
            yield Breach(rule="pauses", text=text, attempts=(attempt.id,))
        yield from _course_wishes(setting, wishes, attempt)
    yield from _limits(asked)
    if wishes.deadline is not None and asked.conferral > wishes.deadline:
        text = f"it ends on {asked.conferral}, after {wishes.deadline}"
        yield Breach(rule="deadline", text=text)
    yield from _money_wishes(wishes, asked.owed, asked.has_unknown_fees)
    yield from _pocket_wishes(wishes, asked)
    credited = {use.id for use in uses(setting, asked.conferral)}
    had = (a for a in setting.record.attempts if a.id in credited or _is_seminar(setting, a))
    names = {name for attempt in had for name in setting.names(attempt)}
    for code in wishes.wanted:
        if code not in names:
            yield Breach(rule=f"wanted {code}", text=f"{code} is not in the plan")
    yield from broken_about(setting, asked.student, asked.planned, asked.open, asked.conferral)


def _limits(asked: Asked) -> Iterator[Breach]:
    """Yield broken limits of hours and of courses at once.

    What runs already cannot be helped: limits bind the periods that the plan touches.
    """
    setting, wishes = asked.setting, asked.student.wishes
    leaves = setting.resolved.calendar.leaves
    touched = {index for attempt in asked.planned for index in setting.leaves(attempt)}
    for attempt in asked.planned:
        limits = [
            wishes.hours_limit(leaves[i].start, leaves[i].end) for i in setting.leaves(attempt)
        ]
        if hours_of(setting, attempt)[0] is None and any(limit is not None for limit in limits):
            text = f"the hours of {attempt.course} are unknown, so no limit can be promised"
            yield Breach(rule="hours", text=text, attempts=(attempt.id,))
    for index, load in sorted(asked.hours.items()):
        if index not in touched:
            continue
        limit = wishes.hours_limit(leaves[index].start, leaves[index].end)
        if limit is not None and load > limit:
            here = str(leaves[index].id)
            text = f"{here}: {load} h a week, limit {limit}"
            yield Breach(rule="hours", text=text, period=here)
    courses = Counter(index for a in asked.open for index in setting.leaves(a))
    for index, count in sorted(courses.items()):
        if index not in touched:
            continue
        leaf = leaves[index]
        most = wishes.courses_limit(leaf.start, leaf.end)
        if most is not None and count > most:
            text = f"{leaf.id}: {count} courses, limit {most}"
            yield Breach(rule="courses", text=text, period=str(leaf.id))


def _is_seminar(setting: Setting, attempt: Attempt) -> bool:
    """Return whether an attempt is one of a course that never earns credit, taken or to come."""
    course = setting.course_of(attempt)
    taken = attempt.is_open or attempt.status is AttemptStatus.PASSED
    return taken and course is not None and not course.counts_credit


def _course_wishes(setting: Setting, wishes: Wishes, attempt: Attempt) -> Iterator[Breach]:
    course = setting.course_of(attempt)
    unwanted = setting.names(attempt) & set(wishes.unwanted)
    if unwanted:
        text = f"{attempt.course} is planned"
        yield Breach(rule=f"unwanted {min(unwanted)}", text=text, attempts=(attempt.id,))
    carried = {t.casefold() for t in course.topics | course.areas} if course else set()
    for topic in wishes.unwanted_topics:
        if topic.casefold() in carried:
            text = f"{attempt.course} carries the topic {topic}"
            yield Breach(rule=f"unwanted {topic}", text=text, attempts=(attempt.id,))
    run = _run_of(setting, wishes, attempt)
    if run is None and setting.names(attempt) & set(wishes.wanted) and not _runs(setting, attempt):
        return  # nobody knows when it runs, and the person wants it all the same
    if run is None:
        text = f"{attempt.course} has no offering sure enough in {', '.join(attempt.periods)}"
        yield Breach(rule="offerings", text=text, attempts=(attempt.id,))
    elif not live_fits(setting, wishes, run):
        text = f"a live session of {attempt.course} lies outside the free hours"
        yield Breach(rule="live", text=text, attempts=(attempt.id,))


def _runs(setting: Setting, attempt: Attempt) -> tuple[Run, ...]:
    return setting.resolved.runs_of(attempt.course)


def _run_of(setting: Setting, wishes: Wishes, attempt: Attempt) -> Run | None:
    for run in setting.resolved.runs_in(attempt.course, setting.leaves(attempt)):
        if run.kind is not OfferingKind.LIKELY or (run.share or 0) >= wishes.min_offering_share:
            return run
    return None


def live_fits(setting: Setting, wishes: Wishes, run: Run) -> bool:
    """Return whether every mandatory live session of a run lies in the person's free hours."""
    if wishes.free is None or wishes.zone is None:
        return True
    zone = ZoneInfo(wishes.zone)
    leaves = [setting.resolved.calendar.leaves[i] for i in run.leaves]
    for session in run.live:
        if not session.mandatory:
            continue
        for leaf in leaves:
            for start, end in _meetings(session, leaf.start, leaf.end):
                here, there = start.astimezone(zone), end.astimezone(zone)
                if not any(_covers(free, here, there) for free in wishes.free):
                    return False
    return True


def _meetings(
    session: LiveSession, first: dt.date, last: dt.date
) -> Iterator[tuple[dt.datetime, dt.datetime]]:
    zone = ZoneInfo(session.zone)
    day = first + dt.timedelta(days=(session.weekday - first.weekday()) % 7)
    while day <= last:
        start = dt.datetime.combine(day, session.start, tzinfo=zone)
        yield start, start + dt.timedelta(minutes=session.minutes)
        day += dt.timedelta(days=7)


def _covers(free: FreeTime, start: dt.datetime, end: dt.datetime) -> bool:
    return (
        start.weekday() == free.weekday
        and start.date() == end.date()
        and free.start <= start.time()
        and end.time() <= free.end
    )


def _money_wishes(wishes: Wishes, owed: tuple[Due, ...], fees_unknown: bool) -> Iterator[Breach]:
    """Yield broken budgets; a limit is never met by an unknown price."""
    if fees_unknown and (wishes.budget_total is not None or wishes.budget_by_year):
        yield Breach(rule="budget", text="some fees are unknown, so no budget can be promised")
        return
    total = sum(due.amount.minor for due in owed)
    if wishes.budget_total is not None and total > wishes.budget_total.minor:
        yield Breach(rule="budget", text=f"it costs more than {wishes.budget_total}")
    by_year: dict[int, int] = defaultdict(int)
    for due in owed:
        by_year[due.on.year] += due.amount.minor
    for year, spent in sorted(by_year.items()):
        for limited, most in wishes.budget_by_year:
            if limited in (None, year) and spent > most.minor:
                yield Breach(rule=f"budget {year}", text=f"{year} costs more than {most}")


def _pocket_wishes(wishes: Wishes, asked: Asked) -> Iterator[Breach]:
    """Yield broken limits of what is paid out of pocket: dues less what is paid back.

    A year in which nothing falls due breaks none.
    """
    if asked.has_unknown_fees and wishes.limits_pocket:
        text = "some fees are unknown, so no limit out of pocket can be promised"
        yield Breach(rule="out_of_pocket", text=text)
        return
    most = wishes.pocket_total
    total = sum(due.amount.minor for due in asked.owed) - sum(asked.paid_back.values())
    if most is not None and total > most.minor:
        yield Breach(rule="out_of_pocket", text=f"it costs more than {most} out of pocket")
    by_year: dict[int, int] = defaultdict(int)
    for due in asked.owed:
        by_year[due.on.year] += due.amount.minor
    for year, spent in sorted(by_year.items()):
        net = spent - asked.paid_back.get(year, 0)
        for limited, limit in wishes.pocket_by_year:
            if limited in (None, year) and net > limit.minor:
                text = f"{year} costs more than {limit} out of pocket"
                yield Breach(rule=f"out_of_pocket {year}", text=text)
