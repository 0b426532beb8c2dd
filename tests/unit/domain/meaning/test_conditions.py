"""LANGUAGE 5, Conditions: one expression everywhere, judged at a moment."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from tests.asking import LATER, allows, ask, rules_of
from tests.degrees import (
    CATALOGUE,
    SESSIONS,
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
from prospectus.domain.plan import Standing
from prospectus.domain.record import (
    ApprovalState,
    AttemptStatus,
    Basis,
    CreditSource,
)

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


def test_a_prerequisite_that_was_not_met_in_the_past_is_a_note_never_lost_credit() -> None:
    rules = rules_of(done("CS 600"))
    for attempt in (taken("CS 700"), running("CS 700")):
        found = judge_it(rules, [attempt], {"last": "CS 700"})
        assert not found.breaches
        assert noted(found) == {"requisite CS 700"}
        assert found.degree > Standing.PLANNED


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
