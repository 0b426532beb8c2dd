"""Circles among names that name each other."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Mapping


def groups(graph: Mapping[str, Collection[str]]) -> list[frozenset[str]]:
    """Return the names of a graph, those that reach each other together.

    Tarjan's strongly connected components with an explicit stack: O(names + arrows).
    """
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    held: list[str] = []
    is_held: set[str] = set()
    found: list[frozenset[str]] = []
    for start in graph:
        stack = [] if start in number else [(start, iter(graph[start]))]
        while stack:
            here, following = stack[-1]
            if here not in number:
                number[here] = low[here] = len(number)
                held.append(here)
                is_held.add(here)
            for name in following:
                if name in graph and name not in number:
                    stack.append((name, iter(graph[name])))
                    break
                if name in is_held:
                    low[here] = min(low[here], number[name])
            else:
                stack.pop()
                if stack:
                    low[stack[-1][0]] = min(low[stack[-1][0]], low[here])
                if low[here] == number[here]:
                    place = len(held) - held[::-1].index(here) - 1
                    found.append(frozenset(held[place:]))
                    is_held -= found[-1]
                    del held[place:]
    return found


def cycles(graph: Mapping[str, Collection[str]]) -> Iterator[list[str]]:
    """Yield one cycle, in order, for each group of names that reach each other."""
    for group in sorted(groups(graph), key=min):
        first = min(group)
        if first in graph[first]:
            yield [first]
        elif len(group) > 1:
            inner = {name: [n for n in graph[name] if n in group] for name in group}
            back = shortest_way(min(inner[first]), first, inner) or []
            yield [first, *back[:-1]]


def shortest_way(start: str, goal: str, graph: Mapping[str, Collection[str]]) -> list[str] | None:
    """Return the shortest way along arrows, both ends included; None when there is none."""
    came_from: dict[str, str] = {start: ""}
    queue = deque([start])
    while queue:
        here = queue.popleft()
        if here == goal:
            way = [here]
            while came_from[way[-1]]:
                way.append(came_from[way[-1]])
            return way[::-1]
        for following in sorted(graph.get(here, ())):
            if following not in came_from:
                came_from[following] = here
                queue.append(following)
    return None
