"""A plan whatever comes first: found early, bettered as far as time allows."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.builders import plan_it
from tests.degrees import degree, leaf, usd

from prospectus.domain.fees import Fee, FeePer
from prospectus.domain.program import Resolved
from prospectus.domain.student import DayRange, Level
from prospectus.legality.store import Store
from prospectus.planning.result import PlanStatus
from prospectus.planning.solver import Answer, Solution, Solver

FEE = Fee(id="tuition", per=FeePer.CREDIT, amount=usd(100))
ALWAYS = DayRange(first=dt.date(2026, 1, 1), last=dt.date(2045, 12, 31))
GOALS_FIRST = (Level.GOALS, Level.FINISH, Level.COST, Level.PEAK)


def three_courses() -> Resolved:
    """Return a degree of three courses of nine credits in all, each USD 300."""
    return degree(leaf("core", "any", 3), total=9, school={"fees": (FEE,)})


@pytest.fixture
def no_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no question that minimises something be settled in time."""
    solved = Solver.run

    def run(self: Solver, store: Store, **_: object) -> tuple[Answer, Solution | None, float]:
        if store.model.has_objective():
            return Answer.UNKNOWN, None, 0.0
        return solved(self, store)

    monkeypatch.setattr(Solver, "run", run)


def test_a_pause_for_ever_that_may_be_missed_is_missed_by_each_course() -> None:
    answer = plan_it(
        three_courses(), pauses=(ALWAYS,), goals=frozenset({"pauses"}), levels=GOALS_FIRST
    )
    assert answer.result.status is PlanStatus.OPTIMAL
    assert answer.value("goals") == 3
    assert answer.result.levels[0].is_proven


@pytest.mark.usefixtures("no_bound")
def test_a_plan_is_given_though_no_level_is_settled() -> None:
    answer = plan_it(
        three_courses(),
        levels=(Level.COST, Level.FINISH),
        budget_by_year=((None, usd(300)),),
    )
    assert answer.result.status is PlanStatus.FEASIBLE
    assert answer.value("cost") == 90_000
    assert not answer.result.levels[0].is_proven


@pytest.mark.usefixtures("no_bound")
def test_a_plan_is_given_though_the_goals_are_not_settled() -> None:
    answer = plan_it(
        three_courses(), pauses=(ALWAYS,), goals=frozenset({"pauses"}), levels=GOALS_FIRST
    )
    assert answer.result.status is PlanStatus.FEASIBLE
    assert answer.result.plan is not None


def test_the_money_of_a_year_says_how_far_ahead_a_plan_has_to_look() -> None:
    answer = plan_it(
        three_courses(),
        levels=(Level.PEAK, Level.FINISH),
        budget_by_year=((None, usd(300)),),
    )
    assert answer.result.status is PlanStatus.OPTIMAL
    years = {
        period.split()[1]
        for course in answer.result.plan.attempts
        for period in map(str, course.periods)
    }
    assert years == {"2026", "2027", "2028"}
