"""Further plans against all schedules: each is the best that is far enough from those before."""

from __future__ import annotations

import random
from collections.abc import Mapping
from types import MappingProxyType

import pytest
from tests.differential.drawing import TODAY
from tests.differential.enumeration import joined, objective
from tests.differential.generation import Problem, generate
from tests.differential.legal_schedules import Schedule, Schedules, Values

from prospectus.domain.meaning import appraise, judge
from prospectus.domain.student import Level
from prospectus.planning.alternatives import Alternatives, Changes
from prospectus.planning.result import PlanStatus

CASES_PER_BATCH = 40
QUICK_BATCHES = 1
ALL_BATCHES = 11
MOST_SCHEDULES = 150
"""Larger cases take the enumeration too long."""
N_PLANS = 4


def n_changes(one: Schedule, other: Schedule, changes: Changes) -> int:
    """Return in how many changes two schedules differ."""
    mine = {(a.course, a.topic): a.periods for a in one}
    theirs = {(a.course, a.topic): a.periods for a in other}
    only = len(set(mine) ^ set(theirs))
    moved = sum(mine[key] != theirs[key] for key in set(mine) & set(theirs))
    return only + (moved if changes is Changes.PERIODS else 0)


def best_of_the_rest(
    known: Schedules,
    ranked: list[tuple[Values, Schedule]],
    shown: list[Schedule],
    apart: int,
    changes: Changes,
) -> Values | None:
    """Return the values of the best schedule that is far enough from all that were shown."""
    for values, attempts in ranked:
        far = all(n_changes(attempts, other, changes) >= apart for other in shown)
        if far and known.is_legal(attempts):
            return values
    return None


def bounded(
    problem: Problem,
    ranked: list[tuple[Values, Schedule]],
    within: Mapping[Level, int],
    best: Values,
) -> list[tuple[Values, Schedule]]:
    """Return what is not worse than the best by more than is allowed."""
    levels = problem.student.wishes.levels
    places = [(levels.index(level), loss) for level, loss in within.items()]
    return [
        (values, attempts)
        for values, attempts in ranked
        if all(values[place] <= best[place] + loss for place, loss in places)
    ]


def check(problem: Problem) -> int | None:
    """Return how many plans there are, None for a case that is too large.

    Each is asserted to be the best of those left.
    """
    known = Schedules(problem)
    if len(known.seen) > MOST_SCHEDULES:
        return None
    rng = random.Random(f"alternatives {problem.seed}")
    apart = rng.choice([1, 1, 2, 3])
    changes = rng.choice([Changes.PERIODS, Changes.PERIODS, Changes.COURSES])
    within: Mapping[Level, int] = MappingProxyType(
        rng.choice([{}, {}, {Level.FINISH: 0}, {Level.COST: 200_00, Level.FINISH: 150}])
    )
    asked = Alternatives(
        problem.resolved,
        problem.student,
        problem.record,
        TODAY,
        n_plans=N_PLANS,
        apart=apart,
        changes=changes,
        within=within,
    )
    told = f"seed {problem.seed}, {apart} {changes.value} apart, within {dict(within)}"
    ranked = known.ranked()
    shown: list[Schedule] = []
    for alternative in asked.plans():
        plan = alternative.result.plan
        assert plan is not None
        whole = joined(problem.record, plan.attempts)
        assert judge(problem.resolved, whole, plan.witness, TODAY).is_legal, told
        seen = appraise(problem.resolved, problem.student, whole, plan.witness, TODAY)
        assert not seen.wishes_broken, told
        values = objective(problem.resolved, problem.student, seen, plan.attempts)[:-2]
        assert values == best_of_the_rest(known, ranked, shown, apart, changes), told
        distances = tuple(n_changes(plan.attempts, other, changes) for other in shown)
        assert alternative.distances == distances, told
        if not shown:
            ranked = bounded(problem, ranked, within, values)
        shown.append(plan.attempts)
    assert asked.end is not None
    if len(shown) < N_PLANS:
        assert best_of_the_rest(known, ranked, shown, apart, changes) is None, told
    assert asked.end.are_all is (0 < len(shown) < N_PLANS), told
    assert asked.end.status is (PlanStatus.OPTIMAL if shown else PlanStatus.INFEASIBLE), told
    return len(shown)


def run_batch(batch: int) -> None:
    """Check the cases of a batch; some have as many plans as asked for, some fewer."""
    seeds = range(batch * CASES_PER_BATCH, (batch + 1) * CASES_PER_BATCH)
    counts = [check(generate(seed)) for seed in seeds]
    assert counts.count(None) <= CASES_PER_BATCH // 2
    assert N_PLANS in counts
    assert any(count is not None and 0 < count < N_PLANS for count in counts)


@pytest.mark.parametrize("batch", range(QUICK_BATCHES))
def test_each_further_plan_is_the_best_of_the_rest(batch: int) -> None:
    run_batch(batch)


@pytest.mark.slow
@pytest.mark.parametrize("batch", range(QUICK_BATCHES, ALL_BATCHES))
def test_each_further_plan_is_the_best_of_the_rest_at_length(batch: int) -> None:
    run_batch(batch)
