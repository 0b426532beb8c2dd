"""Why no plan exists, in the words of the person's wishes and the programme's rules."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.builders import Answer, plan_it
from tests.degrees import asks, at_most, course, degree, leaf, load, usd

from prospectus.domain.course import CourseCode
from prospectus.domain.expression import Approval
from prospectus.domain.fees import Fee, FeePer
from prospectus.domain.student import DayRange, LimitByRange
from prospectus.domain.wish import Buffer
from prospectus.planning.result import PlanStatus


def refused(answer: Answer) -> set[str]:
    assert answer.result.status is PlanStatus.INFEASIBLE
    assert answer.result.plan is None
    return answer.conflict


def test_a_deadline_conflicts_with_the_loads() -> None:
    rules = degree(leaf("core", "any", 4), enrolment=[load("cap", "term", courses=(0, 2))])
    answer = plan_it(rules, deadline=dt.date(2026, 12, 31))
    assert refused(answer) == {"deadline", "load cap", "node core"}
    assert answer.result.conflict_is_minimal
    assert answer.result.conflict[0].text == "deadline 2026-12-31"
    assert answer.result.conflict[0].is_wish


def test_an_hour_limit_is_named_with_the_course_that_breaks_it() -> None:
    rules = degree(leaf("core", "AA 500", 1), courses=[course("AA 500", hours=20)])
    answer = plan_it(rules, hours_per_week=15)
    assert refused(answer) == {"hours", "node core"}
    wishes = {item.text for item in answer.result.conflict if item.is_wish}
    assert wishes == {"15 h a week (assumed)"}


def test_an_unwanted_course_that_is_needed_is_named() -> None:
    answer = plan_it(degree(leaf("core", "CS 600", 1)), unwanted=(CourseCode("CS 600"),))
    assert refused(answer) == {"unwanted CS 600", "node core"}


def test_a_wanted_course_that_nobody_offers_is_a_conflict() -> None:
    answer = plan_it(degree(leaf("core", "CS 600", 1)), wanted=(CourseCode("ZZ 999"),))
    assert refused(answer) == {"wanted ZZ 999"}


def test_a_pause_and_a_deadline_that_leave_no_time_are_named() -> None:
    pause = DayRange(first=dt.date(2026, 9, 1), last=dt.date(2026, 9, 30))
    answer = plan_it(
        degree(leaf("core", "CS 600", 1)), pauses=(pause,), deadline=dt.date(2026, 12, 31)
    )
    assert refused(answer) == {"deadline", "pause 2026-09-01", "node core"}


def test_rules_that_contradict_each_other_are_named_without_a_wish() -> None:
    rules = degree(leaf("core", "CS 600", 1), at_most("cap", "CS 600", courses=0))
    answer = plan_it(rules)
    assert refused(answer) == {"node core", "rule cap"}
    assert not any(item.is_wish for item in answer.result.conflict)


@pytest.mark.parametrize("limit", [300, 299])
def test_a_budget_holds_to_the_cent(limit: int) -> None:

    fee = Fee(id="tuition", per=FeePer.CREDIT, amount=usd(100))
    rules = degree(leaf("core", "any", 1), school={"fees": (fee,)})
    answer = plan_it(rules, budget_total=usd(limit))
    if limit == 300:
        assert answer.value("cost") == 30_000
    else:
        assert refused(answer) == {"budget", "node core"}


def test_an_approval_is_assumed_only_where_no_plan_does_without() -> None:
    either = degree(
        leaf("core", ["AA 500", "AA 501"], 1),
        courses=[asks("AA 500", Approval(who="advisor")), course("AA 501")],
    )
    answer = plan_it(either)
    assert set(answer.runs) == {"AA 501"}
    assert answer.result.approvals == ()
    only = degree(leaf("core", "AA 500", 1), courses=[asks("AA 500", Approval(who="advisor"))])
    assert plan_it(only).result.approvals == ("advisor",)


def test_a_search_without_time_says_unknown() -> None:
    answer = plan_it(degree(leaf("core", "any", 4)), seconds=0)
    assert answer.result.status is PlanStatus.UNKNOWN
    assert answer.result.conflict == ()


def test_hours_are_named_with_the_periods_that_conflict() -> None:
    rules = degree(leaf("core", "AA 500", 1), courses=[course("AA 500", hours=20)])
    wide = DayRange(first=dt.date(2027, 1, 1), last=dt.date(2040, 12, 31))
    answer = plan_it(
        rules,
        hours_per_week=None,
        hours_by_range=(LimitByRange(days=wide, limit=15),),
        pauses=(DayRange(first=dt.date(2026, 9, 1), last=dt.date(2026, 9, 30)),),
    )
    assert refused(answer) == {"hours", "pause 2026-09-01", "node core"}
    text = next(item.text for item in answer.result.conflict if item.id == "hours")
    assert text == "15 h a week"


def test_a_budget_of_one_year_is_named_with_its_year() -> None:
    fee = Fee(id="tuition", per=FeePer.CREDIT, amount=usd(100))
    rules = degree(leaf("core", "any", 1), school={"fees": (fee,)})
    answer = plan_it(
        rules,
        budget_by_year=((None, usd(299)), (2027, usd(10_000))),
        deadline=dt.date(2027, 12, 31),
    )
    text = next(item.text for item in answer.result.conflict if item.id == "budget by year")
    assert text == "at most USD 299 due in each calendar year"


def test_the_buffer_before_a_deadline_is_named_with_it() -> None:
    rules = degree(leaf("core", "CS 600", 1))
    answer = plan_it(rules, deadline=dt.date(2026, 12, 31), about=(Buffer(terms=1),))
    assert refused(answer) == {"buffer", "deadline", "node core"}


def test_a_conflict_far_ahead_of_its_deadline_is_found_without_it() -> None:
    rules = degree(leaf("core", "AA 500", 1), courses=[course("AA 500", hours=20)])
    for deadline in (dt.date(2026, 12, 31), dt.date(2029, 12, 31), dt.date(2035, 12, 31)):
        answer = plan_it(rules, hours_per_week=15, deadline=deadline)
        assert refused(answer) == {"hours", "node core"}
        assert answer.result.conflict_is_minimal


def test_the_fewest_wishes_are_named() -> None:
    rules = degree(leaf("core", "CS 600", 1), at_most("cap", "CS 600", courses=0))
    answer = plan_it(rules, unwanted=(CourseCode("CS 600"),))
    assert refused(answer) == {"node core", "rule cap"}


def test_a_limit_on_courses_in_some_periods_alone_is_told_without_a_number_for_the_others() -> None:
    spring = DayRange(first=dt.date(2026, 8, 1), last=dt.date(2026, 10, 1))
    none = LimitByRange(days=spring, limit=0)
    rules = degree(leaf("core", "any", 2))
    answer = plan_it(rules, courses_by_range=(none,), deadline=dt.date(2026, 12, 31))
    told = {item.id: item.text for item in answer.result.conflict}
    assert "courses" in told
    assert "None" not in told["courses"]
