"""The plans around a best one, as one model to ask again and again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from prospectus.domain.course import CourseCode
from prospectus.domain.program import Resolved
from prospectus.domain.record import Record
from prospectus.domain.student import Level, Student
from prospectus.legality.model import LegalModel
from prospectus.legality.store import Lit, negate
from prospectus.planning.costs import Costs
from prospectus.planning.horizon import Horizon
from prospectus.planning.money import Tariff
from prospectus.planning.objective import Objective, Ranks
from prospectus.planning.offers import offers
from prospectus.planning.result import PlanResult
from prospectus.planning.solve import compiled_for
from prospectus.planning.solver import Answer, Solution, Solver, hint
from prospectus.planning.wishes import WishRules

Spot = tuple[CourseCode, int]
"""A course and the index of the leaf period in which it begins."""


class Case:
    """One person's programme, compiled once for many questions.

    Parameters
    ----------
    resolved, student, record, today
        As for `planning.solve.plan`.
    result
        The answer whose surroundings are asked about; it has a plan.
    solver
        The solver with its clock.
    """

    def __init__(
        self,
        resolved: Resolved,
        student: Student,
        record: Record,
        today: dt.date,
        result: PlanResult,
        solver: Solver,
    ) -> None:
        self.resolved = resolved
        self.student = student
        self.solver = solver
        self.offered = offers(resolved, student, max(student.plan_from, student.matriculation))
        self.compiled = compiled_for(
            resolved, student, record, today, self.offered, grant=bool(result.approvals)
        )
        self.tariff = Tariff(self.compiled, student.wishes)
        self.horizon = Horizon(self.compiled, student, self.offered.open)
        self.ranks = Ranks(self.compiled, self.horizon.first_leaf)
        self.levels = named_levels(result)
        calendar = resolved.calendar
        plan = result.plan
        self.spots: frozenset[Spot] = frozenset(
            (attempt.course, calendar.leaves_of(attempt.periods[0])[0])
            for attempt in (plan.attempts if plan is not None else ())
            if attempt.periods
        )
        """Where the best plan begins its courses."""

    @property
    def courses(self) -> frozenset[CourseCode]:
        """Return the courses of the best plan."""
        return frozenset(code for code, _ in self.spots)


class Near:
    """All plans of a case that end by a day and hold some levels.

    Every question leaves the model as it found it: what it adds stands under a literal of its own.
    """

    def __init__(self, case: Case, limits: Mapping[str, int], last_day: dt.date) -> None:
        self.case = case
        self.solver = case.solver
        finish = limits.get(Level.FINISH.value)
        if finish is not None:
            last_day = min(last_day, dt.date.fromordinal(finish))
        horizon = case.horizon
        self.model = LegalModel(
            case.compiled, horizon.runs_until(last_day), rooms=horizon.rooms.in_steps(dt.date.max)
        )
        self.store = self.model.store
        wishes = WishRules(self.model, case.student, case.offered, self._costs(limits))
        if limits:
            objective = Objective(self.model.variables, wishes, case.student, case.ranks)
            for level, most in limits.items():
                self.store.linear(objective.terms(level), None, most)
        starts: dict[Spot, list[Lit]] = {}
        for start in self.model.variables.planned:
            starts.setdefault((start.use.code, start.run.leaves[0]), []).append(start.lit)
        self.starts = {spot: self.store.any_of(lits) for spot, lits in starts.items()}
        self.taken = {
            code: self.store.any_of([lit for (one, _), lit in self.starts.items() if one == code])
            for code in {code for code, _ in self.starts}
        }
        self._previous: Solution | None = None

    def _costs(self, limits: Mapping[str, int]) -> Costs | None:
        case = self.case
        wishes = case.student.wishes
        priced = {level.value for level in wishes.priced}
        if case.tariff.unknown or not (wishes.limits_money or priced & set(limits)):
            return None
        return Costs(self.model.variables, case.tariff)

    def find(self, some_of: Iterable[Lit]) -> tuple[Answer, frozenset[Spot]]:
        """Return whether a plan makes one of these true, and where it begins its courses."""
        asked = self.store.new_bool()
        self.store.clause(some_of, given=(asked,))
        self.store.model.clear_assumptions()
        self.store.model.add_assumptions([asked])
        if self._previous is not None:
            hint(self.store, self._previous)
        answer, solution, _ = self.solver.run(self.store)
        if solution is None:
            return answer, frozenset()
        self._previous = solution
        found = frozenset(spot for spot, lit in self.starts.items() if solution.truth(lit))
        return answer, found

    def without(self, code: CourseCode) -> Lit:
        """Return the literal that a course is not begun at all."""
        return negate(self.taken.get(code, False))

    def not_at(self, spot: Spot) -> Lit:
        """Return the literal that a course is not begun there."""
        return negate(self.starts.get(spot, False))


def named_levels(result: PlanResult) -> dict[str, int]:
    """Return the values of the levels that the person named, up to the first that is not proven.

    A level that could not be asked, since some fee is unknown, is passed over.
    """
    names = {level.value for level in Level}
    found: dict[str, int] = {}
    for item in result.levels:
        if item.level not in names or item.value is None:
            continue
        if not item.is_proven:
            break
        found[item.level] = int(item.value)
    return found
