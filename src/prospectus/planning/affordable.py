"""How much study the money of each calendar year pays for: a bound by counting alone."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from prospectus.domain.offering import Run
from prospectus.domain.student import Wishes
from prospectus.legality.uses import Use
from prospectus.planning.money import Tariff


@dataclass(slots=True)
class _Year:
    """What can be charged to one year: the least each use costs there, and the first end.

    `fixed` is the least that the fees of one term in which anything is taken come to.
    """

    first_end: dt.date
    cheapest: dict[int, int] = field(default_factory=dict)
    fixed: int | None = None


class Affordable:
    """The credits that limits of money leave room for, year by year.

    What is charged by course and by credit counts, and the fees of one term in each year, the
    lowest: so that it is never too few. Where a rate hangs on the credits of a term, or some fee
    is a rebate, nothing is bounded.
    """

    def __init__(
        self, tariff: Tariff, starts: Iterable[tuple[Use, Sequence[Run]]], need: int
    ) -> None:
        # `starts`: what could be taken, with its runs in one term
        self.tariff = tariff
        self.need = need
        self.years: dict[int, _Year] = {}
        self._steps: dict[int, int] = {}
        self._cheapest: dict[int, int] = {}
        self._known: dict[tuple[tuple[tuple[tuple[int, int], int], ...], int], int] = {}
        spans = tariff.compiled.spans
        terms: dict[int, dict[int, int]] = {}
        for use, run, end in _told(starts, tariff):
            term, begun = spans[run.leaves].term, spans[run.leaves].first.year
            if term not in terms:
                terms[term] = _fees(tariff, term)
            if use.index not in self._steps:
                self._steps[use.index] = tariff.compiled.use_steps[use.index]
            due: dict[int, int] = {}
            for charge in tariff.of_run(use, run):
                due[charge.year] = due.get(charge.year, 0) + charge.minor
            whole = tariff.sum_of_run(use, run)
            self._cheapest[use.index] = min(whole, self._cheapest.get(use.index, whole))
            # what costs nothing is charged to the year in which it begins
            for year, minor in (due or {begun: 0}).items():
                here = self.years.setdefault(year, _Year(end))
                if end < here.first_end:
                    here.first_end = end
                if minor < here.cheapest.get(use.index, minor + 1):
                    here.cheapest[use.index] = minor
                fees = terms[term].get(year, 0)
                here.fixed = fees if here.fixed is None else min(here.fixed, fees)
        amounts = (fee.amount for rows in tariff.groups.values() for fee in rows)
        is_rebated = any(amount is not None and amount.minor < 0 for amount in amounts)
        has_rates = any(map(tariff.rates_in, terms))
        self.is_known = not (tariff.unknown or is_rebated or has_rates)

    def in_year(self, year: int, most: int) -> int:
        """Return the most steps of credit that so much money buys in a year."""
        here = self.years[year]
        return self._bought(here.cheapest, max(0, most - (here.fixed or 0)))

    def in_all(self, most: int) -> int:
        """Return the most steps of credit that so much money buys whenever they are taken."""
        return self._bought(self._cheapest, most)

    def by_day(self, wishes: Wishes, day: dt.date) -> int:
        """Return the most steps that the limits of each year leave room for until a day."""
        total = 0
        for year, here in self.years.items():
            if here.first_end <= day and total < self.need:
                most = limit_of(wishes, year)
                total += self.need if most is None else self.in_year(year, most)
        return total

    def _bought(self, cheapest: Mapping[int, int], most: int) -> int:
        kinds: dict[tuple[int, int], int] = defaultdict(int)
        for index, minor in cheapest.items():
            kinds[max(0, minor), self._steps[index]] += 1
        # most years are alike
        key = (tuple(sorted(kinds.items())), most)
        if key not in self._known:
            self._known[key] = self._filled(kinds, most)
        return self._known[key]

    def _filled(self, kinds: Mapping[tuple[int, int], int], most: int) -> int:
        """Fill a knapsack: the least cost of each number of steps up to what is needed."""
        best: list[int | None] = [0, *([None] * self.need)]
        for (minor, steps), count in kinds.items():
            fitting = count if not minor else min(count, most // minor)
            for _ in range(min(fitting, -(-self.need // steps)) if steps else 0):
                for have in range(self.need - 1, -1, -1):
                    cost = best[have]
                    if cost is None or cost + minor > most:
                        continue
                    place = min(self.need, have + steps)
                    known = best[place]
                    if known is None or cost + minor < known:
                        best[place] = cost + minor
        return max(steps for steps, cost in enumerate(best) if cost is not None)


def _told(
    starts: Iterable[tuple[Use, Sequence[Run]]], tariff: Tariff
) -> Iterator[tuple[Use, Run, dt.date]]:
    """Yield the runs that may be charged differently, each with the first end of those alike."""
    spans = tariff.compiled.spans
    for use, runs in starts:
        if tariff.hangs_on_run(spans[runs[0].leaves].term):
            for run in runs:
                yield use, run, spans[run.leaves].last
            continue
        alike: dict[int, list[Run]] = defaultdict(list)
        for run in runs:
            alike[spans[run.leaves].first.year].append(run)
        for mine in alike.values():
            yield use, mine[0], min([spans[run.leaves].last for run in mine])


def _fees(tariff: Tariff, term: int) -> dict[int, int]:
    """Return the least that a term costs in which any credit is taken, by year."""
    found: dict[int, int] = defaultdict(int)
    for steps in tariff.of_term(term):
        if steps.tiers and steps.tiers[0][0] <= 1:
            found[steps.year] += max(0, min(amount for _, amount in steps.tiers))
    return found


def limit_of(wishes: Wishes, year: int) -> int | None:
    """Return the least limit on what is due in a year, in minor units."""
    limits = [most.minor for when, most in wishes.budget_by_year if when in (None, year)]
    return min(limits, default=None)
