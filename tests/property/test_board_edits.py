"""A plan board against a plain list of cards, under any order of edits, undo, redo and old tabs."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from prospectus.app.apart import Apart
from prospectus.app.board_source import cards_kept
from prospectus.app.board_view import check_board
from prospectus.app.board_work import BoardState, BoardWork
from prospectus.app.library import open_library
from prospectus.app.workspace import Workspace
from prospectus.domain.errors import ProspectusError, StaleError, UsageError

_TODAY = dt.date(2026, 11, 22)
_PERSON = "format: 1\nname: Sam\nplan_from: 2027-01-04\nhours_per_week: 20\n"
_PROGRAM = "uiuc-mcs-online"

courses = st.sampled_from(["CS 411", "CS 412", "CS 416", "CS 421", "CS 598 DLH", "CS 0"])
periods = st.sampled_from(["Spring 2027", "Summer 2027", "Fall 2027", "Spring 2028", "Winter 1"])

State = tuple[tuple[str, str, bool], ...]


class Edits(RuleBasedStateMachine):
    """The model: states of plain tuples, and which one shows."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self.workspace = Workspace.open(Path(self._folder.name) / "work.db")
        self.work = BoardWork(
            workspace=self.workspace, library=_LIBRARY, apart=Apart(), today=_TODAY
        )

    def teardown(self) -> None:
        """Close what was opened."""
        self.workspace.close()
        self._folder.cleanup()

    @initialize()
    def begin(self) -> None:
        """Begin with an empty board."""
        student = self.workspace.students.add("Sam", _PERSON)
        kept = self.work.create(student.id, _PROGRAM, "", is_planned=False)
        self.board, self.version = kept.id, kept.version
        self.states: list[State] = [()]
        self.place = 0
        self.seen: BoardState | None = None

    @property
    def cards(self) -> State:
        """Return what the model shows."""
        return self.states[self.place]

    def _step(self, cards: State) -> None:
        self.states = [*self.states[: self.place + 1], cards]
        self.place += 1

    def _took(self, state: BoardState) -> None:
        self.seen, self.version = state, state.kept.version

    def _keys(self) -> list[str]:
        """Return the names of the cards: the course, later ones of it counted on."""
        names = [course for course, _, _ in self.cards]
        return [
            name if (n := names[: place + 1].count(name)) == 1 else f"{name}~{n}"
            for place, name in enumerate(names)
        ]

    @rule(course=courses, period=periods)
    def add(self, course: str, period: str) -> None:
        """Add a card; a course or a period that there is not is refused."""
        after = (*self.cards, (course, period, False))
        is_refused = course == "CS 0" or period == "Winter 1" or _has_twice(after)
        try:
            self._took(self.work.add(self.board, self.version, course, period))
        except UsageError as error:
            codes = {fault.code for fault in error.faults}
            is_told = codes <= {"BRD-001", "BRD-002", "BRD-003"}
        else:
            is_told = False
            self._step(after)
        assert is_told is is_refused

    @rule(place=st.integers(0, 5), period=periods)
    def move(self, place: int, period: str) -> None:
        """Move a card."""
        if place >= len(self.cards):
            return
        course, before, pinned = self.cards[place]
        after = (*self.cards[:place], (course, period, pinned), *self.cards[place + 1 :])
        is_refused = period == "Winter 1" or _has_twice(after)
        try:
            self._took(self.work.move(self.board, self.version, self._keys()[place], period))
        except UsageError:
            assert is_refused
        else:
            assert not is_refused
            if before != period:
                self._step(after)

    @rule(place=st.integers(0, 5))
    def remove(self, place: int) -> None:
        """Take a card off."""
        if place < len(self.cards):
            key = self._keys()[place]
            self._took(self.work.remove(self.board, self.version, key))
            self._step((*self.cards[:place], *self.cards[place + 1 :]))

    @rule(place=st.integers(0, 5), pinned=st.booleans())
    def pin(self, place: int, pinned: bool) -> None:
        """Pin a card, or let it go."""
        if place < len(self.cards):
            key = self._keys()[place]
            self._took(self.work.pin(self.board, self.version, key, is_pinned=pinned))
            course, period, before = self.cards[place]
            if before is not pinned:
                card = (course, period, pinned)
                self._step((*self.cards[:place], card, *self.cards[place + 1 :]))

    @rule()
    def undo(self) -> None:
        """Take the last step back."""
        self._took(self.work.undo(self.board, self.version))
        self.place = max(0, self.place - 1)

    @rule()
    def redo(self) -> None:
        """Do again what was taken back."""
        self._took(self.work.redo(self.board, self.version))
        self.place = min(len(self.states) - 1, self.place + 1)

    @rule(
        what=st.sampled_from(["add", "move", "remove", "pin", "undo", "redo", "put", "tidy"]),
        older=st.integers(1, 3),
    )
    def from_an_old_tab(self, what: str, older: int) -> None:
        """Refuse what is sent from a tab that shows an older state."""
        old = self.version - older
        acts = {
            "add": lambda: self.work.add(self.board, old, "CS 411", "Fall 2028"),
            "move": lambda: self.work.move(self.board, old, "CS 411", "Fall 2028"),
            "remove": lambda: self.work.remove(self.board, old, "CS 411"),
            "pin": lambda: self.work.pin(self.board, old, "CS 411", is_pinned=True),
            "undo": lambda: self.work.undo(self.board, old),
            "redo": lambda: self.work.redo(self.board, old),
            "put": lambda: self.work.put(self.board, old, ()),
            "tidy": lambda: self.work.tidy(self.board, old),
        }
        try:
            acts[what]()
        except StaleError:
            return
        except ProspectusError as error:
            raise AssertionError(f"refused for another reason: {error}") from None
        raise AssertionError("an old tab changed the board")

    @invariant()
    def shows_what_the_model_shows(self) -> None:
        """Hold what is kept, and what was answered, against the model."""
        kept = self.workspace.boards.get(self.board)
        shown = tuple((card.course, card.period, card.pinned) for card in kept.cards)
        assert shown == self.cards
        assert kept.version == self.version
        assert kept.can_undo is (self.place > 0)
        assert kept.can_redo is (self.place < len(self.states) - 1)
        if self.seen is not None:
            assert self.seen.view == check_board(self.seen.case, cards_kept(kept.cards))
            on_columns = sorted(
                (card.course, column.id, card.pinned)
                for column in self.seen.view.columns
                for card in column.cards
            )
            assert on_columns == sorted(shown)


def _has_twice(cards: State) -> bool:
    places = [(course, period) for course, period, _ in cards]
    return len(set(places)) < len(places)


_LIBRARY = open_library()

TestEdits = Edits.TestCase
TestEdits.settings = settings(
    max_examples=10,
    stateful_step_count=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
