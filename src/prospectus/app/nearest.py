"""The nearest word to one that nobody knows."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def nearest(word: str, known: Iterable[str], otherwise: str) -> str:
    """Return how to mend an unknown word: the nearest one there is, else `otherwise`."""
    words = list(known)
    # Swapped digits are the slip people make most in a course number.
    swapped = [other for other in words if sorted(other.lower()) == sorted(word.lower())]
    near = swapped or difflib.get_close_matches(word, words, n=1, cutoff=0.6)
    return f"did you mean {near[0]}? Otherwise {otherwise}" if near else otherwise


def nearest_course(code: str, known: Iterable[str], otherwise: str) -> str:
    """Return how to mend an unknown course code: the nearest one that is half the same.

    One of another subject with another number is another school's or another course.
    """
    subject, _, number = code.rpartition(" ")
    alike = [other for other in known if {subject, number} & {*other.rpartition(" ")[::2]}]
    return nearest(code, alike, otherwise)
