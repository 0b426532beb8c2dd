"""What a board breaks is what the definition of the rules says, and it is shown where it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import pytest
from board_cases import STRICT, case_of, plan_of, ways

from prospectus.app.board_answers import BoardView, Card, Cards
from prospectus.app.board_broken import Broken
from prospectus.app.board_case import BoardCase, keyed, record_with
from prospectus.app.board_check import checked, spots
from prospectus.app.board_repair import planned
from prospectus.app.board_view import check_board, view_of
from prospectus.domain.errors import UsageError
from prospectus.domain.meaning import appraise, judge, wishes_broken
from prospectus.domain.plan import Breach, Standing


@pytest.mark.parametrize(("program", "track"), ways())
def test_a_plan_of_the_planner_breaks_nothing_and_is_complete(
    program: str, track: str | None
) -> None:
    case = case_of(program, track)
    cards = plan_of(program, track)
    view = check_board(case, cards)
    assert (view.n_broken, view.general) == (0, ())
    assert not any(card.broken for column in view.columns for card in column.cards)
    if cards:
        assert view.is_legal
        assert view.keeps_wishes
        assert view.is_complete
        assert Counter(card.course for column in view.columns for card in column.cards) == Counter(
            card.course for card in cards
        )


@pytest.mark.parametrize(("program", "track"), ways())
def test_the_verdict_is_that_of_the_definition(program: str, track: str | None) -> None:
    case = case_of(program, track, STRICT)
    cards = _shuffled(plan_of(program, track))
    state = checked(case, cards)
    record = record_with(case, cards)
    witness = state.found.result.witness
    verdict = judge(case.resolved, record, witness, case.today)
    appraisal = appraise(case.resolved, case.student, record, witness, case.today)
    alone = wishes_broken(case.resolved, case.student, record, witness, case.today)
    assert alone == appraisal.wishes_broken
    view = view_of(state)
    assert view.is_legal is verdict.is_legal
    assert view.n_broken == len(verdict.breaches) + len(appraisal.wishes_broken)
    assert (view.cost, view.peak_hours) == (appraisal.cost, appraisal.peak_hours)
    assert view.is_complete is (
        verdict.degree is not Standing.UNMET and not state.found.result.credits_left
    )


@pytest.mark.parametrize(("program", "track"), ways())
def test_every_broken_rule_is_shown_somewhere(program: str, track: str | None) -> None:
    case = case_of(program, track, STRICT)
    cards = _shuffled(plan_of(program, track))
    state = checked(case, cards)
    shown = _texts(view_of(state))
    for breach in state.breaches:
        assert breach.text.removeprefix(f"{breach.period}: ") in shown


def test_a_course_where_it_does_not_run_says_so_on_its_card() -> None:
    case = case_of("gatech-omscs", "hci")
    leaves = case.resolved.calendar.leaves
    ahead = leaves[case.resolved.calendar.first_leaf_from(case.student.plan_from) :][:9]
    course, never = next(
        (str(code), str(leaf.id))
        for code in sorted(case.resolved.courses)
        for leaf in ahead
        if case.resolved.runs_of(code) and (code, str(leaf.id)) not in case.starts
    )
    card = Card(course=course, period=never)
    others = tuple(one for one in planned(case) if one.course != course)
    view = check_board(case, (card, *others))
    broken = next(
        one.broken for column in view.columns for one in column.cards if one.course == card.course
    )
    assert any("no offering" in text or "is not offered" in text for text in broken)
    column = next(column for column in view.columns if column.id == never)
    assert [one.offering for one in column.cards if one.course == card.course] == [
        "not known to run"
    ]


def test_too_many_hours_are_said_at_the_period() -> None:
    case = case_of("gatech-omscs", "hci", STRICT)
    cards = planned(case)
    crowded = tuple(
        replace(card, period="Spring 2028")
        for card in cards
        if (card.course, "Spring 2028") in case.starts
    )
    column = next(one for one in check_board(case, crowded).columns if one.id == "Spring 2028")
    assert any("h a week, limit 20" in text for text in column.broken)
    assert column.hours > 20
    assert not any(text.startswith("Spring 2028: ") for text in column.broken)


def test_a_breach_of_a_term_is_shown_at_its_first_session() -> None:
    calendar = case_of("cuboulder-msds").resolved.calendar
    place = next(place for place, inside in enumerate(calendar.leaves_by_term) if len(inside) > 1)
    term, first = calendar.terms[place], calendar.leaves[calendar.leaves_by_term[place][0]]
    broken = Broken(
        [
            Breach(rule="a", text=f"{term.id}: too much", period=str(term.id)),
            Breach(rule="b", text="2027: too much", period="2027"),
            Breach(rule="c", text="before it", attempts=("card:X", "taken")),
        ],
        calendar,
    )
    assert broken.in_period(str(first.id)) == ("too much",)
    assert broken.in_general == ("2027: too much",)
    assert broken.of_attempt("card:X") == ("before it",)
    assert broken.of_attempt("taken") == ()


def test_a_course_that_may_take_several_periods_keeps_its_pace() -> None:
    case = case_of("wgu-msda", "data-science", STRICT.replace("courses_per_period: 2\n", ""))
    cards = planned(case)
    slow = next(card for card in cards if (card.n_periods or 1) > 1)
    view = check_board(case, cards)
    shown = next(
        one for column in view.columns for one in column.cards if one.course == slow.course
    )
    assert view.n_broken == 0
    assert shown.n_periods == slow.n_periods
    assert shown.n_periods in shown.paces
    assert shown.until is not None
    going_on = [column.id for column in view.columns if slow.course in column.going_on]
    assert shown.until in going_on


def test_what_waits_for_no_course_is_said_and_does_not_make_a_plan_incomplete() -> None:
    case = case_of("columbia-cvn-mscs-machine-learning")
    view = check_board(case, planned(case))
    assert view.is_complete
    assert "Grade point average" in view.waits_for
    assert "Still to come: Grade point average" in view.summary


@pytest.mark.parametrize(("program", "track"), ways()[::2])
def test_spots_are_what_a_plain_check_of_each_position_says(
    program: str, track: str | None
) -> None:
    case = case_of(program, track, STRICT)
    cards = plan_of(program, track)
    for key in list(keyed(cards))[::7]:
        found = {spot.period: spot.fits for spot in spots(case, cards, key)}
        assert found == _plain_spots(case, cards, key, found)


@pytest.mark.parametrize(("program", "track"), ways()[::3])
def test_what_earlier_checks_left_changes_no_answer(program: str, track: str | None) -> None:
    used = case_of(program, track, STRICT)
    cards = plan_of(program, track)
    laid_out = (cards, _shuffled(cards), cards[1:], cards)
    for one in laid_out:
        fresh = replace(used)
        assert check_board(used, one) == check_board(used, one) == check_board(fresh, one)


def test_there_are_no_spots_of_a_card_that_is_not_there() -> None:
    case = case_of("gatech-omscs", "hci")
    with pytest.raises(UsageError) as caught:
        spots(case, (), "CS 6750")
    assert caught.value.faults[0].code == "BRD-005"


def _plain_spots(
    case: BoardCase, cards: Cards, key: str, periods: Iterable[str]
) -> dict[str, bool]:
    """Return whether a card could stand in each period, by one whole check for each."""
    by_key = keyed(cards)
    others = tuple(card for name, card in by_key.items() if name != key)
    without = {(one.rule, one.text) for one in checked(case, others).breaches}
    found = {}
    for period in periods:
        at = tuple(
            replace(card, period=period) if name == key else card for name, card in by_key.items()
        )
        new = [
            one
            for one in checked(case, at).breaches
            if f"card:{key}" in one.attempts or (one.rule, one.text) not in without
        ]
        found[period] = not new
    return found


def _shuffled(cards: Cards) -> Cards:
    """Return the cards with their periods handed on by one: most plans break by it."""
    periods = [card.period for card in cards]
    pairs = zip(cards, periods[1:] + periods[:1], strict=True)
    return tuple(replace(card, period=period) for card, period in pairs)


def _texts(view: BoardView) -> set[str]:
    found = set(view.general)
    for column in view.columns:
        found |= set(column.broken)
        for card in column.cards:
            found |= set(card.broken)
    return found
