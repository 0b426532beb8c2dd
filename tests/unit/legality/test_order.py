"""When the model of legal plans lets a course run: order rules and enrolment."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from tests.builders import plan_it
from tests.degrees import (
    SESSIONS,
    all_,
    any_,
    asks,
    calendar,
    course,
    degree,
    done,
    has,
    header,
    knowing,
    leaf,
    load,
    of,
    offered,
    point,
    running,
    taken,
    transfer,
)

from prospectus.domain.expression import (
    And,
    Background,
    CoursesOf,
    CreditsOf,
    GpaIs,
    NodeDone,
    NOf,
    Or,
    PersonIs,
    Soft,
    Softness,
    Timing,
)
from prospectus.domain.offering import LiveSession
from prospectus.domain.rule import (
    Enrolment,
    Exclude,
    Gate,
    OnMiss,
    PointKind,
    Position,
    RecordRules,
    SpanUnit,
    TermsCount,
)
from prospectus.domain.student import FreeTime, Person
from prospectus.planning.result import PlanStatus

TWO = [leaf("core", ["AA 500", "AA 501"], 2)]


def in_order(condition, *more, **rules):  # type: ignore[no-untyped-def]
    """Return the runs of AA 500 and of AA 501, which asks the condition."""
    courses = [course("AA 500"), asks("AA 501", condition), *more]
    return plan_it(degree(*TWO, courses=courses, **rules)).runs


# ------------------------------------------------------------- prerequisites


def test_a_prerequisite_ends_before_its_course_starts() -> None:
    assert in_order(done("AA 500")) == {"AA 500": "Fall 2026", "AA 501": "Spring 2027"}


def test_a_concurrent_requisite_may_share_the_term() -> None:
    runs = in_order(done("AA 500", timing=Timing.CONCURRENT))
    assert runs == {"AA 500": "Fall 2026", "AA 501": "Fall 2026"}


def test_a_strict_corequisite_shares_the_term_or_the_course_is_not_planned() -> None:
    runs = in_order(
        done("AA 500", timing=Timing.WITH), enrolment=[load("cap", "Fall", courses=(0, 1))]
    )
    assert runs == {"AA 500": "Spring 2027", "AA 501": "Spring 2027"}


def test_one_of_two_alternatives_is_enough() -> None:
    condition = Or(items=(done("AA 500"), done("AA 502")))
    assert set(in_order(condition, course("AA 502"))) == {"AA 500", "AA 501"}


def test_an_alternative_may_itself_ask_for_several_choices() -> None:
    choices = And(
        items=(
            Or(items=(done("AA 500"), done("AA 502"))),
            Or(items=(done("AA 503"), done("AA 504"))),
        )
    )
    more = tuple(course(f"AA {number}") for number in (502, 503, 504))
    assert len(in_order(Or(items=(choices, done("BB 1"))), *more)) == 3


def test_all_parts_and_n_of_several_are_asked() -> None:
    more = (course("AA 502"), course("AA 503"))
    both = And(items=(done("AA 500"), done("AA 502")))
    assert set(in_order(both, *more)) == {"AA 500", "AA 501", "AA 502"}
    two = NOf(n=2, items=(done("AA 500"), done("AA 502"), done("AA 503")))
    assert len(in_order(two, *more)) == 3


def test_credits_and_courses_finished_are_counted() -> None:
    more = tuple(course(f"AA 51{i}") for i in range(3))
    assert len(in_order(CreditsOf(credits=Fraction(6)), *more)) == 3
    counted = CoursesOf(courses=2, of=of(["AA 510", "AA 511"]))
    assert {"AA 510", "AA 511"} <= set(in_order(counted, *more))


def test_a_part_of_a_spanning_course_is_done_at_the_end_of_its_session() -> None:
    times = calendar(SESSIONS)
    school = {
        "calendar": times,
        "offerings": (
            *offered("AA 500", "Fall", sessions=(1, 2)),
            *offered("AA 501", "Fall", "Spring", sessions=(2,)),
        ),
    }
    whole = degree(*TWO, courses=[course("AA 500"), asks("AA 501", done("AA 500"))], school=school)
    assert plan_it(whole).runs["AA 501"] == "Spring 2027 S2"
    part = degree(
        *TWO, courses=[course("AA 500"), asks("AA 501", done("AA 500", part=1))], school=school
    )
    assert plan_it(part).runs["AA 501"] == "Fall 2026 S2"


def test_a_recorded_grade_is_judged_and_a_planned_one_satisfies_a_floor() -> None:
    asked = done("AA 500", min_grade="B")
    courses = [course("AA 500"), asks("AA 501", asked)]
    rules = degree(leaf("core", "AA 501", 1), courses=courses)
    assert plan_it(rules, taken("AA 500", "B")).result.status is PlanStatus.OPTIMAL
    assert plan_it(rules, taken("AA 500", "C")).result.status is PlanStatus.INFEASIBLE
    assert plan_it(rules).runs == {"AA 500": "Fall 2026", "AA 501": "Spring 2027"}


def test_a_course_in_progress_counts_from_its_end() -> None:
    rules = degree(*TWO, courses=[course("AA 500"), asks("AA 501", done("AA 500"))])
    assert plan_it(rules, running("AA 500", "Fall 2026")).runs == {"AA 501": "Spring 2027"}


def test_transfer_credit_lies_before_every_period() -> None:
    rules = degree(*TWO, courses=[course("AA 500"), asks("AA 501", done("AA 500"))])
    assert plan_it(rules, transfer("AA 500")).runs == {"AA 501": "Fall 2026"}


@pytest.mark.parametrize(
    ("condition", "person", "status"),
    [
        (Background(topic="statistics"), Person(), PlanStatus.OPTIMAL),
        (Background(topic="statistics"), Person(background=frozenset()), PlanStatus.OPTIMAL),
        (PersonIs(fact="residence", value="MN"), knowing(residence="MN"), PlanStatus.OPTIMAL),
        (PersonIs(fact="residence", value="MN"), knowing(residence="WI"), PlanStatus.INFEASIBLE),
        (done("ZZ 100"), Person(), PlanStatus.OPTIMAL),
        (Soft(kind=Softness.RECOMMENDED, item=done("AA 502")), Person(), PlanStatus.OPTIMAL),
        (GpaIs(at_least=Fraction(3)), Person(), PlanStatus.OPTIMAL),
    ],
)
def test_what_is_not_known_or_only_advised_blocks_no_prerequisite(
    condition, person, status
) -> None:  # type: ignore[no-untyped-def]
    courses = [course("AA 500"), asks("AA 501", condition), course("AA 502")]
    rules = degree(leaf("core", "AA 501", 1), courses=courses, person=person)
    assert plan_it(rules).result.status is status


# --------------------------------------------------------------------- gates


def gate(needs, **more):  # type: ignore[no-untyped-def]
    return Gate(header=header("gate"), needs=needs, **more)


FOUND = [course(f"AA 50{i}", attributes=["found"] if i < 3 else []) for i in range(6)]


def gated(**more):  # type: ignore[no-untyped-def]
    found = leaf("found", "@found", 2, pool="view")
    return degree(
        leaf("core", ["AA 500", "AA 501", "AA 503", "AA 504"], 4),
        found,
        courses=FOUND,
        pools={"view": False},
        rules=[gate(NodeDone(node="found"), **more)],
    )


def test_a_gate_locks_everything_else_until_its_tree_is_done() -> None:
    runs = plan_it(gated()).runs
    assert {runs["AA 500"], runs["AA 501"]} == {"Fall 2026"}
    assert {runs["AA 503"], runs["AA 504"]} == {"Spring 2027"}


def test_a_gate_leaves_free_what_it_names_and_locks_only_what_it_names() -> None:
    runs = plan_it(gated(free=of("AA 503"))).runs
    assert (runs["AA 503"], runs["AA 504"]) == ("Fall 2026", "Spring 2027")
    runs = plan_it(gated(locks=of("AA 504"))).runs
    assert (runs["AA 503"], runs["AA 504"]) == ("Fall 2026", "Spring 2027")


def test_a_gate_stands_open_while_its_exception_holds() -> None:
    rules = gated(unless=PersonIs(fact="honours", value="yes"))
    assert plan_it(rules).runs["AA 503"] == "Spring 2027"


def test_a_gate_with_a_deadline_that_blocks_is_met_in_time() -> None:
    needs = CoursesOf(courses=1, of=has("attribute", "found"))
    deadline = {"by_terms": 1, "terms_count": TermsCount.CALENDAR, "on_miss": OnMiss.BLOCK}
    courses = [course("AA 500", attributes=["found"]), course("AA 501")]
    school = {"offerings": (*offered("AA 500", "Spring"), *offered("AA 501", "Fall"))}
    rules = degree(
        leaf("core", "AA 500", 1),
        courses=courses,
        school=school,
        rules=[gate(needs, locks=of("AA 501"), **deadline)],
    )
    assert plan_it(rules).result.status is PlanStatus.INFEASIBLE
    warned = degree(
        leaf("core", "AA 500", 1),
        courses=courses,
        school=school,
        rules=[gate(needs, locks=of("AA 501"), by_terms=1, terms_count=TermsCount.CALENDAR)],
    )
    assert plan_it(warned).result.status is PlanStatus.OPTIMAL


def test_a_condition_on_leaves_that_compete_has_its_allocation_in_the_witness() -> None:
    base = all_(
        "base",
        leaf("x", ["AA 500", "AA 501"], 1, pool="base"),
        leaf("y", ["AA 500"], 1, pool="base"),
        pool="base",
    )
    courses = [course("AA 500"), course("AA 501"), asks("AA 502", NodeDone(node="base"))]
    rules = degree(base, leaf("last", "AA 502", 1), courses=courses, pools={"base": False})
    answer = plan_it(rules)
    assert answer.runs["AA 502"] == "Spring 2027"
    assert answer.result.plan is not None
    assert [given.node for given in answer.result.plan.witness.allocations] == ["base"]


def test_a_condition_on_an_any_is_met_by_one_of_its_options() -> None:
    either = any_("either", leaf("x", "AA 500", 1), leaf("y", ["AA 500", "AA 501"], 2))
    courses = [course("AA 500"), course("AA 501"), asks("AA 502", NodeDone(node="either"))]
    rules = degree(either, leaf("last", "AA 502", 1), courses=courses)
    assert set(plan_it(rules).runs) == {"AA 500", "AA 502"}


# --------------------------------------------------------- positions, exclusions


def position(of_: str, **more):  # type: ignore[no-untyped-def]
    return Position(header=header("place"), of=of(of_), **more)


def placed(rule, **more):  # type: ignore[no-untyped-def]
    rules = degree(
        leaf("core", ["CS 600", "CS 610", "CS 620"], 3),
        rules=[rule],
        enrolment=[load("cap", "term", courses=(0, 1))],
        **more,
    )
    return plan_it(rules).runs


def test_a_course_stands_in_the_last_term_or_the_first() -> None:
    last = position("CS 600", start_from=point(PointKind.CONFERRAL, 1))
    assert placed(last)["CS 600"] == "Summer 2027"
    first = position("CS 620", by=point(PointKind.MATRICULATION, 1))
    assert placed(first)["CS 620"] == "Fall 2026"
    early = position("CS 620", by=point(PointKind.CONFERRAL, 2))
    assert placed(early)["CS 620"] == "Fall 2026"


@pytest.mark.parametrize("required", [True, False])
def test_a_recommended_position_forbids_nothing(required: bool) -> None:
    rule = position("CS 600", start_from=point(PointKind.MATRICULATION, 9), required=required)
    rules = degree(leaf("core", "CS 600", 1), rules=[rule])
    answer = plan_it(rules, deadline=dt.date(2027, 12, 31))
    expected = PlanStatus.INFEASIBLE if required else PlanStatus.OPTIMAL
    assert answer.result.status is expected


def test_a_course_waits_for_credits_finished_or_for_a_node() -> None:
    after = position("CS 600", start_from=point(PointKind.FINISHED, courses=2))
    assert placed(after)["CS 600"] == "Summer 2027"
    months = position("CS 600", start_from=point(PointKind.MATRICULATION, 6, SpanUnit.MONTH))
    assert placed(months)["CS 600"] == "Summer 2027"


def test_a_course_runs_alone_or_right_after_another() -> None:
    alone = degree(leaf("core", ["CS 600", "CS 610"], 2), rules=[position("CS 610", alone=True)])
    assert len(set(plan_it(alone).runs.values())) == 2
    chained = degree(
        leaf("core", ["CS 600", "CS 610"], 2), rules=[position("CS 600", adjacent_to="CS 610")]
    )
    assert plan_it(chained).runs == {"CS 610": "Fall 2026", "CS 600": "Spring 2027"}


def test_a_course_that_would_lose_its_credit_is_not_planned() -> None:
    rule = Exclude(header=header("no"), course="CS 600", condition=done("CS 610"))
    rules = degree(leaf("core", ["CS 600", "CS 610", "CS 620"], 2), rules=[rule])
    assert set(plan_it(rules).runs) == {"CS 600", "CS 620"}


# ------------------------------------------------------------------ enrolment


def test_loads_differ_by_season_and_count_what_is_registered() -> None:
    rules = degree(
        leaf("core", "any", 4),
        enrolment=[load("fall", "Fall", courses=(0, 1)), load("spring", "Spring", credits=(0, 6))],
    )
    runs = plan_it(rules, running("CS 700", "Fall 2026")).runs
    assert sorted(runs.values()) == ["Spring 2027", "Spring 2027", "Summer 2027"]


def test_a_minimum_load_binds_in_every_period_until_conferral() -> None:
    rules = degree(
        leaf("core", ["CS 600", "CS 700"], 2),
        courses=[course("CS 600"), course("CS 610"), asks("CS 700", done("CS 600"))],
        school={
            "offerings": (
                *offered("CS 600", "Fall"),
                *offered("CS 610", "Fall", "Spring", "Summer"),
                *offered("CS 700", "Fall"),
            )
        },
        enrolment=[load("each", "Spring", courses=(1, 9))],
    )
    assert plan_it(rules).runs == {
        "CS 600": "Fall 2026",
        "CS 610": "Spring 2027",
        "CS 700": "Fall 2027",
    }


def test_a_load_over_a_span_of_sessions_slides() -> None:
    rules = degree(
        leaf("core", "any", 4),
        school={"calendar": calendar(SESSIONS), "offerings": any_session()},
        enrolment=[load("pair", "span", span=2, courses=(0, 1))],
    )
    starts = sorted(plan_it(rules).runs.values())
    assert len(set(starts)) == 4


def any_session():  # type: ignore[no-untyped-def]
    codes = ("CS 600", "CS 610", "CS 620", "CS 630")
    rows = (offered(code, "Fall", "Spring", any_session=True) for code in codes)
    return tuple(row for group in rows for row in group)


def test_gaps_and_durations_bind() -> None:
    school = {"offerings": (*offered("CS 600", "Fall"), *offered("CS 610", "Spring", "Summer"))}
    ok = degree(
        leaf("core", ["CS 600", "CS 610"], 2),
        school=school,
        enrolment=Enrolment(min_months=10),
    )
    assert plan_it(ok).runs["CS 610"] == "Summer 2027"
    short = degree(
        leaf("core", ["CS 600", "CS 610"], 2),
        school=school,
        enrolment=Enrolment(max_months=6),
    )
    assert "maximum" in plan_it(short).conflict
    gap = degree(
        leaf("core", ["CS 600", "CS 610"], 2),
        courses=[course("CS 600"), asks("CS 610", done("CS 600"))],
        school={"offerings": (*offered("CS 600", "Fall"), *offered("CS 610", "Summer"))},
        enrolment=Enrolment(gap_months=4),
    )
    assert "gap" in plan_it(gap).conflict


def test_a_locked_order_holds_in_time() -> None:
    rules = degree(
        leaf("core", ["CS 600", "CS 610"], 2),
        enrolment=Enrolment(locked_sequence=(("CS 610",), ("CS 600",))),
    )
    assert plan_it(rules).runs == {"CS 610": "Fall 2026", "CS 600": "Spring 2027"}


def test_an_expired_use_counts_only_for_an_early_conferral() -> None:
    rules = degree(
        leaf("core", ["CS 600", "CS 610"], 2),
        record_rules=RecordRules(expires_months=18),
    )
    fresh = plan_it(rules, taken("CS 600", when="Fall 2025"))
    assert fresh.held == {"core": {"CS 600", "CS 610"}}
    stale = plan_it(rules, taken("CS 600", when="Fall 2024"))
    assert stale.result.status is PlanStatus.INFEASIBLE


def test_seminars_fill_loads_but_no_leaf() -> None:
    courses = [course("AA 500"), course("AA 590", 1, counts_credit=False)]
    rules = degree(leaf("core", "any", 1), courses=courses)
    assert set(plan_it(rules).runs) == {"AA 500"}
    wanted = plan_it(rules, wanted=("AA 590",))
    assert wanted.held == {"core": {"AA 500"}}
    assert set(wanted.runs) == {"AA 500", "AA 590"}


def test_live_sessions_outside_free_hours_rule_a_run_out() -> None:
    live = LiveSession(
        weekday=0, start=dt.time(18), minutes=60, zone="America/Chicago", mandatory=True
    )
    school = {"offerings": (*offered("AA 500", "Fall", live=(live,)), *offered("AA 500", "Spring"))}
    rules = degree(leaf("core", "AA 500", 1), courses=[course("AA 500")], school=school)
    evening = (FreeTime(weekday=0, start=dt.time(17), end=dt.time(20)),)
    assert plan_it(rules).runs == {"AA 500": "Fall 2026"}
    here = plan_it(rules, zone="America/Chicago", free=evening)
    assert here.runs == {"AA 500": "Fall 2026"}
    far = plan_it(rules, zone="Europe/Berlin", free=evening)
    assert far.runs == {"AA 500": "Spring 2027"}
