"""The dates of a plan board: a list by month in the person's own time, and a calendar file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from zoneinfo import ZoneInfo

from prospectus.app.board_case import BoardCase, record_with
from prospectus.app.board_check import checked
from prospectus.app.board_source import BoardSource, cards_kept
from prospectus.app.calendar_events import (
    ASSUMED,
    DatedPlan,
    apply_by_events,
    grade_events,
    plan_events,
    without_hour,
)
from prospectus.app.words import listed
from prospectus.app.workspace import KeptBoard, Workspace
from prospectus.domain.printer import long_day
from prospectus.domain.record import AttemptStatus
from prospectus.exchange.calendar_file import DayEvent, WeeklyEvent, write_calendar

_GONE = (AttemptStatus.WITHDRAWN, AttemptStatus.FAILED)
_Event = DayEvent | WeeklyEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line of a month: `when` in words, what happens, and what a reader should know of it."""

    day: dt.date
    when: str
    text: str
    note: str
    is_sure: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A month of the calendar, with its lines in time order."""

    name: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardCalendar:
    """The dates of a board.

    `zone` is the clock in which live sessions are told, None for that of each session;
    `without_hour` are courses that are taught live at hours no source gives; `unknown` is what
    has no day for it is not known; `n_broken` rules and wishes are broken by the plan.
    """

    kept: KeptBoard
    program: str
    zone: str | None
    months: tuple[Month, ...]
    without_hour: tuple[str, ...]
    unknown: tuple[str, ...]
    n_broken: int
    file: str


def board_calendar(
    workspace: Workspace, board: str, today: dt.date, catalogs: tuple[Path, ...] = ()
) -> BoardCalendar:
    """Return the dates of a kept board.

    Raises
    ------
    ProspectusError
        For an id that names nothing (STO-001), a student document that has faults, or cards that
        the catalog does not know (BRD-...).
    """
    kept = workspace.boards.get(board)
    student = workspace.students.get(kept.student_id)
    source = BoardSource(
        catalogs=catalogs,
        text=student.text,
        name=student.name,
        program=kept.program,
        year=kept.catalog_year,
        track=kept.track,
        today=today,
    )
    case = source.case
    state = checked(case, cards_kept(kept.cards))
    attempts = [one for one in record_with(case, state.cards).attempts if one.status not in _GONE]
    plan = DatedPlan(
        whose=case.student.name,
        resolved=case.resolved,
        attempts=tuple(attempts),
        appraisal=state.appraisal if state.cards else None,
    )
    placed = [one for one in attempts if plan.leaves_of(one)]
    placed.sort(key=lambda one: (plan.leaves_of(one), one.course))
    plan = DatedPlan(
        whose=plan.whose,
        resolved=plan.resolved,
        attempts=tuple(placed),
        appraisal=plan.appraisal,
    )
    events = tuple(map(_in_page_words, _events(case, plan)))
    zone = case.student.wishes.zone
    return BoardCalendar(
        kept=kept,
        program=case.program.name,
        zone=zone,
        months=_months(events, zone),
        without_hour=tuple(dict.fromkeys(without_hour(plan))),
        unknown=tuple(name for name in state.appraisal.unknown if not name.startswith("hours of")),
        n_broken=len(state.breaches),
        file=write_calendar(f"{kept.name}: plan", events, today),
    )


def _events(case: BoardCase, plan: DatedPlan) -> Iterator[_Event]:
    events = list(plan_events(plan))
    yield from events
    yield from grade_events(plan)
    if case.student.program != case.program.id:
        first = min((event.first for event in events), default=case.student.plan_from)
        since = min(first, case.student.plan_from)
        yield from apply_by_events(case.program, case.school, case.today, since, terms=1)


def _months(events: Iterable[_Event], zone: str | None) -> tuple[Month, ...]:
    entries = [
        entry
        for event in events
        for entry in (_days(event) if isinstance(event, DayEvent) else _weeks(event, zone))
    ]
    entries.sort(key=lambda one: (one.day, one.text))
    return tuple(
        Month(name=f"{first:%B %Y}", entries=tuple(found))
        for first, found in groupby(entries, key=lambda one: one.day.replace(day=1))
    )


def _days(event: DayEvent) -> Iterator[Entry]:
    """Yield the day, or first and last day of what lasts."""
    if event.first == event.last:
        yield _entry(event, event.first, long_day(event.first), event.summary)
        return
    until = long_day(event.last)
    yield _entry(event, event.first, long_day(event.first), f"{event.summary} begins")
    yield _entry(event, event.last, until, f"{event.summary} ends")


def _weeks(event: WeeklyEvent, zone: str | None) -> Iterator[Entry]:
    """Yield the sessions of each month in one line, and another from where the clock differs."""
    own = ZoneInfo(zone or event.zone)
    clock = "" if zone else f" ({event.zone})"
    spans = []
    for day in event.days:
        start = dt.datetime.combine(day, event.start, ZoneInfo(event.zone))
        # in UTC, for the clock may change while it lasts
        end = start.astimezone(dt.UTC) + dt.timedelta(minutes=event.minutes)
        spans.append((start.astimezone(own), end.astimezone(own)))
    for (_, _, words), found in groupby(spans, key=_phase):
        days = [start.date() for start, _ in found]
        yield _entry(event, days[0], _listed_days(days), f"{event.summary}, {words}{clock}")


def _phase(span: tuple[dt.datetime, dt.datetime]) -> tuple[int, int, str]:
    start, end = span
    return start.year, start.month, f"{start:%A}s {start:%H:%M} to {end:%H:%M}"


def _listed_days(days: Sequence[dt.date]) -> str:
    last = days[-1]
    return f"{listed([str(day.day) for day in days], 'and')} {last:%b %Y}"


def _entry(event: _Event, day: dt.date, when: str, text: str) -> Entry:
    return Entry(day=day, when=when, text=text, note=event.description, is_sure=event.is_sure)


def _in_page_words(event: _Event) -> _Event:
    """Return an event that tells nobody to type a command."""
    if event.description != ASSUMED:
        return event
    return replace(event, description="Rests on an assumption.")
