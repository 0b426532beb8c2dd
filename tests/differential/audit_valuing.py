"""What a witness is worth to the audit's oracle: nodes met, places of uses, what it completes."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from prospectus.domain.meaning.holding import Holding, active_measures, hold
from prospectus.domain.meaning.matching import nodes
from prospectus.domain.meaning.setting import Setting, Use
from prospectus.domain.meaning.sizes import amount, bound_of, is_met, plain
from prospectus.domain.plan import Standing, Verdict, Witness
from prospectus.domain.program import Resolved
from prospectus.domain.requirement import (
    All,
    Any,
    Bound,
    Fill,
    Gpa,
    Measure,
    Milestone,
    Node,
    NodeId,
    Over,
)


def met_now(
    resolved: Resolved,
    setting: Setting,
    found: tuple[Use, ...],
    witness: Witness,
    verdict: Verdict,
) -> tuple[bool, ...]:
    """Return for each node in file order whether it is met now, totals last.

    Means, milestones and what is attempted are reported apart. An `all` and an `any` stand as
    their children do, without them.
    """
    holding = hold(setting, witness, found)
    by_id = {seen.node: seen.standing for seen in verdict.nodes}

    def met(node: Node) -> bool:
        name = node.header.id
        if name not in by_id:
            return False
        if setting.is_excepted(name):
            return True
        if isinstance(node, Gpa | Milestone) or (
            isinstance(node, Measure) and node.over is Over.ATTEMPTED
        ):
            return True
        if isinstance(node, All | Any):
            return all(met(c) for c in node.children if c.header.id in by_id)  # type: ignore[arg-type, union-attr]
        return by_id[name] is Standing.MET

    apart = (Gpa, Milestone, All, Any)
    flags = [
        met(node)
        for node in nodes(resolved.tree)
        if not isinstance(node, apart) or setting.is_excepted(node.header.id)
    ]
    flags += [met(rule) for rule in resolved.rules if isinstance(rule, Measure)]
    for node in nodes(resolved.tree):
        if isinstance(node, All) and node.total is not None:
            # what is waived is met whatever it counts
            flags.append(
                node.header.id in by_id
                and (setting.is_excepted(node.header.id) or _total_met(holding, node, passed=True))
            )
    return tuple(flags)


def _total_met(holding: Holding, node: All, *, passed: bool) -> bool:
    assert node.total is not None
    items = holding.applied(below=node.header.id)
    if passed:
        items = [i for i in items if i.use.standing is Standing.MET]
    _, asked = holding.total_of(node.header.id)
    have = sum((i.credits for i in items), Fraction(0))
    if node.total.credits is not None and asked is not None and have < asked:
        return False
    if node.total.courses is not None:
        count = sum(1 for i in items if not i.use.is_waiver)
        return count >= plain(node.total.courses).low
    return True


def where(
    setting: Setting, found: tuple[Use, ...], witness: Witness
) -> tuple[tuple[int, ...], ...]:
    """Return for each use, in code order, the places of its leaves in the file; unused last.

    What is waived comes after all others.
    """
    holding = hold(setting, witness, found)
    leaves = [node for node in nodes(setting.resolved.tree) if isinstance(node, Fill)]
    place = {
        node.header.id: index + len(leaves) * is_excused(holding, node.header.id)
        for index, node in enumerate(leaves)
    }
    held: dict[str, list[int]] = {use.id: [] for use in found}
    for one in witness.placements:
        held[one.attempt].append(place[one.leaf])
    ordered = sorted(found, key=lambda use: (use.attempt.course, use.id))
    return tuple((*sorted(held[use.id]), 1 << 30) for use in ordered)


def completes(setting: Setting, found: tuple[Use, ...], witness: Witness) -> bool:
    """Return whether tree, sizes and caps hold with the completion taken."""
    holding = hold(setting, witness, found)

    for node in holding.active.values():
        if is_excused(holding, node.header.id):
            continue
        if isinstance(node, Fill):
            asked = holding.rest_asks(node) if node.rest else None
            if not is_met(node, holding.held[node.header.id], asked, setting):
                return False
        is_total = isinstance(node, All) and node.total is not None
        if is_total and not _total_met(holding, node, passed=False):  # type: ignore[arg-type]
            return False
    for measure, above in active_measures(holding):
        if measure.bound is not Bound.AT_LEAST or measure.over is not Over.APPLIED:
            continue
        if setting.is_excepted(measure.header.id) or is_excused(holding, above):
            continue
        _, total = holding.total_of(above)
        # counted as for a most: what nobody knows may yet prove to fit, and is pending till then
        hoped = replace(measure, bound=Bound.AT_MOST)
        have = amount(hoped, holding.applied(measure.within), setting)
        if have < bound_of(measure, total or Fraction(0)):
            return False
    return True


def is_excused(holding: Holding, name: NodeId) -> bool:
    """Return whether a node, or one above it, is waived or set met."""
    here: NodeId | None = name
    while here is not None:
        if holding.setting.is_excepted(here):
            return True
        here = holding.parent.get(here)
    return False
