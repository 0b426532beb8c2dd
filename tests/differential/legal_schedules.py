"""Every schedule of a small case with what it comes to, and whether any witness makes it legal."""

from __future__ import annotations

from fractions import Fraction

from tests.differential.drawing import TODAY
from tests.differential.enumeration import (
    held_by,
    is_plan,
    joined,
    may_hold,
    objective,
    schedules,
    witnesses,
)
from tests.differential.generation import Problem

from prospectus.domain.meaning import appraise
from prospectus.domain.plan import Appraisal, Witness
from prospectus.domain.record import Attempt
from prospectus.domain.student import Level

Values = tuple[int | Fraction, ...]
Schedule = tuple[Attempt, ...]


class Schedules:
    """The schedules that keep the musts; whether one is legal is found out when it is asked."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.seen: list[tuple[Schedule, Appraisal]] = []
        self._witnesses: dict[tuple[object, ...], list[Witness]] = {}
        self._legal: dict[Schedule, bool] = {}
        resolved, student, record = problem.resolved, problem.student, problem.record
        for attempts in schedules(resolved, student, record):
            seen = appraise(resolved, student, joined(record, attempts), Witness(), TODAY)
            if not seen.wishes_broken:
                self.seen.append((attempts, seen))

    def is_legal(self, attempts: Schedule) -> bool:
        """Return whether some witness makes a schedule a legal plan of the degree."""
        if attempts not in self._legal:
            self._legal[attempts] = self._has_witness(attempts)
        return self._legal[attempts]

    def of_fewest_goals(self) -> list[tuple[Schedule, Appraisal]]:
        """Return the schedules that miss as few goals as any legal one, where goals come first."""
        wishes = self.problem.student.wishes
        if not wishes.goals or wishes.levels[0] is not Level.GOALS:
            return self.seen
        fewest = None
        for attempts, seen in sorted(self.seen, key=lambda item: item[1].value("goals") or 0):
            if self.is_legal(attempts):
                fewest = seen.value("goals")
                break
        return [item for item in self.seen if item[1].value("goals") == fewest]

    def ranked(self) -> list[tuple[Values, Schedule]]:
        """Return values by the person's levels and credits, the best first."""
        resolved, student = self.problem.resolved, self.problem.student
        found = [
            (objective(resolved, student, seen, attempts)[:-2], attempts)
            for attempts, seen in self.of_fewest_goals()
        ]
        return sorted(found, key=lambda item: item[0])

    def front(self, levels: tuple[Level, ...]) -> set[Values]:
        """Return the points that no legal schedule dominates."""
        points = [
            (tuple(seen.value(level.value) or 0 for level in levels), attempts)
            for attempts, seen in self.of_fewest_goals()
        ]
        kept: list[Values] = []
        for point, attempts in sorted(points, key=lambda item: item[0]):
            if not any(_covers(other, point) for other in kept) and self.is_legal(attempts):
                kept.append(point)
        return set(kept)

    def _has_witness(self, attempts: Schedule) -> bool:
        resolved = self.problem.resolved
        whole = joined(self.problem.record, attempts)
        if not may_hold(resolved, whole, TODAY):
            return False
        return any(
            is_plan(resolved, whole, witness, TODAY) for witness in self._witnesses_of(attempts)
        )

    def _witnesses_of(self, attempts: Schedule) -> list[Witness]:
        key = held_by(self.problem.resolved, attempts)
        if key not in self._witnesses:
            whole = joined(self.problem.record, attempts)
            found = witnesses(self.problem.resolved, self.problem.student, whole, TODAY)
            self._witnesses[key] = list(found)
        return self._witnesses[key]


def _covers(one: Values, other: Values) -> bool:
    return all(a <= b for a, b in zip(one, other, strict=True))
