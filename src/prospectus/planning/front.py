"""The Pareto front: every trade between two or three levels, each point proven as it comes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace

from prospectus.domain.period import Calendar
from prospectus.domain.program import Resolved
from prospectus.domain.record import Record
from prospectus.domain.student import Level, Student
from prospectus.planning.boxes import Boxes, Corner
from prospectus.planning.ladder import Ladder, again, answer_of
from prospectus.planning.memory import DEFAULT_MEMORY
from prospectus.planning.objective import RANK, STARTS, Values
from prospectus.planning.result import Certificate, PlanResult, PlanStatus
from prospectus.planning.search import Search
from prospectus.planning.solve import certificate, searched
from prospectus.planning.solver import Answer, Clock, Solution, Solver

TERMS_LATER = 4
"""How many terms after the earliest finish a front looks, unless more are asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontPoint:
    """One point: no plan of the extent is as good on every level and better on one.

    `values` are those of the levels asked, in their order. The `result` holds the plan; bounds of
    its levels are None, since none of them is at its least by itself.
    """

    values: tuple[int, ...]
    result: PlanResult


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontEnd:
    """What a finished stream comes to.

    `is_complete`: no further point exists among the plans that end by `last_day`. `levels` are
    those that could be asked: a price that nobody knows is left out. `status` is OPTIMAL for a
    complete front, FEASIBLE for a part of one, INFEASIBLE where no plan exists, UNKNOWN where
    none was found before a limit. `was_stopped` tells of a person, `is_out_of_memory` of the limit
    of memory; with neither an open front has used up its time.
    """

    status: PlanStatus
    levels: tuple[Level, ...]
    first_day: dt.date | None
    last_day: dt.date | None
    was_stopped: bool
    is_out_of_memory: bool
    certificate: Certificate

    @property
    def is_complete(self) -> bool:
        """Return whether the points are all there are."""
        return self.status is PlanStatus.OPTIMAL


class Front:
    """The front of one resolved programme for a person, streamed by `points`.

    Parameters
    ----------
    resolved, student, record, today
        As in `planning.solve.plan`.
    levels
        Two or three levels to trade; the others of the person, in their order, break ties.
    seconds, seed, workers
        Limit in seconds for the whole front; one seed and one worker give the same plans.
    terms_later
        How many terms after that of the earliest finish a plan may still end; None for no bound
        but the person's own deadline and the calendar's end.
    """

    def __init__(
        self,
        resolved: Resolved,
        student: Student,
        record: Record,
        today: dt.date,
        levels: Sequence[Level],
        *,
        seconds: float = 60,
        seed: int = 0,
        workers: int = 1,
        memory: int = DEFAULT_MEMORY,
        terms_later: int | None = TERMS_LATER,
    ) -> None:
        self.resolved = resolved
        self.student = student
        self.record = record
        self.today = today
        self.asked = tuple(dict.fromkeys(levels))
        self.terms_later = terms_later
        self.clock = Clock(seconds=seconds)
        self.solver = Solver(self.clock, seed=seed, workers=workers, memory=memory)
        self.approvals: tuple[str, ...] = ()
        self.end: FrontEnd | None = None
        self._known: list[Values] = []
        self._first: dt.date | None = None
        self._last: dt.date | None = None

    def points(self) -> Generator[FrontPoint, None, None]:
        """Yield the points as they are proven, earlier finishes first; then `end` is set.

        An interrupt ends the stream like the limit of time does.
        """
        search = self._earliest()
        try:
            if search.found is not None and search.is_optimal:
                yield from self._streamed(search)
        except KeyboardInterrupt:
            self.solver.was_interrupted = True
        finally:
            if self.end is None:
                self.end = self._ended(search, self._open_status(search))

    def _earliest(self) -> Search:
        """Return the search for the earliest finish, with the fewest missed goals before it."""
        wishes = self.student.wishes
        first: tuple[Level, ...] = (Level.FINISH,)
        if wishes.goals and wishes.levels[0] is Level.GOALS and Level.GOALS not in self.asked:
            first = (Level.GOALS, Level.FINISH)
        levels = tuple(dict.fromkeys((*first, *wishes.levels)))
        student = replace(self.student, wishes=replace(wishes, levels=levels))
        search, self.approvals = searched(
            self.resolved, student, self.record, self.today, self.solver, len(first)
        )
        return search

    def _streamed(self, base: Search) -> Iterator[FrontPoint]:
        search = again(base, (*self.asked, *self.student.wishes.levels), {})
        levels = [level.value for level in self._priced(search)]
        assert base.found is not None
        self._first = dt.date.fromordinal(base.found.values.finish)
        days = self._days(search.horizon.days, self._first)
        self._last = days[-1]
        if Level.FINISH.value not in levels:
            days = days[-1:]
        elif len(levels) == 1:
            days = days[:1]
        step = 1
        while days:
            n_known = len(self._known)
            ladder = Ladder(search, *search.build(days[:step][-1]))
            if step == 1:
                yield from self._at(ladder, levels)
                days = days[1:]
                step = 1 if len(self._known) > n_known else 2
            elif self._has_more(ladder, _inner(levels)):
                step //= 2
            else:
                # one larger model told at once that none of these days brings anything new
                days = days[step:]
                step *= 2
            if self.end is not None:
                return
        self.end = self._ended(search, PlanStatus.OPTIMAL)

    def _has_more(self, ladder: Ladder, inner: list[str]) -> bool:
        """Return whether a model holds a plan that no known point dominates."""
        boxes = self._boxes(inner)
        while (box := boxes.next()) is not None:
            answer = ladder.climb(inner[:1], under=_under(inner, box)).answer
            if answer is Answer.UNKNOWN:
                self.end = self._ended(ladder.search, self._open_status(ladder.search))
            if answer is not Answer.INFEASIBLE:
                return True
            boxes.close(box)
        return False

    def _boxes(self, inner: list[str]) -> Boxes:
        boxes = Boxes(len(inner))
        for known in self._known:
            boxes.cut(_point_of(known, inner))
        return boxes

    def _at(self, ladder: Ladder, levels: list[str]) -> Iterator[FrontPoint]:
        """Yield what is new among the plans of one model, until nothing is."""
        search = ladder.search
        inner = _inner(levels)
        others = [level for level in search.levels() if level not in (RANK, STARTS)]
        order = [*inner, *(level for level in others if level not in levels)]
        boxes = self._boxes(inner)
        previous: Solution | None = None
        while (box := boxes.next()) is not None:
            climb = ladder.climb(order, under=_under(inner, box), previous=previous)
            if climb.answer is Answer.INFEASIBLE:
                boxes.close(box)
                continue
            if climb.n_proven < max(1, len(inner)) or climb.values is None:
                self.end = self._ended(search, self._open_status(search))
                return
            self._known.append(climb.values)
            previous = climb.solution
            assert climb.solution is not None
            yield FrontPoint(
                values=_point_of(climb.values, levels),
                result=answer_of(
                    search, ladder.model, climb.solution, climb.values, self.approvals
                ),
            )
            boxes.close_below(box, _point_of(climb.values, inner))

    def _priced(self, search: Search) -> list[Level]:
        """Return the levels asked but those that hang on a price that nobody knows."""
        priced = () if search.has_cost else search.student.wishes.priced
        return [level for level in self.asked if level not in priced]

    def _days(self, days: list[dt.date], first: dt.date) -> list[dt.date]:
        """Return the days of the extent on which a plan may end, the earliest finish first."""
        last = days[-1]
        if self.terms_later is not None:
            last = end_of_extent(self.resolved.calendar, first, self.terms_later)
        return [first, *(day for day in days if first < day <= last)]

    def _open_status(self, search: Search) -> PlanStatus:
        if search.is_infeasible:
            return PlanStatus.INFEASIBLE
        return PlanStatus.FEASIBLE if self._known else PlanStatus.UNKNOWN

    def _ended(self, search: Search, status: PlanStatus) -> FrontEnd:
        proof = certificate(self.solver, self.clock, search)
        return FrontEnd(
            status=status,
            levels=tuple(self._priced(search)),
            first_day=self._first,
            last_day=self._last,
            was_stopped=proof.was_stopped,
            is_out_of_memory=self.solver.is_out_of_memory,
            certificate=proof,
        )


def end_of_extent(calendar: Calendar, first: dt.date, terms_later: int) -> dt.date:
    """Return the last day of the term so many terms after the one in which a day lies."""
    begun = [index for index, term in enumerate(calendar.terms) if term.start <= first]
    place = min((begun[-1] if begun else 0) + terms_later, len(calendar.terms) - 1)
    inside = calendar.leaves_by_term[place]
    return max((calendar.leaves[leaf].end for leaf in inside), default=first)


def _inner(levels: Sequence[str]) -> list[str]:
    """Return the levels that are traded among the plans that end by one day."""
    return [level for level in levels if level != Level.FINISH.value]


def _under(levels: Sequence[str], box: Corner) -> dict[str, int]:
    """Return the values that levels stay below in a box."""
    return {level: top for level, top in zip(levels, box, strict=True) if top is not None}


def _point_of(values: Values, levels: Sequence[str]) -> tuple[int, ...]:
    """Return the values of some levels, each of which could be asked."""
    found = [values.of(level) for level in levels]
    assert None not in found, "a level that could not be asked is left out"
    return tuple(value for value in found if value is not None)
