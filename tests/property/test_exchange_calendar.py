"""Laws of calendar files: the library reads back every event as it was."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import icalendar
from hypothesis import given, settings
from hypothesis import strategies as st

from prospectus.exchange.calendar_file import DayEvent, WeeklyEvent, uid_of, write_calendar

TODAY = dt.date(2026, 8, 1)
ZONES = ("America/New_York", "Europe/London", "Asia/Kolkata", "Australia/Sydney", "UTC")
days = st.dates(dt.date(2026, 1, 1), dt.date(2032, 12, 31))
texts = st.text(st.characters(blacklist_categories=("Cc", "Cs")), min_size=1, max_size=40)
spans = st.builds(lambda first, n: (first, first + dt.timedelta(days=n)), days, st.integers(0, 120))
whole = st.builds(
    lambda key, summary, span, sure: DayEvent(
        key=key, summary=summary, first=span[0], last=span[1], is_sure=sure
    ),
    texts,
    texts,
    spans,
    st.booleans(),
)
weekly = st.builds(
    lambda key, summary, span, weekday, hour, minutes, zone: WeeklyEvent(
        key=key,
        summary=summary,
        first=span[0],
        last=span[1] + dt.timedelta(days=7),
        weekday=weekday,
        start=dt.time(hour, 30),
        minutes=minutes,
        zone=zone,
    ),
    texts,
    texts,
    spans,
    st.integers(0, 6),
    # No clock is put forward at these hours in these zones.
    st.integers(4, 22),
    st.integers(1, 300),
    st.sampled_from(ZONES),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(whole | weekly, max_size=6))
def test_every_event_is_read_back_as_it_was(events: list[DayEvent | WeeklyEvent]):
    text = write_calendar("Mine", events, TODAY)
    calendar = icalendar.Calendar.from_ical(text)
    found = calendar.walk("VEVENT")
    assert [str(one["UID"]) for one in found] == [uid_of(event.key) for event in events]
    assert [str(one["SUMMARY"]) for one in found] == [event.summary for event in events]
    zones = {str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")}
    for one, event in zip(found, events, strict=True):
        start = one["DTSTART"].dt
        if isinstance(event, DayEvent):
            assert (start, one["DTEND"].dt - dt.timedelta(days=1)) == (event.first, event.last)
            continue
        assert start.date() == event.days[0]
        assert start.weekday() == event.weekday
        assert start.time() == event.start
        last = one["RRULE"]["UNTIL"][0].astimezone(ZoneInfo(event.zone))
        assert (last.date(), last.time()) == (event.days[-1], event.start)
        assert event.first <= start.date() <= last.date() <= event.last
        if event.zone != "UTC":
            assert event.zone in zones
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


@given(texts, texts)
def test_two_keys_have_two_ids(one: str, other: str):
    assert (uid_of(one) == uid_of(other)) == (one == other)
