"""A board against a list and a place in it, under any order of steps, undo, redo and old tabs."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from prospectus.domain.errors import StaleError
from prospectus.store import boards as boards_module
from prospectus.store.boards import Boards, Card, KeptBoard
from prospectus.store.database import Database
from prospectus.store.students import Students

MOST = 5
cards = st.lists(
    st.builds(
        Card,
        course=st.text(st.characters(exclude_categories=["Cs"]), max_size=5),
        period=st.none() | st.sampled_from(["Fall 2027", "Spring 2028"]),
        pinned=st.booleans(),
    ),
    max_size=3,
).map(tuple)


class History(RuleBasedStateMachine):
    """The model: states with what led to them, and which one shows."""

    boards: Boards
    student_id: str

    @initialize(first=cards)
    def make(self, first: tuple[Card, ...]) -> None:
        self.board = self.boards.add(
            self.student_id, name="", program="", catalog_year="", cards=first
        )
        self.seen = [self.board]
        self.states: list[tuple[tuple[Card, ...], str]] = [(first, "")]
        self.place = 0

    def now(self, board: KeptBoard) -> None:
        assert board.version == self.board.version + 1
        self.board = board
        self.seen.append(board)

    def gone_to(self, place: int, go: Callable[[str, int], KeptBoard]) -> None:
        board = go(self.board.id, self.board.version)
        if place == self.place:
            assert board == self.board
        else:
            self.now(board)
            self.place = place

    @rule(state=cards, said=st.text(st.characters(exclude_categories=["Cs"]), max_size=5))
    def add_step(self, state: tuple[Card, ...], said: str) -> None:
        self.now(self.boards.add_step(self.board.id, self.board.version, state, said))
        self.states = [*self.states[: self.place + 1], (state, said)][-MOST:]
        self.place = len(self.states) - 1

    @rule()
    def undo(self) -> None:
        self.gone_to(max(self.place - 1, 0), self.boards.undo)

    @rule()
    def redo(self) -> None:
        self.gone_to(min(self.place + 1, len(self.states) - 1), self.boards.redo)

    @precondition(lambda self: len(self.seen) > 1)
    @rule(data=st.data())
    def change_from_an_old_tab(self, data: st.DataObject) -> None:
        old = data.draw(st.sampled_from(self.seen[:-1]))
        change = data.draw(
            st.sampled_from(
                [
                    self.boards.undo,
                    self.boards.redo,
                    lambda id, version: self.boards.add_step(id, version, (), "old"),
                    lambda id, version: self.boards.remove(id, version=version),
                ]
            )
        )
        with pytest.raises(StaleError):
            change(old.id, old.version)

    @invariant()
    def the_board_shows_the_model(self) -> None:
        kept = self.boards.get(self.board.id)
        assert kept == self.board
        assert kept.cards == self.states[self.place][0]
        assert kept.undo_says == (self.states[self.place][1] if self.place else None)
        later = self.states[self.place + 1 :]
        assert kept.redo_says == (later[0][1] if later else None)


def test_a_board_behaves_as_a_list_with_a_place(
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.setattr(boards_module, "MOST_STEPS", MOST)
    with tempfile.TemporaryDirectory() as folder:
        database = Database(Path(folder) / "p.db")
        History.boards = Boards(database)
        History.student_id = Students(database).add("Ada", "").id
        try:
            History.TestCase.settings = settings(
                max_examples=20,
                stateful_step_count=20,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            )
            History.TestCase("runTest").runTest()
        finally:
            database.close()
