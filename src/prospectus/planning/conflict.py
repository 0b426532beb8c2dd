"""Why no plan exists: a set of wishes and rules that cannot all hold, made small."""

from __future__ import annotations

import datetime as dt

from prospectus.domain.student import Student
from prospectus.legality.compiled import Compiled
from prospectus.legality.model import LegalModel
from prospectus.planning.costs import Costs
from prospectus.planning.money import Tariff
from prospectus.planning.offers import Offers
from prospectus.planning.result import Conflict
from prospectus.planning.solver import Answer, Clock, Solver
from prospectus.planning.wishes import WishRules

CORE_SECONDS = 5.0
CHECK_SECONDS = 0.15


def explain(
    compiled: Compiled,
    student: Student,
    offered: Offers,
    solver: Solver,
    clock: Clock,
) -> tuple[tuple[Conflict, ...], bool]:
    """Return wishes and rules that cannot all hold, and whether each was shown to be needed."""
    model = LegalModel(compiled, offered.all, explain=True)
    wishes = student.wishes
    asks_money = wishes.budget_total is not None or bool(wishes.budget_by_year)
    tariff = Tariff(compiled)
    costs = Costs(model.variables, tariff) if asks_money and not tariff.unknown else None
    WishRules(model, student, offered, costs)
    guards = model.store.guards
    by_index = {guard.index: id_ for id_, guard in guards.items()}
    answer, indexes = solver.core(model.store, list(guards.values()), CORE_SECONDS)
    if answer is not Answer.INFEASIBLE:
        return (), False
    core = [by_index[index] for index in indexes if index in by_index]
    kept, is_minimal = _reduce(model, core, solver, clock)
    if not kept:
        return (_calendar(compiled),), True
    found = [model.store.groups[id_] for id_ in kept]
    found.sort(key=lambda group: (not group.is_wish, group.id))
    return (
        tuple(Conflict(id=g.id, text=g.text, is_wish=g.is_wish) for g in found),
        is_minimal,
    )


def _reduce(
    model: LegalModel, core: list[str], solver: Solver, clock: Clock
) -> tuple[list[str], bool]:
    """Drop members one by one, rules before wishes; each check is capped."""
    groups, guards = model.store.groups, model.store.guards
    needed: list[str] = []
    is_minimal = True
    waiting = sorted(core, key=lambda id_: (groups[id_].is_wish, id_))
    while waiting:
        tried = waiting.pop(0)
        rest = [*needed, *waiting]
        answer, indexes = solver.core(
            model.store, [guards[id_] for id_ in rest], min(CHECK_SECONDS, clock.left)
        )
        if answer is Answer.INFEASIBLE:
            smaller = {guards[id_].index: id_ for id_ in rest}
            left = {smaller[index] for index in indexes if index in smaller}
            waiting = [id_ for id_ in waiting if id_ in left]
            needed = [id_ for id_ in needed if id_ in left]
        else:
            needed.append(tried)
            is_minimal = is_minimal and answer is not Answer.UNKNOWN
    return needed, is_minimal


def _calendar(compiled: Compiled) -> Conflict:
    leaves = compiled.resolved.calendar.leaves
    last: dt.date | None = leaves[-1].end if leaves else None
    return Conflict(
        id="calendar",
        text=f"the offerings known up to {last}",
        is_wish=False,
    )
