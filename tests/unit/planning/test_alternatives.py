"""Further plans: in order, so far apart, no worse than allowed."""

from __future__ import annotations

from tests.degrees import TODAY, degree, leaf, usd

from prospectus.domain.fees import Fee, FeePer
from prospectus.domain.record import Record
from prospectus.domain.student import Level, Student, Wishes
from prospectus.planning.alternatives import Alternatives, Changes
from prospectus.planning.result import PlanStatus

STUDENT = Student(
    matriculation=TODAY,
    plan_from=TODAY,
    wishes=Wishes(hours_per_week=None, hours_are_assumed=False),
)
FEES = (
    Fee(id="tuition", per=FeePer.COURSE, amount=usd(100)),
    Fee(id="lab", per=FeePer.COURSE, amount=usd(50), of=leaf("x", "CS 610", 1).from_),
)
RULES = degree(leaf("core", ["CS 600", "CS 610"], 1), school={"fees": FEES})


def plans_of(n_plans: int = 3, **more: object) -> tuple[Alternatives, list[tuple[str, str]]]:
    """Return what was asked, and course and period of each plan: no money for a second course."""
    more.setdefault("within", {Level.COST: 50_00})
    asked = Alternatives(
        RULES,
        STUDENT,
        Record(matriculation=TODAY),
        TODAY,
        n_plans=n_plans,
        **more,  # type: ignore[arg-type]
    )
    found = []
    for alternative in asked.plans():
        assert alternative.result.plan is not None
        (attempt,) = alternative.result.plan.attempts
        found.append((str(attempt.course), attempt.periods[0]))
    return asked, found


def test_the_best_plan_comes_first_then_the_next_best_ones() -> None:
    asked, found = plans_of(3)
    assert found[:2] == [("CS 600", "Fall 2026"), ("CS 610", "Fall 2026")]
    assert found[2][1] != "Fall 2026"
    assert asked.end is not None
    assert (asked.end.status, asked.end.are_all) == (PlanStatus.OPTIMAL, False)


def test_another_time_is_no_change_where_only_courses_count() -> None:
    asked, found = plans_of(3, changes=Changes.COURSES)
    assert [code for code, _ in found] == ["CS 600", "CS 610"]
    assert asked.end is not None
    assert (asked.end.status, asked.end.are_all) == (PlanStatus.OPTIMAL, True)


def test_a_course_for_another_is_two_changes() -> None:
    _, found = plans_of(2, apart=2)
    assert found == [("CS 600", "Fall 2026"), ("CS 610", "Fall 2026")]
    asked, found = plans_of(2, apart=3)
    assert found == [("CS 600", "Fall 2026")]
    assert asked.end is not None
    assert asked.end.are_all


def test_no_plan_is_worse_than_it_may_be() -> None:
    _, found = plans_of(9, within={Level.FINISH: 0, Level.COST: 50_00})
    assert found == [("CS 600", "Fall 2026"), ("CS 610", "Fall 2026")]
    _, found = plans_of(9, within={Level.FINISH: 0, Level.COST: 49_99})
    assert found == [("CS 600", "Fall 2026")]


def test_a_course_more_than_needed_makes_another_plan_where_money_is_no_matter() -> None:
    asked = Alternatives(RULES, STUDENT, Record(matriculation=TODAY), TODAY, n_plans=9)
    plans = [found.result.plan for found in asked.plans()]
    assert max(len(plan.attempts) for plan in plans if plan is not None) == 2
