"""Weekly live sessions in words, in the person's own time: clocks change on different days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from zoneinfo import ZoneInfo

from prospectus.domain.offering import LiveSession
from prospectus.domain.period import Period
from prospectus.domain.printer import long_day

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def live_words(
    sessions: Sequence[LiveSession], leaves: Sequence[Period], zone: str | None
) -> tuple[str, ...]:
    """Return a line for each weekly session of a run over its leaf periods.

    Parameters
    ----------
    sessions, leaves
        The sessions of the run, and the periods in which it runs.
    zone
        The person's zone; None shows the school's own time.
    """
    days = tuple((leaf.start, leaf.end) for leaf in leaves)
    return tuple(_line(session, days, zone) for session in sessions)


@lru_cache(maxsize=4096)
def _line(session: LiveSession, days: tuple[tuple[dt.date, dt.date], ...], zone: str | None) -> str:
    must = "" if session.mandatory else ", optional"
    if zone is None:
        end = dt.datetime.combine(dt.date.min, session.start)
        until = end + dt.timedelta(minutes=session.minutes)
        told = f"{_DAYS[session.weekday]} {session.start:%H:%M} to {until:%H:%M}"
        return f"{told} ({session.zone}{must})"
    mine = ZoneInfo(zone)
    local = [
        (start.astimezone(mine), end.astimezone(mine))
        for first, last in days
        for start, end in meetings(session, first, last)
    ]
    phases = [
        (words, next(group)[0].date())
        for words, group in groupby(local, key=lambda span: _span_words(*span))
    ]
    told = "; ".join(
        words if place == 0 else f"from {long_day(since)} {words}"
        for place, (words, since) in enumerate(phases)
    )
    return f"{told} (your time{must})"


def meetings(
    session: LiveSession, first: dt.date, last: dt.date
) -> Iterator[tuple[dt.datetime, dt.datetime]]:
    """Yield start and end of each meeting of a session from one day to another, both included."""
    zone = ZoneInfo(session.zone)
    day = first + dt.timedelta(days=(session.weekday - first.weekday()) % 7)
    while day <= last:
        start = dt.datetime.combine(day, session.start, tzinfo=zone)
        # the clock may change while it lasts
        end = start.astimezone(dt.UTC) + dt.timedelta(minutes=session.minutes)
        yield start, end
        day += dt.timedelta(days=7)


def _span_words(start: dt.datetime, end: dt.datetime) -> str:
    return f"{_DAYS[start.weekday()]} {start:%H:%M} to {end:%H:%M}"
