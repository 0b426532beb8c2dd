"""What the question "what is not known?" is answered with: frozen data, no printing."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from prospectus.domain.facts import Completeness, Money


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingFact:
    """Something that no source says; `id` where it is an assumption or a dispute."""

    text: str
    file: str
    id: str = ""
    n_courses: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """When the best plan ends and what it costs, at one end of a range; None where none is."""

    status: str
    name: str = ""
    finish: dt.date | None = None
    cost: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Swing:
    """How far a missing fact moves the answer: days of the finish, and money.

    `breaks` when at one of its ends no plan is left, `mends` when there is none now and one of its
    ends would give one; `is_open` when at one of its ends none was found in the time given.
    """

    ask: str
    id: str
    ends: tuple[Ending, ...]
    days: int
    cost: Money | None
    breaks: bool = False
    mends: bool = False
    is_open: bool = False

    @property
    def moves(self) -> bool:
        """Return whether it moves anything."""
        has_price = self.cost is not None and self.cost.minor > 0
        return self.breaks or self.mends or self.days > 0 or has_price

    @property
    def rank(self) -> tuple[bool, int, int, str]:
        """Return what swings are sorted by: the one to ask about first comes first."""
        cost = self.cost.minor if self.cost is not None else 0
        return (not (self.breaks or self.mends), -self.days, -cost, self.ask)


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingAnswer:
    """The answer of `missing_facts`; without a student there is no base and no swing.

    `untried` are missing facts that bear on a plan and could not be computed with, and why.
    """

    program: str
    program_name: str
    catalog_year: str
    completeness: Completeness
    facts: tuple[MissingFact, ...]
    questions: tuple[str, ...]
    student: str
    track: str | None
    base: Ending | None
    swings: tuple[Swing, ...]
    untried: tuple[str, ...] = ()
