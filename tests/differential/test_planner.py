"""The planner against full enumeration: same status, same value on every level."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from tests.differential.drawing import TODAY
from tests.differential.enumeration import enumerate_plans, joined, objective
from tests.differential.generation import Problem, generate

from prospectus.domain.errors import UnsupportedError
from prospectus.domain.meaning import appraise, judge
from prospectus.domain.plan import Standing
from prospectus.planning.result import PlanStatus
from prospectus.planning.solve import plan

CASES_PER_BATCH = 50
QUICK_BATCHES = 6
ALL_BATCHES = 80
REQUIRED = (
    "aid carried over",
    "aid for some fees",
    "all under any",
    "and",
    "any",
    "apart",
    "areas",
    "areas beside minima",
    "areas in credits",
    "at least",
    "at most",
    "attempts",
    "avoid",
    "before",
    "block total",
    "budget",
    "budget by year",
    "buffer",
    "concurrent",
    "counting pool",
    "course limit",
    "courses of",
    "credits of",
    "credits per term",
    "declared any",
    "distinct inside",
    "done: mean",
    "done: measure",
    "done: milestone",
    "done: rest",
    "done: total",
    "employer aid",
    "equivalent together",
    "exclude",
    "exclude by more",
    "expiry",
    "external course",
    "fee by residence",
    "fee by season",
    "fee once",
    "fee per month",
    "fee per session",
    "fee per transferred course",
    "fee per year",
    "few heavy",
    "gap",
    "gate",
    "gate by a point",
    "goals",
    "gpa",
    "growth of rates",
    "hours by range",
    "if approved",
    "leaf in courses",
    "leaf in credits",
    "leaf with minima",
    "least load",
    "level change",
    "level distance",
    "level hours",
    "level out of pocket",
    "level preference",
    "level spare",
    "level spread",
    "level toxic",
    "level trade",
    "likely offering",
    "limit out of pocket",
    "limit out of pocket by year",
    "load in courses",
    "load in credits",
    "lower-is-better scale",
    "maximum",
    "milestone",
    "n of",
    "n..m courses",
    "n..m credits",
    "or",
    "other order of levels",
    "overlap",
    "pause",
    "per inside",
    "placed",
    "position",
    "position at a node",
    "position by credits",
    "prerequisite",
    "prerequisite with floor",
    "rate by tiers",
    "reading",
    "record",
    "record: low grade",
    "record: passed",
    "record: transfer",
    "record: two tries",
    "record: waiver",
    "record: withdrawn",
    "repeats",
    "repeats: allowed",
    "repeats: best",
    "repeats: cap",
    "repeats: first",
    "repeats: in all",
    "repeats: mean of the used",
    "repeats: newest",
    "repeats: only below",
    "rest",
    "rest n..m",
    "season inside",
    "seminar",
    "sessions",
    "share inside",
    "spanning course",
    "start in",
    "tiered fee",
    "together",
    "topic by",
    "topics",
    "total",
    "total less waived",
    "twins",
    "two leaves",
    "unwanted course",
    "variable credits",
    "view pool",
    "wanted course",
    "when",
    "with",
)
"""The kinds that the drawn cases have to hold, each in one case of twenty at least."""


def check(problem: Problem) -> str:
    """Return `infeasible`, `optimal` or `refused`, asserting that planner and oracle agree."""
    best = enumerate_plans(problem.resolved, problem.student, problem.record, TODAY)
    try:
        got = plan(problem.resolved, problem.student, problem.record, TODAY)
    except UnsupportedError:
        return "refused"
    expected = PlanStatus.INFEASIBLE if best is None else PlanStatus.OPTIMAL
    assert got.status is expected, f"seed {problem.seed}: {got.status}, oracle {best}"
    if best is None:
        assert got.conflict, f"seed {problem.seed}: no conflict named"
        return "infeasible"
    assert got.plan is not None
    whole = joined(problem.record, got.plan.attempts)
    verdict = judge(problem.resolved, whole, got.plan.witness, TODAY)
    assert verdict.is_legal, f"seed {problem.seed}: {verdict.faults} {verdict.breaches}"
    assert verdict.degree >= Standing.PENDING, f"seed {problem.seed}: {verdict.nodes}"
    seen = appraise(problem.resolved, problem.student, whole, got.plan.witness, TODAY)
    assert not seen.wishes_broken, f"seed {problem.seed}: {seen.wishes_broken}"
    values = objective(problem.resolved, problem.student, seen, got.plan.attempts)
    assert values == best.values, f"seed {problem.seed}"
    claimed = tuple(level.value for level in got.levels if level.level != "order")
    assert claimed == values[: len(claimed)], f"seed {problem.seed}: levels say {claimed}"
    assert all(level.is_proven for level in got.levels), f"seed {problem.seed}"
    return "optimal"


def run_batch(batch: int, record_property: Callable[[str, object], None]) -> None:
    """Check the cases of a batch and report what they held."""
    answers: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    for seed in range(batch * CASES_PER_BATCH, (batch + 1) * CASES_PER_BATCH):
        problem = generate(seed)
        answers[check(problem)] += 1
        kinds.update(problem.kinds)
    record_property("differential answers", dict(answers))
    record_property("differential kinds", dict(kinds))
    assert answers["refused"] == 0
    assert 0.1 <= answers["infeasible"] / CASES_PER_BATCH <= 0.8


@pytest.mark.parametrize("batch", range(QUICK_BATCHES))
def test_planner_matches_enumeration(
    batch: int, record_property: Callable[[str, object], None]
) -> None:
    run_batch(batch, record_property)


@pytest.mark.slow
@pytest.mark.parametrize("batch", range(QUICK_BATCHES, ALL_BATCHES))
def test_planner_matches_enumeration_at_length(
    batch: int, record_property: Callable[[str, object], None]
) -> None:
    run_batch(batch, record_property)


def test_generated_cases_hold_every_kind_often_enough() -> None:
    kinds: Counter[str] = Counter()
    n_cases = 1000
    for seed in range(n_cases):
        kinds.update(generate(seed).kinds)
    rare = {kind: kinds[kind] for kind in REQUIRED if kinds[kind] < n_cases * 0.05}
    assert not rare, rare
    assert set(kinds) == set(REQUIRED), set(kinds) ^ set(REQUIRED)
