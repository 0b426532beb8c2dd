"""A person may wish for courses of one school and lay out a board of another."""

from __future__ import annotations

import pytest
from board_cases import EASY, case_of

from prospectus.app.board_repair import planned
from prospectus.app.board_view import check_board
from prospectus.domain.errors import StudentError

WISHING = """wanted: {courses: [CS 7641, AI 391L]}
unwanted: {courses: [CS 7646]}
wishes: {not_in: {CS 6515: Fall 2027}}
"""


def test_wishes_for_another_school_are_set_aside_and_said() -> None:
    # the programme has one of the two wanted courses, and none of the others
    text = EASY + WISHING
    case = case_of("utaustin-msai", None, text)
    assert [str(code) for code in case.student.wishes.wanted] == ["AI 391L"]
    (told,) = case.set_aside
    assert told.startswith("Your wishes about CS 7641, CS 7646 and CS 6515 ask nothing here: ")
    cards = planned(case)
    view = check_board(case, cards)
    assert "AI 391L" in {card.course for card in cards}
    assert (view.n_broken, told in view.notes) == (0, True)


def test_wishes_of_the_programme_itself_are_not_set_aside() -> None:
    text = EASY + "wanted: {courses: [CS 7641]}\nwishes: {not_in: {CS 6515: Fall 2027}}\n"
    assert case_of("gatech-omscs", "ml", text).set_aside == ()
    assert case_of("gatech-omscs", "ml", EASY).set_aside == ()


def test_a_season_that_only_other_schools_have_is_set_aside_and_said() -> None:
    case = case_of("utaustin-msai", None, EASY + "hours_per_week: {usual: 20, Winter: 4}\n")
    (told,) = case.set_aside
    assert told.startswith("Your wishes about Winter ask nothing here: ")
    assert told.endswith(" has no such period.")


def test_a_season_that_no_school_has_is_a_fault_still() -> None:
    with pytest.raises(StudentError) as caught:
        case_of("utaustin-msai", None, EASY + "hours_per_week: {usual: 20, Trimester 1: 4}\n")
    assert [fault.code for fault in caught.value.faults] == ["STU-017"]


def test_a_course_that_no_school_has_is_a_fault_still() -> None:
    text = EASY + "wanted: {courses: [CS 99999]}\n"
    with pytest.raises(StudentError) as caught:
        case_of("utaustin-msai", None, text)
    assert [fault.code for fault in caught.value.faults] == ["STU-018"]
