"""Plan boards: states that can be taken back and come again, and nobody's change lost."""

from __future__ import annotations

import pytest

from prospectus.domain.errors import MissingError, StaleError, StoreError
from prospectus.store import boards as boards_module
from prospectus.store.boards import Boards, Card, KeptBoard
from prospectus.store.students import Students

CARDS = (
    Card(course="CS 7641", period="Spring 2027", pinned=True, credits="3", grade="B"),
    Card(course="CS 6601"),
)


@pytest.fixture
def board(students: Students, boards: Boards) -> KeptBoard:
    """A board with two cards."""
    return boards.add(
        students.add("Ada", "").id,
        name="First try",
        program="gatech-omscs",
        catalog_year="2026-27",
        track="ml",
        cards=CARDS,
    )


def moved(boards: Boards, board: KeptBoard, period: str) -> KeptBoard:
    cards = [Card(course="CS 7641", period=period)]
    return boards.add_step(board.id, board.version, cards, f"Moved CS 7641 to {period}")


def test_a_board_comes_back_as_it_was_made(boards: Boards, board: KeptBoard) -> None:
    assert boards.get(board.id) == board
    assert board.cards == CARDS
    assert (board.name, board.program, board.track) == ("First try", "gatech-omscs", "ml")
    assert (board.version, board.can_undo, board.can_redo) == (1, False, False)


def test_a_step_can_be_taken_back_and_comes_again(boards: Boards, board: KeptBoard) -> None:
    fall = moved(boards, board, "Fall 2027")
    spring = moved(boards, fall, "Spring 2028")
    assert (spring.undo_says, spring.redo_says) == ("Moved CS 7641 to Spring 2028", None)
    back = boards.undo(board.id, spring.version)
    assert back.cards == fall.cards
    assert back.undo_says == "Moved CS 7641 to Fall 2027"
    assert back.redo_says == "Moved CS 7641 to Spring 2028"
    first = boards.undo(board.id, back.version)
    assert (first.cards, first.can_undo, first.can_redo) == (CARDS, False, True)
    again = boards.redo(board.id, first.version)
    assert again.cards == fall.cards
    assert boards.get(board.id) == again
    assert again.version == 6


def test_a_new_step_cuts_off_what_was_taken_back(boards: Boards, board: KeptBoard) -> None:
    fall = moved(boards, board, "Fall 2027")
    back = boards.undo(board.id, fall.version)
    summer = moved(boards, back, "Summer 2027")
    assert (summer.can_redo, summer.undo_says) == (False, "Moved CS 7641 to Summer 2027")
    assert boards.redo(board.id, summer.version).cards == summer.cards


def test_without_a_step_to_take_back_or_to_come_the_board_stays(
    boards: Boards, board: KeptBoard
) -> None:
    assert boards.undo(board.id, 1) == board
    assert boards.redo(board.id, 1) == board
    assert boards.get(board.id) == board


def test_of_many_states_the_oldest_go(
    boards: Boards, board: KeptBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert boards_module.MOST_STEPS == 200
    monkeypatch.setattr(boards_module, "MOST_STEPS", 12)
    for number in range(12 + 5):
        board = moved(boards, board, f"Fall {number}")
    n_undone = 0
    while board.can_undo:
        board = boards.undo(board.id, board.version)
        n_undone += 1
    assert n_undone == 12 - 1
    assert board.cards == (Card(course="CS 7641", period="Fall 5"),)


def test_every_change_of_an_old_version_is_refused(boards: Boards, board: KeptBoard) -> None:
    now = moved(boards, board, "Fall 2027")
    for ask in (
        lambda: moved(boards, board, "Fall 2028"),
        lambda: boards.undo(board.id, 1),
        lambda: boards.redo(board.id, 1),
        lambda: boards.remove(board.id, version=1),
        lambda: boards.replace(
            board.id, name="x", program="p", catalog_year="y", track="", version=1
        ),
    ):
        with pytest.raises(StaleError):
            ask()
    assert boards.get(board.id) == now


def test_what_a_board_is_about_can_change_and_its_cards_stay(
    boards: Boards, board: KeptBoard
) -> None:
    renamed = boards.replace(
        board.id, name="B", program="msoe-msml", catalog_year="2025", track="", version=1
    )
    assert (renamed.name, renamed.program, renamed.catalog_year) == ("B", "msoe-msml", "2025")
    assert renamed.cards == CARDS
    assert boards.get(board.id) == renamed


def test_an_id_that_names_no_board_is_told(boards: Boards, board: KeptBoard) -> None:
    for ask in (
        lambda: boards.get("x"),
        lambda: boards.undo("x", 1),
        lambda: boards.add_step("x", 1, (), ""),
        lambda: boards.remove("x", version=1),
        lambda: boards.add("nobody", name="", program="", catalog_year=""),
    ):
        with pytest.raises(MissingError):
            ask()
    assert boards.all() == (board,)


def test_a_student_has_boards_of_their_own_that_go_with_them(
    students: Students, boards: Boards, board: KeptBoard
) -> None:
    other = boards.add(students.add("Bob", "").id, name="", program="", catalog_year="")
    assert boards.all() == (other, board)
    assert boards.all(student_id=board.student_id) == (board,)
    students.remove(board.student_id, version=1)
    assert boards.all() == (other,)
    boards.remove(other.id, version=1)
    assert boards.all() == ()


def test_a_board_that_is_too_large_is_refused_and_stays(boards: Boards, board: KeptBoard) -> None:
    for cards, said in (
        ([Card(course="CS 1")] * 501, ""),
        ([Card(course="x" * 200_000)], ""),
        ([], "x" * 1_001),
    ):
        with pytest.raises(StoreError) as told:
            boards.add_step(board.id, 1, cards, said)
        assert told.value.faults[0].code == "STO-005"
    assert boards.get(board.id) == board
