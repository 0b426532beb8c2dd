"""Local search for an even layout: courses move or swap, worse ones are kept ever more rarely."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

from prospectus.planning.balance_tracks import Group, Prepared

_HOTTEST = 60.0
_WARM = 10.0
_HOTTEST_PEAK = 10.0
_COOLEST = 0.3
_FINE = 400.0
"""Heat is what a step may cost, in units of the criterion; a breach of a limit costs `_FINE`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Annealed:
    """The best layout met: `excess` is 0 when it keeps every limit, `value` is its cost."""

    places: list[int]
    excess: int
    value: int
    was_interrupted: bool = False


def anneal(
    prepared: Prepared, n_moves: int, seed: int, *, enough: int, start: list[int] | None = None
) -> Annealed:
    """Return the best layout that simulated annealing meets in so many moves.

    The order of courses holds at every step; limits of loads and counts are prices of their own.
    Under PEAK the search looks for a largest load of `enough`; it ends early when it has found one.
    From a `start` it begins less hot, so as not to lose it at once.

    Source
    ------
    Moves and penalties after Chiarandini, Di Gaspero, Gualandi, Schaerf (2012), "The balanced
    academic curriculum problem revisited", Journal of Heuristics 18(1).
    """
    state = _State(prepared, seed, enough, start)
    was_interrupted = False
    try:
        state.run(n_moves)
    except KeyboardInterrupt:
        was_interrupted = True
    return Annealed(
        places=state.best,
        excess=_excess(prepared, state.best),
        value=prepared.value(state.best),
        was_interrupted=was_interrupted,
    )


def _excess(prepared: Prepared, places: list[int]) -> int:
    """Return by how much a layout goes beyond the limits."""
    problem, found = prepared.problem, 0
    for group in prepared.groups:
        counts = [0] * len(problem.periods)
        for course in group.courses:
            counts[places[course]] += 1
        for load, count in zip(prepared.loads(group, places), counts, strict=True):
            found += _beyond(load, problem.load.least, problem.load.most)
            found += _beyond(count, problem.count.least, problem.count.most)
    return found


def _beyond(value: int, least: int, most: int | None) -> int:
    over = 0 if most is None else max(0, value - most)
    return over + max(0, least - value)


def _prices(prepared: Prepared, group: Group, enough: int, fine: float) -> list[float]:
    """Return the price of each load of a group, a breach of limits included."""
    limit = prepared.problem.load
    if prepared.is_peak:
        base = [float(max(0, load - enough) ** 2) for load in range(group.total + 1)]
    else:
        base = [float(group.n_tracks * price) for price in group.price]
    return [
        price + fine * _beyond(load, limit.least, limit.most) for load, price in enumerate(base)
    ]


class _State:
    """A layout with the loads and counts of each group, and the best one met."""

    def __init__(self, prepared: Prepared, seed: int, enough: int, start: list[int] | None) -> None:
        problem = prepared.problem
        n_courses, n_periods = len(problem.courses), len(problem.periods)
        self._random = random.Random(seed).random
        unit = 1 if prepared.is_peak else prepared.scale
        hottest = _HOTTEST_PEAK if prepared.is_peak else _HOTTEST
        self._hottest = unit * (hottest if start is None else _WARM)
        self._coolest = unit * _COOLEST
        fine = unit * _FINE
        self._enough = 0 if prepared.is_peak else enough
        self.places = (
            list(start) if start is not None else [periods[0] for periods in prepared.allowed]
        )
        self._allowed = [frozenset(periods) for periods in prepared.allowed]
        self._span = [(periods[0], periods[-1]) for periods in prepared.allowed]
        self._weight = problem.loads
        self._groups_of: list[list[int]] = [[] for _ in range(n_courses)]
        self._price = [_prices(prepared, group, enough, fine) for group in prepared.groups]
        self._count_price: list[list[float]] = []
        self._load = [prepared.loads(group, self.places) for group in prepared.groups]
        self._count = [[0] * n_periods for _ in prepared.groups]
        for number, group in enumerate(prepared.groups):
            bounds = problem.count
            self._count_price.append(
                [
                    fine * _beyond(n, bounds.least, bounds.most)
                    for n in range(len(group.courses) + 1)
                ]
            )
            for course in group.courses:
                self._groups_of[course].append(number)
                self._count[number][self.places[course]] += 1
        self._extra = [
            [float(prepared.extra.get((course, period), 0)) for period in range(n_periods)]
            for course in range(n_courses)
        ]
        self._before: list[list[int]] = [[] for _ in range(n_courses)]
        self._behind: list[list[int]] = [[] for _ in range(n_courses)]
        for first, second in prepared.order:
            self._before[second].append(first)
            self._behind[first].append(second)
        self._free = [c for c in range(n_courses) if len(prepared.allowed[c]) > 1]
        self._cost = sum(self._extra[c][place] for c, place in enumerate(self.places))
        for number in range(len(prepared.groups)):
            price, counted = self._price[number], self._count_price[number]
            self._cost += sum(price[load] for load in self._load[number])
            self._cost += sum(counted[n] for n in self._count[number])
        self._least = self._cost
        self.best = list(self.places)

    def run(self, n_moves: int) -> None:
        """Make so many moves, from hot to cool."""
        if not self._free:
            return
        heat, cooling = self._hottest, (self._coolest / self._hottest) ** (1 / max(1, n_moves))
        free, draw, exp, places = self._free, self._random, math.exp, self.places
        for _ in range(n_moves):
            if self._least <= self._enough:
                return
            heat *= cooling
            course = free[int(draw() * len(free))]
            here = places[course]
            low, high = self._room(course)
            if low >= high:
                continue
            there = low + int(draw() * (high - low))
            there += there >= here
            if there not in self._allowed[course]:
                continue
            other = -1
            if draw() < 0.5:
                other = free[int(draw() * len(free))]
                if places[other] != there or here not in self._allowed[other]:
                    continue
                low, high = self._room(other)
                if not low <= here <= high:
                    continue
            change = self._shift(course, there)
            if other >= 0:
                change += self._shift(other, here)
            if change <= 0 or draw() < exp(-change / heat):
                self._cost += change
                if self._cost < self._least - 1e-6:
                    self._least = self._cost
                    self.best = places[:]
            else:
                self._shift(course, here)
                if other >= 0:
                    self._shift(other, there)

    def _room(self, course: int) -> tuple[int, int]:
        """Return the first and last period that the places of other courses leave to one."""
        low, high = self._span[course]
        places = self.places
        for other in self._before[course]:
            if places[other] >= low:
                low = places[other] + 1
        for other in self._behind[course]:
            if places[other] <= high:
                high = places[other] - 1
        return low, high

    def _shift(self, course: int, there: int) -> float:
        """Move a course and return what that changes in the cost."""
        here, weight = self.places[course], self._weight[course]
        extra = self._extra[course]
        change = extra[there] - extra[here]
        for number in self._groups_of[course]:
            price, load = self._price[number], self._load[number]
            counted, count = self._count_price[number], self._count[number]
            old, new, less, more = load[here], load[there], count[here], count[there]
            change += price[old - weight] - price[old] + price[new + weight] - price[new]
            change += counted[less - 1] - counted[less] + counted[more + 1] - counted[more]
            load[here], load[there] = old - weight, new + weight
            count[here], count[there] = less - 1, more + 1
        self.places[course] = there
        return change
