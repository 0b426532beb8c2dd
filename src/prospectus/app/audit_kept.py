"""What the words of an audit need of a programme alone, worked out once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from prospectus.domain.program import Resolved

Found = TypeVar("Found")

_MOST_KEPT = 64

_kept: dict[tuple[int, Callable[..., object]], tuple[Resolved, object]] = {}


def kept(resolved: Resolved, make: Callable[[Resolved], Found]) -> Found:
    """Return what a function makes of the rules, made once for the last few programmes."""
    key = (id(resolved), make)
    known = _kept.get(key)
    if known is None or known[0] is not resolved:
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        known = _kept[key] = (resolved, make(resolved))
    return known[1]  # type: ignore[return-value]  # made by this very function
