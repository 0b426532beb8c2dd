"""Level after level over one model, with bounds that can be lifted for the next question."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from ortools.sat.python import cp_model

from prospectus.domain.student import Level
from prospectus.legality.model import LegalModel
from prospectus.legality.store import Store, Term
from prospectus.planning.extract import plan_of
from prospectus.planning.objective import CREDITS, Objective, Values, in_units
from prospectus.planning.result import LevelResult, PlanResult, PlanStatus
from prospectus.planning.search import Search
from prospectus.planning.solve import certificate
from prospectus.planning.solver import Answer, Solution, hint, minimise
from prospectus.planning.wishes import WishRules

_ANY = (cp_model.INT_MIN, cp_model.INT_MAX)


@dataclass(frozen=True, slots=True, kw_only=True)
class Climb:
    """What came of minimising some levels in order; `n_proven` of them are at their least."""

    answer: Answer
    n_proven: int
    solution: Solution | None = None
    values: Values | None = None


class Ceiling:
    """The most that a sum may be, to be set and lifted again."""

    def __init__(self, store: Store, terms: Sequence[Term]) -> None:
        # the solver writes a negated literal as 1 less the literal, and moves the 1 to the bound
        self._fixed = sum(
            weight
            for lit, weight in terms
            if lit is True or (not isinstance(lit, bool) and lit.index < 0)
        )
        moving = [(lit, weight) for lit, weight in terms if not isinstance(lit, bool) and weight]
        self._constraint: cp_model.Constraint | None = None
        if moving:
            lits, weights = zip(*moving, strict=True)
            total = cp_model.LinearExpr.weighted_sum(list(lits), list(weights))
            self._constraint = store.model.add_linear_constraint(total, *_ANY)

    def set(self, most: int | None) -> bool:
        """Bound the sum, or lift the bound; return whether a sum that is constant keeps it."""
        if self._constraint is None:
            return most is None or self._fixed <= most
        high = _ANY[1] if most is None else most - self._fixed
        domain = self._constraint.proto.linear.domain
        domain.clear()
        domain.extend([_ANY[0], high])
        return True


class Ladder:
    """One model of a search, asked again and again for its least values, level after level."""

    def __init__(self, search: Search, model: LegalModel, wishes: WishRules) -> None:
        self.search = search
        self.model = model
        self.wishes = wishes
        self.objective = Objective(model.variables, wishes, search.student, search.ranks)
        self._terms: dict[str, list[Term]] = {}
        self._ceilings: dict[str, Ceiling] = {}

    def terms(self, level: str) -> list[Term]:
        """Return the sum of a level."""
        if level not in self._terms:
            self._terms[level] = self.objective.terms(level)
        return self._terms[level]

    def hold(self, level: str, most: int | None) -> bool:
        """Let a level be at most so much, None for no bound; return whether it can be at all."""
        if level not in self._ceilings:
            self._ceilings[level] = Ceiling(self.model.store, self.terms(level))
        return self._ceilings[level].set(most)

    def climb(
        self,
        levels: Sequence[str],
        *,
        under: Mapping[str, int] = MappingProxyType({}),
        previous: Solution | None = None,
    ) -> Climb:
        """Minimise level after level, each with the ones before held at their least.

        `under` are values that levels stay below; `previous` is a solution to start from.
        """
        can_be = all([self.hold(level, value - 1) for level, value in under.items()])
        climb = Climb(
            answer=Answer.UNKNOWN if can_be else Answer.INFEASIBLE, n_proven=0, solution=previous
        )
        for level in levels if can_be else ():
            climb = self._step(climb, level)
            if climb.answer is not Answer.OPTIMAL or climb.values is None:
                break
            self.hold(level, climb.values.of(level))
        for level in (*levels, *under):
            self.hold(level, None)
        return climb

    def _step(self, climb: Climb, level: str) -> Climb:
        """Minimise one level more."""
        n_proven = climb.n_proven
        if climb.values is not None and climb.values.of(level) == self.objective.least(level):
            return replace(climb, n_proven=n_proven + 1)
        answer, found = self._minimised(level, climb.solution)
        if found is None:
            return replace(climb, answer=answer)
        values = self.search.values_of(self.model, self.wishes, found)
        n_proven += answer is Answer.OPTIMAL
        return Climb(answer=answer, n_proven=n_proven, solution=found, values=values)

    def _minimised(self, level: str, previous: Solution | None) -> tuple[Answer, Solution | None]:
        store = self.model.store
        if previous is not None:
            hint(store, previous)
        minimise(store, self.terms(level))
        answer, solution, _ = self.search.solver.run(store)
        return answer, solution


def again(base: Search, levels: Sequence[Level], limits: Mapping[str, int]) -> Search:
    """Return a search like a finished one, to be asked by a ladder.

    Where goals come first in the finished one, no more of them may be missed than it found.
    """
    assert base.found is not None
    held = dict(limits)
    goals = Level.GOALS.value
    if base.student.wishes.goals and base.levels()[0] == goals:
        held[goals] = base.found.values.of(goals) or 0
    wishes = replace(base.student.wishes, levels=tuple(dict.fromkeys(levels)))
    student = replace(base.student, wishes=wishes)
    return Search(base.compiled, student, base.offered, base.solver, base.clock, limits=held)


def answer_of(
    search: Search,
    model: LegalModel,
    solution: Solution,
    values: Values,
    approvals: tuple[str, ...],
) -> PlanResult:
    """Return a plan with the values of its levels, of which no bound is claimed."""
    levels = dict.fromkeys(level.value for level in search.student.wishes.levels)
    return PlanResult(
        status=PlanStatus.FEASIBLE,
        plan=plan_of(model, solution.truth, dt.date.fromordinal(values.finish)),
        levels=tuple(_unbounded(level, values, search) for level in (*levels, CREDITS)),
        conflict=(),
        conflict_is_minimal=False,
        certificate=certificate(search.solver, search.clock, search),
        approvals=approvals,
    )


def _unbounded(level: str, values: Values, search: Search) -> LevelResult:
    value = values.of(level)
    shown = None if value is None else in_units(level, value, search.compiled)
    return LevelResult(level=level, value=shown, bound=None)
