"""Bounds that an earlier answer has proven, for asking again with more wishes than before."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import takewhile

from prospectus.domain.course import CourseCode
from prospectus.domain.student import Level, Student
from prospectus.legality.model import LegalModel
from prospectus.planning.bounds import Bounds
from prospectus.planning.horizon import Horizon
from prospectus.planning.kept import Kept, Pinned
from prospectus.planning.money import Tariff
from prospectus.planning.offers import Offers
from prospectus.planning.relaxed import Relaxed
from prospectus.planning.solver import Solver, hint_plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """An answer to fewer wishes.

    `floors` are what no plan goes below, level after level in order: each holds where the ones
    before are at theirs. `places` is where its plan begins its courses, to start looking from.
    `kept` is what it was found from, `pinned` its model with the new places.
    """

    floors: Mapping[str, int]
    places: frozenset[tuple[CourseCode, str]]
    kept: Kept | None = None
    pinned: Pinned | None = None


LEAP = dt.timedelta(days=370)
"""How much later a plan may well end with a course pinned: what runs once a year comes again."""

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
        self.pinned = earlier.pinned

    def before_finish(self, levels: Sequence[str]) -> dict[str, int] | None:
        """Return the floors of the levels before the finish where all are known."""
        before = [*takewhile(lambda level: level != _FINISH, levels)]
        if _FINISH not in levels or not self._are_first(before):
            return super().before_finish(levels)
        floors = {level: self.floors[level] for level in before}
        counted = None
        if self.is_refuted and Level.COST.value in before:
            # a place can make what has to be there dearer
            counted = super().before_finish(levels)
        if counted is None or (counted and [*counted.values()] < [*floors.values()]):
            return floors
        return counted

    def first_guess(self, days: Sequence[dt.date]) -> int:
        """Return the place of the first day by which a plan could end."""
        place = self._place(days, {})
        # nothing that is counted says more than a search
        return place if self.is_refuted and place else max(super().first_guess(days), place)

    def first_try(self, days: Sequence[dt.date]) -> int:
        """Return the place of a day by which a plan is looked for first, if it may end then."""
        if not self.is_refuted:
            return 0
        finish = dt.date.fromordinal(self.floors[_FINISH])
        return min(bisect_left(days, finish + LEAP), len(days) - 1)

    def first_held(self, days: Sequence[dt.date], held: Mapping[str, int]) -> int:
        """Return the place of the first day by which a plan at these values could end."""
        if self.relaxed is None:
            # made for these values, it would not do for others
            return self._place(days, held)
        return max(super().first_held(days, held), self._place(days, held))

    def known(self, level: str, held: Mapping[str, int]) -> int | None:
        """Return what a level cannot go below with the ones before it at these values."""
        if level not in self.floors:
            return None
        before = takewhile(lambda one: one != level, self.floors)
        is_met = all(held.get(one) == self.floors[one] for one in before)
        return self.floors[level] if is_met else None

    def is_quick(self, held: Mapping[str, int]) -> bool:
        """Return whether counting is quicker than a short search."""
        relaxed = self._of_before(held)
        return relaxed is not None and relaxed.is_priced_in

    def by_counting(
        self, level: str, held: Mapping[str, int], last_day: dt.date
    ) -> Callable[[], int | None]:
        """Return what bounds a level from below, other levels at these values."""
        relaxed = self._of_before(held)
        if relaxed is None:
            return super().by_counting(level, held, last_day)
        return partial(relaxed.least_by, level, held, last_day)

    def _of_before(self, held: Mapping[str, int]) -> Relaxed | None:
        """Return the degree without a calendar as it was asked before; None where it does not do.

        More plans are in it, so that what is shown of it holds.
        """
        if self.pinned is None or not self.pinned.suits(self.student):
            # where goals were musts, fewer plans are in it
            return None
        relaxed = self.pinned.relaxed
        if relaxed is None or not relaxed.is_for(held.get(Level.PEAK.value)):
            return None
        relaxed.solver = self.solver
        return relaxed

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
        if finish is None:
            return 0
        day = dt.date.fromordinal(finish)
        return bisect_right(days, day) if self.is_refuted else bisect_left(days, day)
