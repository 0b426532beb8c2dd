"""LANGUAGE 3, gpa: a credit-weighted, exact mean that never forbids a plan."""

from __future__ import annotations

import pytest
from tests.degrees import (
    CATALOGUE,
    LOWER_IS_BETTER,
    course,
    degree,
    failed,
    has,
    judge_it,
    leaf,
    mean,
    of,
    planned,
    running,
    taken,
    transfer,
)

from prospectus.domain.plan import Standing, Verdict
from prospectus.domain.record import AttemptStatus
from prospectus.domain.requirement import Over
from prospectus.domain.rule import RecordRules, Repeats, WhichAttempt

CORE = leaf("core", "any", 1)


def verdict(*attempts: object, least: str | int = 3, **more: object) -> Verdict:
    rules = degree(CORE, mean(least), **more)  # type: ignore[arg-type]
    return judge_it(rules, attempts, {})  # type: ignore[arg-type]


def counted(found: Verdict) -> str:
    return next(node.counted for node in found.nodes if node.node == "gpa")


def test_a_mean_is_weighted_by_credits() -> None:
    found = verdict(taken("CS 600", "A", credits=1), taken("CS 610", "C", credits=3))
    assert counted(found).startswith("mean 2.50")


def test_a_mean_is_exact() -> None:
    """Three, three and eight thirds: 3.0 is reached to the last fraction."""
    grades = [taken("CS 600", "A"), taken("CS 610", "B"), taken("CS 620", "C")]
    assert verdict(*grades).standing("gpa") is Standing.MET
    assert verdict(*grades, least="3.0000001").standing("gpa") is not Standing.MET


def test_with_nothing_to_average_it_is_pending_not_unmet() -> None:
    assert verdict().standing("gpa") is Standing.PENDING
    assert verdict(transfer("CS 600")).standing("gpa") is Standing.PENDING


def test_letters_count_from_home_only_unless_it_says_otherwise() -> None:
    attempts = [taken("CS 600", "A"), transfer("CS 610", grade="C")]
    home = degree(CORE, mean(4))
    wide = degree(CORE, mean(4, of([has("source", "home"), has("source", "transfer")])))
    assert judge_it(home, attempts).standing("gpa") is Standing.MET
    assert judge_it(wide, attempts).standing("gpa") is not Standing.MET


def test_a_failed_course_counts_in_the_mean_and_a_withdrawn_one_does_not() -> None:
    assert counted(verdict(taken("CS 600", "A"), failed("CS 610"))).startswith("mean 2.00")
    gone = taken("CS 610", "W", status=AttemptStatus.WITHDRAWN)
    assert counted(verdict(taken("CS 600", "A"), gone)).startswith("mean 4.00")


def test_a_seminar_without_credit_does_not_count() -> None:
    seminar = course("CS 800", 1, counts_credit=False)
    found = verdict(
        taken("CS 600", "A"), taken("CS 800", "C", credits=1), courses=[*CATALOGUE, seminar]
    )
    assert counted(found).startswith("mean 4.00")


def test_planned_grades_that_reach_it_make_it_planned() -> None:
    assert verdict(taken("CS 600", "A"), planned("CS 610")).standing("gpa") is Standing.PLANNED


def test_running_courses_that_reach_it_make_it_in_progress() -> None:
    assert verdict(taken("CS 600", "A"), running("CS 610")).standing("gpa") is Standing.IN_PROGRESS


def test_where_planned_grades_do_not_reach_it_it_is_pending_with_the_mean_needed() -> None:
    found = verdict(taken("CS 600", "C"), planned("CS 610"))
    assert found.standing("gpa") is Standing.PENDING
    assert "4.00 needed in what remains" in counted(found)


def test_a_mean_that_holds_now_but_not_with_the_grades_expected_is_pending() -> None:
    found = verdict(taken("CS 600", "B"), planned("CS 610", expected_grade="C"))
    assert found.standing("gpa") is Standing.PENDING


def test_it_is_unmet_only_where_the_best_grades_cannot_reach_it() -> None:
    low = [taken("CS 600", "C"), taken("CS 610", "C")]
    assert verdict(*low, planned("CS 620")).standing("gpa") is Standing.UNMET
    assert verdict(*low, planned("CS 620"), planned("CS 630")).standing("gpa") is Standing.PENDING


def test_what_remains_to_complete_the_degree_may_still_lift_the_mean() -> None:
    rules = degree(leaf("core", "any", 2), mean(3))
    low = [taken("CS 600", "C")]
    done_badly = judge_it(rules, low, {"core": "CS 600"})
    with_more = judge_it(rules, low, {"core": "CS 600"}, completion={"core": "CS 610"})
    assert done_badly.standing("gpa") is Standing.UNMET
    assert with_more.standing("gpa") is Standing.PENDING
    assert "4.00 needed in what remains" in counted(with_more)


def test_over_applied_looks_at_what_is_held() -> None:
    rules = degree(CORE, mean(3, over=Over.APPLIED))
    attempts = [taken("CS 600", "A"), taken("CS 610", "C", credits=9)]
    assert judge_it(rules, attempts, {"core": "CS 600"}).standing("gpa") is Standing.MET


def test_in_looks_at_what_a_node_holds() -> None:
    rules = degree(CORE, leaf("more", "any", 1), mean(3, over=Over.APPLIED, within=("core",)))
    attempts = [taken("CS 600", "C"), taken("CS 610", "A", credits=9)]
    found = judge_it(rules, attempts, {"core": "CS 600", "more": "CS 610"})
    assert found.standing("gpa") is Standing.UNMET


@pytest.mark.parametrize(("all_count", "expected"), [(True, "mean 3.00"), (False, "mean 4.00")])
def test_the_repeat_rule_says_whether_all_attempts_count_or_the_used_one(
    all_count: bool, expected: str
) -> None:
    repeats = Repeats(use=WhichAttempt.BEST, mean_uses_all=all_count)
    twice = [taken("CS 600", "A", "Fall 2024", id="old"), taken("CS 600", "C", id="new")]
    found = verdict(*twice, record_rules=RecordRules(repeats=repeats))
    assert counted(found).startswith(expected)


def test_of_a_course_never_passed_the_newest_attempt_counts_where_one_does() -> None:
    repeats = Repeats(use=WhichAttempt.NEWEST, mean_uses_all=False)
    tries = [failed("CS 600", "Fall 2024", id="one"), failed("CS 600", id="two")]
    found = verdict(taken("CS 610", "A"), *tries, record_rules=RecordRules(repeats=repeats))
    assert counted(found).startswith("mean 2.00")


def test_on_a_scale_where_lower_is_better_at_least_means_as_good_as() -> None:
    good = degree(CORE, mean("2.5"), school={"grades": LOWER_IS_BETTER})
    assert judge_it(good, [taken("CS 600", "2.0")]).standing("gpa") is Standing.MET
    assert judge_it(good, [taken("CS 600", "3.0")]).standing("gpa") is Standing.UNMET
    mixed = [taken("CS 600", "3.0"), planned("CS 610")]
    assert judge_it(good, mixed).standing("gpa") is Standing.PLANNED


def test_a_scale_without_points_has_no_mean() -> None:
    from tests.degrees import MARKS

    assert verdict(taken("CS 600", "71"), school={"grades": MARKS}).standing("gpa") is (
        Standing.PENDING
    )


def test_what_was_taken_again_after_too_good_a_grade_stays_out_of_the_mean() -> None:
    for below, expected in (("B", "mean 3.00"), (None, "mean 2.50")):
        rules = RecordRules(repeats=Repeats(use=WhichAttempt.NEWEST, only_below=below))
        twice = [taken("CS 600", "B", "Fall 2024", id="old"), taken("CS 600", "C", id="new")]
        found = verdict(*twice, record_rules=rules)
        assert counted(found).startswith(expected)


def test_a_replaced_grade_that_is_good_enough_stays_in_the_mean() -> None:
    for old, expected in (("B", "mean 3.50"), ("C", "mean 4.00")):
        repeats = Repeats(use=WhichAttempt.NEWEST, mean_uses_all=False, mean_keeps="B")
        twice = [taken("CS 600", old, "Fall 2024", id="old"), taken("CS 600", "A", id="new")]
        found = verdict(*twice, record_rules=RecordRules(repeats=repeats))
        assert counted(found).startswith(expected)
