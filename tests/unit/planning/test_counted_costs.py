"""The least cost by counting terms of one kind, and the most that a term holds."""

from __future__ import annotations

import datetime as dt

from tests.builders import plan_it
from tests.degrees import START, TODAY, course, degree, leaf, load, usd

from prospectus.domain.expression import Approval
from prospectus.domain.fees import Fee, FeePer, FeeTier
from prospectus.domain.program import Resolved
from prospectus.domain.record import Record
from prospectus.domain.student import Level, Student, Wishes
from prospectus.domain.wish import Placed, TermCredits
from prospectus.planning.horizon import Horizon
from prospectus.planning.money import Tariff
from prospectus.planning.offers import offers
from prospectus.planning.packing import Item, most_steps
from prospectus.planning.relaxed import Relaxed
from prospectus.planning.result import PlanStatus
from prospectus.planning.solve import compiled_for
from prospectus.planning.solver import Clock, Solver

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


def test_where_one_season_costs_less_each_course_waits_for_it_and_that_is_proven() -> None:
    cheap = Fee(id="cheap", per=FeePer.TERM, amount=usd(100), seasons=frozenset({"Summer"}))
    dear = Fee(id="dear", per=FeePer.TERM, amount=usd(300), seasons=frozenset({"Spring", "Fall"}))
    rules = degree(
        leaf("core", "any", 3),
        total=9,
        school={"fees": (cheap, dear)},
        enrolment=[load("alone", "term", courses=(0, 1))],
    )
    answer = plan_it(rules, levels=COST_FIRST)
    assert answer.value("cost") == 30_000
    assert answer.value("finish") == dt.date(2029, 8, 1).toordinal()
    assert all(level.is_proven for level in answer.result.levels[:4])


def test_what_a_kind_of_term_holds_is_counted_at_the_least_cost() -> None:
    cheap = Fee(id="cheap", per=FeePer.TERM, amount=usd(100), seasons=frozenset({"Summer"}))
    dear = Fee(id="dear", per=FeePer.TERM, amount=usd(300), seasons=frozenset({"Spring", "Fall"}))
    rules = degree(
        leaf("core", "any", 3),
        total=9,
        school={"fees": (cheap, dear)},
        enrolment=[load("alone", "term", courses=(0, 1))],
    )
    relaxed = _without_calendar(rules)
    held = relaxed.least(["cost"])
    assert held == {"cost": 30_000}
    assert relaxed.is_told(held)
    counts = {(count.least_courses, count.most_courses) for count in relaxed.counts(held)}
    assert counts == {(0, 0), (3, 3)}
    assert relaxed.earliest(held) == dt.date(2029, 8, 1)


def test_a_course_that_has_its_place_is_counted_at_what_it_costs_there() -> None:
    cheap = Fee(id="cheap", per=FeePer.TERM, amount=usd(100), seasons=frozenset({"Summer"}))
    dear = Fee(id="dear", per=FeePer.TERM, amount=usd(300), seasons=frozenset({"Spring", "Fall"}))
    rules = degree(
        leaf("core", "any", 3),
        total=9,
        courses=[course(f"CS 60{n}", 3) for n in range(4)],
        school={"fees": (cheap, dear)},
        enrolment=[load("alone", "term", courses=(0, 1))],
    )
    pin = Placed(course="CS 600", first=dt.date(2026, 8, 1), last=dt.date(2026, 9, 30))
    # three summers suffice for the other courses
    assert _without_calendar(rules).least(["cost"]) == {"cost": 30_000}
    assert _without_calendar(rules, about=(pin,)).least(["cost"]) == {"cost": 50_000}


def test_a_term_holds_as_many_courses_as_the_smallest_of_those_at_hand_come_to() -> None:
    # one of 2 credits and many of 3 under a most of 4: never two together
    rules = degree(
        leaf("core", "any", 4),
        total=11,
        courses=(course("CS 590", 2), *(course(f"CS 60{n}", 3) for n in range(3))),
    )
    always = {"first": dt.date(2026, 1, 1), "last": dt.date(2045, 12, 31)}
    held = TermCredits(**always, low=None, high=4)  # type: ignore[arg-type]
    relaxed = _without_calendar(rules, about=(held,))
    # Fall 2026, Spring, Summer and Fall 2027
    assert relaxed.earliest({}) == dt.date(2027, 12, 10)


def _without_calendar(rules: Resolved, **wishes: object) -> Relaxed:
    wishes.setdefault("hours_per_week", None)
    student = Student(
        matriculation=START,
        plan_from=START,
        wishes=Wishes(**wishes),  # type: ignore[arg-type]
    )
    offered = offers(rules, student, START)
    compiled = compiled_for(rules, student, Record(matriculation=START), TODAY, offered)
    horizon = Horizon(compiled, student, offered.open, as_wished=True)
    solver = Solver(Clock(seconds=60), seed=0, workers=1)
    tariff = Tariff(compiled, student.wishes)
    return Relaxed(horizon, student, offered, tariff, solver, priced=True)
