"""Dates and weekly sessions as one iCalendar file (RFC 5545)."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, vText

# Ids of events are made from their keys below this one, so that they stay the same for ever.
_NAMESPACE = uuid.UUID("5f0f7f0e-5d0b-5a3c-9a4e-7c1d2b8e6f30")
# Ends of lines are escaped; the format has no way to write the others.
_CONTROL = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\ud800-\\udfff]")
_WEEK = dt.timedelta(days=7)
_YEAR = dt.timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayEvent:
    """Whole days, from `first` to `last`, both included.

    `key` says in words what the event is, whatever its dates; events of one key are one event.
    `is_sure` False marks it as tentative.
    """

    key: str
    summary: str
    first: dt.date
    last: dt.date
    description: str = ""
    is_sure: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklyEvent:
    """A session on the same weekday of every week, in the clock of its own zone.

    `first` and `last` bound the days; the first session is on the first `weekday` (0 is Monday)
    from `first` on.
    """

    key: str
    summary: str
    first: dt.date
    last: dt.date
    weekday: int
    start: dt.time
    minutes: int
    zone: str
    description: str = ""
    is_sure: bool = True

    @property
    def days(self) -> tuple[dt.date, ...]:
        """Return the days of its sessions."""
        day = self.first + dt.timedelta(days=(self.weekday - self.first.weekday()) % 7)
        found = []
        while day <= self.last:
            found.append(day)
            day += _WEEK
        return tuple(found)


def uid_of(key: str) -> str:
    """Return the id of the event of a key: always the same, and another for another key."""
    return str(uuid.uuid5(_NAMESPACE, key))


def write_calendar(name: str, events: Iterable[DayEvent | WeeklyEvent], stamp: dt.date) -> str:
    """Return the text of a calendar file.

    Parameters
    ----------
    name
        What programs call the calendar.
    events
        Its events; a weekly one without a day in its range is left out.
    stamp
        The day on which it is made.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Prospectus//degree calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", _text(name))
    at = dt.datetime.combine(stamp, dt.time(), dt.UTC)
    spans: dict[str, list[dt.date]] = {}
    made = []
    for event in events:
        if isinstance(event, DayEvent):
            made.append(_days(event, at))
        elif event.days:
            made.append(_weekly(event, at))
            spans.setdefault(event.zone, []).extend((event.days[0], event.days[-1]))
    # A zone says its changes of clock from a year before its sessions to a year after them.
    for zone, days in sorted(spans.items()):
        calendar.add_component(
            Timezone.from_tzinfo(
                ZoneInfo(zone), zone, first_date=min(days) - _YEAR, last_date=max(days) + _YEAR
            )
        )
    for component in made:
        calendar.add_component(component)
    return str(calendar.to_ical(), "utf-8")


def _text(text: str) -> vText:
    """Return a text that the format escapes; what no text may hold becomes a space."""
    return vText(_CONTROL.sub(" ", text.replace("\r\n", "\n")))


def _common(event: DayEvent | WeeklyEvent, at: dt.datetime) -> Event:
    made = Event()
    made.add("uid", uid_of(event.key))
    made.add("dtstamp", at)
    made.add("summary", _text(event.summary))
    if event.description:
        made.add("description", _text(event.description))
    made.add("status", "CONFIRMED" if event.is_sure else "TENTATIVE")
    return made


def _days(event: DayEvent, at: dt.datetime) -> Event:
    made = _common(event, at)
    made.add("dtstart", event.first)
    # The day behind the last, as the format counts it.
    made.add("dtend", event.last + dt.timedelta(days=1))
    made.add("transp", "TRANSPARENT")
    return made


def _weekly(event: WeeklyEvent, at: dt.datetime) -> Event:
    zone = ZoneInfo(event.zone)
    begins = dt.datetime.combine(event.days[0], event.start, zone)
    last = dt.datetime.combine(event.days[-1], event.start, zone)
    made = _common(event, at)
    made.add("dtstart", begins)
    made.add("duration", dt.timedelta(minutes=event.minutes))
    made.add("rrule", {"freq": "weekly", "until": last.astimezone(dt.UTC)})
    made.add("transp", "OPAQUE")
    return made
