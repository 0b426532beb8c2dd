"""What is said without a calendar, against the plans of full enumeration."""

from __future__ import annotations

from tests.differential.drawing import TODAY
from tests.differential.enumeration import enumerate_plans
from tests.differential.generation import Problem, generate

from prospectus.domain.student import Level
from prospectus.planning.horizon import Horizon
from prospectus.planning.money import Tariff
from prospectus.planning.offers import offers
from prospectus.planning.relaxed import Relaxed, is_timeless
from prospectus.planning.solve import compiled_for
from prospectus.planning.solver import Clock, Solver

N_CASES = 40
LEVELS = (Level.COST, Level.PEAK, Level.TOPICS)


def relaxed(problem: Problem) -> Relaxed | None:
    """Return a problem without its calendar, None where that says nothing."""
    student = problem.student
    offered = offers(problem.resolved, student, max(student.plan_from, student.matriculation))
    compiled = compiled_for(problem.resolved, student, problem.record, TODAY, offered)
    horizon = Horizon(compiled, student, offered.open, as_wished=True)
    if not is_timeless(horizon):
        return None
    tariff = Tariff(compiled, student.wishes)
    solver = Solver(Clock(seconds=60), seed=0, workers=1)
    return Relaxed(horizon, student, offered, tariff, solver, priced=not tariff.unknown)


def test_no_enumerated_plan_is_below_a_bound_or_called_impossible() -> None:
    n_bounds = 0
    for seed in range(N_CASES):
        problem = generate(seed)
        best = enumerate_plans(problem.resolved, problem.student, problem.record, TODAY)
        if best is None:
            continue
        asked = [level for level in problem.student.wishes.levels]
        for level in LEVELS:
            bound = relaxed(problem)
            if bound is None:
                continue
            least = bound.least([level.value])
            assert least != {}, f"seed {seed}: called impossible"
            if least is None or level is not asked[0]:
                continue
            n_bounds += 1
            assert least[level.value] <= best.values[0], f"seed {seed}: {level}"
    assert n_bounds
