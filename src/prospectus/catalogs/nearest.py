"""The nearest word to one that nobody knows."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches


def nearest(word: str, known: Mapping[str, object] | set[str] | tuple[str, ...]) -> str:
    """Return ` (did you mean 'x'?)` for the known word closest to `word`, or nothing."""
    close = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f" (did you mean '{close[0]}'?)" if close else ""
