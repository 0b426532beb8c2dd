"""Wishes on single courses, terms and days: each changes the plan, as a must and as a goal."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from tests.builders import plan_it
from tests.degrees import HOURS_PER_CREDIT, course, degree, leaf, load, running, taken

from prospectus.domain.course import Course, CourseCode, Delivery
from prospectus.domain.errors import DomainError
from prospectus.domain.program import Resolved
from prospectus.domain.student import Level, Wishes
from prospectus.domain.wish import (
    Apart,
    Avoid,
    Before,
    Buffer,
    FewHeavy,
    StartIn,
    TermCredits,
    Together,
    TopicBy,
    last_day_with_buffer,
)
from prospectus.planning.result import PlanStatus

A, B = CourseCode("CS 600"), CourseCode("CS 610")


def two(**more: object) -> Resolved:
    """Return a degree of exactly CS 600 and CS 610, some 8 hours a week each."""
    return degree(leaf("core", [A, B], 2), assumptions=[HOURS_PER_CREDIT], **more)


def one_a_term() -> Resolved:
    return two(enrolment=[load("cap", "term", courses=(0, 1))])


def test_courses_apart_do_not_run_at_the_same_time() -> None:
    assert set(plan_it(two()).runs.values()) == {"Fall 2026"}
    answer = plan_it(two(), about=(Apart(courses=(A, B)),))
    assert sorted(answer.runs.values()) == ["Fall 2026", "Spring 2027"]


def test_a_course_that_runs_keeps_one_apart_from_it_away() -> None:
    answer = plan_it(two(), running("CS 600", "Fall 2026"), about=(Apart(courses=(A, B)),))
    assert answer.runs == {"CS 610": "Spring 2027"}


def test_courses_together_start_together_or_not_at_all() -> None:
    answer = plan_it(one_a_term(), about=(Together(courses=(A, B)),))
    assert answer.result.status is PlanStatus.INFEASIBLE
    assert answer.conflict >= {"together CS 600 + CS 610"}
    free = plan_it(degree(leaf("core", "any", 1)), about=(Together(courses=(A, B)),))
    assert len(free.runs) == 1
    assert not set(free.runs) & {A, B}


def test_a_course_that_was_passed_needs_no_company() -> None:
    answer = plan_it(two(), taken("CS 600"), about=(Together(courses=(A, B)),))
    assert answer.runs == {"CS 610": "Fall 2026"}


def test_one_course_is_over_before_the_next_begins() -> None:
    answer = plan_it(two(), about=(Before(first=B, then=A),))
    assert answer.runs == {"CS 610": "Fall 2026", "CS 600": "Spring 2027"}


def test_heavy_courses_are_spread_by_name_and_by_hours() -> None:
    named = plan_it(two(), about=(FewHeavy(courses=frozenset({A, B})),))
    assert sorted(named.runs.values()) == ["Fall 2026", "Spring 2027"]
    by_hours = plan_it(two(), about=(FewHeavy(hours_from=1),))
    assert sorted(by_hours.runs.values()) == ["Fall 2026", "Spring 2027"]
    assert set(plan_it(two(), about=(FewHeavy(hours_from=99),)).runs.values()) == {"Fall 2026"}


def test_credits_of_a_term_bind_where_something_is_studied() -> None:
    most = TermCredits(high=Fraction(3))
    assert sorted(plan_it(two(), about=(most,)).runs.values()) == ["Fall 2026", "Spring 2027"]
    later = TermCredits(first=dt.date(2027, 1, 1), high=Fraction(3))
    assert set(plan_it(two(), about=(later,)).runs.values()) == {"Fall 2026"}


def test_half_time_is_kept_but_in_the_last_term() -> None:
    three = degree(leaf("core", "any", 3), enrolment=[load("cap", "term", courses=(0, 2))])
    kept = TermCredits(low=Fraction(6), last_may_be_less=True)
    answer = plan_it(three, about=(kept,), levels=(Level.FINISH,))
    assert sorted(answer.runs.values()) == ["Fall 2026", "Fall 2026", "Spring 2027"]
    strict = plan_it(three, about=(TermCredits(low=Fraction(6)),))
    assert sorted(strict.runs.values()) == ["Fall 2026", "Fall 2026", "Spring 2027", "Spring 2027"]


def odd_ones() -> tuple[Course, ...]:
    return (
        course("CS 600", attributes=["group_work"]),
        course("CS 605", delivery=Delivery.IN_PERSON),
        course("CS 610", delivery=Delivery.UNKNOWN),
    )


def test_kinds_of_courses_are_avoided() -> None:
    rules = degree(leaf("core", "any", 1), courses=odd_ones())
    assert set(plan_it(rules).runs) == {"CS 600"}
    no_groups = Avoid(attributes=frozenset({"group_work"}))
    assert set(plan_it(rules, about=(no_groups,)).runs) == {"CS 605"}
    neither = Avoid(attributes=frozenset({"group_work"}), visits=True)
    answer = plan_it(rules, about=(neither,))
    assert set(answer.runs) == {"CS 610"}
    assert answer.appraisal is not None
    assert "how CS 610 are taught" in answer.appraisal.unknown


def test_a_topic_is_covered_by_a_day() -> None:
    rules = degree(
        leaf("core", "any", 2),
        courses=(course("CS 600"), course("CS 605"), course("CS 610", topics=["nlp"])),
        enrolment=[load("cap", "term", courses=(0, 1))],
    )
    assert "CS 610" not in plan_it(rules).runs
    answer = plan_it(rules, about=(TopicBy(topic="NLP", by=dt.date(2026, 12, 31)),))
    assert answer.runs["CS 610"] == "Fall 2026"
    never = plan_it(rules, about=(TopicBy(topic="NLP", by=dt.date(2026, 11, 1)),))
    assert "topic NLP" in never.conflict


def test_study_begins_when_it_should() -> None:
    wish = StartIn(first=dt.date(2027, 1, 1), last=dt.date(2027, 3, 1))
    assert set(plan_it(two(), about=(wish,)).runs.values()) == {"Spring 2027"}
    begun = plan_it(two(), taken("CS 600"), about=(wish,))
    assert begun.runs == {"CS 610": "Fall 2026"}


def test_a_buffer_lies_whole_before_the_deadline() -> None:
    deadline = dt.date(2027, 8, 31)
    assert plan_it(one_a_term(), deadline=deadline, about=(Buffer(terms=1),)).runs
    tight = plan_it(one_a_term(), deadline=deadline, about=(Buffer(terms=2),))
    assert tight.conflict >= {"buffer"}


def test_the_day_before_a_buffer() -> None:
    terms = [
        (dt.date(2027, 1, 1), dt.date(2027, 5, 1)),
        (dt.date(2027, 6, 1), dt.date(2027, 8, 1)),
    ]
    deadline = dt.date(2027, 8, 31)
    assert last_day_with_buffer(terms, deadline, 0) == deadline
    assert last_day_with_buffer(terms, deadline, 1) == dt.date(2027, 5, 31)
    assert last_day_with_buffer(terms, dt.date(2027, 7, 31), 1) == dt.date(2026, 12, 31)


def test_a_goal_is_missed_where_it_cannot_be_kept_and_only_there() -> None:
    wishes = (Apart(courses=(A, B)), Before(first=B, then=A))
    kept = plan_it(two(), about=wishes, goals=frozenset({"apart", "before"}))
    assert kept.value("goals") == 0
    assert kept.runs == {"CS 610": "Fall 2026", "CS 600": "Spring 2027"}
    soon = dt.date(2026, 12, 31)
    missed = plan_it(two(), about=wishes, goals=frozenset({"apart", "before"}), deadline=soon)
    assert missed.value("goals") == 2
    assert missed.appraisal is not None
    assert {item.rule for item in missed.appraisal.goals_missed} == {wish.id for wish in wishes}
    assert missed.result.status is PlanStatus.OPTIMAL


def test_hours_as_a_goal_are_missed_in_as_few_periods_as_can_be() -> None:
    rules = degree(
        leaf("core", "any", 4),
        enrolment=[load("cap", "term", courses=(0, 2))],
        assumptions=[HOURS_PER_CREDIT],
    )
    hard = plan_it(rules, hours_per_week=9, deadline=dt.date(2027, 8, 31))
    assert hard.result.status is PlanStatus.INFEASIBLE
    soft = plan_it(
        rules, hours_per_week=9, deadline=dt.date(2027, 8, 31), goals=frozenset({"hours"})
    )
    assert soft.value("goals") == 1


def test_a_deadline_as_a_goal_may_be_passed() -> None:
    answer = plan_it(one_a_term(), deadline=dt.date(2026, 12, 31), goals=frozenset({"deadline"}))
    assert answer.value("goals") == 1
    assert dt.date.fromordinal(answer.value("finish")) == dt.date(2027, 5, 1)


def test_a_goal_that_comes_last_gives_way_to_an_early_finish() -> None:
    answer = plan_it(
        two(),
        about=(Apart(courses=(A, B)),),
        goals=frozenset({"apart"}),
        levels=(Level.FINISH, Level.GOALS),
    )
    assert answer.value("goals") == 1
    assert set(answer.runs.values()) == {"Fall 2026"}


def test_what_is_no_wish_cannot_be_a_goal() -> None:
    with pytest.raises(DomainError, match="DOM-056"):
        Wishes(goals=frozenset({"sunshine"}))
    with pytest.raises(DomainError, match="DOM-055"):
        Apart(courses=(A, A))
    with pytest.raises(DomainError, match="DOM-054"):
        TermCredits(low=Fraction(6), high=Fraction(3))
