"""What a plan minimises: finish, cost, peak hours, topics, credits, code order."""

from __future__ import annotations

import datetime as dt

from tests.builders import plan_it
from tests.degrees import course, degree, leaf, load, offered, running, taken, usd

from prospectus.domain.facts import Money
from prospectus.domain.fees import Fee, FeePer, FeeTier
from prospectus.domain.student import Level
from prospectus.planning.result import PlanStatus


def test_a_plan_ends_as_early_as_the_loads_allow() -> None:
    rules = degree(leaf("core", "any", 4), enrolment=[load("cap", "term", courses=(0, 2))])
    answer = plan_it(rules)
    assert answer.result.status is PlanStatus.OPTIMAL
    assert dt.date.fromordinal(answer.value("finish")) == dt.date(2027, 5, 1)
    assert sorted(answer.runs.values()) == ["Fall 2026"] * 2 + ["Spring 2027"] * 2


def test_nothing_is_planned_where_the_record_meets_everything() -> None:
    answer = plan_it(degree(leaf("core", "CS 600", 1)), taken("CS 600"))
    assert answer.runs == {}
    assert answer.value("credits") == 0
    assert answer.value("finish") == dt.date(2025, 12, 10).toordinal()


def test_a_plan_never_ends_before_what_is_open() -> None:
    rules = degree(leaf("core", ["CS 600", "CS 610"], 2))
    answer = plan_it(rules, running("CS 600", "Spring 2027"))
    assert answer.runs == {"CS 610": "Fall 2026"}
    assert answer.value("finish") == dt.date(2027, 5, 1).toordinal()


def test_the_cheaper_of_two_equally_early_plans_is_taken() -> None:
    fees = (
        Fee(id="tuition", per=FeePer.CREDIT, amount=usd(100)),
        Fee(id="cheap", per=FeePer.COURSE, amount=usd(50), of=leaf("x", "CS 600", 1).from_),
    )
    answer = plan_it(
        degree(leaf("core", ["CS 600", "CS 610"], 1), school={"fees": fees}), budget_total=usd(340)
    )
    assert answer.runs == {"CS 610": "Fall 2026"}
    assert answer.value("cost") == 30_000


def test_a_stepped_fee_spreads_courses_when_cost_comes_first() -> None:
    tiers = (
        FeeTier(from_credits=0, amount=usd(200)),
        FeeTier(from_credits=4, amount=usd(600)),
    )
    fee = Fee(id="term", per=FeePer.TERM, tiers=tiers)
    rules = degree(leaf("core", "any", 2), school={"fees": (fee,)})
    together = plan_it(rules)
    apart = plan_it(rules, levels=(Level.COST, Level.FINISH))
    assert together.value("cost") == 60_000
    assert apart.value("cost") == 40_000
    assert sorted(apart.runs.values()) == ["Fall 2026", "Spring 2027"]


def test_a_budget_makes_a_plan_later_and_cheaper() -> None:
    tiers = (
        FeeTier(from_credits=0, amount=usd(200)),
        FeeTier(from_credits=4, amount=usd(600)),
    )
    rules = degree(
        leaf("core", "any", 2), school={"fees": (Fee(id="term", per=FeePer.TERM, tiers=tiers),)}
    )
    answer = plan_it(rules, budget_total=usd(500))
    assert answer.value("cost") == 40_000
    assert dt.date.fromordinal(answer.value("finish")) == dt.date(2027, 5, 1)


def test_a_budget_by_year_counts_by_due_date() -> None:
    fee = Fee(id="tuition", per=FeePer.COURSE, amount=usd(1000), due_days=-30)
    rules = degree(
        leaf("core", "any", 2),
        school={"fees": (fee,)},
        enrolment=[load("cap", "term", courses=(0, 1))],
    )
    free = plan_it(rules)
    assert dt.date.fromordinal(free.value("finish")) == dt.date(2027, 5, 1)
    # due 30 days early, the Spring term falls into the year of the Fall term
    tight = plan_it(rules, budget_by_year=((None, usd(1000)),))
    assert dt.date.fromordinal(tight.value("finish")) == dt.date(2027, 8, 1)


def test_fees_once_and_by_year_are_charged_at_the_first_term() -> None:
    fees = (
        Fee(id="start", per=FeePer.ONCE, amount=usd(70)),
        Fee(id="year", per=FeePer.YEAR, amount=usd(10)),
        Fee(id="month", per=FeePer.MONTH, amount=usd(1)),
    )
    rules = degree(
        leaf("core", "any", 3),
        school={"fees": fees},
        enrolment=[load("cap", "term", courses=(0, 1))],
    )
    answer = plan_it(rules)
    # Fall 2026 and two terms of 2027; August to December, January to May, May to August
    assert answer.value("cost") == 7000 + 2 * 1000 + (5 + 5 + 4) * 100


def test_an_unknown_fee_leaves_the_cost_level_open() -> None:
    rules = degree(leaf("core", "any", 1), school={"fees": (Fee(id="x", per=FeePer.TERM),)})
    answer = plan_it(rules)
    cost = next(level for level in answer.result.levels if level.level == "cost")
    assert (cost.value, cost.bound) == (None, None)
    assert answer.result.status is PlanStatus.OPTIMAL


def test_a_budget_is_never_met_by_an_unknown_fee() -> None:
    rules = degree(leaf("core", "any", 1), school={"fees": (Fee(id="x", per=FeePer.TERM),)})
    answer = plan_it(rules, budget_total=Money(minor=10**9, currency="USD"))
    assert answer.result.status is PlanStatus.INFEASIBLE
    assert "budget" in answer.conflict


def test_the_peak_is_the_busiest_period() -> None:
    courses = [course("AA 500", hours=10), course("AA 501", hours=4), course("AA 502", hours=6)]
    rules = degree(leaf("core", "any", 2), courses=courses)
    assert plan_it(rules).value("peak") == 10
    spread = plan_it(rules, levels=(Level.PEAK, Level.FINISH))
    assert spread.value("peak") == 6


def test_wanted_topics_are_covered_where_the_levels_before_allow() -> None:
    courses = [course("AA 500"), course("AA 501", topics=["NLP"]), course("AA 502", areas=["db"])]
    rules = degree(leaf("core", "any", 1), courses=courses)
    answer = plan_it(rules, wanted_topics=("nlp",))
    assert answer.runs == {"AA 501": "Fall 2026"}
    assert answer.value("topics") == 0
    # a further course costs nothing here, so both topics are had
    both = plan_it(rules, wanted_topics=("nlp", "DB"))
    assert set(both.runs) == {"AA 501", "AA 502"}


def test_no_course_is_planned_without_need_and_ties_go_by_code() -> None:
    answer = plan_it(degree(leaf("core", "any", 2)))
    assert set(answer.runs) == {"CS 600", "CS 610"}


def test_the_same_request_gives_the_same_plan() -> None:
    rules = degree(leaf("core", "any", 4), enrolment=[load("cap", "term", courses=(0, 2))])
    assert plan_it(rules).result.plan == plan_it(rules).result.plan


def test_seasonal_courses_wait_for_their_season() -> None:
    school = {"offerings": (*offered("CS 600", "Spring"), *offered("CS 610", "Fall"))}
    rules = degree(leaf("core", ["CS 600", "CS 610"], 2), school=school)
    assert plan_it(rules).runs == {"CS 610": "Fall 2026", "CS 600": "Spring 2027"}
