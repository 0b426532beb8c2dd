"""The balancing model as textbooks write it: a whole-number variable per course, a sum per period.

It is the baseline of `plan.bacp_worst_ms`: nothing is counted beforehand, and the solver runs as it
comes out of the box.
"""

from __future__ import annotations

from ortools.sat.python import cp_model

from prospectus.domain.balance import BalanceProblem


def plain_peak(problem: BalanceProblem, *, seconds: float, workers: int) -> tuple[int | None, bool]:
    """Return the largest load of the best layout found, and whether that is proven."""
    model = cp_model.CpModel()
    n_periods, n_courses = len(problem.periods), len(problem.courses)
    total = sum(problem.loads)
    period_of = [model.new_int_var(0, n_periods - 1, "") for _ in range(n_courses)]
    at = [[model.new_bool_var("") for _ in range(n_periods)] for _ in range(n_courses)]
    for course, places in enumerate(at):
        model.add_exactly_one(places)
        model.add(period_of[course] == sum(period * lit for period, lit in enumerate(places)))
    for first, second in problem.precedes:
        model.add(period_of[first] < period_of[second])
    peak = model.new_int_var(0, total, "")
    for track in problem.tracks:
        for period in range(n_periods):
            load = model.new_int_var(problem.load.least, problem.load.most or total, "")
            model.add(load == sum(problem.loads[c] * at[c][period] for c in track.courses))
            model.add(load <= peak)
            count = sum(at[c][period] for c in track.courses)
            model.add_linear_constraint(
                count, problem.count.least, problem.count.most or len(track.courses)
            )
    model.minimize(peak)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = workers
    solver.parameters.max_time_in_seconds = seconds
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None, False
    return int(solver.objective_value), status == cp_model.OPTIMAL
