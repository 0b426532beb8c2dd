"""What each unmet leaf still lacks, in its smallest form."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from prospectus.audit.canonical import Answer
from prospectus.audit.result import Missing
from prospectus.audit.rules import Leaf


def missing_in(answer: Answer) -> Iterator[Missing]:
    """Yield what is missing in each leaf that the cheapest completion buys courses for."""
    board = answer.board
    for leaf in board.leaves:
        bought = [
            i
            for i in range(board.n_uses, len(board.entries))
            if answer.solution.leaves(i) & leaf.bit
        ]
        if bought or (board.is_partial and not board.is_filled(leaf, answer.solution)):
            yield _missing(answer, leaf, bought)


def _missing(answer: Answer, leaf: Leaf, bought: list[int]) -> Missing:
    board, rules = answer.board, answer.board.problem.rules
    here = [i for i in range(board.n_uses) if answer.solution.leaves(i) & leaf.bit]
    courses, units = len(bought), sum(board.entries[i].row.units for i in bought)
    if board.is_partial:
        held = sum(board.entries[i].row.units for i in here)
        courses = max(0, (leaf.courses or 0) - len(here))
        units = max(0, (leaf.credits or 0) - held)
    by_courses = leaf.courses is not None
    minima = (
        leaf.fill.with_[place].header.id
        for place, minimum in enumerate(leaf.minima)
        if not minimum.is_most
        and sum(board.counts(board.entries[i], minimum) for i in here) < minimum.bound
    )
    fitting = (entry.code for entry in board.problem.courses if entry.sure & leaf.bit)
    return Missing(
        node=leaf.id,
        path=rules.path(leaf.id),
        courses=courses if by_courses else 0,
        credits=Fraction(0) if by_courses else Fraction(units, rules.unit),
        one_of=tuple(sorted(fitting)),
        chosen=tuple(sorted(board.entries[i].code for i in bought)),
        minima=tuple(minima),
    )
