"""How much study fits into one term whose courses run over several of its periods."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ortools.sat.python import cp_model

from prospectus.planning.interrupts import interruptible

EFFORT = 0.05
"""The work, in the solver's own measure, that one term is worth; then its bound is taken."""

Span = tuple[tuple[int, ...], int]
"""The periods of a run, and its weekly hours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A course that fits into a term once: its steps of credit and the runs it could take."""

    steps: int
    spans: tuple[Span, ...]


def most_steps(
    items: Sequence[Item], hours: Mapping[int, int | None], courses: Mapping[int, int | None]
) -> int:
    """Return the most steps of credit that fit, by the limits of each period; never too few."""
    model = cp_model.CpModel()
    heavy: dict[int, list[cp_model.LinearExprT]] = defaultdict(list)
    counted: dict[int, list[cp_model.LinearExprT]] = defaultdict(list)
    worth: list[cp_model.LinearExprT] = []
    # courses that are alike are one number
    for item, count in sorted(Counter(items).items(), key=lambda pair: _order(pair[0])):
        taken: list[cp_model.LinearExprT] = []
        for leaves, weight in item.spans:
            number = model.new_int_var(0, count, "")
            taken.append(number)
            worth.append(item.steps * number)
            for leaf in leaves:
                heavy[leaf].append(weight * number)
                counted[leaf].append(number)
        model.add(cp_model.LinearExpr.sum(taken) <= count)
    for sums, limits in ((heavy, hours), (counted, courses)):
        for leaf, parts in sums.items():
            limit = limits.get(leaf)
            if limit is not None:
                model.add(cp_model.LinearExpr.sum(parts) <= limit)
    model.maximize(cp_model.LinearExpr.sum(worth))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 2
    solver.parameters.symmetry_level = 0
    solver.parameters.cp_model_presolve = False
    solver.parameters.add_lp_constraints_lazily = False
    solver.parameters.cut_level = 0
    solver.parameters.max_deterministic_time = EFFORT
    with interruptible():
        status = solver.solve(model)
    everything = sum(item.steps for item in items)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return everything
    return min(everything, int(solver.best_objective_bound + 1e-6))


def _order(item: Item) -> tuple[int, tuple[Span, ...]]:
    return item.steps, item.spans
