"""The search: the earliest possible end by growing horizons, then level after level.

Where other levels come before the finish, some plan is found first, as if the finish were all that
counts: so that there is one to give when time is up.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Mapping
from functools import cache

from prospectus.domain.plan import Plan
from prospectus.domain.student import Level
from prospectus.legality.model import LegalModel
from prospectus.planning.asking import Asking
from prospectus.planning.extract import plan_of
from prospectus.planning.found import Found, results
from prospectus.planning.kept import Pinned
from prospectus.planning.objective import Objective
from prospectus.planning.result import LevelResult
from prospectus.planning.solver import (
    Answer,
    Solution,
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

NEAR_EFFORT = 0.01
"""The work that it is worth to look for a plan nearly as before: the whole model comes after."""

SHARE = 0.25
"""The share of the time left that one step may take which the answer could do without."""

FIRST_STEP = 2
"""How many possible ends are passed over once the first is proven too early."""


class Search(Asking):
    """One search over one compiled programme."""

    def run(self) -> None:
        """Find a plan and prove its levels, as far as time allows."""
        levels = self.levels()
        days = self.horizon.days
        if self.horizon.is_blocked or (self.is_doubted and self._is_refuted(days[-1])):
            self.is_infeasible = True
            return
        if levels[0] == Level.GOALS.value and not self.student.wishes.goals:
            # nothing may be missed, so nothing is
            levels = levels[1:]
        left = self._left_as_before(levels)
        if left is not None:
            levels = left
        elif not levels or levels[0] == Level.FINISH.value:
            self._first_end(days)
        else:
            levels = self._first_bounds(levels, days)
        if self.found is not None:
            self._prove(levels)
        self._hold({})

    def _is_refuted(self, last_day: dt.date) -> bool:
        """Return whether there is certainly no plan in all the time there is."""
        with self.clock.part(SHARE):
            return self._ask(*self.build(last_day), last_day, PROBE_EFFORT) is Answer.INFEASIBLE

    def _left_as_before(self, levels: list[str]) -> list[str] | None:
        """Look for a plan at the floors of levels, each of which is then proven.

        Returns the levels that are still to be proven; None where no such plan was found.
        """
        floors = {one: least for one, least in self.counted.floors.items() if one in levels}
        finish = floors.get(Level.FINISH.value)
        if finish is None:
            return None
        last_day = dt.date.fromordinal(finish)
        pinned = self.counted.pinned
        if pinned is not None and pinned.suits(self.student):
            floors = self._met_in(pinned, floors, last_day)
        else:
            self._hold(floors)
            with self.clock.part(SHARE):
                self._ask(*self.build(last_day), last_day, PROBE_EFFORT)
            self._hold({})
        if self.found is None:
            return None
        self.found.bounds = floors
        return [level for level in levels if level not in floors]

    def _met_in(self, pinned: Pinned, floors: dict[str, int], last_day: dt.date) -> dict[str, int]:
        """Look in an earlier model for a plan at all floors, then at those up to the finish.

        Returns those that the plan found meets.
        """
        pinned.end_by(last_day)
        first = dict([*floors.items()][: [*floors].index(Level.FINISH.value) + 1])
        answer = Answer.INFEASIBLE
        for held in (floors, first) if len(first) < len(floors) else (floors,):
            pinned.hold(held)
            if pinned.has_place:
                answer = self._asked_of(pinned, last_day, is_near=held is floors)
            if self.found is not None:
                return held
            if answer is not Answer.INFEASIBLE:
                return {}
        self.counted.is_refuted = self.counted.is_doubtful = True
        return {}

    def _asked_of(self, pinned: Pinned, last_day: dt.date, *, is_near: bool) -> Answer:
        """Look in an earlier model for a plan: if told so, first for one nearly as before."""
        asked = (pinned.model, pinned.wishes, last_day)
        self.counted.hint(pinned.model)
        with self.clock.part(SHARE):
            if is_near:
                with pinned.nearly_as_before():
                    self._ask(*asked, NEAR_EFFORT)
            return self._ask(*asked, PROBE_EFFORT) if self.found is None else Answer.FEASIBLE

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
        place = max(place, self.counted.first_try(days))
        if self._widest is not None and not self._held:
            place = len(days) - 1
        step = n_probes = 0
        while low < len(days) and n_probes != most_probes:
            is_last = place == len(days) - 1
            with self.clock.part(1 if is_last else SHARE):
                effort = None if most_probes is None else PROBE_EFFORT
                asked = (self._lifted() if is_last else None) or self.build(days[place])
                answer = self._ask(*asked, days[place], effort)
            n_probes += 1
            if answer is Answer.INFEASIBLE:
                low = place + 1
                if is_last and self._held and self.counted.is_doubtful:
                    self._widest = asked if self._can_be_lifted(asked[0]) else None
                if n_probes == 1 and not self._held and not self.counted.is_doubtful:
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
            if self.counted.is_doubtful:
                step = len(days)
            place = min(max(low, place + 1) + step, len(days) - 1)
        self.is_infeasible = True

    def _can_be_lifted(self, model: LegalModel) -> bool:
        """Return whether a model says of the levels held no more than sums that can be lifted."""
        is_tied = self.counted.is_tied(model) or model.store.is_contradictory
        # hours held leave their terms less room
        return not is_tied and self.horizon.rooms.most_hours is None

    def _lifted(self) -> tuple[LegalModel, WishRules] | None:
        """Return the model of all time in which levels were held, that hold no more."""
        if self._widest is None or self._held:
            return None
        for rung in self.counted.rungs:
            if rung.model is self._widest[0]:
                rung.lift()
        return self._widest

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
            with self.counted.holding(model, level):
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
                if bounded is not None and self.counted.is_quick(held):
                    bounded = cache(bounded)
                    if value is not None and bounded() == value:
                        bounds[level] = value
                        store.linear(terms, None, value)
                        continue
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
