"""LANGUAGE 3, Measures: they look, they hold nothing."""

from __future__ import annotations

from fractions import Fraction

from tests.degrees import (
    any_,
    at_least,
    at_most,
    degree,
    failed,
    faulted,
    has,
    judge_it,
    leaf,
    of,
    planned,
    taken,
    transfer,
    waived,
)

from prospectus.domain.expression import Both, Compare, Except, GradeIs, Has, SubjectIn
from prospectus.domain.plan import Standing
from prospectus.domain.record import AttemptStatus
from prospectus.domain.requirement import Over, Share

MATHS = SubjectIn(subjects=("MATH",))
POOR = GradeIs(compare=Compare.EQUAL, grade="C")
ALL = leaf("all", credits="rest")
CODES = ["CS 600", "CS 610", "MATH 500", "MATH 510"]
FOUR = [taken(code) for code in CODES]


def test_a_cap_over_what_is_applied_makes_a_witness_invalid() -> None:
    rules = degree(ALL, at_most("cap", MATHS, credits=3), total=9)
    found = judge_it(rules, FOUR, {"all": ["CS 600", "MATH 500", "MATH 510"]})
    assert faulted(found) == {"cap"}


def test_what_is_over_a_cap_may_be_taken_and_simply_does_not_count() -> None:
    rules = degree(ALL, at_most("cap", MATHS, credits=3), total=9)
    found = judge_it(rules, FOUR, {"all": ["CS 600", "CS 610", "MATH 500"]})
    assert found.is_valid
    assert found.degree is Standing.MET


def test_transfers_over_a_cap_do_not_count() -> None:
    rules = degree(ALL, at_most("cap", has("source", "transfer"), credits=3), total=6)
    attempts = [transfer("CS 600"), transfer("CS 610"), taken("MATH 500")]
    both = judge_it(rules, attempts, {"all": ["CS 600", "CS 610"]})
    one = judge_it(rules, attempts, {"all": ["CS 600", "MATH 500"]})
    assert faulted(both) == {"cap"}
    assert one.degree is Standing.MET


def test_a_cap_also_binds_the_completion() -> None:
    rules = degree(ALL, at_most("cap", MATHS, credits=3), total=6)
    found = judge_it(
        rules, [taken("MATH 500")], {"all": "MATH 500"}, completion={"all": "MATH 510"}
    )
    assert faulted(found) == {"cap"}


def test_a_least_is_a_node_of_its_own_unmet_in_an_unfinished_record() -> None:
    rules = degree(ALL, at_least("cs", SubjectIn(subjects=("CS",)), credits=6), total=6)
    short = judge_it(rules, FOUR, {"all": ["CS 600", "MATH 500"]})
    enough = judge_it(rules, FOUR, {"all": ["CS 600", "CS 610"]})
    assert short.standing("cs") is Standing.UNMET
    assert short.degree is Standing.UNMET
    assert enough.degree is Standing.MET


def test_a_measure_holds_nothing_so_its_courses_serve_elsewhere_too() -> None:
    rules = degree(leaf("core", ["CS 600"], 1), at_least("same", "CS 600", courses=1))
    assert judge_it(rules, FOUR, {"core": "CS 600"}).degree is Standing.MET


def test_measures_beside_the_tree_bind_the_degree() -> None:
    rules = degree(leaf("core", ["CS 600"], 1), rules=[at_least("two", "any", courses=2)])
    found = judge_it(rules, FOUR, {"core": "CS 600"})
    assert found.standing("two") is Standing.UNMET
    assert found.degree is Standing.UNMET


def test_a_share_is_of_the_credits_of_the_enclosing_total() -> None:
    half = at_least("half", has("source", "home"), credits=Share(share=Fraction(1, 2)))
    rules = degree(ALL, half, total=9)
    mostly_brought = [transfer("CS 600"), transfer("CS 610"), taken("MATH 500")]
    mostly_here = [transfer("CS 600"), taken("CS 610"), taken("MATH 500")]
    codes = ["CS 600", "CS 610", "MATH 500"]
    assert judge_it(rules, mostly_brought, {"all": codes}).standing("half") is Standing.UNMET
    assert judge_it(rules, mostly_here, {"all": codes}).standing("half") is Standing.MET


def test_in_narrows_a_measure_to_what_the_node_holds() -> None:
    rules = degree(
        leaf("core", "any", 1),
        leaf("more", "any", 1),
        at_least("m", MATHS, courses=1, within=("core",)),
    )
    inside = judge_it(rules, FOUR, {"core": "MATH 500", "more": "CS 600"})
    outside = judge_it(rules, FOUR, {"core": "CS 600", "more": "MATH 500"})
    assert inside.standing("m") is Standing.MET
    assert outside.standing("m") is Standing.UNMET


def test_measures_under_a_child_that_is_not_chosen_do_not_bind() -> None:
    capped = degree(
        any_("way", leaf("free", "any", 1), at_most("cap", "any", credits=0)),
        leaf("core", "any", 1),
    )
    found = judge_it(capped, FOUR, {"free": "CS 600", "core": "CS 610"}, chosen={"way": "free"})
    assert found.degree is Standing.MET


# ----------------------------------------------------------------- over attempted


def test_a_cap_over_attempted_can_fail() -> None:
    rules = degree(leaf("core", "any", 1), at_most("low", POOR, courses=1, over=Over.ATTEMPTED))
    attempts = [taken("CS 600"), taken("CS 610", "C"), taken("CS 620", "C")]
    found = judge_it(rules, attempts, {"core": "CS 600"})
    assert found.is_valid
    assert found.standing("low") is Standing.UNMET
    assert judge_it(rules, attempts[:2], {"core": "CS 600"}).standing("low") is Standing.MET


def test_failed_and_replaced_attempts_count_over_attempted() -> None:
    low = GradeIs(compare=Compare.AT_MOST, grade="F")
    rules = degree(leaf("core", "any", 1), at_most("f", low, courses=0, over=Over.ATTEMPTED))
    attempts = [failed("CS 600", "Fall 2024", id="f"), taken("CS 600")]
    assert judge_it(rules, attempts, {"core": "CS 600"}).standing("f") is Standing.UNMET


def test_over_attempted_looks_at_attempts_after_matriculation_here() -> None:
    rules = degree(leaf("core", "any", 1), at_most("low", POOR, courses=0, over=Over.ATTEMPTED))
    before = taken("CS 610", "C", "Fall 2023")
    elsewhere = transfer("CS 620", grade="C")
    found = judge_it(rules, [taken("CS 600"), before, elsewhere], {"core": "CS 600"})
    assert found.standing("low") is Standing.MET


def test_over_attempted_looks_wider_where_the_selector_says_so() -> None:
    anywhere = Both(items=(POOR, of([has("source", "home"), has("source", "transfer")])))
    rules = degree(leaf("core", "any", 1), at_most("low", anywhere, courses=0, over=Over.ATTEMPTED))
    found = judge_it(rules, [taken("CS 600"), transfer("CS 620", grade="C")], {"core": "CS 600"})
    assert found.standing("low") is Standing.UNMET


def test_an_attempt_here_without_a_date_counts_over_attempted() -> None:
    rules = degree(leaf("core", "any", 1), at_most("low", POOR, courses=0, over=Over.ATTEMPTED))
    found = judge_it(rules, [taken("CS 600"), taken("CS 610", "C", "")], {"core": "CS 600"})
    assert found.standing("low") is Standing.UNMET


# ------------------------------------------------------------------ per, distinct


def test_per_judges_each_value_apart() -> None:
    rules = degree(ALL, at_most("same", "any", courses=1, per="instructor"), total=6)
    apart = [taken("CS 600", instructor="Ada"), taken("CS 610", instructor="Bob")]
    same = [taken("CS 600", instructor="Ada"), taken("CS 610", instructor="Ada")]
    placed = {"all": ["CS 600", "CS 610"]}
    assert judge_it(rules, apart, placed).is_valid
    assert faulted(judge_it(rules, same, placed)) == {"same"}


def test_distinct_counts_values() -> None:
    rules = degree(ALL, at_least("seasons", "any", courses=2, distinct="season"), total=6)
    same = [taken("CS 600", when="Fall 2024"), taken("CS 610", when="Fall 2025")]
    apart = [taken("CS 600", when="Fall 2024"), taken("CS 610", when="Spring 2025")]
    placed = {"all": ["CS 600", "CS 610"]}
    assert judge_it(rules, same, placed).standing("seasons") is Standing.UNMET
    assert judge_it(rules, apart, placed).standing("seasons") is Standing.MET


# ---------------------------------------------------------------------- waivers


def test_no_measure_sees_a_waiver_but_the_one_that_names_it() -> None:
    """At most one course may be waived; a waiver is no course of the other measure."""
    rules = degree(
        leaf("core", "any", 2),
        at_most("waivers", has("source", "waiver"), courses=1),
        at_least("courses", "any", courses=2),
    )
    placed = {"core": ["CS 600", "CS 610"]}
    one = judge_it(rules, [waived("CS 600"), taken("CS 610")], placed)
    two = judge_it(rules, [waived("CS 600"), waived("CS 610")], placed)
    assert one.is_valid
    assert one.standing("courses") is Standing.UNMET
    assert faulted(two) == {"waivers"}


def test_a_selector_that_leaves_waivers_out_does_not_see_them() -> None:
    real = Except(of=of("any"), without=has("source", "waiver"))
    rules = degree(leaf("core", "any", 1), at_most("none", real, courses=0))
    assert judge_it(rules, [waived("CS 600")], {"core": "CS 600"}).is_valid


# --------------------------------------------------------------------- three values


def test_an_unknown_attribute_of_a_planned_course_is_unknown_not_false() -> None:
    campus = has("campus", "Boulder")
    rules = degree(leaf("core", "any", 1), at_least("here", campus, courses=1))
    found = judge_it(rules, [planned("CS 600")], {"core": "CS 600"})
    assert found.standing("here") is Standing.PENDING
    known = judge_it(rules, [planned("CS 600", campus="Denver")], {"core": "CS 600"})
    assert known.standing("here") is Standing.UNMET


def test_a_least_is_unmet_where_even_the_unknown_could_not_reach_it() -> None:
    campus = has("campus", "Boulder")
    rules = degree(leaf("core", "any", 1), at_least("here", campus, courses=2))
    found = judge_it(rules, [planned("CS 600")], {"core": "CS 600"})
    assert found.standing("here") is Standing.UNMET


def test_what_might_be_over_a_cap_is_kept_out_of_it() -> None:
    rules = degree(leaf("core", "any", 1), at_most("online", has("campus", "online"), courses=0))
    assert faulted(judge_it(rules, [planned("CS 600")], {"core": "CS 600"})) == {"online"}


def test_a_least_is_planned_where_it_rests_on_a_planned_course() -> None:
    rules = degree(ALL, at_least("two", "any", courses=2), total=6)
    found = judge_it(rules, [taken("CS 600"), planned("CS 610")], {"all": ["CS 600", "CS 610"]})
    assert found.standing("two") is Standing.PLANNED


def test_a_withdrawn_attempt_has_no_grade_that_counts() -> None:
    rules = degree(leaf("core", "any", 1), at_most("low", POOR, courses=0, over=Over.ATTEMPTED))
    gone = taken("CS 610", None, status=AttemptStatus.WITHDRAWN)
    assert judge_it(rules, [taken("CS 600"), gone], {"core": "CS 600"}).degree is Standing.MET


def test_a_cap_never_makes_a_planned_grade_assumed() -> None:
    good = GradeIs(compare=Compare.AT_LEAST, grade="A")
    rules = degree(leaf("core", "any", 1), at_most("few", good, courses=1))
    found = judge_it(rules, [planned("CS 600")], {"core": "CS 600"})
    assert found.assumed_grades == ()


def test_a_measure_of_an_attribute_sees_the_attribute_of_the_catalogue() -> None:
    assert isinstance(has("area", "theory"), Has)
    rules = degree(ALL, at_least("theory", has("area", "theory"), courses=1), total=3)
    assert judge_it(rules, FOUR, {"all": "CS 600"}).standing("theory") is Standing.UNMET
