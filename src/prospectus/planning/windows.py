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

    A solve asks for a plan that widens some window; that none exists proves them all at once.

    Parameters
    ----------
    near
        The plans asked about.
    courses
        The courses; each is in some plan of the model.
    known
        Where some plan of the model begins them.
    """
    search = _Widening(near, courses, known)
    is_settled = search.run()
    return {
        code: Window(first=first, last=last, is_settled=is_settled or not search.wider(code))
        for code, (first, last) in sorted(search.reach.items())
    }


class _Widening:
    """Windows as far as they are known, each widened until no plan is outside it."""

    def __init__(self, near: Near, courses: Iterable[CourseCode], known: Iterable[Spot]) -> None:
        self.near = near
        wanted = frozenset(courses)
        self.reach: dict[CourseCode, tuple[int, int]] = {}
        self._learn(spot for spot in known if spot[0] in wanted)
        self.leaves: dict[CourseCode, list[int]] = {code: [] for code in self.reach}
        for code, leaf in sorted(near.starts):
            if code in self.leaves:
                self.leaves[code].append(leaf)

    def _learn(self, spots: Iterable[Spot]) -> None:
        for code, leaf in spots:
            first, last = self.reach.get(code, (leaf, leaf))
            self.reach[code] = (min(first, leaf), max(last, leaf))

    def run(self) -> bool:
        """Widen all windows; return whether it was proven that none is wider."""
        while True:
            wider = [(code, leaf) for code in self.leaves for leaf in self.wider(code)]
            if not wider:
                return True
            before = dict(self.reach)
            answer = self._ask(wider)
            if answer is not Answer.FEASIBLE:
                return answer is Answer.INFEASIBLE
            # what gave way once may give way further: go to its very end before asking again
            for code, (first, last) in before.items():
                if self.reach[code][0] < first and not self._stretch(code, is_early=True):
                    return False
                if self.reach[code][1] > last and not self._stretch(code, is_early=False):
                    return False

    def wider(self, code: CourseCode) -> list[int]:
        """Return the periods outside a course's window."""
        first, last = self.reach[code]
        return [leaf for leaf in self.leaves[code] if not first <= leaf <= last]

    def _stretch(self, code: CourseCode, *, is_early: bool) -> bool:
        """Move one end of a window as far as it goes; False where time ran out."""
        closed = -1 if is_early else len(self.near.case.resolved.calendar.leaves)
        is_first = True
        while True:
            first, last = self.reach[code]
            if is_early:
                left = [leaf for leaf in self.leaves[code] if closed < leaf < first]
            else:
                left = [leaf for leaf in self.leaves[code] if last < leaf < closed][::-1]
            if not left:
                return True
            # the very end first: where a plan is free to move it is often reached at once
            tried = left[:1] if is_first else left[: (len(left) + 1) // 2]
            is_first = False
            answer = self._ask([(code, leaf) for leaf in tried])
            if answer is Answer.INFEASIBLE:
                closed = tried[-1]
            elif answer is not Answer.FEASIBLE:
                return False

    def _ask(self, spots: Iterable[Spot]) -> Answer:
        answer, found = self.near.find([self.near.starts[spot] for spot in spots])
        self._learn(spot for spot in found if spot[0] in self.reach)
        return Answer.FEASIBLE if answer is Answer.OPTIMAL else answer


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
