"""Which attempts of a record can earn credit, and what took it from the others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from prospectus.audit.conditions import Dated, Scene
from prospectus.audit.dating import LONG_AGO, Dating
from prospectus.audit.exclusions import Exclusions
from prospectus.audit.names import Names
from prospectus.audit.result import Reason
from prospectus.audit.selecting import Selecting
from prospectus.audit.tries import Lost, Tries
from prospectus.audit.use import Approvals
from prospectus.domain.course import Course, CourseCode
from prospectus.domain.program import Resolved
from prospectus.domain.record import Attempt, AttemptStatus, ExceptionKind, Record
from prospectus.domain.rule import Exclude

MOST_PLANNED = 5_000
"""How many courses planned for some day are remembered."""

_LATER = dt.date(9000, 1, 1)
_GONE = (AttemptStatus.WITHDRAWN, AttemptStatus.FAILED, AttemptStatus.INCOMPLETE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A record read: the uses in record order, what was lost, and the day judged."""

    uses: tuple[Dated, ...]
    lost: Mapping[str, Lost]
    conferral: dt.date


class Reader(Dating):
    """Reads records of one programme: dates, names, expiry, repeats, exclusions."""

    def __init__(self, resolved: Resolved, names: Names, selecting: Selecting) -> None:
        super().__init__(resolved, names, selecting)
        self._tries = Tries(self)
        self._exclusions = Exclusions(self)
        self.excludes = self._exclusions.named
        self._bought: dict[tuple[CourseCode, Fraction | None], Dated] = {}
        self._tries_again: dict[CourseCode, Dated] = {}
        self._planned: dict[tuple[CourseCode, dt.date], Attempt] = {}

    def read(self, record: Record, today: dt.date, conferral: dt.date | None) -> Reading:
        """Return what earns credit: after expiry, attempt limits, repeats and exclusions."""
        given = dict(record.approvals)
        everything = [self.dated(attempt) for attempt in record.attempts]
        if conferral is None:
            ends = [d.end for d in everything if d.use.attempt.status not in _GONE]
            last = max(ends, default=LONG_AGO)
            conferral = today if last == LONG_AGO else last
        lost: dict[str, Lost] = {}
        beyond = self._tries.beyond_limit(everything, given) | self._tries.repeats_beyond(
            everything
        )
        barred = self._tries.barred(everything, given)
        found: list[Dated] = []
        for dated in everything:
            name = dated.use.attempt.id
            reason = self.no_use(dated.use)
            if reason is None and self.has_expired(dated, conferral, given):
                reason = Reason.EXPIRED
            if reason is None and name in beyond:
                reason = Reason.TRIED_TOO_OFTEN
            if reason is None and name in barred:
                reason = Reason.REPLACED
            if reason is None:
                found.append(dated)
            else:
                lost[name] = Lost(reason=reason, by=barred.get(name))
        found = self._tries.after_repeats(found, everything, given, lost)
        rules = self.exclusions(record)
        for loser, winner in self._exclusions.excluded(rules, found, everything, given).items():
            lost[loser] = Lost(reason=Reason.EXCLUDED, by=winner)
        kept = self._tries.with_waivers([d for d in found if d.use.attempt.id not in lost])
        return Reading(uses=kept, lost=lost, conferral=conferral)

    def exclusions(self, record: Record) -> list[Exclude]:
        """Return the exclusions that no exception on a record sets aside."""
        excepted = {
            given.node
            for given in record.exceptions
            if given.kind in (ExceptionKind.WAIVE, ExceptionKind.FORCE)
        }
        return [rule for rule in self._exclusions.rules if rule.header.id not in excepted]

    def earning(self, record: Record, reading: Reading) -> list[Dated]:
        """Return what would earn credit if there were no exclusions."""
        lost = reading.lost
        kept = (
            attempt
            for attempt in record.attempts
            if attempt.id not in lost or lost[attempt.id].reason is Reason.EXCLUDED
        )
        return [self.dated(attempt) for attempt in kept]

    def bought(self, course: Course, credits: Fraction | None = None) -> Dated:
        """Return a course of a completion as an attempt that ends after all on record."""
        key = course.code, credits
        known = self._bought.get(key)
        if known is None:
            attempt = replace(self.planned(course, credits).attempt, ended=_LATER)
            known = self._bought[key] = self.dated(attempt)
        return known

    def repeats_left(self, record: Record) -> tuple[int, frozenset[str]] | None:
        """Return how many more repeats a record may have, and of which courses; None: no limit."""
        return self._tries.repeats_left([self.dated(attempt) for attempt in record.attempts])

    def lost_by_buying(
        self, record: Record, reading: Reading, bought: Sequence[Dated]
    ) -> frozenset[str]:
        """Return what an exclusion takes credit from once courses are bought, and not before."""
        everything = [*(self.dated(attempt) for attempt in record.attempts), *bought]
        found = [*self.earning(record, reading), *bought]
        rules, given = self.exclusions(record), dict(record.approvals)
        lost = self._exclusions.excluded(rules, found, everything, given)
        return frozenset(lost) - frozenset(reading.lost)

    def whole_scene(self, record: Record, given: Approvals) -> Scene:
        """Return the scene of a whole record on which nothing earns yet."""
        return self.scene([self.dated(attempt) for attempt in record.attempts], (), given)

    def can_be_taken(self, course: Course, record: Record, conferral: dt.date) -> bool:
        """Return whether one more try at a course, after all on record, would earn credit."""
        again = self._again(course)
        tried = record.attempts
        if self._is_apart(again):
            mine = self.identity(again)
            tried = tuple(a for a in tried if self.identity(self.dated(a)) == mine)
        whole = replace(record, attempts=(*tried, again.use.attempt))
        return again.use.attempt.id not in self.read(whole, conferral, conferral).lost

    def planned_on(self, code: CourseCode, day: dt.date) -> Attempt:
        """Return a course as one that is planned to end on a day."""
        known = self._planned.get((code, day))
        if known is None:
            if len(self._planned) >= MOST_PLANNED:
                self._planned.clear()
            course = self.resolved.courses[code]
            known = self._planned[code, day] = Attempt(
                id=f"next:{code}",
                course=code,
                credits=course.credits_low,
                status=AttemptStatus.PLANNED,
                delivery=course.delivery,
                ended=day,
            )
        return known

    def _again(self, course: Course) -> Dated:
        """Return one more try at a course, after all on record."""
        known = self._tries_again.get(course.code)
        if known is None:
            known = self._tries_again[course.code] = self.dated(
                Attempt(
                    id="completion",
                    course=course.code,
                    credits=course.credits_low,
                    status=AttemptStatus.PLANNED,
                    ended=_LATER,
                )
            )
        return known

    def _is_apart(self, dated: Dated) -> bool:
        """Return whether no attempt at another course says anything of what it earns."""
        rule = self.resolved.program.record_rules.repeats
        if rule is not None and (rule.allowed is not None or rule.at_most_in_all is not None):
            return False
        return self.excludes is not None and self.excludes.isdisjoint(dated.use.names)
