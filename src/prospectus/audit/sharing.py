"""What may be shared between leaves and pools, for the search."""

from __future__ import annotations

from collections.abc import Sequence

from prospectus.audit.problem import Entry, Scope
from prospectus.audit.requirements import Leaf
from prospectus.audit.rules import Rules
from prospectus.audit.table import Sharing


def overlaps(
    rules: Rules, scope: Scope, entries: Sequence[Entry]
) -> tuple[list[Sharing], list[tuple[tuple[bool, int], ...]]]:
    """Return what the overlap rules bound, and per entry whether and where each counts it."""
    sharings: list[Sharing] = []
    which: list[int] = []
    for index, rule in enumerate(rules.overlaps):
        groups = tuple(rules.members(name) & scope.leaves for name in rule.between)
        most = rule.at_most_courses
        if most is not None:
            sharings.append(Sharing(groups=groups, most=most, by_credits=False))
            which.append(index)
        if rule.at_most_credits is not None:
            most = int(rule.at_most_credits * rules.unit)
            sharings.append(Sharing(groups=groups, most=most, by_credits=True))
            which.append(index)
    if not which:
        return sharings, [()] * len(entries)
    shares = [tuple([(entry.allows[i], entry.elsewhere[i]) for i in which]) for entry in entries]
    return sharings, shares


def pool_masks(
    rules: Rules, scope: Scope, leaves: Sequence[Leaf], entries: Sequence[Entry]
) -> list[tuple[int, int]]:
    """Return the leaves of each pool, with the units that sharing may save in it.

    Where nothing bounds what is shared, only the first group of those that share is looked at.
    """
    dropped, saved = 0, 0
    largest = max([entry.row.units for entry in entries], default=0) if rules.overlaps else 0
    for index, rule in enumerate(rules.overlaps):
        if not any(entry.allows[index] for entry in entries):
            continue
        named = [rules.members(name) & scope.leaves for name in rule.between]
        bounds = []
        if rule.at_most_courses is not None:
            bounds.append(rule.at_most_courses * largest)
        if rule.at_most_credits is not None:
            bounds.append(int(rule.at_most_credits * rules.unit))
        if bounds:
            saved += min(bounds) * max(1, len(named) - 1)
        else:
            for mask in named[1:]:
                dropped |= mask
    pools: dict[str, int] = {}
    for leaf in leaves:
        name = leaf.fill.pool or ""
        pools[name] = pools.get(name, 0) | (leaf.bit & ~dropped)
    return [(mask, saved) for mask in pools.values() if mask]
