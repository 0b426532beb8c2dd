"""Shared by the unit tests: the day on which they are run, whatever day it is."""

from __future__ import annotations

import datetime as dt

import pytest


@pytest.fixture
def today() -> dt.date:
    """The day of all questions: before the first Fall of the bundled calendars."""
    return dt.date(2026, 8, 1)
