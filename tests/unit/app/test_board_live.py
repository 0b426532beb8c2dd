"""Live sessions are told in the person's own time, over the days on which clocks change."""

from __future__ import annotations

import datetime as dt

from prospectus.app.board_live import live_words, meetings
from prospectus.domain.offering import LiveSession
from prospectus.domain.period import Period, PeriodId

SPRING = Period(
    id=PeriodId("Spring 2027"),
    term=PeriodId("Spring 2027"),
    season="Spring",
    year=2027,
    start=dt.date(2027, 1, 11),
    end=dt.date(2027, 5, 2),
)
EVENING = LiveSession(
    weekday=1, start=dt.time(18, 30), minutes=90, zone="America/New_York", mandatory=True
)


def test_without_a_zone_the_school_s_time_is_told() -> None:
    assert live_words([EVENING], [SPRING], None) == ("Tue 18:30 to 20:00 (America/New_York)",)


def test_it_is_the_next_day_elsewhere_and_an_hour_earlier_once_the_clocks_change() -> None:
    (told,) = live_words([EVENING], [SPRING], "Asia/Kolkata")
    assert told == "Wed 05:00 to 06:30; from 17 Mar 2027 Wed 04:00 to 05:30 (your time)"


def test_where_clocks_change_on_other_days_there_are_three_phases() -> None:
    (told,) = live_words([EVENING], [SPRING], "Europe/Berlin")
    assert told == (
        "Wed 00:30 to 02:00; from 16 Mar 2027 Tue 23:30 to 01:00; "
        "from 31 Mar 2027 Wed 00:30 to 02:00 (your time)"
    )


def test_an_optional_session_says_so() -> None:
    optional = LiveSession(
        weekday=5, start=dt.time(9), minutes=60, zone="America/New_York", mandatory=False
    )
    (told,) = live_words([optional], [SPRING], "America/New_York")
    assert told == "Sat 09:00 to 10:00 (your time, optional)"


def test_a_session_meets_on_its_weekday_from_the_first_day_to_the_last() -> None:
    met = [start for start, _ in meetings(EVENING, SPRING.start, SPRING.end)]
    assert (met[0].date(), met[-1].date()) == (dt.date(2027, 1, 12), dt.date(2027, 4, 27))
    assert len(met) == 16
    assert {start.weekday() for start in met} == {1}


def test_a_night_session_lasts_as_long_where_a_clock_is_put_forward_in_it() -> None:
    night = LiveSession(
        weekday=6, start=dt.time(1, 30), minutes=60, zone="America/New_York", mandatory=True
    )
    for start, end in meetings(night, dt.date(2027, 3, 14), dt.date(2027, 3, 14)):
        assert end.astimezone(dt.UTC) - start.astimezone(dt.UTC) == dt.timedelta(minutes=60)
