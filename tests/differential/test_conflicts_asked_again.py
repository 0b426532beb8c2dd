"""Conflicts and ways out of generated problems without a plan, held against asking again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import replace

import pytest
from ortools.sat.python import cp_model
from tests.differential.drawing import TODAY
from tests.differential.generation import Problem, generate

from prospectus.domain.facts import Money
from prospectus.domain.student import DayRange, LimitByRange, Wishes
from prospectus.legality.model import LegalModel
from prospectus.planning.changes import Change, without
from prospectus.planning.costs import Costs
from prospectus.planning.money import Tariff
from prospectus.planning.offers import offers
from prospectus.planning.relaxing import relax
from prospectus.planning.result import PlanResult, PlanStatus
from prospectus.planning.solve import compiled_for, plan
from prospectus.planning.wish_list import each_wish
from prospectus.planning.wishes import WishRules

CASES_PER_BATCH = 25
QUICK_BATCHES = 2
ALL_BATCHES = 32


def has_plan(problem: Problem, wishes: Wishes) -> bool:
    """Ask the planner again, with other wishes."""
    student = replace(problem.student, wishes=wishes)
    answer = plan(
        problem.resolved, student, problem.record, TODAY, n_levels=1, explain_conflict=False
    )
    assert answer.status is not PlanStatus.UNKNOWN
    return answer.plan is not None


def infeasible(batch: int) -> Iterator[tuple[Problem, PlanResult]]:
    """Yield the problems of a batch that have no plan, with the answer."""
    for seed in range(batch * CASES_PER_BATCH, (batch + 1) * CASES_PER_BATCH):
        problem = generate(seed)
        answer = plan(problem.resolved, problem.student, problem.record, TODAY, n_levels=1)
        if answer.status is PlanStatus.INFEASIBLE:
            yield problem, answer


class Guarded:
    """The whole calendar with each wish and rule switched on alone; solver settings untouched."""

    def __init__(self, problem: Problem) -> None:
        student = problem.student
        offered = offers(problem.resolved, student, max(student.plan_from, student.matriculation))
        place = (problem.resolved, student, problem.record, TODAY, offered)
        compiled = compiled_for(*place, grant=True, everything=True)
        model = LegalModel(compiled, offered.all, explain=True)
        tariff = Tariff(compiled, student.wishes)
        priced = student.wishes.hard.limits_money and not tariff.unknown
        WishRules(model, student, offered, Costs(model.variables, tariff) if priced else None)
        self.store = model.store

    def can_hold(self, ids: Collection[str]) -> bool:
        """Return whether these members can all hold."""
        if self.store.is_contradictory:
            return False
        model = self.store.model.clone()
        for id_ in ids:
            model.add_bool_and(
                [
                    model.get_bool_var_from_proto_index(g.index)
                    for g in self.store.guards.get(id_, {}).values()
                ]
            )
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        status = solver.solve(model)
        assert status in (cp_model.OPTIMAL, cp_model.FEASIBLE, cp_model.INFEASIBLE)
        return status != cp_model.INFEASIBLE


def check_conflict(problem: Problem, answer: PlanResult) -> None:
    """Hold that the members cannot all hold, and that any but one of them can."""
    ids = [item.id for item in answer.conflict if item.id != "calendar"]
    assert answer.conflict, f"seed {problem.seed}: no conflict named"
    guarded = Guarded(problem)
    assert not guarded.can_hold(ids), f"seed {problem.seed}: {ids} can hold"
    assert answer.conflict_is_minimal, f"seed {problem.seed}: not shown to be minimal"
    for left_out in ids:
        rest = [id_ for id_ in ids if id_ != left_out]
        assert guarded.can_hold(rest), f"seed {problem.seed}: {left_out} is not needed in {ids}"


def check_ways_out(problem: Problem, answer: PlanResult) -> int:
    """Hold that every relaxation works, and that no cheaper one of its kind does."""
    student = problem.student
    relaxed = relax(problem.resolved, student, problem.record, TODAY, answer.conflict)
    ids = ["offerings", *dict.fromkeys(one.id for one in each_wish(student.wishes.hard))]
    alone = {id_ for id_ in ids if has_plan(problem, without(student.wishes, id_))}
    told = {change.wish for one in relaxed.found for change in one.changes}
    if alone:
        assert relaxed.n_wishes == 1, f"seed {problem.seed}: {alone}"
        assert alone <= told, f"seed {problem.seed}: {alone - told} would do"
    else:
        assert relaxed.n_wishes != 1, f"seed {problem.seed}: {told}"
    for one in relaxed.found:
        assert one.is_least, f"seed {problem.seed}: {one.text}"
        assert has_plan(problem, one.wishes), f"seed {problem.seed}: {one.text} is not enough"
    for one in relaxed.found if relaxed.n_wishes == 1 else ():
        for wishes in cheaper(problem, one.changes[0]):
            assert not has_plan(problem, wishes), f"seed {problem.seed}: less than {one.text}"
    return len(relaxed.found)


def cheaper(problem: Problem, change: Change) -> Iterator[Wishes]:
    """Yield the wishes changed by the next smaller amount, in each place where that can be."""
    wishes, amount = problem.student.wishes, change.amount
    if amount is None:
        return
    less = amount - 1
    if change.wish == "deadline":
        assert wishes.deadline is not None
        yield replace(wishes, deadline=wishes.deadline + dt.timedelta(days=less))
    elif change.wish == "budget":
        assert wishes.budget_total is not None
        yield replace(wishes, budget_total=raised(wishes.budget_total, less))
    elif change.wish == "hours" and not wishes.hours_by_range:
        assert wishes.hours_per_week is not None
        limit = wishes.hours_per_week + less
        if "every period" in change.text:
            yield replace(wishes, hours_per_week=limit)
            return
        for leaf in problem.resolved.calendar.leaves:
            days = DayRange(first=leaf.start, last=leaf.end)
            yield replace(wishes, hours_by_range=(LimitByRange(days=days, limit=limit),))
    elif change.wish == "courses" and not wishes.courses_by_range:
        assert wishes.courses_per_period is not None
        if "every period" in change.text:
            yield replace(wishes, courses_per_period=wishes.courses_per_period + less)
    elif change.wish == "budget by year":
        by_year = tuple(
            (year, raised(most, less) if year is None else most)
            for year, most in wishes.budget_by_year
        )
        if "each calendar year" in change.text:
            yield replace(wishes, budget_by_year=by_year)


def raised(money: Money, more: int) -> Money:
    return Money(minor=money.minor + more, currency=money.currency)


def run_batch(batch: int) -> None:
    n_ways_out = 0
    for problem, answer in infeasible(batch):
        check_conflict(problem, answer)
        n_ways_out += check_ways_out(problem, answer)
    assert n_ways_out


@pytest.mark.parametrize("batch", range(QUICK_BATCHES))
def test_conflicts_and_ways_out_hold_when_asked_again(batch: int) -> None:
    run_batch(batch)


@pytest.mark.slow
@pytest.mark.parametrize("batch", range(QUICK_BATCHES, ALL_BATCHES))
def test_conflicts_and_ways_out_hold_at_length(batch: int) -> None:
    run_batch(batch)
