"""A clock for tests in which time passes when they say so."""

from __future__ import annotations

import datetime as dt


class Clock:
    """Says a time that is a second later whenever it is asked."""

    def __init__(self) -> None:
        self.time = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        self.time += dt.timedelta(seconds=1)
        return self.time

    def pass_by(self, seconds: float) -> None:
        self.time += dt.timedelta(seconds=seconds)
