"""The least cost by counting terms of one kind, and the most that a term holds."""

from __future__ import annotations

import datetime as dt

from tests.builders import plan_it
from tests.degrees import degree, leaf, load, usd

from prospectus.domain.expression import Approval
from prospectus.domain.fees import Fee, FeePer, FeeTier
from prospectus.domain.student import Level
from prospectus.domain.wish import Placed, TermCredits
from prospectus.planning.packing import Item, most_steps
from prospectus.planning.result import PlanStatus

COST_FIRST = (Level.COST, Level.FINISH, Level.PEAK, Level.TOPICS)
BY_TERM = Fee(
    id="term",
    per=FeePer.TERM,
    tiers=(FeeTier(from_credits=0, amount=usd(200)), FeeTier(from_credits=4, amount=usd(500))),
)


def test_the_least_cost_takes_all_at_once_where_a_full_term_costs_less_than_several() -> None:
    rules = degree(leaf("core", "any", 3), total=9, school={"fees": (BY_TERM,)})
    answer = plan_it(rules, levels=COST_FIRST)
    assert answer.result.status is PlanStatus.OPTIMAL
    # one full term; two terms would cost 700, three 600
    assert answer.value("cost") == 50_000
    assert answer.result.levels[0].is_proven


def test_the_least_cost_counts_what_a_term_can_hold() -> None:
    rules = degree(
        leaf("core", "any", 3),
        total=9,
        school={"fees": (BY_TERM,)},
        enrolment=[load("cap", "term", courses=(0, 1))],
    )
    answer = plan_it(rules, levels=COST_FIRST)
    assert answer.value("cost") == 60_000
    assert all(level.is_proven for level in answer.result.levels[:4])


def test_long_courses_are_laid_side_by_side_whole() -> None:
    # by parts two courses of 15 hours share 29 hours a week; whole ones never run together
    item = Item(steps=3, spans=(((0, 1), 15), ((1, 2), 15)))
    hours: dict[int, int | None] = dict.fromkeys(range(3), 29)
    free: dict[int, int | None] = dict.fromkeys(range(3))
    assert most_steps((item, item), hours, free) == 3
    assert most_steps((item, item), free, free) == 6


def test_at_most_so_many_courses_at_once_bound_what_fits() -> None:
    item = Item(steps=1, spans=(((0,), 1),))
    free: dict[int, int | None] = {0: None}
    assert most_steps((item, item, item), free, {0: 2}) == 2


def test_a_limit_of_credits_in_every_term_says_how_long_study_takes() -> None:
    rules = degree(leaf("core", "any", 3), total=9)
    always = {"first": dt.date(2026, 1, 1), "last": dt.date(2045, 12, 31)}
    free = plan_it(rules)
    held = plan_it(rules, about=(TermCredits(**always, low=None, high=3),))  # type: ignore[arg-type]
    assert held.result.status is PlanStatus.OPTIMAL
    assert held.value("finish") > free.value("finish")


def test_a_pinned_course_ends_no_plan_before_its_day() -> None:
    rules = degree(leaf("core", "any", 3), total=9)
    pin = Placed(course="CS 600", first=dt.date(2028, 8, 1), last=dt.date(2028, 9, 30))
    answer = plan_it(rules, about=(pin,))
    assert answer.result.status is PlanStatus.OPTIMAL
    assert answer.value("finish") >= dt.date(2028, 8, 1).toordinal()


def test_a_load_that_an_approval_would_lift_holds_until_it_is_granted() -> None:
    alone = load("alone", "term", courses=(0, 1), unless=Approval(who="second course"))
    answer = plan_it(degree(leaf("core", "any", 3), total=9, enrolment=[alone]))
    periods = [attempt.periods for attempt in answer.result.plan.attempts]
    assert len(set(periods)) == 3
