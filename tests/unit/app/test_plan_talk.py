"""Talking about a plan: why, when else, at what price, what next, what if."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from prospectus.app.plan_talk import Asked, TalkAnswer, talk
from prospectus.app.plan_what_if import KEYS
from prospectus.app.solving import Effort
from prospectus.cli.main import main
from prospectus.domain.errors import UsageError
from prospectus.planning.finish_proof import ProofKind
from prospectus.planning.result import PlanStatus

TODAY = dt.date(2026, 11, 22)
MIDWAY = Path(__file__).parents[3] / "examples" / "omscs-midway.yaml"


def asking(**asked: object) -> TalkAnswer:
    """Return the answer about the plan of the student half-way."""
    return talk(
        MIDWAY,
        None,
        None,
        Asked(**asked),  # type: ignore[arg-type]
        today=TODAY,
        catalogs=(),
        effort=Effort(),
    )


@pytest.fixture(scope="module")
def whys() -> TalkAnswer:
    """A required course, a wanted one, one on record, an unwanted one, and the finish."""
    return asking(why=("cs6515", "CS 7643", "CS 6250", "CS 7210", "finish"))


def test_a_required_course_cannot_be_left_out_and_the_rule_is_named(whys: TalkAnswer) -> None:
    answer = whys.why[0]
    assert answer.stands.startswith("planned in ")
    assert any("Algorithms" in text for text in answer.serves)
    elsewhere, without = answer.supposed
    assert elsewhere.is_free
    assert any("CS 6515" in line for line in elsewhere.differences)
    assert without.status is PlanStatus.INFEASIBLE
    assert any("Algorithms" in one.text for one in without.conflict)
    assert not any(one.text == "without CS 6515" for one in without.conflict)


def test_a_wanted_course_has_the_price_of_the_wish(whys: TalkAnswer) -> None:
    answer = whys.why[1]
    assert "you asked for it" in answer.serves
    wish = next(one for one in answer.supposed if one.id == "without the wish")
    assert wish.is_settled
    assert not wish.is_free
    assert "earlier" in wish.changes
    finish = next(one for one in wish.levels if one.level == "finish")
    assert finish.is_better


def test_what_is_on_record_is_not_planned(whys: TalkAnswer) -> None:
    answer = whys.why[2]
    assert answer.stands == "on record, passed in Spring 2026: there is nothing to plan"
    assert answer.supposed == ()


def test_what_keeps_an_unwanted_course_out_even_if_it_were_wanted(whys: TalkAnswer) -> None:
    answer = whys.why[3]
    assert answer.stands == "not planned: you asked for a plan without it"
    (with_it,) = answer.supposed
    assert with_it.status is PlanStatus.INFEASIBLE
    # it takes more hours a week than there are
    assert [one.id for one in with_it.conflict] == ["hours"]


def test_the_finish_that_counting_does_not_show_is_said_to_be_searched(whys: TalkAnswer) -> None:
    assert whys.finish is not None
    assert whys.finish.kind is ProofKind.SEARCH
    assert "search" in whys.finish.lines[-1]


def test_windows_hold_the_plan_and_the_looser_ones_the_tighter() -> None:
    answer = asking(windows=True, next=True)
    assert answer.windows is not None
    assert answer.is_settled
    places = ["Spring 2027", "Summer 2027", "Fall 2027", "Spring 2028", "Summer 2028", "Fall 2028"]
    for one in answer.windows.courses:
        at = places.index(one.period)
        best = places.index(one.best.first), places.index(one.best.last)
        possible = places.index(one.possible.first), places.index(one.possible.last)
        assert possible[0] <= best[0] <= at <= best[1] <= possible[1]
    assert answer.windows.until == dt.date(2028, 12, 31)
    assert answer.next is not None
    assert answer.next.period == answer.windows.courses[0].period
    assert set(answer.next.in_every_as_early) <= set(answer.next.in_every_best)


def test_prices_name_each_wish_and_each_course() -> None:
    answer = asking(prices=True)
    assert answer.prices is not None
    wishes = {one.id: one for one in answer.prices.wishes}
    assert set(wishes) >= {"hours", "deadline", "budget by year", "wanted CS 7643"}
    assert "earlier" in wishes["hours"].changes
    assert wishes["deadline"].is_free
    courses = {one.id: one for one in answer.prices.courses}
    assert not courses["course CS 6515"].is_possible
    assert courses["course CS 6515"].is_settled


def test_what_ifs_hold_together_and_say_what_changes() -> None:
    answer = asking(what_if=("place=CS 6515@Fall 2027", "without=CS 6200", "hours=30"))
    assert answer.what_if is not None
    result = answer.what_if.result
    assert result.is_possible
    assert any(line.startswith("out: CS 6200") for line in result.differences)
    assert {one.level for one in result.levels} == {"finish", "cost", "peak", "topics"}


def test_growing_rates_and_limits_out_of_pocket_may_be_supposed() -> None:
    grown = asking(what_if=("rates-grow=6%",)).what_if
    assert grown is not None
    cost = next(one for one in grown.result.levels if one.level == "cost")
    assert cost.is_better is False
    # nobody pays anything back, so that is what falls due
    bound = asking(what_if=("out-of-pocket=USD 100",)).what_if
    assert bound is not None
    assert bound.result.status is PlanStatus.INFEASIBLE
    assert any("out of pocket" in one.text for one in bound.result.conflict)
    yearly = asking(what_if=("out-of-pocket-per-year=USD 9000",)).what_if
    assert yearly is not None
    assert yearly.result.is_possible


def test_a_what_if_that_cannot_be_names_what_forbids_it() -> None:
    answer = asking(what_if=("courses=1", "deadline=Summer 2027"))
    assert answer.what_if is not None
    result = answer.what_if.result
    assert result.status is PlanStatus.INFEASIBLE
    assert result.conflict


def test_every_wrong_what_if_is_told_at_once_with_the_keys() -> None:
    wrong = ("hourz=3", "hours=many", "deadline=soon", "money=EUR 5", "place=CS 6515", "with=XX 1")
    with pytest.raises(UsageError) as caught:
        asking(what_if=wrong)
    faults = caught.value.faults
    assert len(faults) == len(wrong)
    assert {fault.code for fault in faults} == {"USE-019"}
    assert all(key in faults[0].fix for key in KEYS)


def test_a_course_that_the_school_does_not_have_is_refused() -> None:
    with pytest.raises(UsageError, match="USE-016"):
        asking(why=("CS 6051",))


def test_the_command_prints_80_columns_and_one_document_as_json(
    capsys: pytest.CaptureFixture[str],
) -> None:
    call = ["plan", str(MIDWAY), "--today", TODAY.isoformat(), "--what-if", "hours=24"]
    assert main([*call, "--windows", "--why", "finish"]) == 0
    shown = capsys.readouterr().out
    assert "What if hours=24" in shown
    assert all(len(line) <= 80 for line in shown.splitlines())
    assert main([*call, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "prospectus.plan-talk"
    assert document["result"]["what_if"]["asked"] == ["hours=24"]
