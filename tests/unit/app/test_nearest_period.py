"""A period that a calendar does not have: which one is proposed instead."""

from __future__ import annotations

import datetime as dt

import pytest

from prospectus.app.nearest_period import nearest_period
from prospectus.domain.period import Calendar, Period


def calendar() -> Calendar:
    """Return two years of Spring, Summer and Fall."""
    months = (("Spring", 1), ("Summer", 5), ("Fall", 8))
    terms = tuple(
        Period(
            id=f"{season} {year}",
            term=f"{season} {year}",
            season=season,
            year=year,
            start=dt.date(year, month, 10),
            end=dt.date(year, month + 3, 10),
        )
        for year in (2025, 2026)
        for season, month in months
    )
    return Calendar(leaves=terms, terms=terms)


@pytest.mark.parametrize(
    ("name", "fix"),
    [
        ("Autum 2025", "did you mean Fall 2025?"),
        ("Autumn 2026", "did you mean Fall 2026?"),
        ("Fal 2026", "did you mean Fall 2026?"),
        ("2026 sumer", "did you mean Summer 2026?"),
        ("Winter 2025", "the periods of 2025 are Spring 2025, Summer 2025 and Fall 2025"),
        ("Fall 1905", "correct the year: the calendar goes from 2025 to 2026"),
        ("Fall", "did you mean Fall 202"),
        ("last year", "write season and year"),
    ],
)
def test_the_season_of_the_same_year_comes_first(name: str, fix: str) -> None:
    assert nearest_period(name, calendar()).startswith(fix)
