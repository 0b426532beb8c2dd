"""What a kept board is made of, read once in each process, and its cards as they are kept."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

from prospectus.app.board_answers import Card, Cards
from prospectus.app.board_case import MOST_CARDS, BoardCase, board_case
from prospectus.app.library import Library, open_library
from prospectus.catalogs.student_file import read_student_text
from prospectus.domain.course import CourseCode
from prospectus.domain.errors import Fault, Place, UsageError
from prospectus.store.boards import Card as KeptCard

_N_CASES = 512
"""So many cases are kept: most of what one holds it shares with others."""
_CREDITS = re.compile(r"(?:\d{1,3}(?:/[1-9]\d{0,2})?)?", re.ASCII)
_PERIODS = re.compile(r"\d{0,2}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardSource:
    """What a case is made of: small to send to another process."""

    catalogs: tuple[Path, ...]
    text: str
    name: str
    program: str
    year: str
    track: str
    today: dt.date

    @property
    def case(self) -> BoardCase:
        """Return what the board is laid out for.

        Raises
        ------
        ProspectusError
            As `board_case`, or for a student document that has faults.
        """
        return _case(self)


_libraries: dict[tuple[Path, ...], Library] = {}


def lend(catalogs: tuple[Path, ...], library: Library) -> None:
    """Let cases be made from a catalog that was read already."""
    _libraries.setdefault(catalogs, library)


@lru_cache(maxsize=_N_CASES)
def _case(source: BoardSource) -> BoardCase:
    file = read_student_text(source.text, source.name or "your details", source.today)
    return board_case(
        warmed(source.catalogs),
        file,
        source.program,
        source.year or None,
        source.track or None,
        source.today,
    )


def warmed(catalogs: tuple[Path, ...]) -> Library:
    """Return the catalog that cases are made from, read once in each process."""
    if catalogs not in _libraries:
        lend(catalogs, open_library(catalogs))
    return _libraries[catalogs]


def cards_kept(kept: Iterable[KeptCard]) -> Cards:
    """Return kept cards as cards."""
    return tuple(
        Card(
            course=card.course,
            period=card.period or "",
            pinned=card.pinned,
            credits=None if card.credits is None else Fraction(card.credits),
            grade=card.grade,
            n_periods=card.n_periods,
        )
        for card in tuple(kept)[:MOST_CARDS]
    )


def to_keep(cards: Cards) -> tuple[KeptCard, ...]:
    """Return cards as they are kept."""
    return tuple(
        KeptCard(
            course=card.course,
            period=card.period,
            pinned=card.pinned,
            credits=None if card.credits is None else str(card.credits),
            grade=card.grade,
            n_periods=card.n_periods,
        )
        for card in cards
    )


def cards_as_text(cards: Cards) -> str:
    """Return cards in a form that a page can send back: a course, a period, and more, by line."""
    return "\n".join(
        "|".join((card.course, card.period, str(card.credits or ""), str(card.n_periods or "")))
        for card in cards
    )


def cards_in_text(text: str) -> Cards:
    """Return the cards of such a form.

    Raises
    ------
    UsageError
        BRD-006 where it is none.
    """
    try:
        return tuple(_card(line) for line in text.splitlines() if line.strip())
    except ValueError:
        raise UsageError(
            "BRD-006",
            what="the plan that was sent is none that a page of ours offers",
            fix="ask for the other plans again, and put one of them on the board",
        ) from None


def need_credits(case: BoardCase, cards: Cards) -> None:
    """Refuse cards of more or fewer credits than their courses may have.

    Raises
    ------
    UsageError
        BRD-007.
    """
    faults = []
    for place, card in enumerate(cards):
        course = case.resolved.courses.get(CourseCode(card.course))
        if course is None or card.credits is None:
            continue
        if not course.credits_low <= card.credits <= course.credits_high:
            least, most = course.credits_low, course.credits_high
            faults.append(
                Fault(
                    code="BRD-007",
                    what=f"{card.course} cannot be taken for {card.credits} credits",
                    fix=f"use {least}" if least == most else f"use {least} to {most}",
                    at=Place(field=f"cards[{place}]"),
                )
            )
    if faults:
        raise UsageError(faults=faults)


def _card(line: str) -> Card:
    course, period, credits, n_periods = line.split("|")
    # bounded before it is read: a few letters may stand for a number of a million digits
    if not (_CREDITS.fullmatch(credits) and _PERIODS.fullmatch(n_periods)):
        raise ValueError
    return Card(
        course=course,
        period=period,
        credits=Fraction(credits) if credits else None,
        n_periods=int(n_periods) if n_periods else None,
    )
