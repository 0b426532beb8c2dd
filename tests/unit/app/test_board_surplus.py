"""What a board says of courses that are not needed, of how sure it is, and of its fees."""

from __future__ import annotations

from board_cases import EASY, case_of

from prospectus.app.board_answers import Card, Cards
from prospectus.app.board_case import BoardCase
from prospectus.app.board_repair import planned
from prospectus.app.board_view import check_board
from prospectus.app.fee_words import fee_names
from prospectus.domain.printer import long_day

TWO = f"{EASY}hours_per_week: 40\n"


def _with_more(case: BoardCase, cards: Cards, course: str) -> Cards:
    """Return a plan with one course more, after its end."""
    last = max(column.start for column in check_board(case, cards).columns if column.cards)
    later = [one.id for one in check_board(case, cards).columns if one.start > last]
    period = next(one for one in later if (course, one) in case.starts)
    return (*cards, Card(course=course, period=period))


def test_a_course_that_is_not_needed_is_told_with_what_it_delays_and_costs() -> None:
    case = case_of("gatech-omscs", "hci", TWO)
    cards = planned(case)
    before = check_board(case, cards)
    assert before.surplus == ()
    assert before.finish is not None
    assert before.cost is not None
    more = _with_more(case, cards, "CS 7210")
    after = check_board(case, more)
    assert (after.n_broken, after.is_complete) == (0, True)
    assert after.cost is not None
    less = f"USD {(after.cost.minor - before.cost.minor) // 100:,}"
    expected = f"CS 7210 is not needed: without it complete on {long_day(before.finish)}, {less}"
    assert any(text.startswith(expected) for text in after.surplus)


def test_a_course_that_the_person_wants_is_not_called_needless() -> None:
    text = TWO + "wanted: {courses: [CS 7210]}\n"
    case = case_of("gatech-omscs", "hci", text)
    cards = _with_more(case, planned(case_of("gatech-omscs", "hci", TWO)), "CS 7210")
    view = check_board(case, cards)
    assert (view.n_broken, view.is_complete) == (0, True)
    assert not any(one.startswith("CS 7210 ") for one in view.surplus)


def test_figures_bear_the_signs_of_how_sure_they_are_and_what_they_rest_on() -> None:
    text = TWO + "wanted: {topics: [databases, no such topic]}\n"
    case = case_of("gatech-omscs", "hci", text)
    view = check_board(case, planned(case))
    sure = view.sureness
    assert sure.finish in ("~", "*")
    assert sure.cost == "*"
    assert sure.assumptions
    assert (*sure.covered, *sure.uncovered) == ("databases", "no such topic")


def test_fees_are_called_by_words() -> None:
    resolved = case_of("gatech-omscs", "hci", TWO).resolved
    names = fee_names(resolved)
    assert set(names) == {fee.id for fee in resolved.fees}
    assert names["omscs-online-fee"] == "online fee per term"
    view = check_board(
        case_of("gatech-omscs", "hci", TWO), planned(case_of("gatech-omscs", "hci", TWO))
    )
    labels = {label for column in view.columns for _, label, _ in column.due}
    assert labels
    assert not any("omscs-" in label for label in labels)


def test_people_who_answer_what_a_programme_asks_alike_share_its_rules() -> None:
    mine = case_of("gatech-omscs", "hci", TWO)
    named = case_of("gatech-omscs", "hci", TWO.replace("name: Sam", "name: Kim"))
    graded = case_of("gatech-omscs", "hci", TWO.replace("gpa: 3.6", "gpa: 2.9"))
    able = case_of("gatech-omscs", "hci", f"{TWO}background: [python]\n")
    assert mine.resolved is named.resolved
    # its minimum of grades is asked at admission, of which a plan knows nothing
    assert mine.resolved is graded.resolved
    assert graded.student.person.gpa != mine.student.person.gpa
    # what is advised before a course hangs on what one knows, when it runs does not
    assert able.resolved is not mine.resolved
    assert able.resolved.person.background == {"python"}
    assert able.starts is mine.starts
