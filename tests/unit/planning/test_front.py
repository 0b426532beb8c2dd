"""The Pareto front: what is traded, how far it looks, what an interrupt or a limit leaves."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from tests.degrees import TODAY, degree, leaf, load, usd

from prospectus.domain.fees import Fee, FeePer, FeeTier
from prospectus.domain.program import Resolved
from prospectus.domain.record import Record
from prospectus.domain.student import Level, Student, Wishes
from prospectus.legality.store import Store
from prospectus.planning.front import Front
from prospectus.planning.result import PlanStatus
from prospectus.planning.solver import Answer, Solution, Solver

TIERS = (FeeTier(from_credits=0, amount=usd(200)), FeeTier(from_credits=4, amount=usd(600)))
STEPPED = Fee(id="term", per=FeePer.TERM, tiers=TIERS)
ANYBODY = Student(
    matriculation=TODAY,
    plan_from=TODAY,
    wishes=Wishes(hours_per_week=None, hours_are_assumed=False),
)


def two_courses(**school: object) -> Resolved:
    """Two courses of three credits, cheaper in two terms than in one."""
    return degree(leaf("core", "any", 2), school={"fees": (STEPPED,), **school})


def front_of(
    rules: Resolved, *levels: Level, student: Student = ANYBODY, seconds: float = 60, **more: int
) -> Front:
    record = Record(matriculation=TODAY)
    return Front(rules, student, record, TODAY, levels, seconds=seconds, **more)


def test_the_faster_and_the_cheaper_plan_are_both_points_and_the_faster_comes_first() -> None:
    front = front_of(two_courses(), Level.FINISH, Level.COST)
    points = [point.values for point in front.points()]
    assert [cost for _, cost in points] == [60_000, 40_000]
    assert points[0][0] < points[1][0]
    assert front.end is not None
    assert front.end.is_complete


def test_values_stand_in_the_order_in_which_the_levels_are_named() -> None:
    one = [point.values for point in front_of(two_courses(), Level.FINISH, Level.COST).points()]
    other = [point.values for point in front_of(two_courses(), Level.COST, Level.FINISH).points()]
    assert other == [(cost, finish) for finish, cost in one]


def test_a_front_without_the_finish_looks_at_the_whole_extent() -> None:
    front = front_of(two_courses(), Level.COST, Level.PEAK)
    assert [point.values[0] for point in front.points()] == [40_000]


def test_a_plan_that_ends_after_the_extent_is_no_point() -> None:
    front = front_of(two_courses(), Level.FINISH, Level.COST, terms_later=0)
    assert [point.values[1] for point in front.points()] == [60_000]
    assert front.end is not None
    assert front.end.is_complete
    assert front.end.last_day == front.end.first_day


def test_a_deadline_bounds_the_front() -> None:
    front = front_of(two_courses(), Level.FINISH, Level.COST)
    first = next(iter(front.points())).values[0]
    deadline = dt.date.fromordinal(first)
    student = replace(ANYBODY, wishes=replace(ANYBODY.wishes, deadline=deadline))
    bounded = front_of(two_courses(), Level.FINISH, Level.COST, student=student)
    assert [point.values[1] for point in bounded.points()] == [60_000]


def test_the_same_seed_gives_the_same_plans() -> None:
    runs = [
        [point.result.plan for point in front_of(two_courses(), Level.FINISH, Level.COST).points()]
        for _ in range(2)
    ]
    assert runs[0] == runs[1]


def test_a_price_that_nobody_knows_is_left_out() -> None:
    unknown = Fee(id="tuition", per=FeePer.CREDIT, amount=None)
    rules = degree(leaf("core", "any", 2), school={"fees": (unknown,)})
    front = front_of(rules, Level.FINISH, Level.COST)
    assert len(list(front.points())) == 1
    assert front.end is not None
    assert front.end.levels == (Level.FINISH,)


def test_no_plan_is_an_empty_front_that_says_so() -> None:
    cap = load("cap", "term", courses=(0, 0))
    front = front_of(degree(leaf("core", "any", 2), enrolment=[cap]), Level.FINISH, Level.PEAK)
    assert list(front.points()) == []
    assert front.end is not None
    assert front.end.status is PlanStatus.INFEASIBLE


def test_without_time_the_front_is_not_called_complete() -> None:
    front = front_of(two_courses(), Level.FINISH, Level.COST, seconds=0)
    assert list(front.points()) == []
    assert front.end is not None
    assert front.end.status is PlanStatus.UNKNOWN


def test_an_interrupt_leaves_the_points_found_so_far(monkeypatch: pytest.MonkeyPatch) -> None:
    front = front_of(two_courses(), Level.FINISH, Level.COST)
    stream = front.points()
    first = next(stream)

    def interrupted(
        self: Solver, store: Store, **_: object
    ) -> tuple[Answer, Solution | None, float]:
        raise KeyboardInterrupt

    monkeypatch.setattr(Solver, "run", interrupted)
    assert list(stream) == []
    assert first.values[1] == 60_000
    assert front.end is not None
    assert (front.end.status, front.end.was_stopped) == (PlanStatus.FEASIBLE, True)


def test_memory_used_up_after_a_point_is_told_apart_from_a_stop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    front = front_of(two_courses(), Level.FINISH, Level.COST)
    stream = front.points()
    first = next(stream)

    def runs_out(
        self: Solver, store: Store, *, seconds: float | None = None
    ) -> tuple[Answer, Solution | None, float]:
        self.is_out_of_memory = self.was_interrupted = True
        return Answer.UNKNOWN, None, 0.0

    monkeypatch.setattr(Solver, "run", runs_out)
    assert list(stream) == []
    assert first.values[1] == 60_000
    assert front.end is not None
    assert front.end.status is PlanStatus.FEASIBLE
    assert (front.end.is_out_of_memory, front.end.was_stopped) == (True, False)
