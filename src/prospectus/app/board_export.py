"""A board as the JSON document of a plan: `prospectus audit` and `plan --earlier` read it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from prospectus.app.board_answers import Cards
from prospectus.app.board_case import BoardCase
from prospectus.app.board_check import checked
from prospectus.app.document import envelope
from prospectus.domain.facts import Money
from prospectus.domain.record import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardVariant:
    """The plan itself: `breaks` names every rule and wish that it does not keep."""

    variant: tuple[tuple[str, str], ...]
    status: str
    finish: dt.date
    cost: Money | None
    breaks: tuple[str, ...]
    record: Record


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardTrack:
    """The way through the programme that the board is laid out for."""

    track: str | None
    variants: tuple[BoardVariant, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardPlan:
    """What is handed to other programs."""

    student: str
    today: dt.date
    program: str
    program_name: str
    catalog_year: str
    tracks: tuple[BoardTrack, ...]


def plan_document(case: BoardCase, cards: Cards) -> str:
    """Return the plan on a board as the document that `prospectus plan --json` writes.

    Raises
    ------
    UsageError
        BRD-... for cards of courses or periods that there are none of.
    """
    state = checked(case, cards)
    resolved = case.resolved
    variant = BoardVariant(
        variant=resolved.readings + resolved.branches,
        status="laid out by hand",
        finish=state.appraisal.finish,
        cost=state.appraisal.cost,
        breaks=tuple(breach.text for breach in state.breaches),
        record=state.found.record,
    )
    plan = BoardPlan(
        student=case.student.name,
        today=case.today,
        program=case.program.id,
        program_name=case.program.name,
        catalog_year=case.program.catalog_year,
        tracks=(BoardTrack(track=case.track, variants=(variant,)),),
    )
    return envelope("plan", plan)
