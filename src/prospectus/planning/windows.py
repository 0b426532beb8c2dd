"""When a course of a plan may begin, what every plan holds, and what has to begin first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from prospectus.domain.course import CourseCode
from prospectus.legality.store import Lit
from prospectus.planning.around import Near, Spot
from prospectus.planning.solver import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The first and the last leaf period in which a course begins in some plan.

    While not `is_settled`, an earlier or later one may exist.
    """

    first: int
    last: int
    is_settled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Always:
    """What holds in every plan asked about, as far as it was settled.

    `waiting` may hold in every plan or not: time ran out.
    """

    settled: frozenset[CourseCode]
    waiting: frozenset[CourseCode] = frozenset()


def windows(
    near: Near, courses: Iterable[CourseCode], known: Iterable[Spot]
) -> dict[CourseCode, Window]:
    """Return the window of each course over all plans of a model that hold it.

    Each solve asks for a plan that widens some window; that none exists proves them all at once.

    Parameters
    ----------
    near
        The plans asked about.
    courses
        The courses; each is in some plan of the model.
    known
        Where some plan of the model begins them.
    """
    wanted = frozenset(courses)
    reach = _reach(near, wanted, known)
    is_settled = False
    while True:
        wider = [lit for spot, lit in near.starts.items() if _widens(spot, reach)]
        if not wider:
            is_settled = True
            break
        answer, found = near.find(wider)
        if answer is Answer.INFEASIBLE:
            is_settled = True
            break
        if not found:
            break
        reach = _reach(near, wanted, [*found, *_ends(reach)])
    unsettled = frozenset() if is_settled else _unsettled(near, reach)
    return {
        code: Window(first=first, last=last, is_settled=code not in unsettled)
        for code, (first, last) in sorted(reach.items())
    }


def _reach(
    near: Near, wanted: frozenset[CourseCode], known: Iterable[Spot]
) -> dict[CourseCode, tuple[int, int]]:
    found: dict[CourseCode, tuple[int, int]] = {}
    for code, leaf in known:
        if code in wanted:
            first, last = found.get(code, (leaf, leaf))
            found[code] = (min(first, leaf), max(last, leaf))
    return found


def _ends(reach: Mapping[CourseCode, tuple[int, int]]) -> list[Spot]:
    return [(code, leaf) for code, ends in reach.items() for leaf in ends]


def _widens(spot: Spot, reach: Mapping[CourseCode, tuple[int, int]]) -> bool:
    code, leaf = spot
    return code in reach and not reach[code][0] <= leaf <= reach[code][1]


def _unsettled(near: Near, reach: Mapping[CourseCode, tuple[int, int]]) -> frozenset[CourseCode]:
    return frozenset(code for code, leaf in near.starts if _widens((code, leaf), reach))


def in_every_plan(near: Near, courses: Iterable[CourseCode]) -> Always:
    """Return those of some courses that every plan of a model holds."""
    return _always(near, {code: near.without(code) for code in courses}, by_leaf=None)


def begun_in_every_plan(near: Near, spots: Iterable[Spot]) -> Always:
    """Return the courses that every plan of a model begins where these spots say."""
    asked = dict(spots)
    lits = {code: near.not_at((code, leaf)) for code, leaf in asked.items()}
    return _always(near, lits, by_leaf=asked)


def _always(
    near: Near, otherwise: dict[CourseCode, Lit], by_leaf: Mapping[CourseCode, int] | None
) -> Always:
    """Drop what some plan does otherwise, until no plan does any of what is left otherwise."""
    left = dict(otherwise)
    while left:
        answer, found = near.find(left.values())
        if answer is Answer.INFEASIBLE:
            return Always(settled=frozenset(left))
        if answer not in (Answer.OPTIMAL, Answer.FEASIBLE):
            return Always(settled=frozenset(), waiting=frozenset(left))
        taken = {code for code, _ in found}
        for code in tuple(left):
            kept = code in taken if by_leaf is None else (code, by_leaf[code]) in found
            if not kept:
                del left[code]
    return Always(settled=frozenset())
