"""The plan that holds if an approval is refused, beside the one if it is granted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from sample_school import program, school

from prospectus.app.plan_if_approved import if_granted
from prospectus.app.solving import DEFAULT_EFFORT, Solved, solve
from prospectus.app.wished_approvals import settled, supposing, waited_for
from prospectus.domain.course import Course, CourseCode
from prospectus.domain.expression import Approval
from prospectus.domain.meaning import resolve
from prospectus.domain.program import Resolved
from prospectus.domain.record import ApprovalState, Record
from prospectus.domain.student import Level, Person, Student, Wishes
from prospectus.domain.wish import IfApproved, Placed
from prospectus.planning.result import PlanStatus

TODAY = dt.date(2026, 8, 1)
TWO = CourseCode("AB 200")


def student(*states: tuple[str, ApprovalState], **wishes: object) -> Student:
    """A person who takes AB 200 only if the advisor agrees, one course at a time."""
    asked = IfApproved(course=TWO, who="advisor")
    wishes = {"hours_per_week": None, "courses_per_period": 1, "about": (asked,), **wishes}
    start = dt.date(2026, 8, 24)
    return settled(
        Student(
            matriculation=start,
            plan_from=start,
            record=Record(matriculation=start, approvals=states),
            person=Person(facts=(("residence", "in-state"),)),
            wishes=Wishes(**wishes),  # type: ignore[arg-type]
        )
    )


def resolved_for(who: Student) -> Resolved:
    (rules,) = resolve(program(), school(), who.person, ())
    return rules


def needing_the_dean(courses: Mapping[CourseCode, Course]) -> dict[CourseCode, Course]:
    """Return the courses, AB 200 with the dean's approval as its prerequisite."""
    return {**courses, TWO: replace(courses[TWO], requisite=Approval(who="dean"))}


def solved(who: Student) -> Solved:
    return solve(resolved_for(who), who, TODAY, DEFAULT_EFFORT)


def codes(found: Solved) -> set[str]:
    return {str(attempt.course) for attempt in found.record.attempts}


def test_a_wanted_course_is_wanted_only_where_its_approval_is_granted() -> None:
    waiting = student(wanted=(TWO,))
    assert waiting.wishes.wanted == ()
    granted = supposing(waiting, "advisor", ApprovalState.GRANTED)
    assert granted.wishes.wanted == (TWO,)
    assert supposing(granted, "advisor", ApprovalState.REFUSED).wishes.wanted == ()


def test_only_approvals_that_may_still_come_are_waited_for() -> None:
    assert waited_for(student()) == ("advisor",)
    assert waited_for(student(("advisor", ApprovalState.REQUESTED))) == ("advisor",)
    assert waited_for(student(("advisor", ApprovalState.REFUSED))) == ()
    assert waited_for(student(("advisor", ApprovalState.GRANTED))) == ()


def test_an_approval_that_is_asked_for_without_a_course_is_waited_for_too() -> None:
    asked = student(("advisor", ApprovalState.REFUSED), ("dean", ApprovalState.REQUESTED))
    assert waited_for(asked) == ("dean",)
    assert waited_for(student(("dean", ApprovalState.OPEN))) == ("advisor",)


def test_an_approval_that_a_rule_asks_for_is_shown_with_what_it_opens() -> None:
    likes = {"preferences": ((TWO, 3),), "levels": (Level.FINISH, Level.PREFERENCE), "about": ()}
    who = student(("dean", ApprovalState.REQUESTED), **likes)
    locked = replace(resolved_for(who), courses=needing_the_dean(resolved_for(who).courses))
    base = solve(locked, who, TODAY, DEFAULT_EFFORT)
    assert codes(base) == {"AB 100", "AB 300"}
    (found,) = if_granted(base, who, TODAY, DEFAULT_EFFORT)
    assert (found.who, found.courses, found.is_same) == ("dean", (), False)
    levels = {line.level: (line.refused, line.granted) for line in found.levels}
    assert levels["preference"] == ("3 points given up", "0 points given up")


def test_both_plans_are_told_with_what_they_share() -> None:
    first = dt.date(2026, 8, 24)
    begun = Placed(course=CourseCode("AB 100"), first=first, last=first)
    who = student(wanted=(TWO,), about=(IfApproved(course=TWO, who="advisor"), begun))
    base = solved(who)
    assert codes(base) == {"AB 100", "AB 300"}
    (found,) = if_granted(base, who, TODAY, DEFAULT_EFFORT)
    assert found.courses == ("AB 200",)
    assert (found.refused, found.granted) == (PlanStatus.OPTIMAL, PlanStatus.OPTIMAL)
    assert {code for _, starts in found.periods for code in starts} == {"AB 100", "AB 200"}
    assert found.agree_until == "Fall 2026"
    assert not found.is_same
    levels = {line.level: (line.refused, line.granted) for line in found.levels}
    assert levels["cost"] == ("USD 600", "USD 600")
    assert "order" not in levels


def test_an_approval_that_changes_nothing_is_told_so() -> None:
    who = student(unwanted=(TWO,))
    (found,) = if_granted(solved(who), who, TODAY, DEFAULT_EFFORT)
    assert found.is_same


def test_where_no_plan_holds_if_refused_only_the_other_is_told() -> None:
    who = student(unwanted=(CourseCode("AB 300"),))
    base = solved(who)
    assert base.result.status is PlanStatus.INFEASIBLE
    (found,) = if_granted(base, who, TODAY, DEFAULT_EFFORT)
    assert found.granted is PlanStatus.OPTIMAL
    assert found.agree_until is None
    assert {line.refused for line in found.levels} == {"no plan"}


def test_a_granted_approval_needs_no_second_plan() -> None:
    who = student(("advisor", ApprovalState.GRANTED), wanted=(TWO,))
    base = solved(who)
    assert codes(base) == {"AB 100", "AB 200"}
    assert if_granted(base, who, TODAY, DEFAULT_EFFORT) == ()
