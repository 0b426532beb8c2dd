"""Ctrl-C gives the best plan so far, wherever it comes."""

from __future__ import annotations

import signal

import pytest
from ortools.sat.python import cp_model
from tests.builders import plan_it
from tests.degrees import course, degree, leaf

from prospectus.domain.program import Resolved
from prospectus.planning.objective import Objective
from prospectus.planning.result import PlanStatus


def rules() -> Resolved:
    hours = {"AA 500": 9, "AA 501": 5, "AA 502": 7, "AA 503": 3}
    courses = [course(code, hours=each) for code, each in hours.items()]
    return degree(leaf("core", list(hours), 3), courses=courses)


def interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_search_stopped_in_the_solver_keeps_the_plan_it_has(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    solve = cp_model.CpSolver.solve
    left = 0

    def stopped(self: cp_model.CpSolver, model: cp_model.CpModel) -> cp_model.CpSolverStatus:
        nonlocal left
        left -= 1
        if left < 0:
            interrupt()
        return solve(self, model)

    monkeypatch.setattr(cp_model.CpSolver, "solve", stopped)
    kept = []
    for n_solves in range(8):
        left = n_solves
        result = plan_it(rules()).result
        if result.status is PlanStatus.FEASIBLE:
            kept.append(result)
    assert kept
    for result in kept:
        assert result.certificate.was_stopped
        assert result.plan is not None
        assert len(result.plan.attempts) == 3


def test_a_search_stopped_before_it_has_a_plan_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cp_model.CpSolver, "solve", interrupt)
    answer = plan_it(rules())
    assert answer.result.status is PlanStatus.UNKNOWN
    assert answer.result.certificate.was_stopped


def test_a_search_stopped_between_two_solves_keeps_the_plan_and_claims_no_bound(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Objective, "terms", interrupt)
    answer = plan_it(rules())
    assert answer.result.status is PlanStatus.FEASIBLE
    assert answer.result.certificate.was_stopped
    assert len(answer.runs) == 3
    assert not any(level.is_proven for level in answer.result.levels)


def test_ctrl_c_behind_a_run_of_the_solver_is_heard() -> None:
    answer = plan_it(rules())
    assert answer.result.status is PlanStatus.OPTIMAL
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
