"""A plan asked for again with a course pinned: what was proven is not proven anew."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from tests.degrees import START, TODAY, course, degree, leaf, load, usd

from prospectus.domain.course import CourseCode
from prospectus.domain.fees import Fee, FeePer
from prospectus.domain.program import Resolved
from prospectus.domain.record import Record
from prospectus.domain.student import Level, Student, Wishes
from prospectus.domain.wish import Placed
from prospectus.planning import again
from prospectus.planning.again import plan_again
from prospectus.planning.proven import Earlier
from prospectus.planning.result import PlanResult, PlanStatus
from prospectus.planning.solve import plan

RECORD = Record(matriculation=START)


def rules() -> Resolved:
    courses = [course(code, hours=9) for code in ("AA 500", "AA 501", "AA 502")]
    return degree(leaf("core", [str(one.code) for one in courses], 2), courses=courses)


def student(**wishes: object) -> Student:
    asked = Wishes(hours_per_week=10, **wishes)  # type: ignore[arg-type]
    return Student(matriculation=START, plan_from=START, wishes=asked)


def pin(result: PlanResult, resolved: Resolved, *, later: int) -> Placed:
    """Return the wish for the plan's first course so many periods later than it is."""
    assert result.plan is not None
    first = min(result.plan.attempts, key=lambda one: resolved.calendar.leaves_of(one.periods[0]))
    leaves = resolved.calendar.leaves
    day = leaves[resolved.calendar.leaves_of(first.periods[0])[0] + later].start
    return Placed(course=first.course, first=day, last=day)


def earlier_in(monkeypatch: pytest.MonkeyPatch) -> list[Earlier | None]:
    """Return a list that fills with what each search is told of the answer before."""
    told: list[Earlier | None] = []

    def asked(*args: object, earlier: Earlier | None, **more: object) -> PlanResult:
        told.append(earlier)
        return plan(*args, earlier=earlier, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(again, "plan", asked)
    return told


def test_a_plan_that_keeps_the_pins_is_the_answer_without_a_search(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told, resolved, me = earlier_in(monkeypatch), rules(), student()
    before = plan(resolved, me, RECORD, TODAY)
    pinned = student(about=(pin(before, resolved, later=0),))
    assert plan_again(resolved, pinned, RECORD, TODAY, before=before, asked=me) == before
    assert not told


def test_where_there_was_no_plan_there_is_none_with_pins(monkeypatch: pytest.MonkeyPatch) -> None:
    told, resolved = earlier_in(monkeypatch), rules()
    me = student(deadline=START + dt.timedelta(days=30))
    before = plan(resolved, me, RECORD, TODAY)
    assert before.status is PlanStatus.INFEASIBLE
    day = dt.date(2027, 1, 10)
    place = Placed(course=CourseCode("AA 500"), first=day, last=day)
    pinned = replace(me, wishes=replace(me.wishes, about=(place,)))
    assert plan_again(resolved, pinned, RECORD, TODAY, before=before, asked=me) == before
    assert not told


def test_a_moved_course_is_searched_from_what_was_proven(monkeypatch: pytest.MonkeyPatch) -> None:
    told, resolved, me = earlier_in(monkeypatch), rules(), student()
    before = plan(resolved, me, RECORD, TODAY)
    moved = student(about=(pin(before, resolved, later=1),))
    found = plan_again(resolved, moved, RECORD, TODAY, before=before, asked=me)
    (earlier,) = told
    assert earlier is not None
    assert "finish" in earlier.floors
    cold = plan(resolved, moved, RECORD, TODAY)
    assert found.levels == cold.levels
    assert all(level.is_proven for level in found.levels)


@pytest.mark.parametrize("other", [{"courses_per_period": 1}, {"hours_are_assumed": False}])
def test_anything_else_that_differs_is_asked_for_the_first_time(
    other: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    told, resolved, me = earlier_in(monkeypatch), rules(), student()
    before = plan(resolved, me, RECORD, TODAY)
    changed = student(about=(pin(before, resolved, later=0),), **other)
    plan_again(resolved, changed, RECORD, TODAY, before=before, asked=me)
    assert told == [None]


def test_a_pin_that_may_be_missed_proves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    told, resolved, me = earlier_in(monkeypatch), rules(), student()
    before = plan(resolved, me, RECORD, TODAY)
    goal = student(about=(pin(before, resolved, later=1),), goals=frozenset({"place"}))
    plan_again(resolved, goal, RECORD, TODAY, before=before, asked=me)
    assert told == [None]


def test_a_place_that_makes_the_plan_dearer_is_proven_to_do_so() -> None:
    cheap = Fee(id="cheap", per=FeePer.TERM, amount=usd(100), seasons=frozenset({"Summer"}))
    dear = Fee(id="dear", per=FeePer.TERM, amount=usd(300), seasons=frozenset({"Spring", "Fall"}))
    courses = [course(f"AA 50{n}") for n in range(4)]
    resolved = degree(
        leaf("core", [str(one.code) for one in courses], 3),
        courses=courses,
        school={"fees": (cheap, dear)},
        enrolment=[load("alone", "term", courses=(0, 1))],
    )
    me = student(levels=(Level.COST, Level.FINISH))
    before = plan(resolved, me, RECORD, TODAY)
    day = dt.date(2026, 8, 20)
    place = Placed(course=CourseCode("AA 500"), first=day, last=dt.date(2026, 12, 31))
    pinned = student(levels=(Level.COST, Level.FINISH), about=(place,))
    found = plan_again(resolved, pinned, RECORD, TODAY, before=before, asked=me)
    assert (before.levels[0].value, found.levels[0].value) == (30_000, 50_000)
    assert all(level.is_proven for level in found.levels if level.value is not None)
    assert found.levels == plan(resolved, pinned, RECORD, TODAY).levels
