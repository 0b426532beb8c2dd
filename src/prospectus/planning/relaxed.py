"""Plans without a calendar: what no plan can go below, whenever its courses run.

Only what the degree asks is kept, not when anything runs: each plan is one of these choices of
courses. So where there is none there is no plan, and no plan is below what the best of them costs.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from ortools.sat.python import cp_model

from prospectus.domain.requirement import Fill, Measure
from prospectus.domain.rule import Overlap
from prospectus.domain.student import Level, Student
from prospectus.legality.compiled import MAX_COPIES
from prospectus.legality.model import LegalModel
from prospectus.legality.store import Term
from prospectus.legality.uses import Use
from prospectus.planning.horizon import Horizon
from prospectus.planning.money import Steps, Tariff
from prospectus.planning.objective import missing_topics
from prospectus.planning.offers import Offers
from prospectus.planning.solver import Answer, Solver, minimise, worth
from prospectus.planning.term_kinds import TermKinds
from prospectus.planning.wishes import hours_of, wanted_lits

BOUNDED = frozenset({Level.COST.value, Level.PEAK.value, Level.TOPICS.value, Level.GOALS.value})
"""The levels that have a bound here."""

_RUN_BOUND = ("season", "period", "delivery")


class Relaxed:
    """The choices of courses that the degree allows, each course free to run at any time."""

    def __init__(
        self,
        horizon: Horizon,
        student: Student,
        offered: Offers,
        tariff: Tariff,
        solver: Solver,
        *,
        priced: bool,
    ) -> None:
        self.horizon = horizon
        self.offered = offered
        self.compiled = horizon.compiled
        self.student = student
        self.tariff = tariff
        self.solver = solver
        self.is_priced = priced and tariff.refunds is None
        self._runs = {code: mine[:MAX_COPIES] for code, mine in horizon.runs.items() if mine}
        self._held: dict[str, tuple[int, cp_model.IntVar]] = {}
        self._peak_terms: list[Term] | None = None
        self._kinds: TermKinds | None = None
        self._cost_terms: list[Term] | None = None
        self.model = LegalModel(self.compiled, self._runs, is_timeless=True)
        for code in student.wishes.hard.wanted:
            self.model.store.clause(wanted_lits(self.model.variables, code))
        budget = student.wishes.hard.budget_total
        if budget is not None and self.is_priced:
            self.model.store.linear(self._terms(Level.COST.value), None, budget.minor)

    def is_impossible(self) -> bool:
        """Return whether it is certain that there is no plan."""
        self.hold({})
        self.model.store.model.clear_objective()  # type: ignore[no-untyped-call]
        return self.solver.run(self.model.store)[0] is Answer.INFEASIBLE

    def least(self, levels: Sequence[str]) -> dict[str, int] | None:
        """Return values that no plan can go below, each with those before it reached.

        Empty where there is certainly no plan; None where no bound is known.
        """
        if not BOUNDED.issuperset(levels) or (Level.COST.value in levels and not self.is_priced):
            return None
        self.hold({})
        found: dict[str, int] = {}
        for level in levels:
            terms = self._terms(level)
            minimise(self.model.store, terms)
            is_counted = level == Level.COST.value
            answer, solution, _ = self.solver.run(self.model.store, is_counted=is_counted)
            if answer is Answer.INFEASIBLE:
                return {}
            if answer is not Answer.OPTIMAL or solution is None:
                return None
            found[level] = worth(terms, solution)
            self.hold(found)
        return found

    def hold(self, most: Mapping[str, int]) -> None:
        """Ask from now on for choices at these values of levels, and of no others."""
        store = self.model.store
        for level in set(self._held) - set(most):
            store.fix(self._held.pop(level)[1], False)
        for level, value in most.items():
            if level not in BOUNDED or (level == Level.COST.value and not self.is_priced):
                continue
            if level in self._held:
                if self._held[level][0] == value:
                    continue
                store.fix(self._held[level][1], False)
            held = store.new_bool()
            store.linear(self._terms(level), None, value, given=(held,))
            store.fix(held, True)
            self._held[level] = (value, held)

    def least_by(self, level: str, held: Mapping[str, int], last_day: dt.date) -> int | None:
        """Return a value of a level that no plan goes below that ends by a day; None: not known.

        Of the plans at the values `held` of other levels.
        """
        if level not in BOUNDED or (level == Level.COST.value and not self.is_priced):
            return None
        self.hold(held)
        terms = self._terms(level)
        if self._kinds is not None:
            self._kinds.until(self.model.store, last_day)
        minimise(self.model.store, terms)
        is_counted = level == Level.COST.value
        answer, solution, bound = self.solver.run(self.model.store, is_counted=is_counted)
        if self._kinds is not None:
            self._kinds.until(self.model.store, None)
        if answer not in (Answer.OPTIMAL, Answer.FEASIBLE) or solution is None:
            return None
        return -int(-bound // 1)

    def _terms(self, level: str) -> list[Term]:
        if level == Level.COST.value:
            return self._cost()
        if level == Level.PEAK.value:
            return self._peak()
        if level == Level.GOALS.value:
            return self._goals()
        return missing_topics(self.model.variables, self.student)

    def _candidates(self) -> Iterable[Use]:
        return (use for use in self.model.variables.candidates() if self._runs.get(use.code))

    def _cost(self) -> list[Term]:
        """Return what the courses cost where they are cheapest, and the fees of their terms."""
        if self._cost_terms is not None:
            return self._cost_terms
        kinds = TermKinds(self.horizon, self.tariff, self.horizon.runs, self._candidates())
        self._kinds = kinds
        found = kinds.fees(self.model.store, self.model.variables.taken)
        terms = [*self.horizon.rooms.terms()]
        if self.horizon.rooms.least_terms(self.horizon.needed()) and terms:
            fixed = min(_least(self.tariff.of_start(term)) for term in terms)
            fixed += min(_least(self.tariff.of_year(term)) for term in terms)
            found.append((True, fixed))
        self._cost_terms = found
        return found

    def earliest(self, held: Mapping[str, int]) -> dt.date | None:
        """Return a day before which no plan ends that is at these values; None: any."""
        self.hold(held)
        if self._kinds is None:
            return None
        minimise(self.model.store, self._kinds.reached())
        answer, _, bound = self.solver.run(self.model.store, is_counted=True)
        if answer is Answer.INFEASIBLE:
            return None
        return self._kinds.first_end(-int(-bound // 1))

    def _peak(self) -> list[Term]:
        """Return the hours of the heaviest course taken: one at a time is the least there is."""
        if self._peak_terms is not None:
            return self._peak_terms
        store, taken = self.model.store, self.model.variables.taken
        hours = {
            use.index: min(
                hours_of(use, run.leaves, self.compiled) or 0 for run in self.horizon.runs[use.code]
            )
            for use in self._candidates()
        }
        levels = sorted({0, *hours.values()})
        peak = store.new_int(0, levels[-1])
        for index, most in hours.items():
            store.linear([(peak, 1)], most, None, given=(taken[index],))
        self._peak_terms = [(peak, 1)]
        return self._peak_terms

    def _goals(self) -> list[Term]:
        """Return how many goals the courses miss where they run best, and the wanted ones left."""
        store, variables = self.model.store, self.model.variables
        missed = self.offered.missed
        terms: list[Term] = [
            (
                variables.taken[use.index],
                min(missed.get((use.code, run.leaves), 0) for run in self.horizon.runs[use.code]),
            )
            for use in self._candidates()
        ]
        for code in self.student.wishes.soft.wanted:
            missing = store.new_bool()
            store.clause([missing, *wanted_lits(variables, code)])
            terms.append((missing, 1))
        return terms


def _least(fees: Iterable[Steps]) -> int:
    """Return the least that fees can come to where something is registered."""
    return sum(min((amount for _, amount in steps.tiers), default=0) for steps in fees)


def is_timeless(horizon: Horizon) -> bool:
    """Return whether nothing that the degree counts hangs on the run that is taken."""
    compiled = horizon.compiled
    selecting = compiled.selecting
    nodes = [*compiled.nodes.values(), *compiled.resolved.rules]
    selectors = []
    for node in nodes:
        if isinstance(node, Measure):
            if {node.per, node.distinct} & set(_RUN_BOUND):
                return False
            selectors.append(node.of)
        elif isinstance(node, Fill):
            selectors += [node.from_, *(measure.of for measure in node.with_)]
            if node.areas is not None:
                selectors += [selector for _, selector in node.areas.areas]
        elif isinstance(node, Overlap):
            selectors.append(node.of)
    return not any(selecting.depends_on_run(selector) for selector in selectors)
