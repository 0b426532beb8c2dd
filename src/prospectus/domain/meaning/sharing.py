"""Sharing: a use in one leaf of a pool, unless an overlap permits; limits between pools."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from itertools import combinations
from typing import TYPE_CHECKING

from prospectus.domain.meaning.conditions import Moment, evaluate
from prospectus.domain.meaning.matching import leaves_below, matches
from prospectus.domain.meaning.setting import Setting, Use
from prospectus.domain.meaning.uses import FOREVER
from prospectus.domain.requirement import Fill, NodeId
from prospectus.domain.rule import Overlap

if TYPE_CHECKING:
    from prospectus.domain.meaning.holding import Holding


def _members(holding: Holding, name: str) -> frozenset[NodeId]:
    """Return the active leaves that a name in `between` stands for: leaf, node or pool."""
    by_pool = {leaf.header.id for leaf in holding.leaves() if leaf.pool == name}
    below = {leaf.header.id for leaf in leaves_below(holding.setting.resolved.tree, name)}
    return frozenset(by_pool | (below & set(holding.active)))


def check_sharing(holding: Holding) -> None:
    """Note every use that stands in leaves which may not share it."""
    overlaps = [r for r in holding.setting.resolved.rules if isinstance(r, Overlap)]
    named = {rule.header.id: [_members(holding, n) for n in rule.between] for rule in overlaps}
    stands: dict[str, list[Fill]] = defaultdict(list)
    for leaf in holding.leaves():
        for item in holding.held[leaf.header.id]:
            stands[item.use.id].append(leaf)
    shared: dict[str, list[Use]] = defaultdict(list)
    for use_id, leaves in stands.items():
        use = holding.uses[use_id]
        for one, other in combinations(leaves, 2):
            naming = [r for r in overlaps if _names(named[r.header.id], one, other)]
            allowing = [r for r in naming if _allows(r, use, holding.setting)]
            for rule in allowing:
                if use not in shared[rule.header.id]:
                    shared[rule.header.id].append(use)
            if not _may_share(holding, one, other, use_id, naming, allowing):
                holding.fault(
                    other.header.id,
                    f"{use.attempt.course} is held by {one.header.name} already",
                    use_id,
                )
        for rule in overlaps:
            if _counts_elsewhere(holding, rule, use, leaves) and use not in shared[rule.header.id]:
                if _allows(rule, use, holding.setting):
                    shared[rule.header.id].append(use)
                else:
                    holding.fault(
                        rule.header.id, f"{use.attempt.course} counts elsewhere already", use_id
                    )
    for rule in overlaps:
        _check_overlap_cap(holding, rule, shared[rule.header.id])


def _counts_elsewhere(holding: Holding, rule: Overlap, use: Use, leaves: list[Fill]) -> bool:
    """Return whether a rule speaks of a use counted in another award and in these leaves."""
    if not use.attempt.counted_in & set(rule.between):
        return False
    here = [name for name in rule.between if name not in use.attempt.counted_in]
    program = holding.setting.resolved.program.id
    if not here or program in here:
        return True
    return any(leaf.header.id in _members(holding, name) for name in here for leaf in leaves)


def _names(groups: list[frozenset[NodeId]], one: Fill, other: Fill) -> bool:
    return any(
        one.header.id in first and other.header.id in second
        for first in groups
        for second in groups
        if first is not second
    )


def _allows(rule: Overlap, use: Use, setting: Setting) -> bool:
    if matches(rule.of, use, setting) is not True:
        return False
    if rule.condition is None:
        return True
    return evaluate(rule.condition, Moment(before=FOREVER), setting, ()) is True


def _may_share(
    holding: Holding,
    one: Fill,
    other: Fill,
    use_id: str,
    naming: list[Overlap],
    allowing: list[Overlap],
) -> bool:
    if one.pool != other.pool:
        if (one.rest and holding.counts(other)) or (other.rest and holding.counts(one)):
            # free electives share with no leaf that counts; a view sees them freely
            return not (holding.counts(one) and holding.counts(other))
        return bool(allowing) or not naming
    if one.rest or other.rest:
        return False
    parts = [
        h.part for leaf in (one, other) for h in holding.held[leaf.header.id] if h.use.id == use_id
    ]
    if all(part is not None for part in parts):
        return True
    return bool(allowing)


def _check_overlap_cap(holding: Holding, rule: Overlap, shared: list[Use]) -> None:
    if rule.at_most_courses is not None and len(shared) > rule.at_most_courses:
        holding.fault(rule.header.id, f"{len(shared)} courses are shared")
    credits = sum((use.credits for use in shared), Fraction(0))
    if rule.at_most_credits is not None and credits > rule.at_most_credits:
        holding.fault(rule.header.id, f"{credits} credits are shared")
