"""LANGUAGE 2, Total and Rest: how much there must be, and free electives."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from tests.degrees import (
    all_,
    any_,
    degree,
    faulted,
    judge_it,
    leaf,
    planned,
    share,
    size,
    taken,
    waived,
)

from prospectus.domain.plan import Standing
from prospectus.domain.requirement import Fill, Range, Total

CORE = leaf("core", ["CS 600", "CS 610"], 1)
FREE = leaf("free", credits="rest")
SIX = [taken("CS 600"), taken("CS 610")]


def test_a_total_counts_each_distinct_use_below_it() -> None:
    found = judge_it(degree(CORE, FREE, total=6), SIX, {"core": "CS 600", "free": "CS 610"})
    assert found.degree is Standing.MET


def test_the_use_that_crosses_the_line_counts_whole() -> None:
    rules = degree(CORE, FREE, total=4)
    found = judge_it(rules, SIX, {"core": "CS 600", "free": "CS 610"})
    assert found.is_valid
    assert found.degree is Standing.MET


def test_a_total_may_have_a_most() -> None:
    rules = degree(leaf("core", "any", 2), total=(3, 5))
    assert faulted(judge_it(rules, SIX, {"core": ["CS 600", "CS 610"]})) == {"degree"}


def test_a_total_may_be_counted_in_courses_and_sees_no_waiver() -> None:
    rules = degree(leaf("core", "any", 2), total=Total(courses=size(2)))
    both = {"core": ["CS 600", "CS 610"]}
    assert judge_it(rules, SIX, both).degree is Standing.MET
    assert judge_it(rules, [waived("CS 600"), SIX[1]], both).degree is Standing.UNMET


def test_the_innermost_total_encloses_a_rest() -> None:
    block = all_("block", leaf("inner", ["CS 600"], 1), FREE, total=6)
    rules = degree(block, leaf("outer", ["MATH 500", "MATH 510"], 2), total=12)
    attempts = [taken(code) for code in ("CS 600", "CS 610", "MATH 500", "MATH 510")]
    placed = {"inner": "CS 600", "free": "CS 610", "outer": ["MATH 500", "MATH 510"]}
    found = judge_it(rules, attempts, placed)
    assert found.degree is Standing.MET
    assert {n.node: n.counted for n in found.nodes}["free"] == "3 of 3 credits"


def test_a_total_may_stand_at_a_child_of_an_any() -> None:
    small = all_("small", leaf("s", credits="rest"), total=3)
    large = all_("large", leaf("l", credits="rest"), total=6)
    rules = degree(any_("way", small, large))
    good = judge_it(rules, SIX, {"s": "CS 600"}, chosen={"way": "small"})
    short = judge_it(rules, SIX, {"l": "CS 600"}, chosen={"way": "large"})
    assert good.degree is Standing.MET
    assert short.degree is Standing.UNMET


def test_a_waived_course_opens_an_elective() -> None:
    rules = degree(CORE, FREE, total=6)
    attempts = [waived("CS 600"), taken("MATH 500"), taken("MATH 510")]
    one = judge_it(rules, attempts, {"core": "CS 600", "free": "MATH 500"})
    two = judge_it(rules, attempts, {"core": "CS 600", "free": ["MATH 500", "MATH 510"]})
    assert one.degree is Standing.UNMET
    assert two.degree is Standing.MET


def test_a_total_less_waived_is_lowered_by_the_credits_of_waived_courses() -> None:
    rules = degree(CORE, FREE, total=Total(credits=size(6), less_waived=True))
    attempts = [waived("CS 600"), taken("MATH 500")]
    found = judge_it(rules, attempts, {"core": "CS 600", "free": "MATH 500"})
    assert found.degree is Standing.MET


def test_a_waiver_that_serves_nothing_below_a_total_does_not_lower_it() -> None:
    """The waiver of an introductory course outside the total lowers nothing."""
    less = Total(credits=size(6), less_waived=True)
    intro = leaf("intro", "MATH 500", 1, pool="intro")
    rules = degree(intro, CORE, FREE, total=less, pools={"intro": False})
    attempts = [waived("MATH 500"), waived("CS 620"), taken("CS 600")]
    found = judge_it(rules, attempts, {"intro": "MATH 500", "core": "CS 600"})
    assert found.standing("intro") is Standing.MET
    assert found.degree is Standing.UNMET


def test_rest_subtracts_a_shared_course_once() -> None:
    rules = degree(
        leaf("a", "CS 600", 1), leaf("b", "CS 600", 1), FREE, total=6, rules=[share("a", "b")]
    )
    found = judge_it(rules, SIX, {"a": "CS 600", "b": "CS 600", "free": "CS 610"})
    assert found.degree is Standing.MET


def bounded(low: int, high: int | None) -> Fill:
    return replace(FREE, rest_within=Range(low=Fraction(low), high=high and Fraction(high)))


def test_free_electives_may_have_a_least_though_the_total_be_full() -> None:
    full = degree(CORE, bounded(3, None), total=3)
    alone = judge_it(full, SIX, {"core": "CS 600"})
    more = judge_it(full, SIX, {"core": "CS 600", "free": "CS 610"})
    assert (alone.degree, more.degree) == (Standing.UNMET, Standing.MET)


def test_free_electives_may_have_a_most_though_the_total_asks_more() -> None:
    nine = degree(CORE, bounded(0, 3), total=9)
    attempts = [*SIX, taken("MATH 500")]
    few = judge_it(nine, attempts, {"core": "CS 600", "free": "CS 610"})
    many = judge_it(nine, attempts, {"core": "CS 600", "free": ["CS 610", "MATH 500"]})
    assert few.degree is Standing.UNMET
    assert faulted(many) == {"free"}


def test_rest_never_asks_below_zero() -> None:
    rules = degree(leaf("core", "any", 2), FREE, total=3)
    found = judge_it(rules, SIX, {"core": ["CS 600", "CS 610"]})
    assert found.standing("free") is Standing.MET
    assert found.degree is Standing.MET


def test_free_electives_never_hide_a_missing_requirement() -> None:
    """The core's missing course takes its credits out of the free electives."""
    rules = degree(CORE, FREE, total=6)
    attempts = [taken("MATH 500"), taken("MATH 510")]
    hoard = judge_it(
        rules, attempts, {"free": ["MATH 500", "MATH 510"]}, completion={"core": "CS 600"}
    )
    honest = judge_it(rules, attempts, {"free": "MATH 500"}, completion={"core": "CS 600"})
    assert faulted(hoard) == {"free"}
    assert honest.is_valid
    assert honest.standing("free") is Standing.MET
    assert honest.standing("core") is Standing.UNMET


def test_credits_of_pools_that_do_not_count_are_not_subtracted_from_rest() -> None:
    view = leaf("view", "any", 1, pool="view")
    rules = degree(view, FREE, total=6, pools={"view": False})
    found = judge_it(rules, SIX, {"view": "CS 600", "free": ["CS 600", "CS 610"]})
    assert found.degree is Standing.MET


def test_a_required_layer_outside_the_total_is_a_pool_that_does_not_count() -> None:
    intro = leaf("intro", ["MATH 500"], 1, pool="intro")
    rules = degree(intro, FREE, total=6, pools={"intro": False})
    attempts = [*SIX, taken("MATH 500")]
    found = judge_it(rules, attempts, {"intro": "MATH 500", "free": ["CS 600", "CS 610"]})
    assert found.degree is Standing.MET
    missing = judge_it(rules, SIX, {"free": ["CS 600", "CS 610"]})
    assert missing.degree is Standing.UNMET


def test_a_total_stands_as_weakly_as_the_weakest_credit_it_needs() -> None:
    rules = degree(FREE, total=6)
    attempts = [taken("CS 600"), planned("CS 610")]
    found = judge_it(rules, attempts, {"free": ["CS 600", "CS 610"]})
    assert found.degree is Standing.PLANNED
