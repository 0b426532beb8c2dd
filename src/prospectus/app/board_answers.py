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
    `n_periods` is for courses that may take several: None the least.
    """

    course: str
    period: str
    pinned: bool = False
    credits: Fraction | None = None
    grade: str | None = None
    n_periods: int | None = None


Cards = tuple[Card, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CardView:
    """A card as it is shown.

    `key` names it on its board; `hours` a week, None unknown; `offering` how it is known to run
    then; `meets` the requirements that it counts for; `broken` the rules and wishes that it
    breaks; `notes` what is only warned of; `until` its last period where it spans several;
    `paces` in how many periods it could be taken from there, where there is a choice; `live` its
    weekly sessions, in the person's own time where the zone is known.
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
    n_periods: int = 1
    paces: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenView:
    """A course on record: it has its period and its state, and no card moves it."""

    course: str
    title: str
    state: str
    period: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A period: its cards, hours a week with the person's limit, what falls due.

    `broken` is what its cards break together; `is_projected` periods print as a month; `going_on`
    are courses that began earlier and still run.
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
    going_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class YearView:
    """What falls due in a calendar year and the person's limit for it.

    With an employer: what is paid back in it, and what is left to pay.
    """

    year: int
    due: Money
    limit: Money | None = None
    paid_back: Money | None = None
    out_of_pocket: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lacking:
    """A requirement that the cards leave open, in words, with courses that would serve it."""

    label: str
    text: str
    one_of: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sureness:
    """The sign behind each figure of a board, "" where it is stated, and what the figures rest on.

    `covered` and `uncovered` are the wanted topics that the courses cover, and the others.
    """

    finish: str
    cost: str
    peak: str
    assumptions: tuple[str, ...]
    covered: tuple[str, ...]
    uncovered: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardView:
    """A whole board.

    `is_legal` says that no rule is broken, `keeps_wishes` no wish of the person, `is_complete`
    that the degree is met once everything is passed; `general` is what no card or period is alone
    to blame for. `finish` is the end of the last period, `cost` None where a fee is unknown.
    `waits_for` are requirements that no course settles; `years` is the money by calendar year,
    `aid_most` what an employer pays back in one; `notes` is what is only warned of; `surplus` tells
    courses that a plan which holds does not need.
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
    waits_for: tuple[str, ...] = ()
    years: tuple[YearView, ...] = ()
    aid_most: Money | None = None
    notes: tuple[str, ...] = ()
    surplus: tuple[str, ...] = ()
    sureness: Sureness


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A period that a card could be moved to: whether everything holds there, else why not."""

    period: str
    fits: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WayOut:
    """A change with which a plan exists where none does: in words, and the plan it leads to.

    `sent` is what a form of the person's details sends to ask for it, `freed` the cards that are
    unpinned; where it is not `is_sendable`, `field` is the one to look at, "" where none is known.
    """

    text: str
    is_least: bool
    finish: dt.date | None
    finish_is_projected: bool
    cost: Money | None
    sent: tuple[tuple[str, str], ...]
    is_sendable: bool
    field: str
    freed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Repaired:
    """Cards after repair, with what changed, in words; None where no plan exists, and why.

    `is_proven`: no plan that ends by `until` (None: no plan at all) changes less. `ways` lead out
    where there is none, the cheapest first; `is_hopeless`: no change of wishes or pins does.
    """

    cards: Cards | None
    changes: tuple[str, ...]
    is_proven: bool
    reasons: tuple[str, ...] = ()
    until: dt.date | None = None
    ways: tuple[WayOut, ...] = ()
    is_hopeless: bool = False
