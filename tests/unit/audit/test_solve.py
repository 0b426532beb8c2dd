"""The canonical audit: fewest credits left, then nodes met, then uses in code order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from fractions import Fraction

import pytest
from tests.degrees import (
    CATALOGUE,
    TODAY,
    all_,
    any_,
    at_least,
    at_most,
    course,
    degree,
    leaf,
    mean,
    milestone,
    planned,
    record,
    running,
    share,
    taken,
    transfer,
    waived,
    witness,
)

from prospectus.audit import AuditResult, AuditStatus, audit
from prospectus.audit.result import Reason
from prospectus.domain.errors import StudentError, UnsupportedError
from prospectus.domain.expression import (
    AnyCourse,
    Approved,
    Attribute,
    CodeIs,
    Compare,
    GradeIs,
    Has,
    SubjectIn,
)
from prospectus.domain.meaning import judge
from prospectus.domain.plan import Standing
from prospectus.domain.program import Resolved
from prospectus.domain.record import (
    ApprovalState,
    Attempt,
    AuditException,
    CreditSource,
    ExceptionKind,
    Record,
)
from prospectus.domain.requirement import NodeId, Range, Total
from prospectus.domain.rule import RecordRules


def audited(
    rules: Resolved, *attempts: Attempt, whole: Record | None = None, **more: object
) -> AuditResult:
    """Audit a record and have the definition accept the witness."""
    whole = whole or record(*attempts)
    result = audit(rules, whole, TODAY, **more)  # type: ignore[arg-type]
    verdict = judge(rules, whole, result.witness, TODAY)
    assert verdict.is_valid, verdict.faults
    assert result.is_proven
    return result


def held(result: AuditResult) -> dict[str, list[str]]:
    """Return the attempts that each leaf holds."""
    found: dict[str, list[str]] = {}
    for place in result.witness.placements:
        found.setdefault(place.leaf, []).append(place.attempt)
    return found


def bought(result: AuditResult) -> set[str]:
    """Return the courses of the completion."""
    return {str(item.course) for item in result.witness.completion}


def reasons(result: AuditResult) -> Mapping[str, Reason]:
    """Return why each unused attempt is not used."""
    return {item.attempt: item.reason for item in result.unused}


def excepting(kind: ExceptionKind, node: str, **more: object) -> AuditException:
    """Return an approved departure."""
    return AuditException(
        kind=kind,
        node=NodeId(node),
        who="dean",
        when=TODAY,
        why="",
        **more,  # type: ignore[arg-type]
    )


def test_a_course_moves_so_that_another_finds_its_place() -> None:
    rules = degree(
        leaf("first", ["CS 600", "CS 610"], 1),
        leaf("second", ["CS 600"], 1),
    )
    result = audited(rules, taken("CS 600"), taken("CS 610"))
    assert result.is_complete
    assert held(result) == {"first": ["CS 610"], "second": ["CS 600"]}


def test_what_is_missing_is_named_with_all_that_would_do() -> None:
    rules = degree(leaf("core", ["CS 600", "CS 610"], 1), leaf("maths", "MATH 500", 1))
    result = audited(rules, taken("MATH 500"))
    assert result.credits_left == 3
    [missing] = result.missing
    assert (missing.node, missing.courses) == ("core", 1)
    assert missing.one_of == ("CS 600", "CS 610")
    assert missing.path == ("degree", "core")
    assert result.met == ("maths",)


def test_free_electives_never_hide_a_required_course() -> None:
    rules = degree(leaf("core", "CS 600", 1), leaf("rest", "any", credits="rest"), total=9)
    attempts = [taken(code) for code in ("CS 610", "CS 620", "CS 630", "CS 700")]
    result = audited(rules, *attempts)
    assert result.credits_left == 3
    assert bought(result) == {"CS 600"}
    assert len(held(result)["rest"]) == 2


def test_uses_stand_in_code_order_in_the_earliest_leaf_and_surplus_last() -> None:
    rules = degree(leaf("first", "any", 1), leaf("second", "any", 1))
    result = audited(rules, taken("CS 620"), taken("CS 600"), taken("CS 610"))
    assert held(result) == {"first": ["CS 600"], "second": ["CS 610"]}
    assert reasons(result) == {"CS 620": Reason.FULL}
    assert result.unused[0].holders == ("CS 600",)


def test_of_two_leaves_that_want_the_one_passed_course_the_first_is_met() -> None:
    rules = degree(leaf("first", "any", 1), leaf("second", "any", 1))
    result = audited(rules, running("CS 600"), taken("CS 610"))
    assert held(result) == {"first": ["CS 610"], "second": ["CS 600"]}
    assert result.standing("second") is Standing.IN_PROGRESS


def test_a_course_under_a_floor_falls_on_to_a_leaf_that_takes_it() -> None:
    rules = degree(
        leaf("core", ["CS 600", "CS 610"], 1, min_grade="B"),
        leaf("rest", "any", credits="rest"),
        total=6,
    )
    result = audited(rules, taken("CS 600", "C"))
    assert held(result) == {"rest": ["CS 600"]}
    assert bought(result) == {"CS 610"}


def test_a_floor_is_the_reason_where_only_that_leaf_names_the_course() -> None:
    rules = degree(leaf("core", "CS 600", 1, min_grade="B"), leaf("other", "CS 610", 1))
    result = audited(rules, taken("CS 600", "C"), taken("MATH 500"))
    assert reasons(result) == {"CS 600": Reason.FLOOR, "MATH 500": Reason.NOTHING}
    assert result.credits_left is None


def test_what_cannot_be_completed_holds_as_much_as_it_can() -> None:
    rules = degree(leaf("core", "CS 999", 1), leaf("maths", "MATH 500", 1))
    result = audited(rules, taken("MATH 500"))
    assert result.credits_left is None
    assert not result.is_complete
    assert held(result) == {"maths": ["MATH 500"]}
    assert not bought(result)


def test_a_third_outside_course_does_not_count() -> None:
    rules = degree(
        leaf("rest", "any", credits="rest"),
        at_most("outside", SubjectIn(subjects=("MATH",)), credits=3),
        total=9,
    )
    result = audited(rules, taken("MATH 500"), taken("MATH 510"), taken("CS 600"))
    assert result.credits_left == 3
    assert held(result)["rest"] == ["CS 600", "MATH 500"]
    assert reasons(result) == {"MATH 510": Reason.CAP}
    assert result.unused[0].node == "outside"


def test_a_course_counts_in_two_leaves_only_with_the_grade_that_sharing_asks() -> None:
    well = GradeIs(compare=Compare.AT_LEAST, grade="B")
    rules = degree(
        leaf("breadth", ["CS 600", "CS 610"], 1),
        leaf("depth", ["CS 600", "CS 620"], 1),
        rules=[share("breadth", "depth", of_=well)],
    )
    assert audited(rules, taken("CS 600", "B")).is_complete
    assert audited(rules, taken("CS 600", "C")).credits_left == 3


def test_one_missing_course_completes_a_leaf_and_a_view_of_it() -> None:
    rules = degree(
        leaf("core", ["CS 600", "CS 610"], 1),
        leaf("start", ["CS 610", "CS 620"], 1, pool="view"),
        pools={"view": False},
    )
    result = audited(rules)
    assert result.credits_left == 3
    assert bought(result) == {"CS 610"}


def test_a_waiver_meets_a_leaf_and_opens_an_elective() -> None:
    rules = degree(leaf("core", "CS 600", 1), leaf("rest", "any", credits="rest"), total=6)
    result = audited(rules, waived("CS 600"), taken("CS 610"))
    assert result.credits_left == 3
    assert result.missing[0].node == "rest"


def test_less_waived_lowers_the_total() -> None:
    total = Total(credits=Range(low=Fraction(6)), less_waived=True)
    rules = degree(leaf("core", "CS 600", 1), leaf("rest", "any", credits="rest"), total=total)
    assert audited(rules, waived("CS 600"), taken("CS 610")).is_complete


def test_a_course_of_variable_credits_takes_what_a_cap_leaves() -> None:
    reading = course("CS 690", (1, 3))
    rules = degree(
        leaf("rest", "any", credits="rest"),
        at_most("readings", "CS 690", credits=2),
        total=5,
        courses=[*CATALOGUE, reading],
    )
    result = audited(rules, taken("CS 690"), taken("CS 600"))
    assert result.is_complete
    parts = {place.attempt: place.part for place in result.witness.placements}
    assert parts == {"CS 600": None, "CS 690": 2}


def test_a_split_course_fills_the_last_place_of_one_leaf_and_goes_on_to_the_next() -> None:
    thesis = course("CS 698", 6, split=True)
    rules = degree(
        leaf("first", "any", credits=4),
        leaf("second", "any", credits=2),
        courses=[*CATALOGUE, thesis],
    )
    result = audited(rules, taken("CS 698", credits=Fraction(6)))
    assert result.is_complete
    parts = {place.leaf: place.part for place in result.witness.placements}
    assert parts == {"first": 4, "second": 2}


def test_areas_are_reached_by_some_distinct_areas() -> None:
    areas = {"x": ["CS 600", "CS 610"], "y": ["CS 610", "CS 620"], "z": "CS 700"}
    rules = degree(leaf("breadth", "any", 3, areas=areas, shape=(2, 1)))
    result = audited(rules, taken("CS 600"), taken("CS 610"), taken("CS 620"))
    assert result.is_complete
    served = sorted(place.area for place in result.witness.placements)
    assert served in (["x", "x", "y"], ["x", "y", "y"])


def test_minima_may_be_served_by_one_course() -> None:
    with_ = [
        at_least("logic", ["CS 600", "CS 610"], courses=1),
        at_least("data", ["CS 610", "CS 620"], courses=1),
    ]
    rules = degree(leaf("studio", "any", 1, with_=with_))
    assert held(audited(rules, taken("CS 610"))) == {"studio": ["CS 610"]}
    # with more to choose from, what is first in code order is held where it fits
    result = audited(rules, taken("CS 600"), taken("CS 610"), taken("CS 620"))
    assert held(result) == {"studio": ["CS 600", "CS 620"]}


def test_the_missing_form_names_the_minima_not_reached() -> None:
    with_ = [at_least("logic", ["CS 600"], courses=1)]
    rules = degree(leaf("studio", "any", 2, with_=with_))
    [missing] = audited(rules, taken("CS 610")).missing
    assert missing.minima == ("logic",)
    assert missing.chosen == ("CS 600",)


def test_an_approval_not_granted_leaves_a_leaf_pending_and_is_not_bought() -> None:
    special = Approved(approval="dean", of=CodeIs(code="CS 700"))
    rules = degree(leaf("open", [special, "CS 600"], 1), leaf("also", "CS 610", 1))
    result = audited(rules, taken("CS 700"), taken("CS 610"))
    assert result.credits_left == 0
    assert result.standing("open") is Standing.PENDING
    granted = Record(
        attempts=(taken("CS 700"), taken("CS 610")), approvals=(("dean", ApprovalState.GRANTED),)
    )
    assert audited(rules, whole=granted).standing("open") is Standing.MET
    assert bought(audited(rules)) == {"CS 600", "CS 610"}


def test_what_only_an_approval_could_complete_says_so() -> None:
    special = Approved(approval="dean", of=CodeIs(code="CS 700"))
    result = audited(degree(leaf("open", special, 1)))
    assert result.credits_left == 3
    assert not result.is_completion_sure


def test_a_waiver_meets_the_floor_and_the_low_grade_beside_it_is_an_elective() -> None:
    rules = degree(
        leaf("core", "CS 600", 1, min_grade="B"), leaf("free", "any", credits="rest"), total=6
    )
    found = audit(rules, record(waived("CS 600"), taken("CS 600", "C", id="low")), TODAY)
    places = {(one.attempt, one.leaf) for one in found.witness.placements}
    assert (places, found.credits_left) == ({("CS 600", "core"), ("low", "free")}, 3)


def test_a_waiver_is_looked_at_again_when_another_attempt_counts_beside_it() -> None:
    rules = degree(leaf("core", "CS 600", 1, min_grade="B"))
    for grade, holder in (("C", "CS 600"), ("A", "real"), ("C", "CS 600")):
        found = audit(rules, record(waived("CS 600"), taken("CS 600", grade, id="real")), TODAY)
        assert [one.attempt for one in found.witness.placements] == [holder]


def test_a_course_waived_and_taken_fills_one_place_of_a_leaf() -> None:
    rules = degree(leaf("core", ["CS 600", "CS 610"], 2))
    found = audit(rules, record(waived("CS 600"), taken("CS 600", "C", id="low")), TODAY)
    assert (found.credits_left, [one.attempt for one in found.witness.placements]) == (
        3,
        ["low"],
    )
    [unused] = found.unused
    assert (unused.attempt, unused.reason, unused.holders) == ("CS 600", Reason.REPLACED, ("low",))


def test_credit_that_is_too_old_on_the_day_judged_is_lost() -> None:
    rules = degree(leaf("core", "CS 600", 1), record_rules=RecordRules(expires_months=12))
    whole = record(taken("CS 600", when="Fall 2024"))
    assert audited(rules, whole=whole).is_complete
    late = audited(rules, whole=whole, conferral=dt.date(2026, 5, 1))
    assert late.credits_left == 3
    assert reasons(late) == {"CS 600": Reason.EXPIRED}
    assert late.witness.conferral == dt.date(2026, 5, 1)


def test_what_ends_after_the_day_judged_does_not_count() -> None:
    rules = degree(leaf("core", ["CS 600", "CS 610"], 1))
    result = audited(rules, planned("CS 600"), conferral=dt.date(2026, 9, 1))
    assert result.credits_left == 3
    assert reasons(result) == {"CS 600": Reason.CONFERRAL}


def test_the_cheapest_child_is_taken_and_ties_are_listed() -> None:
    rules = degree(
        any_(
            "track",
            leaf("ai", ["CS 600", "CS 610"], 2),
            leaf("sys", ["CS 700", "CS 710"], 2),
            leaf("math", ["MATH 500", "MATH 510"], 2),
            declare=True,
        )
    )
    result = audited(rules, taken("CS 700"))
    assert result.witness.choices == (("track", ("sys",)),)
    [tie] = result.ties
    assert dict(tie.credits) == {("ai",): 6, ("sys",): 3, ("math",): 6}
    assert tie.tied == ()
    [tie] = audited(rules).ties
    assert tie.taken == ("ai",)
    assert tie.tied == (("sys",), ("math",))


def test_among_equal_children_the_one_that_holds_most_is_taken() -> None:
    rules = degree(
        any_(
            "track",
            leaf("one", "CS 600", 1),
            all_("two", leaf("a", "CS 610", 1), leaf("b", "CS 620", 1)),
            declare=True,
        )
    )
    result = audited(rules, taken("CS 610"))
    assert result.witness.choices == (("track", ("two",)),)


def test_a_declared_choice_is_kept_though_it_is_dearer() -> None:
    rules = degree(any_("track", leaf("ai", "CS 600", 1), leaf("sys", "CS 700", 1), declare=True))
    result = audited(rules, taken("CS 700"), choices={"track": "ai"})
    assert result.credits_left == 3
    assert reasons(result) == {"CS 700": Reason.CHOICE}
    assert result.ties == ()
    with pytest.raises(StudentError, match="AUD-003"):
        audit(rules, record(), TODAY, choices={"track": "law"})


def test_exceptions_meet_a_node_or_let_a_course_in() -> None:
    rules = degree(leaf("core", "CS 600", 1), leaf("maths", "MATH 500", 1))
    waive = Record(exceptions=(excepting(ExceptionKind.WAIVE, "core"),))
    assert bought(audited(rules, whole=waive)) == {"MATH 500"}
    insert = Record(
        attempts=(taken("CS 700"),),
        exceptions=(excepting(ExceptionKind.INSERT, "core", course="CS 700"),),
    )
    assert held(audited(rules, whole=insert)) == {"core": ["CS 700"]}
    instead = Record(
        attempts=(taken("CS 710"),),
        exceptions=(
            excepting(ExceptionKind.SUBSTITUTE, "degree", course="CS 710", replaces="MATH 500"),
        ),
    )
    assert held(audited(rules, whole=instead)) == {"maths": ["CS 710"]}


def test_a_leaf_counted_in_courses_holds_no_part_of_a_course() -> None:
    thesis = course("CS 698", 6, split=True)
    first, second = leaf("first", ["CS 698"], 1), leaf("second", ["CS 698", "CS 600"], 1)
    rules = degree(first, second, courses=[*CATALOGUE, thesis])
    by_parts = witness(
        {"first": "CS 698", "second": "CS 698"},
        parts={("CS 698", "first"): 2, ("CS 698", "second"): 4},
    )
    assert not judge(rules, record(taken("CS 698", credits=6)), by_parts, TODAY).is_valid
    result = audited(rules, taken("CS 698", credits=6))
    assert result.credits_left == result.bound == 3


def test_what_is_all_met_is_proven_whatever_parts_there_are() -> None:
    thesis = course("CS 698", 6, split=True)
    first, second = leaf("first", ["CS 698"], 1), leaf("second", ["CS 698", "CS 600"], 1)
    rules = degree(first, second, courses=[*CATALOGUE, thesis])
    result = audited(rules, taken("CS 698", credits=6), taken("CS 600"))
    assert result.is_complete
    assert result.status is AuditStatus.PROVEN


def test_free_electives_hold_no_more_than_their_most_while_the_degree_is_open() -> None:
    rest = leaf("rest", credits="rest", rest_within=Range(low=Fraction(0), high=Fraction(6)))
    rules = degree(leaf("core", ["CS 600", "CS 610"], 2), rest, total=30)
    codes = ("MATH 500", "MATH 510", "CS 620")
    result = audited(rules, *(taken(code) for code in codes))
    held = [place for place in result.witness.placements if place.leaf == "rest"]
    assert result.credits_left is None
    assert len(held) == 2


def test_means_and_milestones_stand_apart() -> None:
    rules = degree(leaf("core", "CS 600", 1), mean(4), milestone("exam"))
    result = audited(rules, taken("CS 600", "B"))
    assert result.is_complete
    assert result.standing("gpa") is None
    assert result.standing("exam") is None


def test_transfer_over_its_cap_is_left_out_by_choice_not_by_order() -> None:
    moved = Has(attribute=Attribute.SOURCE, value=CreditSource.TRANSFER.value)
    rules = degree(
        leaf("core", "MATH 510", 1),
        leaf("rest", "any", credits="rest"),
        at_most("moved", moved, credits=3),
        total=6,
    )
    result = audited(rules, transfer("MATH 500"), transfer("MATH 510"), taken("CS 600"))
    assert result.is_complete
    assert held(result) == {"core": ["MATH 510"], "rest": ["CS 600"]}
    assert reasons(result) == {"MATH 500": Reason.CAP}


def test_a_limit_that_is_reached_is_said_with_what_is_proven() -> None:
    names = [str(item.code) for item in CATALOGUE]
    rules = degree(leaf("core", names, 3), leaf("rest", "any", credits="rest"), total=18)
    whole = record(*(taken(name) for name in names[:4]))
    result = audit(rules, whole, TODAY, steps=1)
    assert result.status is AuditStatus.LIMIT
    assert result.bound <= 6
    assert judge(rules, whole, result.witness, TODAY).is_valid


def test_what_the_search_cannot_say_is_refused_by_name() -> None:
    rules = degree(at_least("each", AnyCourse(), courses=1, per="instructor"))
    with pytest.raises(UnsupportedError, match="AUD-002"):
        audit(rules, record(), TODAY)


def test_credits_in_finer_parts_than_the_programmes_own_are_exact() -> None:
    rules = degree(leaf("rest", "any", credits="rest"), total=6)
    third = Fraction(8, 3)
    result = audited(rules, taken("CS 600", credits=third), taken("CS 610", credits=third))
    assert result.credits_left == 3
    assert result.standing("rest") is Standing.UNMET
