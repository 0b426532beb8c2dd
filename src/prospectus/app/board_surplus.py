"""Courses on a board that its degree does not need, and what each of them costs and delays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import islice

from prospectus.app.board_case import attempt_id, keyed
from prospectus.app.board_check import Checked, checked
from prospectus.domain.facts import Money
from prospectus.domain.meaning.setting import total_of
from prospectus.domain.meaning.sizes import plain
from prospectus.domain.plan import Standing
from prospectus.domain.printer import long_day

MOST_ASKED = 6
"""So many cards are tried: each takes a check, and the last ones delay most."""

MOST_TOLD = 3


def surplus(state: Checked) -> tuple[str, ...]:
    """Return, in words, the courses of a plan that holds and would hold without them.

    Told is what brings the end nearest, then what saves most, and costs no wish and no wanted
    topic; each is told for itself: of two courses of which one is needed, either may go.
    """
    if state.breaches or not state.cards or not is_met(state):
        return ()
    found = sorted(_found(state), key=lambda one: one[:2])
    best = [text for finish, cost, text in found if (finish, cost) == found[0][:2]]
    return tuple(best[:MOST_TOLD])


def is_met(state: Checked) -> bool:
    """Return whether the degree is met once everything is passed."""
    is_unmet = state.found.verdict.degree is Standing.UNMET
    return not is_unmet and not state.found.result.credits_left


def _found(state: Checked) -> Iterator[tuple[dt.date, int, str]]:
    """Yield the end and the cost without a card, and what is told of it."""
    now = state.appraisal
    by_key = keyed(state.cards)
    for key in islice(_perhaps_idle(state), MOST_ASKED):
        others = tuple(card for name, card in by_key.items() if name != key)
        without = checked(state.case, others)
        then = without.appraisal
        if without.breaches or not is_met(without) or then.topics_missing > now.topics_missing:
            continue
        gains = [f"complete on {long_day(then.finish)}"] if then.finish < now.finish else []
        if now.cost is not None and then.cost is not None and then.cost.minor < now.cost.minor:
            less = Money(minor=now.cost.minor - then.cost.minor, currency=now.cost.currency)
            gains.append(f"{less} less")
        if gains:
            text = f"{by_key[key].course} is not needed: without it {', '.join(gains)}."
            yield then.finish, 0 if then.cost is None else then.cost.minor, text


def _perhaps_idle(state: Checked) -> Iterator[str]:
    """Yield cards without which enough credits or courses are left, the last one first."""
    witness, attempts = state.found.result.witness, state.found.record.attempts
    by_key = keyed(state.cards)
    placed = {one.attempt for one in witness.placements}
    placed |= {p.attempt for one in witness.allocations for p in one.placements}
    # one that counts for nothing may take the place of another
    used = [one for one in attempts if one.id in placed or one.is_planned]
    credits = total_of(one.credits for one in used)
    total = state.case.resolved.tree.total
    asked = None if total is None or total.credits is None else plain(total.credits).low
    least = None if total is None or total.courses is None else plain(total.courses).low
    planned = {one.id: one for one in attempts}
    place = state.case.resolved.calendar.leaf_index
    for key in sorted(by_key, key=lambda key: place(by_key[key].period) or 0, reverse=True):
        one = planned[attempt_id(key)]
        is_over = (asked is not None and credits - one.credits >= asked) or (
            asked is None and least is not None and len(used) - 1 >= least
        )
        if is_over or one.id not in placed:
            yield key
