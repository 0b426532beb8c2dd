"""Credits of another unit, counted by a stated rule."""

from __future__ import annotations

from fractions import Fraction

import pytest

from prospectus.domain.conversion import Conversion, Rounding, unit_of
from prospectus.domain.errors import DomainError


@pytest.mark.parametrize(
    ("rounding", "step", "counts"),
    [
        (Rounding.NONE, "1", "15/4"),
        (Rounding.DOWN, "1", "3"),
        (Rounding.UP, "1", "4"),
        (Rounding.NEAREST, "1", "4"),
        (Rounding.DOWN, "1/2", "7/2"),
        (Rounding.NEAREST, "1/2", "4"),
        (Rounding.NEAREST, "2", "4"),
    ],
)
def test_credits_are_rounded_as_the_rule_says(rounding: Rounding, step: str, counts: str) -> None:
    rule = Conversion(unit="ects", ratio=Fraction(1, 2), rounding=rounding, step=Fraction(step))
    assert rule.of(Fraction("7.5")) == Fraction(counts)


def test_a_third_stays_a_third() -> None:
    rule = Conversion(unit="quarter unit", ratio=Fraction(2, 3), rounding=Rounding.NONE)
    assert rule.of(Fraction(4)) == Fraction(8, 3)
    assert rule.words() == "1 quarter unit counts 2/3, not rounded"


def test_the_rule_is_told_in_words() -> None:
    rule = Conversion(
        unit="ects", ratio=Fraction(1, 2), rounding=Rounding.NEAREST, step=Fraction(1, 2)
    )
    assert rule.words() == "1 ECTS counts 0.5, rounded to the nearest multiple of 0.5"


@pytest.mark.parametrize(("ratio", "step"), [("0", "1"), ("-1/2", "1"), ("1/2", "0")])
def test_a_rule_by_which_nothing_counts_is_refused(ratio: str, step: str) -> None:
    with pytest.raises(DomainError) as caught:
        Conversion(unit="ects", ratio=Fraction(ratio), rounding=Rounding.DOWN, step=Fraction(step))
    assert caught.value.faults[0].code == "DOM-016"


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("ECTS", "ects"),
        ("ECTS credits", "ects"),
        ("Semester Credit Hours", "semester hour"),
        ("semester credit", "semester hour"),
        ("semester unit", "semester hour"),
        ("semester hours", "semester hour"),
        ("credit hour", "semester hour"),
        ("hours", "hour"),
        ("quarter hours", "quarter hour"),
        ("point", "point"),
        ("competency unit", "competency unit"),
        ("quarter units", "quarter unit"),
        ("projects", "project"),
    ],
)
def test_spellings_of_a_unit_compare(text: str, unit: str) -> None:
    assert unit_of(text) == unit
