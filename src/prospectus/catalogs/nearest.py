"""The nearest word to one that nobody knows.

Of few words each is compared. Among many, only those one slip of the pen away are looked for, in an
index made once: then a file with a fault in every line takes no longer for each than a file with
one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from difflib import get_close_matches
from functools import lru_cache

_FEW = 100
_LIKE = 0.6
_MOST_LETTERS = 60


def nearest(word: str, known: Collection[str]) -> str:
    """Return ` (did you mean 'x'?)` for the known word closest to `word`, or nothing."""
    if len(word) > _MOST_LETTERS or not known:
        return ""
    close = _nearest(word, known if isinstance(known, frozenset) else frozenset(known))
    return f" (did you mean '{close}'?)" if close else ""


@lru_cache(maxsize=4096)
def _nearest(word: str, known: frozenset[str]) -> str:
    if len(known) <= _FEW:
        return next(iter(get_close_matches(word, _sorted(known), n=1, cutoff=_LIKE)), "")
    by_rest = _index(known)
    found = {near for rest in (word, *_shortened(word)) for near in by_rest.get(rest, ())}
    return min(found, key=lambda near: (abs(len(near) - len(word)), near), default="")


@lru_cache(maxsize=16)
def _sorted(known: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(word for word in known if len(word) <= _MOST_LETTERS))


@lru_cache(maxsize=16)
def _index(known: frozenset[str]) -> dict[str, list[str]]:
    """Return the words by themselves and by what is left of them without one letter."""
    found: dict[str, list[str]] = {}
    for word in _sorted(known):
        for rest in (word, *_shortened(word)):
            found.setdefault(rest, []).append(word)
    return found


def _shortened(word: str) -> Iterator[str]:
    for place in range(len(word)):
        yield word[:place] + word[place + 1 :]
