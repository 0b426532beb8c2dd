"""LANGUAGE 1, Record: which attempts can earn credit, and how often."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.degrees import (
    CATALOGUE,
    TODAY,
    course,
    degree,
    done,
    failed,
    faulted,
    judge_it,
    leaf,
    mean,
    of,
    planned,
    record,
    running,
    taken,
    transfer,
    waived,
)

from prospectus.domain.course import RepeatBy
from prospectus.domain.meaning import uses
from prospectus.domain.meaning.setting import Setting
from prospectus.domain.plan import Standing
from prospectus.domain.program import Resolved
from prospectus.domain.record import Attempt, AttemptStatus, Basis
from prospectus.domain.rule import RecordRules, Repeats, WhichAttempt

ONE = leaf("core", "CS 600", 1)


def use_ids(rules: Resolved, *attempts: Attempt, conferral: dt.date | None = None) -> set[str]:
    setting = Setting(rules, record(*attempts), TODAY)
    return {use.id for use in uses(setting, conferral)}


def repeating(**how: object) -> Resolved:
    return degree(ONE, record_rules=RecordRules(repeats=Repeats(**how)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "status",
    [AttemptStatus.WITHDRAWN, AttemptStatus.FAILED, AttemptStatus.INCOMPLETE],
)
def test_withdrawn_failed_and_incomplete_are_no_uses(status: AttemptStatus) -> None:
    assert use_ids(degree(ONE), taken("CS 600", None, status=status)) == set()


def test_an_audited_course_is_no_use() -> None:
    assert use_ids(degree(ONE), taken("CS 600", None, basis=Basis.AUDIT)) == set()


def test_a_passed_attempt_with_a_grade_that_earns_nothing_is_no_use() -> None:
    assert use_ids(degree(ONE), taken("CS 600", "F")) == set()


def test_a_course_expected_to_be_failed_is_judged_like_a_failed_one() -> None:
    assert use_ids(degree(ONE), planned("CS 600", expected_grade="F")) == set()


def test_what_is_no_use_cannot_be_placed() -> None:
    found = judge_it(degree(ONE), [failed("CS 600")], {"core": "CS 600"})
    assert faulted(found) == {"core"}


def test_passed_running_registered_and_planned_attempts_are_uses() -> None:
    statuses = [
        AttemptStatus.PASSED,
        AttemptStatus.IN_PROGRESS,
        AttemptStatus.REGISTERED,
        AttemptStatus.PLANNED,
    ]
    for status in statuses:
        assert use_ids(degree(ONE), taken("CS 600", None, status=status)) == {"CS 600"}


def test_a_seminar_that_carries_no_credit_is_no_use() -> None:
    rules = degree(ONE, courses=[*CATALOGUE, course("CS 800", 1, counts_credit=False)])
    assert use_ids(rules, taken("CS 800")) == set()


# ------------------------------------------------------------------ one per course


def test_one_use_per_course_the_best_where_no_repeat_rule_is_known() -> None:
    twice = [taken("CS 600", "A", "Fall 2024", id="old"), taken("CS 600", "C", id="new")]
    assert use_ids(degree(ONE), *twice) == {"old"}


def test_an_unknown_repeat_rule_is_named_where_the_record_repeats_a_course() -> None:
    twice = [taken("CS 600", "A", "Fall 2024", id="old"), taken("CS 600", "C", id="new")]
    found = judge_it(degree(ONE), twice, {"core": "old"})
    assert "how repeated courses count" in found.unknown
    assert "how repeated courses count" not in judge_it(degree(ONE), twice[:1]).unknown


@pytest.mark.parametrize(
    ("how", "kept"),
    [(WhichAttempt.NEWEST, "new"), (WhichAttempt.BEST, "old"), (WhichAttempt.FIRST, "old")],
)
def test_the_repeat_rule_says_which_attempt_is_used(how: WhichAttempt, kept: str) -> None:
    twice = [taken("CS 600", "A", "Fall 2024", id="old"), taken("CS 600", "C", id="new")]
    assert use_ids(repeating(use=how), *twice) == {kept}


def test_what_the_repeat_rule_leaves_out_cannot_come_back_by_being_convenient() -> None:
    rules = degree(
        leaf("core", "CS 600", 1, min_grade="B"),
        record_rules=RecordRules(repeats=Repeats(use=WhichAttempt.NEWEST)),
    )
    twice = [taken("CS 600", "A", "Fall 2024", id="old"), taken("CS 600", "C", id="new")]
    assert faulted(judge_it(rules, twice, {"core": "old"})) == {"core"}
    assert faulted(judge_it(rules, twice, {"core": "new"})) == {"core"}


def test_a_failed_retake_is_no_use_and_replaces_nothing() -> None:
    attempts = [taken("CS 600", "B", "Fall 2024", id="old"), failed("CS 600", id="new")]
    assert use_ids(repeating(use=WhichAttempt.NEWEST), *attempts) == {"old"}


def test_a_repeat_beyond_the_cap_is_not_used_and_failed_tries_count_towards_it() -> None:
    attempts = [
        failed("CS 600", "Fall 2023", id="first"),
        taken("CS 600", "C", "Fall 2024", id="second"),
        taken("CS 600", "A", "Fall 2025", id="third"),
    ]
    assert use_ids(repeating(use=WhichAttempt.NEWEST, cap=1), *attempts) == {"second"}
    assert use_ids(repeating(use=WhichAttempt.NEWEST, cap=2), *attempts) == {"third"}


def test_a_repeat_that_is_not_allowed_is_not_used() -> None:
    rule = repeating(use=WhichAttempt.NEWEST, allowed=done("CS 610"))
    twice = [taken("CS 600", "C", "Fall 2024", id="old"), taken("CS 600", "A", id="new")]
    assert use_ids(rule, *twice) == {"old"}
    assert use_ids(rule, *twice, taken("CS 610", "A", "Spring 2025")) == {"new", "CS 610"}


def test_a_waiver_stays_beside_the_course_taken_and_gives_way_where_that_counts() -> None:
    rules = degree(leaf("core", ["CS 600", "CS 610"], 2, min_grade="B"))
    for how in (None, *WhichAttempt):
        either = repeating(use=how)
        both = [waived("CS 600"), taken("CS 600", "B", id="real")]
        assert use_ids(either, *both) == {"CS 600", "real"}
    good, low = taken("CS 600", "B", id="real"), taken("CS 600", "C", id="real")
    waiver, other = waived("CS 600"), taken("CS 610", "A")
    places = {"core": ["CS 600", "CS 610"]}
    assert faulted(judge_it(rules, [waiver, good, other], places)) == {"core"}
    assert not faulted(judge_it(rules, [waiver, low, other], places))


def test_a_course_repeatable_by_topic_gives_one_use_per_topic() -> None:
    rules = degree(ONE, courses=[*CATALOGUE, course("CS 690", repeatable=RepeatBy.TOPIC)])
    attempts = [
        taken("CS 690", "A", topic="nlp", id="nlp"),
        taken("CS 690", "B", topic="vision", id="vision"),
        taken("CS 690", "C", topic="nlp", when="Spring 2025", id="again"),
    ]
    assert use_ids(rules, *attempts) == {"nlp", "vision"}


def test_a_course_repeatable_by_period_gives_one_use_per_period() -> None:
    rules = degree(ONE, courses=[*CATALOGUE, course("CS 699", 1, repeatable=RepeatBy.PERIOD)])
    attempts = [
        taken("CS 699", "A", "Fall 2024", id="one"),
        taken("CS 699", "A", "Fall 2025", id="two"),
    ]
    assert use_ids(rules, *attempts) == {"one", "two"}


def test_attempts_beyond_the_limit_earn_nothing_and_failed_ones_use_it_up() -> None:
    rules = degree(ONE, record_rules=RecordRules(attempts_at_most=2))
    tries = [
        failed("CS 600", "Fall 2023", id="first"),
        failed("CS 600", "Fall 2024", id="second"),
        taken("CS 600", "A", "Fall 2025", id="third"),
    ]
    assert use_ids(rules, *tries) == set()
    assert use_ids(rules, *tries[1:]) == {"third"}


def test_withdrawals_and_waivers_use_up_no_attempt_and_no_repeat() -> None:
    gone = [
        taken("CS 600", None, when, id=when, status=AttemptStatus.WITHDRAWN)
        for when in ("Fall 2023", "Fall 2024")
    ]
    late = taken("CS 600", "A", "Fall 2025", id="late")
    limits = RecordRules(attempts_at_most=1, repeats=Repeats(cap=0, at_most_in_all=0))
    assert use_ids(degree(ONE, record_rules=limits), *gone, late) == {"late"}
    assert "late" in use_ids(degree(ONE, record_rules=limits), waived("CS 600"), late)


@pytest.mark.parametrize("repeats", [None, Repeats(), Repeats(use=WhichAttempt.BEST)])
@pytest.mark.parametrize(
    ("earned", "expected", "kept"),
    [
        ("C", "A", "new"),
        ("B", "A", "new"),
        ("A", "A", "old"),
        ("B", "C", "old"),
        ("C", None, "new"),
        ("B", None, "old"),
        ("A", None, "old"),
    ],
)
def test_a_retake_under_way_ranks_by_its_expected_grade_else_by_the_usual_one(
    repeats: Repeats | None, earned: str, expected: str | None, kept: str
) -> None:
    rules = degree(ONE, record_rules=RecordRules(repeats=repeats))
    old = taken("CS 600", earned, "Fall 2024", id="old")
    for again in (planned, running):
        assert use_ids(rules, old, again("CS 600", id="new", expected_grade=expected)) == {kept}


# -------------------------------------------------------------------------- order


def test_credit_expires_by_the_conferral_date_judged() -> None:
    rules = degree(ONE, record_rules=RecordRules(expires_months=60))
    old = taken("CS 600", "A", "Fall 2020")  # ends 2020-12-10
    assert use_ids(rules, old, conferral=dt.date(2025, 12, 10)) == {"CS 600"}
    assert use_ids(rules, old, conferral=dt.date(2025, 12, 11)) == set()


def test_expiry_may_speak_of_some_courses_only() -> None:
    rules = degree(ONE, record_rules=RecordRules(expires_months=60, expires_of=of("CS 610")))
    both = [taken("CS 600", "A", "Fall 2018"), taken("CS 610", "A", "Fall 2018")]
    assert use_ids(rules, *both, conferral=TODAY) == {"CS 600"}


def test_expiry_comes_before_the_repeat_rule() -> None:
    rules = degree(
        ONE,
        record_rules=RecordRules(expires_months=60, repeats=Repeats(use=WhichAttempt.BEST)),
    )
    twice = [taken("CS 600", "A", "Fall 2018", id="old"), taken("CS 600", "B", id="new")]
    assert use_ids(rules, *twice, conferral=TODAY) == {"new"}


def test_a_rule_that_is_not_stated_does_not_bind() -> None:
    old = taken("CS 600", "A", "Fall 2016")
    found = judge_it(degree(ONE), [old, taken("CS 610")], {"core": "CS 600"})
    assert found.standing("core") is Standing.MET


# ------------------------------------------------------------------------ waivers


def test_a_waiver_meets_a_leaf_counted_in_courses_whatever_its_floor() -> None:
    rules = degree(leaf("core", ["CS 600", "CS 610"], 2, min_grade="A"))
    found = judge_it(rules, [waived("CS 600"), taken("CS 610")], {"core": ["CS 600", "CS 610"]})
    assert found.is_valid
    assert found.standing("core") is Standing.MET


def test_a_waiver_adds_no_credit_so_a_leaf_in_credits_does_not_hold_it() -> None:
    rules = degree(leaf("core", ["CS 600"], credits=3))
    assert faulted(judge_it(rules, [waived("CS 600")], {"core": "CS 600"})) == {"core"}


def test_a_waiver_does_not_count_in_the_total() -> None:
    rules = degree(ONE, total=3)
    found = judge_it(rules, [waived("CS 600")], {"core": "CS 600"})
    assert found.standing("core") is Standing.MET
    assert found.degree is Standing.UNMET


def test_a_waiver_has_no_place_in_a_mean() -> None:
    found = judge_it(degree(ONE, mean(3)), [waived("CS 600")], {"core": "CS 600"})
    assert found.standing("gpa") is Standing.PENDING


def test_background_without_dates_lies_before_every_period() -> None:
    rules = degree(ONE, courses=[*CATALOGUE[1:], course("CS 600", requisite=done("MATH 500"))])
    found = judge_it(rules, [transfer("MATH 500"), planned("CS 600")], {"core": "CS 600"})
    assert not found.breaches


# ------------------------------------------------------------------ too good to repeat


@pytest.mark.parametrize(("grade", "kept"), [("A", "old"), ("B", "old"), ("C", "new")])
def test_a_course_passed_at_the_grade_or_better_is_not_taken_again_for_credit(
    grade: str, kept: str
) -> None:
    twice = [taken("CS 600", grade, "Fall 2024", id="old"), taken("CS 600", "A", id="new")]
    assert use_ids(repeating(use=WhichAttempt.NEWEST, only_below="B"), *twice) == {kept}


def test_a_grade_still_to_come_bars_no_further_attempt_and_an_expected_one_does() -> None:
    rules = repeating(use=WhichAttempt.NEWEST, only_below="B")
    for expected, kept in ((None, "new"), ("A", "old"), ("C", "new")):
        first = planned("CS 600", id="old", expected_grade=expected)
        again = planned("CS 600", "Spring 2027", id="new")
        assert use_ids(rules, first, again) == {kept}


def test_credit_that_had_expired_bars_no_further_attempt() -> None:
    rule = Repeats(use=WhichAttempt.NEWEST, only_below="B")
    old = taken("CS 600", "A", "Fall 2024", id="old")
    for months, kept in ((6, {"new"}), (24, {"old"})):
        rules = degree(ONE, record_rules=RecordRules(repeats=rule, expires_months=months))
        twice = [old, taken("CS 600", "A", "Fall 2025", id="new")]
        assert use_ids(rules, *twice, conferral=dt.date(2026, 1, 31)) == kept


def test_a_repeatable_course_is_no_repeat_of_itself() -> None:
    seminar = course("CS 699", 1, repeatable=RepeatBy.PERIOD)
    rule = Repeats(use=WhichAttempt.NEWEST, only_below="B", at_most_in_all=0)
    rules = degree(ONE, courses=[seminar], record_rules=RecordRules(repeats=rule))
    twice = [taken("CS 699", "A", "Fall 2024", id="old"), taken("CS 699", "A", id="new")]
    assert use_ids(rules, *twice) == {"old", "new"}


def test_repeats_beyond_the_limit_in_all_are_not_used() -> None:
    attempts = [
        failed("CS 600", "Fall 2023", id="a failed"),
        taken("CS 600", "A", "Fall 2024", id="a again"),
        taken("CS 610", "C", "Fall 2024", id="b"),
        taken("CS 610", "A", "Fall 2025", id="b again"),
    ]
    for most, kept in ((0, {"b"}), (1, {"a again", "b"}), (2, {"a again", "b again"})):
        assert use_ids(repeating(use=WhichAttempt.BEST, at_most_in_all=most), *attempts) == kept


def test_where_nobody_says_which_attempt_counts_the_best_does_and_the_answer_says_so() -> None:
    twice = [taken("CS 600", "A", "Fall 2024", id="old"), taken("CS 600", "C", id="new")]
    rules = repeating(at_most_in_all=2)
    assert use_ids(rules, *twice) == {"old"}
    found = judge_it(rules, twice, {"core": "old"})
    assert "which attempt of a repeated course counts" in found.unknown
