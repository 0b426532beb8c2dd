"""The balancing problem as a model of CP-SAT: where each course stands, and what loads cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ortools.sat.python import cp_model

from prospectus.planning.balance_tracks import Group, Prepared, lower_hull, within_reach


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceBounds:
    """What is known of the value: `low` is proven, `high` was reached (None: nothing was).

    `by_group` holds a proven lower bound of the cost of one track of each group.
    """

    low: int
    high: int | None
    by_group: tuple[int, ...]


class BalanceModel:
    """The model of one prepared problem, between bounds that are known.

    A track's cost in a period is held from below by the convex hull of the costs at the loads
    within reach, not by tangents of the curve: this is what makes proofs quick.
    """

    def __init__(self, prepared: Prepared, bounds: BalanceBounds) -> None:
        self.model = cp_model.CpModel()
        self._prepared = prepared
        self._bounds = bounds
        self.at = [
            {period: self.model.new_bool_var("") for period in periods}
            for periods in prepared.allowed
        ]
        self._loads: list[list[cp_model.IntVar]] = []
        self._costs: list[list[cp_model.IntVar]] = []
        for places in self.at:
            self.model.add_exactly_one(places.values())
        self._courses_in_order()
        self._counts_in_bounds()
        if prepared.is_peak:
            self._least_peak()
        else:
            self._least_cost()

    def places(self, values: Sequence[int]) -> list[int]:
        """Return the period of each course from the values of the model's variables."""
        return [
            next(period for period, lit in places.items() if values[lit.index] == 1)
            for places in self.at
        ]

    def begin_with(self, places: Sequence[int]) -> None:
        """Start the search from a layout."""
        model, prepared = self.model, self._prepared
        model.clear_hints()  # type: ignore[no-untyped-call]
        for course, here in enumerate(places):
            for period, lit in self.at[course].items():
                model.add_hint(lit, int(period == here))
        for group, loads, costs in zip(prepared.groups, self._loads, self._costs, strict=False):
            found = prepared.loads(group, list(places))
            for load, cost, value in zip(loads, costs, found, strict=True):
                model.add_hint(load, value)
                model.add_hint(cost, group.price[value])

    def _courses_in_order(self) -> None:
        for first, second in self._prepared.order:
            begun, done = list[cp_model.IntVar](), list[cp_model.IntVar]()
            earlier, later = self.at[first], self.at[second]
            for period in range(len(self._prepared.problem.periods)):
                if period in later:
                    begun.append(later[period])
                    if len(done) < len(earlier):
                        self.model.add(
                            cp_model.LinearExpr.sum(begun) <= cp_model.LinearExpr.sum(done)
                        )
                if period in earlier:
                    done.append(earlier[period])

    def _here(self, group: Group, period: int) -> tuple[list[cp_model.IntVar], list[int]]:
        courses = [course for course in group.courses if period in self.at[course]]
        loads = self._prepared.problem.loads
        return [self.at[course][period] for course in courses], [loads[c] for c in courses]

    def _counts_in_bounds(self) -> None:
        bounds = self._prepared.problem.count
        for group in self._prepared.groups:
            for period in range(len(self._prepared.problem.periods)):
                lits, _ = self._here(group, period)
                most = len(lits) if bounds.most is None else bounds.most
                self.model.add_linear_constraint(cp_model.LinearExpr.sum(lits), bounds.least, most)

    def _least_peak(self) -> None:
        problem, bounds = self._prepared.problem, self._bounds
        highest = max(group.total for group in self._prepared.groups)
        for limit in (problem.load.most, bounds.high):
            highest = highest if limit is None else min(highest, limit)
        peak = self.model.new_int_var(min(bounds.low, highest), highest, "")
        for group in self._prepared.groups:
            for period in range(len(problem.periods)):
                load = cp_model.LinearExpr.weighted_sum(*self._here(group, period))
                self.model.add(load <= peak)
                if problem.load.least:
                    self.model.add(load >= problem.load.least)
        self.model.minimize(peak)

    def _least_cost(self) -> None:
        """Give each track and period its load and its cost, and each track its proven least."""
        prepared, bounds = self._prepared, self._bounds
        terms: list[tuple[cp_model.IntVar, int]] = []
        for group, least in zip(prepared.groups, bounds.by_group, strict=True):
            # What all may cost above its least, this track may cost above its own.
            most = None
            if bounds.high is not None:
                most = least + (bounds.high - bounds.low) // group.n_tracks
            self._price(group, least, most)
            terms += [(cost, group.n_tracks) for cost in self._costs[-1]]
        for (course, period), weight in prepared.extra.items():
            if period in self.at[course]:
                terms.append((self.at[course][period], weight))
        total = cp_model.LinearExpr.weighted_sum([t[0] for t in terms], [t[1] for t in terms])
        self.model.add(total >= bounds.low)
        self.model.minimize(total)

    def _price(self, group: Group, least: int, most: int | None) -> None:
        """Add the loads and costs of a group in each period."""
        model, loads, costs = self.model, list[cp_model.IntVar](), list[cp_model.IntVar]()
        for period in range(len(self._prepared.problem.periods)):
            points = [
                (load, group.price[load])
                for load in within_reach(self._prepared, group, period)
                if most is None or group.price[load] <= most
            ]
            if not points:
                model.add_bool_or([])
                points = [(0, group.price[0])]
            load = model.new_int_var_from_domain(
                cp_model.Domain.from_values([x for x, _ in points]), ""
            )
            cost = model.new_int_var_from_domain(
                cp_model.Domain.from_values(sorted({y for _, y in points})), ""
            )
            model.add(load == cp_model.LinearExpr.weighted_sum(*self._here(group, period)))
            corners = lower_hull(points)
            for (x0, y0), (x1, y1) in pairwise(corners):
                model.add((x1 - x0) * cost >= (y1 - y0) * (load - x0) + y0 * (x1 - x0))
            loads.append(load)
            costs.append(cost)
        model.add(cp_model.LinearExpr.sum(loads) == group.total)
        model.add(cp_model.LinearExpr.sum(costs) >= least)
        self._loads.append(loads)
        self._costs.append(costs)
