from __future__ import annotations

from fractions import Fraction

import pytest

from prospectus.domain.amounts import amount_in


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("12000", 12_000),
        (" 12,000 ", 12_000),
        ("12 000.5", Fraction(24_001, 2)),
        ("12_000.05", Fraction(1_200_005, 100)),
        ("12,00,000", 1_200_000),
        ("0", 0),
        ("1000000000000", 10**12),
    ],
)
def test_figures_are_read_as_people_write_them(text: str, amount: int | Fraction) -> None:
    assert amount_in(text) == amount


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-1",
        "1,2",
        "5,25",
        "1_0,0 0",
        "1e3",
        ".5",
        "1.234",
        "٣٤",
        "²",
        "1\n2",
        "1000000000001",
        "9" * 5_000,
        "9," * 5_000 + "999",
    ],
)
def test_what_is_no_amount_or_beyond_all_money_is_none(text: str) -> None:
    assert amount_in(text) is None
