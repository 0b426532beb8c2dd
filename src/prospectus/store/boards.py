"""Plan boards: the cards of each, and the steps that can be taken back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields

from sqlalchemy import bindparam, case, delete, select
from sqlalchemy.orm import Session

from prospectus.store.database import Database
from prospectus.store.jobs_about import BOARD, remove_jobs
from prospectus.store.keeping import (
    AS_SAID,
    Kept,
    bounded,
    made_before,
    named,
    new_id,
    remove_row,
    replace_row,
    row_of,
    stale,
    time_of,
    too_large,
)
from prospectus.store.tables import BoardRow, BoardStepRow, StudentRow

MOST_STEPS = 200
"""States of a board that are kept; the oldest go."""

_WHAT = "plan board"
_MOST_CARDS = 500
_MOST_TEXT = 200_000
_MOST_SAID = 1_000

# What boards show, and the words of the steps before and behind; made once, asked all the time.
_AROUND = (
    select(
        BoardStepRow.board_id,
        BoardStepRow.seq - BoardRow.position,
        BoardStepRow.said,
        case((BoardStepRow.seq == BoardRow.position, BoardStepRow.cards)),
    )
    .join(BoardRow, BoardRow.id == BoardStepRow.board_id)
    .where(
        BoardStepRow.board_id.in_(bindparam("boards", expanding=True)),
        BoardStepRow.seq.between(BoardRow.position - 1, BoardRow.position + 1),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A course on a board; without a period it lies beside the plan."""

    course: str
    period: str | None = None
    pinned: bool = False
    credits: str | None = None
    grade: str | None = None
    n_periods: int | None = None


_FIELDS = tuple(field.name for field in fields(Card))


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptBoard(Kept):
    """One plan board as it now stands.

    `undo_says` is what was done last, and `redo_says` what was taken back last: None where
    there is nothing.
    """

    student_id: str
    name: str
    program: str
    catalog_year: str
    track: str
    cards: tuple[Card, ...]
    undo_says: str | None
    redo_says: str | None

    @property
    def can_undo(self) -> bool:
        """Say whether there is a state before this one."""
        return self.undo_says is not None

    @property
    def can_redo(self) -> bool:
        """Say whether a state was taken back that can come again."""
        return self.redo_says is not None


@dataclass(frozen=True, slots=True)
class Boards:
    """The plan boards of a database; `once` as of `Students`."""

    database: Database
    once: str = ""

    def add(
        self,
        student_id: str,
        *,
        name: str,
        program: str,
        catalog_year: str,
        track: str = "",
        cards: Sequence[Card] = (),
    ) -> KeptBoard:
        """Keep a new board of a student document.

        Raises
        ------
        MissingError
            STO-001 when there is no such document.
        StoreError
            STO-005 when it is too large; STO-008 for a name that is none.
        """
        now = self.database.now()
        row = BoardRow(
            id=self.once or new_id(),
            student_id=student_id,
            name=named(name, "name"),
            program=named(program, "programme's id"),
            catalog_year=named(catalog_year, "catalogue year"),
            track=named(track, "track"),
            position=0,
            version=1,
            created=now,
            changed=now,
        )
        text = _text_of(cards)
        with self.database.writing() as session:
            row_of(session, StudentRow, student_id, "student document")
            there = made_before(session, row) if self.once else None
            if there is not None:
                kept = _kept(session, there)
                if kept.cards == tuple(cards):
                    return kept
                row.id = new_id()
            session.add(row)
            session.flush()
            session.add(BoardStepRow(board_id=row.id, seq=0, cards=text, said=""))
            session.flush()
            return _kept(session, row)

    def get(self, id: str) -> KeptBoard:
        """Return a board.

        Raises
        ------
        MissingError
            STO-001 when there is none of that id.
        """
        with self.database.reading() as session:
            return _kept(session, row_of(session, BoardRow, id, _WHAT))

    def all(self, *, student_id: str | None = None) -> tuple[KeptBoard, ...]:
        """Return every board, or those of one student, the one that was changed last first."""
        asked = select(BoardRow).order_by(BoardRow.changed.desc())
        if student_id is not None:
            asked = asked.where(BoardRow.student_id == student_id)
        with self.database.reading() as session:
            return _all_kept(session, session.scalars(asked).all())

    def replace(
        self, id: str, *, name: str, program: str, catalog_year: str, track: str, version: int
    ) -> KeptBoard:
        """Save what a board is about, if it still has this version; its cards stay.

        Raises
        ------
        MissingError
            STO-001 when there is none of that id.
        StaleError
            STO-002 when it was changed meanwhile.
        StoreError
            STO-005 when something is too long; STO-008 for a name that is none.
        """
        values: dict[str, str | int | None] = {
            "name": named(name, "name"),
            "program": named(program, "programme's id"),
            "catalog_year": named(catalog_year, "catalogue year"),
            "track": named(track, "track"),
            "changed": self.database.now(),
        }
        with self.database.writing() as session:
            return _kept(session, replace_row(session, BoardRow, id, version, _WHAT, values))

    def add_step(self, id: str, version: int, cards: Sequence[Card], said: str) -> KeptBoard:
        """Put a new state on a board; what had been taken back cannot come again.

        Parameters
        ----------
        id
            The board.
        version
            The version that the change was made from.
        cards
            The cards as they now lie.
        said
            What was done, for the button that takes it back: "Moved CS 7641 to Fall 2027".

        Raises
        ------
        MissingError
            STO-001 when there is no such board.
        StaleError
            STO-002 when it was changed meanwhile.
        StoreError
            STO-005 when it is too large.
        """
        text = _text_of(cards)
        bounded(said, _MOST_SAID, "description of the step")
        with self.database.writing() as session:
            row = self._change(session, id, version)
            row.position += 1
            taken_back = BoardStepRow.seq >= row.position
            too_old = BoardStepRow.seq <= row.position - MOST_STEPS
            gone = delete(BoardStepRow).where(BoardStepRow.board_id == id, taken_back | too_old)
            session.execute(gone, execution_options=AS_SAID)
            session.add(BoardStepRow(board_id=id, seq=row.position, cards=text, said=said))
            session.flush()
            return _kept(session, row)

    def undo(self, id: str, version: int) -> KeptBoard:
        """Go one state back; without one before it the board stays as it is."""
        return self._go(id, version, -1)

    def redo(self, id: str, version: int) -> KeptBoard:
        """Go one state forth; without one behind it the board stays as it is."""
        return self._go(id, version, +1)

    def remove(self, id: str, *, version: int) -> None:
        """Remove a board with its history, and with the jobs that look for other plans for it."""
        with self.database.writing() as session:
            remove_row(session, BoardRow, id, version, _WHAT)
            remove_jobs(session, BOARD, [id])

    def _change(self, session: Session, id: str, version: int) -> BoardRow:
        return replace_row(session, BoardRow, id, version, _WHAT, {"changed": self.database.now()})

    def _go(self, id: str, version: int, by: int) -> KeptBoard:
        with self.database.writing() as session:
            stands = select(BoardRow.version, BoardRow.position).where(BoardRow.id == id)
            now, position = session.execute(stands).one_or_none() or (version, 0)
            if now != version:
                raise stale(_WHAT)
            if session.get(BoardStepRow, (id, position + by)) is None:
                return _kept(session, row_of(session, BoardRow, id, _WHAT))
            row = self._change(session, id, version)
            row.position += by
            session.flush()
            return _kept(session, row)


def _kept(session: Session, row: BoardRow) -> KeptBoard:
    return _all_kept(session, [row])[0]


def _all_kept(session: Session, rows: Sequence[BoardRow]) -> tuple[KeptBoard, ...]:
    """Return boards with what they show and what lies before and behind, in one question."""
    around = session.execute(_AROUND, {"boards": [row.id for row in rows]})
    steps = {(board, by): (said, cards) for board, by, said, cards in around}
    boards: list[KeptBoard] = []
    for row in rows:
        done, text = steps[row.id, 0]
        later = steps.get((row.id, 1))
        boards.append(
            KeptBoard(
                id=row.id,
                student_id=row.student_id,
                name=row.name,
                program=row.program,
                catalog_year=row.catalog_year,
                track=row.track,
                cards=_cards_of(text),
                undo_says=done if (row.id, -1) in steps else None,
                redo_says=later[0] if later is not None else None,
                version=row.version,
                created=time_of(row.created),
                changed=time_of(row.changed),
            )
        )
    return tuple(boards)


def _text_of(cards: Sequence[Card]) -> str:
    if len(cards) > _MOST_CARDS:
        raise too_large(_WHAT, f"{_MOST_CARDS} cards")
    told = [{name: getattr(card, name) for name in _FIELDS} for card in cards]
    text = json.dumps(told, ensure_ascii=False)
    return bounded(text, _MOST_TEXT, _WHAT)


def _cards_of(text: str) -> tuple[Card, ...]:
    return tuple(Card(**card) for card in json.loads(text))
