"""Of equally good plans, the one that differs least from another."""

from __future__ import annotations

from dataclasses import replace

from prospectus.app.solving import Solved
from prospectus.domain.student import Level, Wishes


def near(wishes: Wishes, other: Solved) -> Wishes:
    """Return the wishes with one more level at their end: few changes to another plan."""
    if wishes.previous or other.result.plan is None:
        return wishes
    previous = tuple((a.course, a.periods[0]) for a in other.result.plan.attempts)
    levels = tuple(level for level in wishes.levels if level is not Level.CHANGE)
    return replace(wishes, previous=previous, levels=(*levels, Level.CHANGE))
