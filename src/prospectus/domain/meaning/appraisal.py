"""Dates, money, hours and wishes of a plan."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator
from fractions import Fraction
from zoneinfo import ZoneInfo

from prospectus.domain.facts import Money
from prospectus.domain.meaning.judging import last_day
from prospectus.domain.meaning.matching import nodes
from prospectus.domain.meaning.money import dues
from prospectus.domain.meaning.setting import Setting
from prospectus.domain.meaning.uses import uses
from prospectus.domain.offering import LiveSession, OfferingKind, Run
from prospectus.domain.plan import Appraisal, Breach, Due, Witness
from prospectus.domain.program import Resolved
from prospectus.domain.record import Attempt, AttemptStatus, Record
from prospectus.domain.student import FreeTime, Student, Wishes

HOURS_ASSUMPTION = "hours-per-credit"


def appraise(
    resolved: Resolved, student: Student, record: Record, witness: Witness, today: dt.date
) -> Appraisal:
    """Return the values and broken wishes of a record whose planned attempts are the plan."""
    setting = Setting(resolved, record, today)
    conferral = witness.conferral or last_day(setting)
    planned = [attempt for attempt in record.attempts if attempt.is_planned]
    open_ones = [attempt for attempt in record.attempts if attempt.is_open]
    owed, unknown_fees, fee_assumptions = dues(setting, planned)
    hours, hour_assumptions, unknown_hours = _hours(setting, open_ones)
    cost = None if unknown_fees else _sum(owed, resolved.school.currency)
    missing = _topics_missing(setting, student.wishes, conferral)
    broken = tuple(
        _broken(setting, student, planned, open_ones, owed, hours, conferral, bool(unknown_fees))
    )
    return Appraisal(
        finish=conferral,
        credits=sum((a.credits for a in planned), Fraction(0)),
        dues=tuple(owed),
        cost=cost,
        hours=tuple(sorted(hours.items())),
        peak_hours=max(hours.values(), default=0),
        topics_missing=missing,
        wishes_broken=broken,
        assumptions=tuple(
            sorted({*fee_assumptions, *hour_assumptions, *_rests_on(setting, planned)})
        ),
        unknown=tuple(sorted({*unknown_fees, *unknown_hours})),
    )


def _sum(owed: list[Due], currency: str) -> Money:
    return Money(minor=sum(due.amount.minor for due in owed), currency=currency)


def _rests_on(setting: Setting, planned: list[Attempt]) -> set[str]:
    """Return the assumptions behind the dates, the offerings and the rules that a plan keeps."""
    resolved = setting.resolved
    found: set[str | None] = set()
    for attempt in planned:
        leaves = setting.leaves(attempt)
        for leaf in (resolved.calendar.leaves[index] for index in leaves):
            if not leaf.published:
                found.add(leaf.provenance.assumption)
        found |= {r.assumption for r in resolved.runs_of(attempt.course) if r.leaves == leaves}
    headers = [node.header for node in nodes(resolved.tree)]
    headers += [rule.header for rule in resolved.rules]
    headers += [load.header for load in resolved.program.enrolment.loads]
    found |= {header.provenance.assumption for header in headers}
    found.add(resolved.program.enrolment.provenance.assumption)
    return {assumption for assumption in found if assumption is not None}


def hours_of(setting: Setting, attempt: Attempt) -> tuple[int | None, str | None]:
    """Return the weekly hours of an attempt and the assumption they rest on, if any.

    Known hours as they are; else credits times the assumed hours per credit over the weeks it
    occupies, rounded half up, at least 1.
    """
    course = setting.course_of(attempt)
    if course is not None and course.hours is not None:
        return course.hours.hours_per_week, course.hours.provenance.assumption
    assumption = setting.resolved.assumptions.get(HOURS_ASSUMPTION)
    leaves = setting.leaves(attempt)
    if assumption is None or not leaves:
        return None, None
    weeks = sum(setting.resolved.calendar.leaves[i].n_weeks for i in leaves)
    per_week = attempt.credits * assumption.value / weeks
    return max(1, int(per_week + Fraction(1, 2))), assumption.id


def _hours(setting: Setting, attempts: list[Attempt]) -> tuple[dict[int, int], set[str], set[str]]:
    """Return weekly hours by leaf index, the assumptions used, and what is unknown."""
    load: dict[int, int] = defaultdict(int)
    assumptions: set[str] = set()
    unknown: set[str] = set()
    for attempt in attempts:
        hours, assumption = hours_of(setting, attempt)
        if hours is None:
            unknown.add(f"hours of {attempt.course}")
            continue
        if assumption is not None:
            assumptions.add(assumption)
        for leaf in setting.leaves(attempt):
            load[leaf] += hours
    return dict(load), assumptions, unknown


def _topics_missing(setting: Setting, wishes: Wishes, conferral: dt.date) -> int:
    """Return how many wanted topics no use covers, by topic or area, in any case."""
    covered: set[str] = set()
    for use in uses(setting, conferral):
        covered |= {text.casefold() for text in setting.topics(use.attempt)}
        if use.course is not None:
            covered |= {text.casefold() for text in use.course.topics | use.course.areas}
    return sum(1 for topic in wishes.wanted_topics if topic.casefold() not in covered)


def _broken(
    setting: Setting,
    student: Student,
    planned: list[Attempt],
    open_ones: list[Attempt],
    owed: list[Due],
    hours: dict[int, int],
    conferral: dt.date,
    fees_unknown: bool,
) -> Iterator[Breach]:
    wishes, leaves = student.wishes, setting.resolved.calendar.leaves
    for attempt in planned:
        mine = [leaves[i] for i in setting.leaves(attempt)]
        if setting.start(attempt) < student.plan_from:
            text = f"{attempt.course} starts before {student.plan_from}"
            yield Breach(rule="plan_from", text=text, attempts=(attempt.id,))
        if any(wishes.is_paused(leaf.start, leaf.end) for leaf in mine):
            text = f"{attempt.course} runs in a pause"
            yield Breach(rule="pauses", text=text, attempts=(attempt.id,))
        yield from _course_wishes(setting, wishes, attempt)
    # what runs already cannot be helped: limits bind the periods that the plan touches
    touched = {index for attempt in planned for index in setting.leaves(attempt)}
    for attempt in planned:
        limits = [
            wishes.hours_limit(leaves[i].start, leaves[i].end) for i in setting.leaves(attempt)
        ]
        if hours_of(setting, attempt)[0] is None and any(limit is not None for limit in limits):
            text = f"the hours of {attempt.course} are unknown, so no limit can be promised"
            yield Breach(rule="hours", text=text, attempts=(attempt.id,))
    for index, load in sorted(hours.items()):
        if index not in touched:
            continue
        limit = wishes.hours_limit(leaves[index].start, leaves[index].end)
        if limit is not None and load > limit:
            yield Breach(rule="hours", text=f"{leaves[index].id}: {load} h a week, limit {limit}")
    courses = Counter(index for a in open_ones for index in setting.leaves(a))
    for index, count in sorted(courses.items()):
        if index not in touched:
            continue
        leaf = leaves[index]
        most = wishes.courses_limit(leaf.start, leaf.end)
        if most is not None and count > most:
            yield Breach(rule="courses", text=f"{leaf.id}: {count} courses, limit {most}")
    if wishes.deadline is not None and conferral > wishes.deadline:
        yield Breach(rule="deadline", text=f"it ends on {conferral}, after {wishes.deadline}")
    yield from _money_wishes(wishes, owed, fees_unknown)
    credited = {use.id for use in uses(setting, conferral)}
    had = (a for a in setting.record.attempts if a.id in credited or _is_seminar(setting, a))
    names = {name for attempt in had for name in setting.names(attempt)}
    for code in wishes.wanted:
        if code not in names:
            yield Breach(rule=f"wanted {code}", text=f"{code} is not in the plan")


def _is_seminar(setting: Setting, attempt: Attempt) -> bool:
    """Return whether an attempt is one of a course that never earns credit, taken or to come."""
    course = setting.course_of(attempt)
    taken = attempt.is_open or attempt.status is AttemptStatus.PASSED
    return taken and course is not None and not course.counts_credit


def _course_wishes(setting: Setting, wishes: Wishes, attempt: Attempt) -> Iterator[Breach]:
    course = setting.course_of(attempt)
    if setting.names(attempt) & set(wishes.unwanted):
        text = f"{attempt.course} is planned"
        yield Breach(rule=f"unwanted {attempt.course}", text=text, attempts=(attempt.id,))
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
    leaves = setting.leaves(attempt)
    for run in setting.resolved.runs_of(attempt.course):
        sure = run.kind is not OfferingKind.LIKELY or (run.share or 0) >= wishes.min_offering_share
        if run.leaves == leaves and sure:
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


def _money_wishes(wishes: Wishes, owed: list[Due], fees_unknown: bool) -> Iterator[Breach]:
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
