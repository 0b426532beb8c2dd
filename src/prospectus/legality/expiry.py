"""Expiry: which credit still counts when the degree ends."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from prospectus.domain.record import AttemptStatus
from prospectus.legality.compiled import Compiled
from prospectus.legality.store import Lit, negate
from prospectus.legality.uses import LONG_AGO, Use, end_of
from prospectus.legality.variables import Variables


def has_expired(use: Use, last: dt.date, leaves: tuple[int, ...], variables: Variables) -> Lit:
    """Return the literal that credit which ended on a day is too old when the degree ends."""
    until = variables.compiled.counts_until(use, last, leaves)
    if until == dt.date.max:
        return False
    return end_without_plan(variables.compiled) > until or variables.ends_after(until)


def lasting(use: Use, variables: Variables) -> Iterator[tuple[dt.date, Lit]]:
    """Yield when a use may end, each with the literal that it does and counts to the very end."""
    compiled, store = variables.compiled, variables.store
    if not use.is_candidate:
        end = end_of(use.attempt, compiled.resolved)
        expired = has_expired(use, end, compiled.occupied(use), variables)
        yield end, store.all_of([variables.stands(use), negate(expired)])
    for start in variables.starts[use.index]:
        expired = has_expired(use, start.last, start.run.leaves, variables)
        yield start.last, store.all_of([start.lit, negate(expired)])


def counting(use: Use, variables: Variables) -> list[Lit]:
    """Return literals of which one holds where a use is taken and counts to the very end."""
    if variables.compiled.resolved.program.record_rules.expires_months is not None:
        return [lit for _, lit in lasting(use, variables)]
    return [variables.taken[use.index] if use.is_candidate else variables.stands(use)]


def end_without_plan(compiled: Compiled) -> dt.date:
    """Return the end of the last attempt on record that was not given up; today without any."""
    given_up = (AttemptStatus.WITHDRAWN, AttemptStatus.FAILED, AttemptStatus.INCOMPLETE)
    kept = [a for a in compiled.record.attempts if a.status not in given_up]
    ends = [end_of(attempt, compiled.resolved) for attempt in kept]
    last = max(ends, default=LONG_AGO)
    return compiled.today if last == LONG_AGO else last
