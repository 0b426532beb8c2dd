"""What the API takes and tells of plan boards."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from prospectus.app.board_answers import Card, Cards, CardView, Column, Repaired
from prospectus.app.board_case import MOST_CARDS
from prospectus.app.board_work import BoardState
from prospectus.app.workspace import KeptBoard
from prospectus.domain.facts import Money
from prospectus.web.api.answers import Name, Sent, Version

_MOST_PERIODS = 20
_CREDITS = "^[0-9]{1,3}(/[1-9][0-9]{0,2})?$"


class NewBoard(Sent):
    """A board to make: `planned` puts the best plan for the student on it."""

    student: Annotated[Name, Field(description="The id of a student document.")]
    program: Name
    track: Annotated[Name, Field(description="The id of a track; empty where there is none.")] = ""
    name: Name = ""
    planned: bool = True


class Changed(Sent):
    """A change of a board."""

    version: Version


class Renamed(Changed):
    """Another name of a board."""

    name: Name


class NamedCard(Changed):
    """A change of one card."""

    card: Annotated[Name, Field(description="The key of a card.")]


class MovedCard(NamedCard):
    """A card, and the period to put it in; `n_periods`: how many it takes, null as before."""

    period: Name
    n_periods: Annotated[int, Field(ge=1, le=_MOST_PERIODS)] | None = None


class PinnedCard(NamedCard):
    """A card, and whether it is to stay."""

    pinned: bool


class LaidCard(Sent):
    """A card of a plan to put on a board, as other plans have theirs.

    What is pinned on the board stays pinned where it stands; `pinned` is not looked at.
    """

    course: Name
    period: Name
    pinned: bool = False
    credits: (
        Annotated[str, Field(pattern=_CREDITS)] | Annotated[int, Field(ge=0, le=999)] | None
    ) = Field(None, description="Of a course whose credits vary: `3`, or `3/2`; null its least.")
    grade: Name | None = None
    n_periods: Annotated[int, Field(ge=1, le=_MOST_PERIODS)] | None = None


class PutPlan(Changed):
    """Another plan, in place of all that is on the board."""

    cards: Annotated[list[LaidCard], Field(max_length=MOST_CARDS)]


class AddedCard(Changed):
    """A course, and the period to put it in."""

    course: Name
    period: Name


class MoneyOut(BaseModel):
    """An amount in the least unit of its currency."""

    minor: int
    currency: str


class CardOut(BaseModel):
    """A card: `broken` names every rule and wish that it breaks where it stands."""

    key: str
    course: str
    title: str
    period: str
    until: str | None
    n_periods: int
    credits: str = Field(description="Exact: `3`, or `3/2`.")
    hours: int | None = Field(description="Hours a week; null where unknown.")
    hours_certainty: str
    offering: str = Field(description="How it is known to run then.")
    meets: list[str]
    pinned: bool
    broken: list[str]
    notes: list[str]
    live: list[str]


class TakenOut(BaseModel):
    """A course on record."""

    course: str
    title: str
    state: str
    period: str


class ColumnOut(BaseModel):
    """A period with its cards; `broken` is what they break together."""

    id: str
    start: dt.date
    end: dt.date
    is_projected: bool
    cards: list[CardOut]
    taken: list[TakenOut]
    hours: int
    hours_limit: int | None
    cost: MoneyOut | None
    broken: list[str]


class LackingOut(BaseModel):
    """A requirement that the cards leave open, with courses that would serve it."""

    label: str
    text: str
    one_of: list[str]


class BoardLine(BaseModel):
    """A board in a list."""

    id: str
    student: str
    name: str
    program: str
    catalog_year: str
    track: str
    version: int
    created: dt.datetime
    changed: dt.datetime


class BoardOut(BoardLine):
    """A board with its check: `summary` says it in a sentence, `said` what was just done."""

    said: str
    summary: str
    is_legal: bool
    keeps_wishes: bool
    is_complete: bool
    n_broken: int
    broken: list[str] = Field(description="What no card or period is alone to blame for.")
    goals_missed: list[str]
    columns: list[ColumnOut]
    lacking: list[LackingOut]
    unknown: list[str]
    notes: list[str] = Field(description="What is worth knowing, and breaks nothing.")
    finish: dt.date | None
    finish_is_projected: bool
    cost: MoneyOut | None
    peak_hours: int
    undo_says: str | None
    redo_says: str | None


class RepairOut(BaseModel):
    """A board after repair; where no plan exists it is as it was, and `reasons` say why."""

    outcome: Literal["mended", "nothing to mend", "no plan"]
    is_proven: bool
    changes: list[str]
    reasons: list[str]
    board: BoardOut


class SpotOut(BaseModel):
    """A period that a card could be moved to: whether everything holds there, else why not."""

    period: str
    fits: bool
    reasons: list[str]


def laid(sent: PutPlan) -> Cards:
    """Return the cards of a plan that was sent."""
    return tuple(
        Card(
            course=one.course,
            period=one.period,
            credits=None if one.credits is None else Fraction(one.credits),
            grade=one.grade,
            n_periods=one.n_periods,
        )
        for one in sent.cards
    )


def board_line(kept: KeptBoard) -> BoardLine:
    """Return a board for a list."""
    return BoardLine(
        id=kept.id,
        student=kept.student_id,
        name=kept.name,
        program=kept.program,
        catalog_year=kept.catalog_year,
        track=kept.track,
        version=kept.version,
        created=kept.created,
        changed=kept.changed,
    )


def board_out(state: BoardState) -> BoardOut:
    """Return a board with its check."""
    view = state.view
    return BoardOut(
        **board_line(state.kept).model_dump(),
        said=state.said,
        summary=view.summary,
        is_legal=view.is_legal,
        keeps_wishes=view.keeps_wishes,
        is_complete=view.is_complete,
        n_broken=view.n_broken,
        broken=list(view.general),
        goals_missed=list(view.goals_missed),
        columns=[_column(column) for column in view.columns],
        lacking=[
            LackingOut(label=one.label, text=one.text, one_of=list(one.one_of))
            for one in view.lacking
        ],
        unknown=list(view.unknown),
        notes=list(view.notes),
        finish=view.finish,
        finish_is_projected=view.finish_is_projected,
        cost=_money(view.cost),
        peak_hours=view.peak_hours,
        undo_says=state.kept.undo_says,
        redo_says=state.kept.redo_says,
    )


def repair_out(state: BoardState, found: Repaired) -> RepairOut:
    """Return what repair made of a board."""
    if found.cards is None:
        outcome: Literal["mended", "nothing to mend", "no plan"] = "no plan"
    else:
        outcome = "mended" if found.changes else "nothing to mend"
    return RepairOut(
        outcome=outcome,
        is_proven=found.is_proven,
        changes=list(found.changes),
        reasons=list(found.reasons),
        board=board_out(state),
    )


def _column(column: Column) -> ColumnOut:
    return ColumnOut(
        id=column.id,
        start=column.start,
        end=column.end,
        is_projected=column.is_projected,
        cards=[_card(card) for card in column.cards],
        taken=[
            TakenOut(course=one.course, title=one.title, state=one.state, period=one.period)
            for one in column.taken
        ],
        hours=column.hours,
        hours_limit=column.hours_limit,
        cost=_money(column.cost),
        broken=list(column.broken),
    )


def _card(card: CardView) -> CardOut:
    return CardOut(
        key=card.key,
        course=card.course,
        title=card.title,
        period=card.period,
        until=card.until,
        n_periods=card.n_periods,
        credits=str(card.credits),
        hours=card.hours,
        hours_certainty=card.hours_certainty.value,
        offering=card.offering,
        meets=list(card.meets),
        pinned=card.pinned,
        broken=list(card.broken),
        notes=list(card.notes),
        live=list(card.live),
    )


def _money(amount: Money | None) -> MoneyOut | None:
    return None if amount is None else MoneyOut(minor=amount.minor, currency=amount.currency)
