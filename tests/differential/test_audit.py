"""The audit against full enumeration of witnesses, judged by the definition."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from fractions import Fraction

import pytest
from tests.degrees import TODAY
from tests.differential.audit_drawing import Case, draw
from tests.differential.audit_oracle import TooLarge, best
from tests.differential.audit_required import DRAWN, NAMED, OFTEN, kinds_of
from tests.differential.audit_valuing import met_now, where

from prospectus.app.audit_check import recheck
from prospectus.audit import AuditResult, audit
from prospectus.domain.meaning import uses
from prospectus.domain.meaning.judging import last_day

PLAIN_PER_BATCH, PARTS_PER_BATCH = 30, 15
QUICK_BATCHES = 5
QUICK = QUICK_BATCHES * (PLAIN_PER_BATCH + PARTS_PER_BATCH)
ALL_BATCHES = 100
LARGE = Fraction(1, 5)
"""The most of a batch that may be too large to enumerate."""


def cases_of(batch: int) -> Iterator[Case]:
    """Yield the cases of a batch: plain ones, then such with variable credits and split courses."""
    for n in range(PLAIN_PER_BATCH):
        yield draw(batch * PLAIN_PER_BATCH + n)
    for n in range(PARTS_PER_BATCH):
        yield draw(batch * PARTS_PER_BATCH + n, parts=True)


def audited(case: Case) -> AuditResult:
    """Return the audit of a case, under the choices and for the day that are its own."""
    choices = dict(case.choices)
    return audit(case.resolved, case.record, TODAY, choices=choices, conferral=case.conferral)


def check(case: Case) -> bool:
    """Audit a case both ways; return whether it was small enough to be enumerated.

    Parts that the search does not try are not enumerated either; such an answer is not proven.
    """
    resolved, record, choices = case.resolved, case.record, dict(case.choices)
    name = f"seed {case.seed}"
    got = audited(case)
    assert got.is_proven or case.kinds & {"variable credits", "split"}, name
    again = recheck(resolved, record, TODAY, got, choices)
    try:
        expected = best(resolved, record, choices, case.conferral)
    except TooLarge:
        return False
    assert got.credits_left == expected.credits, (name, got.credits_left, expected.credits)
    setting, verdict = again.setting, again.verdict
    found = uses(setting, case.conferral or last_day(setting))
    met = met_now(resolved, setting, found, got.witness, verdict)
    assert met == expected.met, (name, met, expected.met)
    mine = where(setting, found, got.witness)
    assert mine == expected.where, (name, mine, expected.where)
    assert got.witness.choices == expected.witness.choices, name
    return True


def check_all(cases: Iterable[Case]) -> None:
    """Check cases; few of them may be too large."""
    compared = [check(case) for case in cases]
    assert compared.count(False) <= LARGE * len(compared)


@pytest.mark.parametrize("batch", range(QUICK_BATCHES))
def test_the_audit_is_the_best_of_all_witnesses(batch: int) -> None:
    check_all(cases_of(batch))


def test_every_kind_that_goes_wrong_is_drawn_often() -> None:
    found: Counter[str] = Counter()
    for batch in range(QUICK_BATCHES):
        for case in cases_of(batch):
            found.update(kinds_of(case, audited(case)))
    rare = {kind: found[kind] for kind in NAMED if found[kind] < OFTEN * QUICK}
    assert not rare
    assert found.keys() >= DRAWN, DRAWN - found.keys()


@pytest.mark.slow
@pytest.mark.parametrize("batch", range(QUICK_BATCHES, ALL_BATCHES))
def test_the_audit_is_the_best_of_all_witnesses_at_length(batch: int) -> None:
    check_all(cases_of(batch))
