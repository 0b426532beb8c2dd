"""How large what names other things grows when every name is replaced by what it stands for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from graphlib import TopologicalSorter

MOST_PARTS = 5_000
MOST_DEPTH = 25


def unfolded(graph: Mapping[str, Sequence[str]]) -> dict[str, tuple[int, int]]:
    """Return parts and depth of each name, given the names that it uses, each as often as it does.

    O(names + uses). A name that uses itself by way of others must not be among them.
    """
    found: dict[str, tuple[int, int]] = {}
    for name in TopologicalSorter(graph).static_order():
        inner = [found[one] for one in graph.get(name, ())]
        parts = 1 + sum(parts for parts, _ in inner)
        # Past the limit the number itself would only grow digits.
        found[name] = (min(parts, MOST_PARTS + 1), 1 + max((deep for _, deep in inner), default=0))
    return found
