"""What is waived is met: nothing is bought for it, unless nothing else completes as cheaply."""

from __future__ import annotations

import pytest
from tests.degrees import TODAY, all_, any_, course, degree, leaf, taken

from prospectus.app.audit_check import recheck
from prospectus.audit import AuditResult, audit
from prospectus.audit.rules import rules_of
from prospectus.domain.plan import Standing
from prospectus.domain.program import Resolved
from prospectus.domain.record import Attempt, AuditException, ExceptionKind, Record
from prospectus.domain.requirement import NodeId


def waiving(rules: Resolved, node: str, *attempts: Attempt) -> AuditResult:
    """Return the audit of attempts with a node waived, agreed on by the definition."""
    waiver = AuditException(
        kind=ExceptionKind.WAIVE, node=NodeId(node), who="dean", when=TODAY, why=""
    )
    record = Record(attempts=attempts, exceptions=(waiver,))
    found = audit(rules, record, TODAY)
    recheck(rules, record, TODAY, found, {})
    assert found.is_proven
    return found


def bought(result: AuditResult) -> dict[str, str]:
    return {item.course: item.leaf for item in result.witness.completion}


CORE = leaf("core", ["CS 600", "CS 610"], 1)
FREE = leaf("free", "any", credits="rest")


@pytest.mark.parametrize("node", ["core", "block"])
def test_what_is_waived_opens_a_free_elective(node: str) -> None:
    rules = degree(all_("block", CORE), FREE, total=6)
    result = waiving(rules, node, taken("MATH 500"))
    assert result.credits_left == 3
    assert list(bought(result).values()) == ["free"]
    assert result.standing("free") is Standing.UNMET
    [missing] = result.missing
    assert (missing.node, missing.credits) == ("free", 3)


def test_where_no_other_place_is_left_a_waived_leaf_takes_what_the_total_asks() -> None:
    rules = degree(CORE, leaf("maths", "MATH 500", 1), total=6)
    assert bought(waiving(rules, "core", taken("MATH 500"))) == {"CS 600": "core"}


def test_of_two_waived_leaves_the_one_is_spared_that_can_be() -> None:
    rules = degree(
        all_("block", leaf("core", "CS 600", 1), leaf("maths", "MATH 500", 1)),
        leaf("free", ["CS 600", "CS 700"], credits=(3, 3)),
        total=6,
    )
    result = waiving(rules, "block")
    assert result.credits_left == 6
    assert sorted(bought(result).values()) == ["free", "maths"]


def test_a_dearer_completion_is_never_taken_to_spare_a_waived_leaf() -> None:
    courses = [course("CS 600", 3), course("CS 700", 4)]
    rules = degree(
        leaf("core", "CS 600", 1), leaf("free", "CS 700", credits="rest"), total=3, courses=courses
    )
    result = waiving(rules, "core")
    assert result.credits_left == 3
    assert bought(result) == {"CS 600": "core"}


def test_a_use_on_record_stands_in_a_later_leaf_rather_than_in_what_is_waived() -> None:
    result = waiving(degree(CORE, FREE, total=6), "core", taken("CS 600"))
    [place] = result.witness.placements
    assert (place.attempt, place.leaf) == ("CS 600", "free")
    assert list(bought(result).values()) == ["free"]


def test_a_child_that_holds_less_is_not_tied() -> None:
    rules = degree(
        any_(
            "track",
            leaf("one", ["CS 600", "CS 610"], 1),
            all_("two", leaf("a", "CS 610", 1), leaf("b", "CS 620", 1)),
            all_("three", leaf("c", "CS 610", 1), leaf("d", "CS 630", 1)),
            leaf("four", "CS 700", 2),
            declare=True,
        )
    )
    record = Record(attempts=(taken("CS 600"), taken("CS 610"), taken("CS 620"), taken("CS 630")))
    [tie] = audit(rules, record, TODAY).ties
    # `one` is complete too, and holds fewer credits
    assert tie.taken == ("two",)
    assert tie.tied == (("three",),)
    assert dict(tie.credits)[("one",)] == 0


def test_rules_are_compiled_once_for_an_object_and_never_taken_for_those_of_another() -> None:
    first = degree(CORE)
    mine = rules_of(first)
    assert rules_of(first) is mine
    for n in range(70):
        other = degree(leaf(f"leaf-{n}", "any", 1))
        assert rules_of(other).resolved is other
    assert rules_of(first).resolved is first


def held(result: AuditResult) -> dict[str, str]:
    return {one.attempt: one.leaf for one in result.witness.placements}


def test_what_is_waived_holds_no_course_that_another_requirement_lacks() -> None:
    more = leaf("more", ["CS 600", "CS 610", "CS 620"], 2)
    rules = degree(CORE, more, FREE, total=12)
    result = waiving(rules, "core", taken("CS 600"))
    assert list(held(result).values()) == ["more"]
    assert result.credits_left == 9
    # a place that nothing else asks for is still one
    only = degree(CORE, leaf("maths", "MATH 500", 1), total=6)
    assert list(held(waiving(only, "core", taken("CS 600"))).values()) == ["core"]
