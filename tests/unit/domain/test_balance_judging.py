from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from prospectus.domain.balance import BalanceProblem, BalanceTrack, Criterion, Range
from prospectus.domain.balance_judging import judge_layout

PROBLEM = BalanceProblem(
    name="small",
    criterion=Criterion.PEAK,
    periods=("P1", "P2"),
    courses=("A", "B", "C"),
    loads=(4, 3, 2),
    tracks=(BalanceTrack(name="all", courses=(0, 1, 2)),),
    precedes=((0, 1),),
    load=Range(most=6),
    count=Range(least=1),
    excluded=frozenset({(2, 0)}),
    undesired=frozenset({(1, 1)}),
    deviation_weight=2,
    undesired_weight=5,
)


@pytest.mark.parametrize(
    ("criterion", "deviation", "value"),
    [
        (Criterion.PEAK, 5, 5),
        (Criterion.ABSOLUTE, 1, 7),
        (Criterion.SQUARES, Fraction(1, 2), 6),
        # the mean is 4.5: loads of 4 and 5 are as even as whole loads can be
        (Criterion.GBAC, 0, 5),
    ],
)
def test_each_criterion_has_its_value(
    criterion: Criterion, deviation: Fraction, value: Fraction
) -> None:
    verdict = judge_layout(replace(PROBLEM, criterion=criterion), (0, 1, 1))
    assert verdict.broken == ()
    assert verdict.loads == ((4, 5),)
    assert (verdict.deviation, verdict.value) == (deviation, value)
    assert verdict.undesired == ((1, 1),)


def test_everything_that_is_broken_is_told() -> None:
    verdict = judge_layout(PROBLEM, (0, 0, 0))
    assert verdict.broken == (
        "A does not come before B",
        "C stands in an excluded period",
        "track all, period P1: a load of 9",
        "track all, period P2: 0 courses",
    )
