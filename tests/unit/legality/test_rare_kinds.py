"""Kinds of rule that few programmes use: each is planned; each plan is judged as well."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction

import pytest
from tests.builders import Answer, plan_it
from tests.degrees import (
    all_,
    asks,
    at_least,
    at_most,
    course,
    degree,
    done,
    has,
    header,
    leaf,
    load,
    mean,
    milestone,
    of,
    offered,
    point,
    taken,
)

from prospectus.domain.course import Course, CourseCode
from prospectus.domain.errors import UnsupportedError
from prospectus.domain.expression import And, CoursesOf, CreditsOf, GpaIs, NodeDone, NOf, PersonIs
from prospectus.domain.facts import Money
from prospectus.domain.fees import Fee, FeePer, FeeTier
from prospectus.domain.program import Equivalent
from prospectus.domain.record import Attempt
from prospectus.domain.requirement import Areas, Fill, Over, Share
from prospectus.domain.rule import (
    Exclude,
    Gate,
    OnMiss,
    Point,
    PointKind,
    Position,
    RecordRules,
    Repeats,
    WhichAttempt,
)
from prospectus.planning.result import PlanStatus

FIVE = [course("AA 500", 1), course("AA 501", 2), course("BB 502", 3), course("BB 503", 3)]


# ------------------------------------------------------------------- leaves


def by_areas(size: dict[str, int], shape: tuple[int, ...], *, in_credits: bool = False) -> Fill:
    """Return a leaf with the areas a (AA) and b (BB)."""
    areas = Areas(
        areas=(("a", of(["AA 500", "AA 501"])), ("b", of(["BB 502", "BB 503"]))),
        shape=tuple(map(Fraction, shape)),
        in_credits=in_credits,
    )
    return replace(leaf("core", "any", **size), areas=areas)


def test_areas_count_credits_where_the_rule_says_so() -> None:
    rules = degree(by_areas({"courses": 1}, (3, 3), in_credits=True), courses=FIVE)
    answer = plan_it(rules)
    assert {"AA 500", "AA 501"} < answer.held["core"]
    assert len(answer.held["core"]) == 3


def test_areas_stand_beside_a_size_in_credits() -> None:
    answer = plan_it(degree(by_areas({"credits": 6}, (1, 1)), courses=FIVE))
    assert answer.value("credits") == 6
    assert {code[:2] for code in answer.held["core"]} == {"AA", "BB"}


def test_areas_stand_beside_a_minimum_that_a_course_of_no_area_may_serve() -> None:
    core = by_areas({"courses": 1}, (1, 1))
    core = replace(core, with_=(at_least("big", "CC 504", courses=1),))
    answer = plan_it(degree(core, courses=[*FIVE, course("CC 504")]))
    assert answer.held["core"] == {"AA 500", "BB 502", "CC 504"}


def test_a_leaf_may_ask_for_several_seasons_or_forbid_them() -> None:
    two = leaf("core", "any", 2, with_=[at_least("mix", "any", courses=2, distinct="season")])
    runs = plan_it(degree(two, courses=FIVE)).runs
    assert len({name.split()[0] for name in runs.values()}) == 2
    one = leaf("core", "any", 2, with_=[at_most("same", "any", courses=1, distinct="season")])
    tight = degree(one, courses=FIVE, enrolment=[load("cap", "term", courses=(0, 1))])
    assert sorted(plan_it(tight).runs.values()) == ["Fall 2026", "Fall 2027"]


def test_a_leaf_may_bound_each_subject_for_itself() -> None:
    capped = leaf("core", "any", 2, with_=[at_most("each", "any", courses=1, per="subject")])
    held = plan_it(degree(capped, courses=FIVE)).held["core"]
    assert {code[:2] for code in held} == {"AA", "BB"}
    deep = leaf("core", "any", 1, with_=[at_least("each", "any", courses=2, per="subject")])
    assert plan_it(degree(deep, courses=FIVE)).held["core"] == {"AA 500", "AA 501"}


def test_a_share_inside_a_leaf_is_of_the_total_around_it() -> None:
    half = at_least("half", "BB 502", credits=Share(share=Fraction(1, 2)))
    core = leaf("core", "any", 1, with_=[half])
    rules = degree(core, leaf("free", "any", credits="rest"), courses=FIVE, total=6)
    assert "BB 502" in plan_it(rules).held["core"]


def test_a_season_that_a_minimum_asks_moves_the_course() -> None:
    spring = at_least("spring", has("season", "Spring"), courses=1)
    core = leaf("core", "AA 500", 1, with_=[spring])
    assert plan_it(degree(core, courses=FIVE)).runs == {"AA 500": "Spring 2027"}


def test_courses_that_together_stand_for_another_count_as_it() -> None:
    both = Equivalent(course=CourseCode("CS 700"), met_by=And(items=(done("AA 1"), done("AA 2"))))
    courses = [course("CS 700"), course("AA 1"), course("AA 2", 4)]
    rules = degree(leaf("core", "CS 700", 1), courses=courses, school={"equivalents": (both,)})
    past = taken("AA 1"), taken("AA 2")
    assert plan_it(rules, *past).held == {"core": {"AA 1", "AA 2"}}
    # one piece alone is nothing, and the course itself is the shorter way
    assert plan_it(rules, past[0]).held == {"core": {"CS 700"}}


# ------------------------------------------------------- positions and gates


def stands(*parts: Fill, **rule: object) -> dict[str, str]:
    """Return the runs of CS 600, 610, 620, one in a term, where CS 610 has a position."""
    position = Position(header=header("place"), of=of("CS 610"), **rule)  # type: ignore[arg-type]
    rules = degree(*parts, rules=[position], enrolment=[load("cap", "term", courses=(0, 1))])
    return plan_it(rules).runs


def test_a_course_starts_no_earlier_than_the_first_of_a_node_and_ends_by_its_last() -> None:
    parts = (leaf("late", ["CS 620", "CS 700"], 2), leaf("other", "CS 610", 1))
    first = Point(kind=PointKind.NODE_START, node=parts[0].header.id)
    runs = stands(*parts, start_from=first)
    assert runs["CS 610"] != "Fall 2026"
    last = Point(kind=PointKind.NODE_END, node=parts[0].header.id)
    runs = stands(*parts, by=last)
    assert runs["CS 610"] != "Summer 2027"


def test_a_course_is_taken_before_so_many_credits_are_finished() -> None:
    parts = (leaf("core", ["CS 600", "CS 610", "CS 620"], 3),)
    by = Point(kind=PointKind.FINISHED, credits=Fraction(3))
    assert stands(*parts, by=by)["CS 610"] == "Fall 2026"


def gated(by: Point, on: tuple[str, ...] = ("Spring",)) -> Answer:
    """Plan AA 500 (in the seasons `on`), BB 502 and BB 503 where a gate asks AA 500 by a point."""
    gate = Gate(
        header=header("gate"),
        needs=done("AA 500"),
        locks=of("CC 999"),
        by=by,
        on_miss=OnMiss.BLOCK,
    )
    school = {
        "offerings": (
            *offered("AA 500", *on),
            *offered("BB 502", "Fall", "Spring", "Summer"),
            *offered("BB 503", "Fall", "Spring", "Summer"),
        )
    }
    rules = degree(
        leaf("core", ["AA 500", "BB 502"], 2),
        leaf("last", "BB 503", 1),
        courses=[course("AA 500"), course("BB 502"), course("BB 503")],
        school=school,
        rules=[gate],
        enrolment=[load("cap", "term", courses=(0, 2))],
    )
    return plan_it(rules, deadline=dt.date(2028, 1, 31))


@pytest.mark.parametrize(
    ("by", "finish"),
    [
        (point(PointKind.CONFERRAL, 1), "Summer 2027"),
        (Point(kind=PointKind.FINISHED, credits=Fraction(3)), "Summer 2027"),
        (Point(kind=PointKind.NODE_START, node=header("last").id), "Summer 2027"),
        (Point(kind=PointKind.NODE_END, node=header("last").id), "Spring 2027"),
    ],
)
def test_a_gate_that_blocks_may_be_due_by_any_point(by: Point, finish: str) -> None:
    answer = gated(by)
    assert max(answer.runs.values(), key=lambda name: (name[-4:], name)) == finish
    assert answer.runs["AA 500"] == "Spring 2027"


def test_a_gate_due_by_credits_keeps_them_waiting() -> None:
    runs = gated(Point(kind=PointKind.FINISHED, courses=1)).runs
    assert sorted(runs.values()) == ["Spring 2027", "Spring 2027", "Summer 2027"]


# --------------------------------------------------------- conditions on trees


def staged(*children: object, total: int | None = None, **more: object) -> Answer:
    """Plan CS 700, which asks that a stage of these children is done, in one course a term."""
    stage = all_("stage", *children, total=total, pool="view")  # type: ignore[arg-type]
    found = [course("CS 600"), course("CS 610"), course("CS 620")]
    rules = degree(
        leaf("core", "CS 700", 1),
        stage,
        courses=[*found, asks("CS 700", NodeDone(node="stage"))],
        pools={"view": False},
        enrolment=[load("cap", "term", courses=(0, 1))],
        **more,  # type: ignore[arg-type]
    )
    return plan_it(rules)


def test_a_stage_with_a_measure_is_done_when_the_measure_holds() -> None:
    base = leaf("base", ["CS 600", "CS 610"], 1, pool="view")
    answer = staged(base, at_least("which", "CS 610", courses=1, within=(base.header.id,)))
    assert set(answer.runs) == {"CS 610", "CS 700"}


def test_a_stage_with_a_mean_is_done_where_good_grades_reach_it() -> None:
    base = leaf("base", ["CS 600", "CS 610"], 1, pool="view")
    assert set(staged(base, mean(3, within=(base.header.id,), over=Over.APPLIED)).runs) == {
        "CS 600",
        "CS 700",
    }


def test_a_stage_with_a_milestone_is_done_when_that_could_be_passed() -> None:
    base = leaf("base", ["CS 600"], 1, pool="view")
    answer = staged(base, milestone("exam", needs=done("CS 620")))
    assert set(answer.runs) == {"CS 600", "CS 620", "CS 700"}


# ---------------------------------------------------- exclusions and repeats


@pytest.mark.parametrize(
    "condition",
    [
        CreditsOf(credits=Fraction(3), of=of("CS 610")),
        CoursesOf(courses=1, of=of("CS 610")),
        NOf(n=1, items=(done("CS 610"), done("CS 630"))),
        GpaIs(at_least=Fraction(2), of=of("CS 610")),
    ],
)
def test_an_exclusion_may_ask_for_sums_and_means(condition: object) -> None:
    rule = Exclude(header=header("no"), course="CS 600", condition=condition)  # type: ignore[arg-type]
    rules = degree(leaf("core", ["CS 600", "CS 610", "CS 620"], 2), rules=[rule])
    assert set(plan_it(rules).runs) == {"CS 600", "CS 620"}


def test_an_exclusion_on_record_reads_sums_and_facts() -> None:
    past = (taken("CS 600"), taken("CS 610", when="Spring 2026"))
    for condition, lost in (
        (CreditsOf(credits=Fraction(3), of=of("CS 610")), "CS 610"),
        (PersonIs(fact="residence", value="nowhere"), None),
    ):
        rule = Exclude(header=header("no"), course="CS 600", condition=condition)
        rules = degree(leaf("core", ["CS 600", "CS 610"], 2), rules=[rule])
        answer = plan_it(rules, *past)
        status = PlanStatus.OPTIMAL if lost is None else PlanStatus.INFEASIBLE
        assert answer.result.status is status


def test_an_exclusion_that_hangs_on_a_node_is_refused() -> None:
    rule = Exclude(header=header("no"), course="CS 600", condition=NodeDone(node="core"))
    with pytest.raises(UnsupportedError, match="PLN-003"):
        plan_it(degree(leaf("core", ["CS 600", "CS 610"], 2), rules=[rule]))


def again(allowed: object, *past: Attempt) -> Answer:
    """Plan AA 500 at B or better, where repeats are allowed on a condition."""
    repeats = Repeats(use=WhichAttempt.NEWEST, allowed=allowed)  # type: ignore[arg-type]
    courses: list[Course] = [course("AA 500"), course("AA 501")]
    rules = degree(
        leaf("core", "AA 500", 1, min_grade="B"),
        courses=courses,
        record_rules=RecordRules(repeats=repeats),
    )
    return plan_it(rules, *past)


def test_a_second_try_waits_for_what_the_condition_on_repeats_asks() -> None:
    past = taken("AA 500", "C")
    runs = again(done("AA 501"), past).runs
    assert runs == {"AA 501": "Fall 2026", "AA 500": "Spring 2027"}
    refused = again(PersonIs(fact="honours", value="yes"), past)
    assert refused.runs == {"AA 500": "Fall 2026"}
    assert again(GpaIs(at_least=Fraction(3)), past).result.status is PlanStatus.INFEASIBLE


def test_two_tries_on_record_count_as_the_condition_on_repeats_says() -> None:
    first, second = taken("AA 500", "C", "Fall 2024", id="first"), taken("AA 500", "A")
    assert again(CreditsOf(credits=Fraction(3)), first, second).runs == {}
    runs = again(CreditsOf(credits=Fraction(4)), first, second)
    assert runs.result.status is PlanStatus.INFEASIBLE


# ------------------------------------------------------------------- money


def test_a_rate_per_credit_falls_with_the_credits_of_the_term() -> None:
    def usd(amount: int) -> Money:
        return Money(minor=amount * 100, currency="USD")

    tiers = (FeeTier(from_credits=0, amount=usd(100)), FeeTier(from_credits=6, amount=usd(50)))
    fee = Fee(id="rate", per=FeePer.CREDIT, tiers=tiers)
    rules = degree(leaf("core", ["CS 600", "CS 610"], 2), school={"fees": (fee,)})
    assert plan_it(rules).value("cost") == 6 * 50_00
    apart = degree(
        leaf("core", ["CS 600", "CS 610"], 2),
        school={"fees": (fee,)},
        enrolment=[load("cap", "term", courses=(0, 1))],
    )
    assert plan_it(apart).value("cost") == 6 * 100_00
