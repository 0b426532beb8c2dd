"""LANGUAGE 8, Verdict and witness: what is valid, how nodes stand, what is not known."""

from __future__ import annotations

import pytest
from tests.degrees import (
    CATALOGUE,
    all_,
    course,
    degree,
    faulted,
    has,
    header,
    judge_it,
    leaf,
    milestone,
    of,
    planned,
    running,
    taken,
)

from prospectus.domain.course import RepeatBy
from prospectus.domain.facts import Completeness
from prospectus.domain.plan import Standing
from prospectus.domain.requirement import Fill

CORE = leaf("core", ["CS 600", "CS 610"], 2)


def test_the_standings_are_ordered_from_met_to_unmet() -> None:
    names = [standing.name for standing in sorted(Standing, reverse=True)]
    assert names == ["MET", "IN_PROGRESS", "PLANNED", "PENDING", "UNMET"]


@pytest.mark.parametrize(
    ("second", "standing"),
    [
        (taken("CS 610"), Standing.MET),
        (running("CS 610"), Standing.IN_PROGRESS),
        (planned("CS 610"), Standing.PLANNED),
        (None, Standing.UNMET),
    ],
)
def test_a_node_is_as_weak_as_the_weakest_it_needs(second: object, standing: Standing) -> None:
    attempts = [taken("CS 600")] + ([second] if second else [])  # type: ignore[list-item]
    found = judge_it(degree(CORE), attempts, {"core": [a.id for a in attempts]})
    assert found.is_valid
    assert found.degree is standing


def test_pending_lies_between_planned_and_unmet() -> None:
    found = judge_it(
        degree(CORE, milestone("exam")),
        [taken("CS 600"), planned("CS 610")],
        {"core": ["CS 600", "CS 610"]},
    )
    assert found.degree is Standing.PENDING


def test_an_unused_planned_course_weakens_nothing() -> None:
    found = judge_it(
        degree(leaf("core", "CS 600", 1)), [taken("CS 600"), planned("CS 610")], {"core": "CS 600"}
    )
    assert found.degree is Standing.MET


def test_nodes_come_in_file_order_root_first() -> None:
    rules = degree(all_("block", leaf("a", "any", 1)), leaf("b", "any", 1))
    assert [node.node for node in judge_it(rules, []).nodes] == ["degree", "block", "a", "b"]


def test_a_node_tells_what_it_holds_and_what_it_counted() -> None:
    found = judge_it(degree(CORE), [taken("CS 600")], {"core": "CS 600"})
    core = found.nodes[1]
    assert core.held == ("CS 600",)
    assert core.counted == "1 of 2 courses"


# ----------------------------------------------------------------------- witness


def test_a_witness_may_leave_uses_out() -> None:
    assert judge_it(degree(CORE), [taken("CS 600")]).is_valid


def test_a_witness_cannot_place_what_is_not_on_record() -> None:
    assert faulted(judge_it(degree(CORE), [], {"core": "CS 600"})) == {"core"}


def test_a_witness_cannot_place_into_what_is_no_leaf() -> None:
    rules = degree(all_("block", CORE))
    assert faulted(judge_it(rules, [taken("CS 600")], {"block": "CS 600"})) == {"block"}
    assert faulted(judge_it(rules, [taken("CS 600")], {"nowhere": "CS 600"})) == {"nowhere"}


def test_a_completion_meets_nothing_but_shows_what_would() -> None:
    found = judge_it(
        degree(CORE), [taken("CS 600")], {"core": "CS 600"}, completion={"core": "CS 610"}
    )
    assert found.is_valid
    assert found.standing("core") is Standing.UNMET


def test_a_completion_obeys_selectors_pools_and_sizes() -> None:
    rules = degree(leaf("a", ["CS 600"], 1), leaf("b", ["CS 600"], 1))
    wrong = judge_it(rules, [], completion={"a": "CS 610"})
    twice = judge_it(rules, [], completion={"a": "CS 600", "b": "CS 600"})
    much = judge_it(degree(leaf("a", "any", 1)), [], completion={"a": ["CS 600", "CS 610"]})
    assert faulted(wrong) == {"a"}
    assert faulted(twice) == {"b"}
    assert faulted(much) == {"a"}


def test_a_completion_names_catalogue_courses_that_are_not_on_record() -> None:
    rules = degree(leaf("a", "any", 1), leaf("b", "any", 1))
    unknown = judge_it(rules, [], completion={"a": "ZZ 100"})
    held = judge_it(rules, [taken("CS 600")], {"a": "CS 600"}, completion={"b": "CS 600"})
    assert faulted(unknown) == {"a"}
    assert faulted(held) == {"b"}


def test_a_completion_may_serve_leaves_of_two_pools() -> None:
    rules = degree(
        leaf("a", ["CS 600"], 1), leaf("v", ["CS 600"], 1, pool="view"), pools={"view": False}
    )
    assert judge_it(rules, [], completion={"a": "CS 600", "v": "CS 600"}).is_valid


def test_a_repeatable_course_may_complete_beside_one_on_record() -> None:
    again = course("CS 699", 1, repeatable=RepeatBy.PERIOD)
    rules = degree(leaf("a", ["CS 699"], credits=2), courses=[*CATALOGUE, again])
    found = judge_it(
        rules, [taken("CS 699", credits=1)], {"a": "CS 699"}, completion={"a": "CS 699"}
    )
    assert found.is_valid


# ----------------------------------------------------------------- what is unknown


def test_rules_that_are_not_known_stand_beside_a_node_and_never_lower_it() -> None:
    node = Fill(
        header=header("core", unknown=("the minimum grade",)),
        from_=of("any"),
        courses=leaf("x", "any", 1).courses,
    )
    found = judge_it(degree(all_("block", node)), [taken("CS 600")], {"core": "CS 600"})
    assert found.degree is Standing.MET
    assert all(item.unknown == ("the minimum grade",) for item in found.nodes)
    assert found.unknown == ("the minimum grade",)


def test_a_node_that_is_only_partly_encoded_is_named() -> None:
    node = Fill(
        header=header("core", label="Core", completeness=Completeness.PARTIAL),
        from_=of("any"),
        courses=leaf("x", "any", 1).courses,
    )
    found = judge_it(degree(node), [taken("CS 600")], {"core": "CS 600"})
    assert found.unknown == ("Core is only partial",)


def test_a_use_whose_membership_is_not_known_makes_the_leaf_pending() -> None:
    rules = degree(leaf("core", has("campus", "Boulder"), 1))
    found = judge_it(rules, [planned("CS 600")], {"core": "CS 600"})
    assert found.is_valid
    assert found.standing("core") is Standing.PENDING


def test_repeatable_courses_are_no_repeats_of_an_unknown_rule() -> None:
    again = course("CS 699", 1, repeatable=RepeatBy.PERIOD)
    rules = degree(leaf("a", ["CS 699"], credits=2), courses=[*CATALOGUE, again])
    twice = [
        taken("CS 699", when="Fall 2024", credits=1, id="one"),
        taken("CS 699", when="Fall 2025", credits=1, id="two"),
    ]
    found = judge_it(rules, twice, {"a": ["one", "two"]})
    assert found.degree is Standing.MET
    assert not found.unknown
