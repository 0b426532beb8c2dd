"""The models of one search, and what is asked of them: whether a plan ends by a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import partial
from types import MappingProxyType

from prospectus.domain.student import Level, Student
from prospectus.legality.compiled import Compiled
from prospectus.legality.model import LegalModel
from prospectus.planning.bounds import Bounds
from prospectus.planning.extract import planned_runs
from prospectus.planning.found import Found
from prospectus.planning.horizon import Horizon
from prospectus.planning.money import Tariff
from prospectus.planning.objective import (
    CREDITS,
    RANK,
    STARTS,
    Objective,
    Ranks,
    Values,
    values,
)
from prospectus.planning.offers import Offers
from prospectus.planning.proven import Earlier, Proven
from prospectus.planning.solver import Answer, Clock, Solution, Solver, worth
from prospectus.planning.wishes import WishRules


class Asking:
    """The models of one compiled programme for a person, and the best plan found in them.

    `limits` are the most that the value of a level may be, in the solver's whole units; `earlier`
    is a proven answer to fewer wishes. `is_doubted`: whether there is any plan is asked first.
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
        earlier: Earlier | None = None,
        is_doubted: bool = False,
    ) -> None:
        self.compiled = compiled
        self.student = student
        self.offered = offered
        self.solver = solver
        self.clock = clock
        self.tariff = Tariff(compiled, student.wishes)
        self.horizon = Horizon(compiled, student, offered.open, as_wished=True)
        self._held: dict[str, int] = {}
        self.ranks = Ranks(compiled, self.horizon.first_leaf)
        self.n_levels = n_levels
        self.limits = limits
        self.found: Found | None = None
        self.is_infeasible = False
        self.has_cost = not self.tariff.unknown
        about = (self.horizon, student, offered, self.tariff, solver)
        self.counted = (
            Bounds(*about, priced=self.has_cost)
            if earlier is None
            else Proven(earlier, *about, priced=self.has_cost)
        )
        self.is_doubted = is_doubted
        self._widest: tuple[LegalModel, WishRules] | None = None

    def levels(self) -> list[str]:
        """Return the levels to prove, most important first."""
        wanted = [level.value for level in dict.fromkeys(self.student.wishes.levels)]
        if not self.has_cost:
            wanted = [level for level in wanted if level not in self._priced()]
        return [*wanted, CREDITS, RANK, STARTS][: self.n_levels]

    def _hold(self, least: Mapping[str, int]) -> None:
        """Ask from now on for plans at these values of the levels before the finish."""
        self._held = dict(least)
        self.horizon.rooms.hold_hours(least.get(Level.PEAK.value))

    def _ask(
        self,
        model: LegalModel,
        wishes: WishRules,
        last_day: dt.date,
        effort: float | None = None,
    ) -> Answer:
        """Look for any plan of a model, all of which end by a day; `effort` caps the work."""
        held = self._held
        answer, solution, _ = self.solver.run(
            model.store,
            tied=partial(self.counted.tie, model, held) if held else None,
            effort=effort,
        )
        if solution is not None:
            found = self.values_of(model, wishes, solution)
            self.found = Found(model, wishes, last_day, solution, found)
        return answer

    def build(self, last_day: dt.date) -> tuple[LegalModel, WishRules]:
        """Return the model of the plans that end by a day, with the person's wishes and limits."""
        with self.clock.builds():
            model = LegalModel(
                self.compiled,
                self.horizon.runs_until(last_day),
                rooms=self.horizon.rooms.in_steps(last_day),
            )
            tariff = self.tariff if self.has_cost else None
            wishes = WishRules(model, self.student, self.offered, tariff)
            if self.limits or self._held:
                objective = Objective(model.variables, wishes, self.student, self.ranks)
                for level, most in self.limits.items():
                    model.store.linear(objective.terms(level), None, most)
                for level, most in self._held.items():
                    terms = objective.terms(level)
                    with self.counted.holding(model, level):
                        model.store.linear(terms, None, most)
            self.counted.hint(model)
        return model, wishes

    def _priced(self) -> set[str]:
        """Return the levels that ask what a plan costs."""
        return {level.value for level in self.student.wishes.priced}

    def values_of(self, model: LegalModel, wishes: WishRules, solution: Solution) -> Values:
        """Return the plan of a solution with its values."""
        plan = planned_runs(model, solution.truth)
        goals = worth(wishes.missed, solution)
        lost = {
            use.index
            for use in model.compiled.uses
            if any(map(solution.truth, model.variables.lost_to(use)))
        }
        return values(plan, model.variables, self.student, self.tariff, self.ranks, goals, lost)
