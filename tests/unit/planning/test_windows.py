"""When a course may begin, what every plan holds, and why a degree cannot end earlier."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from tests.builders import plan_it
from tests.degrees import START, TODAY, course, degree, done, leaf, load, offered

from prospectus.domain.course import CourseCode
from prospectus.domain.program import Resolved
from prospectus.domain.record import Record
from prospectus.domain.student import DayRange, Student, Wishes
from prospectus.domain.wish import Apart
from prospectus.planning.around import Case, Near
from prospectus.planning.finish_proof import ProofKind, finish_proof
from prospectus.planning.solver import Clock, Solver
from prospectus.planning.windows import begun_in_every_plan, in_every_plan, windows
from prospectus.planning.wish_list import each_wish

A, B, C = CourseCode("CS 600"), CourseCode("CS 610"), CourseCode("CS 620")
TWO_YEARS = dt.date(2028, 8, 15)


def case_of(rules: Resolved, **wishes: object) -> Case:
    """Return the surroundings of the best plan of somebody who has taken nothing."""
    wishes.setdefault("hours_per_week", None)
    result = plan_it(rules, **wishes).result
    student = Student(matriculation=START, plan_from=START, wishes=Wishes(**wishes))  # type: ignore[arg-type]
    record = Record(matriculation=dt.date(2026, 8, 20))
    solver = Solver(Clock(seconds=60), seed=0, workers=1)
    return Case(rules, student, record, TODAY, result, solver)


def window_names(case: Case, near: Near) -> dict[str, tuple[str, str]]:
    """Return the first and the last period of each course, by name."""
    leaves = case.resolved.calendar.leaves
    found = windows(near, case.courses, case.spots)
    assert all(window.is_settled for window in found.values())
    return {
        code: (str(leaves[window.first].id), str(leaves[window.last].id))
        for code, window in found.items()
    }


def one_a_term() -> Resolved:
    """Return a degree of CS 600, then CS 610, and of CS 620, one in each term."""
    return degree(
        leaf("core", [A, B, C], 3),
        courses=[course(A), course(B, requisite=done(A)), course(C)],
        enrolment=[load("cap", "term", courses=(0, 1))],
    )


def test_a_window_is_as_wide_as_plans_as_good_allow() -> None:
    case = case_of(one_a_term())
    near = Near(case, case.levels, TWO_YEARS)
    # three courses in three terms: the first of the pair never last, the second never first
    assert window_names(case, near) == {
        A: ("Fall 2026", "Spring 2027"),
        B: ("Spring 2027", "Summer 2027"),
        C: ("Fall 2026", "Summer 2027"),
    }


def test_without_the_optimum_a_window_is_as_wide_as_the_deadline_allows() -> None:
    case = case_of(one_a_term(), deadline=dt.date(2027, 12, 31))
    near = Near(case, {}, dt.date(2027, 12, 31))
    assert window_names(case, near) == {
        A: ("Fall 2026", "Summer 2027"),
        B: ("Spring 2027", "Fall 2027"),
        C: ("Fall 2026", "Fall 2027"),
    }


def test_a_window_looks_over_a_gap() -> None:
    pause = DayRange(first=dt.date(2027, 1, 1), last=dt.date(2027, 2, 1))
    case = case_of(degree(leaf("core", A, 1)), pauses=(pause,), deadline=dt.date(2027, 7, 1))
    near = Near(case, {}, dt.date(2027, 8, 1))
    assert window_names(case, near) == {A: ("Fall 2026", "Fall 2026")}
    later = case_of(degree(leaf("core", A, 1)), pauses=(pause,), deadline=dt.date(2027, 8, 1))
    assert window_names(later, Near(later, {}, dt.date(2027, 8, 1))) == {
        A: ("Fall 2026", "Summer 2027")
    }


def test_a_course_that_could_be_another_is_not_in_every_plan() -> None:
    rules = degree(leaf("core", A, 1), leaf("more", [B, C], 1))
    case = case_of(rules)
    near = Near(case, case.levels, TWO_YEARS)
    assert in_every_plan(near, case.courses).settled == {A}


def test_what_everything_waits_for_has_to_begin_first() -> None:
    rules = degree(
        leaf("core", [A, B, C], 3),
        courses=[course(A), course(B, requisite=done(A)), course(C)],
    )
    case = case_of(rules, about=(Apart(courses=(B, C)),))
    first = min(place for _, place in case.spots)
    near = Near(case, case.levels, TWO_YEARS)
    here = [(A, first), (C, first)]
    assert set(here) <= case.spots
    # two terms: CS 610 fills the second, and CS 620 may not run beside it
    assert begun_in_every_plan(near, here).settled == {A, C}
    free = Near(case, {}, TWO_YEARS)
    assert begun_in_every_plan(free, here).settled == frozenset()


def test_what_time_did_not_settle_is_not_claimed() -> None:
    case = case_of(one_a_term())
    near = Near(case, case.levels, TWO_YEARS)
    case.solver.clock.seconds = 0.0
    found = windows(near, case.courses, case.spots)
    assert not any(window.is_settled for window in found.values())
    always = in_every_plan(near, case.courses)
    assert (always.settled, always.waiting) == (frozenset(), case.courses)


def test_counting_shows_the_finish_where_terms_hold_too_little() -> None:
    rules = degree(
        leaf("core", "any", 4),
        total=12,
        enrolment=[load("cap", "term", courses=(0, 1))],
    )
    proof = finish_proof(case_of(rules))
    assert proof is not None
    assert proof.kind is ProofKind.COUNTING
    assert proof.needed == 12
    assert proof.size == 3
    assert [room.credits for room in proof.rooms] == [Fraction(3)] * 3
    assert {room.bound for room in proof.rooms} == {"load"}


def test_a_chain_shows_the_finish_where_a_course_waits_for_another() -> None:
    rules = degree(
        leaf("core", [A, B], 2),
        courses=[course(A), course(B, requisite=done(A))],
        school={"offerings": (*offered(A, "Fall", "Spring"), *offered(B, "Fall"))},
    )
    proof = finish_proof(case_of(rules))
    assert proof is not None
    assert proof.kind is ProofKind.CHAIN
    assert [link.course for link in proof.chain] == [A, B]
    leaves = rules.calendar.leaves
    assert [str(leaves[link.leaf].id) for link in proof.chain] == ["Fall 2026", "Fall 2027"]


def test_what_neither_counting_nor_a_chain_shows_was_searched() -> None:
    # three courses that may not run beside each other
    wish = Apart(courses=(A, B, C))
    proof = finish_proof(case_of(degree(leaf("core", [A, B, C], 3)), about=(wish,)))
    assert proof is not None
    assert proof.kind is ProofKind.SEARCH


def test_each_wish_is_listed_once_and_taken_out_alone() -> None:
    wishes = Wishes(
        hours_per_week=12,
        courses_per_period=2,
        deadline=dt.date(2028, 1, 1),
        wanted=(A, B),
        unwanted=(C,),
        unwanted_topics=("law",),
        about=(Apart(courses=(A, B)),),
    )
    found = {wish.id: wish.without for wish in each_wish(wishes)}
    assert list(found) == [
        "hours",
        "courses",
        "deadline",
        f"wanted {A}",
        f"wanted {B}",
        f"unwanted {C}",
        "unwanted law",
        f"apart {A} + {B}",
    ]
    assert found["hours"].hours_per_week is None
    assert found[f"wanted {A}"].wanted == (B,)
    assert found["unwanted law"].unwanted_topics == ()
    assert found["courses"].hours_per_week == 12
