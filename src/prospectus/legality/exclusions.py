"""Exclusions on the record: which of two attempts loses its credit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from prospectus.domain.errors import UnsupportedError
from prospectus.domain.expression import And, Done, Expression, Or, Timing
from prospectus.domain.program import Resolved
from prospectus.domain.record import Basis
from prospectus.domain.rule import Exclude
from prospectus.legality.selecting import Selecting
from prospectus.legality.uses import Use, end_of, leaves_of


def lost_on_record(uses: Sequence[Use], resolved: Resolved, selecting: Selecting) -> frozenset[str]:
    """Return the ids of the uses on record that an exclusion takes credit from.

    The later one loses: the excluded course, or the one whose end made the condition true.
    """
    earning = [use for use in uses if use.earns]
    others = [use for use in uses if not use.earns]
    lost: set[str] = set()
    for rule in exclusions(resolved):
        for use in earning:
            if rule.course not in use.names:
                continue
            ordered = sorted(
                (other for other in earning if other.id != use.id),
                key=lambda other: _ended(other, resolved),
            )
            for count in range(len(ordered) + 1):
                known = [*ordered[:count], *others]
                if _holds(rule.condition, known, rule, selecting):
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


def exclusions(resolved: Resolved) -> Iterator[Exclude]:
    """Return the exclusions of a programme."""
    return (rule for rule in resolved.rules if isinstance(rule, Exclude))


def _holds(item: Expression, known: Sequence[Use], rule: Exclude, selecting: Selecting) -> bool:
    match item:
        case And():
            return all(_holds(part, known, rule, selecting) for part in item.items)
        case Or():
            return any(_holds(part, known, rule, selecting) for part in item.items)
        case Done() if item.timing is Timing.BEFORE:
            named = (use for use in known if item.code in use.names)
            return any(is_done(use, item, selecting) for use in named)
        case _:
            raise unsupported(rule)


def is_done(use: Use, item: Done, selecting: Selecting) -> bool:
    """Return whether a use, once over, is what an expression names."""
    if item.topic is not None and item.topic not in use.topics:
        return False
    if use.attempt.basis is Basis.AUDIT:
        return False
    return selecting.meets_floor(use.attempt, item.min_grade, ())


def unsupported(rule: Exclude) -> UnsupportedError:
    """Return the error for a condition that no exclusion can be planned with."""
    return UnsupportedError(
        "PLN-003",
        what=f"{rule.header.id}: only courses joined by `and` and `or` can be planned in an "
        "exclusion",
        fix="name the courses whose credit excludes it",
    )
