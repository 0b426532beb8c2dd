"""Where the rules would let a use be held in parts, and the search does not try it."""

from __future__ import annotations

from prospectus.audit.general import MOST_PARTS
from prospectus.audit.problem import Entry, Problem


def has_untried_parts(problem: Problem) -> bool:
    """Return whether a use on record could be held in parts that are not tried.

    Split in one leaf and whole in another that counts; or of so many units that not every part
    is tried. Where there is one, an answer is valid and not proven to be the best.
    """
    return any(_is_untried(problem, entry) for entry in problem.uses if entry.row.splits)


def _is_untried(problem: Problem, entry: Entry) -> bool:
    here = [leaf for leaf in problem.rules.leaves if entry.allowed & leaf.bit]
    if not any(leaf.takes_parts for leaf in here):
        return False
    if entry.row.units > MOST_PARTS or (any(entry.allows) and len(here) > 1):
        return True
    return len({leaf.fill.pool for leaf in here if leaf.counts}) > 1
