"""Why no plan exists: a set of wishes and rules that cannot all hold, made small."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from prospectus.domain.course import CourseCode
from prospectus.domain.requirement import Fill
from prospectus.domain.student import Student
from prospectus.legality.compiled import Compiled
from prospectus.legality.model import LegalModel
from prospectus.planning.conflict_counts import DEADLINE, Counts
from prospectus.planning.conflict_words import order_of, told
from prospectus.planning.costs import Costs
from prospectus.planning.money import Tariff
from prospectus.planning.offers import Offers
from prospectus.planning.result import Conflict
from prospectus.planning.solver import QUICK_EFFORT, Answer, Clock, Solver
from prospectus.planning.wishes import WishRules

EFFORT = 0.1
"""The most that one check may cost, in the solver's own measure: the same on every machine."""

FIRST_EFFORT = 2.0
"""The same for the first check of a model: without its answer there is no conflict to show."""

WHOLE_EFFORT = 0.5
"""The same for asking whether a few members can hold by a later day."""

FIRST_YEARS = 3
"""How far the first look goes; what conflicts there is held against the whole calendar."""

_FORBIDDING = frozenset({"hours", "courses", "unwanted", "pause", "free", "offerings", "avoid"})
_ASKING = frozenset({"node", "wanted"})
_MONEY = ("budget", "out_of_pocket")


@dataclass(frozen=True, slots=True)
class _Core:
    """Members that cannot all hold, with the parts of each that suffice for that in a model."""

    parts: Mapping[str, frozenset[int | None]]
    model: LegalModel
    is_minimal: bool = False


def explain(
    compiled: Compiled,
    student: Student,
    offered: Offers,
    solver: Solver,
    clock: Clock,
) -> tuple[tuple[Conflict, ...], bool]:
    """Return wishes and rules that cannot all hold, and whether each was shown to be needed.

    `compiled` holds every run by the calendar, those included that wishes rule out.
    """
    search = _Explaining(compiled, student, offered, solver, clock)
    found = search.found()
    if found is None:
        return (), False
    if not found.parts:
        return (_calendar(compiled),), found.is_minimal
    return search.words(found), found.is_minimal


class _Explaining:
    """One search for a conflict.

    The model holds only the runs until the deadline, or the first years where that is later or
    there is none: any conflict in there is one of the whole calendar together with that last day.
    Whether the last day is needed too is asked at the end, with the few members found.
    """

    def __init__(
        self, compiled: Compiled, student: Student, offered: Offers, solver: Solver, clock: Clock
    ) -> None:
        self.compiled = compiled
        self.student = student
        self.offered = offered
        self.solver = solver
        self.clock = clock
        self.tariff = Tariff(compiled, student.wishes)
        self.counts = Counts(compiled, student, offered, self.tariff)

    def found(self) -> _Core | None:
        """Return the conflict; None where none was found in the time given."""
        counted = self._counted()
        return counted if counted is not None else self._searched()

    def _counted(self) -> _Core | None:
        """Return a conflict that counting shows, less the members that are not needed."""
        ids = self.counts.core()
        if ids is None:
            return None
        first = self.student.wishes.hard.deadline or self._soon()
        last_day = self.counts.enough_by(ids - {DEADLINE}, first) if DEADLINE in ids else first
        model = self._model(last_day, ids, explain=True)
        is_minimal = True
        for id_ in sorted(ids, key=order_of):
            rest = ids - {id_}
            effort = WHOLE_EFFORT if last_day is None else EFFORT
            answer = self._holds(model, rest, effort)
            if answer is not Answer.FEASIBLE and last_day is not None and DEADLINE not in rest:
                later = self.counts.enough_by(rest, last_day)
                if later is not None:
                    answer = self._can_hold(rest, later, effort=EFFORT)
                if answer is not Answer.FEASIBLE:
                    answer = self._can_hold(rest, None)
            if answer is Answer.INFEASIBLE:
                ids = rest
            is_minimal = is_minimal and answer is not Answer.UNKNOWN
        guards = model.store.guards
        parts = {id_: frozenset(guards.get(id_, {None: None})) for id_ in ids}
        return _Core(parts, model, is_minimal)

    def _holds(self, model: LegalModel, ids: Collection[str], effort: float) -> Answer:
        """Return whether members can hold in a model: at once, or with their guards fixed."""
        answer, _ = self._check(model, ids, effort=QUICK_EFFORT)
        if answer is not Answer.UNKNOWN:
            return answer
        store = model.store
        fixed = [(g, id_ in ids) for id_, parts in store.guards.items() for g in parts.values()]
        for guard, is_kept in fixed:
            store.fix(guard, is_kept)
        answer, _ = self.solver.core(store, (), self.clock.left, effort=effort)
        for guard, _ in fixed:
            store.fix(guard, None)
        return answer

    def _soon(self) -> dt.date:
        """Return the end of the first years."""
        first = max(self.student.plan_from, self.student.matriculation)
        return first.replace(year=first.year + FIRST_YEARS, day=1)

    def _searched(self) -> _Core | None:
        """Return the conflict that the solver finds."""
        deadline = self.student.wishes.hard.deadline
        soon = self._soon()
        if deadline is None or deadline.year > soon.year:
            near = self._within(soon)
            if near is not None and self._can_hold(near.parts, None) is Answer.INFEASIBLE:
                return near
        core = self._within(deadline)
        if core is None or deadline is None:
            return core
        return self._without_deadline(core, deadline)

    def _without_deadline(self, core: _Core, deadline: dt.date) -> _Core:
        """Return the conflict with the deadline, or without where it is one even so."""
        others = {id_: parts for id_, parts in core.parts.items() if id_ != DEADLINE}
        later = deadline.replace(year=deadline.year + FIRST_YEARS, day=1)
        timeless = self._relevant(others) is not None or not others.keys().isdisjoint(_MONEY)
        for last_day in (None,) if timeless else (later, None):
            answer = self._can_hold(others, last_day)
            if answer is not Answer.INFEASIBLE:
                with_deadline = {**core.parts, DEADLINE: frozenset[int | None]({None})}
                is_minimal = core.is_minimal and answer is Answer.FEASIBLE
                return _Core(with_deadline, core.model, is_minimal)
        return _Core(others, core.model, core.is_minimal)

    def _can_hold(
        self, ids: Collection[str], last_day: dt.date | None, *, effort: float = WHOLE_EFFORT
    ) -> Answer:
        """Return whether these members alone can hold among the plans that end by a day."""
        store = self._model(last_day, ids).store
        return self.solver.core(store, (), self.clock.left, effort=effort)[0]

    def _within(self, last_day: dt.date | None) -> _Core | None:
        """Return a small conflict among the plans that end by a day, if there is one."""
        model = self._model(last_day, None)
        answer, parts = self._check(model, model.store.groups, effort=FIRST_EFFORT)
        if answer is not Answer.INFEASIBLE:
            return None
        return self._reduced(model, parts)

    def _reduced(self, model: LegalModel, parts: Mapping[str, frozenset[int | None]]) -> _Core:
        """Drop members, wishes before rules: several at once while there are many, then each."""
        waiting = sorted(parts, key=order_of)
        needed: list[str] = []
        size = max(1, len(waiting) // 3)
        is_minimal = True
        while waiting:
            size = min(size, len(waiting))
            tried, rest = waiting[:size], [*needed, *waiting[size:]]
            answer, smaller = self._check(model, rest)
            if answer is Answer.INFEASIBLE:
                parts = smaller
                waiting = [id_ for id_ in waiting if id_ in parts]
                needed = [id_ for id_ in needed if id_ in parts]
            elif size > 1:
                size = 1 if size < 4 else size // 2
            else:
                needed += tried
                waiting = waiting[1:]
                is_minimal = is_minimal and answer is Answer.FEASIBLE
        return _Core({id_: parts[id_] for id_ in needed}, model, is_minimal)

    def _check(
        self, model: LegalModel, ids: Collection[str], *, effort: float = EFFORT
    ) -> tuple[Answer, Mapping[str, frozenset[int | None]]]:
        """Return whether members can all hold; where not, those that cannot, with their parts."""
        guards = model.store.guards
        places = {
            literal.index: (id_, part)
            for id_ in sorted(ids)
            for part, literal in guards.get(id_, {}).items()
        }
        assumed = [literal for id_ in sorted(ids) for literal in guards.get(id_, {}).values()]
        answer, indexes = self.solver.core(model.store, assumed, self.clock.left, effort=effort)
        found: dict[str, set[int | None]] = {}
        for index in indexes:
            id_, part = places[index]
            found.setdefault(id_, set()).add(part)
        return answer, {id_: frozenset(parts) for id_, parts in found.items()}

    def _model(
        self, last_day: dt.date | None, only: Collection[str] | None, *, explain: bool = False
    ) -> LegalModel:
        """Return the model of the plans that end by a day; of some members alone, if told.

        `explain`: each of these stands under a literal of its own; without `only` they always do.
        """
        leaves = self.compiled.resolved.calendar.leaves
        relevant = None if only is None else self._relevant(only)
        runs = {
            code: tuple(
                run
                for run in mine
                if last_day is None or max(leaves[i].end for i in run.leaves) <= last_day
            )
            for code, mine in self.offered.all.items()
            if relevant is None or code in relevant
        }
        model = LegalModel(self.compiled, runs, explain=explain or only is None, only=only)
        priced = self.student.wishes.hard.limits_money and not self.tariff.unknown
        if only is not None:
            priced = priced and any(id_.startswith(_MONEY) for id_ in only)
        WishRules(
            model,
            self.student,
            self.offered,
            Costs(model.variables, self.tariff) if priced else None,
        )
        return model

    def _relevant(self, only: Collection[str]) -> frozenset[CourseCode] | None:
        """Return the courses that matter where only these members hold; None where all may.

        Where every member but requirements and wanted courses just forbids, leaving out any other
        course from a plan breaks nothing.
        """
        if not all(id_.split(" ")[0] in _FORBIDDING | _ASKING for id_ in only):
            return None
        asked = {id_.partition(" ")[2] for id_ in only if id_.split(" ")[0] in _ASKING}
        nodes = [node for id_, node in self.compiled.nodes.items() if id_ in asked]
        leaves = [node for node in nodes if isinstance(node, Fill) and not node.rest]
        if len(leaves) < len(nodes):
            return None
        admits = self.compiled.selecting.admits
        return frozenset(
            use.code
            for use in self.compiled.uses
            if asked & use.names
            or any(
                admits(leaf, use, run.leaves)
                for leaf in leaves
                for run in self.offered.all.get(use.code, ())
            )
        )

    def words(self, core: _Core) -> tuple[Conflict, ...]:
        """Return the members in words: wishes first, then rules, in a fixed order."""
        calendar, wishes = self.compiled.resolved.calendar, self.student.wishes.hard
        found: list[Conflict] = []
        for id_ in core.parts:
            group, guards = core.model.store.groups[id_], core.model.store.guards[id_]
            words = told(id_, group.text, core.parts[id_], frozenset(guards), wishes, calendar)
            found.append(Conflict(id=id_, text=words, is_wish=group.is_wish))
        found.sort(key=lambda one: (not one.is_wish, one.id))
        return tuple(found)


def _calendar(compiled: Compiled) -> Conflict:
    leaves = compiled.resolved.calendar.leaves
    last: dt.date | None = leaves[-1].end if leaves else None
    return Conflict(
        id="calendar",
        text=f"the offerings known up to {last}",
        is_wish=False,
    )
