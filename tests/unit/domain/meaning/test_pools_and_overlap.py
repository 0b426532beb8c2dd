"""LANGUAGE 2, Pool and Overlap: which leaves compete for a use, and which may share it."""

from __future__ import annotations

from fractions import Fraction

from tests.degrees import (
    all_,
    at_least,
    degree,
    faulted,
    judge_it,
    knowing,
    leaf,
    share,
    taken,
)

from prospectus.domain.expression import Compare, GradeIs, Member
from prospectus.domain.plan import Standing

A = leaf("a", "any", 1)
B = leaf("b", "any", 1)
C = leaf("c", "any", 1)
VIEW = leaf("view", "any", 1, pool="view")
OTHER = leaf("other", "any", 1, pool="other")
TWO = [taken("CS 600", "A"), taken("CS 610", "C")]
BOTH = {"a": "CS 600", "b": "CS 600"}


def test_within_a_pool_a_use_goes_to_at_most_one_leaf() -> None:
    assert faulted(judge_it(degree(A, B), TWO, BOTH)) == {"b"}


def test_between_pools_a_use_goes_freely() -> None:
    rules = degree(A, OTHER, pools={"other": True})
    found = judge_it(rules, TWO, {"a": "CS 600", "other": "CS 600"})
    assert found.degree is Standing.MET


def test_a_leaf_takes_the_pool_of_the_node_around_it() -> None:
    rules = degree(A, all_("layer", B, pool="layer"), pools={"layer": False})
    assert judge_it(rules, TWO, BOTH).is_valid


def test_pools_count_unless_declared_otherwise_and_each_use_once() -> None:
    view = degree(VIEW, total=3, pools={"view": False})
    counting = degree(A, OTHER, total=6, pools={"other": True})
    assert judge_it(view, TWO, {"view": "CS 600"}).degree is Standing.UNMET
    shared = judge_it(counting, TWO, {"a": "CS 600", "other": "CS 600"})
    apart = judge_it(counting, TWO, {"a": "CS 600", "other": "CS 610"})
    assert shared.degree is Standing.UNMET
    assert apart.degree is Standing.MET


def test_the_applied_set_is_what_counting_pools_hold() -> None:
    rules = degree(A, VIEW, at_least("six", "any", credits=6), pools={"view": False})
    found = judge_it(rules, TWO, {"a": "CS 600", "view": "CS 610"})
    assert found.standing("six") is Standing.UNMET


# ------------------------------------------------------------------------ overlap


def test_within_a_pool_an_overlap_permits() -> None:
    rules = degree(A, B, rules=[share("a", "b")])
    assert judge_it(rules, TWO, BOTH).degree is Standing.MET


def test_a_shared_use_counts_once_in_the_total() -> None:
    rules = degree(A, B, total=6, rules=[share("a", "b")])
    assert judge_it(rules, TWO, BOTH).degree is Standing.UNMET


def test_between_pools_an_overlap_restricts() -> None:
    some = share("a", "other", of_=GradeIs(compare=Compare.AT_LEAST, grade="B"))
    rules = degree(A, OTHER, pools={"other": True}, rules=[some])
    assert judge_it(rules, TWO, {"a": "CS 600", "other": "CS 600"}).is_valid
    assert not judge_it(rules, TWO, {"a": "CS 610", "other": "CS 610"}).is_valid


def test_an_overlap_may_name_pools() -> None:
    rules = degree(A, OTHER, pools={"other": True}, rules=[share("degree", "other", of_="CS 610")])
    assert not judge_it(rules, TWO, {"a": "CS 600", "other": "CS 600"}).is_valid


def test_an_overlap_may_name_a_node_for_the_leaves_below_it() -> None:
    rules = degree(A, all_("block", B), rules=[share("a", "block")])
    assert judge_it(rules, TWO, BOTH).is_valid


def test_the_condition_on_the_use_stands_in_of() -> None:
    rules = degree(A, B, rules=[share("a", "b", of_=GradeIs(compare=Compare.AT_LEAST, grade="B"))])
    assert judge_it(rules, TWO, {"a": "CS 600", "b": "CS 600"}).is_valid
    assert not judge_it(rules, TWO, {"a": "CS 610", "b": "CS 610"}).is_valid


def test_the_condition_on_the_person_stands_in_if() -> None:
    rule = share("a", "b", condition=Member(program="dual"))
    inside = degree(A, B, rules=[rule], person=knowing(memberships=frozenset({"dual"})))
    assert judge_it(inside, TWO, BOTH).is_valid
    assert not judge_it(degree(A, B, rules=[rule]), TWO, BOTH).is_valid


def test_an_overlap_may_be_capped_in_courses_and_in_credits() -> None:
    two_a, two_b = leaf("a", "any", 2), leaf("b", "any", 2)
    twice = {"a": ["CS 600", "CS 610"], "b": ["CS 600", "CS 610"]}
    courses = degree(two_a, two_b, rules=[share("a", "b", at_most_courses=1)])
    credits = degree(two_a, two_b, rules=[share("a", "b", at_most_credits=Fraction(5))])
    enough = degree(two_a, two_b, rules=[share("a", "b", at_most_credits=Fraction(6))])
    assert faulted(judge_it(courses, TWO, twice)) == {"share"}
    assert faulted(judge_it(credits, TWO, twice)) == {"share"}
    assert judge_it(enough, TWO, twice).is_valid


def test_a_use_may_sit_in_leaves_of_which_every_two_stand_together_in_an_entry() -> None:
    triple = {"a": "CS 600", "b": "CS 600", "c": "CS 600"}
    assert judge_it(degree(A, B, C, rules=[share("a", "b", "c")]), TWO, triple).is_valid
    assert not judge_it(degree(A, B, C, rules=[share("a", "b")]), TWO, triple).is_valid


def test_rest_shares_with_no_leaf_of_a_counting_pool() -> None:
    free = leaf("free", credits="rest")
    within = degree(A, free, total=6, rules=[share("a", "free")])
    between = degree(OTHER, free, total=6, pools={"other": True})
    assert not judge_it(within, TWO, {"a": "CS 600", "free": ["CS 600", "CS 610"]}).is_valid
    assert not judge_it(between, TWO, {"other": "CS 600", "free": "CS 600"}).is_valid


def test_pools_that_do_not_count_see_free_electives_freely() -> None:
    free = leaf("free", credits="rest")
    rules = degree(VIEW, free, total=3, pools={"view": False})
    assert judge_it(rules, TWO, {"view": "CS 600", "free": "CS 600"}).degree is Standing.MET


def test_what_counts_in_another_award_is_limited_where_a_rule_says_so() -> None:
    moved = [
        taken("CS 600", counted_in=frozenset({"certificate"})),
        taken("CS 610", counted_in=frozenset({"certificate"})),
    ]
    rules = degree(leaf("a", "any", 2), rules=[share("ms", "certificate", at_most_courses=1)])
    assert faulted(judge_it(rules, moved, {"a": ["CS 600", "CS 610"]})) == {"share"}
    assert judge_it(rules, moved[:1], {"a": "CS 600"}).is_valid


def test_a_limit_between_a_leaf_and_an_award_leaves_other_leaves_alone() -> None:
    moved = taken("CS 600", counted_in=frozenset({"mba"}))
    rules = degree(A, B, rules=[share("a", "mba", of_="CS 610")])
    assert judge_it(rules, [moved], {"b": "CS 600"}).is_valid
    assert not judge_it(rules, [moved], {"a": "CS 600"}).is_valid
