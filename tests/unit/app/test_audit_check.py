"""No audit is shown that the definition of the rules disagrees with."""

from __future__ import annotations

import pytest
from hand_made_audits import audited
from tests.degrees import at_least, at_most, degree, leaf, mean, milestone, planned, taken

from prospectus.domain.errors import InternalError
from prospectus.domain.expression import Compare, GradeIs
from prospectus.domain.plan import Standing
from prospectus.domain.requirement import Over

CORE = leaf("core", ["CS 600", "CS 610"], 1)
FREE = leaf("free", "any", credits="rest")
RULES = degree(CORE, FREE, total=6)


def test_an_audit_that_the_definition_agrees_with_stands() -> None:
    found = audited(
        RULES,
        [taken("CS 600")],
        {"core": "CS 600"},
        completion={"free": "MATH 500"},
        left=3,
    )
    assert found.verdict.degree is Standing.UNMET
    assert found.result.credits_left == 3


def test_a_use_in_a_leaf_that_does_not_take_it_is_our_fault() -> None:
    with pytest.raises(InternalError, match="INT-005") as caught:
        audited(RULES, [taken("MATH 500")], {"core": "MATH 500"}, left=None)
    assert "does not fit" in str(caught.value)


def test_a_standing_that_differs_is_our_fault() -> None:
    with pytest.raises(InternalError, match="core is MET by the audit and PLANNED by definition"):
        audited(
            RULES,
            [planned("CS 600")],
            {"core": "CS 600"},
            completion={"free": "MATH 500"},
            left=3,
            standings={"core": Standing.MET},
        )


def test_credits_that_are_not_those_of_the_completion_are_our_fault() -> None:
    with pytest.raises(InternalError, match="the audit leaves 6 credits, its completion 3 credits"):
        audited(RULES, [taken("CS 600")], {"core": "CS 600"}, completion={"free": "CS 700"}, left=6)


def test_a_completion_that_leaves_something_unmet_is_our_fault() -> None:
    with pytest.raises(InternalError, match="free is not met by the completion"):
        audited(RULES, [taken("CS 600")], {"core": "CS 600"}, left=0)


def test_a_least_that_the_completion_does_not_reach_is_our_fault() -> None:
    rules = degree(FREE, at_least("hard", "CS 600", credits=3), total=3)
    with pytest.raises(InternalError, match="hard is not reached by the completion"):
        audited(rules, [], completion={"free": "CS 700"}, left=3)


def test_a_mean_and_a_milestone_may_weaken_what_stands_above_them() -> None:
    rules = degree(CORE, mean(4), milestone("thesis"))
    found = audited(
        rules,
        [taken("CS 600", "B")],
        {"core": "CS 600"},
        standings={"degree": Standing.MET},
    )
    assert found.verdict.degree is Standing.UNMET


def test_so_may_a_most_over_what_was_attempted() -> None:
    rule = at_most(
        "one-c", GradeIs(compare=Compare.EQUAL, grade="C"), courses=0, over=Over.ATTEMPTED
    )
    found = audited(
        degree(CORE, rules=[rule]),
        [taken("CS 600", "C")],
        {"core": "CS 600"},
        standings={"degree": Standing.MET},
    )
    assert found.verdict.degree is Standing.UNMET


def test_nothing_but_a_mean_or_a_milestone_may_weaken_a_node() -> None:
    with pytest.raises(InternalError, match="degree is MET by the audit and PLANNED"):
        audited(
            degree(CORE),
            [planned("CS 600")],
            {"core": "CS 600"},
            standings={"degree": Standing.MET},
        )


def test_what_cannot_be_completed_needs_no_completion() -> None:
    found = audited(degree(leaf("core", "CS 999", 1)), [], left=None)
    assert found.result.credits_left is None
