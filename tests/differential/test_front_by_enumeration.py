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

CASES_PER_BATCH = 40
QUICK_BATCHES = 1
ALL_BATCHES = 11
MOST_SCHEDULES = 150
"""Larger cases take the enumeration too long."""
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


def drawn_levels(seed: int) -> list[tuple[Level, ...]]:
    """Return the usual three levels, and two or three drawn ones, with the finish and without."""
    rng = random.Random(f"front {seed}")
    some = rng.sample(LEVELS, rng.choice([2, 3]))
    others = rng.sample(LEVELS[1:], rng.choice([1, 2]))
    return [LEVELS[:3], tuple(some), (*others, Level.FINISH)]


def check(problem: Problem) -> list[int]:
    """Return how many points each front has, none for a case that is too large.

    The points are asserted to be those of all schedules.
    """
    known = Schedules(problem)
    if len(known.seen) > MOST_SCHEDULES:
        return []
    return [check_front(problem, known, levels) for levels in drawn_levels(problem.seed)]


def check_front(problem: Problem, known: Schedules, levels: tuple[Level, ...]) -> int:
    """Return how many points a front has."""
    front = Front(
        problem.resolved, problem.student, problem.record, TODAY, levels, terms_later=None
    )
    found = list(front.points())
    told = f"seed {problem.seed}, {[level.value for level in levels]}"
    assert front.end is not None
    assert front.end.levels == levels, told
    assert {point.values for point in found} == known.front(levels), told
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
    counts = [count for seed in seeds for count in check(generate(seed))]
    assert len(counts) >= CASES_PER_BATCH
    assert sum(count > 1 for count in counts) >= 2


@pytest.mark.parametrize("batch", range(QUICK_BATCHES))
def test_front_matches_all_schedules(batch: int) -> None:
    run_batch(batch)


@pytest.mark.slow
@pytest.mark.parametrize("batch", range(QUICK_BATCHES, ALL_BATCHES))
def test_front_matches_all_schedules_at_length(batch: int) -> None:
    run_batch(batch)
