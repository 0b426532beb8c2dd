"""What the levels of any plan cannot go below, shown by counting instead of by search."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from prospectus.domain.student import Level, Student
from prospectus.legality.model import LegalModel
from prospectus.planning.affordable import Affordable
from prospectus.planning.found import Rung
from prospectus.planning.horizon import Horizon
from prospectus.planning.kept import Pinned
from prospectus.planning.money import Tariff
from prospectus.planning.offers import Offers
from prospectus.planning.relaxed import Relaxed, is_timeless
from prospectus.planning.solver import Solver


class Bounds:
    """Bounds for the plans of one search, each made when it is first asked for."""

    def __init__(
        self,
        horizon: Horizon,
        student: Student,
        offered: Offers,
        tariff: Tariff,
        solver: Solver,
        *,
        priced: bool,
    ) -> None:
        self.horizon = horizon
        self.student = student
        self.offered = offered
        self.tariff = tariff
        self.solver = solver
        self.priced = priced
        self.floors: Mapping[str, int] = {}
        self.rungs: list[Rung] = []
        self.pinned: Pinned | None = None
        self.is_refuted = False
        """Whether no plan is at the floors up to the finish."""
        self.is_doubtful = False
        """Whether there may well be no plan at all."""
        self.relaxed: Relaxed | None = None
        self._affordable: Affordable | None = None
        self._tied: LegalModel | None = None

    def without_calendar(self) -> Relaxed | None:
        """Return the degree without a calendar; None where it would say nothing."""
        if self.relaxed is None and is_timeless(self.horizon):
            with self.solver.clock.builds():
                self.relaxed = Relaxed(
                    self.horizon,
                    self.student,
                    self.offered,
                    self.tariff,
                    self.solver,
                    priced=self.priced,
                )
        return self.relaxed

    def before_finish(self, levels: Sequence[str]) -> dict[str, int] | None:
        """Return bounds for the levels before the finish; None where they are not known."""
        finish = Level.FINISH.value
        relaxed = self.without_calendar() if finish in levels else None
        return None if relaxed is None else relaxed.least(levels[: levels.index(finish)])

    def first_guess(self, days: Sequence[dt.date]) -> int:
        """Return the place of the first day by which enough credits could be had and paid for."""
        place = self.horizon.first_guess()
        wishes = self.student.wishes.hard
        need = -(-self.horizon.needed() * self.horizon.compiled.unit // 1)
        if not wishes.budget_by_year or not self.priced or need <= 0:
            return place
        if self._affordable is None:
            runs = self.horizon.rooms.starts()
            self._affordable = Affordable(self.tariff, runs, int(need))
        if not self._affordable.is_known:
            return place
        while place < len(days) and self._affordable.by_day(wishes, days[place]) < need:
            place += 1
        return place

    def first_try(self, days: Sequence[dt.date]) -> int:
        """Return the place of a day by which a plan is looked for first, if it may end then."""
        return 0

    def first_held(self, days: Sequence[dt.date], held: Mapping[str, int]) -> int:
        """Return the place of the first day by which a plan at these values could end.

        By what the terms can hold of what the degree asks; after all days where there is none.
        """
        relaxed = self.without_calendar()
        day = dt.date.min if relaxed is None else relaxed.earliest(held)
        return len(days) if day is None else bisect_left(days, day)

    def by_counting(
        self, level: str, held: Mapping[str, int], last_day: dt.date
    ) -> Callable[[], int | None]:
        """Return what bounds a level from below, other levels at these values."""

        def bounded() -> int | None:
            relaxed = self.without_calendar()
            return None if relaxed is None else relaxed.least_by(level, held, last_day)

        return bounded

    def is_quick(self, held: Mapping[str, int]) -> bool:
        """Return whether counting is quicker than a short search."""
        return False

    def known(self, level: str, held: Mapping[str, int]) -> int | None:
        """Return what is proven of a level, the ones before it at these values; None: nothing."""
        return None

    def hint(self, model: LegalModel) -> None:
        """Say from which plan the next run of a model starts, where one is known."""

    @contextmanager
    def holding(self, model: LegalModel, level: str) -> Iterator[None]:
        """Note what is said inside of a level in a model."""
        constraints = model.store.model.model_proto.constraints
        first = len(constraints)
        try:
            yield
        finally:
            places = range(first, len(constraints))
            rung = Rung(model=model, level=level, places=places)
            self.rungs.append(rung)
            if self.pinned is not None and model is self.pinned.model:
                self.pinned.added.append(rung)

    def is_tied(self, model: LegalModel) -> bool:
        """Return whether a model was told what holds at some values only."""
        return model is self._tied

    def tie(self, model: LegalModel, held: Mapping[str, int]) -> None:
        """Say in a model how much of a plan at these values can run in each kind of term."""
        if model is self._tied or self.relaxed is None or not self.relaxed.is_told(held):
            return
        self._tied = model
        variables = model.variables
        planned = variables.terms_planned()
        for count in self.relaxed.counts(held):
            here = [term for term in planned if term in count.terms]
            used = [(variables.planned_in_term(term), 1) for term in here]
            courses = [(start.lit, 1) for term in here for start in variables.in_term(term)]
            model.store.linear(used, None, count.most_terms)
            model.store.linear(courses, count.least_courses, count.most_courses)
