"""Explanations that ask again: which course completes most, how many ways stay open."""

from __future__ import annotations

import datetime as dt

from prospectus.audit import ways
from prospectus.audit.board import Board
from prospectus.audit.problem import Problem, Scope, problem_of
from prospectus.audit.result import AuditResult, WaysLeft
from prospectus.audit.rules import rules_of
from prospectus.audit.steps import next_steps
from prospectus.audit.ways import MOST_WAYS
from prospectus.domain.program import Resolved
from prospectus.domain.record import Record

__all__ = ["MOST_WAYS", "next_steps", "ways_left"]


def ways_left(
    resolved: Resolved,
    record: Record,
    today: dt.date,
    result: AuditResult,
    *,
    most: int = MOST_WAYS,
    steps: int = ways.STEPS,
) -> WaysLeft:
    """Return how many sets of courses complete the degree as cheaply, under the choices taken."""
    board = _board(resolved, record, today, result)
    return ways.ways_left(board, result, most=most, steps=steps)


def _board(resolved: Resolved, record: Record, today: dt.date, result: AuditResult) -> Board:
    rules = rules_of(resolved, record)
    problem: Problem = problem_of(rules, record, today, result.witness.conferral)
    ids = frozenset(state.node for state in result.nodes)
    leaves = sum(leaf.bit for leaf in rules.leaves if leaf.id in ids)
    scope = Scope(choices=result.witness.choices, active=ids, leaves=leaves)
    partial = result.credits_left is None
    return Board(problem, scope, is_partial=partial, unsure=not result.is_completion_sure)
