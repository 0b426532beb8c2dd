"""The Pareto front against all schedules: the same points, each with a plan that has its values."""

from __future__ import annotations

import random

import pytest
from tests.differential.drawing import TODAY
from tests.differential.enumeration import joined
from tests.differential.generation import Problem, generate
from tests.differential.legal_schedules import Schedules

from prospectus.domain.meaning import appraise, judge
from prospectus.domain.plan import Standing
from prospectus.domain.student import Level
from prospectus.planning.front import Front
from prospectus.planning.result import PlanStatus

CASES_PER_BATCH = 50
QUICK_BATCHES = 4
ALL_BATCHES = 24
LEVELS = (
    Level.FINISH,
    Level.COST,
    Level.PEAK,
    Level.TOPICS,
    Level.HOURS,
    Level.SPARE,
    Level.SPREAD,
    Level.PREFERENCE,
    Level.DISTANCE,
)


def drawn_levels(seed: int) -> tuple[Level, ...]:
    """Return two or three levels, most often with the finish among them."""
    rng = random.Random(f"front {seed}")
    chosen = rng.sample(LEVELS, rng.choice([2, 3]))
    if Level.FINISH not in chosen and rng.random() < 0.5:
        chosen[0] = Level.FINISH
    return tuple(chosen)


def check(problem: Problem) -> int:
    """Return how many points the front has, asserting that they are those of all schedules."""
    levels = drawn_levels(problem.seed)
    front = Front(
        problem.resolved, problem.student, problem.record, TODAY, levels, terms_later=None
    )
    found = list(front.points())
    told = f"seed {problem.seed}, {[level.value for level in levels]}"
    assert front.end is not None
    assert front.end.levels == levels, told
    assert {point.values for point in found} == Schedules(problem).front(levels), told
    assert len({point.values for point in found}) == len(found), told
    expected = PlanStatus.OPTIMAL if found else PlanStatus.INFEASIBLE
    assert front.end.status is expected, told
    if Level.FINISH in levels:
        days = [point.values[levels.index(Level.FINISH)] for point in found]
        assert days == sorted(days), told
    for point in found:
        assert point.result.plan is not None
        whole = joined(problem.record, point.result.plan.attempts)
        witness = point.result.plan.witness
        verdict = judge(problem.resolved, whole, witness, TODAY)
        assert verdict.is_legal, f"{told}: {verdict.faults} {verdict.breaches}"
        assert verdict.degree >= Standing.PENDING, told
        seen = appraise(problem.resolved, problem.student, whole, witness, TODAY)
        assert not seen.wishes_broken, told
        assert point.values == tuple(seen.value(level.value) for level in levels), told
    return len(found)


def run_batch(batch: int) -> None:
    """Check the cases of a batch; some of them have something to trade."""
    seeds = range(batch * CASES_PER_BATCH, (batch + 1) * CASES_PER_BATCH)
    counts = [check(generate(seed)) for seed in seeds]
    assert sum(count > 1 for count in counts) >= CASES_PER_BATCH // 10
    assert max(counts) >= 3


@pytest.mark.parametrize("batch", range(QUICK_BATCHES))
def test_front_matches_all_schedules(batch: int) -> None:
    run_batch(batch)


@pytest.mark.slow
@pytest.mark.parametrize("batch", range(QUICK_BATCHES, ALL_BATCHES))
def test_front_matches_all_schedules_at_length(batch: int) -> None:
    run_batch(batch)
