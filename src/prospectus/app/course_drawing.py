"""Where the courses of a graph are drawn: what comes first on the left, few lines that cross."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

from prospectus.app.course_graph import CourseGraph, Edge, Vertex
from prospectus.domain.course import CourseCode
from prospectus.domain.expression import Timing

WIDTH, HEIGHT = 156, 44
_ACROSS, _DOWN = 74, 16
_EDGE, _TOP = 12, 12
_THIN = 14
"""How high a lane is by which a line passes a column."""
_SWEEPS = 8
_SHORT = 19

_Spot = tuple[str, str, int]
"""A course (its code, "", 0), or a lane of an edge through a column (first, then, column)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A course with its left upper corner; `short` is its title as far as it fits."""

    vertex: Vertex
    x: int
    y: int
    short: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """An edge with the path that draws it, in the language of SVG."""

    edge: Edge
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A whole drawing, in pixels: what comes first stands further left."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    curves: tuple[Curve, ...]


def draw(graph: CourseGraph) -> Drawing:
    """Return where everything stands; the same for the same graph."""
    column = {str(code): place for code, place in _layers(graph).items()}
    columns = _ordered(graph, column)
    at: dict[_Spot, int] = {}
    bottom = _TOP
    for spots in columns.values():
        y = _TOP
        for spot in spots:
            tall = _THIN if spot[1] else HEIGHT
            at[spot] = y + tall // 2
            y += tall + _DOWN
        bottom = max(bottom, y)
    # a column that is lower than the highest stands in its middle
    for spots in columns.values():
        low = max((at[spot] + (0 if spot[1] else HEIGHT // 2) for spot in spots), default=_TOP)
        for spot in spots:
            at[spot] += (bottom - _DOWN - low) // 2
    left = {place: _EDGE + (place - 1) * (WIDTH + _ACROSS) for place in columns}
    boxes = tuple(
        Box(
            vertex=one,
            x=left[column[one.code]],
            y=at[str(one.code), "", 0] - HEIGHT // 2,
            short=one.title if len(one.title) <= _SHORT else f"{one.title[: _SHORT - 1]}…",
        )
        for one in sorted(
            graph.vertices, key=lambda one: (column[one.code], at[str(one.code), "", 0])
        )
    )
    curves = tuple(Curve(edge=edge, path=_path(edge, column, left, at)) for edge in graph.drawn)
    return Drawing(
        width=max(left.values(), default=0) + WIDTH + _EDGE + _ACROSS // 2,
        height=bottom,
        boxes=boxes,
        curves=curves,
    )


def _layers(graph: CourseGraph) -> dict[CourseCode, int]:
    """Return the column of each course, from 1: behind all that it asks or is advised to have.

    An edge that closes a circle is left out of account.
    """
    into: dict[CourseCode, list[Edge]] = defaultdict(list)
    for edge in graph.drawn:
        into[edge.then].append(edge)
    found: dict[CourseCode, int] = {}
    open_: set[CourseCode] = set()

    def place(code: CourseCode) -> int:
        if code not in found:
            open_.add(code)
            before = (
                place(edge.first) + (edge.timing is Timing.BEFORE)
                for edge in into[code]
                if edge.first not in open_
            )
            found[code] = max(before, default=1)
            open_.discard(code)
        return found[code]

    for vertex in graph.vertices:
        place(vertex.code)
    return found


def _ordered(graph: CourseGraph, column: Mapping[str, int]) -> dict[int, list[_Spot]]:
    """Return each column from top to bottom: neighbours' middles, swept to and fro."""
    columns: dict[int, list[_Spot]] = {
        place: [] for place in range(1, max(column.values(), default=0) + 1)
    }
    for code, place in column.items():
        columns[place].append((code, "", 0))
    beside: dict[_Spot, list[_Spot]] = defaultdict(list)
    for edge in graph.drawn:
        steps: list[_Spot] = [(str(edge.first), "", 0)]
        for place in range(column[edge.first] + 1, column[edge.then]):
            lane = (str(edge.first), str(edge.then), place)
            if lane not in columns[place]:
                columns[place].append(lane)
            steps.append(lane)
        steps.append((str(edge.then), "", 0))
        for one, other in pairwise(steps):
            beside[one].append(other)
            beside[other].append(one)
    where = {spot: float(i) for spots in columns.values() for i, spot in enumerate(spots)}

    def middle(spot: _Spot) -> float:
        around = beside[spot]
        return fmean(where[other] for other in around) if around else where[spot]

    for sweep in range(_SWEEPS):
        for place in sorted(columns, reverse=bool(sweep % 2)):
            middles = {spot: middle(spot) for spot in columns[place]}
            columns[place].sort(key=lambda spot: (middles[spot], spot))
            where.update((spot, float(i)) for i, spot in enumerate(columns[place]))
    return columns


def _path(
    edge: Edge, column: Mapping[str, int], left: Mapping[int, int], at: Mapping[_Spot, int]
) -> str:
    first, then = str(edge.first), str(edge.then)
    start, end = column[first], column[then]
    y0, y1 = at[first, "", 0], at[then, "", 0]
    if start == end:
        # beside each other: a bow to the right of both
        x = left[start] + WIDTH
        return f"M {x} {y0} C {x + _ACROSS // 2} {y0}, {x + _ACROSS // 2} {y1}, {x + 3} {y1}"
    if start > end:
        x0, x1 = left[start], left[end] + WIDTH + 3
        bend = (x0 - x1) // 2
        return f"M {x0} {y0} C {x0 - bend} {y0}, {x1 + bend} {y1}, {x1} {y1}"
    x, y = left[start] + WIDTH, y0
    path = f"M {x} {y}"
    for place in range(start + 1, end):
        lane, into = at[first, then, place], left[place]
        path += f" C {x + _ACROSS // 2} {y}, {into - _ACROSS // 2} {lane}, {into} {lane}"
        x, y = into + WIDTH, lane
        path += f" L {x} {y}"
    into = left[end] - 3
    return path + f" C {x + _ACROSS // 2} {y}, {into - _ACROSS // 2} {y1}, {into} {y1}"
