"""The audit against full enumeration of witnesses, judged by the definition."""

from __future__ import annotations

from collections import Counter

import pytest
from tests.degrees import TODAY
from tests.differential.audit_drawing import REQUIRED, Case, draw
from tests.differential.audit_oracle import best, met_now, where

from prospectus.audit import audit
from prospectus.domain.meaning import judge, uses
from prospectus.domain.meaning.judging import last_day
from prospectus.domain.meaning.setting import Setting
from prospectus.domain.requirement import Gpa, Measure, Milestone, Over

CASES_PER_BATCH = 40
QUICK_BATCHES = 6
ALL_BATCHES = 60
_PARTS_FROM = 1_000_000


def check(case: Case) -> set[str]:
    """Audit a case both ways; return the kinds of the case and of its answer."""
    resolved, record = case.resolved, case.record
    got = audit(resolved, record, TODAY)
    expected = best(resolved, record)
    name = f"seed {case.seed}"
    assert got.is_proven, name
    verdict = judge(resolved, record, got.witness, TODAY)
    assert verdict.is_valid, (name, verdict.faults)
    setting = Setting(resolved, record, TODAY)
    found = uses(setting, last_day(setting))
    assert got.credits_left == expected.credits, (name, got.credits_left, expected.credits)
    met = met_now(resolved, record, setting, found, got.witness, verdict)
    assert met == expected.met, (name, met, expected.met)
    mine = where(resolved, setting, found, got.witness)
    assert mine == expected.where, (name, mine, expected.where)
    standings_agree(case, got, verdict)
    kinds = set(case.kinds)
    kinds.add(
        "no completion"
        if got.credits_left is None
        else "complete"
        if got.is_complete
        else "incomplete"
    )
    if got.unused:
        kinds.add("surplus")
    return kinds


def standings_agree(case: Case, got, verdict) -> None:  # type: ignore[no-untyped-def]
    """Check that each node stands as the definition says, means and milestones apart."""
    apart = any(
        isinstance(node, Gpa | Milestone)
        or (isinstance(node, Measure) and node.over is Over.ATTEMPTED)
        for node in (*case.resolved.tree.children, *case.resolved.rules)
    )
    seen = {one.node: one.standing for one in verdict.nodes}
    root = case.resolved.tree.header.id
    for state in got.nodes:
        if state.standing is None or (state.node == root and (apart or case.resolved.rules)):
            continue
        assert seen[state.node] == state.standing, (case.seed, state, seen[state.node])


def run(seeds: range, *, parts: bool) -> Counter[str]:
    kinds: Counter[str] = Counter()
    for seed in seeds:
        kinds.update(check(draw(seed, parts=parts)))
    return kinds


def batch_of(batch: int) -> range:
    return range(batch * CASES_PER_BATCH, (batch + 1) * CASES_PER_BATCH)


@pytest.mark.parametrize("batch", range(QUICK_BATCHES))
def test_the_audit_is_the_best_of_all_witnesses(batch: int) -> None:
    run(batch_of(batch), parts=False)


@pytest.mark.slow
@pytest.mark.parametrize("batch", range(QUICK_BATCHES, ALL_BATCHES))
def test_the_audit_is_the_best_of_all_witnesses_at_length(batch: int) -> None:
    run(batch_of(batch), parts=False)
