"""What every, some and no legal plan brings, on degrees small enough to see through."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from tests.degrees import (
    CATALOGUE,
    START,
    TODAY,
    all_,
    any_,
    at_most,
    course,
    degree,
    done,
    leaf,
    load,
    offered,
)

from prospectus.domain.course import CourseCode
from prospectus.domain.expression import Approval, Or
from prospectus.domain.offering import OfferingKind
from prospectus.domain.program import Resolved
from prospectus.domain.record import Record
from prospectus.domain.rule import Enrolment
from prospectus.domain.student import Student, Wishes
from prospectus.planning.reach import Contents, Reach, Reached, reach

SURE, MAYBE, IF_RUN, IF_CARRIED, NEVER = (
    Reached.GUARANTEED,
    Reached.POSSIBLE,
    Reached.IF_RUN,
    Reached.IF_CARRIED,
    Reached.IMPOSSIBLE,
)


def reached(
    rules: Resolved,
    *,
    unknown: tuple[str, ...] = (),
    shares: dict[str, Fraction] | None = None,
    choices: tuple[tuple[str, str], ...] = (),
    seconds: float = 60,
    **targets: str,
) -> Reach:
    """Decide targets, each written as the numbers of its courses: `nlp="600 610"`."""
    student = Student(
        matriculation=START,
        plan_from=START,
        choices=choices,
        wishes=Wishes(hours_per_week=None, hours_are_assumed=False),
    )
    contents = Contents(
        targets={
            name: frozenset(CourseCode(f"CS {number}") for number in numbers.split())
            for name, numbers in targets.items()
        },
        unknown=frozenset(CourseCode(code) for code in unknown),
        shares={CourseCode(code): share for code, share in (shares or {}).items()},
    )
    return reach(rules, student, Record(matriculation=START), TODAY, contents, seconds=seconds)


def states(rules: Resolved, **more: object) -> dict[str, Reached]:
    return dict(reached(rules, **more).states)  # type: ignore[arg-type]


def test_a_required_course_guarantees_and_a_listed_one_is_possible() -> None:
    rules = degree(leaf("core", "CS 600", 1), leaf("more", ["CS 610", "CS 620"], 1))
    found = states(rules, core="600", one="610", other="620", either="610 620", none="630")
    assert found == {"core": SURE, "one": MAYBE, "other": MAYBE, "either": SURE, "none": NEVER}


def test_dropping_a_required_course_flips_the_answer() -> None:
    kept = degree(leaf("core", ["CS 600", "CS 610"], 2), leaf("more", "any", 1))
    dropped = degree(leaf("core", ["CS 600", "CS 610", "CS 620"], 2), leaf("more", "any", 1))
    assert states(kept, topic="600") == {"topic": SURE}
    assert states(dropped, topic="600") == {"topic": MAYBE}


def test_sizes_decide_and_not_lists() -> None:
    rules = degree(leaf("three of four", ["CS 600", "CS 610", "CS 620", "CS 630"], 3))
    assert states(rules, two="600 610", one="600") == {"two": SURE, "one": MAYBE}


def test_what_a_cap_shuts_out_is_impossible() -> None:
    rules = degree(
        leaf("core", ["CS 600", "CS 610"], 2),
        leaf("more", ["CS 620", "CS 630"], 1),
        rules=[at_most("cap", "CS 630", courses=0)],
    )
    assert states(rules, shut="630", left="620") == {"shut": NEVER, "left": SURE}


def test_a_prerequisite_that_no_requirement_holds_is_guaranteed_or_possible() -> None:
    courses = [c for c in CATALOGUE if c.code not in ("CS 700", "CS 710")]
    courses += [
        course("CS 700", requisite=done("CS 600")),
        course("CS 710", requisite=done("CS 610")),
    ]
    must = degree(leaf("last", "CS 700", 1), courses=courses)
    may = degree(leaf("last", ["CS 700", "CS 710"], 1), courses=courses)
    assert states(must, first="600", other="610") == {"first": SURE, "other": NEVER}
    assert states(may, first="600", other="610", far="620") == {
        "first": MAYBE,
        "other": MAYBE,
        "far": NEVER,
    }


def test_what_is_merely_taken_on_top_makes_nothing_possible() -> None:
    rules = degree(leaf("core", "CS 600", 1))
    assert states(rules, top="610") == {"top": NEVER}


def test_the_calendar_can_shut_a_course_out() -> None:
    rules = degree(
        leaf("last", ["CS 700", "CS 710"], 1),
        courses=[
            course("CS 600"),
            course("CS 700", requisite=done("CS 600")),
            course("CS 710"),
        ],
        school={
            "offerings": (
                *offered("CS 600", "Summer"),
                *offered("CS 700", "Fall", kind=OfferingKind.CERTAIN, periods=("Fall 2026",)),
                *offered("CS 710", "Fall"),
            ),
        },
    )
    assert states(rules, late="710") == {"late": SURE}


def test_a_slow_completion_counts_as_much_as_a_quick_one() -> None:
    chain = [course("CS 600")]
    for number in range(610, 650, 10):
        chain.append(course(f"CS {number}", requisite=done(f"CS {number - 10}")))
    rules = degree(
        leaf("last", ["CS 640", "CS 600"], 1),
        courses=chain,
        school={"offerings": tuple(row for c in chain for row in offered(c.code, "Fall"))},
    )
    # the fifth course of a chain that moves once a year ends four years after the first
    assert states(rules, last="640", first="600") == {"last": MAYBE, "first": SURE}


def test_the_longest_duration_of_study_binds_completions() -> None:
    chain = [course("CS 600")]
    for number in range(610, 660, 10):
        chain.append(course(f"CS {number}", requisite=done(f"CS {number - 10}")))
    rules = degree(
        leaf("last", ["CS 650", "CS 600"], 1),
        courses=chain,
        school={"offerings": tuple(row for c in chain for row in offered(c.code, "Fall"))},
        enrolment=Enrolment(max_months=48),
    )
    assert states(rules, last="650", first="600") == {"last": NEVER, "first": SURE}


def test_a_course_of_which_nobody_knows_whether_it_runs_is_said_to_be_one() -> None:
    rules = degree(
        leaf("one", ["CS 600", "CS 610"], 1),
        school={"offerings": offered("CS 600", "Fall")},
    )
    assert states(rules, runs="600", unsure="610", far="620") == {
        "runs": MAYBE,
        "unsure": IF_RUN,
        "far": NEVER,
    }


def test_a_course_seen_in_less_than_half_of_its_seasons_guarantees_nothing_away() -> None:
    rare = offered("CS 610", "Fall", kind=OfferingKind.LIKELY, share=Fraction(1, 4))
    rules = degree(
        leaf("one", ["CS 600", "CS 610"], 1),
        school={"offerings": (*offered("CS 600", "Fall"), *rare)},
    )
    assert states(rules, usual="600", rare="610") == {"usual": MAYBE, "rare": IF_RUN}


def test_a_course_of_unknown_content_makes_nothing_impossible() -> None:
    rules = degree(leaf("one", ["CS 600", "CS 610"], 1))
    assert states(rules, unknown=("CS 610",), topic="600", absent="")["absent"] is IF_CARRIED
    assert states(rules, unknown=("CS 630",), topic="600", absent="")["absent"] is NEVER


def test_a_declared_choice_and_an_open_one() -> None:
    tree = any_(
        "track",
        all_("theory", leaf("t", "CS 600", 1)),
        all_("practice", leaf("p", "CS 610", 1)),
        declare=True,
    )
    rules = degree(tree)
    assert states(rules, a="600", b="610") == {"a": MAYBE, "b": MAYBE}
    told = reached(rules, choices=(("track", "theory"),), a="600", b="610")
    assert dict(told.states) == {"a": SURE, "b": NEVER}


def test_approvals_count_as_not_granted_while_a_plan_without_them_exists() -> None:
    asking = course("CS 610", requisite=Approval(who="adviser"))
    free = degree(
        leaf("one", ["CS 600", "CS 610"], 1), courses=[course("CS 600"), asking, course("CS 620")]
    )
    bound = degree(leaf("one", "CS 610", 1), courses=[course("CS 600"), asking])
    either = course("CS 610", requisite=Or(items=(done("CS 600"), Approval(who="adviser"))))
    helped = degree(leaf("one", "CS 610", 1), courses=[course("CS 600"), either])
    assert states(free, a="600", b="610") == {"a": SURE, "b": NEVER}
    assert states(bound, b="610") == {"b": SURE}
    assert states(helped, a="600", b="610") == {"a": SURE, "b": SURE}


def test_a_degree_without_a_plan_decides_nothing() -> None:
    rules = degree(
        leaf("core", ["CS 600", "CS 610"], 2),
        enrolment=[load("none", "term", credits=(0, 1))],
    )
    found = reached(rules, topic="600")
    assert found.has_plan is False
    assert found.states == {}


def test_without_time_everything_is_undecided() -> None:
    rules = degree(leaf("core", "CS 600", 1))
    found = reached(rules, topic="600", absent="630", seconds=0)
    assert found.has_plan is None
    assert set(found.states.values()) == {Reached.UNDECIDED}
    assert found.least is None


@pytest.mark.parametrize("day", [START, dt.date(2027, 3, 1)])
def test_the_day_of_beginning_makes_no_difference_to_what_lists_allow(day: dt.date) -> None:
    rules = degree(leaf("core", "CS 600", 1), leaf("more", ["CS 610", "CS 620"], 1))
    student = Student(
        matriculation=day,
        plan_from=day,
        wishes=Wishes(hours_per_week=None, hours_are_assumed=False),
    )
    contents = Contents(
        targets={"core": frozenset({CourseCode("CS 600")})},
        shares={},
    )
    found = reach(rules, student, Record(matriculation=day), TODAY, contents)
    assert found.states == {"core": SURE}


def test_shares_are_weighed_by_credit_and_exact() -> None:
    courses = [course("CS 600", 2), course("CS 610", 4), course("CS 620", 1), course("CS 630", 3)]
    rules = degree(
        leaf("core", "CS 600", 1), leaf("more", ["CS 610", "CS 620", "CS 630"], 1), courses=courses
    )
    shares = {"CS 600": Fraction(1), "CS 610": Fraction(0), "CS 620": Fraction(1, 3)}
    found = reached(rules, shares=shares, topic="600")
    assert found.least is not None
    assert found.most is not None
    assert found.unweighed is not None
    # 2 of 2 + 4; with CS 630, whose share is not known, CS 600 alone is weighed
    assert (found.least.value, found.least.is_proven) == (Fraction(1, 3), True)
    assert (found.most.value, found.most.is_proven) == (Fraction(1), True)
    assert found.unweighed.value == Fraction(3, 5)


def test_a_share_of_which_nothing_is_known_is_none() -> None:
    found = reached(degree(leaf("core", "CS 600", 1)), topic="600")
    assert found.least is None
    assert found.most is None
    assert found.unweighed is not None
    assert found.unweighed.value == 1
