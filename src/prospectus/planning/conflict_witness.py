"""Runs that may show that a few members of a conflict can hold: filled up, not searched for.

What is proposed here proves nothing: a model of these runs alone says whether a plan is in them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from prospectus.domain.course import CourseCode
from prospectus.domain.offering import Run
from prospectus.domain.rule import Load
from prospectus.legality.uses import Use
from prospectus.planning.affordable import limit_of
from prospectus.planning.conflict_counts import BUDGET, BY_YEAR, Counts, Starts


def filled(
    counts: Counts, ids: Collection[str], starts: Starts
) -> dict[CourseCode, tuple[Run, ...]] | None:
    """Return some of these runs, with credits enough, that members allow; None: not found."""
    return _Filling(counts, ids).filled(starts)


class _Filling:
    """A plan filled up with one run after the other, none of which is taken back."""

    def __init__(self, counts: Counts, ids: Collection[str]) -> None:
        self.counts = counts
        self.wishes = counts.wishes
        self.calendar = counts.calendar
        self.need = counts.need if counts.total in ids else 0
        self.has_hours = "hours" in ids
        self.has_courses = "courses" in ids
        self.has_total = BUDGET in ids and counts.wishes.budget_total is not None
        self.has_money = self.has_total or BY_YEAR in ids
        loads = counts.compiled.resolved.program.enrolment.loads
        self.loads = [load for load in loads if f"load {load.header.id}" in ids]
        self.plan: list[tuple[Use, Run]] = []
        self._hours: dict[int, int] = defaultdict(int)
        self._courses: dict[int, int] = defaultdict(int)
        self._steps: dict[int, int] = defaultdict(int)
        self._starts: dict[int, int] = defaultdict(int)
        self._too_dear: dict[int, int] = {}

    def filled(self, starts: Starts) -> dict[CourseCode, tuple[Run, ...]] | None:
        """Return the runs filled up from these, term after term; None where they do not suffice."""
        left = self.need
        found: dict[CourseCode, tuple[Run, ...]] = {}
        for part in self._in_order(starts):
            fresh = [start for start in part if start[0].code not in found]
            for use, run in sorted(fresh, key=self._order):
                if left <= 0:
                    return found
                if use.code in found or not self.counts.steps[use.index]:
                    continue
                if self._fits(use, run) and self._is_paid(use, run):
                    self._take(use, run)
                    found[use.code] = (run,)
                    left -= self.counts.steps[use.index]
        return found if left <= 0 else None

    def _in_order(self, starts: Starts) -> Iterable[Starts]:
        """Return what is to be taken from first, then next: all at once where money is short."""
        if self.has_total:
            return [starts]
        terms: dict[int, Starts] = defaultdict(list)
        for start in starts:
            terms[self.calendar.term_of[start[1].leaves[0]]].append(start)
        return [mine for _, mine in sorted(terms.items())]

    def _order(self, start: tuple[Use, Run]) -> tuple[int, int, int, str]:
        """Put what costs least by the credit first, then what takes least time."""
        use, run = start
        steps = self.counts.steps[use.index] or 1
        light = 1_000 * self.counts.hours(use, run) // steps if self.has_hours else 0
        dear = 1_000 * self._cost(use, run) // steps if self.has_money else 0
        return (dear, light, run.leaves[-1], use.code)

    def _cost(self, use: Use, run: Run) -> int:
        return sum(charge.minor for charge in self.counts.tariff.of_run(use, run))

    def _fits(self, use: Use, run: Run) -> bool:
        """Return whether a run keeps the hours, the courses at once and the loads."""
        hours = self.counts.hours(use, run) if self.has_hours else 0
        for leaf in run.leaves:
            period = self.calendar.leaves[leaf]
            if self.has_hours:
                limit = self.wishes.hours_limit(period.start, period.end)
                if limit is not None and self._hours[leaf] + hours > limit:
                    return False
            if self.has_courses:
                limit = self.wishes.courses_limit(period.start, period.end)
                if limit is not None and self._courses[leaf] >= limit:
                    return False
        term = self.calendar.term_of[run.leaves[0]]
        return all(self._has_room(load, term, use) for load in self.loads)

    def _has_room(self, load: Load, term: int, use: Use) -> bool:
        season = self.calendar.terms[term].season
        if load.per not in ("term", season) or (load.seasons and season not in load.seasons):
            return True
        if load.credits is not None and load.credits.high is not None:
            most = self.counts.compiled.steps_down(load.credits.high)
            return self._steps[term] + self.counts.steps[use.index] <= most
        if load.courses is not None and load.courses.high is not None:
            return self._starts[term] < load.courses.high
        return True

    def _is_paid(self, use: Use, run: Run) -> bool:
        """Return whether the money suffices; if not, nor does it for what is dearer there."""
        if not self.has_money:
            return True
        term, cost = self.calendar.term_of[run.leaves[0]], self._cost(use, run)
        if cost >= self._too_dear.get(term, cost + 1):
            return False
        due: dict[int, int] = defaultdict(int)
        for charge in self.counts.tariff.charges([*self.plan, (use, run)]):
            due[charge.year] += charge.minor
        total = self.wishes.budget_total
        is_paid = not self.has_total or total is None or sum(due.values()) <= total.minor
        for year, minor in due.items() if is_paid else ():
            limit = limit_of(self.wishes, year)
            is_paid = is_paid and (limit is None or minor <= limit)
        if not is_paid:
            self._too_dear[term] = cost
        return is_paid

    def _take(self, use: Use, run: Run) -> None:
        self.plan.append((use, run))
        term = self.calendar.term_of[run.leaves[0]]
        self._steps[term] += self.counts.steps[use.index]
        self._starts[term] += 1
        for leaf in run.leaves:
            self._hours[leaf] += self.counts.hours(use, run) if self.has_hours else 0
            self._courses[leaf] += 1
