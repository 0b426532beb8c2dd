"""Which nodes are met where it is known which leaves and leasts are."""

from __future__ import annotations

from collections.abc import Set

from prospectus.audit.rules import Rules
from prospectus.domain.requirement import All, Any, Bound, Fill, Measure, Node, NodeId


def nodes_met(
    rules: Rules, active: Set[str], met: Set[str], short: Set[str] = frozenset()
) -> tuple[NodeId, ...]:
    """Return the nodes met, in the order of the exact audit.

    `met` are the leaves and leasts that are met, `short` the nodes whose total is not reached.
    """
    mosts = {one.measure.header.id: one.measure.bound is Bound.AT_MOST for one in rules.bounds}
    found: set[str] = set()

    def stands(node: Node) -> bool | None:
        name = node.header.id
        is_met: bool | None = None
        match node:
            case Fill():
                is_met = name in met
            case All() | Any():
                below = [
                    stands(one)  # type: ignore[arg-type]  # resolved
                    for one in node.children
                    if one.header.id in active  # type: ignore[union-attr]
                ]
                is_met = False not in below and name not in short
            case Measure() if name in mosts:
                is_met = mosts[name] or name in met
            case _:
                is_met = None
        if is_met:
            found.add(name)
        return is_met

    stands(rules.resolved.tree)
    beside = [one.measure.header.id for one in rules.bounds if not one.in_tree]
    return tuple(
        [node.header.id for node in rules.nodes if node.header.id in found]
        + [name for name in beside if mosts[name] or name in met]
    )
