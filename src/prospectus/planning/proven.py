"""Bounds that an earlier answer has proven, for asking again with more wishes than before."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from prospectus.domain.course import CourseCode
from prospectus.domain.student import Level, Student
from prospectus.legality.model import LegalModel
from prospectus.planning.bounds import Bounds
from prospectus.planning.horizon import Horizon
from prospectus.planning.money import Tariff
from prospectus.planning.offers import Offers
from prospectus.planning.solver import Solver, hint_plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """An answer to fewer wishes.

    `floors` are what no plan goes below, level after level in order: each holds where the ones
    before are at theirs. `places` is where its plan begins its courses, to start looking from.
    """

    floors: Mapping[str, int]
    places: frozenset[tuple[CourseCode, str]]


_FINISH = Level.FINISH.value


class Proven(Bounds):
    """Bounds by counting, and the floors of an earlier answer."""

    def __init__(
        self,
        earlier: Earlier,
        horizon: Horizon,
        student: Student,
        offered: Offers,
        tariff: Tariff,
        solver: Solver,
        *,
        priced: bool,
    ) -> None:
        super().__init__(horizon, student, offered, tariff, solver, priced=priced)
        self.floors = earlier.floors
        self.places = earlier.places

    def before_finish(self, levels: Sequence[str]) -> dict[str, int] | None:
        """Return the floors of the levels before the finish where all are known."""
        before = [*takewhile(lambda level: level != _FINISH, levels)]
        if _FINISH in levels and self._are_first(before):
            return {level: self.floors[level] for level in before}
        return super().before_finish(levels)

    def first_guess(self, days: Sequence[dt.date]) -> int:
        """Return the place of the first day by which a plan could end."""
        return max(super().first_guess(days), self._place(days, {}))

    def first_held(self, days: Sequence[dt.date], held: Mapping[str, int]) -> int:
        """Return the place of the first day by which a plan at these values could end."""
        return max(super().first_held(days, held), self._place(days, held))

    def known(self, level: str, held: Mapping[str, int]) -> int | None:
        """Return what a level cannot go below with the ones before it at these values."""
        if level not in self.floors:
            return None
        before = takewhile(lambda one: one != level, self.floors)
        is_met = all(held.get(one) == self.floors[one] for one in before)
        return self.floors[level] if is_met else None

    def hint(self, model: LegalModel) -> None:
        """Start from the earlier plan, as far as its courses can stay."""
        leaves = self.horizon.calendar.leaves
        planned = model.variables.planned
        stays = [
            (start.use, start.run)
            for start in planned
            if (start.use.code, str(leaves[start.run.leaves[0]].id)) in self.places
        ]
        hint_plan(model, stays)

    def _are_first(self, levels: Sequence[str]) -> bool:
        return [*self.floors][: len(levels)] == [*levels]

    def _place(self, days: Sequence[dt.date], held: Mapping[str, int]) -> int:
        """Return the place of the floor of the finish, where these values make it hold."""
        finish = self.known(_FINISH, held)
        return 0 if finish is None else bisect_left(days, dt.date.fromordinal(finish))
