"""The planner against the second formulation: no bound too high, no legal plan ruled out.

Where the second formulation keeps every rule that a problem has, both agree on every value.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.differential.drawing import TODAY
from tests.differential.generation import Problem, generate

from prospectus.app.verify_facts import approvals_named, facts_of
from prospectus.domain.errors import UnsupportedError
from prospectus.planning.result import PlanResult
from prospectus.planning.solve import plan
from prospectus.planning.verifying.formulation import Claimed, admits, prove, prove_none

CASES_PER_BATCH = 50
QUICK_BATCHES = 5
ALL_BATCHES = 60
SECONDS = 30.0
LEAST_SHARE = 0.75
"""The least share of the levels whose value the second formulation proves too."""


def check(problem: Problem) -> Counter[str]:
    """Return what came of each level, asserting that the formulations do not contradict."""
    student = replace(problem.student, record=problem.record)
    try:
        got = plan(problem.resolved, student, problem.record, TODAY, explain_conflict=False)
    except UnsupportedError:
        return Counter(refused=1)
    if got.plan is None:
        named = approvals_named(problem.resolved, student)
        none = prove_none(facts_of(problem.resolved, student, TODAY, named), SECONDS)
        assert none.is_confirmed or not none.is_exact, f"seed {problem.seed}: a plan exists"
        return Counter(["no plan: confirmed" if none.is_confirmed else "no plan: open"])
    facts = facts_of(problem.resolved, student, TODAY, got.approvals)
    assert admits(facts, got.plan.attempts, SECONDS), f"seed {problem.seed}: a plan ruled out"
    return levels_of(problem, got)


def levels_of(problem: Problem, got: PlanResult) -> Counter[str]:
    """Return what came of the levels of a plan."""
    student = replace(problem.student, record=problem.record)
    facts = facts_of(problem.resolved, student, TODAY, got.approvals)
    claimed = tuple(
        Claimed(level=level.level, value=level.value, bound=level.bound)
        for level in got.levels
        if level.level != "order"
    )
    values = {item.level: item.value for item in claimed}
    answers: Counter[str] = Counter()
    for proof in prove(facts, claimed, SECONDS):
        value = values[proof.level]
        assert value is not None
        told = f"seed {problem.seed}: {proof}, value {value}"
        assert proof.bound is None or proof.bound <= value, told
        assert proof.is_confirmed or not proof.is_exact, told
        answers["level: confirmed" if proof.is_confirmed else "level: open"] += 1
    return answers


def run_batch(batch: int, record_property: Callable[[str, object], None]) -> None:
    """Check the cases of a batch, and that a large share of the levels is confirmed."""
    answers: Counter[str] = Counter()
    for seed in range(batch * CASES_PER_BATCH, (batch + 1) * CASES_PER_BATCH):
        answers += check(generate(seed))
    record_property("second formulation", dict(answers))
    levels = answers["level: confirmed"] + answers["level: open"]
    assert answers["level: confirmed"] >= LEAST_SHARE * levels
    assert answers["no plan: confirmed"] > answers["no plan: open"]


@pytest.mark.parametrize("batch", range(QUICK_BATCHES))
def test_no_bound_of_the_second_formulation_contradicts_the_planner(
    batch: int, record_property: Callable[[str, object], None]
) -> None:
    run_batch(batch, record_property)


@pytest.mark.slow
@pytest.mark.parametrize("batch", range(QUICK_BATCHES, ALL_BATCHES))
def test_no_bound_of_the_second_formulation_contradicts_the_planner_at_length(
    batch: int, record_property: Callable[[str, object], None]
) -> None:
    run_batch(batch, record_property)
