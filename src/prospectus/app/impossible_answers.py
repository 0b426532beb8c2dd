"""Why there is no plan, and what would make one possible: what is shown and written."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

from prospectus.domain.errors import Place
from prospectus.domain.facts import Money

MORE_TIME = "Ask again with more time (--seconds)"

WHAT_IF = {
    "hours": "hours=N",
    "courses": "courses=N",
    "deadline": "deadline=DAY",
    "budget": "money=AMOUNT",
    "budget by year": "money-per-year=AMOUNT",
    "out_of_pocket": "out-of-pocket=AMOUNT",
    "out_of_pocket by year": "out-of-pocket-per-year=AMOUNT",
    "wanted": "without=COURSE",
    "unwanted": "with=COURSE",
    "start": "start=DAY",
}
"""What --what-if calls a wish, or the wishes of a kind."""


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

    @property
    def stuck(self) -> str | None:
        """Return that no change of wishes is offered, and what to do next; None where one is."""
        if self.n_wishes == 0:
            return (
                "No change of your wishes helps: rules or offerings are in the way. Another track, "
                "or another programme (`prospectus compare`), may do."
            )
        if self.relaxations:
            return None
        ids = [line.ids[0] for line in self.blamed if line.is_wish]
        keys = (WHAT_IF.get(id_) or WHAT_IF.get(id_.split(" ")[0]) for id_ in ids)
        key = next((key for key in keys if key is not None), None)
        own = "" if key is None else f", or try a change of your own: --what-if {key}"
        return (
            f"No change of a few wishes that helps was found in the time given. {MORE_TIME}{own}."
        )
