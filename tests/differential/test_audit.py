"""The audit against full enumeration of witnesses, judged by the definition."""

from __future__ import annotations

from collections import Counter

import pytest
from tests.degrees import TODAY
from tests.differential.audit_drawing import REQUIRED, Case, draw
from tests.differential.audit_oracle import best, met_now, where

from prospectus.audit import AuditResult, audit
from prospectus.domain.meaning import judge, uses
from prospectus.domain.meaning.judging import last_day
from prospectus.domain.meaning.setting import Setting
from prospectus.domain.plan import Verdict
from prospectus.domain.requirement import Gpa, Milestone

CASES_PER_BATCH = 40
QUICK_BATCHES = 6
ALL_BATCHES = 75
PARTS_PER_BATCH = 15


def check(case: Case) -> set[str]:
    """Audit a case both ways; return the kinds of the case and of its answer.

    Parts that the search does not try are not enumerated either; such an answer is not proven.
    """
    resolved, record = case.resolved, case.record
    got = audit(resolved, record, TODAY)
    expected = best(resolved, record)
    name = f"seed {case.seed}"
    assert got.is_proven or case.kinds & {"variable credits", "split"}, name
    verdict = judge(resolved, record, got.witness, TODAY)
    assert verdict.is_valid, (name, verdict.faults)
    assert got.credits_left == expected.credits, (name, got.credits_left, expected.credits)
    setting = Setting(resolved, record, TODAY)
    found = uses(setting, last_day(setting))
    met = met_now(resolved, setting, found, got.witness, verdict)
    assert met == expected.met, (name, met, expected.met)
    mine = where(resolved, setting, found, got.witness)
    assert mine == expected.where, (name, mine, expected.where)
    standings_agree(case, got, verdict)
    kinds = set(case.kinds)
    if got.credits_left is None:
        kinds.add("no completion")
    else:
        kinds.add("complete" if got.is_complete else "incomplete")
    if got.unused:
        kinds.add("surplus")
    return kinds


def standings_agree(case: Case, got: AuditResult, verdict: Verdict) -> None:
    """Check that each node stands as the definition says; a mean or milestone drags the root."""
    tree = case.resolved.tree
    apart = any(isinstance(node, Gpa | Milestone) for node in tree.children)
    seen = {one.node: one.standing for one in verdict.nodes}
    for state in got.nodes:
        is_root = state.node == tree.header.id
        if state.standing is None or (is_root and (apart or case.resolved.rules)):
            continue
        assert seen[state.node] == state.standing, (case.seed, state, seen[state.node])


def run(seeds: range, *, parts: bool) -> Counter[str]:
    """Check the cases of some seeds; return how often each kind was drawn."""
    kinds: Counter[str] = Counter()
    for seed in seeds:
        kinds.update(check(draw(seed, parts=parts)))
    return kinds


def batch_of(batch: int, size: int) -> range:
    """Return the seeds of a batch."""
    return range(batch * size, (batch + 1) * size)


@pytest.mark.parametrize("batch", range(QUICK_BATCHES))
def test_the_audit_is_the_best_of_all_witnesses(batch: int) -> None:
    run(batch_of(batch, CASES_PER_BATCH), parts=False)


@pytest.mark.parametrize("batch", range(2))
def test_the_audit_is_the_best_of_all_witnesses_with_parts(batch: int) -> None:
    run(batch_of(batch, PARTS_PER_BATCH), parts=True)


def test_every_shape_that_goes_wrong_is_drawn() -> None:
    kinds: set[str] = {"surplus", "complete", "incomplete", "no completion"}
    for seed in range(QUICK_BATCHES * CASES_PER_BATCH):
        kinds |= draw(seed).kinds
    for seed in range(2 * PARTS_PER_BATCH):
        kinds |= draw(seed, parts=True).kinds
    assert kinds >= REQUIRED, REQUIRED - kinds


@pytest.mark.slow
@pytest.mark.parametrize("batch", range(QUICK_BATCHES, ALL_BATCHES))
def test_the_audit_is_the_best_of_all_witnesses_at_length(batch: int) -> None:
    run(batch_of(batch, CASES_PER_BATCH), parts=False)


@pytest.mark.slow
@pytest.mark.parametrize("batch", range(2, 30))
def test_the_audit_is_the_best_of_all_witnesses_with_parts_at_length(batch: int) -> None:
    run(batch_of(batch, PARTS_PER_BATCH), parts=True)
