"""What runs already cannot be helped: limits bind only the periods that a plan touches."""

from __future__ import annotations

import datetime as dt

from tests.builders import plan_it
from tests.degrees import course, degree, leaf, running

from prospectus.planning.result import PlanStatus

HEAVY, LIGHT = 20, 5
COURSES = [course("CS 600", hours=HEAVY), course("CS 610", hours=LIGHT)]


def test_a_running_term_over_the_limit_forbids_no_plan_after_it() -> None:
    rules = degree(leaf("core", ["CS 600", "CS 610"], 2), courses=COURSES)
    now = running("CS 600", "Fall 2026")
    after = dt.date(2027, 1, 1)
    answer = plan_it(rules, now, plan_from=after, hours_per_week=15, courses_per_period=1)
    assert answer.result.status is PlanStatus.OPTIMAL
    assert answer.runs == {"CS 610": "Spring 2027"}


def test_nothing_is_added_to_a_running_term_that_is_over_the_limit() -> None:
    rules = degree(leaf("core", ["CS 600", "CS 610"], 2), courses=COURSES)
    answer = plan_it(rules, running("CS 600", "Fall 2026"), hours_per_week=15)
    assert answer.runs == {"CS 610": "Spring 2027"}
