"""The search: the earliest possible end by growing horizons, then level after level.

Where other levels come before the finish, some plan is found first, as if the finish were all that
counts: so that there is one to give when time is up.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Mapping
from functools import partial
from types import MappingProxyType

from prospectus.domain.plan import Plan
from prospectus.domain.student import Level, Student
from prospectus.legality.compiled import Compiled
from prospectus.legality.model import LegalModel
from prospectus.planning.bounds import Bounds
from prospectus.planning.extract import plan_of, planned_runs
from prospectus.planning.found import Found, results
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
from prospectus.planning.result import LevelResult
from prospectus.planning.solver import (
    Answer,
    Clock,
    Solution,
    Solver,
    hint,
    hint_plan,
    minimise,
    worth,
)
from prospectus.planning.wishes import WishRules

PROBES_AT_BOUNDS = 4
"""How many ends are tried for a plan at the bounds of the levels that come before the finish."""

PROBE_EFFORT = 1.0
"""The work, in the solver's own measure, that one of them may take: the search comes after."""

SHARE = 0.25
"""The share of the time left that one step may take which the answer could do without."""

FIRST_STEP = 2
"""How many possible ends are passed over once the first is proven too early."""


class Search:
    """One search over one compiled programme.

    `limits` are the most that the value of a level may be, in the solver's whole units; `earlier`
    is a proven answer to fewer wishes.
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
        if self.horizon.is_blocked:
            self.is_infeasible = True
            return
        if levels[0] == Level.GOALS.value and not self.student.wishes.goals:
            # nothing may be missed, so nothing is
            levels = levels[1:]
        if self._is_as_before(levels):
            levels = [level for level in levels if level not in self.counted.floors]
        elif not levels or levels[0] == Level.FINISH.value:
            self._first_end(days)
        else:
            levels = self._first_bounds(levels, days)
        if self.found is not None:
            self._prove(levels)
        self._hold({})

    def _is_as_before(self, levels: list[str]) -> bool:
        """Look for a plan at the floors of all levels: each of them is then proven."""
        floors = {one: least for one, least in self.counted.floors.items() if one in levels}
        finish = floors.get(Level.FINISH.value)
        if finish is None:
            return False
        self._hold(floors)
        last_day = dt.date.fromordinal(finish)
        with self.clock.part(SHARE):
            self._ask(*self.build(last_day), last_day, PROBE_EFFORT)
        self._hold({})
        if self.found is None:
            return False
        self.found.bounds = floors
        return True

    def _hold(self, least: Mapping[str, int]) -> None:
        """Ask from now on for plans at these values of the levels before the finish."""
        self._held = dict(least)
        self.horizon.rooms.hold_hours(least.get(Level.PEAK.value))

    def _first_bounds(self, levels: list[str], days: list[dt.date]) -> list[str]:
        """Find a plan, and the earliest end where the levels before it can be at their bounds.

        Returns the levels that are still to be proven. The bounds are those of the degree without
        a calendar: reached, they are proven, and the rest is asked of plans that end by then.
        """
        with self.clock.part(SHARE):
            least = self.counted.before_finish(levels)
        if least == {}:
            self.is_infeasible = True
            return levels
        # that goals cannot all be kept was seen before: they were asked as musts
        if least is not None and not (levels[0] == Level.GOALS.value and least[levels[0]] == 0):
            self._hold(least)
            with self.clock.part(2 * SHARE):
                self._first_end(days, most_probes=PROBES_AT_BOUNDS)
            if self.found is not None and Level.FINISH.value in self.found.bounds:
                self.found.bounds |= least
                return levels[len(least) :]
            self._hold({})
            self.is_infeasible = False
        if self.found is None:
            self._first_end(days, is_enough=True)
        if self.found is None:
            return levels
        return self._improved(levels, days, least or {})

    def _improved(
        self, levels: list[str], days: list[dt.date], least: Mapping[str, int]
    ) -> list[str]:
        """Better the plan in hand: among plans that end about as early, then among all.

        Returns the levels after those that are proven; none where one before the finish is not.
        """
        assert self.found is not None
        place = levels.index(Level.FINISH.value) if Level.FINISH.value in levels else len(levels)
        before, after = levels[:place], levels[place:]
        if self.found.last_day < days[-1]:
            with self.clock.part(SHARE):
                self._prove(before, self.found.last_day)
        # what was proven of these plans is not proven of all; a bound of a later level holds only
        # where the ones before are at theirs
        self.found.bounds = dict([*least.items()][:1])
        self._prove(before, days[-1])
        bounds = self.found.bounds
        proven = {level: self.found.values.of(level) for level in before}
        if any(value is None or bounds.get(level) != value for level, value in proven.items()):
            return []
        if after:
            self._hold({level: value or 0 for level, value in proven.items()})
            self._first_end(days[: self._place(days) + 1])
            self.found.bounds = bounds | self.found.bounds
        return after

    def _first_end(
        self, days: list[dt.date], *, most_probes: int | None = None, is_enough: bool = False
    ) -> None:
        """Find the earliest day by which a plan can end; every earlier one is proven too early.

        `is_enough`: any plan will do. Where a day is not settled soon, later ones are tried: many
        a plan is found there at once.
        """
        low = place = self.counted.first_guess(days)
        if self._held:
            # what the bounds held leave time for
            with self.clock.part(SHARE):
                low = place = max(place, self.counted.first_held(days, self._held))
        step = n_probes = 0
        while low < len(days) and n_probes != most_probes:
            is_last = place == len(days) - 1
            with self.clock.part(1 if is_last else SHARE):
                effort = None if most_probes is None else PROBE_EFFORT
                answer = self._ask(*self.build(days[place]), days[place], effort)
            n_probes += 1
            if answer is Answer.INFEASIBLE:
                low = place + 1
                if n_probes == 1 and not self._held:
                    # whether there is any plan at all, and what its courses leave time for
                    later = self.counted.first_held(days, {})
                    if later > low:
                        low = place = later
                        continue
            elif answer is not Answer.UNKNOWN:
                if not is_enough:
                    self._close_in(days, low)
                return
            elif is_last or not self.clock.left or self.solver.was_interrupted:
                if self.found is not None:
                    self.found.bounds[Level.FINISH.value] = days[low].toordinal()
                return
            step = FIRST_STEP if step == 0 else step * 2
            place = min(max(low, place + 1) + step, len(days) - 1)
        self.is_infeasible = True

    def _close_in(self, days: list[dt.date], low: int) -> None:
        """Halve the days between what is proven too early and the plan in hand, in one model."""
        assert self.found is not None
        model, wishes = self.found.model, self.found.wishes
        high = self._place(days)
        while low < high:
            middle = (low + high) // 2
            late = model.variables.ends_after(days[middle])
            answer = Answer.INFEASIBLE
            if model.store.fix(late, False):
                answer = self._ask(model, wishes, days[middle])
            if self.found.last_day != days[middle]:
                model.store.fix(late, None)
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
                for level, most in (*self.limits.items(), *self._held.items()):
                    model.store.linear(objective.terms(level), None, most)
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

    def _prove(self, levels: list[str], last_day: dt.date | None = None) -> None:
        """Minimise level after level, each with the ones before held at their values.

        Of the plans that end by a day; where none is told, by the finish, which has to be proven.
        """
        assert self.found is not None
        bounds = self.found.bounds
        if not self.student.wishes.goals:
            bounds[Level.GOALS.value] = 0
        if not levels:
            return
        is_part = last_day is not None
        if last_day is None:
            if bounds.get(Level.FINISH.value) != self.found.values.finish:
                return
            levels = [level for level in levels if level != Level.FINISH.value]
            last_day = dt.date.fromordinal(self.found.values.finish)
        model, wishes = self.found.model, self.found.wishes
        previous: Solution | None = self.found.solution
        is_same = self.found.last_day >= last_day
        if is_same:
            model.store.fix(model.variables.ends_after(last_day), False)
            self.found.last_day = last_day
        else:
            model, wishes = self.build(last_day)
            previous = None
        objective = Objective(model.variables, wishes, self.student, self.ranks)
        for level in levels:
            with self.clock.builds():
                terms = objective.terms(level)
            store = model.store
            value = self.found.values.of(level)
            held = self.found.values_before(level, [*self.levels(), *levels])
            known = self.counted.known(level, held)
            if known is not None:
                bounds[level] = max(known, bounds.get(level, known))
                store.linear(terms, known, None)
            if value is not None and value in (objective.least(level), bounds.get(level)):
                bounds[level] = value
                store.linear(terms, None, value)
                continue
            if previous is not None:
                hint(store, previous)
            elif not is_same:
                hint_plan(model, self.found.values.plan)
            minimise(store, terms)
            # other bounds without a calendar are seldom met by plans that have to end by a day
            is_bounded = level == Level.COST.value and not is_part
            bounded = self.counted.by_counting(level, held, last_day) if is_bounded else None
            answer, solution, bound = self.solver.run(store, terms=terms, bounded=bounded)
            if solution is None:
                return
            found = self.values_of(model, wishes, solution)
            if self.found.is_bettered_by(found, levels):
                self.found = Found(model, wishes, last_day, solution, found, bounds)
            previous = solution
            if answer is not Answer.OPTIMAL:
                bounds[level] = max(-int(-bound // 1), bounds.get(level, -int(-bound // 1)))
                return
            value = self.found.values.of(level)
            assert value is not None
            bounds[level] = value
            store.linear(terms, None, worth(terms, solution))

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
        levels = [level.value for level in dict.fromkeys(self.student.wishes.levels)]
        return results(self.found, levels, self.compiled, self.ranks)

    @property
    def is_optimal(self) -> bool:
        """Return whether every level that could be asked is proven."""
        return self.found is not None and all(
            self.found.bounds.get(level) == self.found.values.of(level) for level in self.levels()
        )
