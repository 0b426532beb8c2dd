"""Limits, courses, places and objectives: with each of them another plan is the best."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from tests.builders import Answer, plan_it
from tests.degrees import HOURS_PER_CREDIT, asks, course, degree, done, leaf, load, offered

from prospectus.domain.course import Course, CourseCode
from prospectus.domain.offering import LiveSession, OfferingKind
from prospectus.domain.program import Resolved
from prospectus.domain.student import DayRange, Level, LimitByRange
from prospectus.domain.wish import Placed
from prospectus.planning.result import PlanStatus

A, B, C = CourseCode("CS 600"), CourseCode("CS 610"), CourseCode("CS 620")
FALL = (dt.date(2026, 8, 20), dt.date(2026, 12, 10))
LIVE = LiveSession(weekday=0, start=dt.time(18), minutes=60, zone="America/Chicago", mandatory=True)


def two(**more: object) -> Resolved:
    """Return a degree of exactly CS 600 and CS 610."""
    return degree(leaf("core", [A, B], 2), assumptions=[HOURS_PER_CREDIT], **more)  # type: ignore[arg-type]


def one_of(*courses: Course, **more: object) -> Resolved:
    """Return a degree of one course among these."""
    return degree(leaf("core", "any", 1), courses=courses, **more)  # type: ignore[arg-type]


def periods(answer: Answer) -> list[str]:
    return sorted(answer.runs.values())


def first(level: Level) -> tuple[Level, ...]:
    return (level, Level.FINISH, Level.COST, Level.PEAK, Level.TOPICS)


def test_without_a_wish_both_are_taken_at_once() -> None:
    assert periods(plan_it(two())) == ["Fall 2026", "Fall 2026"]


def test_hours_a_week_spread_the_courses() -> None:
    assert periods(plan_it(two(), hours_per_week=10)) == ["Fall 2026", "Spring 2027"]


def test_hours_of_some_days_spread_the_courses() -> None:
    few = LimitByRange(days=DayRange(first=FALL[0], last=FALL[1]), limit=10)
    answer = plan_it(two(), hours_by_range=(few,))
    assert periods(answer) == ["Fall 2026", "Spring 2027"]


def test_courses_at_once_spread_the_courses() -> None:
    assert periods(plan_it(two(), courses_per_period=1)) == ["Fall 2026", "Spring 2027"]


def test_a_pause_puts_everything_off() -> None:
    answer = plan_it(two(), pauses=(DayRange(first=FALL[0], last=FALL[0]),))
    assert periods(answer) == ["Spring 2027", "Spring 2027"]


def test_a_deadline_before_the_first_end_leaves_no_plan() -> None:
    assert plan_it(two(), deadline=dt.date(2026, 12, 1)).result.status is PlanStatus.INFEASIBLE


def test_a_wanted_course_is_taken_and_an_unwanted_one_is_not() -> None:
    rules = one_of(course(A), course(B), course(C))
    assert set(plan_it(rules).runs) == {A}
    assert set(plan_it(rules, wanted=(B,)).runs) == {B}
    assert set(plan_it(rules, unwanted=(A,)).runs) == {B}


def test_an_unwanted_topic_keeps_its_courses_out() -> None:
    rules = one_of(course(A, topics=["law"]), course(B))
    assert set(plan_it(rules, unwanted_topics=("law",)).runs) == {B}


def test_a_course_is_put_into_a_period_or_kept_out_of_it() -> None:
    spring = (dt.date(2027, 1, 10), dt.date(2027, 5, 1))
    inside = Placed(course=A, first=spring[0], last=spring[1], where="Spring 2027")
    assert plan_it(two(), about=(inside,)).runs == {A: "Spring 2027", B: "Fall 2026"}
    outside = Placed(course=B, first=FALL[0], last=FALL[1], inside=False, where="Fall 2026")
    assert plan_it(two(), about=(outside,)).runs == {A: "Fall 2026", B: "Spring 2027"}


def test_a_course_that_runs_too_seldom_is_not_relied_on() -> None:
    seldom = offered(A, "Fall", kind=OfferingKind.LIKELY, share=Fraction(1, 2))
    rules = one_of(
        course(A), course(B), school={"offerings": (*seldom, *offered(B, "Fall", "Spring"))}
    )
    assert set(plan_it(rules, min_offering_share=Fraction(1, 4)).runs) == {A}
    assert set(plan_it(rules, min_offering_share=Fraction(3, 4)).runs) == {B}


def test_points_of_preference_choose_the_course() -> None:
    rules = one_of(course(A), course(B))
    liked = plan_it(rules, preferences=((B, 2),), levels=first(Level.PREFERENCE))
    assert set(liked.runs) == {B}
    disliked = plan_it(rules, preferences=((A, -2),), levels=first(Level.PREFERENCE))
    assert set(disliked.runs) == {B}


def test_a_pair_that_is_bad_together_is_parted() -> None:
    answer = plan_it(two(), toxic=((A, B, 1),), levels=first(Level.TOXIC))
    assert periods(answer) == ["Fall 2026", "Spring 2027"]


def test_free_hours_and_an_even_load_spread_the_courses() -> None:
    for level in (Level.SPARE, Level.PEAK):
        answer = plan_it(two(), hours_per_week=20, levels=first(level))
        assert periods(answer) == ["Fall 2026", "Spring 2027"], level


def test_an_even_load_may_take_the_longer_way() -> None:
    rules = degree(
        leaf("core", [A, B, C], 3),
        courses=[course(A, hours=10), *(course(x, hours=5) for x in (B, C))],
    )
    usual = plan_it(rules, hours_per_week=15, courses_per_period=2)
    assert len(set(usual.runs.values())) == 2
    level = first(Level.SPREAD)
    even = plan_it(rules, hours_per_week=15, courses_per_period=2, levels=level)
    assert even.runs[B] == even.runs[C] != even.runs[A]


def test_little_work_in_all_chooses_the_lighter_course() -> None:
    rules = one_of(course(A, hours=12), course(B, hours=5))
    heavy = plan_it(rules, levels=(Level.FINISH, Level.COST))
    assert set(heavy.runs) == {A}
    assert set(plan_it(rules, levels=first(Level.HOURS)).runs) == {B}


def test_few_live_sessions_choose_the_later_run() -> None:
    school = {"offerings": (*offered(A, "Fall", live=(LIVE,)), *offered(A, "Spring"))}
    rules = degree(leaf("core", A, 1), courses=[course(A)], school=school)
    assert plan_it(rules).runs == {A: "Fall 2026"}
    assert plan_it(rules, levels=first(Level.LIVE)).runs == {A: "Spring 2027"}


def test_courses_come_soon_after_what_they_build_on() -> None:
    rules = degree(
        leaf("core", [A, B, C], 3),
        courses=[course(A), asks(B, done(A)), course(C)],
        enrolment=[load("cap", "term", courses=(0, 1))],
    )
    terms = ["Fall 2026", "Spring 2027", "Summer 2027", "Fall 2027"]
    last = Placed(
        course=B, first=dt.date(2027, 5, 15), last=dt.date(2027, 8, 1), where="Summer 2027"
    )
    near = plan_it(rules, about=(last,), levels=first(Level.DISTANCE)).runs
    assert terms.index(near[B]) - terms.index(near[A]) == 1
    assert near[C] == "Fall 2026"


def test_a_trade_takes_the_later_end_where_an_hour_is_worth_more() -> None:
    levels = (Level.TRADE,)
    quick = plan_it(
        two(), trade=((Level.FINISH, 100), (Level.PEAK, 1)), levels=levels, hours_per_week=20
    )
    assert periods(quick) == ["Fall 2026", "Fall 2026"]
    light = plan_it(
        two(), trade=((Level.FINISH, 1), (Level.PEAK, 10_000)), levels=levels, hours_per_week=20
    )
    assert periods(light) == ["Fall 2026", "Spring 2027"]


def test_an_earlier_plan_is_changed_as_little_as_can_be() -> None:
    answer = plan_it(
        two(), previous=((A, "Spring 2027"), (B, "Fall 2026")), levels=first(Level.CHANGE)
    )
    assert answer.runs == {A: "Spring 2027", B: "Fall 2026"}
