"""LANGUAGE 5, Conditions: one expression everywhere, judged at a moment."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from tests.degrees import (
    CATALOGUE,
    SESSIONS,
    all_,
    any_,
    asks,
    at_least,
    broken,
    calendar,
    course,
    degree,
    done,
    failed,
    has,
    judge_it,
    knowing,
    leaf,
    mean,
    milestone,
    noted,
    of,
    offered,
    planned,
    running,
    taken,
    transfer,
    waived,
)

from prospectus.domain.expression import (
    And,
    Approval,
    Background,
    CoursesOf,
    CreditsOf,
    Expression,
    GpaIs,
    HasDegree,
    Member,
    NodeDone,
    NOf,
    Not,
    Or,
    PersonIs,
    Soft,
    Softness,
    SubjectIn,
    TestIs,
    Timing,
)
from prospectus.domain.meaning import eligibility
from prospectus.domain.plan import Standing, Verdict
from prospectus.domain.program import Resolved
from prospectus.domain.record import (
    ApprovalState,
    Attempt,
    AttemptStatus,
    Basis,
    CreditSource,
    MilestoneResult,
    Record,
)
from prospectus.domain.requirement import NodeId, Over, RecordRules, Repeats, WhichAttempt
from prospectus.domain.student import Person

LATER = planned("CS 700", "Spring 2027")


def rules_of(condition: Expression, *nodes: object, **more: object) -> Resolved:
    """A degree in which CS 700 has this prerequisite."""
    return degree(
        leaf("last", "CS 700", 1),
        *nodes,  # type: ignore[arg-type]
        courses=[item for item in CATALOGUE if item.code != "CS 700"] + [asks("CS 700", condition)],
        **more,  # type: ignore[arg-type]
    )


def ask(condition: Expression, *attempts: Attempt, **more: object) -> Verdict:
    """The verdict on attempts, and CS 700 planned for Spring 2027 with this prerequisite."""
    what = Record(
        matriculation=dt.date(2024, 1, 1),
        attempts=(*attempts, LATER),
        approvals=more.pop("approvals", ()),  # type: ignore[arg-type]
        milestones=more.pop("milestones", ()),  # type: ignore[arg-type]
    )
    allocated = more.pop("allocated", None)
    nodes = more.pop("nodes", ())
    rules = rules_of(condition, *nodes, **more)  # type: ignore[misc]
    return judge_it(rules, what, {"last": "CS 700"}, allocated=allocated)


def allows(condition: Expression, *attempts: Attempt, **more: object) -> bool:
    return not ask(condition, *attempts, **more).breaches


# ---------------------------------------------------------------- courses and time


def test_before_means_ended_when_the_other_starts() -> None:
    assert allows(done("CS 600"), planned("CS 600", "Fall 2026"))
    assert not allows(done("CS 600"), planned("CS 600", "Spring 2027"))
    assert not allows(done("CS 600"), planned("CS 600", "Summer 2027"))
    assert not allows(done("CS 600"))


@pytest.mark.parametrize(
    "status", [AttemptStatus.WITHDRAWN, AttemptStatus.FAILED, AttemptStatus.INCOMPLETE]
)
def test_what_was_not_passed_is_no_prerequisite(status: AttemptStatus) -> None:
    assert not allows(done("CS 600"), taken("CS 600", None, status=status))


def test_an_audited_course_is_no_prerequisite() -> None:
    assert not allows(done("CS 600"), taken("CS 600", None, basis=Basis.AUDIT))


def test_a_course_may_be_asked_with_a_floor() -> None:
    floor = done("CS 600", min_grade="B")
    assert allows(floor, taken("CS 600", "B"))
    assert not allows(floor, taken("CS 600", "C"))


def test_a_course_may_be_asked_since_a_day() -> None:
    since = done("CS 600", since=dt.date(2025, 1, 1))
    assert allows(since, taken("CS 600", when="Fall 2025"))
    assert not allows(since, taken("CS 600", when="Fall 2024"))


def test_with_or_after_a_date_is_an_or() -> None:
    either = Or(items=(done("CS 600", min_grade="A"), done("CS 600", since=dt.date(2025, 1, 1))))
    assert allows(either, taken("CS 600", "A", "Fall 2024"))
    assert allows(either, taken("CS 600", "B", "Fall 2025"))
    assert not allows(either, taken("CS 600", "B", "Fall 2024"))


def test_a_topic_may_be_asked() -> None:
    topic = done("CS 600", topic="nlp")
    assert allows(topic, taken("CS 600", topic="nlp"))
    assert not allows(topic, taken("CS 600", topic="vision"))


def test_concurrent_is_before_or_overlapping_with_a_start_no_later() -> None:
    concurrent = done("CS 600", timing=Timing.CONCURRENT)
    assert allows(concurrent, planned("CS 600", "Fall 2026"))
    assert allows(concurrent, planned("CS 600", "Spring 2027"))
    assert not allows(concurrent, planned("CS 600", "Summer 2027"))
    assert not allows(concurrent)


def test_with_is_overlapping_strictly() -> None:
    strict = done("CS 600", timing=Timing.WITH)
    assert allows(strict, planned("CS 600", "Spring 2027"))
    assert not allows(strict, planned("CS 600", "Fall 2026"))


def test_a_floor_binds_only_where_the_course_ended_before() -> None:
    floor = done("CS 600", min_grade="B", timing=Timing.CONCURRENT)
    assert not allows(floor, taken("CS 600", "C"))
    assert allows(floor, planned("CS 600", "Spring 2027", expected_grade="C"))


def test_transfer_and_waivers_lie_before_every_period_and_satisfy_a_named_course() -> None:
    assert allows(done("CS 600"), transfer("CS 600"))
    assert allows(done("CS 600", min_grade="A"), waived("CS 600"))


def spanning() -> dict[str, object]:
    """Two sessions a term; CS 600 takes both of a Fall, CS 700 any one."""
    rows = (
        *offered("CS 600", "Fall", sessions=(1, 2)),
        *offered("CS 700", "Fall", "Spring", any_session=True),
    )
    return {"school": {"calendar": calendar(SESSIONS), "offerings": rows}}


def test_a_named_part_of_a_spanning_course_is_done_at_the_end_of_its_leaf_period() -> None:
    whole = taken("CS 600", None, status=AttemptStatus.PLANNED, periods=("Fall 2026",))
    second = planned("CS 700", "Fall 2026 S2")
    part = rules_of(done("CS 600", part=1), **spanning())
    all_of_it = rules_of(done("CS 600"), **spanning())
    assert not judge_it(part, [whole, second], {"last": "CS 700"}).breaches
    assert broken(judge_it(all_of_it, [whole, second], {"last": "CS 700"})) == {"requisite CS 700"}
    first = planned("CS 700", "Fall 2026 S1")
    assert broken(judge_it(part, [whole, first], {"last": "CS 700"})) == {"requisite CS 700"}


def test_conditions_are_judged_on_leaf_periods() -> None:
    rows = tuple(row for c in ("CS 600", "CS 700") for row in offered(c, "Fall", any_session=True))
    rules = rules_of(done("CS 600"), school={"calendar": calendar(SESSIONS), "offerings": rows})
    attempts = [planned("CS 600", "Fall 2026 S1"), planned("CS 700", "Fall 2026 S2")]
    assert not judge_it(rules, attempts, {"last": "CS 700"}).breaches


# ------------------------------------------------------------------ counts and means


def test_so_many_credits_finished_of_a_selector() -> None:
    six = CreditsOf(credits=Fraction(6), of=SubjectIn(subjects=("CS",)))
    assert allows(six, taken("CS 600"), planned("CS 610", "Fall 2026"))
    assert not allows(six, taken("CS 600"), planned("CS 610", "Spring 2027"))
    assert not allows(six, taken("CS 600"), taken("MATH 500"))


def test_so_many_courses_of_a_selector_at_a_school() -> None:
    here = CoursesOf(courses=1, of=of("any"), at="Boulder")
    assert allows(here, transfer("CS 600", school="Boulder"))
    assert not allows(here, transfer("CS 600", school="Denver"))
    assert allows(CoursesOf(courses=1, of=of("any"), at="school"), taken("CS 600"))


def test_a_count_of_courses_sees_no_waiver() -> None:
    assert not allows(CoursesOf(courses=1, of=of("any")), waived("CS 600"))


def test_a_repeated_course_counts_once() -> None:
    two = CoursesOf(courses=2, of=of("any"))
    assert not allows(two, taken("CS 600", "A", "Fall 2024", id="a"), taken("CS 600", id="b"))


def test_a_mean_of_what_is_finished() -> None:
    good = GpaIs(at_least=Fraction(3), of=SubjectIn(subjects=("CS",)))
    assert allows(good, taken("CS 600", "B"), taken("MATH 500", "C"))
    assert not allows(good, taken("CS 600", "C"))


def test_a_mean_counts_planned_grades_and_never_forbids_what_better_ones_could_reach() -> None:
    good = GpaIs(at_least=Fraction(3))
    usual = ask(good, taken("CS 600", "B"), planned("CS 610", "Fall 2026"))
    better = ask(good, taken("CS 600", "C"), planned("CS 610", "Fall 2026"))
    assert not usual.breaches
    assert not usual.notes
    assert not better.breaches
    assert noted(better) == {"requisite CS 700"}


# ------------------------------------------------------------------ joining, softness


def test_and_or_n_of() -> None:
    a, b, c = done("CS 600"), done("CS 610"), done("CS 620")
    have = [taken("CS 600"), taken("CS 610")]
    assert allows(And(items=(a, b)), *have)
    assert not allows(And(items=(a, c)), *have)
    assert allows(Or(items=(c, b)), *have)
    assert allows(And(items=(a, Or(items=(b, c)))), *have)
    assert allows(NOf(n=2, items=(a, b, c)), *have)
    assert not allows(NOf(n=3, items=(a, b, c)), *have)


@pytest.mark.parametrize("kind", list(Softness))
def test_soft_conditions_never_block(kind: Softness) -> None:
    assert allows(Soft(kind=kind, item=done("CS 600")))


def test_a_recommended_course_that_is_missing_is_noted() -> None:
    item = course("CS 700", advisory=Soft(kind=Softness.RECOMMENDED, item=done("CS 600")))
    rules = degree(leaf("last", "CS 700", 1), courses=[*CATALOGUE[:4], item])
    missing = judge_it(rules, [LATER], {"last": "CS 700"})
    there = judge_it(rules, [taken("CS 600"), LATER], {"last": "CS 700"})
    assert not missing.breaches
    assert noted(missing) == {"advice CS 700"}
    assert not there.notes


def test_what_helps_or_is_typical_weighs_and_is_not_even_noted() -> None:
    for kind in (Softness.HELPS, Softness.TYPICAL):
        item = course("CS 700", advisory=Soft(kind=kind, item=done("CS 600")))
        rules = degree(leaf("last", "CS 700", 1), courses=[*CATALOGUE[:4], item])
        assert not judge_it(rules, [LATER], {"last": "CS 700"}).notes


def test_silence_in_a_source_blocks_nothing() -> None:
    silent = course("CS 700", requisite=None, requisite_stated=False)
    rules = degree(leaf("last", "CS 700", 1), courses=[*CATALOGUE[:4], silent])
    assert not judge_it(rules, [LATER], {"last": "CS 700"}).breaches


# ---------------------------------------------------------------- facts of the person


@pytest.mark.parametrize(
    ("condition", "yes", "no"),
    [
        (
            HasDegree(level="bachelor", field="cs"),
            {"degrees": (("bachelor", "cs"),)},
            {"degrees": (("bachelor", "art"),)},
        ),
        (
            TestIs(name="TOEFL", at_least=Fraction(100)),
            {"tests": (("TOEFL", Fraction(100)),)},
            {"tests": (("TOEFL", Fraction(99)),)},
        ),
        (PersonIs(fact="visa", value="F1"), {"visa": "F1"}, {"visa": "none"}),
        (Member(program="dual"), {"memberships": frozenset({"dual"})}, {}),
    ],
)
def test_facts_of_the_person(
    condition: Expression, yes: dict[str, object], no: dict[str, object]
) -> None:
    assert allows(condition, person=knowing(**yes))
    assert not allows(condition, person=knowing(**no))
    assert allows(Not(item=condition), person=knowing(**no))
    assert not allows(Not(item=condition), person=knowing(**yes))


def test_background_cannot_be_had_inside_the_programme_so_alone_it_is_advice() -> None:
    algebra, course = Background(topic="algebra"), done("CS 600")
    nothing, much = knowing(background=frozenset()), knowing(background=frozenset({"algebra"}))
    assert allows(algebra, person=nothing)
    assert not allows(Or(items=(course, algebra)), person=nothing)
    assert allows(Or(items=(course, algebra)), person=much)


def test_a_course_outside_the_catalogue_is_one_alternative_or_advice() -> None:
    outside, course = done("ZZ 100"), done("CS 600")
    assert allows(outside)
    assert not allows(Or(items=(course, outside)))
    assert not allows(And(items=(course, outside)))


@pytest.mark.parametrize(
    "condition", [HasDegree(level="bachelor"), Background(topic="algebra"), Approval(who="advisor")]
)
def test_a_fact_that_is_not_known_does_not_block_but_is_noted(condition: Expression) -> None:
    found = ask(condition)
    assert not found.breaches
    assert noted(found) == {"requisite CS 700"}


def test_an_approval_refused_blocks_and_one_granted_does_not() -> None:
    rule = Approval(who="advisor")
    assert allows(rule, approvals=(("advisor", ApprovalState.GRANTED),))
    assert not allows(rule, approvals=(("advisor", ApprovalState.REFUSED),))


def test_or_consent_lets_a_plan_wait_for_the_consent() -> None:
    either = Or(items=(done("CS 600"), Approval(who="instructor")))
    assert noted(ask(either)) == {"requisite CS 700"}
    assert not ask(either, taken("CS 600")).notes


def test_a_prerequisite_that_cannot_be_had_inside_the_programme_is_advisory() -> None:
    found = ask(done("PHYS 101"))
    assert not found.breaches
    assert noted(found) == {"requisite CS 700"}


def test_beside_a_prerequisite_that_can_be_had_it_stays_advisory() -> None:
    both = And(items=(done("PHYS 101"), done("CS 600")))
    assert not allows(both)
    assert allows(both, taken("CS 600"))


# -------------------------------------------------------------- a tree as a condition

FOUND = leaf("found", ["CS 600", "CS 610", "CS 620"], 2, pool="view", min_grade="B")


def test_a_node_is_done_by_what_is_finished_then() -> None:
    rule = NodeDone(node="found")
    assert allows(rule, taken("CS 600"), planned("CS 610", "Fall 2026"), nodes=[FOUND])
    assert not allows(rule, taken("CS 600"), planned("CS 610", "Spring 2027"), nodes=[FOUND])
    assert not allows(rule, taken("CS 600"), taken("CS 610", "C"), nodes=[FOUND])


def test_a_node_as_a_condition_allocates_in_a_pool_of_its_own() -> None:
    """The courses serve another leaf of the same pool all the same."""
    core = leaf("core", ["CS 600", "CS 610"], 2)
    node = leaf("found", ["CS 600", "CS 610"], 2)
    rules = rules_of(NodeDone(node="found"), core, node)
    attempts = [taken("CS 600"), taken("CS 610"), LATER]
    found = judge_it(rules, attempts, {"core": ["CS 600", "CS 610"], "last": "CS 700"})
    assert not found.breaches
    assert found.standing("found") is Standing.UNMET


def test_leaves_of_a_tree_used_as_a_condition_compete_with_each_other() -> None:
    block = all_("block", leaf("x", ["CS 600", "CS 610"], 1), leaf("y", ["CS 600"], 1), pool="v")
    rule = NodeDone(node="block")
    assert not allows(rule, taken("CS 600"), nodes=[block])
    assert allows(rule, taken("CS 600"), taken("CS 610"), nodes=[block])


def test_branches_of_a_tree_used_as_a_condition_compete_too() -> None:
    block = all_(
        "block", all_("l", leaf("x", ["CS 600"], 1)), all_("r", leaf("y", ["CS 600"], 1)), pool="v"
    )
    assert not allows(NodeDone(node="block"), taken("CS 600"), nodes=[block])


def test_leaves_in_credits_do_not_use_a_course_twice_either() -> None:
    block = all_("block", leaf("x", "any", credits=3), leaf("y", "any", credits=3), pool="v")
    rule = NodeDone(node="block")
    assert not allows(rule, taken("CS 600"), nodes=[block])
    assert allows(rule, taken("CS 600"), taken("CS 610"), nodes=[block])


def test_a_witness_may_show_an_allocation_and_a_false_one_shows_nothing() -> None:
    block = all_("block", leaf("x", "any", credits=3), leaf("y", ["CS 600"], credits=3), pool="v")
    rule = NodeDone(node="block")
    have = [taken("CS 600"), taken("CS 610")]
    good = {"block": {"x": "CS 610", "y": "CS 600"}}
    assert allows(rule, *have, nodes=[block], allocated=good)
    twice = {"block": {"x": "CS 600", "y": "CS 600"}}
    assert not allows(rule, have[0], nodes=[block], allocated=twice)


def test_an_any_a_total_and_minima_hold_inside_a_condition() -> None:
    either = any_("either", leaf("x", "CS 600", 1), leaf("y", "CS 610", 1), pool="v")
    assert allows(NodeDone(node="either"), taken("CS 610"), nodes=[either])
    assert not allows(NodeDone(node="either"), taken("CS 620"), nodes=[either])
    block = all_("block", leaf("z", "CS 600", 1), leaf("free", credits="rest"), total=6, pool="v")
    assert not allows(NodeDone(node="block"), taken("CS 600"), nodes=[block])
    assert allows(NodeDone(node="block"), taken("CS 600"), taken("CS 610"), nodes=[block])
    minimum = leaf("m", "any", 2, with_=[at_least("one", "CS 600", courses=1)], pool="v")
    assert not allows(NodeDone(node="m"), taken("CS 610"), taken("CS 620"), nodes=[minimum])
    assert allows(NodeDone(node="m"), taken("CS 610"), taken("CS 600"), nodes=[minimum])


def test_areas_hold_inside_a_condition() -> None:
    node = leaf(
        "b", "any", 2, areas={"x": ["CS 600", "CS 610"], "y": ["CS 610"]}, shape=(1, 1), pool="v"
    )
    assert allows(NodeDone(node="b"), taken("CS 600"), taken("CS 610"), nodes=[node])
    assert not allows(NodeDone(node="b"), taken("CS 600"), taken("CS 620"), nodes=[node])


def test_a_mean_holds_inside_a_condition() -> None:
    path = all_("path", leaf("three", "any", 2), mean(3, over=Over.APPLIED), pool="v")
    rule = NodeDone(node="path")
    assert allows(rule, taken("CS 600", "A"), taken("CS 610", "C"), nodes=[path])
    assert not allows(rule, taken("CS 600", "B"), taken("CS 610", "C"), nodes=[path])


def test_a_waived_course_counts_in_a_node_used_as_a_condition() -> None:
    assert allows(NodeDone(node="found"), waived("CS 600"), taken("CS 610"), nodes=[FOUND])


def test_once_met_a_node_stays_met_though_a_repeat_takes_the_use_away() -> None:
    newest = RecordRules(repeats=Repeats(use=WhichAttempt.NEWEST))
    have = [
        taken("CS 600", "A", "Fall 2024", id="first"),
        taken("CS 610", "A", "Fall 2024"),
        taken("CS 600", "C", "Fall 2025", id="again"),
    ]
    assert allows(NodeDone(node="found"), *have, nodes=[FOUND], record_rules=newest)


def test_a_repeat_yet_to_come_takes_nothing_from_an_earlier_moment() -> None:
    """The record is cut at the moment: CS 600 counts in Spring 2027 though it is repeated later."""
    newest = RecordRules(repeats=Repeats(use=WhichAttempt.NEWEST))
    again = planned("CS 600", "Summer 2027", id="again")
    three = CreditsOf(credits=Fraction(3), of=of("CS 600"))
    assert allows(three, taken("CS 600", "C"), again, record_rules=newest)


def test_a_milestone_as_a_condition_is_done_when_passed_and_open_until_then() -> None:
    exam = milestone("exam", needs=done("CS 600"))
    passed = MilestoneResult(
        milestone=NodeId("exam"), status=AttemptStatus.PASSED, on=dt.date(2026, 12, 1)
    )
    rule = NodeDone(node="exam")
    assert allows(rule, nodes=[exam], milestones=(passed,))
    late = MilestoneResult(
        milestone=NodeId("exam"), status=AttemptStatus.PASSED, on=dt.date(2027, 2, 1)
    )
    assert not allows(rule, nodes=[exam], milestones=(late,))
    assert not allows(rule, nodes=[exam])
    possible = ask(rule, taken("CS 600"), nodes=[exam])
    assert not possible.breaches
    assert noted(possible) == {"requisite CS 700"}


def test_a_prerequisite_that_was_not_met_in_the_past_is_a_note_never_lost_credit() -> None:
    rules = rules_of(done("CS 600"))
    for attempt in (taken("CS 700"), running("CS 700")):
        found = judge_it(rules, [attempt], {"last": "CS 700"})
        assert not found.breaches
        assert noted(found) == {"requisite CS 700"}
        assert found.degree > Standing.PLANNED


# -------------------------------------------------------------------- eligibility

BACHELOR = HasDegree(level="bachelor")
SCORE = TestIs(name="TOEFL", at_least=Fraction(100))


def test_eligibility_is_yes_no_or_depends_with_the_conditions_that_lack() -> None:
    rule = And(items=(BACHELOR, SCORE))
    both = Person(degrees=(("bachelor", "art"),), tests=(("TOEFL", Fraction(101)),))
    assert eligibility(rule, both) == (True, ())
    low = Person(degrees=(("bachelor", "art"),), tests=(("TOEFL", Fraction(90)),))
    assert eligibility(rule, low) == (False, (SCORE,))
    unsaid = Person(degrees=(("bachelor", "art"),))
    assert eligibility(rule, unsaid) == (None, (SCORE,))


def test_eligibility_that_nobody_states_is_unknown() -> None:
    assert eligibility(None, Person()) == (None, ())


def test_eligibility_never_fails_on_what_is_recommended() -> None:
    rule = Soft(kind=Softness.RECOMMENDED, item=Background(topic="calculus"))
    assert eligibility(rule, Person(background=frozenset())) == (True, ())


def test_an_earlier_degree_may_make_one_ineligible() -> None:
    rule = Not(item=HasDegree(level="master", field="data science"))
    assert eligibility(rule, Person(degrees=(("master", "data science"),)))[0] is False
    assert eligibility(rule, Person(degrees=(("bachelor", "data science"),)))[0] is True


def test_the_mean_of_a_prior_degree_is_a_fact_of_the_person() -> None:
    rule = GpaIs(at_least=Fraction(3))
    assert eligibility(rule, Person(gpa=Fraction(3)))[0] is True
    assert eligibility(rule, Person(gpa=Fraction(2)))[0] is False
    assert eligibility(rule, Person())[0] is None


def test_credit_by_exam_and_credential_satisfies_a_named_course() -> None:
    for source in (CreditSource.EXAM, CreditSource.CREDENTIAL):
        assert allows(done("CS 600"), transfer("CS 600", source=source))


def test_a_failed_try_followed_by_a_pass_satisfies() -> None:
    assert allows(
        done("CS 600"), failed("CS 600", "Fall 2024", id="f"), taken("CS 600", "C", id="p")
    )


def test_a_selector_of_season_sees_the_attempts_periods() -> None:
    assert allows(CoursesOf(courses=1, of=has("season", "Fall")), taken("CS 600"))
    assert not allows(CoursesOf(courses=1, of=has("season", "Spring")), taken("CS 600"))
