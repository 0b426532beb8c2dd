"""Circles among names that name each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping


def cycles(graph: Mapping[str, set[str]]) -> Iterator[list[str]]:
    """Yield one cycle, in order, for each group of names that reach each other.

    Depth first with an explicit stack: O(names + arrows).
    """
    state: dict[str, int] = {}
    for start in sorted(graph):
        if state.get(start):
            continue
        way: list[str] = [start]
        stack = [iter(sorted(graph[start]))]
        state[start] = 1
        while stack:
            following = next(stack[-1], None)
            if following is None:
                stack.pop()
                state[way.pop()] = 2
            elif following in graph and state.get(following, 0) == 0:
                state[following] = 1
                way.append(following)
                stack.append(iter(sorted(graph[following])))
            elif state.get(following) == 1:
                yield way[way.index(following) :]
