"""The attempts of a record with their names and days, and whether each brings credit by itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from fractions import Fraction

from prospectus.audit.conditions import Dated, Scene
from prospectus.audit.names import Key, Names
from prospectus.audit.result import Reason
from prospectus.audit.selecting import Selecting
from prospectus.audit.use import Approvals, Use, add_months, stated_grade
from prospectus.domain.course import Course
from prospectus.domain.plan import Standing
from prospectus.domain.program import Resolved
from prospectus.domain.record import Attempt, AttemptStatus, Basis

LONG_AGO = dt.date(1900, 1, 1)
FOREVER = dt.date(9999, 12, 31)
MOST_DATED = 2_000
"""How many attempts are remembered with their names and days."""

_STANDING = {
    AttemptStatus.PASSED: Standing.MET,
    AttemptStatus.IN_PROGRESS: Standing.IN_PROGRESS,
    AttemptStatus.REGISTERED: Standing.IN_PROGRESS,
    AttemptStatus.PLANNED: Standing.PLANNED,
}


class Dating:
    """Dates and names the attempts of one programme's students."""

    def __init__(self, resolved: Resolved, names: Names, selecting: Selecting) -> None:
        self.resolved = resolved
        self.names = names
        self.selecting = selecting
        calendar = resolved.calendar
        self._ends = {index: leaf.end for index, leaf in enumerate(calendar.leaves)}
        self._places: dict[str, tuple[int, ...]] = {}
        self._occupied: dict[tuple[str, ...], tuple[int, ...]] = {}
        self._dated: dict[int, Dated] = {}
        for index, leaf in enumerate(calendar.leaves):
            term = str(leaf.term)
            self._places[term] = (*self._places.get(term, ()), index)
        for index, leaf in enumerate(calendar.leaves):
            self._places[str(leaf.id)] = (index,)

    def leaves(self, attempt: Attempt) -> tuple[int, ...]:
        """Return the indexes of the leaf periods that an attempt occupies."""
        known = self._occupied.get(attempt.periods)
        if known is None:
            found = {index for p in attempt.periods for index in self._places.get(p, ())}
            known = self._occupied[attempt.periods] = tuple(sorted(found))
        return known

    def dated(self, attempt: Attempt) -> Dated:
        """Return an attempt with its names and days; those of the last ones are kept."""
        # known by identity: what is kept holds the attempt, so its number is given to no other
        known = self._dated.get(id(attempt))
        if known is None:
            if len(self._dated) >= MOST_DATED:
                self._dated.clear()
            known = self._dated[id(attempt)] = self._date(attempt)
        return known

    def _date(self, attempt: Attempt) -> Dated:
        leaves = self.leaves(attempt)
        calendar = self.resolved.calendar.leaves
        if leaves:
            start, end = calendar[leaves[0]].start, max(self._ends[i] for i in leaves)
        else:
            start = end = attempt.ended or LONG_AGO
        key: Key = (attempt.course, attempt.topic, start if leaves else attempt.ended)
        course = self.names.course(key)
        is_dated = bool(leaves) or attempt.ended is not None
        if course is not None and course.formerly and is_dated and not attempt.is_planned:
            course = course.as_taught(end)
        use = Use(
            attempt=attempt,
            course=course,
            names=self.names.names(key),
            numbers=self.names.numbers(key),
            topics=self.names.topics(key),
            leaves=leaves,
            standing=_STANDING.get(attempt.status, Standing.UNMET),
        )
        return Dated(use=use, start=start, end=end)

    def identity(self, dated: Dated) -> str:
        """Return the name that all attempts at a course share, whatever its number was."""
        attempt = dated.use.attempt
        day = dated.start if dated.use.leaves else attempt.ended
        return self.names.identity((attempt.course, attempt.topic, day))

    def planned(self, course: Course, credits: Fraction | None = None) -> Use:
        """Return a catalogue course as the use that a completion makes of it.

        With its least credits, unless others are given.
        """
        attempt = Attempt(
            id=f"completion:{course.code}",
            course=course.code,
            credits=course.credits_low if credits is None else credits,
            status=AttemptStatus.PLANNED,
            delivery=course.delivery,
        )
        key: Key = (course.code, None, None)
        return Use(
            attempt=attempt,
            course=self.names.course(key),
            names=self.names.names(key),
            numbers=self.names.numbers(key),
            topics=self.names.topics(key),
        )

    def no_use(self, use: Use) -> Reason | None:
        """Return why an attempt brings no credit by itself, None where it does."""
        attempt = use.attempt
        if attempt.status is AttemptStatus.WITHDRAWN:
            return Reason.WITHDRAWN
        if attempt.status not in _STANDING:
            return Reason.FAILED
        if attempt.basis is Basis.AUDIT:
            return Reason.AUDITED
        name = stated_grade(attempt)
        grade = None if name is None else self.resolved.scale.get(name)
        if grade is not None and not grade.earns:
            return Reason.FAILED
        return None if use.course is None or use.course.counts_credit else Reason.NO_CREDIT

    def has_expired(self, dated: Dated, conferral: dt.date, given: Approvals) -> bool:
        """Return whether credit is too old on the day of conferral."""
        rules = self.resolved.program.record_rules
        if rules.expires_months is None:
            return False
        of = rules.expires_of
        if of is not None and self.selecting.test(of)(dated.use, given) is not True:
            return False
        if not dated.use.leaves and dated.use.attempt.ended is None:
            return False
        return add_months(dated.end, rules.expires_months) < conferral

    def scene(
        self,
        attempts: Sequence[Dated],
        earning: Sequence[Dated],
        given: Approvals,
        *,
        before: dt.date = FOREVER,
        own: Use | None = None,
    ) -> Scene:
        """Return what a condition may look at."""
        return Scene(
            selecting=self.selecting,
            given=given,
            attempts=attempts,
            earning=earning,
            before=before,
            own=own,
            ends=self._ends,
        )
