"""When runs are, by the leaf periods they occupy: worked out once for a resolved programme."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from prospectus.domain.period import Calendar
from prospectus.domain.program import Resolved


class Span(NamedTuple):
    """The first and last day of a run, the term it is registered in, and its weeks in all."""

    first: dt.date
    last: dt.date
    term: int
    weeks: int


class Spans(dict[tuple[int, ...], Span]):
    """The span of each set of leaf periods that anything runs in."""

    def __init__(self, calendar: Calendar) -> None:
        super().__init__()
        self._calendar = calendar

    def __missing__(self, leaves: tuple[int, ...]) -> Span:
        periods = [self._calendar.leaves[index] for index in leaves]
        found = self[leaves] = Span(
            first=periods[0].start,
            last=max([period.end for period in periods]),
            term=self._calendar.term_of[leaves[0]],
            weeks=sum([period.n_weeks for period in periods]),
        )
        return found


def spans_of(resolved: Resolved) -> Spans:
    """Return the spans of a resolved programme's calendar."""
    found = resolved.memo.get(Spans)
    if not isinstance(found, Spans):
        found = resolved.memo[Spans] = Spans(resolved.calendar)
    return found
