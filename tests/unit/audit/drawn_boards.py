"""Boards of drawn rules and records, for tests that hold a quick way against a plain one."""

from __future__ import annotations

from collections.abc import Iterator

from tests.degrees import TODAY
from tests.differential.audit_drawing import Case, draw

from prospectus.audit import AuditResult, audit
from prospectus.audit.board import Board
from prospectus.audit.problem import problem_of, scopes
from prospectus.audit.rules import rules_of
from prospectus.audit.search import Search
from prospectus.audit.table import Effort


def drawn_cases(count: int, *, parts: bool = False) -> Iterator[Case]:
    """Yield so many drawn cases."""
    for seed in range(count):
        yield draw(90_000 + seed, parts=parts)


def searches(case: Case) -> Iterator[Search]:
    """Yield a search for each of the first scopes of a case."""
    rules = rules_of(case.resolved, case.record)
    problem = problem_of(rules, case.record, TODAY, case.conferral)
    for scope in scopes(rules, dict(case.choices))[:3]:
        board = Board(problem, scope)
        finder = board.search(board.nothing_wanted(), Effort(100_000))
        if finder is not None:
            yield finder.search


def audited(case: Case) -> AuditResult:
    """Return the audit of a case."""
    return audit(
        case.resolved, case.record, TODAY, choices=dict(case.choices), conferral=case.conferral
    )
