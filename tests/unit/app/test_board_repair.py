"""Repair keeps what is pinned and changes as little as can be."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, product

import pytest
from board_cases import EASY, STRICT, case_of, plan_of

from prospectus.app.board_answers import Card, Cards
from prospectus.app.board_case import BoardCase
from prospectus.app.board_check import checked
from prospectus.app.board_others import other_plans
from prospectus.app.board_repair import planned, repaired, with_pins
from prospectus.app.board_view import check_board
from prospectus.app.board_why import why_here
from prospectus.app.solving import Effort
from prospectus.domain.errors import UsageError

PROGRAM = "uiuc-mcs-online"
TWO_AT_ONCE = f"{EASY}hours_per_week: 40\ncourses_per_period: 2\n"


def test_a_plan_that_holds_is_left_as_it_is() -> None:
    case = case_of(PROGRAM)
    cards = plan_of(PROGRAM)
    found = repaired(case, cards)
    assert (found.changes, found.is_proven) == ((), True)
    assert {(one.course, one.period) for one in found.cards or ()} == _places(cards)


def test_a_pinned_card_stays_and_the_plan_holds() -> None:
    case = case_of("gatech-omscs", "hci", STRICT)
    good = planned(case)
    cards = _crowded(case, good)
    assert check_board(case, cards).n_broken
    # where the plan had them: so there is a plan that keeps the pins
    stay = [card for card in cards if card in good][:2]
    assert len(stay) == 2
    pinned = tuple(replace(card, pinned=card in stay) for card in cards)
    found = repaired(case, pinned)
    assert found.cards is not None
    assert found.is_proven
    kept = {(one.course, one.period): one.pinned for one in found.cards}
    for card in stay:
        assert kept[card.course, card.period] is True
    view = check_board(case, found.cards)
    assert (view.n_broken, view.is_complete) == (0, True)


def test_repair_changes_least_of_all_plans() -> None:
    case = case_of(PROGRAM, None, STRICT)
    good = planned(case)
    cards = _crowded(case, good)
    found = repaired(case, cards)
    assert found.cards is not None
    assert found.is_proven
    n_changes = len(found.changes)
    assert n_changes == len(_places(cards) - _places(found.cards))
    assert not _holds(case, cards)
    # every plan with fewer cards moved, within the periods shown
    periods = [column.id for column in check_board(case, cards).columns]
    assert n_changes <= 2
    for n_moved in range(1, n_changes):
        for moved in combinations(range(len(cards)), n_moved):
            for places in product(periods, repeat=n_moved):
                changed = list(cards)
                for index, period in zip(moved, places, strict=True):
                    changed[index] = replace(cards[index], period=period)
                assert not _holds(case, tuple(changed))


def test_two_periods_that_are_too_full_are_mended_by_two_moves_where_other_plans_need_more() -> (
    None
):
    case = case_of(PROGRAM, None, TWO_AT_ONCE)
    periods = {
        "Spring 2027": ("CS 411", "CS 484", "CS 598 DLH"),
        "Summer 2027": ("CS 416", "CS 421"),
        "Fall 2027": ("CS 441", "CS 598 FDC", "CS 598 PSL"),
    }
    cards = tuple(
        Card(course=course, period=period, pinned=course in ("CS 411", "CS 441"))
        for period, courses in periods.items()
        for course in courses
    )
    assert len(checked(case, cards).breaches) == 2
    # no one card that is moved or taken off mends it
    for index, card in enumerate(cards):
        assert not _holds(case, (*cards[:index], *cards[index + 1 :]))
        for column in check_board(case, cards).columns:
            moved = replace(card, period=column.id)
            assert not _holds(case, (*cards[:index], moved, *cards[index + 1 :]))
    # the best plan with these pins mends it too, by more
    best = planned(replace(case, student=with_pins(case, cards)))
    assert _holds(case, best)
    assert len(_places(cards) - _places(best)) > 2
    found = repaired(case, cards)
    assert found.cards is not None
    assert found.is_proven
    assert _holds(case, found.cards)
    assert len(found.changes) == 2
    assert len(_places(cards) - _places(found.cards)) == 2
    assert len(_places(found.cards) - _places(cards)) == 2


def test_pins_that_cannot_hold_are_told() -> None:
    case = case_of(PROGRAM, None, STRICT)
    cards = tuple(replace(card, pinned=True) for card in _crowded(case, planned(case)))
    found = repaired(case, cards)
    assert (found.cards, found.is_proven) == (None, True)
    assert found.reasons


def test_an_empty_board_is_filled() -> None:
    case = case_of(PROGRAM)
    found = repaired(case, ())
    assert found.cards is not None
    assert check_board(case, found.cards).is_complete


def test_what_there_is_not_cannot_be_mended() -> None:
    with pytest.raises(UsageError) as caught:
        repaired(case_of(PROGRAM), (Card(course="CS 1", period="Fall 2027"),))
    assert caught.value.faults[0].code == "BRD-001"


def test_a_card_is_told_what_another_place_would_cost() -> None:
    case = case_of(PROGRAM, None, STRICT)
    cards = planned(case)
    found = why_here(case, cards, cards[0].course)
    assert found.here.is_possible
    assert found.here.moves == ()
    elsewhere, without = found.others
    assert cards[0].course in elsewhere.text
    assert cards[0].course in without.text
    assert elsewhere.is_settled
    assert without.is_settled
    if without.is_possible:
        assert any(cards[0].course in text for text in without.moves)


def test_pinned_cards_stay_in_what_is_supposed() -> None:
    case = case_of(PROGRAM, None, STRICT)
    cards = tuple(replace(card, pinned=True) for card in planned(case))
    elsewhere, _ = why_here(case, cards, cards[0].course).others
    pinned = {card.course for card in cards[1:]}
    assert not any(code in text for text in elsewhere.moves for code in pinned)


def test_other_plans_hold_and_none_beats_another() -> None:
    case = case_of(PROGRAM, None, STRICT)
    cards = planned(case)
    pinned = (replace(cards[0], pinned=True), *cards[1:])
    found = other_plans(case, pinned, Effort(seconds=20))
    assert found.plans
    assert any(plan.moves == () for plan in found.plans)
    for plan in found.plans:
        view = check_board(case, plan.cards)
        assert (view.n_broken, view.is_complete, view.finish) == (0, True, plan.finish)
        assert (pinned[0].course, pinned[0].period) in _places(plan.cards)
    values = [(plan.finish, plan.cost, plan.peak_hours) for plan in found.plans]
    for one, other in combinations(values, 2):
        pairs = list(zip(one, other, strict=True))
        assert any(a < b for a, b in pairs if a is not None and b is not None)
        assert any(b < a for a, b in pairs if a is not None and b is not None)


def _crowded(case: BoardCase, cards: Cards) -> Cards:
    """Return the cards with one more in the period of the last, which is one too many."""
    last = max(card.period for card in cards)
    full = max({card.period for card in cards}, key=[card.period for card in cards].count)
    extra = next(
        card
        for card in cards
        if card.period not in (full, last) and (card.course, full) in case.starts
    )
    moved = tuple(replace(card, period=full) if card is extra else card for card in cards)
    return moved if not _holds(case, moved) else _crowded(case, moved)


def _holds(case: BoardCase, cards: Cards) -> bool:
    state = checked(case, cards)
    return not state.breaches and not state.found.result.credits_left


def _places(cards: Cards) -> set[tuple[str, str]]:
    return {(card.course, card.period) for card in cards}
