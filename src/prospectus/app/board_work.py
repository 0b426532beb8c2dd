"""Working on a kept board: every action gives the new state, checked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from prospectus.app.apart import Apart
from prospectus.app.board_answers import BoardView, Card, Cards, Repaired, Spot
from prospectus.app.board_apart import begun_apart, planned_apart, repaired_apart, why_apart
from prospectus.app.board_case import BoardCase, keyed, known_cards
from prospectus.app.board_check import card_named, spots
from prospectus.app.board_export import plan_document
from prospectus.app.board_source import BoardSource, cards_kept, lend, need_credits, to_keep
from prospectus.app.board_view import check_board
from prospectus.app.board_why import WhyHere
from prospectus.app.library import Library
from prospectus.app.options import tracks
from prospectus.app.student_work import StudentWork
from prospectus.app.words import count
from prospectus.app.workspace import KeptBoard, Workspace, stale
from prospectus.domain.course import parse_code
from prospectus.domain.errors import UsageError
from prospectus.domain.printer import long_day
from prospectus.domain.program import Program


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardState:
    """A board as it is kept, and what is said of it; `said` tells what was just done.

    `document` is the version of the details for which no plan was found, else 0.
    """

    kept: KeptBoard
    case: BoardCase
    view: BoardView
    said: str = ""
    moved: str = ""
    document: int = 0


@dataclass(frozen=True, slots=True)
class BoardWork:
    """The boards of a workspace on one day."""

    workspace: Workspace
    library: Library
    apart: Apart
    today: dt.date
    catalogs: tuple[Path, ...] = ()

    def __post_init__(self) -> None:
        lend(self.catalogs, self.library)

    def open(self, board: str, said: str = "") -> BoardState:
        """Return a board.

        Raises
        ------
        ProspectusError
            For an id that names nothing (STO-001), or a student document that has faults.
        """
        return self._state(self.workspace.boards.get(board), said)

    def create(
        self, student: str, program: str, track: str, *, name: str = "", is_planned: bool = True
    ) -> KeptBoard:
        """Keep a new board, with the best plan on it or with nothing.

        Raises
        ------
        ProspectusError
            As `open`; where no plan exists the board is kept all the same, with nothing on it.
        """
        source = self._new(student, program, track)
        cards = self.apart.run(planned_apart, source) if is_planned else ()
        return self._add(student, source, name, cards)

    def begin(self, student: str, program: str, track: str, *, name: str) -> KeptBoard | Repaired:
        """Keep a new board with the best plan on it; where none exists keep none, and say why.

        Raises
        ------
        ProspectusError
            As `open`.
        """
        source = self._new(student, program, track)
        found = self.apart.run(begun_apart, source)
        return found if found.cards is None else self._add(student, source, name, found.cards)

    def move(
        self, board: str, version: int, key: str, period: str, n_periods: int | None = None
    ) -> BoardState:
        """Put a card into another period; a period in which it does not run is said to be wrong.

        `n_periods` is how many periods the course is to take, None as many as before.
        """

        def change(cards: dict[str, Card]) -> str:
            card = _named(cards, key)
            cards[key] = replace(card, period=period, n_periods=n_periods or card.n_periods)
            if cards[key] == card:
                return ""
            if card.period == period:
                return f"{card.course} takes {count(n_periods or 1, 'period')}"
            return f"{card.course} moved from {card.period} to {period}"

        return self._change(board, version, change, moved=key)

    def add(self, board: str, version: int, course: str, period: str) -> BoardState:
        """Put a new card on the board."""
        code = str(parse_code(course))
        # the name that the last card of its course has on the board
        times = 1 + sum(card.course == code for card in self.workspace.boards.get(board).cards)
        key = code if times == 1 else f"{code}~{times}"

        def change(cards: dict[str, Card]) -> str:
            cards[f"{code}~new"] = Card(course=code, period=period)
            return f"{code} added in {period}"

        return self._change(board, version, change, moved=key)

    def remove(self, board: str, version: int, key: str) -> BoardState:
        """Take a card off the board."""

        def change(cards: dict[str, Card]) -> str:
            card = _named(cards, key)
            del cards[key]
            return f"{card.course} taken off {card.period}"

        return self._change(board, version, change)

    def pin(self, board: str, version: int, key: str, *, is_pinned: bool) -> BoardState:
        """Let a card stay where it is when the rest is mended, or no longer."""

        def change(cards: dict[str, Card]) -> str:
            card = _named(cards, key)
            if card.pinned is is_pinned:
                return ""
            cards[key] = replace(card, pinned=is_pinned)
            return f"{card.course} {'stays' if is_pinned else 'may move again'} on repair"

        return self._change(board, version, change, moved=key)

    def undo(self, board: str, version: int) -> BoardState:
        """Take the last action back."""
        says = self.workspace.boards.get(board).undo_says
        return self._state(
            self.workspace.boards.undo(board, version),
            f"Taken back: {says}" if says else "There is nothing to take back",
        )

    def redo(self, board: str, version: int) -> BoardState:
        """Do again what was taken back."""
        says = self.workspace.boards.get(board).redo_says
        return self._state(
            self.workspace.boards.redo(board, version),
            f"Done again: {says}" if says else "There is nothing to do again",
        )

    def repair(self, board: str, version: int) -> tuple[BoardState, Repaired]:
        """Mend the board by the planner; it stays as it is where no plan exists."""
        kept = self._kept(board, version)
        document = self.workspace.students.get(kept.student_id).version
        found = self.apart.run(repaired_apart, self._source_of(kept), cards_kept(kept.cards))
        if found.cards is None:
            state = self._state(kept, "No plan keeps all pins, rules and wishes")
            return replace(state, document=document), found
        if not found.changes:
            return self._state(kept, "There is nothing to mend"), found
        said = f"Mended with {count(len(found.changes), 'change')}"
        kept = self.workspace.boards.add_step(board, version, to_keep(found.cards), said)
        return self._state(kept, said), found

    def ease(
        self,
        board: str,
        version: int,
        document: int,
        sent: Mapping[str, str],
        freed: Collection[str],
    ) -> tuple[BoardState, Repaired]:
        """Change what is wished and what is pinned, as a way out says, and mend the board.

        Raises
        ------
        ProspectusError
            STO-002 where the board or the details have another version than those told; with all
            faults of what the details cannot say.
        """
        kept = self._kept(board, version)
        self.change_details(kept.student_id, document, sent)
        if freed:
            cards = tuple(
                replace(card, pinned=card.pinned and key not in freed)
                for key, card in keyed(cards_kept(kept.cards)).items()
            )
            said = f"{', '.join(freed)} may move again on repair"
            kept = self.workspace.boards.add_step(board, version, to_keep(cards), said)
        return self.repair(board, kept.version)

    def change_details(self, student: str, document: int, sent: Mapping[str, str]) -> None:
        """Keep what fields of the person's details say now.

        Raises
        ------
        ProspectusError
            As `ease`.
        """
        if not sent:
            return
        work = StudentWork(workspace=self.workspace, library=self.library, today=self.today)
        state = work.save(student, document, sent)
        if state.is_refused:
            raise UsageError(faults=tuple(fault for fault, _ in state.form.faults))

    def put(self, board: str, version: int, cards: Cards) -> BoardState:
        """Put another plan on the board in one step; what was pinned there stays pinned.

        Raises
        ------
        UsageError
            BRD-... for cards of courses or periods that there are none of.
        """
        kept = self._kept(board, version)
        source = self._source_of(kept)
        pinned = {(one.course, one.period) for one in kept.cards if one.pinned}
        cards = tuple(replace(one, pinned=(one.course, one.period) in pinned) for one in cards)
        need_credits(source.case, cards)
        view = check_board(source.case, cards)
        end = "" if view.finish is None else f", one that ends {long_day(view.finish)}"
        said = f"Another plan put on the board{end}"
        kept = self.workspace.boards.add_step(board, version, to_keep(cards), said)
        told = f"{said}. {view.summary}"
        return BoardState(kept=kept, case=source.case, view=view, said=told)

    def tidy(self, board: str, version: int) -> BoardState:
        """Take off what the catalogue does not have: courses and periods that are gone."""
        kept = self._kept(board, version)
        cards = cards_kept(kept.cards)
        left = known_cards(self._source_of(kept).case, cards)
        gone = [card.course for card in cards if card not in left]
        if not gone:
            return self._state(kept, "Nothing was changed")
        said = f"Taken off, since the catalogue does not have it: {', '.join(gone)}"
        kept = self.workspace.boards.add_step(board, version, to_keep(left), said)
        return self._state(kept, said)

    # ------------------------------------------------------------ questions

    def spots(self, board: str, key: str) -> tuple[Spot, ...]:
        """Return where a card could stand."""
        kept = self.workspace.boards.get(board)
        return spots(self._source_of(kept).case, cards_kept(kept.cards), key)

    def why(self, board: str, key: str) -> WhyHere:
        """Return the proven price of a card's place."""
        kept = self.workspace.boards.get(board)
        cards = cards_kept(kept.cards)
        card_named(cards, key)
        return self.apart.run(why_apart, self._source_of(kept), cards, key)

    def document(self, board: str) -> str:
        """Return the board as the JSON document of a plan."""
        kept = self.workspace.boards.get(board)
        return plan_document(self._source_of(kept).case, cards_kept(kept.cards))

    # --------------------------------------------------------- the board itself

    def rename(self, board: str, version: int, name: str) -> KeptBoard:
        """Give a board another name; an empty one leaves it as it is."""
        kept = self.workspace.boards.get(board)
        return self.workspace.boards.replace(
            board,
            name=name or kept.name,
            program=kept.program,
            catalog_year=kept.catalog_year,
            track=kept.track,
            version=version,
        )

    def copy(self, board: str) -> KeptBoard:
        """Keep a copy of a board as it now stands."""
        kept = self.workspace.boards.get(board)
        return self.workspace.boards.add(
            kept.student_id,
            name=f"{kept.name[:100]} (copy)",
            program=kept.program,
            catalog_year=kept.catalog_year,
            track=kept.track,
            cards=kept.cards,
        )

    def delete(self, board: str, version: int) -> None:
        """Remove a board with its history."""
        self.workspace.boards.remove(board, version=version)

    # ---------------------------------------------------------------- inside

    def _new(self, student: str, program: str, track: str) -> BoardSource:
        """Return what a new board is made of; a document with faults is refused at once."""
        text = self.workspace.students.get(student)
        rules = self.library.named(program)
        source = self._source(text.text, text.name, program, rules.catalog_year, track)
        assert source.case
        return source

    def _add(self, student: str, source: BoardSource, name: str, cards: Cards) -> KeptBoard:
        return self.workspace.boards.add(
            student,
            name=name or _named_for(source.case.program, source.track),
            program=source.program,
            catalog_year=source.year,
            track=source.track,
            cards=to_keep(cards),
        )

    def _change(
        self,
        board: str,
        version: int,
        change: Callable[[dict[str, Card]], str],
        *,
        moved: str = "",
    ) -> BoardState:
        kept = self._kept(board, version)
        by_key = keyed(cards_kept(kept.cards))
        said = change(by_key)
        if not said:
            return self._state(kept, "Nothing was changed")
        cards = tuple(by_key.values())
        # checked before it is kept: what names no course or no period is refused
        view = check_board(case := self._source_of(kept).case, cards)
        kept = self.workspace.boards.add_step(board, version, to_keep(cards), said)
        told = f"{said}. {view.summary}"
        return BoardState(kept=kept, case=case, view=view, said=told, moved=moved)

    def _kept(self, board: str, version: int) -> KeptBoard:
        """Return the board if it still has this version."""
        kept = self.workspace.boards.get(board)
        if kept.version != version:
            # else a form that was sent twice is told that its card is not there
            raise stale("plan board")
        return kept

    def _state(self, kept: KeptBoard, said: str = "") -> BoardState:
        case = self._source_of(kept).case
        view = check_board(case, cards_kept(kept.cards))
        return BoardState(kept=kept, case=case, view=view, said=said)

    def _source_of(self, kept: KeptBoard) -> BoardSource:
        text = self.workspace.students.get(kept.student_id)
        return self._source(text.text, text.name, kept.program, kept.catalog_year, kept.track)

    def _source(self, text: str, name: str, program: str, year: str, track: str) -> BoardSource:
        return BoardSource(
            catalogs=self.catalogs,
            text=text,
            name=name,
            program=program,
            year=year,
            track=track,
            today=self.today,
        )


def _named_for(rules: Program, track: str) -> str:
    """Return the name of a plan that was given none: the programme, and the track if it has any."""
    names = {one.id: one.name for one in tracks(rules)}
    named = names.get(track or None, "")
    return f"{rules.name}, {named}" if named else rules.name


def _named(cards: dict[str, Card], key: str) -> Card:
    if key not in cards:
        raise UsageError(
            "BRD-005", what=f"the board has no card '{key}'", fix="open the board again"
        )
    return cards[key]
