"""Amounts of money as people write their figures, in documents and in forms alike."""

from __future__ import annotations

import re
from fractions import Fraction

_MOST = 10**12
# Thousands in groups, also those of India (12,00,000). What is bounded cannot take long.
_FIGURES = re.compile(
    r"(\d{1,13}|\d{1,3}(?:[,_ ]\d{2,3}){0,5}[,_ ]\d{3})(?:\.(\d{1,2}))?", re.ASCII
)


def amount_in(text: str) -> Fraction | None:
    """Return the amount of figures such as `12000` or `12,000.50`; None where they are none."""
    found = _FIGURES.fullmatch(text.strip())
    if found is None:
        return None
    whole = re.sub(r"[,_ ]", "", found[1])
    amount = Fraction(f"{whole}.{found[2] or '0'}")
    return amount if amount <= _MOST else None
