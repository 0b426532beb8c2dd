"""The plan that changes an earlier one least, looked for near its end before anywhere else."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from prospectus.domain.program import Resolved
from prospectus.domain.record import Record
from prospectus.domain.student import Level, Student
from prospectus.planning.conflict import explain
from prospectus.planning.ladder import Climb, Ladder, answer_of
from prospectus.planning.memory import DEFAULT_MEMORY
from prospectus.planning.offers import offers
from prospectus.planning.result import PlanResult, PlanStatus
from prospectus.planning.search import SHARE, Search
from prospectus.planning.solve import asks_approval, certificate, compiled_for
from prospectus.planning.solver import Answer, Clock, Solver


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """The plan nearest to `wishes.previous`, or why there is none.

    `until` is the day by which every plan ended that was looked at, None where all were; `n_proven`
    of the levels asked are at their least among those.
    """

    result: PlanResult
    until: dt.date | None
    n_proven: int = 0


def mended(
    resolved: Resolved,
    student: Student,
    record: Record,
    today: dt.date,
    near: dt.date,
    *,
    seconds: float = 10,
    seed: int = 0,
    workers: int = 1,
    memory: int = DEFAULT_MEMORY,
    n_levels: int = 2,
) -> Mended:
    """Return the plan with the least change to `student.wishes.previous`.

    Parameters
    ----------
    resolved, student, record, today, seconds, seed, workers, memory
        As in `planning.solve.plan`; the first of the student's levels is taken to be the change.
    near
        The day by which a plan should end: later ones are looked at only where there is none.
    n_levels
        How many of the person's levels are asked.

    Raises
    ------
    UnsupportedError
        PLN-..., where the programme has a rule that can be judged but not yet planned.
    """
    clock = Clock(seconds=seconds)
    solver = Solver(clock, seed=seed, workers=workers, memory=memory)
    offered = offers(resolved, student, max(student.plan_from, student.matriculation))
    levels = dict.fromkeys([Level.CHANGE, *student.wishes.levels])
    student = replace(student, wishes=replace(student.wishes, levels=tuple(levels)))
    waiting: tuple[str, ...] = ()
    for grants in (False, True):
        compiled = compiled_for(resolved, student, record, today, offered, grant=grants)
        if grants and not (waiting := asks_approval(compiled)):
            break
        search = Search(compiled, student, offered, solver, clock)
        asked = _asked(search, n_levels)
        last = search.horizon.days[-1]
        for day in dict.fromkeys([min(near, last), last]):
            with clock.part(1 if day == last else SHARE):
                ladder = Ladder(search, *search.build(day))
                climb = ladder.climb(asked)
            if climb.solution is not None and climb.values is not None:
                result = answer_of(search, ladder.model, climb.solution, climb.values, waiting)
                until = None if day == last else day
                return Mended(result=result, until=until, n_proven=climb.n_proven)
        if not _is_refuted(climb):
            break
    is_refuted = _is_refuted(climb)
    conflict, is_minimal = (), False
    if is_refuted:
        everything = compiled_for(
            resolved, student, record, today, offered, grant=True, everything=True
        )
        conflict, is_minimal = explain(everything, student, offered, solver, clock)
    return Mended(
        result=PlanResult(
            status=PlanStatus.INFEASIBLE if is_refuted else PlanStatus.UNKNOWN,
            plan=None,
            levels=(),
            conflict=conflict,
            conflict_is_minimal=is_minimal,
            certificate=certificate(solver, clock, search),
        ),
        until=None,
    )


def _is_refuted(climb: Climb) -> bool:
    return climb.answer is Answer.INFEASIBLE


def _asked(search: Search, n_levels: int) -> list[str]:
    """Return the levels to ask: those of the person that say something."""
    goals = Level.GOALS.value
    named = [level.value for level in search.student.wishes.levels]
    said = [one for one in search.levels() if one in named]
    return [one for one in said if one != goals or search.student.wishes.goals][:n_levels]
