"""What is left to pay out of pocket, once an employer has paid back its part, over one model."""

from __future__ import annotations

from collections import defaultdict

from ortools.sat.python import cp_model

from prospectus.legality.store import Lit, Term, negate
from prospectus.legality.variables import Variables
from prospectus.planning.costs import Costs
from prospectus.planning.money import Refunds


class Pocket:
    """Dues less what is paid back, as sums by calendar year: of due date and of payment.

    A sum may be more than a plan costs, as nothing asks for that; never with carry-over, where
    paying back less in one year would leave more room in the next.
    """

    def __init__(self, variables: Variables, costs: Costs, refunds: Refunds) -> None:
        self.variables = variables
        self.store = variables.store
        self.aid = refunds.aid
        asked = Costs(variables, refunds, is_exact=True).by_year
        self.by_year: dict[int, list[Term]] = defaultdict(list)
        for year, terms in costs.by_year.items():
            self.by_year[year] += terms
        if self.aid.carry_over:
            self._with_carry_over(asked)
        else:
            for year, terms in asked.items():
                paid = self._least(terms, [(True, self.aid.per_year.minor)])
                self.by_year[year].append((paid, -1))

    def total(self) -> list[Term]:
        """Return everything that is paid out of pocket."""
        return [term for terms in self.by_year.values() for term in terms]

    def _with_carry_over(self, asked: dict[int, list[Term]]) -> None:
        """Pay what is asked as far as the room of all years so far goes."""
        starts = self.variables.planned
        first = min((start.first.year for start in starts), default=0)
        room: list[Term] = []
        before: list[Term] = []
        for year in range(first, max(asked, default=first - 1) + 1):
            begun = self._begun(year)
            room.append((begun, self.aid.per_year.minor))
            so_far = self._least([*before, *asked.get(year, ())], room)
            self.by_year[year] += [(so_far, -1), *before]
            before = [(so_far, 1)]

    def _begun(self, year: int) -> Lit:
        """Return the literal that something planned begins by the end of a calendar year."""
        starts = self.variables.planned
        lits = [start.lit for start in starts if start.first.year <= year]
        return self.variables.either(("begun by", year), lits)

    def _least(self, one: list[Term], other: list[Term]) -> cp_model.IntVar:
        """Return a number that is at most the lesser of two sums; it, with carry-over."""
        most = sum(weight for _, weight in other)
        least = self.store.new_int(0, most)
        turned = [[(what, -weight) for what, weight in terms] for terms in (one, other)]
        for terms in turned:
            self.store.linear([(least, 1), *terms], None, 0)
        if self.aid.carry_over:
            is_one = self.store.new_bool()
            for terms, lit in zip(turned, (is_one, negate(is_one)), strict=True):
                self.store.linear([(least, 1), *terms], 0, None, given=(lit,))
        return least
