"""Courses of variable credits in a completion: as many credits as are needed, and no more."""

from __future__ import annotations

from fractions import Fraction

from tests.degrees import (
    CATALOGUE,
    TODAY,
    at_least,
    at_most,
    course,
    degree,
    judge_it,
    leaf,
    record,
    taken,
    witness,
)

from prospectus.audit import AuditResult, AuditStatus, audit
from prospectus.domain.course import CourseCode
from prospectus.domain.expression import Compare, CreditsAre
from prospectus.domain.meaning import judge
from prospectus.domain.plan import Completion, Witness
from prospectus.domain.program import Resolved
from prospectus.domain.record import Attempt
from prospectus.domain.requirement import NodeId

READING = course("CS 697", (1, 3))


def audited(rules: Resolved, *attempts: Attempt) -> AuditResult:
    """Audit a record and have the definition accept the witness."""
    whole = record(*attempts)
    result = audit(rules, whole, TODAY)
    verdict = judge(rules, whole, result.witness, TODAY)
    assert verdict.is_valid, verdict.faults
    assert result.is_proven
    return result


def bought(result: AuditResult) -> set[tuple[str, str, Fraction | None]]:
    """Return what the completion takes: course, leaf, credits beyond the least."""
    return {(item.course, item.leaf, item.credits) for item in result.witness.completion}


def completing(*items: tuple[str, str, int | str | None]) -> Witness:
    """Return the witness of a completion: course, leaf, credits."""
    return Witness(
        completion=tuple(
            Completion(
                course=CourseCode(code),
                leaf=NodeId(name),
                credits=None if credits is None else Fraction(credits),
            )
            for code, name, credits in items
        )
    )


def test_a_leaf_of_three_credits_is_completed_by_one_course_of_one_to_three() -> None:
    rules = degree(leaf("study", "CS 697", credits=3), courses=[READING])
    result = audited(rules)
    assert result.credits_left == 3
    assert bought(result) == {("CS 697", "study", Fraction(3))}
    [missing] = result.missing
    assert (missing.credits, missing.one_of, missing.chosen) == (3, ("CS 697",), ("CS 697",))


def test_no_more_credits_are_taken_than_are_asked() -> None:
    rules = degree(leaf("study", "CS 697", credits=2), courses=[READING])
    result = audited(rules)
    assert result.credits_left == 2
    assert bought(result) == {("CS 697", "study", Fraction(2))}


def test_the_least_credits_are_those_that_are_not_named() -> None:
    rules = degree(leaf("study", "CS 697", 1), courses=[READING])
    result = audited(rules)
    assert result.credits_left == 1
    assert bought(result) == {("CS 697", "study", None)}


def test_a_leaf_counted_in_courses_takes_more_credits_where_the_total_asks_them() -> None:
    rules = degree(leaf("study", "CS 697", 1), total=3, courses=[READING])
    result = audited(rules)
    assert result.credits_left == 3
    assert bought(result) == {("CS 697", "study", Fraction(3))}


def test_what_is_short_of_the_most_is_tried_besides_whole_steps() -> None:
    half = course("CS 697", 1)
    half = type(half)(
        code=half.code, title=half.title, credits_low=Fraction(1), credits_high=Fraction(5, 2)
    )
    rules = degree(leaf("study", "CS 697", credits="5/2"), courses=[half])
    assert half.credit_steps == (1, 2, Fraction(5, 2))
    assert bought(audited(rules)) == {("CS 697", "study", Fraction(5, 2))}


def test_each_course_is_taken_with_one_number_of_credits() -> None:
    other = course("CS 699", (1, 3))
    rules = degree(leaf("study", ["CS 697", "CS 699"], credits=5), courses=[READING, other])
    result = audited(rules)
    assert result.credits_left == 5
    found = {item.course: item.credits or Fraction(1) for item in result.witness.completion}
    assert sorted(found.values()) == [2, 3]
    assert set(found) == {"CS 697", "CS 699"}


def test_more_than_all_courses_bring_cannot_be_completed() -> None:
    rules = degree(leaf("study", "CS 697", credits=4), courses=[READING])
    assert audited(rules).credits_left is None


def test_in_two_pools_it_is_one_course_with_one_number_of_credits() -> None:
    rules = degree(
        leaf("study", "CS 697", credits=3),
        leaf("view", "CS 697", 1, pool="view"),
        pools={"view": False},
        courses=[READING],
    )
    result = audited(rules)
    assert result.credits_left == 3
    assert bought(result) == {
        ("CS 697", "study", Fraction(3)),
        ("CS 697", "view", Fraction(3)),
    }


def test_a_selector_of_credits_sees_those_that_are_taken() -> None:
    large = CreditsAre(compare=Compare.AT_LEAST, credits=Fraction(2))
    rules = degree(leaf("large", large, 1), courses=[READING])
    result = audited(rules)
    assert result.credits_left == 2
    assert bought(result) == {("CS 697", "large", Fraction(2))}


def test_a_cap_in_credits_counts_those_that_are_taken() -> None:
    rules = degree(
        leaf("study", ["CS 697", "CS 600"], credits=4),
        at_most("cap", "CS 697", credits=1),
        courses=[*CATALOGUE, READING],
    )
    result = audited(rules)
    assert result.credits_left == 4
    assert bought(result) == {("CS 697", "study", None), ("CS 600", "study", None)}


def test_a_least_in_credits_is_reached_with_the_fewest() -> None:
    rules = degree(
        leaf("study", ["CS 697", "CS 600"], 2),
        at_least("least", "CS 697", credits=2),
        courses=[*CATALOGUE, READING],
    )
    result = audited(rules)
    assert result.credits_left == 5


def test_what_is_on_record_counts_before_credits_are_bought() -> None:
    rules = degree(leaf("study", ["CS 697", "CS 600"], credits=5), courses=[*CATALOGUE, READING])
    result = audited(rules, taken("CS 600"))
    assert result.credits_left == 2
    assert bought(result) == {("CS 697", "study", Fraction(2))}


def test_the_definition_refuses_credits_that_the_course_does_not_have() -> None:
    rules = degree(leaf("study", "CS 697", credits=3), courses=[READING])
    for credits in ("4", "1/2"):
        verdict = judge(rules, record(), completing(("CS 697", "study", credits)), TODAY)
        assert any("is not offered for" in fault.text for fault in verdict.faults)
    assert judge(rules, record(), completing(("CS 697", "study", 3)), TODAY).is_valid


def test_the_definition_refuses_one_course_with_two_numbers_of_credits() -> None:
    rules = degree(
        leaf("study", "CS 697", credits=3),
        leaf("view", "CS 697", 1, pool="view"),
        pools={"view": False},
        courses=[READING],
    )
    twice = completing(("CS 697", "study", 3), ("CS 697", "view", None))
    verdict = judge(rules, record(), twice, TODAY)
    assert any("two numbers of credits" in fault.text for fault in verdict.faults)


def test_a_leaf_counted_in_courses_holds_no_part_of_a_course() -> None:
    thesis = course("CS 698", 6, split=True)
    first, second = leaf("first", ["CS 698"], 1), leaf("second", ["CS 698", "CS 600"], 1)
    rules = degree(first, second, courses=[*CATALOGUE, thesis])
    have = taken("CS 698", credits=6)
    by_parts = witness(
        {"first": "CS 698", "second": "CS 698"},
        parts={("CS 698", "first"): 2, ("CS 698", "second"): 4},
    )
    verdict = judge(rules, record(have), by_parts, TODAY)
    assert any("counts whole" in fault.text for fault in verdict.faults)
    result = audited(rules, have)
    assert (result.credits_left, result.bound, result.status) == (3, 3, AuditStatus.PROVEN)


def test_a_leaf_counted_in_credits_holds_a_part_beside_one_counted_in_courses() -> None:
    thesis = course("CS 698", 6, split=True)
    rules = degree(
        leaf("first", ["CS 698"], credits=4),
        leaf("second", ["CS 698"], credits=2),
        leaf("third", ["CS 698", "CS 600"], 1),
        courses=[*CATALOGUE, thesis],
    )
    have = taken("CS 698", credits=6)
    assert audited(rules, have).credits_left == 3
    parts = {("CS 698", "first"): 4, ("CS 698", "second"): 2}
    places = {"first": "CS 698", "second": "CS 698"}
    assert judge_it(rules, [have], places, parts=parts).is_valid
