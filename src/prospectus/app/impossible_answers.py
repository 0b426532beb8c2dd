"""Why there is no plan, and what would make one possible: what is shown and written."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

from prospectus.domain.errors import Place
from prospectus.domain.facts import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class BlameLine:
    """One wish, one rule, or rules of one kind, of those that cannot all hold.

    `ids` are those of the conflict; `sources` where the rule was read, `as_of` when, `at` where the
    wish or the rule is written.
    """

    ids: tuple[str, ...]
    text: str
    is_wish: bool
    sources: tuple[str, ...] = ()
    as_of: str = ""
    at: Place = Place()


@dataclass(frozen=True, slots=True, kw_only=True)
class BentWish:
    """One wish bent by `amount` of `unit` (None: given up), and the share of it that goes."""

    wish: str
    text: str
    amount: int | None
    unit: str
    share: Fraction
    is_least: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RelaxationLine:
    """Changes of wishes with which a plan exists, and the end and price of the best such plan."""

    changes: tuple[BentWish, ...]
    share: Fraction
    is_least: bool
    finish: dt.date
    finish_is_projected: bool
    cost: Money | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Impossible:
    """Why no plan exists.

    `is_minimal` says whether each member was shown to be needed; `n_wishes` how many wishes have to
    change at least: 0 where no such change helps, None where that was not found out.
    """

    blamed: tuple[BlameLine, ...]
    is_minimal: bool
    relaxations: tuple[RelaxationLine, ...]
    n_wishes: int | None
