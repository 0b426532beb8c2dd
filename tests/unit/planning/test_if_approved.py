"""A course that is taken only where an approval is granted."""

from __future__ import annotations

from tests.builders import plan_it
from tests.degrees import degree, leaf

from prospectus.domain.course import CourseCode
from prospectus.domain.wish import IfApproved, Placed
from prospectus.planning.result import PlanStatus

A = CourseCode("CS 600")
RULES = degree(leaf("core", ["CS 600", "CS 610"], 1))


def test_without_the_approval_another_course_is_planned() -> None:
    assert set(plan_it(RULES).runs) == {"CS 600"}
    waiting = IfApproved(course=A, who="advisor")
    assert set(plan_it(RULES, about=(waiting,)).runs) == {"CS 610"}


def test_with_the_approval_the_course_may_be_planned() -> None:
    granted = IfApproved(course=A, who="advisor", is_granted=True)
    assert set(plan_it(RULES, about=(granted,)).runs) == {"CS 600"}


def test_what_the_approval_forbids_is_named_in_a_conflict() -> None:
    only = degree(leaf("core", "CS 600", 1))
    answer = plan_it(only, about=(IfApproved(course=A, who="advisor"),))
    assert answer.result.status is PlanStatus.INFEASIBLE
    assert "approval CS 600" in answer.conflict


def test_it_is_never_missed_as_a_goal() -> None:
    only = degree(leaf("core", "CS 600", 1))
    place = Placed(course=A, first=only.calendar.leaves[0].start, last=only.calendar.leaves[-1].end)
    answer = plan_it(
        only, about=(IfApproved(course=A, who="advisor"), place), goals=frozenset({"place"})
    )
    assert answer.result.status is PlanStatus.INFEASIBLE
