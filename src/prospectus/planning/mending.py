"""The plan that changes an earlier one least, looked for near its end before anywhere else."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from prospectus.domain.program import Resolved
from prospectus.domain.record import Record
from prospectus.domain.student import Level, Student
from prospectus.legality.model import LegalModel
from prospectus.planning.conflict import explain
from prospectus.planning.ladder import Ladder, answer_of
from prospectus.planning.memory import DEFAULT_MEMORY
from prospectus.planning.offers import offers
from prospectus.planning.result import Conflict, PlanResult, PlanStatus
from prospectus.planning.search import SHARE, Search
from prospectus.planning.solve import asks_approval, certificate, compiled_for
from prospectus.planning.solver import Answer, Clock, Solver, hint_plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """The plan nearest to `wishes.previous`, or why there is none.

    `until` is the day by which every plan ended that was looked at, None where all were; `n_proven`
    of the levels asked are at their least among those.
    """

    result: PlanResult
    until: dt.date | None = None
    n_proven: int = 0


class Mending:
    """The plans of one programme for a person, least change to an earlier plan first.

    Parameters
    ----------
    resolved, student, record, today, seconds, seed, workers, memory
        As in `planning.solve.plan`; `student.wishes.previous` is the earlier plan.
    n_levels
        How many levels are asked, the change included.
    """

    def __init__(
        self,
        resolved: Resolved,
        student: Student,
        record: Record,
        today: dt.date,
        *,
        seconds: float = 10,
        seed: int = 0,
        workers: int = 1,
        memory: int = DEFAULT_MEMORY,
        n_levels: int = 2,
    ) -> None:
        # the change first, wherever the person has put it
        levels = tuple(dict.fromkeys([Level.CHANGE, *student.wishes.levels]))
        self.resolved = resolved
        self.student = replace(student, wishes=replace(student.wishes, levels=levels))
        self.record = record
        self.today = today
        self.clock = Clock(seconds=seconds)
        self.solver = Solver(self.clock, seed=seed, workers=workers, memory=memory)
        self.n_levels = n_levels
        self.offered = offers(resolved, student, max(student.plan_from, student.matriculation))

    def nearest(self, near: dt.date) -> Mended:
        """Return the plan with the least change: of those that end by a day, else of all.

        Raises
        ------
        UnsupportedError
            PLN-..., where the programme has a rule that can be judged but not yet planned.
        """
        with self.clock.part(SHARE):
            found = self._least(near)
        if found.result.plan is not None:
            return found
        # what cannot be even with every approval cannot be at all
        found = self._least(None, grant=True)
        if found.result.approvals:
            without = self._least(None)
            return found if without.result.plan is None else without
        if found.result.status is not PlanStatus.INFEASIBLE:
            return found
        conflict, is_minimal = self._conflict()
        result = replace(found.result, conflict=conflict, conflict_is_minimal=is_minimal)
        return replace(found, result=result)

    def _least(self, until: dt.date | None, *, grant: bool = False) -> Mended:
        """Return the plan with the least change that ends by a day, None for any."""
        compiled = compiled_for(
            self.resolved, self.student, self.record, self.today, self.offered, grant=grant
        )
        search = Search(compiled, self.student, self.offered, self.solver, self.clock)
        last = search.horizon.days[-1]
        ladder = Ladder(search, *search.build(last if until is None else until))
        self._hint(ladder.model)
        climb = ladder.climb(self._asked(search))
        if climb.solution is None or climb.values is None:
            is_refuted = climb.answer is Answer.INFEASIBLE
            result = PlanResult(
                status=PlanStatus.INFEASIBLE if is_refuted else PlanStatus.UNKNOWN,
                plan=None,
                levels=(),
                conflict=(),
                conflict_is_minimal=False,
                certificate=certificate(self.solver, self.clock, search),
            )
            return Mended(result=result)
        granted = asks_approval(compiled) if grant else ()
        result = answer_of(search, ladder.model, climb.solution, climb.values, granted)
        is_all = until is None or until >= last
        return Mended(result=result, until=None if is_all else until, n_proven=climb.n_proven)

    def _hint(self, model: LegalModel) -> None:
        """Start from the earlier plan, as far as it can stay."""
        leaves = self.resolved.calendar.leaves
        before = {(str(code), period) for code, period in self.student.wishes.previous}
        stays = [
            (start.use, start.run)
            for start in model.variables.planned
            if any(
                (name, str(leaves[start.run.leaves[0]].id)) in before for name in start.use.names
            )
        ]
        hint_plan(model, stays)

    def _asked(self, search: Search) -> list[str]:
        """Return the levels to ask: the first of the person's that can be."""
        wishes = search.student.wishes
        named = {level.value for level in wishes.levels}
        if not wishes.goals:
            # nothing may be missed, so nothing is
            named.discard(Level.GOALS.value)
        return [level for level in search.levels() if level in named][: self.n_levels]

    def _conflict(self) -> tuple[tuple[Conflict, ...], bool]:
        everything = compiled_for(
            self.resolved,
            self.student,
            self.record,
            self.today,
            self.offered,
            grant=True,
            everything=True,
        )
        return explain(everything, self.student, self.offered, self.solver, self.clock)
