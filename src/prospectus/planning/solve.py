"""Planning: what to take and when, with every level of the objective proven."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from prospectus.domain.expression import Approval, Approved
from prospectus.domain.program import Resolved
from prospectus.domain.record import ApprovalState, Record
from prospectus.domain.student import Student
from prospectus.legality.compiled import Compiled
from prospectus.planning.conflict import explain
from prospectus.planning.offers import Offers, offers, without_none
from prospectus.planning.result import Certificate, Conflict, PlanResult, PlanStatus
from prospectus.planning.search import Search
from prospectus.planning.solver import Clock, Solver

SOLVER = "OR-Tools CP-SAT"


def plan(
    resolved: Resolved,
    student: Student,
    record: Record,
    today: dt.date,
    *,
    seconds: float = 60,
    seed: int = 0,
    workers: int = 1,
    n_levels: int | None = None,
    explain_conflict: bool = True,
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
    n_levels
        How many levels to prove, from the most important; None for all, tie-breaks included.
    explain_conflict
        Whether to look for the conflict where no plan exists.

    Raises
    ------
    UnsupportedError
        PLN-..., where the programme has a rule that can be judged but not yet planned.
    """
    clock = Clock(seconds=seconds)
    offered = offers(resolved, student, max(student.plan_from, student.matriculation))
    solver = Solver(clock, seed=seed, workers=workers)
    granted: tuple[str, ...] = ()
    compiled = _compiled(resolved, student, record, today, offered)
    search = Search(compiled, student, offered, solver, clock, n_levels=n_levels)
    search.run()
    waiting = asks_approval(compiled) if search.is_infeasible else ()
    if waiting:
        # no plan without approvals: what counts is whether there is one with them
        relaxed = _compiled(resolved, student, record, today, offered, grant=True)
        search = Search(relaxed, student, offered, solver, clock, n_levels=n_levels)
        search.run()
        granted = waiting
    if search.found is None:
        conflict: tuple[Conflict, ...] = ()
        is_minimal = False
        if search.is_infeasible and explain_conflict:
            everything = _compiled(
                resolved, student, record, today, offered, grant=True, everything=True
            )
            conflict, is_minimal = explain(everything, student, offered, solver, clock)
        return PlanResult(
            status=PlanStatus.INFEASIBLE if search.is_infeasible else PlanStatus.UNKNOWN,
            plan=None,
            levels=(),
            conflict=conflict,
            conflict_is_minimal=is_minimal,
            certificate=_certificate(solver, clock, search),
        )
    return PlanResult(
        status=PlanStatus.OPTIMAL if search.is_optimal else PlanStatus.FEASIBLE,
        plan=search.plan(),
        levels=search.results(),
        conflict=(),
        conflict_is_minimal=False,
        approvals=granted,
        certificate=_certificate(solver, clock, search),
    )


def _compiled(
    resolved: Resolved,
    student: Student,
    record: Record,
    today: dt.date,
    offered: Offers,
    *,
    grant: bool = False,
    everything: bool = False,
) -> Compiled:
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


def _certificate(solver: Solver, clock: Clock, search: Search) -> Certificate:
    return Certificate(
        solver=SOLVER,
        seed=solver.seed,
        workers=solver.workers,
        seconds=clock.spent,
        build_seconds=clock.building,
        n_solves=clock.n_solves,
        horizon_leaves=search.horizon_leaves,
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
