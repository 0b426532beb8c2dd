"""Planning: what to take and when, with every level of the objective proven."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from types import MappingProxyType

from prospectus.domain.errors import LimitError
from prospectus.domain.expression import Approval, Approved
from prospectus.domain.program import Resolved
from prospectus.domain.record import ApprovalState, Record
from prospectus.domain.student import Level, Student
from prospectus.legality.compiled import Compiled
from prospectus.planning.conflict import explain
from prospectus.planning.kept import Kept
from prospectus.planning.memory import DEFAULT_MEMORY, seldom_collecting
from prospectus.planning.offers import Offers, offers, without_none
from prospectus.planning.proven import Earlier
from prospectus.planning.result import Certificate, Conflict, PlanResult, PlanStatus
from prospectus.planning.search import SHARE, Search
from prospectus.planning.solver import Clock, Solver

SOLVER = "OR-Tools CP-SAT"


@seldom_collecting()
def plan(
    resolved: Resolved,
    student: Student,
    record: Record,
    today: dt.date,
    *,
    seconds: float = 60,
    seed: int = 0,
    workers: int = 1,
    memory: int = DEFAULT_MEMORY,
    n_levels: int | None = None,
    explain_conflict: bool = True,
    limits: Mapping[str, int] = MappingProxyType({}),
    earlier: Earlier | None = None,
) -> PlanResult:
    """Return the best plan of one resolved programme for a person, or why there is none.

    Parameters
    ----------
    resolved
        The rules for this person and reading.
    student
        Wishes, declared choices, and the first day that may be planned.
    record
        What the person has taken in this programme; may be empty. Its `matriculation`, else the
        first leaf period from the student's own, is the first day of study.
    today
        The day of asking.
    seconds, seed, workers
        Limit in seconds for everything; the same seed with one worker gives the same plan.
    memory
        The most megabytes that the whole process may take.
    n_levels
        How many levels to prove, from the most important; None for all, tie-breaks included.
    explain_conflict
        Whether to look for the conflict where no plan exists.
    limits
        The most that the value of a level may be, in the units of `LevelResult` (credits in
        steps); for asking again near an answer.
    earlier
        A proven answer to fewer wishes that leans on no open approval.

    Raises
    ------
    UnsupportedError
        PLN-..., where the programme has a rule that can be judged but not yet planned.
    LimitError
        LIM-002 when the memory is used up before there is any plan.
    """
    clock = Clock(seconds=seconds)
    solver = Solver(clock, seed=seed, workers=workers, memory=memory)
    search, granted = searched(resolved, student, record, today, solver, n_levels, limits, earlier)
    if search.found is None and not search.is_infeasible and solver.is_out_of_memory:
        raise LimitError(
            "LIM-002",
            what=f"the search for a plan has used up its memory of {memory} MB",
            fix="allow more with --memory, or ask for less: a nearer deadline, fewer wishes",
            on_page="ask for less: a nearer deadline, fewer wishes",
        )
    if search.found is None:
        conflict: tuple[Conflict, ...] = ()
        is_minimal = False
        if search.is_infeasible and explain_conflict:
            everything = compiled_for(
                resolved, student, record, today, search.offered, grant=True, everything=True
            )
            conflict, is_minimal = explain(everything, student, search.offered, solver, clock)
        return PlanResult(
            status=PlanStatus.INFEASIBLE if search.is_infeasible else PlanStatus.UNKNOWN,
            plan=None,
            levels=(),
            conflict=conflict,
            conflict_is_minimal=is_minimal,
            certificate=certificate(solver, clock, search),
        )
    return PlanResult(
        status=PlanStatus.OPTIMAL if search.is_optimal else PlanStatus.FEASIBLE,
        plan=search.plan(),
        levels=search.results(),
        conflict=(),
        conflict_is_minimal=False,
        approvals=granted,
        certificate=certificate(solver, clock, search),
        # a model of pinned courses is not lent on
        kept=None if limits or granted or earlier is not None else _kept(search, student),
    )


def searched(
    resolved: Resolved,
    student: Student,
    record: Record,
    today: dt.date,
    solver: Solver,
    n_levels: int | None,
    limits: Mapping[str, int] = MappingProxyType({}),
    earlier: Earlier | None = None,
) -> tuple[Search, tuple[str, ...]]:
    """Return a finished search, and the approvals that it takes as granted: none if it can."""
    kept = None if earlier is None else earlier.kept
    offered = None if kept is None else kept.offered
    if offered is None:
        offered = offers(resolved, student, max(student.plan_from, student.matriculation))
    if kept is None:
        compiled = compiled_for(resolved, student, record, today, offered)
    else:
        compiled = kept.compiled
    search = _searched(compiled, student, offered, solver, n_levels, limits, earlier)
    waiting = asks_approval(compiled) if search.is_infeasible else ()
    if not waiting:
        return search, ()
    # no plan without approvals: what counts is whether there is one with them
    relaxed = compiled_for(resolved, student, record, today, offered, grant=True)
    # where a plan needed none before, there is seldom one with them
    is_doubted = earlier is not None
    found = _searched(relaxed, student, offered, solver, n_levels, limits, is_doubted=is_doubted)
    return found, waiting


def _searched(
    compiled: Compiled,
    student: Student,
    offered: Offers,
    solver: Solver,
    n_levels: int | None,
    limits: Mapping[str, int],
    earlier: Earlier | None = None,
    *,
    is_doubted: bool = False,
) -> Search:
    """Return a finished search; goals that come first are tried as musts before any is missed."""
    wishes, clock = student.wishes, solver.clock
    search_for = partial(
        Search,
        compiled,
        solver=solver,
        clock=clock,
        n_levels=n_levels,
        limits=limits,
        earlier=earlier,
        is_doubted=is_doubted,
    )
    is_missed = earlier is not None and earlier.floors.get(Level.GOALS.value, 0) > 0
    if wishes.goals and wishes.levels[0] is Level.GOALS and not is_missed:
        strict = replace(student, wishes=replace(wishes, goals=frozenset()))
        kept = offers(compiled.resolved, strict, max(student.plan_from, student.matriculation))
        search = search_for(strict, kept)
        with clock.part(SHARE):
            _run(search)
        if search.found is not None:
            return search
    search = search_for(student, offered)
    _run(search)
    return search


def _kept(search: Search, student: Student) -> Kept:
    """Return what a search leaves behind for the next question."""
    found = search.found
    rungs = [rung for rung in search.counted.rungs if found and rung.model is found.model]
    return Kept(
        offered=search.offered if search.student is student else None,
        compiled=search.compiled,
        goals=search.student.wishes.goals,
        found=found,
        rungs=tuple(rungs),
        relaxed=search.counted.relaxed,
    )


def _run(search: Search) -> None:
    """Let a search run; stopped outside the solver too, it keeps what it has found."""
    try:
        search.run()
    except KeyboardInterrupt:
        search.solver.was_interrupted = True
        if search.found is not None:
            # what was proven may have been of some plans alone
            search.found.bounds.clear()


def compiled_for(
    resolved: Resolved,
    student: Student,
    record: Record,
    today: dt.date,
    offered: Offers,
    *,
    grant: bool = False,
    everything: bool = False,
) -> Compiled:
    """Return what does not depend on the horizon; `everything`: runs that wishes ban too."""
    leaves = resolved.calendar.leaves
    first = resolved.calendar.first_leaf_from(student.matriculation)
    matriculation = leaves[first].start if first < len(leaves) else student.matriculation
    runs = without_none(offered.all if everything else offered.open)
    return Compiled(
        resolved,
        record,
        today,
        runs,
        choices=dict(student.choices),
        matriculation=record.matriculation or matriculation,
        grant=grant,
    )


_LITTLE = 0.1
"""So few seconds are none."""


def certificate(solver: Solver, clock: Clock, search: Search) -> Certificate:
    """Return what was solved and how."""
    return Certificate(
        solver=SOLVER,
        seed=solver.seed,
        workers=solver.workers,
        seconds=clock.spent,
        build_seconds=clock.building,
        n_solves=clock.n_solves,
        horizon_leaves=search.horizon_leaves,
        # at the end of its time the clock stopped it
        was_stopped=solver.was_interrupted and not solver.is_out_of_memory and clock.left > _LITTLE,
    )


def asks_approval(compiled: Compiled) -> tuple[str, ...]:
    """Return the approvals that rules name and nobody has granted or refused."""
    resolved = compiled.resolved
    places = (
        compiled.tree,
        resolved.rules,
        tuple(resolved.sets.values()),
        tuple(course.requisite for course in resolved.courses.values()),
    )
    found: set[str] = set()
    for item in _parts(places):
        if isinstance(item, Approval):
            found.add(item.who)
        elif isinstance(item, Approved):
            found.add(item.approval)
    waiting = (ApprovalState.OPEN, ApprovalState.REQUESTED)
    return tuple(sorted(who for who in found if compiled.record.approval(who) in waiting))


def _parts(root: object) -> Iterable[object]:
    """Yield everything inside nested tuples and rule objects."""
    stack = [root]
    while stack:
        item = stack.pop()
        yield item
        if isinstance(item, tuple):
            stack.extend(item)
        elif hasattr(item, "__dataclass_fields__"):
            stack.extend(getattr(item, name) for name in item.__dataclass_fields__)
