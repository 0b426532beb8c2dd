"""How much study fits into one term: by hours alone, or with courses over several periods."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from ortools.sat.python import cp_model

from prospectus.legality.store import Lit, Store, Term
from prospectus.planning.interrupts import interruptible

EFFORT = 0.05
"""The work, in the solver's own measure, that one term is worth; then its bound is taken."""

KEPT = 1024
"""So many terms are kept with what fits into them: most are alike, whoever asks."""

Span = tuple[tuple[int, ...], int]
"""The periods of a run, and its weekly hours."""

_Limits = tuple[tuple[int, int | None], ...]


class Item(NamedTuple):
    """A course that fits into a term once: its steps of credit and the runs it could take."""

    steps: int
    spans: tuple[Span, ...]


@lru_cache(KEPT)
def most_in_hours(kinds: tuple[tuple[tuple[int, int], int], ...], limit: int) -> int:
    """Return the most that fits into a limit of hours: a knapsack.

    `kinds` are ((hours, worth), how many there are of it), none above the limit.
    """
    best = [0] * (limit + 1)
    for (hours, worth), count in kinds:
        # more of a kind than fit at once add nothing
        for _ in range(min(count, limit // hours) if hours else count):
            for room in range(limit, hours - 1, -1):
                more = best[room - hours] + worth
                if more > best[room]:
                    best[room] = more
    return best[limit]


def most_steps(
    items: Sequence[Item], hours: Mapping[int, int | None], courses: Mapping[int, int | None]
) -> int:
    """Return the most steps of credit that fit, by the limits of each period; never too few."""
    # courses that are alike are one number
    kinds = tuple(sorted(Counter(items).items()))
    return _most_steps(kinds, tuple(hours.items()), tuple(courses.items()))


@lru_cache(KEPT)
def _most_steps(kinds: tuple[tuple[Item, int], ...], hours: _Limits, courses: _Limits) -> int:
    spans = {leaves for item, _ in kinds for leaves, _ in item.spans}
    if len(spans) == 1 and all(item.steps == 1 for item, _ in kinds):
        return _most_courses(kinds, _least(hours), _least(courses))
    store = Store()
    heavy: dict[int, list[Term]] = defaultdict(list)
    counted: dict[int, list[Term]] = defaultdict(list)
    numbers: list[Lit] = []
    worth: list[int] = []
    for item, count in kinds:
        taken: list[Term] = []
        for leaves, weight in item.spans:
            number = store.new_int(0, count)
            taken.append((number, 1))
            numbers.append(number)
            worth.append(item.steps)
            for leaf in leaves:
                heavy[leaf].append((number, weight))
                counted[leaf].append((number, 1))
        store.linear(taken, None, count)
    for sums, limits in ((heavy, dict(hours)), (counted, dict(courses))):
        for leaf, parts in sums.items():
            limit = limits.get(leaf)
            if limit is not None:
                store.linear(parts, None, limit)
    store.model.maximize(cp_model.LinearExpr.weighted_sum(numbers, worth))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 2
    solver.parameters.symmetry_level = 0
    solver.parameters.cp_model_presolve = False
    solver.parameters.add_lp_constraints_lazily = False
    solver.parameters.cut_level = 0
    solver.parameters.max_deterministic_time = EFFORT
    with interruptible():
        status = solver.solve(store.model)
    everything = sum([item.steps * count for item, count in kinds])
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return everything
    return min(everything, int(solver.best_objective_bound + 1e-6))


def _least(limits: _Limits) -> int | None:
    return min([limit for _, limit in limits if limit is not None], default=None)


def _most_courses(
    kinds: tuple[tuple[Item, int], ...], hours: int | None, courses: int | None
) -> int:
    """Return how many courses fit that all run at one time: the lightest ones."""
    found, left = 0, hours
    for weight, count in sorted((item.spans[0][1], count) for item, count in kinds):
        if left is not None and weight:
            count = min(count, left // weight)
            left -= count * weight
        found += count
    return found if courses is None else min(found, courses)
