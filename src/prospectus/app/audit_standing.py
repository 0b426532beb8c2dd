"""How the nodes of an audit are shown to stand, where the verdict alone says too little.

The verdict knows no course that is taken again and nothing of what remains where no completion
was found, and it lowers nothing for a rule that nobody knows. What is shown tells these apart.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from fractions import Fraction

from prospectus.app.audit_check import Audited
from prospectus.domain.meaning.holding import Holding, admits
from prospectus.domain.meaning.means import Prospect, mean_verdict
from prospectus.domain.meaning.setting import Setting
from prospectus.domain.meaning.sizes import Held, is_met, plain
from prospectus.domain.plan import NodeVerdict, Standing
from prospectus.domain.printer import print_number
from prospectus.domain.requirement import All, Any, Bound, Fill, Gpa, Measure, Node, NodeId, Range
from prospectus.domain.rule import Overlap

SUPPOSED = "what if "
"""How the ids of attempts begin that are only supposed."""

_NO_REPEATS: frozenset[str] = frozenset()


def nodes_shown(
    found: Audited, ahead: Audited | None = None, again: frozenset[str] = _NO_REPEATS
) -> Mapping[NodeId, NodeVerdict]:
    """Return how each node is shown to stand.

    `ahead` is the audit with the attempts `again` taken once more, where that is proposed.
    """
    nodes = {node.node: node for node in found.verdict.nodes}
    every = [*found.holding.active.values(), *found.resolved.rules]
    prospect = _prospect(found, ahead, again)
    for node in every:
        verdict = nodes.get(node.header.id)
        if verdict is None or verdict.excepted:
            continue
        if isinstance(node, Gpa) and prospect != Prospect():
            nodes[verdict.node] = mean_verdict(found.holding, node, prospect)
        elif isinstance(node, Fill) and node.rest and _is_open_ended(found):
            nodes[verdict.node] = _rest(found, node, verdict, again)
    return nodes


def _is_open_ended(found: Audited) -> bool:
    """Return whether the completion does not say all that remains."""
    root = found.resolved.tree.header.id
    return found.result.credits_left is None or found.setting.is_excepted(root)


def _prospect(found: Audited, ahead: Audited | None, again: frozenset[str]) -> Prospect:
    settled = frozenset(
        one.id
        for one in found.record.attempts
        if one.id.startswith(SUPPOSED) and one.expected_grade is not None
    )
    if ahead is not None:
        to_come = [u for u in ahead.holding.uses.values() if u.hypothetical or u.id in again]
        bought = {use.id for use in found.holding.uses.values() if use.hypothetical}
        rule, scale = found.resolved.program.record_rules.repeats, found.resolved.scale
        replaced = {
            one.id
            for one in found.record.attempts
            if one.id in again
            and rule is not None
            and rule.mean_uses_all is False
            and not (
                one.grade is not None
                and rule.mean_keeps is not None
                and scale.at_least(one.grade, rule.mean_keeps)
            )
        }
        return Prospect(
            to_come=tuple(use for use in to_come if use.id not in bought),
            replaced=frozenset(replaced),
            settled=settled,
        )
    if not _is_open_ended(found):
        return Prospect(settled=settled)
    asked = found.holding.total_of(found.resolved.tree.header.id)[1] or Fraction(0)
    have = sum((item.credits for item in found.holding.applied()), Fraction(0))
    return Prospect(settled=settled, credits=max(asked - have, Fraction(0)), is_least=True)


def _rest(found: Audited, leaf: Fill, verdict: NodeVerdict, again: frozenset[str]) -> NodeVerdict:
    """Return how a leaf for the rest stands once the others have what they ask.

    Where what others ask has several sizes, it asks that at most; where uses may be shared, so
    that others may need nothing new, what it asks now.
    """
    holding = found.holding
    within, total = holding.total_of(leaf.header.id)
    if total is None:
        return verdict
    others = [
        other
        for other in holding.leaves()
        if other.header.id != leaf.header.id
        and holding.counts(other)
        and holding.is_below(other.header.id, within)
    ]
    lacks = [_lacks(holding, other, found.setting) for other in others]
    if any(isinstance(rule, Overlap) for rule in found.resolved.rules):
        lacks = [(Fraction(0), is_exact and not credits) for credits, is_exact in lacks]
    least = Fraction(0) if leaf.rest_within is None else leaf.rest_within.low
    asked = max(
        least, holding.rest_asks(leaf) - sum((credits for credits, _ in lacks), Fraction(0))
    )
    real = [item for item in holding.held[leaf.header.id] if not item.use.hypothetical]
    word = "" if all(is_exact for _, is_exact in lacks) else "at most "
    credits = sum((item.credits for item in real), Fraction(0))
    return replace(
        verdict,
        standing=_reached([item for item in real if item.use.id not in again], asked),
        counted=f"{print_number(credits)} of {word}{print_number(asked)} credits",
    )


def _reached(items: list[Held], asked: Fraction) -> Standing:
    """Return the weakest standing needed to reach so many credits, the strongest first."""
    have, standing = Fraction(0), Standing.MET
    for item in sorted(items, key=lambda item: item.use.standing, reverse=True):
        if have >= asked:
            break
        have, standing = have + item.credits, item.use.standing
    return standing if have >= asked else Standing.UNMET


def _lacks(holding: Holding, leaf: Fill, setting: Setting) -> tuple[Fraction, bool]:
    """Return the least credits that a leaf still lacks, and whether it can be no others."""
    mine = holding.held[leaf.header.id]
    if leaf.rest or is_met(leaf, mine, None, setting) or setting.is_excepted(leaf.header.id):
        return Fraction(0), True
    credits = Fraction(0)
    if leaf.credits is not None:
        credits = plain(leaf.credits).low - sum((item.credits for item in mine), Fraction(0))
    if leaf.courses is None:
        return max(credits, Fraction(0)), True
    sizes = {
        size
        for code, course in setting.resolved.courses.items()
        if admits(leaf, setting.hypothetical(code), setting) is True
        for size in (course.credits_low, course.credits_high)
    }
    n = max(plain(leaf.courses).low - len(mine), Fraction(0))
    by_courses = n * min(sizes, default=Fraction(0))
    return max(credits, by_courses, Fraction(0)), len(sizes) == 1


def not_known(found: Audited) -> frozenset[NodeId]:
    """Return the nodes of which it is not known what they ask: all that they have is unknown."""
    unknown: set[NodeId] = set()
    # where every rule below is known, nothing is left out
    told = {one.node for one in found.verdict.nodes if one.unknown}
    if told:
        _asks(found, found.resolved.tree, unknown, told)
    return frozenset(unknown)


def is_known(found: Audited) -> bool:
    """Return whether enough is known of the degree to call it complete."""
    return found.resolved.tree.header.id not in not_known(found)


def asks_something(node: Node) -> bool:
    """Return whether anything that a node asks is known; a most asks for nothing to be taken."""
    match node:
        case All() | Any():
            total = node.total if isinstance(node, All) else None
            return any(asks_something(child) for child in node.children) or (  # type: ignore[arg-type]
                total is not None and (_is_some(total.credits) or _is_some(total.courses))
            )
        case Fill():
            return node.rest or _is_some(node.courses) or _is_some(node.credits)
        case Measure():
            return node.bound is Bound.AT_LEAST and (
                _is_some(node.courses) or _is_some(node.credits)
            )
        case _:
            return not isinstance(node, Gpa)


def _asks(found: Audited, node: Node, unknown: set[NodeId], told: Collection[NodeId]) -> bool:
    """Return whether a node asks something that is known; note those that should and do not.

    `told` are the nodes below which some rule is unknown.
    """
    name = node.header.id
    if found.setting.is_excepted(name):
        return True
    known = asks_something(node)
    if isinstance(node, All | Any):
        active = found.holding.active
        children = [one for one in node.children if one.header.id in active]  # type: ignore[union-attr]
        asking = [_asks(found, child, unknown, told) for child in children]  # type: ignore[arg-type]
        # the total alone, what stands below it having been asked
        bare = isinstance(node, All) and asks_something(replace(node, children=()))
        known = any(asking) or bare
    if isinstance(node, All | Any | Fill) and not known and name in told:
        unknown.add(name)
    return known


def _is_some(size: object) -> bool:
    """Return whether a size asks for anything; a share is taken to."""
    return size is not None and (not isinstance(size, Range) or size.low > 0)
