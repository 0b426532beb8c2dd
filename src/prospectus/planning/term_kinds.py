"""What terms cost at least: terms that cost and hold alike are counted, not told apart.

A plan takes each course in a term of some kind. What the terms of a kind hold together bounds how
many of them are billed, and at which tier: a bound on fees that knows no order of time.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from prospectus.legality.store import Lit, Store, Term
from prospectus.legality.uses import Use
from prospectus.planning.horizon import Horizon
from prospectus.planning.money import Steps, Tariff


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """What makes terms one kind: (most steps, fees) by tier, and the most courses they hold."""

    tiers: tuple[tuple[int, int], ...]
    courses: int


@dataclass(slots=True)
class _Kind:
    """The terms of a kind, and what could be taken in one of them: (use, least charge)."""

    terms: list[int] = field(default_factory=list)
    charges: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What runs in the terms of one kind: how many of them are used, and for how many courses."""

    terms: frozenset[int]
    used: tuple[Term, ...]
    courses: tuple[Term, ...]


class TermKinds:
    """The terms of a calendar by kind, as numbers in a model without a calendar."""

    def __init__(
        self,
        horizon: Horizon,
        tariff: Tariff,
        uses: Iterable[Use],
    ) -> None:
        self.horizon = horizon
        self.tariff = tariff
        self.compiled = horizon.compiled
        self.calendar = horizon.calendar
        self._rooms = horizon.rooms.in_steps(dt.date.max)
        self._uses = {use.index: use for use in uses}
        self._ends: dict[int, dt.date] = {}
        here = self._cheapest()
        self.kinds: dict[_Look, _Kind] = {}
        for term in sorted(here):
            kind = self.kinds.setdefault(self._look(term, here[term]), _Kind())
            kind.terms.append(term)
            for index, charge in here[term].items():
                kind.charges[index] = min(charge, kind.charges.get(index, charge))
        self._reached: list[Lit] = []
        self.shares: list[Share] = []

    def _cheapest(self) -> dict[int, dict[int, int]]:
        """Return what can be taken in each term, with the least charge; note the first ends."""
        here: dict[int, dict[int, int]] = defaultdict(dict)
        spans = self.compiled.spans
        leaves: set[tuple[int, ...]] = set()
        for use in self._uses.values():
            for term, mine in self.horizon.by_term.get(use.code, {}).items():
                leaves.update([run.leaves for run in mine])
                told = mine if self.tariff.hangs_on_run(term) else mine[:1]
                here[term][use.index] = min([self.tariff.sum_of_run(use, run) for run in told])
        for span in map(spans.__getitem__, leaves):
            self._ends[span.term] = min(span.last, self._ends.get(span.term, dt.date.max))
        return here

    def _look(self, term: int, here: Mapping[int, int]) -> _Look:
        steps = [self.compiled.use_steps[index] for index in here]
        room = min(sum(steps), self._rooms.get(term, sum(steps)))
        fees = self.tariff.of_term(term)
        fixed = self.tariff.registered_in_term.get(term, 0)
        lows = sorted({max(0, low - fixed) for one in fees for low, _ in one.tiers} | {0})
        leaves = self.calendar.leaves_by_term[term]
        session = min((_least(self.tariff.of_session(leaf)) for leaf in leaves), default=0)
        tiers: list[tuple[int, int]] = []
        for low, upper in zip(lows, [*lows[1:], None], strict=True):
            most = room if upper is None else min(room, upper - 1)
            # a tier that opens between two steps holds nothing, and a term too full for it neither
            if low <= room and most >= 0:
                tiers.append((most, session + sum(one.at(low + fixed) for one in fees)))
        return _Look(
            tiers=tuple(tiers), courses=min(len(here), self.horizon.rooms.most_courses(term))
        )

    def fees(self, store: Store, taken: Mapping[int, Lit]) -> list[Term]:
        """Return what the courses taken cost at least, with the fees of the terms they need."""
        terms = sorted(term for kind in self.kinds.values() for term in kind.terms)
        reached = {term: store.new_bool() for term in terms}
        self._reached = [reached[term] for term in terms]
        for one, other in zip(self._reached, self._reached[1:], strict=False):
            store.imply(other, one)
        total: list[Term] = []
        placed: dict[tuple[int, tuple[tuple[int, int], ...]], list[Lit]] = defaultdict(list)
        kinds = list(self.kinds.items())
        for index in self._uses:
            where = tuple(
                (place, kind.charges[index])
                for place, (_, kind) in enumerate(kinds)
                if index in kind.charges
            )
            placed[self.compiled.use_steps[index], where].append(taken[index])
        held: dict[int, list[tuple[int, Lit]]] = defaultdict(list)
        for (steps, where), lits in placed.items():
            numbers: list[Term] = []
            for place, charge in where:
                number = store.new_int(0, len(lits))
                numbers.append((number, 1))
                total.append((number, charge))
                held[place].append((steps, number))
            store.linear([*numbers, *((lit, -1) for lit in lits)], 0, 0)
        for place, (look, kind) in enumerate(kinds):
            mine = [reached[term] for term in kind.terms]
            used = self._kind(store, look, kind, mine, held[place], total)
            courses = tuple((number, 1) for _, number in held[place])
            self.shares.append(Share(terms=frozenset(kind.terms), used=used, courses=courses))
        return total

    def _kind(
        self,
        store: Store,
        look: _Look,
        kind: _Kind,
        reached: Sequence[Lit],
        held: Sequence[tuple[int, Lit]],
        total: list[Term],
    ) -> tuple[Term, ...]:
        """Count the terms of one kind by tier, so that they hold what is taken in them."""
        count = [store.new_int(0, len(reached)) for _ in look.tiers]
        total += [(number, fee) for number, (_, fee) in zip(count, look.tiers, strict=True)]
        store.linear([*((n, 1) for n in count), *((lit, -1) for lit in reached)], None, 0)
        room = [(n, -most) for n, (most, _) in zip(count, look.tiers, strict=True)]
        store.linear([*((number, steps) for steps, number in held), *room], None, 0)
        all_steps = [self.compiled.use_steps[index] for index in kind.charges]
        for size in sorted({steps for steps, _ in held}):
            # whole courses only: of those as large as this, a term holds so many
            large: list[Term] = [(number, 1) for steps, number in held if steps >= size]
            if size:
                sizes = sorted(steps for steps in all_steps if steps >= size)
                large += [
                    (n, -min(look.courses, _fitting(sizes, most)))
                    for n, (most, _) in zip(count, look.tiers, strict=True)
                ]
                store.linear(large, None, 0)
        return tuple((number, 1) for number in count)

    def until(self, store: Store, last_day: dt.date | None) -> None:
        """Use no term from now on whose runs all end after a day; None: any term again."""
        terms = sorted(self._ends)
        first = dt.date.max
        # a later term may have shorter runs
        for term, lit in zip(reversed(terms), reversed(self._reached), strict=True):
            first = min(first, self._ends[term])
            is_over = last_day is not None and first > last_day
            store.fix(lit, False if is_over else None)

    def reached(self) -> list[Term]:
        """Return how many terms go by up to the last one used, as a sum."""
        return [(lit, 1) for lit in self._reached]

    def first_end(self, n_terms: int) -> dt.date | None:
        """Return a day before which nothing can end that uses the last of so many terms."""
        later = sorted(self._ends)[max(0, n_terms - 1) :]
        return min((self._ends[term] for term in later), default=None) if n_terms else None


def _fitting(sizes: Iterable[int], most: int) -> int:
    """Return how many of these sizes, ascending, come to at most so much together."""
    return sum(1 for total in accumulate(sizes) if total <= most)


def _least(fees: Iterable[Steps]) -> int:
    """Return the least that fees can come to where something is registered."""
    return sum(min((amount for _, amount in steps.tiers), default=0) for steps in fees)
