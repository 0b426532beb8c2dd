"""Why no plan exists: a set of wishes and rules that cannot all hold, made small."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from prospectus.domain.course import CourseCode
from prospectus.domain.offering import Run
from prospectus.domain.requirement import Fill
from prospectus.domain.student import Student
from prospectus.legality.compiled import Compiled
from prospectus.legality.model import LegalModel
from prospectus.planning.conflict_counts import DEADLINE, Counts, Starts
from prospectus.planning.conflict_witness import filled
from prospectus.planning.conflict_words import order_of, told
from prospectus.planning.costs import Costs
from prospectus.planning.memory import seldom_collecting
from prospectus.planning.money import Tariff
from prospectus.planning.offers import Offers
from prospectus.planning.result import Conflict
from prospectus.planning.solver import Answer, Clock, Solver
from prospectus.planning.wishes import WishRules

EFFORT = 0.1
"""The most that one check may cost, in the solver's own measure: the same on every machine."""

FIRST_EFFORT = 2.0
"""The same for the first check of a model: without its answer there is no conflict to show."""

WHOLE_EFFORT = 0.5
"""The same for asking whether a few members can hold by a later day."""

FEW_RUNS = 600
"""Up to so many runs, those of the whole calendar are asked at once."""

HALF_A_YEAR = dt.timedelta(days=183)

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


@seldom_collecting()
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
        self._choices: dict[frozenset[str], frozenset[int]] = {}

    def found(self) -> _Core | None:
        """Return the conflict; None where none was found in the time given."""
        counted = self._counted()
        return counted if counted is not None else self._searched()

    def _counted(self) -> _Core | None:
        """Return a conflict that counting shows, less the members that are not needed."""
        with self.clock.builds():
            ids = self.counts.core()
        if ids is None:
            return None
        is_minimal = True
        for id_ in sorted(ids, key=order_of):
            answer = self._can_ever_hold(ids - {id_})
            if answer is Answer.INFEASIBLE:
                ids -= {id_}
            is_minimal = is_minimal and answer is not Answer.UNKNOWN
        model = self._telling(ids)
        guards = model.store.guards
        parts = {id_: frozenset(guards.get(id_, {None: None})) for id_ in ids}
        return _Core(parts, model, is_minimal)

    def _can_ever_hold(self, ids: frozenset[str]) -> Answer:
        """Return whether members can hold: soon after they leave room enough, else ever."""
        if self._is_shown(ids, None):
            return Answer.FEASIBLE
        runs = self._runs(None, ids, ids)
        if sum(map(len, runs.values())) <= FEW_RUNS:
            return self._asked(self._model_of(runs, ids), WHOLE_EFFORT)
        end = self.counts.end_under(ids)
        later = self.counts.enough_by(ids, min(self._first_end(), end or dt.date.max))
        if later is not None and (end is None or later < end):
            answer = self._asked(self._model(later, ids), EFFORT)
            if answer is Answer.FEASIBLE:
                return answer
        return self._asked(self._model_of(runs, ids), WHOLE_EFFORT)

    def _telling(self, ids: Collection[str]) -> LegalModel:
        """Return a model, as small as it may be, in which each of these members has its words."""
        wishes = self.student.wishes.hard
        if not (wishes.hours_by_range or wishes.courses_by_range):
            first = max(self.student.plan_from, self.student.matriculation)
            model = self._model(first + HALF_A_YEAR, ids, explain=True)
            if model.store.groups.keys() >= set(ids):
                return model
        last_day = self.counts.enough_by(frozenset(ids) - {DEADLINE}, self._first_end())
        return self._model(last_day, ids, explain=True)

    def _first_end(self) -> dt.date:
        """Return the deadline, else the end of the first years."""
        return self.student.wishes.hard.deadline or self._soon()

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

    def _can_hold(self, ids: Collection[str], last_day: dt.date | None) -> Answer:
        """Return whether these members alone can hold among the plans that end by a day."""
        if self._is_shown(ids, last_day):
            return Answer.FEASIBLE
        return self._asked(self._model(last_day, ids), WHOLE_EFFORT)

    def _asked(self, model: LegalModel, effort: float) -> Answer:
        """Return whether a model has a plan."""
        return self.solver.core(model.store, (), self.clock.left, effort=effort)[0]

    def _is_shown(self, ids: Collection[str], last_day: dt.date | None) -> bool:
        """Return whether a plan that is just filled up shows that these members can hold."""
        if not self.counts.knows(ids):
            return False
        starts = self.counts.starts_under(ids, last_day)
        if self._is_filled(ids, starts):
            return True
        choice = self._choice(frozenset(ids))
        return self._is_filled(ids, [start for start in starts if start[0].index in choice])

    def _is_filled(self, ids: Collection[str], starts: Starts) -> bool:
        """Return whether what is filled up from these is a plan that keeps these members."""
        runs = filled(self.counts, ids, starts)
        if runs is None:
            return False
        return self._asked(self._model_of(runs, ids), EFFORT) is Answer.FEASIBLE

    def _choice(self, ids: frozenset[str]) -> frozenset[int]:
        """Return courses that make up the total, whenever they run; none where none are found."""
        bans = ids & self.counts.bans
        if self.counts.total in ids and bans not in self._choices:
            open_to = self._open_to(bans, None)
            first = {
                code: next((run for run in mine if open_to(code, run)), None)
                for code, mine in self.offered.all.items()
            }
            runs = {code: (run,) for code, run in first.items() if run is not None}
            asked = {self.counts.total}
            model = LegalModel(self.compiled, runs, only=asked, is_timeless=True)
            solution = self.solver.run(model.store)[1]
            taken = [] if solution is None else model.variables.planned
            self._choices[bans] = frozenset(
                start.use.index
                for start in taken
                if solution is not None and solution.truth(start.lit)
            )
        return self._choices.get(bans, frozenset())

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
        kept = frozenset[str]() if explain or only is None else frozenset(only)
        return self._model_of(self._runs(last_day, only, kept), only, explain=explain)

    def _runs(
        self, last_day: dt.date | None, only: Collection[str] | None, kept: frozenset[str]
    ) -> dict[CourseCode, tuple[Run, ...]]:
        """Return what can be planned by a day and matters where only some members hold.

        `kept` are those of them that are kept for certain.
        """
        relevant = None if only is None else self._relevant(only)
        open_to = self._open_to(kept, last_day)
        return {
            code: tuple(run for run in mine if open_to(code, run))
            for code, mine in self.offered.all.items()
            if relevant is None or code in relevant
        }

    def _open_to(
        self, kept: frozenset[str], last_day: dt.date | None
    ) -> Callable[[CourseCode, Run], bool]:
        """Return whether a run can be planned by a day where these members are kept for certain."""
        counts, leaves = self.counts, self.compiled.resolved.calendar.leaves
        end = counts.end_under(kept, last_day)
        limits = [
            counts.wishes.hours_limit(leaf.start, leaf.end) if "hours" in kept else None
            for leaf in leaves
        ]
        bans = {place for place, mine in self.offered.bans.items() if kept & {b.id for b in mine}}

        def is_open(code: CourseCode, run: Run) -> bool:
            if end is not None and max([leaves[i].end for i in run.leaves]) > end:
                return False
            if (code, run.leaves) in bans:
                return False
            most = min(
                [limit for i in run.leaves if (limit := limits[i]) is not None], default=None
            )
            return most is None or counts.lightest(code, run) <= most

        return is_open

    def _model_of(
        self,
        runs: Mapping[CourseCode, tuple[Run, ...]],
        only: Collection[str] | None,
        *,
        explain: bool = False,
    ) -> LegalModel:
        """Return the model of the plans of these runs, with some members or with all."""
        with self.clock.builds():
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
        admits = self.compiled.eligibility.admits
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
