"""`plan.*`: how long one proven plan takes, and what our solver settings are worth."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from unittest.mock import patch

from ortools.sat.python import cp_model

from measurement import Measurement, percentile, seconds
from prospectus.planning.result import PlanResult, PlanStatus
from prospectus.planning.solve import plan
from prospectus.planning.solver import Solver
from spine import TODAY, Problem, problems

LIMIT_S = 60.0


def solver_defaults(self: Solver, limit: float) -> cp_model.CpSolver:
    """Return a solver as it comes out of the box, with our seed, workers and time limit."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = self.workers
    solver.parameters.random_seed = self.seed
    solver.parameters.max_time_in_seconds = max(limit, 0.001)
    return solver


def timed(problem: Problem) -> tuple[float, PlanResult]:
    """Return the wall seconds of one plan, and the plan."""
    answers: list[PlanResult] = []

    def job() -> None:
        student = problem.student
        answers.append(
            plan(problem.resolved, student, student.record, TODAY, seconds=LIMIT_S, workers=1)
        )

    return seconds(job), answers[0]


def is_proven(result: PlanResult) -> bool:
    """Return whether the answer is certain: no plan, or every level at its bound."""
    if result.plan is None:
        return result.status is PlanStatus.INFEASIBLE
    return all(level.is_proven for level in result.levels)


def measure() -> Iterator[Measurement]:
    """Yield times over every problem of the shipped students, one worker each."""
    found = list(problems())
    timed(found[0])  # the first run loads the solver
    ours = [timed(problem) for problem in found]
    with patch.object(Solver, "_solver", solver_defaults):
        plain = [timed(problem) for problem in found]
    times = [time for time, _ in ours]
    plain_times = [time for time, _ in plain]
    unproven = sum(not is_proven(result) for _, result in ours)
    has_plan = [result.plan is not None for _, result in ours]
    n_courses = [len(result.plan.attempts) if result.plan is not None else 0 for _, result in ours]
    groups = (
        ("plan.spine_p95_ms", 2_000.0, [True] * len(found), "every answer"),
        (
            "plan.ten_courses_p95_ms",
            1_000.0,
            [0 < n <= 12 for n in n_courses],
            "12 courses or less",
        ),
        ("plan.thirty_courses_p95_ms", 2_000.0, [n > 12 for n in n_courses], "25 courses or more"),
        ("plan.no_plan_p95_ms", None, [not has for has in has_plan], "no plan, conflict explained"),
    )
    for name, goal, chosen, words in groups:
        here = [time for time, wanted in zip(times, chosen, strict=True) if wanted]
        there = [time for time, wanted in zip(plain_times, chosen, strict=True) if wanted]
        yield Measurement(
            id=name,
            value=1_000 * percentile(here, 0.95),
            unit="ms",
            goal=goal,
            baseline=1_000 * percentile(there, 0.95),
            baseline_name="solver defaults",
            note=f"{len(here)} problems, {words}; median {1_000 * statistics.median(here):.0f} ms",
        )
    yield Measurement(
        id="plan.unproven",
        value=unproven,
        unit="",
        goal=0,
        note=f"answers of {len(ours)} without a proof for each level",
    )
    yield Measurement(
        id="plan.build_share",
        value=sum(result.certificate.build_seconds for _, result in ours) / sum(times),
        unit="",
        note="share of all time that goes into building models",
    )
