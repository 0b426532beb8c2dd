"""What would make a plan possible: the least change of each wish, alone or with others."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from tests.builders import plan_it
from tests.degrees import START, TODAY, at_most, course, degree, leaf, load, usd

from prospectus.domain.course import CourseCode
from prospectus.domain.fees import Fee, FeePer
from prospectus.domain.program import Resolved
from prospectus.domain.record import Record
from prospectus.domain.student import DayRange, LimitByRange, Student, Wishes
from prospectus.domain.wish import Buffer
from prospectus.planning.relaxing import Relaxed, relax
from prospectus.planning.result import PlanStatus
from prospectus.planning.solve import plan

FEE = Fee(id="tuition", per=FeePer.CREDIT, amount=usd(100))
ONE_A_TERM = load("cap", "term", courses=(0, 1))


def ways_out(rules: Resolved, **wishes: object) -> Relaxed:
    """Return the relaxations, each held against planning with it."""
    wishes.setdefault("hours_per_week", None)
    student = Student(
        matriculation=START,
        plan_from=START,
        wishes=Wishes(**wishes),  # type: ignore[arg-type]
    )
    record = Record(matriculation=dt.date(2026, 8, 20))
    answer = plan(rules, student, record, TODAY)
    assert answer.status is PlanStatus.INFEASIBLE
    found = relax(rules, student, record, TODAY, answer.conflict)
    for one in found.found:
        changed = Student(matriculation=START, plan_from=START, wishes=one.wishes)
        assert plan(rules, changed, record, TODAY).plan is not None, one.text
    return found


def texts(found: Relaxed) -> list[str]:
    return [one.text for one in found.found]


def test_a_heavy_course_asks_for_more_hours_in_one_period() -> None:
    rules = degree(leaf("core", "AA 500", 1), courses=[course("AA 500", hours=20)])
    found = ways_out(rules, hours_per_week=15, hours_are_assumed=False)
    assert texts(found) == ["5 h a week more in Fall 2026 (20 instead of 15)"]
    assert found.n_wishes == 1
    assert found.found[0].share == Fraction(1, 3)
    assert found.found[0].is_least


def test_heavy_courses_ask_for_less_in_every_period_than_at_once() -> None:
    rules = degree(
        leaf("core", ["AA 500", "AA 501"], 2),
        courses=[course("AA 500", hours=20), course("AA 501", hours=20)],
        enrolment=[ONE_A_TERM],
    )
    found = ways_out(rules, hours_per_week=15, hours_are_assumed=False)
    assert texts(found) == ["5 h a week more in every period (20 instead of 15)"]


def test_a_limit_of_one_range_is_raised_in_its_period_alone() -> None:
    rules = degree(leaf("core", "AA 500", 1), courses=[course("AA 500", hours=20)])
    fall = LimitByRange(
        days=DayRange(first=dt.date(2026, 9, 1), last=dt.date(2026, 9, 2)), limit=18
    )
    found = ways_out(
        rules,
        hours_per_week=10,
        hours_are_assumed=False,
        hours_by_range=(fall,),
    )
    assert texts(found)[0] == "2 h a week more in Fall 2026 (20 instead of 18)"


def test_a_deadline_is_moved_to_the_first_day_that_is_enough() -> None:
    rules = degree(leaf("core", "any", 2), enrolment=[ONE_A_TERM])
    found = ways_out(rules, deadline=dt.date(2026, 12, 31))
    (only,) = found.found
    assert only.wishes.deadline is not None
    kept = plan_it(rules, deadline=only.wishes.deadline)
    assert kept.value("finish") == only.wishes.deadline.toordinal()
    assert only.text.endswith("instead of 31 Dec 2026 (1 term later)")


def test_a_buffer_is_given_up_or_the_deadline_moved_so_that_it_holds() -> None:
    rules = degree(leaf("core", "any", 1))
    found = ways_out(rules, deadline=dt.date(2026, 12, 31), about=(Buffer(terms=1),))
    kinds = {one.changes[0].wish for one in found.found}
    assert kinds == {"deadline", "buffer"}


def test_money_is_raised_to_the_cent() -> None:
    found = ways_out(degree(leaf("core", "any", 1), school={"fees": (FEE,)}), budget_total=usd(299))
    assert texts(found) == ["USD 1 more in all (USD 300 instead of USD 299)"]


def test_one_year_is_raised_where_that_is_enough() -> None:
    rules = degree(leaf("core", "any", 1), school={"fees": (FEE,)})
    found = ways_out(rules, budget_by_year=((None, usd(200)),))
    (only,) = found.found
    assert only.text == "USD 100 more due in 2026 (USD 300 instead of USD 200)"
    assert (None, usd(200)) not in only.wishes.budget_by_year
    assert (2027, usd(200)) in only.wishes.budget_by_year


def test_a_wish_on_a_course_can_only_be_given_up() -> None:
    found = ways_out(degree(leaf("core", "CS 600", 1)), unwanted=(CourseCode("CS 600"),))
    assert texts(found) == ["give up: without CS 600"]
    assert found.found[0].share == 1


def test_two_wishes_change_together_where_one_is_not_enough() -> None:
    rules = degree(
        leaf("core", "AA 500", 1),
        courses=[course("AA 500", hours=20)],
        school={"fees": (FEE,)},
    )
    found = ways_out(rules, hours_per_week=15, hours_are_assumed=False, budget_total=usd(200))
    assert found.n_wishes == 2
    assert {change.wish for change in found.found[0].changes} == {"budget", "hours"}
    assert found.found[0].share == Fraction(1, 3) + Fraction(1, 2)


def test_no_change_of_wishes_helps_against_rules_alone() -> None:
    rules = degree(leaf("core", "CS 600", 1), at_most("cap", "CS 600", courses=0))
    found = ways_out(rules, unwanted=(CourseCode("CS 600"),))
    assert found == Relaxed(found=(), n_wishes=0)


def test_without_time_nothing_is_claimed() -> None:
    rules = degree(leaf("core", "AA 500", 1), courses=[course("AA 500", hours=20)])
    student = Student(
        matriculation=START,
        plan_from=START,
        wishes=Wishes(hours_per_week=15, hours_are_assumed=False),
    )
    record = Record(matriculation=dt.date(2026, 8, 20))
    answer = plan(rules, student, record, TODAY)
    found = relax(rules, student, record, TODAY, answer.conflict, seconds=0)
    assert found == Relaxed(found=(), n_wishes=None)
