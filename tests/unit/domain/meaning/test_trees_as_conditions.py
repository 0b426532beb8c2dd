"""LANGUAGE 5: a tree used as a condition allocates in a pool of its own."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from tests.asking import LATER, allows, ask, rules_of
from tests.degrees import (
    all_,
    any_,
    at_least,
    done,
    judge_it,
    leaf,
    mean,
    milestone,
    noted,
    of,
    planned,
    taken,
    waived,
)

from prospectus.domain.expression import (
    CreditsOf,
    NodeDone,
)
from prospectus.domain.plan import Standing
from prospectus.domain.record import (
    AttemptStatus,
    MilestoneResult,
)
from prospectus.domain.requirement import NodeId, Over
from prospectus.domain.rule import RecordRules, Repeats, WhichAttempt

# -------------------------------------------------------------- a tree as a condition

FOUND = leaf("found", ["CS 600", "CS 610", "CS 620"], 2, pool="view", min_grade="B")


def test_a_node_is_done_by_what_is_finished_then() -> None:
    rule = NodeDone(node="found")
    assert allows(rule, taken("CS 600"), planned("CS 610", "Fall 2026"), nodes=[FOUND])
    assert not allows(rule, taken("CS 600"), planned("CS 610", "Spring 2027"), nodes=[FOUND])
    assert not allows(rule, taken("CS 600"), taken("CS 610", "C"), nodes=[FOUND])


def test_a_node_as_a_condition_allocates_in_a_pool_of_its_own() -> None:
    """The courses serve another leaf of the same pool all the same."""
    core = leaf("core", ["CS 600", "CS 610"], 2)
    node = leaf("found", ["CS 600", "CS 610"], 2)
    rules = rules_of(NodeDone(node="found"), core, node)
    attempts = [taken("CS 600"), taken("CS 610"), LATER]
    found = judge_it(rules, attempts, {"core": ["CS 600", "CS 610"], "last": "CS 700"})
    assert not found.breaches
    assert found.standing("found") is Standing.UNMET


def test_leaves_of_a_tree_used_as_a_condition_compete_with_each_other() -> None:
    block = all_("block", leaf("x", ["CS 600", "CS 610"], 1), leaf("y", ["CS 600"], 1), pool="v")
    rule = NodeDone(node="block")
    assert not allows(rule, taken("CS 600"), nodes=[block])
    assert allows(rule, taken("CS 600"), taken("CS 610"), nodes=[block])


def test_branches_of_a_tree_used_as_a_condition_compete_too() -> None:
    block = all_(
        "block", all_("l", leaf("x", ["CS 600"], 1)), all_("r", leaf("y", ["CS 600"], 1)), pool="v"
    )
    assert not allows(NodeDone(node="block"), taken("CS 600"), nodes=[block])


def test_leaves_in_credits_do_not_use_a_course_twice_either() -> None:
    block = all_("block", leaf("x", "any", credits=3), leaf("y", "any", credits=3), pool="v")
    rule = NodeDone(node="block")
    assert not allows(rule, taken("CS 600"), nodes=[block])
    assert allows(rule, taken("CS 600"), taken("CS 610"), nodes=[block])


def test_a_witness_may_show_an_allocation_and_a_false_one_shows_nothing() -> None:
    block = all_("block", leaf("x", "any", credits=3), leaf("y", ["CS 600"], credits=3), pool="v")
    rule = NodeDone(node="block")
    have = [taken("CS 600"), taken("CS 610")]
    good = {"block": {"x": "CS 610", "y": "CS 600"}}
    assert allows(rule, *have, nodes=[block], allocated=good)
    twice = {"block": {"x": "CS 600", "y": "CS 600"}}
    assert not allows(rule, have[0], nodes=[block], allocated=twice)


def test_an_any_a_total_and_minima_hold_inside_a_condition() -> None:
    either = any_("either", leaf("x", "CS 600", 1), leaf("y", "CS 610", 1), pool="v")
    assert allows(NodeDone(node="either"), taken("CS 610"), nodes=[either])
    assert not allows(NodeDone(node="either"), taken("CS 620"), nodes=[either])
    block = all_("block", leaf("z", "CS 600", 1), leaf("free", credits="rest"), total=6, pool="v")
    assert not allows(NodeDone(node="block"), taken("CS 600"), nodes=[block])
    assert allows(NodeDone(node="block"), taken("CS 600"), taken("CS 610"), nodes=[block])
    minimum = leaf("m", "any", 2, with_=[at_least("one", "CS 600", courses=1)], pool="v")
    assert not allows(NodeDone(node="m"), taken("CS 610"), taken("CS 620"), nodes=[minimum])
    assert allows(NodeDone(node="m"), taken("CS 610"), taken("CS 600"), nodes=[minimum])


def test_areas_hold_inside_a_condition() -> None:
    node = leaf(
        "b", "any", 2, areas={"x": ["CS 600", "CS 610"], "y": ["CS 610"]}, shape=(1, 1), pool="v"
    )
    assert allows(NodeDone(node="b"), taken("CS 600"), taken("CS 610"), nodes=[node])
    assert not allows(NodeDone(node="b"), taken("CS 600"), taken("CS 620"), nodes=[node])


def test_a_mean_holds_inside_a_condition() -> None:
    path = all_("path", leaf("three", "any", 2), mean(3, over=Over.APPLIED), pool="v")
    rule = NodeDone(node="path")
    assert allows(rule, taken("CS 600", "A"), taken("CS 610", "C"), nodes=[path])
    assert not allows(rule, taken("CS 600", "B"), taken("CS 610", "C"), nodes=[path])


def test_a_waived_course_counts_in_a_node_used_as_a_condition() -> None:
    assert allows(NodeDone(node="found"), waived("CS 600"), taken("CS 610"), nodes=[FOUND])


def test_once_met_a_node_stays_met_though_a_repeat_takes_the_use_away() -> None:
    newest = RecordRules(repeats=Repeats(use=WhichAttempt.NEWEST))
    have = [
        taken("CS 600", "A", "Fall 2024", id="first"),
        taken("CS 610", "A", "Fall 2024"),
        taken("CS 600", "C", "Fall 2025", id="again"),
    ]
    assert allows(NodeDone(node="found"), *have, nodes=[FOUND], record_rules=newest)


def test_a_repeat_yet_to_come_takes_nothing_from_an_earlier_moment() -> None:
    """The record is cut at the moment: CS 600 counts in Spring 2027 though it is repeated later."""
    newest = RecordRules(repeats=Repeats(use=WhichAttempt.NEWEST))
    again = planned("CS 600", "Summer 2027", id="again")
    three = CreditsOf(credits=Fraction(3), of=of("CS 600"))
    assert allows(three, taken("CS 600", "C"), again, record_rules=newest)


def test_a_milestone_as_a_condition_is_done_when_passed_and_open_until_then() -> None:
    exam = milestone("exam", needs=done("CS 600"))
    passed = MilestoneResult(
        milestone=NodeId("exam"), status=AttemptStatus.PASSED, on=dt.date(2026, 12, 1)
    )
    rule = NodeDone(node="exam")
    assert allows(rule, nodes=[exam], milestones=(passed,))
    late = MilestoneResult(
        milestone=NodeId("exam"), status=AttemptStatus.PASSED, on=dt.date(2027, 2, 1)
    )
    assert not allows(rule, nodes=[exam], milestones=(late,))
    assert not allows(rule, nodes=[exam])
    possible = ask(rule, taken("CS 600"), nodes=[exam])
    assert not possible.breaches
    assert noted(possible) == {"requisite CS 700"}
