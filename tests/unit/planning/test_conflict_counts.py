"""Conflicts shown by counting: which members they name, and that none is named in vain."""

from __future__ import annotations

import datetime as dt

from tests.builders import Answer, plan_it
from tests.degrees import course, degree, leaf, load, usd

from prospectus.domain.course import Course, CourseCode
from prospectus.domain.fees import Fee, FeePer
from prospectus.domain.program import Resolved
from prospectus.domain.student import DayRange
from prospectus.planning.result import PlanStatus

SOON = dt.date(2027, 6, 30)
MANY: list[Course] = [course(f"AA {500 + n}", hours=9) for n in range(6)]


def degree_of(n_courses: int, **more: object) -> Resolved:
    """Return a degree of so many courses of three credits and nine hours, any of six."""
    codes = [str(one.code) for one in MANY]
    return degree(leaf("core", codes, n_courses), courses=MANY, total=3 * n_courses, **more)


def refused(answer: Answer) -> set[str]:
    assert answer.result.status is PlanStatus.INFEASIBLE
    assert answer.result.conflict_is_minimal
    return answer.conflict


def test_terms_that_hold_too_few_hours_are_named_with_the_deadline() -> None:
    answer = plan_it(degree_of(5), hours_per_week=9, deadline=SOON)
    assert refused(answer) == {"deadline", "hours", "total degree"}


def test_a_most_of_courses_at_once_is_named() -> None:
    answer = plan_it(degree_of(5), courses_per_period=1, deadline=SOON)
    assert refused(answer) == {"courses", "deadline", "total degree"}
    texts = {item.text for item in answer.result.conflict}
    assert "at most 1 course at once" in texts


def test_a_load_of_the_programme_is_named() -> None:
    rules = degree_of(5, enrolment=[load("cap", "term", credits=(0, 3))])
    assert refused(plan_it(rules, deadline=SOON)) == {"deadline", "load cap", "total degree"}


def test_money_for_too_few_credits_is_named_alone() -> None:
    fee = Fee(id="tuition", per=FeePer.CREDIT, amount=usd(100))
    rules = degree_of(3, school={"fees": (fee,)})
    assert refused(plan_it(rules, budget_total=usd(899))) == {"budget", "total degree"}
    assert plan_it(rules, budget_total=usd(900)).value("cost") == 90_000


def test_money_by_year_that_the_whole_calendar_cannot_stretch_is_named() -> None:
    fee = Fee(id="tuition", per=FeePer.CREDIT, amount=usd(100))
    rules = degree_of(3, school={"fees": (fee,)})
    answer = plan_it(rules, budget_by_year=((None, usd(299)),))
    assert refused(answer) <= {"budget by year", "total degree", "node core"}
    assert "budget by year" in answer.conflict


def test_a_pause_that_leaves_too_few_terms_is_named() -> None:
    pause = DayRange(first=dt.date(2027, 1, 1), last=dt.date(2027, 5, 31))
    answer = plan_it(degree_of(2), courses_per_period=1, pauses=(pause,), deadline=SOON)
    assert refused(answer) == {"courses", "deadline", "pause 2027-01-01", "total degree"}


def test_a_wanted_course_that_is_never_offered_comes_before_any_count() -> None:
    answer = plan_it(degree_of(5), hours_per_week=9, deadline=SOON, wanted=(CourseCode("ZZ 999"),))
    assert refused(answer) == {"wanted ZZ 999"}
