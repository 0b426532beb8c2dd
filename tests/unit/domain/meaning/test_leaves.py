"""LANGUAGE 2, Leaf: what a leaf holds, and what it gives away."""

from __future__ import annotations

import pytest
from tests.degrees import (
    CATALOGUE,
    at_least,
    at_most,
    course,
    degree,
    faulted,
    judge_it,
    leaf,
    planned,
    taken,
    transfer,
    waived,
)

from prospectus.domain.plan import Standing, Verdict
from prospectus.domain.record import CreditSource
from prospectus.domain.requirement import Fill

FOUR = [taken(code) for code in ("CS 600", "CS 610", "CS 620", "MATH 500")]


def held(node: Fill, *codes: str, areas: bool = False) -> Verdict:
    """The verdict on a leaf that holds these of four passed courses."""
    del areas
    return judge_it(degree(node), FOUR, {str(node.header.id): list(codes)})


def test_a_leaf_is_met_by_uses_that_reach_its_size() -> None:
    two = leaf("core", ["CS 600", "CS 610", "CS 620"], 2)
    assert held(two, "CS 600", "CS 620").standing("core") is Standing.MET
    assert held(two, "CS 600").standing("core") is Standing.UNMET


def test_only_what_its_selector_takes_stands_in_a_leaf() -> None:
    assert faulted(held(leaf("core", ["CS 600"], 1), "MATH 500")) == {"core"}


def test_nothing_can_be_taken_away_from_a_leaf_so_it_never_hoards() -> None:
    two = leaf("core", "any", 2)
    assert faulted(held(two, "CS 600", "CS 610", "CS 620")) == {"core"}


def test_surplus_goes_to_another_leaf_or_is_not_applied() -> None:
    rules = degree(leaf("core", ["CS 600", "CS 610"], 1), leaf("more", "any", 1))
    used = judge_it(rules, FOUR[:2], {"core": "CS 600", "more": "CS 610"})
    idle = judge_it(rules, FOUR[:2], {"core": "CS 600"})
    assert used.degree is Standing.MET
    assert idle.is_valid


def test_surplus_fills_the_elective_only_where_its_selector_is_wide_enough() -> None:
    narrow = degree(leaf("core", ["CS 600", "CS 610"], 1), leaf("more", ["CS 620"], 1))
    assert faulted(judge_it(narrow, FOUR, {"core": "CS 600", "more": "CS 610"})) == {"more"}


def test_the_last_use_may_cross_a_least_of_credits() -> None:
    four = leaf("core", "any", credits=4)
    assert held(four, "CS 600", "CS 610").standing("core") is Standing.MET
    assert faulted(held(four, "CS 600", "CS 610", "CS 620")) == {"core"}


def test_with_n_to_m_at_most_m_may_be_held() -> None:
    exact = leaf("core", "any", credits=(4, 5))
    assert "core" in faulted(held(exact, "CS 600", "CS 610"))
    wide = leaf("core", "any", credits=(4, 6))
    assert held(wide, "CS 600", "CS 610").standing("core") is Standing.MET


def test_courses_and_credits_may_both_be_asked() -> None:
    both = leaf("core", "any", 2, credits=8)
    assert held(both, "CS 600", "CS 610").standing("core") is Standing.UNMET
    assert held(both, "CS 600", "CS 610", "CS 620").standing("core") is Standing.MET


def test_a_use_stands_in_a_leaf_once() -> None:
    assert not held(leaf("core", "any", 2), "CS 600", "CS 600").is_valid


@pytest.mark.parametrize(("source", "valid"), [("home", False), ("transfer", True)])
def test_source_is_eligibility_for_the_leaf(source: str, valid: bool) -> None:
    rules = degree(leaf("core", "any", 1, source=(source,)))
    found = judge_it(rules, [transfer("CS 600")], {"core": "CS 600"})
    assert found.is_valid is valid


def test_basis_is_eligibility_for_the_leaf() -> None:
    rules = degree(leaf("core", "any", 1, basis=("pass_fail",)))
    assert faulted(judge_it(rules, [taken("CS 600")], {"core": "CS 600"})) == {"core"}


# -------------------------------------------------------------------- minima (with)

STUDIO = leaf("core", "any", 2, with_=[at_least("min", ["CS 600", "CS 610"], courses=1)])


def test_a_minimum_inside_a_leaf_has_to_be_reached() -> None:
    assert held(STUDIO, "CS 600", "MATH 500").standing("core") is Standing.MET
    assert held(STUDIO, "CS 620", "MATH 500").standing("core") is Standing.UNMET


def test_a_leaf_takes_more_than_its_size_where_only_that_reaches_the_minimum_of_none() -> None:
    """Size and minimum hold together: three are held only if no two of them would do."""
    assert faulted(held(STUDIO, "CS 600", "CS 620", "MATH 500")) == {"core"}


def test_minima_inside_a_leaf_do_not_exclude_each_other() -> None:
    node = leaf(
        "core",
        "any",
        2,
        with_=[
            at_least("one", ["CS 600", "CS 620"], courses=1),
            at_least("two", ["CS 600", "MATH 500"], courses=1),
        ],
    )
    assert held(node, "CS 600", "CS 610").standing("core") is Standing.MET


def test_exclusive_named_minima_are_sibling_leaves() -> None:
    rules = degree(leaf("one", ["CS 600", "CS 620"], 1), leaf("two", ["CS 600", "MATH 500"], 1))
    found = judge_it(rules, FOUR, {"one": "CS 600", "two": "CS 600"})
    assert faulted(found) == {"two"}
    assert judge_it(rules, FOUR, {"one": "CS 620", "two": "CS 600"}).degree is Standing.MET


def test_a_most_inside_a_leaf_bounds_what_it_holds() -> None:
    node = leaf("core", "any", 2, with_=[at_most("cap", ["CS 600", "CS 610"], courses=1)])
    assert faulted(held(node, "CS 600", "CS 610")) == {"core"}
    assert held(node, "CS 600", "CS 620").is_valid


# --------------------------------------------------------------------------- areas

AREAS = leaf(
    "breadth",
    "any",
    3,
    areas={"theory": ["CS 600", "CS 610"], "systems": ["CS 610", "CS 620"], "maths": ["MATH 500"]},
    shape=(2, 1),
)


def test_each_use_serves_one_area_and_distinct_areas_reach_the_shape() -> None:
    good = held(AREAS, "CS 600 @ theory", "CS 610 @ theory", "CS 620 @ systems")
    assert good.is_valid
    assert good.standing("breadth") is Standing.MET


def test_the_counts_of_a_shape_may_be_reached_by_any_areas_in_any_order() -> None:
    other = held(AREAS, "CS 610 @ systems", "CS 620 @ systems", "MATH 500 @ maths")
    assert other.standing("breadth") is Standing.MET


def test_a_course_in_two_areas_serves_only_the_one_it_is_put_into() -> None:
    spread = held(AREAS, "CS 600 @ theory", "CS 610 @ systems", "MATH 500 @ maths")
    assert spread.standing("breadth") is Standing.UNMET


def test_a_course_cannot_serve_an_area_it_does_not_belong_to() -> None:
    wrong = held(AREAS, "MATH 500 @ theory", "CS 610 @ theory", "CS 620 @ systems")
    assert "breadth" in faulted(wrong)


def test_a_shape_may_be_counted_in_credits() -> None:
    node = leaf(
        "breadth",
        "any",
        credits=6,
        areas={"a": ["CS 600"], "b": ["CS 610"]},
        shape=(3, 3),
        in_credits=True,
    )
    assert held(node, "CS 600 @ a", "CS 610 @ b").standing("breadth") is Standing.MET


# ------------------------------------------------------- credits, whole and in parts


def variable(*nodes: Fill, split: bool = False, **more: object) -> object:
    thesis = course("CS 698", 6, split=True) if split else course("CS 698", (1, 6))
    return degree(*nodes, courses=[*CATALOGUE, thesis], **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("split", [True, False])
def test_variable_and_split_courses_may_give_a_leaf_the_part_that_fits(split: bool) -> None:
    rules = variable(
        leaf("core", "any", credits=(4, 4)), leaf("more", "any", credits=2), split=split
    )
    found = judge_it(
        rules,  # type: ignore[arg-type]
        [taken("CS 698", credits=6)],
        {"core": "CS 698", "more": "CS 698"},
        parts={("CS 698", "core"): 4, ("CS 698", "more"): 2},
    )
    assert found.is_valid
    assert found.degree is Standing.MET


def test_the_parts_of_a_use_are_no_more_than_the_whole() -> None:
    rules = variable(leaf("core", "any", credits=4), leaf("more", "any", credits=4))
    found = judge_it(
        rules,  # type: ignore[arg-type]
        [taken("CS 698", credits=6)],
        {"core": "CS 698", "more": "CS 698"},
        parts={("CS 698", "core"): 4, ("CS 698", "more"): 4},
    )
    assert "witness" in faulted(found)


def test_any_other_use_counts_whole_or_not_at_all() -> None:
    found = judge_it(
        degree(leaf("core", "any", credits=2)),
        [taken("CS 600")],
        {"core": "CS 600"},
        parts={("CS 600", "core"): 2},
    )
    assert faulted(found) == {"core"}


def test_a_cap_takes_the_part_of_a_variable_course_that_fits() -> None:
    rules = variable(leaf("core", "any", credits=4), rules=[at_most("cap", "CS 698", credits=4)])
    whole = judge_it(rules, [taken("CS 698", credits=6)], {"core": "CS 698"})  # type: ignore[arg-type]
    part = judge_it(
        rules,  # type: ignore[arg-type]
        [taken("CS 698", credits=6)],
        {"core": "CS 698"},
        parts={("CS 698", "core"): 4},
    )
    assert faulted(whole) == {"cap"}
    assert part.degree is Standing.MET


def test_credits_are_exact_fractions() -> None:
    thirds = [taken(code, credits="8/3") for code in ("CS 600", "CS 610", "CS 620")]
    codes = [attempt.id for attempt in thirds]
    rules = degree(leaf("core", "any", credits=8))
    assert judge_it(rules, thirds, {"core": codes}).standing("core") is Standing.MET


def test_a_waiver_reaches_the_size_of_a_leaf_but_not_a_minimum_that_measures() -> None:
    rules = degree(STUDIO)
    attempts = [waived("CS 600"), taken("MATH 500")]
    assert judge_it(rules, attempts, {"core": ["CS 600", "MATH 500"]}).standing("core") is (
        Standing.UNMET
    )


def test_a_bare_code_is_a_leaf_of_that_course() -> None:
    rules = degree(leaf("CS 600", "CS 600", 1))
    assert judge_it(rules, [planned("CS 600")], {"CS 600": "CS 600"}).degree is Standing.PLANNED


def test_non_degree_credit_is_eligible_like_any_other_unless_the_leaf_says() -> None:
    rules = degree(leaf("core", "any", 1))
    attempt = taken("CS 600", source=CreditSource.NON_DEGREE)
    assert judge_it(rules, [attempt], {"core": "CS 600"}).degree is Standing.MET
