from __future__ import annotations

import datetime as dt
from dataclasses import replace

from sample_rows import figures, impossible, row

from prospectus.compare.dominance import dominations
from prospectus.compare.row import Outcome, Sensitivity, Without
from prospectus.compare.sentences import reading_note, sentences
from prospectus.domain.facts import Money


def test_a_row_says_its_plan_and_what_fewer_hours_would_do():
    told = sentences(row(), (), {})
    assert told[0] == (
        "Begins in Fall 2026 and ends in May 2029, 33 months later, "
        "for USD 9,300* at 2026-27 rates."
    )
    assert told[1] == "Takes up to 22~ h a week; with 18 h it ends in Dec 2029."


def test_fewer_hours_that_leave_no_plan_are_said_so():
    hard = Sensitivity(hours_per_week=9, finish=None, is_impossible=True)
    assert sentences(row(sensitivity=hard), (), {})[1].endswith("with 9 h there is no plan.")


def test_fewer_hours_that_change_nothing_are_said_so():
    same = Sensitivity(hours_per_week=18, finish=dt.date(2029, 5, 6), is_impossible=False)
    assert sentences(row(sensitivity=same), (), {})[1].endswith("with 18 h it ends no later.")


def test_a_limit_reached_is_not_called_impossible():
    open_end = Sensitivity(hours_per_week=18, finish=None, is_impossible=False)
    told = sentences(row(sensitivity=open_end), (), {})[1]
    assert "no plan was found in the time given" in told


def test_a_dominated_row_names_an_option_that_nothing_beats():
    best = row()
    middle = row(track="hci", plan=figures(peak=24))
    worst = row("umich-mads", None, plan=figures(peak=30, cost=5_000_000))
    found = dominations([best, middle, worst])
    told = sentences(worst, found, {"gatech-omscs/ml": "OMSCS - Machine Learning"})
    assert told[-1] == (
        "Dominated by OMSCS - Machine Learning: it costs more and has heavier weeks "
        "and is better on nothing."
    )


def test_an_unknown_cost_is_named_not_guessed():
    told = sentences(row(plan=figures(cost=None)), (), {})
    assert "at a cost that no source gives" in told[0]
    assert told[-1].startswith("Its cost is not known")


def test_no_plan_names_the_conflict():
    assert sentences(impossible(), (), {}) == (
        "No plan meets the rules and all of your wishes.",
        "These cannot all hold: at most USD 5,250 due in each calendar year; done by 31 Dec 2027.",
    )


def test_a_plan_without_proof_is_said_so():
    assert "(best found, not proven)" in sentences(row(outcome=Outcome.FOUND), (), {})[0]


def test_readings_that_differ_ask_for_the_school():
    short = row("umich-mads", None, plan=figures("2028-04-30"), variant=(("total", "34"),))
    long = row("umich-mads", None, plan=figures("2028-08-20"), variant=(("total", "38"),))
    assert reading_note([short, long]) == (
        "MADS: total 34: Apr 2028, USD 9,300*, 22 h; total 38: Aug 2028, USD 9,300*, 22 h. "
        "The answer differs, so ask the school."
    )


def test_a_reading_is_told_by_what_is_read_and_why_there_are_several():
    short = row("umich-mads", None, plan=figures("2028-04-30"), variant=(("total", "34"),))
    long = row("umich-mads", None, plan=figures("2028-08-20"), variant=(("total", "38"),))
    meanings = {
        ("total", ""): "two pages differ",
        ("total", "34"): "the handbook",
        ("total", "38"): "the price list",
    }
    told = reading_note([short, long], meanings)
    assert told.startswith(
        "MADS: the rules can be read in several ways (two pages differ). total 34 (the handbook): "
        "Apr 2028"
    )
    assert "; total 38 (the price list): Aug 2028" in told


def test_what_one_knows_oneself_is_not_asked_of_the_school():
    knows = row("a-ms", None, plan=figures("2028-04-30"), variant=(('background("r")', "yes"),))
    not_ = row("a-ms", None, variant=(('background("r")', "no"),))
    assert reading_note([knows, not_]) == (
        "MS: knowing r: Apr 2028, USD 9,300*, 22 h; not knowing r: May 2029, USD 9,300*, 22 h. "
        "The answer differs, so say in your details which holds."
    )


def test_readings_that_agree_say_so():
    one = row("umich-mads", None, variant=(("total", "34"),))
    other = row("umich-mads", None, variant=(("total", "38"),))
    assert reading_note([one, other]) == (
        "MADS: The answer is the same in each case (total 34; total 38): "
        "May 2029, USD 9,300*, 22 h."
    )
    assert reading_note([one]) == ""


def test_wanted_topics_are_counted():
    told = sentences(row(plan=figures(topics=1)), (), {})
    assert told[0].endswith("Covers 2 of 3 wanted topics.")


def test_a_row_without_a_plan_says_what_there_is_without_the_wishes_to_blame():
    without = Without(
        finish=dt.date(2028, 12, 17), cost=Money(minor=930_000, currency="USD"), peak_hours=18
    )
    none = replace(impossible(), without=without)
    assert sentences(none, (), {})[-1] == (
        "Without those wishes the best plan ends in Dec 2028, costs USD 9,300 and takes up to "
        "18 h a week."
    )
