"""What one more course would change, and how many ways stay open."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.degrees import TODAY, degree, leaf, record, taken

from prospectus.audit import audit
from prospectus.audit.explain import next_steps, ways_left

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


def test_a_step_that_is_cut_short_is_said_not_to_be_proven(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = record(taken("MATH 500"))
    result = audit(RULES, whole, TODAY)
    assert all(step.is_proven for step in next_steps(RULES, whole, TODAY, result))
    monkeypatch.setattr("prospectus.audit.steps.STEPS", 1)
    cut = next_steps(RULES, whole, TODAY, result)
    assert not all(step.is_proven for step in cut)


def test_the_next_course_is_judged_on_the_day_of_conferral_that_was_asked() -> None:
    whole = record(taken("MATH 500"), taken("CS 610", when="", ended=TODAY + dt.timedelta(90)))
    result = audit(RULES, whole, TODAY, conferral=TODAY)
    steps = next_steps(RULES, whole, TODAY, result)
    assert result.credits_left == 3
    # what ends after that day is not applied, so the other course of the core is still to take
    assert next(step for step in steps if step.course == "CS 600").credits_left == 0


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


def test_interchangeable_courses_are_not_counted_one_by_one() -> None:
    codes = [f"CS {number}" for number in (600, 610, 620)]
    rules = degree(leaf("core", codes, 1), leaf("rest", "any", credits="rest"), total=6)
    result = audit(rules, record(), TODAY)
    ways = ways_left(rules, record(), TODAY, result, steps=0, most=2)
    assert ways.count >= 2
