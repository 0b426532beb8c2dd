from __future__ import annotations

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import icalendar

from prospectus.exchange.calendar_file import DayEvent, WeeklyEvent, uid_of, write_calendar

TODAY = dt.date(2026, 8, 1)
FALL = DayEvent(
    key="here|Fall 2026",
    summary="Fall 2026; first, and last",
    first=dt.date(2026, 8, 24),
    last=dt.date(2026, 12, 17),
)
LIVE = WeeklyEvent(
    key="here|live",
    summary="AB 100: live session",
    first=dt.date(2026, 8, 24),
    last=dt.date(2026, 12, 17),
    weekday=2,
    start=dt.time(18),
    minutes=90,
    zone="America/New_York",
    is_sure=False,
)


def parsed(*events: DayEvent | WeeklyEvent) -> icalendar.Calendar:
    return icalendar.Calendar.from_ical(write_calendar("Mine", events, TODAY))


def test_whole_days_end_on_the_day_behind_the_last():
    (event,) = parsed(FALL).walk("VEVENT")
    assert event["DTSTART"].dt == dt.date(2026, 8, 24)
    assert event["DTEND"].dt == dt.date(2026, 12, 18)
    assert event["SUMMARY"] == "Fall 2026; first, and last"
    assert (event["TRANSP"], event["STATUS"]) == ("TRANSPARENT", "CONFIRMED")


def test_what_is_not_sure_is_tentative():
    (event,) = parsed(LIVE).walk("VEVENT")
    assert event["STATUS"] == "TENTATIVE"


def test_a_weekly_session_keeps_its_own_clock_and_ends_with_its_run():
    (event,) = parsed(LIVE).walk("VEVENT")
    start = event["DTSTART"].dt
    assert start.replace(tzinfo=None) == dt.datetime(2026, 8, 26, 18)
    assert event["DTSTART"].params["TZID"] == "America/New_York"
    assert event["DURATION"].dt == dt.timedelta(minutes=90)
    assert event["RRULE"]["FREQ"] == ["WEEKLY"]
    # The last Wednesday, 18:00 in New York in Winter.
    assert event["RRULE"]["UNTIL"] == [dt.datetime(2026, 12, 16, 23, tzinfo=dt.UTC)]
    assert LIVE.days[-1] == dt.date(2026, 12, 16)
    assert len(LIVE.days) == 17


def test_the_zone_of_the_file_changes_its_clock_when_the_zone_does():
    (zone,) = parsed(LIVE).walk("VTIMEZONE")
    written, real = zone.to_tz(), ZoneInfo("America/New_York")
    assert zone["TZID"] == "America/New_York"
    for day in LIVE.days:
        local = dt.datetime.combine(day, LIVE.start)
        assert local.replace(tzinfo=written).utcoffset() == local.replace(tzinfo=real).utcoffset()
    offsets = {dt.datetime.combine(day, LIVE.start, real).utcoffset() for day in LIVE.days}
    assert len(offsets) == 2


def test_a_session_without_a_day_in_its_range_is_left_out():
    short = WeeklyEvent(
        key="k",
        summary="s",
        first=dt.date(2026, 8, 24),
        last=dt.date(2026, 8, 25),
        weekday=4,
        start=dt.time(9),
        minutes=60,
        zone="Europe/Berlin",
    )
    assert parsed(short).walk("VEVENT") == []
    assert parsed(short).walk("VTIMEZONE") == []


def test_the_same_call_gives_the_same_file():
    assert write_calendar("Mine", [FALL, LIVE], TODAY) == write_calendar(
        "Mine", [FALL, LIVE], TODAY
    )
    for event in parsed(FALL, LIVE).walk("VEVENT"):
        assert event["DTSTAMP"].dt == dt.datetime(2026, 8, 1, tzinfo=dt.UTC)


def test_ids_come_from_keys_alone():
    assert uid_of("here|Fall 2026") == "67ea0285-56c9-535c-9bb8-744d8533a9e5"
    assert uid_of("a") != uid_of("b")
    ids = [event["UID"] for event in parsed(FALL, LIVE).walk("VEVENT")]
    assert ids == [uid_of(FALL.key), uid_of(LIVE.key)]


def test_names_and_words_cannot_write_lines_of_their_own():
    evil = "a;b,c\\d\nX-EVIL:1\r\nEND:VCALENDAR\re\x00\x1bf"
    event = replace(FALL, summary=evil, description=evil)
    text = write_calendar(evil, [event], TODAY)
    assert "X-WR-CALNAME:a\\;b\\,c\\\\d\\nX-EVIL:1\\nEND:VCALENDAR e  f\r\n" in text
    assert not set("\x00\x1b") & set(text)
    assert "\r" not in text.replace("\r\n", "")
    assert "X-EVIL" not in icalendar.Calendar.from_ical(text)
    (read,) = icalendar.Calendar.from_ical(text).walk("VEVENT")
    assert read["SUMMARY"] == read["DESCRIPTION"] == "a;b,c\\d\nX-EVIL:1\nEND:VCALENDAR e  f"
