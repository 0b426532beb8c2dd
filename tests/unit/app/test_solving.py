"""Each plan is held to the definition of the rules before anyone sees it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction

import pytest
from sample_answers import CERTIFICATE
from sample_school import program, school

from prospectus.app.options import on_track
from prospectus.app.rows import condensed, sensitivity
from prospectus.app.solving import Effort, Solved, recheck
from prospectus.domain.course import CourseCode
from prospectus.domain.errors import InternalError
from prospectus.domain.fees import Fee, FeePer
from prospectus.domain.meaning import resolve
from prospectus.domain.plan import Placement, Plan, Witness
from prospectus.domain.program import Resolved
from prospectus.domain.record import Attempt, AttemptStatus, Record
from prospectus.domain.requirement import NodeId
from prospectus.domain.student import Person, Student, Wishes
from prospectus.planning.result import Conflict, LevelResult, PlanResult, PlanStatus

TODAY = dt.date(2026, 8, 1)
FINISH = dt.date(2026, 12, 17)


def student(**wishes: object) -> Student:
    """A person who begins in Fall 2026 on track two."""
    made = Student(
        matriculation=dt.date(2026, 8, 24),
        plan_from=dt.date(2026, 8, 24),
        record=Record(matriculation=dt.date(2026, 8, 24)),
        person=Person(facts=(("residence", "in-state"),)),
        wishes=Wishes(hours_per_week=None, **wishes),  # type: ignore[arg-type]
    )
    return on_track(made, program(), "two")


def resolved() -> Resolved:
    """The sample programme for that person."""
    (only,) = resolve(program(), school(), student().person, ())
    return only


def attempt(code: str, period: str = "Fall 2026") -> Attempt:
    """A planned course."""
    return Attempt(
        id=f"plan-{code}",
        course=CourseCode(code),
        credits=Fraction(3),
        status=AttemptStatus.PLANNED,
        periods=(period,),
    )


def plan(second: str = "AB 200") -> Plan:
    """AB 100 and another course, both in Fall 2026."""
    leaf = {"AB 200": "two", "AB 300": "three"}[second]
    return Plan(
        attempts=(attempt("AB 100"), attempt(second)),
        witness=Witness(
            placements=(
                Placement(attempt="plan-AB 100", leaf=NodeId("base")),
                Placement(attempt=f"plan-{second}", leaf=NodeId(leaf)),
            ),
            choices=((NodeId("track"), (NodeId(leaf),)),),
            conferral=FINISH,
        ),
    )


def result(found: Plan | None, *levels: tuple[str, int], **changes: object) -> PlanResult:
    """What a planner would hand back."""
    made = PlanResult(
        status=PlanStatus.OPTIMAL if found else PlanStatus.INFEASIBLE,
        plan=found,
        levels=tuple(
            LevelResult(level=name, value=Fraction(value), bound=Fraction(value))
            for name, value in levels
        ),
        conflict=(),
        conflict_is_minimal=True,
        certificate=CERTIFICATE,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def test_a_plan_that_holds_is_shown_with_verdict_and_appraisal():
    levels = (("finish", FINISH.toordinal()), ("cost", 60_000), ("credits", 6))
    solved = recheck(resolved(), student(), result(plan(), *levels), plan(), TODAY)
    assert solved.verdict is not None
    assert solved.verdict.is_legal
    assert solved.appraisal is not None
    assert solved.appraisal.finish == FINISH
    assert solved.appraisal.cost is not None
    assert solved.appraisal.cost.minor == 60_000


def test_a_plan_whose_value_is_not_what_it_says_is_our_fault():
    wrong = result(plan(), ("cost", 59_999))
    with pytest.raises(InternalError) as caught:
        recheck(resolved(), student(), wrong, plan(), TODAY)
    assert caught.value.faults[0].code == "INT-001"
    assert "cost is 59999 by the planner and 60000 by appraisal" in str(caught.value)


def test_a_plan_that_breaks_a_wish_is_our_fault():
    asked = student(unwanted=(CourseCode("AB 200"),))
    with pytest.raises(InternalError, match="INT-001"):
        recheck(resolved(), asked, result(plan()), plan(), TODAY)


def test_a_plan_that_does_not_meet_the_degree_is_our_fault():
    half = replace(plan(), attempts=plan().attempts[:1])
    with pytest.raises(InternalError, match="INT-001"):
        recheck(resolved(), student(), result(half), half, TODAY)


def test_a_plan_in_a_period_without_an_offering_is_our_fault():
    moved = replace(plan(), attempts=(attempt("AB 100"), attempt("AB 200", "Fall 1999")))
    with pytest.raises(InternalError, match="INT-001"):
        recheck(resolved(), student(), result(moved), moved, TODAY)


def test_a_cost_that_no_source_gives_is_nothing_to_differ_on():
    unknown = result(plan(), levels=(LevelResult(level="cost", value=None, bound=None),))
    unpriced = replace(resolved(), fees=(Fee(id="tuition", per=FeePer.CREDIT),))
    solved = recheck(unpriced, student(), unknown, plan(), TODAY)
    assert solved.appraisal is not None
    assert solved.appraisal.cost is None


def no_plan(*wishes: str) -> Solved:
    """An answer without a plan, for these wishes and a rule."""
    conflict = [Conflict(id=name, text=name, is_wish=True) for name in wishes]
    conflict.append(Conflict(id="total", text="the total", is_wish=False))
    found = result(None, conflict=tuple(conflict))
    return Solved(resolved=resolved(), student=student(), record=Record(), result=found)


def test_more_hours_are_tried_only_where_hours_alone_are_to_blame(
    monkeypatch: pytest.MonkeyPatch,
):
    asked: list[Solved] = []

    def more(solved: Solved, today: dt.date, effort: Effort) -> tuple[int, dt.date]:
        asked.append(solved)
        return 18, FINISH

    monkeypatch.setattr("prospectus.app.rows.least_hours", more)
    assert sensitivity(no_plan("hours", "budget"), TODAY, Effort()) is None
    assert asked == []
    found = sensitivity(no_plan("hours"), TODAY, Effort())
    assert found is not None
    assert (found.hours_per_week, found.finish) == (18, FINISH)


def test_budgets_of_many_years_are_one_line():
    texts = ["at most USD 5 due in 2027", "at most USD 5 due in 2028", "done by 2030, or so"]
    assert condensed(texts) == ("at most USD 5 due in 2027 to 2028", "done by 2030, or so")
    assert condensed(texts[:1]) == ("at most USD 5 due in 2027",)
