"""An employer's aid, limits out of pocket and growing rates: each changes the plan."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from tests.builders import plan_it
from tests.degrees import LETTERS, course, degree, leaf, offered, usd

from prospectus.domain.aid import EmployerAid
from prospectus.domain.fees import Fee, FeePer
from prospectus.domain.program import Resolved
from prospectus.domain.student import Level
from prospectus.planning.result import PlanStatus

POCKET_FIRST = (Level.OUT_OF_POCKET, Level.FINISH, Level.COST)


def two(*fees: Fee, **more: object) -> Resolved:
    """Return a degree of two courses that cost USD 3,000 each."""
    fees = fees or (Fee(id="own-tuition", per=FeePer.CREDIT, amount=usd(1000)),)
    leaf_ = leaf("core", ["CS 600", "CS 610"], 2)
    return degree(leaf_, school={"fees": fees}, **more)  # type: ignore[arg-type]


def aid(**more: object) -> EmployerAid:
    return EmployerAid(per_year=usd(3000), **more)  # type: ignore[arg-type]


def test_a_cap_by_calendar_year_spreads_the_courses() -> None:
    alone = plan_it(two(), levels=POCKET_FIRST)
    assert sorted(alone.runs.values()) == ["Fall 2026", "Fall 2026"]
    assert alone.value("out_of_pocket") == alone.value("cost") == 600_000
    helped = plan_it(two(), levels=POCKET_FIRST, aid=aid())
    assert sorted(helped.runs.values()) == ["Fall 2026", "Spring 2027"]
    assert helped.value("out_of_pocket") == 0
    assert helped.value("cost") == 600_000


def test_the_day_of_payment_decides_on_the_year() -> None:
    answer = plan_it(two(), levels=POCKET_FIRST, aid=aid(paid_after_days=45))
    assert sorted(answer.runs.values()) == ["Fall 2026", "Fall 2027"]


def test_unused_room_that_is_carried_over_lets_both_be_taken_at_once() -> None:
    answer = plan_it(two(), levels=POCKET_FIRST, aid=aid(paid_after_days=45, carry_over=True))
    assert sorted(answer.runs.values()) == ["Fall 2026", "Fall 2026"]
    assert answer.value("out_of_pocket") == 0
    assert answer.appraisal is not None
    assert answer.appraisal.paid_back == ((2027, usd(6000)),)


def test_only_covered_fees_are_paid_back() -> None:
    fees = (
        Fee(id="own-tuition", per=FeePer.COURSE, amount=usd(1000)),
        Fee(id="own-lab", per=FeePer.COURSE, amount=usd(100)),
    )
    covered = aid(covers=frozenset({"tuition"}))
    assert plan_it(two(*fees), levels=POCKET_FIRST, aid=covered).value("out_of_pocket") == 20_000


def test_a_limit_out_of_pocket_by_year_sees_what_is_paid_back_in_it() -> None:
    every = ((None, usd(3000)),)
    alone = plan_it(two(), pocket_by_year=every)
    assert sorted(alone.runs.values()) == ["Fall 2026", "Spring 2027"]
    helped = plan_it(two(), pocket_by_year=every, aid=aid())
    assert sorted(helped.runs.values()) == ["Fall 2026", "Fall 2026"]
    # the money comes back in the next year, too late for this one
    late = plan_it(two(), pocket_by_year=every, aid=aid(paid_after_days=45))
    assert sorted(late.runs.values()) == ["Fall 2026", "Spring 2027"]


def test_paying_back_less_in_one_year_is_no_way_to_more_in_the_next() -> None:
    fees = (Fee(id="tuition", per=FeePer.COURSE, amount=usd(3000)),)
    offerings = (*offered("CS 600", "Fall"), *offered("CS 610", "Spring"))
    rules = degree(
        leaf("core", ["CS 600", "CS 610"], 2), school={"fees": fees, "offerings": offerings}
    )
    # 2026: 3,000 due and 2,000 back; 2027: 3,000 due and 2,000 back, whatever is carried
    carried = EmployerAid(per_year=usd(2000), carry_over=True)
    limits = ((2027, usd(500)),)
    in_time = dt.date(2027, 6, 1)
    answer = plan_it(rules, aid=carried, pocket_by_year=limits, deadline=in_time)
    assert answer.result.status is PlanStatus.INFEASIBLE
    assert "out_of_pocket 2027" in answer.conflict
    enough = ((2027, usd(1000)),)
    assert plan_it(rules, aid=carried, pocket_by_year=enough, deadline=in_time).runs


def test_a_limit_out_of_pocket_in_all_may_be_a_goal() -> None:
    must = plan_it(two(), pocket_total=usd(2000), aid=aid(), deadline=dt.date(2026, 12, 31))
    assert must.result.status is PlanStatus.INFEASIBLE
    assert "out_of_pocket" in must.conflict
    goal = plan_it(
        two(),
        pocket_total=usd(2000),
        aid=aid(),
        deadline=dt.date(2026, 12, 31),
        goals=frozenset({"out_of_pocket"}),
    )
    assert goal.value("goals") == 1


@pytest.mark.parametrize(("floor", "paid"), [("B", 3000), ("A", 3000), ("Distinction", 0)])
def test_a_planned_course_meets_any_floor_that_the_school_has(floor: str, paid: int) -> None:
    deadline = dt.date(2026, 12, 31)
    answer = plan_it(two(), aid=aid(min_grade=floor), deadline=deadline)
    assert answer.value("cost") == 600_000
    seen = answer.appraisal
    assert seen is not None
    assert sum(amount.minor for _, amount in seen.paid_back) == paid * 100
    is_above = LETTERS.rank(floor) is not None and not LETTERS.at_least("B", floor)
    assert bool(seen.aid_grades) is is_above
    assert any(floor in one for one in seen.unknown) is (floor == "Distinction")


def test_an_unknown_fee_meets_no_limit_out_of_pocket() -> None:
    rules = two(Fee(id="x", per=FeePer.TERM))
    assert plan_it(rules, pocket_total=usd(9000)).result.status is PlanStatus.INFEASIBLE


def test_growing_rates_make_the_earlier_of_two_options_the_cheaper() -> None:
    last = dt.date(2026, 12, 31)
    fees = (
        Fee(id="tuition", per=FeePer.COURSE, amount=usd(1000), valid_to=last),
        Fee(
            id="fall",
            per=FeePer.TERM,
            amount=usd(50),
            seasons=frozenset({"Fall"}),
            valid_to=last,
        ),
    )
    rules = degree(leaf("core", ["CS 600"], 1), school={"fees": fees}, courses=(course("CS 600"),))
    cheapest = (Level.COST, Level.FINISH)
    flat = plan_it(rules, levels=cheapest)
    assert flat.runs == {"CS 600": "Spring 2027"}
    assert flat.value("cost") == 100_000
    grown = plan_it(rules, levels=cheapest, rates_grow=Fraction(6, 100))
    assert grown.runs == {"CS 600": "Fall 2026"}
    assert grown.value("cost") == 105_000
    assert plan_it(rules, levels=cheapest, rates_grow=Fraction(4, 100)).value("cost") == 104_000
