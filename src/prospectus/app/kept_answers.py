"""Answers that the solver worked out, kept under a digest of all that they depend on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from prospectus.domain.facts import Assumption
from prospectus.domain.fingerprint import fingerprint
from prospectus.domain.program import Program, School
from prospectus.store.cache import Cache
from prospectus.store.thawing import NotThawed, freeze, thaw

_PACKAGE = Path(__file__).resolve().parent.parent
_DECIDES = ("domain", "legality", "planning")
_N_RULES = 64
_THAWED = ("prospectus.domain", "prospectus.app")

T = TypeVar("T")


def first_day(program: Program, school: School, today: dt.date) -> dt.date:
    """Return the first day of the programme's next period: answers hold until then."""
    calendar = dict(school.calendars).get(program.calendar)
    leaves = () if calendar is None else calendar.leaves
    return next((leaf.start for leaf in leaves if leaf.start >= today), today)


def key_of(
    modules: tuple[str, ...],
    program: Program,
    school: School,
    assumptions: Mapping[str, Assumption],
    *asked: object,
) -> str:
    """Return the digest under which an answer is kept.

    Parameters
    ----------
    modules
        The modules of `app` that ask, and that shape the answer.
    program, school, assumptions
        The rules, and what they rest on; prices and sources are left out, for no plan depends on
        them where nobody asks for the price.
    asked
        All else that the answer depends on.
    """
    rules = (_code(modules), _rules(_Same(program), _Same(school)), dict(assumptions))
    return fingerprint((*rules, *asked), places=False)


def read(kept: Cache, name: str, key: str, kind: type[T]) -> T | None:
    """Return what was kept under a digest; None where nothing of that kind was."""
    data = kept.read(name, key)
    try:
        found = None if data is None else thaw(data, _THAWED)
    except NotThawed:
        return None
    return found if isinstance(found, kind) else None


def write(kept: Cache, name: str, key: str, answer: object) -> None:
    """Keep an answer."""
    kept.write(name, key, freeze(answer))


class _Same:
    """A value that is equal to itself alone: to compare a catalog costs as much as to read it."""

    __slots__ = ("value",)

    def __init__(self, value: Program | School) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        """Return whether the other is this very value."""
        return isinstance(other, _Same) and self.value is other.value

    def __hash__(self) -> int:
        """Return a hash of which value it is; what is held keeps its address."""
        return id(self.value)


@lru_cache(maxsize=_N_RULES)
def _rules(program: _Same, school: _Same) -> str:
    """Return the digest of a programme's rules: tracks and questions share it."""
    assert isinstance(program.value, Program)
    assert isinstance(school.value, School)
    lean = replace(school.value, fees=(), sources=())
    return fingerprint((program.value, lean), places=False)


@cache
def _code(modules: tuple[str, ...]) -> str:
    """Return a digest of the code that decides: another version of it may decide otherwise."""
    found = sha256()
    for path in (Path(__file__), *(_PACKAGE / "app" / f"{module}.py" for module in modules)):
        found.update(path.read_bytes())
    for folder in _DECIDES:
        for path in sorted((_PACKAGE / folder).rglob("*.py")):
            found.update(path.read_bytes())
    return found.hexdigest()
