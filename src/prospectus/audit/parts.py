"""Where the rules would let a use be held in parts, and the search does not try it."""

from __future__ import annotations

from prospectus.audit.problem import Entry, Problem
from prospectus.audit.requirements import Leaf
from prospectus.domain.requirement import Bound


def has_untried_parts(problem: Problem) -> bool:
    """Return whether a use on record could be held in parts that the search does not try.

    Split in one leaf and whole in another that counts; or by a part of it in a leaf counted in
    courses, beside other leaves of the pool or below a most in credits. Where there is one, an
    answer is valid and not proven to be the best.
    """
    return any(_is_untried(problem, entry) for entry in problem.uses if entry.row.splits)


def _is_untried(problem: Problem, entry: Entry) -> bool:
    if any(entry.allows):
        return True
    here = [leaf for leaf in problem.rules.leaves if entry.allowed & leaf.bit]
    if len({leaf.fill.pool for leaf in here if leaf.counts}) > 1:
        return True
    counted = [leaf for leaf in here if leaf.courses is not None]
    if any(_has_beside(leaf, here) or leaf.most_credits is not None for leaf in counted):
        return True
    return bool(counted) and _is_capped(problem, entry)


def _has_beside(leaf: Leaf, here: list[Leaf]) -> bool:
    """Return whether the pool of a leaf has another that may hold the use, electives apart."""
    others = (o for o in here if o is not leaf and not o.fill.rest)
    return any(other.fill.pool == leaf.fill.pool for other in others)


def _is_capped(problem: Problem, entry: Entry) -> bool:
    rules = problem.rules
    if any(total.most_credits is not None for total in rules.totals):
        return True
    return any(
        bounding.measure.bound is Bound.AT_MOST
        and bounding.measure.credits is not None
        and entry.row.measured[bounding.index] is not False
        for bounding in rules.bounds
    )
