"""Exclusions on the record: which of two attempts loses its credit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from prospectus.domain.program import Resolved
from prospectus.domain.rule import Exclude
from prospectus.legality.on_record import Known, OnRecord, refuse_nodes
from prospectus.legality.selecting import Selecting
from prospectus.legality.uses import Use, end_of, leaves_of


def lost_on_record(uses: Sequence[Use], resolved: Resolved, selecting: Selecting) -> frozenset[str]:
    """Return the ids of the uses on record that an exclusion takes credit from.

    The later one loses: the excluded course, or the one whose end made the condition true.
    """
    earning = [use for use in uses if use.earns]
    others = [use for use in uses if not use.earns]
    reading = OnRecord(selecting)
    lost: set[str] = set()
    for rule in exclusions(selecting):
        for use in earning:
            if rule.course not in use.names:
                continue
            ordered = sorted(
                (other for other in earning if other.id != use.id),
                key=lambda other: _ended(other, resolved),
            )
            for count in range(len(ordered) + 1):
                known = Known(uses=ordered[:count], seen=[*ordered[:count], *others])
                if reading.holds(rule.condition, known) is True:
                    last = ordered[count - 1] if count else None
                    loses_itself = last is None or _ended(use, resolved) > _ended(last, resolved)
                    lost.add(use.id if loses_itself or last is None else last.id)
                    break
    return frozenset(lost)


def _ended(use: Use, resolved: Resolved) -> tuple[dt.date, str]:
    """Return when a use was earned, ties by code; a waiver without a date gives way to all."""
    undated = use.attempt.ended is None and not leaves_of(use.attempt, resolved)
    day = dt.date.max if use.is_waiver and undated else end_of(use.attempt, resolved)
    return day, str(use.code)


def exclusions(selecting: Selecting) -> Iterator[Exclude]:
    """Yield the exclusions of a programme that no exception lifts.

    Raises
    ------
    UnsupportedError
        PLN-003 for one that hangs on a node.
    """
    for rule in selecting.resolved.rules:
        if isinstance(rule, Exclude) and not selecting.is_excepted(rule.header.id):
            refuse_nodes(rule)
            yield rule
