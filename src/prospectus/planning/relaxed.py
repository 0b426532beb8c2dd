"""Plans without a calendar: what no plan can go below, whenever its courses run.

Only what the degree asks is kept, not when anything runs: each plan is one of these choices of
courses. So where there is none there is no plan, and no plan is below what the best of them costs.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ortools.sat.python import cp_model

from prospectus.domain.requirement import Fill, Measure
from prospectus.domain.rule import Overlap
from prospectus.domain.student import Level, Student
from prospectus.domain.wish import Placed
from prospectus.legality.compiled import MAX_COPIES
from prospectus.legality.model import LegalModel
from prospectus.legality.store import Lit, Term
from prospectus.legality.uses import Use
from prospectus.planning.horizon import Horizon
from prospectus.planning.money import Steps, Tariff
from prospectus.planning.objective import missing_topics
from prospectus.planning.offers import Offers
from prospectus.planning.solver import Answer, Solver, minimise, worth
from prospectus.planning.term_kinds import TermKinds
from prospectus.planning.wishes import hours_of, wanted_lits
from prospectus.planning.wishes_about import is_had

BOUNDED = frozenset({Level.COST.value, Level.PEAK.value, Level.TOPICS.value, Level.GOALS.value})
"""The levels that have a bound here."""

MOST_KINDS = 4
"""Of so many kinds of terms it is counted what they hold; with more of them it tells less."""

COUNT_EFFORT = 0.03
"""The work, in the solver's own measure, that one count is worth; then its bound is taken."""

BOUND_EFFORT = 0.1
"""The work that one bound is worth; then what is shown of it so far is taken."""

_RUN_BOUND = ("season", "period", "delivery")


@dataclass(frozen=True, slots=True, kw_only=True)
class KindCount:
    """How many of some terms a plan can use, and how many courses it takes in them."""

    terms: frozenset[int]
    most_terms: int
    least_courses: int
    most_courses: int


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
        self._made_for: int | None = None
        self._counted: dict[tuple[tuple[str, int], ...], tuple[KindCount, ...]] = {}
        self.model = LegalModel(self.compiled, self._runs, is_timeless=True)
        for code in student.wishes.hard.wanted:
            self.model.store.clause(wanted_lits(self.model.variables, code, self._taken))
        for wish in student.wishes.hard.about:
            if isinstance(wish, Placed) and wish.inside and not is_had(self.compiled, wish.course):
                named = self.model.variables.named(wish.course)
                self.model.store.clause(
                    lit for use in named if use.is_candidate for lit in self._taken(use)
                )
        budget = student.wishes.hard.budget_total
        if budget is not None and self.is_priced:
            self.model.store.linear(self._terms(Level.COST.value), None, budget.minor)

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
        store = self.model.store
        if self._kinds is not None:
            self._kinds.until(store, last_day)
        try:
            minimise(store, terms)
            answer, solution, bound = self.solver.run(store, is_counted=True, effort=BOUND_EFFORT)
        finally:
            if self._kinds is not None:
                self._kinds.until(store, None)
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
        return missing_topics(self.model.variables, self.student, self._taken)

    def _taken(self, use: Use) -> list[Lit]:
        """Return the literal that a use is taken: when, and until when it counts, is left out."""
        return [self.model.variables.taken[use.index]]

    def _candidates(self) -> Iterable[Use]:
        return (use for use in self.model.variables.candidates() if self._runs.get(use.code))

    def _cost(self) -> list[Term]:
        """Return what the courses cost where they are cheapest, and the fees of their terms."""
        if self._cost_terms is not None:
            return self._cost_terms
        self._made_for = self.horizon.rooms.most_hours
        kinds = TermKinds(self.horizon, self.tariff, self._candidates())
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
        """Return a day before which no plan ends that is at these values; None: no plan is."""
        if held and self._kinds is None:
            # made now, the terms would have room for these values alone
            return dt.date.min
        self.hold(held)
        store = self.model.store
        if not self.is_priced:
            store.model.clear_objective()  # type: ignore[no-untyped-call]
            answer = self.solver.run(store)[0]
            return None if answer is Answer.INFEASIBLE else dt.date.min
        self._cost()
        assert self._kinds is not None
        minimise(store, self._kinds.reached())
        # values held leave few plans, so that more of the search hangs on it
        effort = BOUND_EFFORT if held else COUNT_EFFORT
        answer, _, bound = self.solver.run(store, is_counted=True, effort=effort)
        if answer is Answer.INFEASIBLE:
            return None
        if answer is Answer.UNKNOWN:
            return dt.date.min
        return self._kinds.first_end(-int(-bound // 1)) or dt.date.min

    @property
    def is_priced_in(self) -> bool:
        """Return whether what a plan costs has been counted already."""
        return self._cost_terms is not None

    def is_for(self, peak: int | None) -> bool:
        """Return whether the room of terms was counted for plans of this peak, or for all."""
        return self._made_for is None or (peak is not None and peak <= self._made_for)

    def is_told(self, held: Mapping[str, int]) -> bool:
        """Return whether `counts` has something to say of plans at these values."""
        kinds = self._kinds
        return Level.COST.value in held and kinds is not None and len(kinds.kinds) <= MOST_KINDS

    def counts(self, held: Mapping[str, int]) -> tuple[KindCount, ...]:
        """Return what plans at these values can hold in each kind of term."""
        key = tuple(sorted(held.items()))
        if key not in self._counted:
            self.hold(held)
            assert self._kinds is not None
            self._counted[key] = tuple(
                KindCount(
                    terms=share.terms,
                    most_terms=-self._least_of(share.used, -1),
                    least_courses=self._least_of(share.courses, 1),
                    most_courses=-self._least_of(share.courses, -1),
                )
                for share in self._kinds.shares
            )
        return self._counted[key]

    def _least_of(self, terms: Sequence[Term], sign: int) -> int:
        """Return a value that a sum, times the sign, does not go below."""
        minimise(self.model.store, [(lit, sign * weight) for lit, weight in terms])
        answer, _, bound = self.solver.run(self.model.store, is_counted=True, effort=COUNT_EFFORT)
        if answer in (Answer.OPTIMAL, Answer.FEASIBLE):
            return -int(-bound // 1)
        return 0 if sign > 0 else -len(self.compiled.uses) * len(self.horizon.calendar.terms)

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
            store.clause([missing, *wanted_lits(variables, code, self._taken)])
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
