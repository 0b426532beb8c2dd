"""LANGUAGE 1, Grades and Planned grade: floors, scales, and grades that are not there yet."""

from __future__ import annotations

import pytest
from tests.degrees import (
    CATALOGUE,
    LETTERS,
    LOWER_IS_BETTER,
    MARKS,
    all_,
    asks,
    broken,
    degree,
    done,
    faulted,
    header,
    judge_it,
    leaf,
    mean,
    planned,
    taken,
    transfer,
    waived,
)

from prospectus.domain.course import GradeScale
from prospectus.domain.expression import And, Or
from prospectus.domain.plan import Standing
from prospectus.domain.record import Basis, CreditSource
from prospectus.domain.rule import Gate


def fits(floor: str, grade: str | None, scale: GradeScale = LETTERS, **more: object) -> bool:
    """Whether a leaf with this floor may hold a course with this grade."""
    rules = degree(leaf("core", "any", 1, min_grade=floor), school={"grades": scale})
    found = judge_it(rules, [taken("CS 600", grade, **more)], {"core": "CS 600"})
    return found.is_valid and found.standing("core") is Standing.MET


@pytest.mark.parametrize(("grade", "expected"), [("A", True), ("B", True), ("C", False)])
def test_a_floor_asks_for_a_grade_or_better(grade: str, expected: bool) -> None:
    assert fits("B", grade) is expected


@pytest.mark.parametrize(("grade", "expected"), [("1.0", True), ("2.0", True), ("3.0", False)])
def test_a_scale_on_which_lower_is_better_fits(grade: str, expected: bool) -> None:
    assert fits("2.0", grade, LOWER_IS_BETTER) is expected


@pytest.mark.parametrize(
    ("floor", "grade", "expected"),
    [("second", "71", True), ("second", "50", True), ("second", "49", False), ("60", "55", False)],
)
def test_a_scale_of_ranges_of_marks_fits(floor: str, grade: str, expected: bool) -> None:
    assert fits(floor, grade, MARKS) is expected


@pytest.mark.parametrize(
    "source", [CreditSource.TRANSFER, CreditSource.EXAM, CreditSource.CREDENTIAL]
)
def test_credit_without_a_letter_meets_a_floor_by_transfer_exam_or_credential(
    source: CreditSource,
) -> None:
    assert fits("B", None, source=source, when="")


@pytest.mark.parametrize("source", [CreditSource.HOME, CreditSource.NON_DEGREE])
def test_credit_without_a_letter_from_here_meets_no_floor(source: CreditSource) -> None:
    assert not fits("C", None, source=source)


def test_transfer_with_a_letter_is_judged_by_it() -> None:
    assert not fits("B", "C", source=CreditSource.TRANSFER, when="")


def test_pass_fail_credit_meets_no_floor_unless_the_leaf_names_the_basis() -> None:
    attempt = taken("CS 600", "P", basis=Basis.PASS_FAIL)
    strict = degree(leaf("core", "any", 1, min_grade="C"))
    kind = degree(leaf("core", "any", 1, min_grade="C", basis=("letter", "pass_fail")))
    assert faulted(judge_it(strict, [attempt], {"core": "CS 600"})) == {"core"}
    assert judge_it(kind, [attempt], {"core": "CS 600"}).standing("core") is Standing.MET


def test_transfer_that_was_pass_fail_meets_no_floor_either() -> None:
    assert not fits("C", None, source=CreditSource.TRANSFER, basis=Basis.PASS_FAIL, when="")


def test_pass_revise_needs_no_letter_where_no_floor_is_asked() -> None:
    rules = degree(leaf("core", "any", 1))
    attempt = taken("CS 600", None, basis=Basis.PASS_REVISE)
    assert judge_it(rules, [attempt], {"core": "CS 600"}).standing("core") is Standing.MET


def test_a_programme_floor_is_the_default_of_every_leaf_rest_included() -> None:
    rules = degree(leaf("core", "CS 600", 1), leaf("free", credits="rest"), total=6, min_grade="B")
    attempts = [taken("CS 600", "C"), taken("CS 610", "C")]
    found = judge_it(rules, attempts, {"core": "CS 600", "free": "CS 610"})
    assert faulted(found) == {"core", "free"}


def test_a_floor_is_inherited_from_the_enclosing_node_and_a_nearer_one_wins() -> None:
    rules = degree(
        all_(
            "track",
            leaf("low", "CS 600", 1, min_grade="C"),
            leaf("high", "CS 610", 1),
            min_grade="B",
        ),
        min_grade="D",
    )
    attempts = [taken("CS 600", "C"), taken("CS 610", "C")]
    assert faulted(judge_it(rules, attempts, {"low": "CS 600", "high": "CS 610"})) == {"high"}


def test_a_course_below_the_floor_falls_on_to_a_leaf_that_takes_it() -> None:
    rules = degree(leaf("core", "any", 1, min_grade="B"), leaf("free", credits=3, min_grade="C"))
    found = judge_it(rules, [taken("CS 600", "C")], {"free": "CS 600"})
    assert found.is_valid
    assert found.standing("free") is Standing.MET
    assert found.standing("core") is Standing.UNMET


def test_an_entry_of_from_may_carry_its_own_floor() -> None:
    rules = degree(leaf("core", ["CS 600 [A]", "CS 610"], 1, min_grade="C"))
    assert faulted(judge_it(rules, [taken("CS 600", "B")], {"core": "CS 600"})) == {"core"}
    assert judge_it(rules, [taken("CS 610", "C")], {"core": "CS 610"}).is_valid


def test_an_entrys_own_floor_replaces_the_leafs_also_where_it_is_lower() -> None:
    direct = degree(leaf("core", ["CS 600 [C]", "CS 610"], 1, min_grade="B"))
    by_set = degree(
        leaf("core", "set listed", 1, min_grade="B"), sets={"listed": ["CS 600 [C]", "CS 610"]}
    )
    for rules in (direct, by_set):
        assert judge_it(rules, [taken("CS 600", "C")], {"core": "CS 600"}).is_valid
        assert not judge_it(rules, [taken("CS 610", "C")], {"core": "CS 610"}).is_valid


# ----------------------------------------------------------------- planned grades


def test_a_planned_course_satisfies_every_floor_and_those_above_the_usual_are_listed() -> None:
    rules = degree(
        leaf("high", "CS 600", 1, min_grade="A"), leaf("low", "CS 610", 1, min_grade="B")
    )
    found = judge_it(
        rules, [planned("CS 600"), planned("CS 610")], {"high": "CS 600", "low": "CS 610"}
    )
    assert found.degree is Standing.PLANNED
    assert found.assumed_grades == (("CS 600", "A"),)


def test_the_usual_grade_is_the_one_the_schools_scale_names() -> None:
    rules = degree(leaf("core", "CS 600", 1, min_grade="1.0"), school={"grades": LOWER_IS_BETTER})
    found = judge_it(rules, [planned("CS 600")], {"core": "CS 600"})
    assert found.assumed_grades == (("CS 600", "1.0"),)


def test_a_floor_in_a_prerequisite_of_a_planned_course_is_listed_too() -> None:
    rules = degree(
        leaf("core", ["CS 600", "CS 700"], 2),
        courses=[CATALOGUE[0], asks("CS 700", done("CS 600", min_grade="A"))],
    )
    attempts = [planned("CS 600"), planned("CS 700", "Spring 2027")]
    found = judge_it(rules, attempts, {"core": ["CS 600", "CS 700"]})
    assert not found.breaches
    assert found.assumed_grades == (("CS 600", "A"),)


def test_a_floor_in_a_gate_of_a_planned_course_is_listed_too() -> None:
    rules = degree(
        leaf("core", ["CS 600", "CS 610"], 2),
        rules=[Gate(header=header("gate"), needs=done("CS 600", min_grade="A"))],
    )
    attempts = [planned("CS 600"), planned("CS 610", "Spring 2027")]
    found = judge_it(rules, attempts, {"core": ["CS 600", "CS 610"]})
    assert not found.breaches
    assert found.assumed_grades == (("CS 600", "A"),)


def test_a_floor_the_plan_does_not_rest_on_is_not_listed() -> None:
    """`CS 600 [A] or CS 610`: with CS 610 done no A is needed in CS 600."""
    either = Or(items=(done("CS 600", min_grade="A"), done("CS 610")))
    rules = degree(
        leaf("core", ["CS 600", "CS 610", "CS 700"], 3),
        courses=[*CATALOGUE[:2], asks("CS 700", either)],
    )
    attempts = [planned("CS 600"), planned("CS 610"), planned("CS 700", "Spring 2027")]
    found = judge_it(rules, attempts, {"core": ["CS 600", "CS 610", "CS 700"]})
    assert not found.breaches
    assert found.assumed_grades == ()


def test_floors_of_an_and_are_all_listed() -> None:
    both = And(items=(done("CS 600", min_grade="A"), done("CS 610", min_grade="A")))
    rules = degree(leaf("core", "CS 700", 1), courses=[*CATALOGUE[:2], asks("CS 700", both)])
    attempts = [planned("CS 600"), planned("CS 610"), planned("CS 700", "Spring 2027")]
    found = judge_it(rules, attempts, {"core": "CS 700"})
    assert found.assumed_grades == (("CS 600", "A"), ("CS 610", "A"))


def test_a_stated_expected_grade_is_judged_like_an_earned_one() -> None:
    rules = degree(leaf("core", "CS 600", 1, min_grade="B"))
    low, high = planned("CS 600", expected_grade="C"), planned("CS 600", expected_grade="A")
    assert faulted(judge_it(rules, [low], {"core": "CS 600"})) == {"core"}
    found = judge_it(rules, [high], {"core": "CS 600"})
    assert found.standing("core") is Standing.PLANNED
    assert found.assumed_grades == ()


def test_an_expected_grade_counts_in_a_prerequisite() -> None:
    rules = degree(
        leaf("core", "CS 700", 1),
        courses=[CATALOGUE[0], asks("CS 700", done("CS 600", min_grade="B"))],
    )
    attempts = [planned("CS 600", expected_grade="C"), planned("CS 700", "Spring 2027")]
    assert broken(judge_it(rules, attempts, {"core": "CS 700"})) == {"requisite CS 700"}


def test_in_a_mean_a_planned_course_counts_the_higher_of_usual_and_its_floors() -> None:
    usual = degree(leaf("core", "CS 600", 1), mean("3.5"))
    floor = degree(leaf("core", "CS 600", 1, min_grade="A"), mean("3.5"))
    assert judge_it(usual, [planned("CS 600")], {"core": "CS 600"}).standing("gpa") is (
        Standing.PENDING
    )
    assert judge_it(floor, [planned("CS 600")], {"core": "CS 600"}).standing("gpa") is (
        Standing.PLANNED
    )


def test_a_waiver_meets_the_floor_of_an_entry() -> None:
    rules = degree(leaf("core", ["CS 600 [A]"], 1))
    assert judge_it(rules, [waived("CS 600")], {"core": "CS 600"}).is_valid


def test_transfer_meets_the_floor_of_a_prerequisite_and_pass_fail_does_not() -> None:
    rules = degree(
        leaf("core", "CS 700", 1),
        courses=[CATALOGUE[0], asks("CS 700", done("CS 600", min_grade="B"))],
    )
    brought = [transfer("CS 600"), planned("CS 700")]
    passed = [taken("CS 600", "P", basis=Basis.PASS_FAIL), planned("CS 700")]
    assert not judge_it(rules, brought, {"core": "CS 700"}).breaches
    assert broken(judge_it(rules, passed, {"core": "CS 700"})) == {"requisite CS 700"}
