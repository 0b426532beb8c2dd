"""Other good plans: the next best ones in order, and ones that differ by so many changes."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from prospectus.domain.offering import Run
from prospectus.domain.program import Resolved
from prospectus.domain.record import Record
from prospectus.domain.student import Level, Student
from prospectus.legality.model import LegalModel
from prospectus.legality.store import Lit, Term, negate
from prospectus.legality.uses import Use
from prospectus.planning.ladder import Climb, Ladder, again, answer_of
from prospectus.planning.memory import DEFAULT_MEMORY
from prospectus.planning.objective import RANK, STARTS, Values
from prospectus.planning.result import Certificate, PlanResult, PlanStatus
from prospectus.planning.search import Search
from prospectus.planning.solve import certificate, searched
from prospectus.planning.solver import Answer, Clock, Solution, Solver

Planned = Sequence[tuple[Use, Run]]
"""The uses of a finished plan with their runs."""


class Changes(Enum):
    """What counts as a change between two plans.

    `periods`: a course that only one of them has, and a course at another time. `courses`: only
    the first.
    """

    PERIODS = "periods"
    COURSES = "courses"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """One plan, and in how many changes it differs from each one before it.

    No plan that is far enough from all before it is better, level by level in the person's order.
    """

    result: PlanResult
    distances: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlternativesEnd:
    """What a finished stream comes to.

    `status` is OPTIMAL where as many were found as asked for, or it is proven that no further one
    is far enough from all of these (`are_all`); FEASIBLE where a limit was reached before;
    INFEASIBLE and UNKNOWN as for one plan. `was_stopped` tells of a person, `is_out_of_memory` of
    the limit of memory; with neither an open answer has used up its time.
    """

    status: PlanStatus
    are_all: bool
    was_stopped: bool
    is_out_of_memory: bool
    certificate: Certificate


class Alternatives:
    """The best plan of one resolved programme and others after it, streamed by `plans`.

    Each is the best one that differs in at least `apart` changes from all before it; with `apart`
    1 these are the best plans in order.

    Parameters
    ----------
    resolved, student, record, today
        As in `planning.solve.plan`.
    n_plans
        How many plans, the best included.
    apart, changes
        The least number of changes between any two, and what counts as one.
    within
        How much worse than the best plan a level may be, in the units of `LevelResult`; none of
        them may miss more goals than the best plan does, where goals come first.
    seconds, seed, workers
        Limit in seconds for all of them; one seed and one worker give the same plans.
    """

    def __init__(
        self,
        resolved: Resolved,
        student: Student,
        record: Record,
        today: dt.date,
        *,
        n_plans: int,
        apart: int = 1,
        changes: Changes = Changes.PERIODS,
        within: Mapping[Level, int] = MappingProxyType({}),
        seconds: float = 60,
        seed: int = 0,
        workers: int = 1,
        memory: int = DEFAULT_MEMORY,
    ) -> None:
        self.resolved = resolved
        self.student = student
        self.record = record
        self.today = today
        self.n_plans = n_plans
        self.apart = max(1, apart)
        self.changes = changes
        self.within = within
        self.clock = Clock(seconds=seconds)
        self.solver = Solver(self.clock, seed=seed, workers=workers, memory=memory)
        self.approvals: tuple[str, ...] = ()
        self.end: AlternativesEnd | None = None
        self._found: list[Values] = []

    def plans(self) -> Generator[Alternative, None, None]:
        """Yield the best plan, then the others as they are proven; then `end` is set.

        An interrupt ends the stream like the limit of time does.
        """
        base, self.approvals = searched(
            self.resolved, self.student, self.record, self.today, self.solver, None
        )
        status, are_all = PlanStatus.UNKNOWN, False
        try:
            if base.found is None:
                status = PlanStatus.INFEASIBLE if base.is_infeasible else PlanStatus.UNKNOWN
            else:
                status = PlanStatus.FEASIBLE
                self._found.append(base.found.values)
                yield self._alternative(base, base.found.model, base.found.solution)
                if base.is_optimal:
                    are_all = yield from self._others(base)
                    if are_all or len(self._found) == self.n_plans:
                        status = PlanStatus.OPTIMAL
        except KeyboardInterrupt:
            self.solver.was_interrupted = True
        finally:
            proof = certificate(self.solver, self.clock, base)
            self.end = AlternativesEnd(
                status=status,
                are_all=are_all,
                was_stopped=proof.was_stopped,
                is_out_of_memory=self.solver.is_out_of_memory,
                certificate=proof,
            )

    def _others(self, base: Search) -> Generator[Alternative, None, bool]:
        """Yield the plans after the best one; return whether there is no further one."""
        search = again(base, self.student.wishes.levels, self._most(base))
        order = [level for level in search.levels() if level not in (RANK, STARTS)]
        if order[0] == Level.GOALS.value:
            # no more are missed than by the best plan, so that they no longer tell plans apart
            order = order[1:]
        best = self._found[0]
        latest = self._latest(best)
        days = [day for day in search.horizon.days if day <= latest]
        if order[0] == Level.FINISH.value:
            order = order[1:]
            days = [day for day in days if day.toordinal() >= best.finish]
        else:
            days = days[-1:]
        for day in days:
            if len(self._found) >= self.n_plans:
                return False
            ladder = Ladder(search, *search.build(day))
            for known in self._found:
                self._keep_away(ladder.model, known.plan)
            last = best if day == days[0] else None
            while len(self._found) < self.n_plans:
                climb = self._next(ladder, order, last)
                if climb.answer is Answer.INFEASIBLE:
                    break
                if climb.n_proven == 0 or climb.answer is not Answer.OPTIMAL:
                    return False
                assert climb.values is not None
                assert climb.solution is not None
                last = climb.values
                self._found.append(last)
                yield self._alternative(search, ladder.model, climb.solution)
                self._keep_away(ladder.model, last.plan)
        return len(self._found) < self.n_plans

    def _next(self, ladder: Ladder, order: Sequence[str], last: Values | None) -> Climb:
        """Return the best plan that is left.

        After a plan of the same model nothing better is left: what is held as far down as can be
        is tried first.
        """
        sizes = range(len(order) - 1, 0, -1) if last is not None else range(0)
        for size in sizes:
            assert last is not None
            held = {level: (last.of(level) or 0) + 1 for level in order[:size]}
            climb = ladder.climb(order[size:], under=held)
            if climb.answer is not Answer.INFEASIBLE:
                return climb
        return ladder.climb(order)

    def _most(self, base: Search) -> dict[str, int]:
        """Return the most that each level may be, where that is bounded."""
        assert base.found is not None
        found: dict[str, int] = {}
        for level, loss in self.within.items():
            value = base.found.values.of(level.value)
            if value is not None:
                found[level.value] = value + loss
        return found

    def _latest(self, best: Values) -> dt.date:
        """Return the last day on which an alternative may end."""
        loss = self.within.get(Level.FINISH)
        if loss is None or best.finish + loss >= dt.date.max.toordinal():
            return dt.date.max
        return dt.date.fromordinal(best.finish + loss)

    def _keep_away(self, model: LegalModel, plan: Planned) -> None:
        """Ask for enough changes to a plan."""
        courses = _by_course(plan)
        terms: list[Term] = []
        starts: dict[str, list[tuple[tuple[int, ...], Lit]]] = defaultdict(list)
        for start in model.variables.planned:
            starts[course_key(start.use)].append((start.run.leaves, start.lit))
        for key in sorted({*starts, *courses}):
            here = starts.get(key, [])
            taken = model.variables.either(("taken", key), [lit for _, lit in here])
            if key not in courses:
                terms.append((taken, 1))
            elif self.changes is Changes.COURSES:
                terms.append((negate(taken), 1))
            else:
                same = model.store.all_of(
                    [
                        lit if leaves in courses[key] else negate(lit)
                        for leaves, lit in _merged(model, key, here)
                    ]
                )
                terms.append((negate(same), 1))
        model.store.linear(terms, self.apart, None)

    def _alternative(self, search: Search, model: LegalModel, solution: Solution) -> Alternative:
        values = self._found[-1]
        return Alternative(
            result=answer_of(search, model, solution, values, self.approvals),
            distances=tuple(
                distance(values.plan, other.plan, self.changes) for other in self._found[:-1]
            ),
        )


def course_key(use: Use) -> str:
    """Return what tells courses apart: the code, with the topic where it has one."""
    return f"{use.code} {use.attempt.topic or ''}".strip()


def distance(one: Planned, other: Planned, changes: Changes) -> int:
    """Return in how many changes two plans differ."""
    mine, theirs = _by_course(one), _by_course(other)
    apart = set(mine) ^ set(theirs)
    moved = {key for key in set(mine) & set(theirs) if mine[key] != theirs[key]}
    return len(apart) + (len(moved) if changes is Changes.PERIODS else 0)


def _by_course(plan: Planned) -> dict[str, frozenset[tuple[int, ...]]]:
    """Return the periods of each course of a plan."""
    found: dict[str, set[tuple[int, ...]]] = defaultdict(set)
    for use, run in plan:
        found[course_key(use)].add(run.leaves)
    return {key: frozenset(leaves) for key, leaves in found.items()}


def _merged(
    model: LegalModel, key: str, starts: Sequence[tuple[tuple[int, ...], Lit]]
) -> list[tuple[tuple[int, ...], Lit]]:
    """Return one literal for each time at which a course may run, whatever its credits."""
    by_leaves: dict[tuple[int, ...], list[Lit]] = defaultdict(list)
    for leaves, lit in starts:
        by_leaves[leaves].append(lit)
    return [
        (leaves, model.variables.either(("taken", key, leaves), lits))
        for leaves, lits in by_leaves.items()
    ]
