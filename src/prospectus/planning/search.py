"""The search: the earliest possible end by growing horizons, then level after level."""

from __future__ import annotations

import datetime as dt
import time
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType

from prospectus.domain.plan import Plan
from prospectus.domain.student import Level, Student
from prospectus.legality.compiled import Compiled
from prospectus.legality.model import LegalModel
from prospectus.planning.costs import Costs
from prospectus.planning.extract import plan_of, planned_runs
from prospectus.planning.horizon import Horizon
from prospectus.planning.money import Tariff
from prospectus.planning.objective import (
    CREDITS,
    ORDER,
    RANK,
    STARTS,
    Objective,
    Ranks,
    Values,
    in_units,
    values,
)
from prospectus.planning.offers import Offers
from prospectus.planning.result import LevelResult
from prospectus.planning.solver import (
    Answer,
    Clock,
    Solution,
    Solver,
    hint,
    minimise,
    worth,
)
from prospectus.planning.wishes import WishRules


@dataclass(slots=True)
class Found:
    """The best plan so far, its values, and what is proven of each level."""

    model: LegalModel
    wishes: WishRules
    last_day: dt.date
    solution: Solution
    values: Values
    bounds: dict[str, int] = field(default_factory=dict)


class Search:
    """One search over one compiled programme.

    `limits` are the most that the value of a level may be, in the solver's whole units.
    """

    def __init__(
        self,
        compiled: Compiled,
        student: Student,
        offered: Offers,
        solver: Solver,
        clock: Clock,
        *,
        n_levels: int | None = None,
        limits: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        self.compiled = compiled
        self.student = student
        self.offered = offered
        self.solver = solver
        self.clock = clock
        self.tariff = Tariff(compiled)
        self.horizon = Horizon(compiled, student, offered.open)
        self.ranks = Ranks(compiled, self.horizon.first_leaf)
        self.n_levels = n_levels
        self.limits = limits
        self.found: Found | None = None
        self.is_infeasible = False
        self.has_cost = not self.tariff.unknown

    def levels(self) -> list[str]:
        """Return the levels to prove, most important first."""
        wanted = [level.value for level in dict.fromkeys(self.student.wishes.levels)]
        if not self.has_cost:
            wanted = [level for level in wanted if level not in self._priced()]
        return [*wanted, CREDITS, RANK, STARTS][: self.n_levels]

    def run(self) -> None:
        """Find a plan and prove its levels, as far as time allows."""
        levels = self.levels()
        days = self.horizon.days
        if levels[0] == Level.GOALS.value and not self.student.wishes.goals:
            # nothing may be missed, so nothing is
            levels = levels[1:]
        if not levels or levels[0] == Level.FINISH.value:
            self._first_end(days)
        else:
            self.is_infeasible = self._probe(days[-1]) is Answer.INFEASIBLE
        if self.found is not None:
            self._prove(levels)

    def _first_end(self, days: list[dt.date]) -> None:
        """Find the earliest day by which a plan can end; every earlier one is proven too early."""
        low = self.horizon.first_guess()
        step = 0
        while low < len(days):
            place = min(low + step, len(days) - 1)
            answer = self._probe(days[place])
            if answer is Answer.UNKNOWN:
                return
            if answer is Answer.INFEASIBLE:
                low = place + 1
                step = 1 if step == 0 else step * 2
                continue
            self._close_in(days, low)
            return
        self.is_infeasible = True

    def _close_in(self, days: list[dt.date], low: int) -> None:
        """Halve the days between what is proven too early and the plan in hand."""
        assert self.found is not None
        high = self._place(days)
        while low < high:
            middle = (low + high) // 2
            answer = self._probe(days[middle])
            if answer is Answer.UNKNOWN:
                self.found.bounds[Level.FINISH.value] = days[low].toordinal()
                return
            if answer is Answer.INFEASIBLE:
                low = middle + 1
            else:
                high = self._place(days)
        self.found.bounds[Level.FINISH.value] = self.found.values.finish

    def _place(self, days: list[dt.date]) -> int:
        """Return the place of the first day by which the plan in hand has ended."""
        assert self.found is not None
        return bisect_left(days, dt.date.fromordinal(self.found.values.finish))

    def _probe(self, last_day: dt.date) -> Answer:
        """Look for any plan that ends by a day."""
        model, wishes = self.build(last_day)
        answer, solution, _ = self.solver.run(model.store)
        if solution is not None:
            found = self.values_of(model, wishes, solution)
            self.found = Found(model, wishes, last_day, solution, found)
        return answer

    def build(self, last_day: dt.date) -> tuple[LegalModel, WishRules]:
        """Return the model of the plans that end by a day, with the person's wishes and limits."""
        started = time.monotonic()
        model = LegalModel(
            self.compiled, self.horizon.runs_until(last_day), rooms=self.horizon.rooms_in_steps()
        )
        costs = Costs(model.variables, self.tariff) if self._needs_costs() else None
        wishes = WishRules(model, self.student, self.offered, costs)
        if self.limits:
            objective = Objective(model.variables, wishes, self.student, self.ranks)
            for level, most in self.limits.items():
                model.store.linear(objective.terms(level), None, most)
        self.clock.building += time.monotonic() - started
        return model, wishes

    def _needs_costs(self) -> bool:
        wishes = self.student.wishes
        asked = wishes.budget_total is not None or bool(wishes.budget_by_year)
        levels = {*self.limits, *(level.value for level in wishes.levels)}
        return self.has_cost and (asked or bool(levels & self._priced()))

    def _priced(self) -> set[str]:
        """Return the levels that ask what a plan costs."""
        traded = any(level is Level.COST for level, _ in self.student.wishes.trade)
        return {Level.COST.value, *([Level.TRADE.value] if traded else [])}

    def values_of(self, model: LegalModel, wishes: WishRules, solution: Solution) -> Values:
        """Return the plan of a solution with its values."""
        plan = planned_runs(model, solution.truth)
        goals = worth(wishes.missed, solution)
        return values(plan, model.variables, self.student, self.tariff, self.ranks, goals)

    def _prove(self, levels: list[str]) -> None:
        """Minimise level after level, each with the ones before held at their values."""
        assert self.found is not None
        bounds = self.found.bounds
        if not self.student.wishes.goals:
            bounds[Level.GOALS.value] = 0
        if not levels:
            return
        if levels[0] == Level.FINISH.value:
            if bounds.get(levels[0]) != self.found.values.finish:
                return
            levels = levels[1:]
            last_day = dt.date.fromordinal(self.found.values.finish)
        else:
            last_day = self.horizon.days[-1]
        model, wishes = self.found.model, self.found.wishes
        previous: Solution | None = self.found.solution
        if self.found.last_day != last_day:
            model, wishes = self.build(last_day)
            previous = None
        objective = Objective(model.variables, wishes, self.student, self.ranks)
        for level in levels:
            terms = objective.terms(level)
            store = model.store
            value = self.found.values.of(level)
            if value is not None and value == objective.least(level):
                bounds[level] = value
                store.linear(terms, None, value)
                continue
            if previous is not None:
                hint(store, previous)
            minimise(store, terms)
            answer, solution, bound = self.solver.run(store)
            reached = 0 if solution is None else worth(terms, solution)
            if solution is not None:
                found = self.values_of(model, wishes, solution)
                self.found = Found(model, wishes, last_day, solution, found, bounds)
                previous = solution
            if answer is not Answer.OPTIMAL:
                if solution is not None:
                    bounds[level] = -int(-bound // 1)
                return
            value = self.found.values.of(level)
            assert value is not None
            bounds[level] = value
            store.linear(terms, None, reached)

    @property
    def horizon_leaves(self) -> int:
        """Return how many leaf periods the last model looked at."""
        planned = () if self.found is None else self.found.model.variables.planned
        return len({leaf for start in planned for leaf in start.run.leaves})

    def plan(self) -> Plan:
        """Return the plan in hand."""
        assert self.found is not None
        conferral = dt.date.fromordinal(self.found.values.finish)
        return plan_of(self.found.model, self.found.solution.truth, conferral)

    def results(self) -> tuple[LevelResult, ...]:
        """Return value and bound of each level, in the person's order."""
        assert self.found is not None
        shown: list[LevelResult] = []
        for level in dict.fromkeys(self.student.wishes.levels):
            shown.append(self._result(level.value))
        shown.append(self._result(CREDITS))
        rank, starts = self.found.values.rank, self.found.values.starts
        low = self.found.bounds.get(RANK), self.found.bounds.get(STARTS)
        scale = self.ranks.scale
        bound = None
        if low[0] is not None and low[1] is not None:
            bound = Fraction(low[0] * scale + low[1])
        shown.append(LevelResult(level=ORDER, value=Fraction(rank * scale + starts), bound=bound))
        return tuple(shown)

    def _result(self, level: str) -> LevelResult:
        assert self.found is not None
        value = self.found.values.of(level)
        bound = self.found.bounds.get(level)
        return LevelResult(
            level=level,
            value=None if value is None else in_units(level, value, self.compiled),
            bound=None if bound is None else in_units(level, bound, self.compiled),
        )

    @property
    def is_optimal(self) -> bool:
        """Return whether every level that could be asked is proven."""
        return self.found is not None and all(
            self.found.bounds.get(level) == self.found.values.of(level) for level in self.levels()
        )
