"""The parts of a board that a page does not show yet: after a move most of them are as they were.

Every part bears a mark that is made from what it shows. A script tells the marks that its page
has; what has another mark now is sent again, and nothing else. Nobody has to remember what was
sent before, so any process may answer; where the periods do not follow each other as the page has
them, or no marks are told, the whole board is the answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from urllib.parse import unquote

from fastapi import Request

from prospectus.app.board_answers import BoardView, Column, Repaired
from prospectus.domain.errors import Fault

HEADER = "board-parts"
"""The header in which a page tells its parts, each with its mark: `verdict=1f0c in=99ab`."""

_COLUMN = "column-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What has to be sent: parts whose mark differs, periods to add at the end, to take away."""

    again: frozenset[str]
    new: frozenset[str]
    gone: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A change that was refused, for the board had another version: in words, and as a form."""

    text: str
    verb: str
    fields: tuple[tuple[str, str], ...]


def part_name(column: Column) -> str:
    """Return the name of the part that is a period."""
    return _COLUMN + column.id.replace(" ", "-")


def broken_periods(view: BoardView) -> tuple[Column, ...]:
    """Return the periods in which a card or all of them together break something."""
    return tuple(
        column
        for column in view.columns
        if column.broken or any(card.broken for card in column.cards)
    )


def marks_of(
    view: BoardView,
    tools: tuple[str | None, str | None],
    told: tuple[tuple[Fault, ...], Repaired | None, Wanted | None],
    courses: Iterable[str],
) -> dict[str, str]:
    """Return the mark of each part of a board.

    Parameters
    ----------
    view
        The board as it is shown.
    tools
        What can be taken back and done again.
    told
        What could not be done, what repair said, and what may be done again.
    courses
        The courses that are on the board, and so cannot be added.
    """
    periods = [column.id for column in view.columns]
    verdict = (
        *(view.summary, view.n_broken, view.is_complete, view.general, view.goals_missed),
        *(view.finish, view.finish_is_projected, view.cost, view.peak_hours),
        *(view.surplus, view.sureness),
        [column.id for column in broken_periods(view)],
    )
    shown: dict[str, object] = {
        "told": told,
        "verdict": verdict,
        "tools": tools,
        "courses": sorted(courses),
        "in": periods,
        "open": view.lacking,
        "money": (view.years, view.aid_most),
        "requirements": view.requirements,
        "about": (view.earlier, view.notes, view.unknown),
        **{part_name(column): column for column in view.columns},
    }
    return {name: _mark(value) for name, value in shown.items()}


def changes_since(request: Request, marks: Mapping[str, str]) -> Changes | None:
    """Return what a page that tells its parts lacks; None: it needs the whole board."""
    told = dict(
        (unquote(name), mark)
        for name, _, mark in (one.partition("=") for one in request.headers.get(HEADER, "").split())
    )
    had = [name for name in told if name.startswith(_COLUMN)]
    have = [name for name in marks if name.startswith(_COLUMN)]
    stay = [name for name in had if name in marks]
    others = marks.keys() - set(have)
    if not others <= told.keys() or not stay or have[: len(stay)] != stay:
        return None
    return Changes(
        again=frozenset(name for name, mark in marks.items() if told.get(name, mark) != mark),
        new=frozenset(have[len(stay) :]),
        gone=tuple(name for name in had if name not in marks),
    )


def _mark(shown: object) -> str:
    return blake2b(repr(shown).encode(), digest_size=6).hexdigest()
