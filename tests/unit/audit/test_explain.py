"""What a course, a grade or a forced place would change, and how many ways stay open."""

from __future__ import annotations

import pytest
from tests.degrees import TODAY, degree, leaf, record, taken

from prospectus.audit import audit
from prospectus.audit.explain import forced_in, next_steps, ways_left, with_grade
from prospectus.domain.errors import StudentError
from prospectus.domain.requirement import NodeId

RULES = degree(
    leaf("core", ["CS 600", "CS 610"], 1, min_grade="B"),
    leaf("start", ["CS 610", "CS 620"], 1, pool="view"),
    leaf("rest", "any", credits="rest"),
    total=6,
    pools={"view": False},
)


def test_the_course_that_completes_most_comes_first() -> None:
    whole = record(taken("MATH 500"))
    steps = next_steps(RULES, whole, TODAY, audit(RULES, whole, TODAY))
    assert steps[0].course == "CS 610"
    assert steps[0].credits_left == 0
    assert set(steps[0].completes) >= {"core", "start"}
    assert next(s for s in steps if s.course == "CS 620").credits_left == 3


def test_a_better_grade_says_what_it_would_have_met() -> None:
    whole = record(taken("CS 610", "C"), taken("MATH 500"))
    result = audit(RULES, whole, TODAY)
    assert result.credits_left == 3
    change = with_grade(RULES, whole, TODAY, "CS 610", "B", result)
    assert (change.before, change.credits_left) == (3, 0)
    assert "core" in change.gained
    with pytest.raises(StudentError, match="AUD-004"):
        with_grade(RULES, whole, TODAY, "CS 610", "Z", result)
    with pytest.raises(StudentError, match="AUD-004"):
        with_grade(RULES, whole, TODAY, "CS 999", "B", result)


def test_an_unused_course_forced_in_says_what_gives_way() -> None:
    rules = degree(leaf("core", ["CS 600", "CS 610"], 1), leaf("maths", "MATH 500", 1))
    whole = record(taken("CS 600"), taken("CS 610"))
    result = audit(rules, whole, TODAY)
    forced = forced_in(rules, whole, TODAY, "CS 610", NodeId("core"), result)
    assert forced.credits_left == 3
    assert forced.gives_way == ("CS 600",)
    nowhere = forced_in(rules, whole, TODAY, "CS 610", NodeId("maths"), result)
    assert nowhere.credits_left is None


def test_ways_left_counts_sets_of_courses_once() -> None:
    rules = degree(
        leaf("core", ["CS 600", "CS 610", "CS 620"], 2),
        leaf("maths", ["MATH 500", "MATH 510"], 1),
    )
    result = audit(rules, record(), TODAY)
    ways = ways_left(rules, record(), TODAY, result)
    assert (ways.count, ways.is_exact) == (6, True)
    few = ways_left(rules, record(), TODAY, result, most=2)
    assert few.count >= 2
    assert not few.is_exact
    done = record(taken("CS 600"), taken("CS 610"), taken("MATH 500"))
    assert ways_left(rules, done, TODAY, audit(rules, done, TODAY)).count == 1
