"""Whether the leaves below a total can hold as much as it asks."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import ceil

from prospectus.domain.course import Course
from prospectus.domain.requirement import (
    DEGREE_POOL,
    All,
    Any,
    Fill,
    Item,
    Range,
    Reading,
    When,
)

CoursesOf = Callable[[Fill], "list[Course] | None"]
"""The courses that a leaf takes; None where some of them are not on file."""


def most_held(
    item: Item, courses_of: CoursesOf, counting: set[str], pool: str | None = None
) -> Fraction | None:
    """Return the most credits that a part of the tree can hold in counting pools.

    None where that has no bound that the files tell: free electives, sizes that nobody knows,
    courses of other places.
    """
    match item:
        case When():
            return _largest(
                [
                    most_held(one, courses_of, counting, pool)
                    for one in (item.then, item.otherwise)
                    if one is not None
                ],
                1,
            )
        case Reading():
            found = [most_held(one, courses_of, counting, pool) for _, one in item.options]
            return _largest(found, 1)
        case All():
            inner = item.pool or pool
            found = [most_held(child, courses_of, counting, inner) for child in item.children]
            return _largest(found, len(found))
        case Any():
            inner = item.pool or pool
            found = [most_held(child, courses_of, counting, inner) for child in item.children]
            return _largest(found, item.n)
        case Fill():
            return _leaf(item, courses_of(item), (item.pool or pool or DEGREE_POOL) in counting)
        case _:
            return Fraction(0)


def _largest(found: list[Fraction | None], n: int) -> Fraction | None:
    """Return the sum of the n largest; None where one of all has no bound."""
    known = [value for value in found if value is not None]
    if len(known) < len(found):
        return None
    return sum(sorted(known, reverse=True)[:n], Fraction(0))


def _leaf(fill: Fill, courses: list[Course] | None, counts: bool) -> Fraction | None:
    if not counts:
        return Fraction(0)
    if fill.rest or not courses:
        return None
    heaviest = max(course.credits_high for course in courses)
    bounds: list[Fraction] = []
    for size, unit in ((fill.courses, heaviest), (fill.credits, None)):
        if size is None:
            continue
        for plain in _plain(size):
            most = plain.high if plain.high is not None else plain.low
            if most == 0:
                return None
            bounds.append(most * unit if unit is not None else _crossed(most, courses, heaviest))
    # Courses and credits together: one of the two sizes is reached last.
    return max(bounds, default=None)


def _crossed(credits: Fraction, courses: list[Course], heaviest: Fraction) -> Fraction:
    """Return the most that a size in credits may come to, for the last course may cross it."""
    sizes = {course.credits_low for course in courses} | {c.credits_high for c in courses}
    if len(sizes) == 1 and heaviest > 0:
        return ceil(credits / heaviest) * heaviest
    return credits + heaviest


def _plain(size: object) -> list[Range]:
    match size:
        case Range():
            return [size]
        case When():
            return [one for one in (size.then, size.otherwise) if one is not None]
        case Reading():
            return [value for _, value in size.options]
        case _:
            return []
