"""The audit against a model of the rules for CP-SAT, on cases too large to enumerate."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from tests.degrees import TODAY
from tests.differential.audit_larger import Larger, draw_larger, draw_real
from tests.differential.audit_solver import credits_left

from prospectus.audit import audit
from prospectus.domain.meaning import judge

STEPS = 4_000
"""The search ends sooner than in use: what is proven by then is compared, else its bound is."""
QUICK, ALL = 36, 616
PER_BATCH = 20
PROGRAMS = ("gatech-omscs", "umich-mads", "uc-berkeley-mids", "uiuc-mcs-online")


def proven(cases: Iterable[Larger]) -> tuple[int, int]:
    """Check cases both ways; return how many were proven, and how many there were."""
    found = [check(case) for case in cases]
    return sum(found), len(found)


def check(case: Larger) -> bool:
    """Check one case; return whether the search proved its answer."""
    choices = dict(case.choices)
    got = audit(case.resolved, case.record, TODAY, choices=choices, steps=STEPS)
    assert judge(case.resolved, case.record, got.witness, TODAY).is_valid, case.name
    assert got.searched < 2 * STEPS, case.name
    expected = credits_left(case.resolved, case.record, choices)
    if got.is_proven:
        assert got.credits_left == expected, (case.name, got.credits_left, expected)
        return True
    if expected is None:
        assert got.credits_left is None, case.name
        return False
    assert got.bound is not None, case.name
    assert got.bound <= expected, (case.name, got.bound, expected)
    assert got.credits_left is None or expected <= got.credits_left, case.name
    return False


def test_the_credits_left_are_those_of_the_solver() -> None:
    shown, drawn = proven(draw_larger(seed) for seed in range(QUICK))
    assert shown > drawn / 2


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_credits_left_of_a_real_programme_are_those_of_the_solver(program: str) -> None:
    shown, drawn = proven(draw_real(program, 2))
    assert shown == drawn


@pytest.mark.slow
@pytest.mark.parametrize("batch", range(QUICK, ALL, PER_BATCH))
def test_the_credits_left_are_those_of_the_solver_at_length(batch: int) -> None:
    shown, drawn = proven(draw_larger(seed) for seed in range(batch, batch + PER_BATCH))
    # Of twenty, many run out of steps: there the solver only has to lie between bound and answer.
    assert shown >= drawn / 4


@pytest.mark.slow
@pytest.mark.parametrize("program", PROGRAMS)
def test_the_credits_left_of_many_real_records_are_those_of_the_solver(program: str) -> None:
    shown, drawn = proven(draw_real(program, 25))
    assert shown > drawn / 2
