"""What each unmet leaf still lacks, in its smallest form."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from prospectus.audit.canonical import Answer
from prospectus.audit.kinds import counts
from prospectus.audit.requirements import Leaf
from prospectus.audit.result import Missing
from prospectus.domain.course import CourseCode


def missing_in(answer: Answer) -> Iterator[Missing]:
    """Yield what is missing in each leaf that the cheapest completion buys courses for."""
    board = answer.board
    for leaf in board.leaves:
        bought = answer.solution.bought_in(leaf.bit)
        if bought or (board.is_partial and not board.is_filled(leaf, answer.solution)):
            yield _missing(answer, leaf, bought)


def _missing(answer: Answer, leaf: Leaf, bought: list[tuple[int, CourseCode]]) -> Missing:
    board, rules = answer.board, answer.board.problem.rules
    here = [i for i, mask in enumerate(answer.solution.masks) if mask & leaf.bit]
    courses, units = len(bought), sum(board.entries[i].row.units for i, _ in bought)
    if board.is_partial:
        held = sum(board.entries[i].row.units for i in here)
        courses = max(0, (leaf.courses or 0) - len(here))
        units = max(0, (leaf.credits or 0) - held)
    by_courses = leaf.courses is not None
    minima = (
        leaf.fill.with_[place].header.id
        for place, minimum in enumerate(leaf.minima)
        if not minimum.is_most
        and sum(counts(board.entries[i].row, minimum) for i in here) < minimum.bound
    )
    # a course of variable credits comes once for each number of them
    bit = leaf.bit
    fitting = [code for entry in board.problem.courses if entry.sure & bit for code in entry.codes]
    return Missing(
        node=leaf.id,
        path=rules.path(leaf.id),
        courses=courses if by_courses else 0,
        credits=Fraction(0) if by_courses else Fraction(units, rules.unit),
        one_of=tuple(sorted(dict.fromkeys(fitting))),
        chosen=tuple(sorted(code for _, code in bought)),
        credits_of=tuple(
            (code, credits)
            for i, code in sorted(bought, key=lambda pair: pair[1])
            if (credits := board.entries[i].credits) is not None
        ),
        minima=tuple(minima),
    )
