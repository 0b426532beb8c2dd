"""A plan that a person lays out by hand: cards in columns, and what is said of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

from prospectus.domain.facts import Certainty, Money


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Card:
    """A course in the period in which it begins; a pinned one stays there on repair.

    `credits` is for courses whose credits vary, None its least; `grade` is the grade expected.
    """

    course: str
    period: str
    pinned: bool = False
    credits: Fraction | None = None
    grade: str | None = None


Cards = tuple[Card, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CardView:
    """A card as it is shown.

    `key` names it on its board; `hours` a week, None unknown; `offering` how it is known to run
    then; `meets` the requirements that it counts for; `broken` the rules and wishes that it
    breaks; `notes` what is only warned of; `until` its last period where it spans several.
    """

    key: str
    course: str
    title: str
    period: str
    credits: Fraction
    hours: int | None
    hours_certainty: Certainty
    offering: str
    meets: tuple[str, ...]
    pinned: bool
    broken: tuple[str, ...]
    notes: tuple[str, ...]
    live: tuple[str, ...] = ()
    until: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenView:
    """A course on record: it has its period and its state, and no card moves it."""

    course: str
    title: str
    state: str
    period: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A period: its cards, hours a week with the person's limit, what falls due, live sessions.

    `broken` is what its cards break together; `is_projected` periods print as a month.
    """

    id: str
    start: dt.date
    end: dt.date
    is_projected: bool
    cards: tuple[CardView, ...]
    taken: tuple[TakenView, ...]
    hours: int
    hours_limit: int | None
    cost: Money | None
    due: tuple[tuple[dt.date, str, Money], ...]
    broken: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lacking:
    """A requirement that the cards leave open, in words, with courses that would serve it."""

    label: str
    text: str
    one_of: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardView:
    """A whole board.

    `is_legal` says that no rule is broken, `keeps_wishes` no wish of the person, `is_complete`
    that the degree is met once everything is passed; `general` is what no card or period is alone
    to blame for. `finish` is the end of the last period, `cost` None where a fee is unknown.
    """

    columns: tuple[Column, ...]
    earlier: tuple[TakenView, ...]
    lacking: tuple[Lacking, ...]
    requirements: tuple[tuple[int, str, str, str], ...]
    credits_left: Fraction | None
    is_legal: bool
    keeps_wishes: bool
    is_complete: bool
    general: tuple[str, ...]
    goals_missed: tuple[str, ...]
    finish: dt.date | None
    finish_is_projected: bool
    cost: Money | None
    peak_hours: int
    n_broken: int
    unknown: tuple[str, ...]
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A period that a card could be moved to: whether everything holds there, else why not."""

    period: str
    fits: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Repaired:
    """Cards after repair, with what changed, in words; None where no plan exists, and why."""

    cards: Cards | None
    changes: tuple[str, ...]
    is_proven: bool
    reasons: tuple[str, ...] = ()
