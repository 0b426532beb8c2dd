"""Explanations that ask again: which course completes most, how many ways stay open."""

from __future__ import annotations

import datetime as dt

from prospectus.audit import ways
from prospectus.audit.boards import board_of
from prospectus.audit.problem import problem_of
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
    rules = rules_of(resolved, record)
    problem = problem_of(rules, record, today, result.witness.conferral)
    return ways.ways_left(board_of(problem, result), result, most=most, steps=steps)
