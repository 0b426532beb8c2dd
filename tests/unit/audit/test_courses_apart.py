"""What a completion proposes is held against itself: one course twice, and exclusions."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from tests.degrees import TODAY, course, degree, done, failed, header, leaf, record, taken

from prospectus.audit import AuditResult, audit
from prospectus.audit.explain import next_steps, ways_left
from prospectus.domain.course import CourseCode
from prospectus.domain.expression import And, CreditsOf, Expression, Or
from prospectus.domain.meaning import judge
from prospectus.domain.plan import Completion, Witness
from prospectus.domain.program import Resolved
from prospectus.domain.record import Record
from prospectus.domain.requirement import Item, NodeId
from prospectus.domain.rule import Exclude, RecordRules, Repeats, WhichAttempt

COURSES = [course(f"CS {number}") for number in (600, 610, 620, 630)]
BOTH = Witness(
    completion=(
        Completion(course=CourseCode("CS 600"), leaf=NodeId("first")),
        Completion(course=CourseCode("CS 610"), leaf=NodeId("second")),
    )
)


def two_leaves(first: str | list[str] = "CS 600", second: str | list[str] = "CS 610") -> list[Item]:
    return [leaf("first", first, 1), leaf("second", second, 1)]


def listed(*nodes: Item) -> Resolved:
    rules = degree(*nodes, courses=COURSES)
    pair = (CourseCode("CS 600"), CourseCode("CS 610"))
    return replace(rules, school=replace(rules.school, cross_listed=(pair,)))


def excluding(condition: Expression, *nodes: Item) -> Resolved:
    rule = Exclude(header=header("apart"), course="CS 600", condition=condition)
    return degree(*nodes, courses=COURSES, rules=[rule])


def audited(rules: Resolved, whole: Record) -> AuditResult:
    """Return the audit, which the definition has to find valid."""
    result = audit(rules, whole, TODAY)
    assert judge(rules, whole, result.witness, TODAY).is_valid
    assert result.is_proven
    return result


@pytest.mark.parametrize("rules", [listed(*two_leaves()), excluding(done("CS 610"), *two_leaves())])
def test_two_leaves_are_not_completed_by_courses_that_do_not_go_together(rules: Resolved) -> None:
    assert not judge(rules, record(), BOTH, TODAY).is_valid
    assert audited(rules, record()).credits_left is None
    for code in ("CS 600", "CS 610"):
        assert audited(rules, record(taken(code))).credits_left is None


@pytest.mark.parametrize("condition", [done("CS 610"), Or(items=(done("CS 610"), done("CS 630")))])
def test_another_course_is_bought_where_there_is_one(condition: Expression) -> None:
    nodes = two_leaves(second=["CS 610", "CS 620"])
    for rules in (listed(*nodes), excluding(condition, *nodes)):
        result = audited(rules, record())
        assert result.credits_left == Fraction(6)
        assert {one.course for one in result.witness.completion} == {"CS 600", "CS 620"}


def test_an_exclusion_by_two_courses_lets_one_of_them_be_bought() -> None:
    both = And(items=(done("CS 610"), done("CS 620")))
    nodes = [*two_leaves(), leaf("third", ["CS 620", "CS 630"], 1)]
    rules = excluding(both, *nodes)
    result = audited(rules, record())
    assert {one.course for one in result.witness.completion} == {"CS 600", "CS 610", "CS 630"}
    after = audited(rules, record(taken("CS 620")))
    assert after.credits_left is None


def test_an_exclusion_by_credits_is_held_against_what_is_bought() -> None:
    nodes = [leaf("all", ["CS 600", "CS 610", "CS 620", "CS 630"], 3)]
    found = audited(excluding(CreditsOf(credits=Fraction(6)), *nodes), record())
    assert {one.course for one in found.witness.completion} == {"CS 610", "CS 620", "CS 630"}


def test_ways_left_do_not_count_sets_that_do_not_go_together() -> None:
    nodes = [leaf("two", ["CS 600", "CS 610", "CS 620"], 2)]
    for rules in (listed(*nodes), excluding(done("CS 610"), *nodes)):
        result = audited(rules, record())
        ways = ways_left(rules, record(), TODAY, result)
        assert (ways.count, ways.is_exact) == (2, True)


@pytest.mark.parametrize("is_listed", [True, False])
def test_what_is_left_after_one_more_course_knows_what_it_bars(is_listed: bool) -> None:
    nodes = two_leaves(second=["CS 610", "CS 620"])
    rules = listed(*nodes) if is_listed else excluding(done("CS 610"), *nodes)
    result = audited(rules, record())
    steps = {one.course: one for one in next_steps(rules, record(), TODAY, result)}
    assert steps[CourseCode("CS 600")].credits_left == Fraction(3)
    # cross-listed it is the course that the first leaf names; excluding, it bars that course
    assert (CourseCode("CS 610") in steps) == is_listed


@pytest.mark.parametrize(("most", "left"), [(0, None), (1, None), (2, 6), (3, 6)])
def test_no_more_is_bought_again_than_the_whole_record_may_repeat(
    most: int, left: int | None
) -> None:
    limit = RecordRules(repeats=Repeats(use=WhichAttempt.NEWEST, at_most_in_all=most))
    rules = degree(*two_leaves(), courses=COURSES, record_rules=limit)
    tried = record(failed("CS 600"), failed("CS 610"))
    assert audited(rules, tried).credits_left == left
    assert judge(rules, tried, BOTH, TODAY).is_valid is (left is not None)
    assert audited(rules, record(failed("CS 600"))).credits_left == (6 if most else None)


def test_what_was_never_tried_is_bought_in_the_place_of_a_repeat_too_many() -> None:
    limit = RecordRules(repeats=Repeats(use=WhichAttempt.NEWEST, at_most_in_all=1))
    codes = ["CS 600", "CS 610", "CS 620", "CS 630"]
    rules = degree(leaf("all", codes, 3), courses=COURSES, record_rules=limit)
    found = audited(rules, record(failed("CS 600"), failed("CS 610"), failed("CS 620")))
    assert found.credits_left is None
    found = audited(rules, record(failed("CS 600"), failed("CS 610")))
    assert found.credits_left == 9
    assert len({one.course for one in found.witness.completion} & {"CS 600", "CS 610"}) == 1
