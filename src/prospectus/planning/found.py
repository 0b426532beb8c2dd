"""The best plan so far, and its levels as they are told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import takewhile

from ortools.sat.python import cp_model

from prospectus.domain.student import Level
from prospectus.legality.compiled import Compiled
from prospectus.legality.model import LegalModel
from prospectus.planning.objective import CREDITS, ORDER, RANK, STARTS, Ranks, Values, in_units
from prospectus.planning.result import LevelResult
from prospectus.planning.solver import Solution
from prospectus.planning.wishes import WishRules


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """The places of the constraints that hold a level in a model."""

    model: LegalModel
    level: str
    places: range

    def lift(self) -> None:
        """Let the level be anything."""
        constraints = self.model.store.model.model_proto.constraints
        for place in self.places:
            domain = constraints[place].linear.domain
            domain.clear()
            domain.extend((cp_model.INT_MIN, cp_model.INT_MAX))


@dataclass(slots=True)
class Found:
    """The best plan so far, its values, and what is proven of each level."""

    model: LegalModel
    wishes: WishRules
    last_day: dt.date
    solution: Solution
    values: Values
    bounds: dict[str, int] = field(default_factory=dict)

    def values_before(self, level: str, levels: Sequence[str]) -> dict[str, int]:
        """Return the values of the levels that come before one."""
        before = takewhile(lambda one: one != level, dict.fromkeys(levels))
        return {one: value for one in before if (value := self.values.of(one)) is not None}

    def is_bettered_by(self, other: Values, levels: Sequence[str]) -> bool:
        """Return whether a plan is no worse than this one, level after level."""
        # of plans that are equally good so far, the earlier one is the more likely to stay
        for level in (*levels, Level.FINISH.value):
            theirs, mine = other.of(level), self.values.of(level)
            if theirs != mine:
                return mine is None or (theirs is not None and theirs < mine)
        return True


def results(
    found: Found, levels: Sequence[str], compiled: Compiled, ranks: Ranks
) -> tuple[LevelResult, ...]:
    """Return value and bound of each of these levels, then of the ties between equal plans."""
    shown = [_result(found, level, compiled) for level in (*levels, CREDITS)]
    rank, starts = found.values.rank, found.values.starts
    low = found.bounds.get(RANK), found.bounds.get(STARTS)
    bound = None
    if low[0] is not None and low[1] is not None:
        bound = Fraction(low[0] * ranks.scale + low[1])
    shown.append(LevelResult(level=ORDER, value=Fraction(rank * ranks.scale + starts), bound=bound))
    return tuple(shown)


def _result(found: Found, level: str, compiled: Compiled) -> LevelResult:
    value, bound = found.values.of(level), found.bounds.get(level)
    return LevelResult(
        level=level,
        value=None if value is None else in_units(level, value, compiled),
        bound=None if bound is None else in_units(level, bound, compiled),
    )
