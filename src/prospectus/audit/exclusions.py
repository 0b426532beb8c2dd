"""Exclusions: no credit for a course beside others, the later one loses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from prospectus.audit.conditions import Dated
from prospectus.audit.dating import FOREVER, Dating
from prospectus.audit.use import Approvals
from prospectus.domain.expression import And, Done, Expression, NOf, Or
from prospectus.domain.rule import Exclude


class Exclusions:
    """The exclusions of one programme; `named` are the codes they speak of, None for any."""

    def __init__(self, dating: Dating) -> None:
        self._dating = dating
        self.rules = [rule for rule in dating.resolved.rules if isinstance(rule, Exclude)]
        self.named = _touched(self.rules)

    def excluded(
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
                if self._dating.scene(rest, others, given).holds(rule.condition) is not True:
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
            if self._dating.scene(known, ordered[:count], given).holds(rule.condition) is True:
                if count == 0:
                    return name, None
                last = ordered[count - 1]
                other = last.use.attempt.id
                return (name, other) if _ended(dated) > _ended(last) else (other, name)
        return name, None


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
