"""Which attempts of a record can earn credit, and what took it from the others."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from prospectus.audit.conditions import Dated, Scene
from prospectus.audit.names import Key, Names
from prospectus.audit.result import Reason
from prospectus.audit.selecting import Approvals, Selecting, Use, add_months, stated_grade
from prospectus.domain.course import Course, RepeatBy
from prospectus.domain.expression import And, Done, Expression, NOf, Or
from prospectus.domain.plan import Standing
from prospectus.domain.program import Resolved
from prospectus.domain.record import (
    Attempt,
    AttemptStatus,
    Basis,
    CreditSource,
    ExceptionKind,
    Record,
)
from prospectus.domain.rule import Exclude, WhichAttempt

LONG_AGO = dt.date(1900, 1, 1)
FOREVER = dt.date(9999, 12, 31)
_LATER = dt.date(9000, 1, 1)

_STANDING = {
    AttemptStatus.PASSED: Standing.MET,
    AttemptStatus.IN_PROGRESS: Standing.IN_PROGRESS,
    AttemptStatus.REGISTERED: Standing.IN_PROGRESS,
    AttemptStatus.PLANNED: Standing.PLANNED,
}
_GONE = (AttemptStatus.WITHDRAWN, AttemptStatus.FAILED, AttemptStatus.INCOMPLETE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """Why an attempt is no use, and the attempt that stands in its stead."""

    reason: Reason
    by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A record read: the uses in record order, what was lost, and the day judged."""

    uses: tuple[Dated, ...]
    lost: Mapping[str, Lost]
    conferral: dt.date


class Reader:
    """Reads records of one programme: dates, names, expiry, repeats, exclusions."""

    def __init__(self, resolved: Resolved, names: Names, selecting: Selecting) -> None:
        self.resolved = resolved
        self.names = names
        self.selecting = selecting
        calendar = resolved.calendar
        self._ends = {index: leaf.end for index, leaf in enumerate(calendar.leaves)}
        self._places: dict[str, tuple[int, ...]] = {}
        self._occupied: dict[tuple[str, ...], tuple[int, ...]] = {}
        for index, leaf in enumerate(calendar.leaves):
            term = str(leaf.term)
            self._places[term] = (*self._places.get(term, ()), index)
        for index, leaf in enumerate(calendar.leaves):
            self._places[str(leaf.id)] = (index,)
        rules = resolved.rules
        self._exclusions = [rule for rule in rules if isinstance(rule, Exclude)]
        self.excludes = _touched(self._exclusions)

    # ------------------------------------------------------------- attempts

    def leaves(self, attempt: Attempt) -> tuple[int, ...]:
        """Return the indexes of the leaf periods that an attempt occupies."""
        known = self._occupied.get(attempt.periods)
        if known is None:
            found = {index for p in attempt.periods for index in self._places.get(p, ())}
            known = self._occupied[attempt.periods] = tuple(sorted(found))
        return known

    def dated(self, attempt: Attempt) -> Dated:
        """Return an attempt with its names and days."""
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

    def _identity(self, dated: Dated) -> str:
        attempt = dated.use.attempt
        day = dated.start if dated.use.leaves else attempt.ended
        return self.names.identity((attempt.course, attempt.topic, day))

    def planned(self, course: Course) -> Use:
        """Return a catalogue course as the use that a completion makes of it."""
        attempt = Attempt(
            id=f"completion:{course.code}",
            course=course.code,
            credits=course.credits_low,
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

    # --------------------------------------------------------------- reading

    def read(self, record: Record, today: dt.date, conferral: dt.date | None) -> Reading:
        """Return what earns credit: after expiry, attempt limits, repeats and exclusions."""
        given = dict(record.approvals)
        everything = [self.dated(attempt) for attempt in record.attempts]
        if conferral is None:
            ends = [d.end for d in everything if d.use.attempt.status not in _GONE]
            last = max(ends, default=LONG_AGO)
            conferral = today if last == LONG_AGO else last
        lost: dict[str, Lost] = {}
        beyond = self._beyond_limit(everything, given) | self._repeats_beyond(everything)
        barred = self._barred(everything, given)
        found: list[Dated] = []
        for dated in everything:
            name = dated.use.attempt.id
            reason = self._no_use(dated.use)
            if reason is None and self._has_expired(dated, conferral, given):
                reason = Reason.EXPIRED
            if reason is None and name in beyond:
                reason = Reason.TRIED_TOO_OFTEN
            if reason is None and name in barred:
                reason = Reason.REPLACED
            if reason is None:
                found.append(dated)
            else:
                lost[name] = Lost(reason=reason, by=barred.get(name))
        found = self._after_repeats(found, everything, given, lost)
        excepted = {
            given_.node
            for given_ in record.exceptions
            if given_.kind in (ExceptionKind.WAIVE, ExceptionKind.FORCE)
        }
        rules = [rule for rule in self._exclusions if rule.header.id not in excepted]
        for loser, winner in self._excluded(rules, found, everything, given).items():
            lost[loser] = Lost(reason=Reason.EXCLUDED, by=winner)
        kept = tuple(dated for dated in found if dated.use.attempt.id not in lost)
        return Reading(uses=kept, lost=lost, conferral=conferral)

    def _no_use(self, use: Use) -> Reason | None:
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

    def _has_expired(self, dated: Dated, conferral: dt.date, given: Approvals) -> bool:
        rules = self.resolved.program.record_rules
        if rules.expires_months is None:
            return False
        of = rules.expires_of
        if of is not None and self.selecting.test(of)(dated.use, given) is not True:
            return False
        if not dated.use.leaves and dated.use.attempt.ended is None:
            return False
        return add_months(dated.end, rules.expires_months) < conferral

    def _beyond_limit(self, everything: Sequence[Dated], given: Approvals) -> frozenset[str]:
        rules = self.resolved.program.record_rules
        if rules.attempts_at_most is None:
            return frozenset()
        test = None if rules.attempts_of is None else self.selecting.test(rules.attempts_of)
        groups: dict[str, list[Dated]] = defaultdict(list)
        for dated in everything:
            if test is None or test(dated.use, given) is True:
                groups[self._identity(dated)].append(dated)
        late: set[str] = set()
        for group in groups.values():
            group.sort(key=lambda d: (d.start, d.use.attempt.id))
            late |= {d.use.attempt.id for d in group[rules.attempts_at_most :]}
        return frozenset(late)

    def _repeat_key(self, dated: Dated) -> tuple[str, str]:
        identity, attempt = self._identity(dated), dated.use.attempt
        by = self._repeatable(dated)
        if by is RepeatBy.TOPIC:
            return identity, attempt.topic or ""
        return identity, " ".join(attempt.periods) if by is RepeatBy.PERIOD else ""

    def _barred(self, everything: Sequence[Dated], given: Approvals) -> dict[str, str]:
        """Return the attempts at a course passed too well to be taken again, with that pass."""
        rule, scale = self.resolved.program.record_rules.repeats, self.resolved.scale
        if rule is None or rule.only_below is None:
            return {}
        groups: dict[tuple[str, str], list[Dated]] = defaultdict(list)
        for dated in everything:
            if self._no_use(dated.use) is None:
                groups[self._repeat_key(dated)].append(dated)
        late: dict[str, str] = {}
        for group in groups.values():
            group.sort(key=lambda d: (d.end, d.use.attempt.id))
            for place, dated in enumerate(group):
                grade = stated_grade(dated.use.attempt)
                if grade is None or not scale.at_least(grade, rule.only_below):
                    continue
                for later in group[place + 1 :]:
                    is_over = dated.end <= later.start
                    if is_over and not self._has_expired(dated, later.start, given):
                        late.setdefault(later.use.attempt.id, dated.use.attempt.id)
        return late

    def _repeats_beyond(self, everything: Sequence[Dated]) -> frozenset[str]:
        """Return the repeats after the last that the programme allows in all."""
        rule = self.resolved.program.record_rules.repeats
        if rule is None or rule.at_most_in_all is None:
            return frozenset()
        tries = [d for d in everything if _is_try(d) and self._repeatable(d) is None]
        tries.sort(key=lambda d: (d.end, d.use.attempt.id))
        seen: set[str] = set()
        repeats: list[str] = []
        for dated in tries:
            identity = self._identity(dated)
            if identity in seen:
                repeats.append(dated.use.attempt.id)
            seen.add(identity)
        return frozenset(repeats[rule.at_most_in_all :])

    def _repeatable(self, dated: Dated) -> RepeatBy | None:
        """Return what gives a course a use of its own each time; a renamed one is as it is now."""
        newest = self.names.course((self._identity(dated), None, None)) or dated.use.course
        return None if newest is None else newest.repeatable

    def _after_repeats(
        self,
        found: list[Dated],
        everything: Sequence[Dated],
        given: Approvals,
        lost: dict[str, Lost],
    ) -> list[Dated]:
        rule = self.resolved.program.record_rules.repeats
        groups: dict[tuple[str, str], list[Dated]] = defaultdict(list)
        for dated in found:
            groups[self._repeat_key(dated)].append(dated)
        kept: set[str] = set()
        for (identity, _), members in groups.items():
            group = sorted(members, key=lambda d: (d.end, d.use.attempt.id))
            if rule is not None and rule.allowed is not None:
                group = self._allowed(group, everything, given)
            if rule is not None and rule.cap is not None:
                early = self._first_tries(identity, rule.cap + 1, everything)
                group = [d for d in group if d.use.is_waiver or d.use.attempt.id in early]
            chosen: str | None = None
            if group:
                how = WhichAttempt.BEST if rule is None or rule.use is None else rule.use
                chosen = self._chosen(group, how).use.attempt.id
                kept.add(chosen)
            for dated in members:
                if dated.use.attempt.id != chosen:
                    lost[dated.use.attempt.id] = Lost(reason=Reason.REPLACED, by=chosen)
        return [dated for dated in found if dated.use.attempt.id in kept]

    def _allowed(
        self, group: list[Dated], everything: Sequence[Dated], given: Approvals
    ) -> list[Dated]:
        rule = self.resolved.program.record_rules.repeats
        assert rule is not None
        assert rule.allowed is not None
        kept = group[:1]
        for dated in group[1:]:
            scene = self._scene(everything, kept, given, before=dated.start, own=dated.use)
            if scene.holds(rule.allowed) is not False:
                kept.append(dated)
        return kept

    def _first_tries(
        self, identity: str, count: int, everything: Sequence[Dated]
    ) -> frozenset[str]:
        tries = [
            dated for dated in everything if _is_try(dated) and self._identity(dated) == identity
        ]
        tries.sort(key=lambda d: (d.end, d.use.attempt.id))
        return frozenset(d.use.attempt.id for d in tries[:count])

    def _chosen(self, group: list[Dated], how: WhichAttempt) -> Dated:
        if how is WhichAttempt.FIRST:
            return group[0]
        return group[-1] if how is WhichAttempt.NEWEST else min(group, key=self._goodness)

    def _goodness(self, dated: Dated) -> tuple[bool, int]:
        """Return a key, least for the best: earned before open, then by grade, then first."""
        attempt, scale = dated.use.attempt, self.resolved.scale
        rank = scale.rank(attempt.grade) if attempt.grade else None
        if rank is None:
            last = attempt.is_open or attempt.source is CreditSource.WAIVER
            rank = len(scale.grades) if last else 0
        return attempt.is_open, rank

    # ------------------------------------------------------------ exclusions

    def _scene(
        self,
        attempts: Sequence[Dated],
        earning: Sequence[Dated],
        given: Approvals,
        *,
        before: dt.date = FOREVER,
        own: Use | None = None,
    ) -> Scene:
        return Scene(
            selecting=self.selecting,
            given=given,
            attempts=attempts,
            earning=earning,
            before=before,
            own=own,
            ends=self._ends,
        )

    def whole_scene(self, record: Record, given: Approvals) -> Scene:
        """Return the scene of a whole record on which nothing earns yet."""
        return self._scene([self.dated(attempt) for attempt in record.attempts], (), given)

    def _excluded(
        self,
        rules: Sequence[Exclude],
        found: Sequence[Dated],
        everything: Sequence[Dated],
        given: Approvals,
    ) -> dict[str, str | None]:
        """Return what loses its credit, with what it loses it to: the later one, ties by code."""
        losers: dict[str, str | None] = {}
        for rule in rules:
            for dated in found:
                if rule.course not in dated.use.names:
                    continue
                name = dated.use.attempt.id
                others = [other for other in found if other is not dated]
                rest = [other for other in everything if other.use.attempt.id != name]
                if self._scene(rest, others, given).holds(rule.condition) is not True:
                    continue
                loser, winner = self._later(dated, rule, others, rest, given)
                losers[loser] = winner
        return losers

    def _later(
        self,
        dated: Dated,
        rule: Exclude,
        others: list[Dated],
        rest: list[Dated],
        given: Approvals,
    ) -> tuple[str, str | None]:
        name = dated.use.attempt.id
        ordered = sorted(others, key=_ended)
        for count in range(len(ordered) + 1):
            unknown = {other.use.attempt.id for other in ordered[count:]}
            known = [other for other in rest if other.use.attempt.id not in unknown]
            if self._scene(known, ordered[:count], given).holds(rule.condition) is True:
                if count == 0:
                    return name, None
                last = ordered[count - 1]
                other = last.use.attempt.id
                return (name, other) if _ended(dated) > _ended(last) else (other, name)
        return name, None

    # --------------------------------------------------------- the catalogue

    def can_be_taken(self, course: Course, record: Record, conferral: dt.date) -> bool:
        """Return whether one more try at a course, after all on record, would earn credit."""
        again = Attempt(
            id="completion",
            course=course.code,
            credits=course.credits_low,
            status=AttemptStatus.PLANNED,
            ended=_LATER,
        )
        whole = replace(record, attempts=(*record.attempts, again))
        return "completion" not in self.read(whole, conferral, conferral).lost


def _is_try(dated: Dated) -> bool:
    """Return whether a cap on repeats counts an attempt."""
    return dated.use.attempt.status is not AttemptStatus.WITHDRAWN and not dated.use.is_waiver


def _touched(rules: Sequence[Exclude]) -> frozenset[str] | None:
    """Return the codes that some exclusion speaks of, None where it may be any."""
    found = {rule.course for rule in rules}
    waiting: list[Expression] = [rule.condition for rule in rules]
    while waiting:
        item = waiting.pop()
        match item:
            case And() | Or() | NOf():
                waiting += item.items
            case Done():
                found.add(item.code)
            case _:
                return None
    return frozenset(found)


def _ended(dated: Dated) -> tuple[dt.date, str]:
    """Return when a use was earned, ties by code; a waiver without a date gives way to all."""
    attempt = dated.use.attempt
    undated = dated.use.is_waiver and attempt.ended is None and not dated.use.leaves
    return FOREVER if undated else dated.end, str(attempt.course)
