"""Several attempts at one course: which of them are too many, and which one counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from prospectus.audit.conditions import Dated
from prospectus.audit.dating import Dating
from prospectus.audit.result import Reason
from prospectus.audit.use import Approvals, stated_grade
from prospectus.domain.course import RepeatBy
from prospectus.domain.record import AttemptStatus
from prospectus.domain.rule import WhichAttempt


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """Why an attempt is no use, and the attempt that stands in its stead."""

    reason: Reason
    by: str | None = None


class Tries:
    """The rules on repeats and on the number of attempts of one programme."""

    def __init__(self, dating: Dating) -> None:
        self._dating = dating
        self._resolved = dating.resolved
        self._names = dating.names
        self._selecting = dating.selecting

    def beyond_limit(self, everything: Sequence[Dated], given: Approvals) -> frozenset[str]:
        """Return the attempts after the last that a course may have."""
        rules = self._resolved.program.record_rules
        if rules.attempts_at_most is None:
            return frozenset()
        test = None if rules.attempts_of is None else self._selecting.test(rules.attempts_of)
        groups: dict[str, list[Dated]] = defaultdict(list)
        for dated in everything:
            if _is_try(dated) and (test is None or test(dated.use, given) is True):
                groups[self._dating.identity(dated)].append(dated)
        late: set[str] = set()
        for group in groups.values():
            group.sort(key=lambda d: (d.start, d.use.attempt.id))
            late |= {d.use.attempt.id for d in group[rules.attempts_at_most :]}
        return frozenset(late)

    def _repeat_key(self, dated: Dated) -> tuple[str, str]:
        identity, attempt = self._dating.identity(dated), dated.use.attempt
        by = self._repeatable(dated)
        if by is RepeatBy.TOPIC:
            return identity, attempt.topic or ""
        return identity, " ".join(attempt.periods) if by is RepeatBy.PERIOD else ""

    def barred(self, everything: Sequence[Dated], given: Approvals) -> dict[str, str]:
        """Return the attempts at a course passed too well to be taken again, with that pass."""
        rule, scale = self._resolved.program.record_rules.repeats, self._resolved.scale
        if rule is None or rule.only_below is None:
            return {}
        groups: dict[tuple[str, str], list[Dated]] = defaultdict(list)
        for dated in everything:
            if self._dating.no_use(dated.use) is None:
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
                    if is_over and not self._dating.has_expired(dated, later.start, given):
                        late.setdefault(later.use.attempt.id, dated.use.attempt.id)
        return late

    def repeats_beyond(self, everything: Sequence[Dated]) -> frozenset[str]:
        """Return the repeats after the last that the programme allows in all."""
        rule = self._resolved.program.record_rules.repeats
        if rule is None or rule.at_most_in_all is None:
            return frozenset()
        repeats, _ = self._repeats(everything)
        return frozenset(repeats[rule.at_most_in_all :])

    def repeats_left(self, everything: Sequence[Dated]) -> tuple[int, frozenset[str]] | None:
        """Return how many more repeats there may be, and the courses of which a try is one.

        None where their number is not limited.
        """
        rule = self._resolved.program.record_rules.repeats
        if rule is None or rule.at_most_in_all is None:
            return None
        repeats, seen = self._repeats(everything)
        return max(0, rule.at_most_in_all - len(repeats)), frozenset(seen)

    def _repeats(self, everything: Sequence[Dated]) -> tuple[list[str], set[str]]:
        """Return the repeats in order, and the courses tried."""
        tries = [d for d in everything if _is_try(d) and self._repeatable(d) is None]
        tries.sort(key=lambda d: (d.end, d.use.attempt.id))
        seen: set[str] = set()
        repeats: list[str] = []
        for dated in tries:
            identity = self._dating.identity(dated)
            if identity in seen:
                repeats.append(dated.use.attempt.id)
            seen.add(identity)
        return repeats, seen

    def _repeatable(self, dated: Dated) -> RepeatBy | None:
        """Return what gives a course a use of its own each time; a renamed one is as it is now."""
        newest = self._names.course((self._dating.identity(dated), None, None)) or dated.use.course
        return None if newest is None else newest.repeatable

    def after_repeats(
        self,
        found: list[Dated],
        everything: Sequence[Dated],
        given: Approvals,
        lost: dict[str, Lost],
    ) -> list[Dated]:
        """Return the one attempt at each course that counts, noting what the others lose."""
        rule = self._resolved.program.record_rules.repeats
        groups: dict[tuple[str, str], list[Dated]] = defaultdict(list)
        for dated in found:
            groups[self._repeat_key(dated)].append(dated)
        kept: set[str] = set()
        is_plain = rule is None or (rule.allowed is None and rule.cap is None)
        for (identity, _), members in groups.items():
            if is_plain and len(members) == 1:
                kept.add(members[0].use.attempt.id)
                continue
            ordered = sorted(members, key=lambda d: (d.end, d.use.attempt.id))
            group = [d for d in ordered if not d.use.is_waiver]
            # a waiver is no attempt in this sense: it stays
            stays = {d.use.attempt.id for d in [d for d in ordered if d.use.is_waiver][:1]}
            kept |= stays
            if rule is not None and rule.allowed is not None:
                group = self._allowed(group, everything, given)
            if rule is not None and rule.cap is not None:
                early = self._first_tries(identity, rule.cap + 1, everything)
                group = [d for d in group if d.use.attempt.id in early]
            chosen: str | None = None
            if group:
                how = WhichAttempt.BEST if rule is None or rule.use is None else rule.use
                chosen = self._chosen(group, how).use.attempt.id
                kept.add(chosen)
            for dated in members:
                if dated.use.attempt.id != chosen and dated.use.attempt.id not in stays:
                    by = chosen or next(iter(stays), None)
                    # nothing stands in the stead of what is beyond the cap
                    reason = Reason.TRIED_TOO_OFTEN if by is None else Reason.REPLACED
                    lost[dated.use.attempt.id] = Lost(reason=reason, by=by)
        return [dated for dated in found if dated.use.attempt.id in kept]

    def with_waivers(self, found: Sequence[Dated]) -> tuple[Dated, ...]:
        """Return the uses, each waiver with the attempt at its course that counts beside it."""
        if not any(d.use.is_waiver for d in found):
            return tuple(found)
        taken = {self._repeat_key(d): d.use for d in found if not d.use.is_waiver}
        return tuple(
            replace(d, use=replace(d.use, beside=taken.get(self._repeat_key(d))))
            if d.use.is_waiver
            else d
            for d in found
        )

    def _allowed(
        self, group: list[Dated], everything: Sequence[Dated], given: Approvals
    ) -> list[Dated]:
        rule = self._resolved.program.record_rules.repeats
        assert rule is not None
        assert rule.allowed is not None
        kept = group[:1]
        for dated in group[1:]:
            scene = self._dating.scene(everything, kept, given, before=dated.start, own=dated.use)
            if scene.holds(rule.allowed) is not False:
                kept.append(dated)
        return kept

    def _first_tries(
        self, identity: str, count: int, everything: Sequence[Dated]
    ) -> frozenset[str]:
        tries = [
            dated
            for dated in everything
            if _is_try(dated) and self._dating.identity(dated) == identity
        ]
        tries.sort(key=lambda d: (d.end, d.use.attempt.id))
        return frozenset(d.use.attempt.id for d in tries[:count])

    def _chosen(self, group: list[Dated], how: WhichAttempt) -> Dated:
        if how is WhichAttempt.FIRST:
            return group[0]
        return group[-1] if how is WhichAttempt.NEWEST else min(group, key=self._goodness)

    def _goodness(self, dated: Dated) -> tuple[int, bool]:
        """Return a key, least for the best: by grade, then earned before open, then first.

        What is open without an expected grade ranks as the usual one.
        """
        attempt, scale = dated.use.attempt, self._resolved.scale
        grade = stated_grade(attempt) or (scale.usual if attempt.is_open else None)
        return (scale.rank(grade) or 0) if grade else 0, attempt.is_open


def _is_try(dated: Dated) -> bool:
    """Return whether limits of attempts and caps on repeats count an attempt."""
    return dated.use.attempt.status is not AttemptStatus.WITHDRAWN and not dated.use.is_waiver
