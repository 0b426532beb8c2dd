"""What is true by a day, in order encoding: an event that has come, a total that is reached."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable

from prospectus.legality.store import Lit, Store, Term


class Chain:
    """One event at most per literal: whether one has come by a day, in order encoding."""

    def __init__(self, store: Store, events: Iterable[tuple[dt.date, Lit]]) -> None:
        by_day: dict[dt.date, list[Lit]] = defaultdict(list)
        for day, lit in events:
            if lit is not False:
                by_day[day].append(lit)
        self._store = store
        self._days = sorted(by_day)
        self._lits = [by_day[day] for day in self._days]
        self._made: list[Lit] = []

    def by(self, day: dt.date) -> Lit:
        """Return the literal that one of the events has come by a day."""
        count = bisect_right(self._days, day)
        while len(self._made) < count:
            before: list[Lit] = [self._made[-1]] if self._made else []
            self._made.append(self._store.any_of([*before, *self._lits[len(self._made)]]))
        return self._made[count - 1] if count else False


class Totals:
    """A running total over what is over by a day."""

    def __init__(self, store: Store, events: Iterable[tuple[dt.date, int, Lit]]) -> None:
        by_day: dict[dt.date, list[Term]] = defaultdict(list)
        for day, weight, lit in events:
            if lit is not False:
                by_day[day].append((lit, weight))
        self._store = store
        self._days = sorted(by_day)
        self._terms = [by_day[day] for day in self._days]
        self._sums: list[tuple[Lit | None, int, int]] = []
        self._reached: dict[tuple[int, int], Lit] = {}

    def reaches(self, day: dt.date, low: int) -> Lit:
        """Return a literal that may be true only where the total by a day reaches `low`."""
        if low <= 0:
            return True
        count = bisect_right(self._days, day)
        if not count:
            return False
        if (count, low) not in self._reached:
            self._reached[count, low] = self._make(count, low)
        return self._reached[count, low]

    def _make(self, count: int, low: int) -> Lit:
        variable, fixed, most = self._sum(count)
        if fixed >= low:
            return True
        if most < low or variable is None:
            return False
        result = self._store.new_bool()
        self._store.linear([(variable, 1)], low - fixed, None, given=(result,))
        # once reached, always reached: helps the search, asks nothing new
        if (count - 1, low) in self._reached:
            self._store.imply(self._reached[count - 1, low], result)
        return result

    def _sum(self, count: int) -> tuple[Lit | None, int, int]:
        """Return (variable part, fixed part, largest sum) of the first `count` days."""
        while len(self._sums) < count:
            variable, fixed, most = self._sums[-1] if self._sums else (None, 0, 0)
            terms = self._terms[len(self._sums)]
            constant = sum(weight for lit, weight in terms if lit is True)
            moving: list[Term] = [(lit, weight) for lit, weight in terms if lit is not True]
            high = most + sum(weight for _, weight in terms)
            fixed += constant
            if moving:
                if variable is not None:
                    moving.append((variable, 1))
                variable = self._store.new_int(0, high - fixed)
                self._store.linear([*moving, (variable, -1)], 0, 0)
            self._sums.append((variable, fixed, high))
        return self._sums[count - 1]
