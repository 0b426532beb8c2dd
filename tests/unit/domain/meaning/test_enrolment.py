"""LANGUAGE 5, enrolment: loads, gaps, durations, a locked sequence."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from tests.degrees import (
    CATALOGUE,
    SESSIONS,
    broken,
    calendar,
    course,
    degree,
    failed,
    judge_it,
    leaf,
    load,
    noted,
    of,
    offered,
    planned,
    record,
    running,
    taken,
    transfer,
)

from prospectus.domain.expression import Approval, CreditsOf, Except
from prospectus.domain.plan import Verdict
from prospectus.domain.record import ApprovalState, Attempt, AttemptStatus
from prospectus.domain.rule import Enrolment, Load

LEAF = leaf("core", "any", 1)
SEMINAR = course("CS 800", 1, counts_credit=False)


def verdict(rule: Load | Enrolment, *attempts: Attempt, **more: object) -> Verdict:
    rules = degree(
        LEAF,
        enrolment=rule if isinstance(rule, Enrolment) else [rule],
        courses=[*CATALOGUE, SEMINAR],
        sets={"seminars": ["CS 800"]},
        school=more.pop("school", {}),  # type: ignore[arg-type]
    )
    more.setdefault("matriculation", dt.date(2026, 8, 1))
    conferral = more.pop("conferral", None)
    return judge_it(rules, record(*attempts, **more), conferral=conferral)  # type: ignore[arg-type]


CODES = ["CS 600", "CS 610", "CS 620"]
FALL = [planned(code) for code in CODES]
SPREAD = [
    planned(c, w) for c, w in zip(CODES, ("Fall 2026", "Spring 2027", "Fall 2027"), strict=True)
]


@pytest.mark.parametrize(
    "rule",
    [
        load("cap", "term", credits=(0, 6)),
        load("cap", "term", courses=(0, 2)),
        load("cap", "Fall", credits=(0, 6)),
        load("cap", "session", credits=(0, 6)),
        load("cap", "year", courses=(0, 2)),
        load("cap", "term", seasons=("Fall",), credits=(0, 6)),
    ],
)
def test_a_load_caps_what_is_registered_in_each_such_period(rule: Load) -> None:
    assert broken(verdict(rule, *FALL)) == {"cap"}
    assert not verdict(rule, *SPREAD).breaches


def test_a_load_of_one_season_leaves_the_others_alone() -> None:
    for rule in (
        load("cap", "Spring", courses=(0, 2)),
        load("cap", "term", seasons=("Spring",), courses=(0, 2)),
    ):
        assert not verdict(rule, *FALL).breaches


def test_a_year_is_the_calendar_year() -> None:
    rule = load("cap", "year", courses=(0, 2))
    crowded = [
        planned("CS 600", "Spring 2027"),
        planned("CS 610", "Fall 2027"),
        planned("CS 620", "Fall 2027"),
    ]
    assert broken(verdict(rule, *crowded)) == {"cap"}


def test_a_span_counts_so_many_leaf_periods_in_a_row() -> None:
    rows = tuple(row for c in CODES for row in offered(c, "Fall", "Spring", any_session=True))
    school = {"calendar": calendar(SESSIONS), "offerings": rows}
    pair = load("cap", "span", span=2, courses=(0, 1))
    near = [planned("CS 600", "Fall 2026 S1"), planned("CS 610", "Fall 2026 S2")]
    far = [planned("CS 600", "Fall 2026 S1"), planned("CS 610", "Spring 2027 S1")]
    assert broken(verdict(pair, *near, school=school)) == {"cap"}
    assert not verdict(pair, *far, school=school).breaches


def test_a_course_over_several_periods_counts_in_each_of_them() -> None:
    rows = (
        *offered("CS 600", "Fall", sessions=(1, 2)),
        *offered("CS 610", "Fall", any_session=True),
    )
    school = {"calendar": calendar(SESSIONS), "offerings": rows}
    long = taken("CS 600", None, status=AttemptStatus.PLANNED, periods=("Fall 2026",))
    for session in ("Fall 2026 S1", "Fall 2026 S2"):
        both = [long, planned("CS 610", session)]
        rule = load("cap", "session", courses=(0, 1))
        assert broken(verdict(rule, *both, school=school)) == {"cap"}


def test_registered_credits_count_wherever_they_count_in_the_degree() -> None:
    """A seminar that earns nothing fills the term all the same."""
    seminar = planned("CS 800", credits=1)
    assert broken(verdict(load("cap", "term", credits=(0, 6)), *FALL[:2], seminar)) == {"cap"}


def test_a_load_may_speak_of_some_courses_only() -> None:
    real = Except(of=of("any"), without=of("set seminars"))
    seminar = planned("CS 800", credits=1)
    assert not verdict(load("cap", "term", real, courses=(0, 2)), *FALL[:2], seminar).breaches


def test_failed_and_running_courses_fill_a_load_and_withdrawn_ones_do_not() -> None:
    rule = load("cap", "term", courses=(0, 1))
    now = planned("CS 610", "Summer 2026")
    assert broken(verdict(rule, running("CS 600", "Summer 2026"), now)) == {"cap"}
    assert broken(verdict(rule, failed("CS 600", "Summer 2026"), now)) == {"cap"}
    gone = taken("CS 600", None, "Summer 2026", status=AttemptStatus.WITHDRAWN)
    assert not verdict(rule, gone, now).breaches


def test_transfer_fills_no_load() -> None:
    assert not verdict(load("cap", "term", courses=(0, 1)), transfer("CS 600"), FALL[1]).breaches


def test_a_past_load_over_its_cap_is_a_note() -> None:
    found = verdict(load("cap", "term", courses=(0, 1)), taken("CS 600"), taken("CS 610"))
    assert not found.breaches
    assert noted(found) == {"cap"}


def test_all_loads_bind() -> None:
    rules = Enrolment(loads=(load("a", "term", courses=(0, 9)), load("b", "term", credits=(0, 6))))
    assert broken(verdict(rules, *FALL)) == {"b"}


def test_a_least_binds_in_every_such_period_between_first_start_and_conferral() -> None:
    rule = load("least", "term", seasons=("Fall", "Spring"), courses=(1, 9))
    gap = [planned("CS 600", "Fall 2026"), planned("CS 610", "Fall 2027")]
    assert broken(verdict(rule, *gap)) == {"least"}
    assert not verdict(rule, *SPREAD).breaches
    assert not verdict(rule, planned("CS 600", "Spring 2027")).breaches


def test_a_least_binds_until_the_conferral_judged() -> None:
    rule = load("least", "term", courses=(1, 9))
    assert not verdict(rule, FALL[0]).breaches
    assert broken(verdict(rule, FALL[0], conferral=dt.date(2027, 5, 1))) == {"least"}


def test_a_least_missed_in_the_past_is_a_note() -> None:
    rule = load("least", "Fall", courses=(1, 9))
    attempts = [taken("CS 600", when="Fall 2023"), taken("CS 610", when="Fall 2025")]
    found = verdict(rule, *attempts, matriculation=dt.date(2023, 8, 1))
    assert not found.breaches
    assert noted(found) == {"least"}


def test_half_time_is_a_least_in_credits() -> None:
    rule = load("half", "term", credits=(6, 99), seasons=("Fall",))
    assert broken(verdict(rule, FALL[0])) == {"half"}
    assert not verdict(rule, *FALL[:2]).breaches


def test_unless_lifts_a_load_from_the_moment_it_holds() -> None:
    """One course a term until three credits are finished."""
    rule = load("cap", "term", courses=(0, 1), unless=CreditsOf(credits=Fraction(3)))
    later = [
        planned("CS 600", "Fall 2026"),
        planned("CS 610", "Spring 2027"),
        planned("CS 620", "Spring 2027"),
    ]
    assert not verdict(rule, *later).breaches
    assert broken(verdict(rule, *FALL[:2])) == {"cap"}


def test_unless_an_approval_is_granted() -> None:
    rule = load("cap", "term", courses=(0, 2), unless=Approval(who="director"))
    assert broken(verdict(rule, *FALL)) == {"cap"}
    granted = (("director", ApprovalState.GRANTED),)
    assert not verdict(rule, *FALL, approvals=granted).breaches


# --------------------------------------------------- gaps, durations, sequences


def test_so_many_months_without_enrolment_end_it() -> None:
    rule = Enrolment(gap_months=8)
    near = [planned("CS 600", "Fall 2026"), planned("CS 610", "Summer 2027")]
    far = [planned("CS 600", "Fall 2026"), planned("CS 610", "Fall 2027")]
    assert not verdict(rule, *near).breaches
    assert broken(verdict(rule, *far)) == {"gap"}


def test_a_withdrawn_course_is_no_enrolment() -> None:
    gone = taken("CS 620", None, "Spring 2027", status=AttemptStatus.WITHDRAWN)
    far = [planned("CS 600", "Fall 2026"), gone, planned("CS 610", "Fall 2027")]
    assert broken(verdict(Enrolment(gap_months=8), *far)) == {"gap"}


def test_a_past_gap_is_a_note() -> None:
    attempts = [taken("CS 600", when="Fall 2023"), taken("CS 610", when="Fall 2025")]
    found = verdict(Enrolment(gap_months=12), *attempts, matriculation=dt.date(2023, 8, 1))
    assert not found.breaches
    assert noted(found) == {"gap"}


def test_minimum_and_maximum_duration_run_from_matriculation_to_conferral() -> None:
    assert broken(verdict(Enrolment(max_months=12), *SPREAD)) == {"maximum"}
    assert not verdict(Enrolment(max_months=17), *SPREAD).breaches
    assert broken(verdict(Enrolment(min_months=17), *SPREAD)) == {"minimum"}
    assert not verdict(Enrolment(min_months=16), *SPREAD).breaches


def test_a_locked_cohort_order_runs_step_by_step() -> None:
    rule = Enrolment(locked_sequence=(("CS 600",), ("CS 610", "CS 620")))
    right = [
        planned("CS 600", "Fall 2026"),
        planned("CS 610", "Spring 2027"),
        planned("CS 620", "Spring 2027"),
    ]
    wrong = [planned("CS 600", "Spring 2027"), planned("CS 610", "Fall 2026")]
    assert not verdict(rule, *right).breaches
    assert broken(verdict(rule, *wrong)) == {"sequence"}
    assert broken(verdict(rule, *FALL[:2])) == {"sequence"}
