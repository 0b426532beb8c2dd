"""What the model of legal plans makes of a requirement tree; each plan is judged as well."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction

import pytest
from tests.builders import plan_it
from tests.degrees import (
    START,
    all_,
    any_,
    at_least,
    at_most,
    course,
    degree,
    failed,
    has,
    header,
    leaf,
    mean,
    milestone,
    of,
    share,
    size,
    taken,
    transfer,
    waived,
)

from prospectus.domain.course import CourseCode, FormerContent, RepeatBy
from prospectus.domain.errors import UnsupportedError
from prospectus.domain.expression import Approved
from prospectus.domain.facts import Completeness
from prospectus.domain.program import Rename
from prospectus.domain.record import (
    ApprovalState,
    AuditException,
    ExceptionKind,
    Record,
)
from prospectus.domain.requirement import Over, Range, Share, Total
from prospectus.domain.rule import RecordRules, Repeats, WhichAttempt
from prospectus.planning.result import PlanStatus


def test_a_leaf_with_minima_holds_just_enough() -> None:
    rules = degree(
        leaf("core", "any", 2, with_=[at_least("theory", ["MATH 500", "MATH 510"], courses=1)])
    )
    assert plan_it(rules).held == {"core": {"CS 600", "MATH 500"}}


def test_a_leaf_in_credits_may_cross_its_size_with_the_last_use() -> None:
    rules = degree(leaf("core", ["CS 600", "CS 610"], credits=4))
    assert plan_it(rules).value("credits") == 6


def test_a_leaf_never_holds_more_than_its_most() -> None:
    courses = [course("AA 500", 4), course("AA 501", 3), course("AA 502", 2)]
    rules = degree(leaf("core", "any", credits=(5, 5)), courses=courses)
    assert plan_it(rules).held == {"core": {"AA 501", "AA 502"}}


def test_areas_are_matched_so_that_distinct_ones_reach_the_shape() -> None:
    rules = degree(
        leaf(
            "breadth",
            "any",
            2,
            areas={"x": ["CS 600", "CS 610"], "y": ["CS 600"]},
            shape=(1, 1),
        )
    )
    assert plan_it(rules).held == {"breadth": {"CS 600", "CS 610"}}


def test_free_electives_fill_what_the_other_leaves_leave_of_the_total() -> None:
    rules = degree(leaf("core", "CS 700", 1), leaf("free", "any", credits="rest"), total=9)
    answer = plan_it(rules)
    assert answer.held == {"core": {"CS 700"}, "free": {"CS 600", "CS 610"}}


def test_free_electives_keep_a_least_and_a_most_of_their_own() -> None:
    core, free = leaf("core", "CS 700", 1), leaf("free", "any", credits="rest")
    for low, high, planned in ((3, 6, 2), (6, None, 3), (0, 3, 2)):
        bounds = Range(low=Fraction(low), high=None if high is None else Fraction(high))
        answer = plan_it(degree(core, replace(free, rest_within=bounds), total=6))
        assert len(answer.runs) == planned
    too_few = Range(low=Fraction(0), high=Fraction(3))
    answer = plan_it(degree(core, replace(free, rest_within=too_few), total=9))
    assert answer.result.status is PlanStatus.INFEASIBLE


def test_a_waiver_meets_a_leaf_and_opens_a_free_elective() -> None:
    rules = degree(leaf("core", "CS 700", 1), leaf("free", "any", credits="rest"), total=6)
    answer = plan_it(rules, waived("CS 700"))
    assert answer.held == {"core": {"CS 700"}, "free": {"CS 600", "CS 610"}}
    less = degree(
        leaf("core", "CS 700", 1),
        leaf("free", "any", credits="rest"),
        total=Total(credits=size(6), less_waived=True),
    )
    assert plan_it(less, waived("CS 700")).value("credits") == 3


def test_the_best_option_of_an_any_is_taken_and_named() -> None:
    rules = degree(
        any_("track", leaf("a", ["CS 600", "CS 610"], 2), leaf("b", "CS 700", 1), declare=True)
    )
    answer = plan_it(rules)
    assert answer.result.plan is not None
    assert answer.result.plan.witness.choices == (("track", ("b",)),)
    fixed = plan_it(rules, choices=(("track", "a"),))
    assert set(fixed.runs) == {"CS 600", "CS 610"}


def test_two_of_three_options_are_taken_and_a_choice_among_them_holds() -> None:
    parts = (leaf("a", "CS 600", 1), leaf("b", "CS 610", 1), leaf("c", "CS 620", 1))
    rules = degree(any_("two", *parts, n=2))
    assert set(plan_it(rules).held) == {"a", "b"}
    assert "c" in plan_it(rules, choices=(("two", "c"),)).held


def test_an_incomplete_option_is_not_planned() -> None:
    stub = replace(leaf("b", "CS 700", 1), header=header("b", completeness=Completeness.STUB))
    whole = leaf("a", ["CS 600", "CS 610"], 2)
    assert set(plan_it(degree(any_("track", whole, stub))).held) == {"a"}
    with pytest.raises(UnsupportedError, match="PLN-002"):
        plan_it(degree(any_("track", stub)))


def test_a_use_goes_to_one_leaf_of_a_pool_but_to_every_view() -> None:
    leaves = (leaf("a", "CS 600", 1), leaf("b", ["CS 600", "CS 610"], 1))
    assert set(plan_it(degree(*leaves)).runs) == {"CS 600", "CS 610"}
    view = (leaves[0], leaf("b", ["CS 600", "CS 610"], 1, pool="view"))
    assert set(plan_it(degree(*view, pools={"view": False})).runs) == {"CS 600"}


def test_an_overlap_permits_sharing_up_to_its_limit() -> None:
    leaves = (leaf("a", ["CS 600", "CS 610"], 2), leaf("b", ["CS 600", "CS 610"], 2))
    free = degree(*leaves, rules=[share("a", "b")])
    assert set(plan_it(free).runs) == {"CS 600", "CS 610"}
    once = degree(
        leaves[0],
        leaf("b", ["CS 600", "CS 610", "CS 620"], 2),
        rules=[share("a", "b", at_most_courses=1)],
    )
    assert set(plan_it(once).runs) == {"CS 600", "CS 610", "CS 620"}


def test_an_overlap_limits_what_two_counting_pools_share() -> None:
    rules = degree(
        leaf("a", ["CS 600", "CS 610"], 2),
        leaf("b", ["CS 600", "CS 610", "CS 620", "CS 630"], 2, pool="second"),
        pools={"second": True},
        rules=[share("degree", "second", at_most_credits=3)],
    )
    assert len(plan_it(rules).runs) == 3


def test_a_cap_keeps_what_counts_below_it() -> None:
    rules = degree(
        leaf("free", "any", credits="rest"),
        at_most("cap", ["CS 600", "CS 610", "CS 620"], credits=3),
        total=9,
    )
    planned = set(plan_it(rules).runs)
    assert len(planned & {"CS 600", "CS 610", "CS 620"}) == 1


def test_a_share_is_a_part_of_the_enclosing_total() -> None:
    rules = degree(
        leaf("free", "any", credits="rest"),
        at_least("mathematics", ["MATH 500", "MATH 510"], credits=Share(share=Fraction(1, 2))),
        total=12,
    )
    assert {"MATH 500", "MATH 510"} <= set(plan_it(rules).runs)


def test_distinct_values_and_bounds_per_value_are_counted() -> None:
    courses = [course(f"AA {500 + i}", areas=["x"] if i < 3 else ["y"]) for i in range(5)]
    two = degree(
        leaf("free", "any", 2),
        at_least("areas", "any", courses=2, distinct="area"),
        courses=courses,
    )
    assert set(plan_it(two).runs) == {"AA 500", "AA 503"}
    spread = degree(
        leaf("free", "any", 3), at_most("per", "any", courses=2, per="area"), courses=courses
    )
    assert set(plan_it(spread).runs) == {"AA 500", "AA 501", "AA 503"}


def test_a_cap_on_attempts_counts_what_failed() -> None:
    rules = degree(
        leaf("core", ["CS 600", "CS 610"], 1),
        at_most("cap", "CS 600", courses=1, over=Over.ATTEMPTED),
    )
    assert set(plan_it(rules, failed("CS 600")).runs) == {"CS 610"}


def test_a_mean_rules_out_only_what_the_best_grades_cannot_reach() -> None:
    rules = degree(leaf("core", "CS 610", 1), leaf("more", "CS 620", 1), mean(3))
    assert plan_it(rules, taken("CS 600", "D")).result.status is PlanStatus.OPTIMAL
    hopeless = plan_it(rules, taken("CS 600", "D"), taken("CS 630", "D"), taken("CS 700", "D"))
    assert "rule gpa" in hopeless.conflict
    assert hopeless.result.status is PlanStatus.INFEASIBLE


def test_a_milestone_blocks_no_plan() -> None:
    answer = plan_it(degree(leaf("core", "CS 600", 1), milestone("exam")))
    assert answer.result.status is PlanStatus.OPTIMAL


def test_a_low_grade_falls_on_to_a_leaf_that_takes_it() -> None:
    rules = degree(leaf("core", ["CS 600", "CS 610"], 1, min_grade="B"), leaf("free", "any", 1))
    answer = plan_it(rules, taken("CS 600", "C"))
    assert answer.held == {"core": {"CS 610"}, "free": {"CS 600"}}


def test_a_course_is_retaken_only_where_the_newest_try_counts() -> None:
    core = leaf("core", "CS 600", 1, min_grade="B")
    assert plan_it(degree(core), taken("CS 600", "C")).result.status is PlanStatus.INFEASIBLE
    rules = degree(core, record_rules=RecordRules(repeats=Repeats(use=WhichAttempt.NEWEST)))
    assert set(plan_it(rules, taken("CS 600", "C")).runs) == {"CS 600"}


def test_a_course_repeatable_by_period_may_be_planned_in_several() -> None:
    courses = [course("AA 590", 2, repeatable=RepeatBy.PERIOD)]
    rules = degree(leaf("core", "AA 590", credits=6), courses=courses)
    answer = plan_it(rules)
    assert answer.value("credits") == 6
    assert answer.result.plan is not None
    assert len({a.id for a in answer.result.plan.attempts}) == 3


def test_variable_credits_are_chosen_to_fit() -> None:
    courses = [course("AA 590", (1, 3)), course("AA 500", 3)]
    rules = degree(leaf("core", "any", credits=(4, 4)), courses=courses)
    assert plan_it(rules).value("credits") == 4


def test_fractions_of_credits_are_exact() -> None:
    courses = [course(f"AA {500 + i}", "8/3") for i in range(4)]
    rules = degree(leaf("core", "any", credits=8), courses=courses)
    assert plan_it(rules).value("credits") == 8


def test_exceptions_on_the_record_are_honoured() -> None:
    def given(kind: ExceptionKind, **more: object) -> Record:
        made = AuditException(
            kind=kind,
            node=header("core").id,
            who="dean",
            when=START,
            why="",
            **more,  # type: ignore[arg-type]
        )
        return Record(
            matriculation=dt.date(2024, 1, 1), attempts=(taken("CS 710"),), exceptions=(made,)
        )

    rules = degree(leaf("core", "CS 600", 1), leaf("other", "CS 610", 1))
    waive = plan_it(rules, record=given(ExceptionKind.WAIVE))
    assert set(waive.runs) == {"CS 610"}
    insert = plan_it(rules, record=given(ExceptionKind.INSERT, course="CS 710"))
    assert insert.held["core"] == {"CS 710"}
    swap = plan_it(
        rules, record=given(ExceptionKind.SUBSTITUTE, course="CS 710", replaces="CS 600")
    )
    assert swap.held["core"] == {"CS 710"}


def test_a_substitution_holds_in_every_leaf_below_its_node_and_takes_nothing_away() -> None:
    def swaps(*pairs: tuple[str, str, str]) -> Record:
        made = tuple(
            AuditException(
                kind=ExceptionKind.SUBSTITUTE,
                node=header(node).id,
                who="dean",
                when=START,
                why="",
                course=CourseCode(course),
                replaces=CourseCode(replaces),
            )
            for node, course, replaces in pairs
        )
        return Record(
            matriculation=dt.date(2024, 1, 1), attempts=(taken("CS 710"),), exceptions=made
        )

    plain = degree(leaf("core", "CS 600", 1), leaf("other", "CS 610", 1))
    above = plan_it(plain, record=swaps(("degree", "CS 710", "CS 610")))
    assert set(above.runs) == {"CS 600"}
    both = plan_it(
        plain, record=swaps(("other", "CS 710", "MATH 500"), ("other", "CS 710", "CS 610"))
    )
    assert set(both.runs) == {"CS 600"}
    # what stands for a course that the leaf does not take is still what it is
    wide = degree(leaf("core", ["CS 600", "CS 710"], 1))
    assert plan_it(wide, record=swaps(("core", "CS 710", "MATH 500"))).runs == {}


def test_transfer_credit_without_a_letter_meets_a_floor_and_counts_in_caps_by_source() -> None:
    rules = degree(
        leaf("core", "any", 2, min_grade="B"),
        at_most("brought", has("source", "transfer"), courses=1),
    )
    answer = plan_it(rules, transfer("CS 700"), transfer("CS 710"))
    assert len(answer.runs) == 1


def test_a_nested_total_counts_what_stands_below_it() -> None:
    block = all_("block", leaf("a", "CS 600", 1), leaf("b", "any", credits="rest"), total=9)
    assert plan_it(degree(block)).value("credits") == 9


def test_names_that_changed_meet_the_rules_under_either_name() -> None:
    renamed = Rename(old="CS 599", new="CS 600")
    rules = degree(leaf("core", "CS 599", 1), school={"renames": (renamed,)})
    assert set(plan_it(rules).runs) == {"CS 600"}


def test_cross_listed_courses_are_taken_once() -> None:
    listed = {"cross_listed": (("CS 600", "CS 610"),)}
    rules = degree(leaf("core", ["CS 600", "CS 610", "CS 620"], 2), school=listed)
    assert set(plan_it(rules).runs) == {"CS 600", "CS 620"}


def test_a_course_restricted_to_another_programme_is_not_planned() -> None:
    courses = [course("AA 500", restricted_to=["other"]), course("AA 501")]
    assert set(plan_it(degree(leaf("core", "any", 1), courses=courses)).runs) == {"AA 501"}


def test_open_membership_is_used_only_where_granted() -> None:
    rules = degree(leaf("core", Approved(approval="topics", of=of("CS 700")), 1))
    open_answer = plan_it(rules, check=False)
    assert open_answer.result.approvals == ("topics",)
    granted = plan_it(
        rules, record=Record(matriculation=START, approvals=(("topics", ApprovalState.GRANTED),))
    )
    assert granted.result.approvals == ()


def test_what_is_on_record_counts_with_the_content_it_had() -> None:
    former = FormerContent(until=dt.date(2025, 12, 31), title="", topics=frozenset({"logic"}))
    changed = course("AA 500", topics=["agents"], formerly=(former,))
    for topic, n_planned in (("logic", 0), ("agents", 1)):
        core = leaf("core", has("topic", topic), 1)
        other = course("AA 501", topics=["agents"])
        rules = degree(core, courses=[changed, other])
        assert len(plan_it(rules, taken("AA 500", when="Fall 2025")).runs) == n_planned
