"""The boards of the last answers: what explains an answer looks at the same one."""

from __future__ import annotations

from collections import deque

from prospectus.audit.board import Board
from prospectus.audit.problem import Problem, Scope
from prospectus.audit.result import AuditResult

_latest: deque[tuple[Problem, AuditResult, Board]] = deque(maxlen=8)


def keep_board(problem: Problem, result: AuditResult, board: Board) -> None:
    """Keep the board on which a result was found, for what explains it."""
    is_same = board.is_partial or board.is_unsure is not result.is_completion_sure
    if board.problem is problem and is_same:
        board.forget()
        _latest.appendleft((problem, result, board))


def board_of(problem: Problem, result: AuditResult) -> Board:
    """Return the board of a result under the choices taken; the last few are kept."""
    for its, known, board in tuple(_latest):
        if its is problem and known is result:
            return board
    board = _board_of(problem, result)
    _latest.appendleft((problem, result, board))
    return board


def _board_of(problem: Problem, result: AuditResult) -> Board:
    ids = frozenset(state.node for state in result.nodes)
    leaves = sum(leaf.bit for leaf in problem.rules.leaves if leaf.id in ids)
    scope = Scope(choices=result.witness.choices, active=ids, leaves=leaves)
    partial = result.credits_left is None
    return Board(problem, scope, is_partial=partial, unsure=not result.is_completion_sure)
