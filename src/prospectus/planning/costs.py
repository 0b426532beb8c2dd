"""The cost of a plan as a sum over literals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

from prospectus.domain.fees import FeePer
from prospectus.legality.store import Lit, Term, negate, sums_of
from prospectus.legality.variables import Start, Variables
from prospectus.planning.money import Rates, Steps, Tariff


class Costs:
    """Amounts due as (literal, minor units), by the calendar year of the due date.

    A sum may be more than a plan costs, as nothing asks for that; never with `is_exact`.
    """

    def __init__(self, variables: Variables, tariff: Tariff, *, is_exact: bool = False) -> None:
        self.is_exact = is_exact
        self.variables = variables
        self.store = variables.store
        self.tariff = tariff
        self.by_year: dict[int, list[Term]] = defaultdict(list)
        self._by_course()
        self._by_term()
        self._by_session()

    def total(self) -> list[Term]:
        """Return everything due."""
        return [term for terms in self.by_year.values() for term in terms]

    def _by_course(self) -> None:
        """Charge by credit and by course: at one rate for a term through its sum of credits."""
        by_term: dict[int, list[Start]] = defaultdict(list)
        spans = self.variables.compiled.spans
        for start in self.variables.planned:
            by_term[spans[start.run.leaves].term].append(start)
        steps = self.variables.compiled.use_steps
        for term, starts in by_term.items():
            known = [self.tariff.due_of_run(start.use, start.run) for start in starts]
            charges, due = [mine for mine, _ in known], [whole for _, whole in known]
            years = {charge.year for mine in charges for charge in mine}
            credits = [steps[start.use.index] for start in starts]
            whole = len(years) == 1 and all(credits) and credits[0] and due[0] % credits[0] == 0
            rate = due[0] // credits[0] if whole else 0
            if whole and all(m == rate * c for m, c in zip(due, credits, strict=True)):
                total = self.variables.planned_credits(term)
                self.by_year[years.pop()] += [(lit, rate * weight) for lit, weight in total]
                continue
            for start, mine in zip(starts, charges, strict=True):
                for charge in mine:
                    self.by_year[charge.year].append((start.lit, charge.minor))

    def _by_term(self) -> None:
        earlier: list[Lit] = []
        by_year: dict[int, list[Lit]] = defaultdict(list)
        for term in self.variables.terms_planned():
            billed = self.variables.planned_in_term(term)
            credits = self.variables.planned_credits(term)
            fixed = self.tariff.registered_in_term.get(term, 0)
            sums = self.variables.credit_sums(term)
            for steps in self.tariff.of_term(term):
                self._charge(steps, billed, credits, fixed, sums)
            year = self.variables.calendar.terms[term].start.year
            self._first(self.tariff.of_year(term), billed, by_year[year], credits, fixed, sums)
            self._first(self.tariff.of_start(term), billed, earlier, credits, fixed, sums)
            by_year[year].append(billed)
            earlier.append(billed)
            for rates in self.tariff.rates_in(term):
                self._by_rate(rates, term, credits, fixed)

    def _by_rate(self, rates: Rates, term: int, credits: list[Term], fixed: int) -> None:
        """Charge what a fee by credit or by course counts, at the rate of the tier reached."""
        per_credit = rates.fee.per is FeePer.CREDIT
        compiled = self.variables.compiled
        counted: list[Term] = [
            (start.lit, compiled.use_steps[start.use.index] if per_credit else 1)
            for start in self.variables.in_term(term)
            if self.tariff.is_charged(rates.fee, start.use, start.run)
        ]
        unit = compiled.unit if per_credit else 1
        tiers = rates.by.tiers if rates.by.tiers[0][0] <= 0 else ((0, 0), *rates.by.tiers)
        reached: list[Term] = []
        for (low, amount), upper in zip(tiers, [*(t[0] for t in tiers[1:]), None], strict=True):
            here = self.store.new_bool()
            high = None if upper is None else upper - 1 - fixed
            self.store.linear(credits, low - fixed, high, given=(here,))
            reached.append((here, 1))
            most = sum(weight for _, weight in counted) * amount // unit + 1
            due = self.store.new_int(0, most)
            # whole minor units, halves up
            terms = [(lit, -2 * amount * weight) for lit, weight in counted]
            self.store.linear([(due, 2 * unit), *terms], 1 - unit, unit, given=(here,))
            self.store.linear([(due, 1)], 0, 0, given=(negate(here),))
            self.by_year[rates.by.year].append((due, 1))
        self.store.linear(reached, 1, 1)

    def _first(
        self,
        fees: Iterable[Steps],
        billed: Lit,
        earlier: list[Lit],
        credits: list[Term],
        fixed: int,
        sums: Sequence[int],
    ) -> None:
        """Charge fees in the first of some terms in which something is planned."""
        found = list(fees)
        if not found:
            return
        first: Lit = billed
        if earlier:
            first = self.store.all_of([billed, *(negate(lit) for lit in earlier)])
        for steps in found:
            self._charge(steps, first, credits, fixed, sums, is_once=True)

    def _by_session(self) -> None:
        by_leaf: dict[int, list[Start]] = defaultdict(list)
        for start in self.variables.planned:
            by_leaf[start.run.leaves[0]].append(start)
        for leaf, starts in by_leaf.items():
            fixed = self.tariff.registered_in_leaf.get(leaf, 0)
            step = self.variables.compiled.use_steps
            credits: list[Term] = [(start.lit, step[start.use.index]) for start in starts]
            sums = sums_of((weight for _, weight in credits), sum(w for _, w in credits))
            for steps in self.tariff.of_session(leaf):
                billed = self.variables.planned_in_leaf(leaf)
                self._charge(steps, billed, credits, fixed, sums)

    def _charge(
        self,
        steps: Steps,
        billed: Lit,
        credits: list[Term],
        fixed: int,
        sums: Sequence[int],
        *,
        is_once: bool = False,
    ) -> None:
        """Add what a billed period costs by the credits registered in it.

        `sums` are the steps that can be planned in the period; `is_once`: something may be
        planned in it without its being billed.
        """
        before = 0
        levels: list[tuple[Lit, int]] = []
        for low, amount in steps.tiers:
            reached: Lit = billed
            if low > fixed:
                reached = self.store.new_bool()
                self.store.imply(reached, levels[-1][0] if levels else billed)
                if self.is_exact or not steps.is_rising:
                    self.store.linear(credits, low - fixed, None, given=(reached,))
            self.by_year[steps.year].append((reached, amount - before))
            before = amount
            levels.append((reached, low - fixed))
        if not is_once:
            self._tie(levels, billed, credits, sums, ())
        elif any(lit is not billed for lit, _ in levels):
            self._tie(levels, billed, credits, sums, (billed,))

    def _tie(
        self,
        levels: list[tuple[Lit, int]],
        billed: Lit,
        credits: list[Term],
        sums: Sequence[int],
        given: tuple[Lit, ...],
    ) -> None:
        """Let credits from a tier on only where the tier is reached.

        The bound is the hull of the points (credits, tiers reached), so that the relaxation of
        one period is exact.
        """
        bounds = [low for _, low in levels] + [sums[-1] + 1]
        tops = [max((value for value in sums if value < low), default=0) for low in bounds]
        terms: list[Term] = [(lit, -weight) for lit, weight in credits]
        terms.append((billed, tops[0]))
        for (lit, _), (one, other) in zip(levels, pairwise(tops), strict=True):
            terms.append((lit, other - one))
        self.store.linear(terms, 0, None, given=given)
