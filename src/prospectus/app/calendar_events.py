"""The dates of a programme, and of one plan for it, as events of a calendar."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from prospectus.app.admission import deadline_day
from prospectus.app.fee_words import due_words, fee_names
from prospectus.domain.course import Delivery
from prospectus.domain.facts import Certainty, Source
from prospectus.domain.offering import OfferingKind, Run
from prospectus.domain.period import Calendar, Period
from prospectus.domain.plan import Appraisal
from prospectus.domain.program import Deadline, Program, Resolved, School
from prospectus.domain.record import Attempt
from prospectus.exchange.calendar_file import DayEvent, WeeklyEvent

_AHEAD = dt.timedelta(days=731)
ASSUMED = "Rests on an assumption: see `prospectus plan`."
"""What is said of an amount that is not certain."""
_NOT_PUBLISHED = "Projected by season: no source has published this date."


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedPlan:
    """What the dates of a plan are made of: `whose` names the person, "" where nobody is named.

    `attempts` are what was taken, is being taken and is planned; without an `appraisal` nothing
    falls due.
    """

    whose: str
    resolved: Resolved
    attempts: tuple[Attempt, ...]
    appraisal: Appraisal | None

    def leaves_of(self, attempt: Attempt) -> tuple[int, ...]:
        """Return the indexes of the leaf periods of an attempt, ascending."""
        calendar = self.resolved.calendar
        found = {index for period in attempt.periods for index in calendar.leaves_of(period)}
        return tuple(sorted(found))

    def run_of(self, attempt: Attempt) -> Run | None:
        """Return the offering of an attempt, None where none is on file."""
        leaves = self.leaves_of(attempt)
        mine = (run for run in self.resolved.runs_of(attempt.course) if run.leaves == leaves)
        return next(mine, None)


def term_events(program: Program, school: School, today: dt.date) -> Iterator[DayEvent]:
    """Yield the periods of two years ahead, and the days on which their grades are known."""
    calendar = dict(school.calendars)[program.calendar]
    for leaf in calendar.leaves:
        if leaf.end < today or (leaf.start > today + _AHEAD and not leaf.published):
            continue
        key = f"{school.id}|{program.calendar}|{leaf.id}"
        yield DayEvent(
            key=f"{key}|period",
            summary=f"{leaf.id} ({school.name})",
            first=leaf.start,
            last=leaf.end,
            description=_how_sure(leaf),
            is_sure=leaf.published,
        )
        yield from _grades(leaf, program, school)


def apply_by_events(
    program: Program,
    school: School,
    today: dt.date,
    since: dt.date | None = None,
    terms: int | None = None,
) -> Iterator[DayEvent]:
    """Yield the days by which to apply for starts of the next two years.

    Parameters
    ----------
    program, school
        The rules, and the school's facts.
    today
        Days before it are left out.
    since
        The first day on which one could begin; today when None.
    terms
        How many starts with open days to name; None means all.
    """
    calendar = dict(school.calendars)[program.calendar]
    begin = since or today
    n_found = 0
    for term in calendar.terms:
        if term.start < begin or term.start > max(begin, today) + _AHEAD:
            continue
        found = [
            _apply_by(program, term, deadline)
            for deadline in _deadlines_of(program, calendar, term)
            if deadline_day(deadline, term.start) >= today
        ]
        yield from found
        n_found += bool(found)
        if n_found == terms:
            return


def plan_events(plan: DatedPlan) -> Iterator[DayEvent | WeeklyEvent]:
    """Yield the courses of a plan, their live sessions and the days on which money is due."""
    whose = f"{plan.resolved.program.id}|{plan.whose}"
    for attempt in plan.attempts:
        if attempt.is_open:
            yield from _course_events(plan, attempt, whose)
    seen: Counter[str] = Counter()
    appraisal, names = plan.appraisal, fee_names(plan.resolved)
    for due in appraisal.dues if appraisal is not None else ():
        seen[due.label] += 1
        yield DayEvent(
            key=f"{whose}|due|{due.label}|{seen[due.label]}",
            summary=f"Due: {due.amount} ({due_words(due.label, names)})",
            first=due.on,
            last=due.on,
            description=ASSUMED if due.assumed else "",
            is_sure=not due.assumed,
        )


def grade_events(plan: DatedPlan) -> Iterator[DayEvent]:
    """Yield the days on which the grades of a plan's open courses are known, where they are."""
    resolved = plan.resolved
    ends = {plan.leaves_of(one)[-1] for one in plan.attempts if one.is_open}
    for index in sorted(ends):
        yield from _grades(resolved.calendar.leaves[index], resolved.program, resolved.school)


def without_hour(plan: DatedPlan) -> Iterator[str]:
    """Yield the courses that are taught live, at hours that are not known."""
    courses = plan.resolved.courses
    for attempt in plan.attempts:
        run, course = plan.run_of(attempt), courses.get(attempt.course)
        delivery = run.delivery if run is not None and run.delivery is not None else None
        if delivery is None and course is not None:
            delivery = course.delivery
        is_live = delivery in (Delivery.SYNC, Delivery.HYBRID, Delivery.IN_PERSON)
        if attempt.is_open and is_live and (run is None or not run.live):
            yield attempt.course


def _grades(leaf: Period, program: Program, school: School) -> Iterator[DayEvent]:
    if leaf.grades is not None:
        yield DayEvent(
            key=f"{school.id}|{program.calendar}|{leaf.id}|grades",
            summary=f"Grades of {leaf.id} ({school.name})",
            first=leaf.grades,
            last=leaf.grades,
            description=_how_sure(leaf),
            is_sure=leaf.published,
        )


def _course_events(
    plan: DatedPlan, attempt: Attempt, whose: str
) -> Iterator[DayEvent | WeeklyEvent]:
    resolved = plan.resolved
    leaves = [resolved.calendar.leaves[index] for index in plan.leaves_of(attempt)]
    course = resolved.courses.get(attempt.course)
    title = course.title if course is not None and course.title else ""
    summary = f"{attempt.course} {title}".strip()
    run = plan.run_of(attempt)
    is_certain = run is not None and run.kind is OfferingKind.CERTAIN
    is_sure = is_certain and all(leaf.published for leaf in leaves)
    told = [] if is_certain else ["No source has published that it runs then."]
    told += [_how_sure(leaf) for leaf in leaves[:1] if not leaf.published]
    key = f"{whose}|{attempt.course}|{attempt.topic or ''}|{leaves[0].id}"
    yield DayEvent(
        key=f"{key}|course",
        summary=summary,
        first=leaves[0].start,
        last=leaves[-1].end,
        description=" ".join(told),
        is_sure=is_sure,
    )
    for number, session in enumerate(run.live if run is not None else (), start=1):
        for leaf in leaves:
            yield WeeklyEvent(
                key=f"{key}|live|{number}|{leaf.id}",
                summary=f"{summary}: live session"
                + ("" if session.mandatory else " (not mandatory)"),
                first=leaf.start,
                last=leaf.end,
                weekday=session.weekday,
                start=session.start,
                minutes=session.minutes,
                zone=session.zone,
                description=" ".join(told),
                is_sure=is_sure,
            )


def _apply_by(program: Program, term: Period, deadline: Deadline) -> DayEvent:
    day = deadline_day(deadline, term.start)
    certainty = deadline.provenance.certainty
    sources = {source.id: source for source in program.sources}
    told = [deadline.provenance.note] if deadline.provenance.note else []
    if deadline.year is None and not term.published:
        told.append("The same day as every year; that of this start is not yet published.")
    if certainty is not Certainty.STATED:
        told.append(f"This day is {certainty.value}.")
    told += [
        f"Source: {_source_words(sources[name])}, of {deadline.provenance.as_of or 'no date'}."
        for name in deadline.provenance.sources
        if name in sources
    ]
    named = f" ({deadline.round})" if deadline.round else ""
    return DayEvent(
        key=f"{program.id}|apply|{term.id}|{deadline.start}|{deadline.round}",
        summary=f"Apply by this day for {term.id}{named}: {program.name}",
        first=day,
        last=day,
        description=" ".join(told),
        is_sure=certainty is Certainty.STATED and (deadline.year is not None or term.published),
    )


def _deadlines_of(program: Program, calendar: Calendar, term: Period) -> tuple[Deadline, ...]:
    inside = calendar.leaves_by_term[calendar.terms.index(term)]
    leaves = [str(calendar.leaves[index].id) for index in inside]
    return program.admission.deadlines_of(term.season, str(term.id), *leaves)


def _source_words(source: Source) -> str:
    return f"{source.title} {source.address}".strip()


def _how_sure(leaf: Period) -> str:
    if leaf.published:
        return ""
    assumed = leaf.provenance.certainty is Certainty.ASSUMED
    return _NOT_PUBLISHED + (" Its dates are assumed." if assumed else "")
