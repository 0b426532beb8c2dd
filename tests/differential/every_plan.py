"""The oracle of explanations: what holds in every legal plan. Uses no engine code."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass, field
from fractions import Fraction

from tests.differential.enumeration import (
    held_by,
    is_plan,
    joined,
    may_hold,
    objective,
    schedules,
    witnesses,
)

from prospectus.domain.course import CourseCode
from prospectus.domain.meaning import appraise
from prospectus.domain.plan import Witness
from prospectus.domain.program import Resolved
from prospectus.domain.record import Record
from prospectus.domain.student import Student

Spot = tuple[CourseCode, int]


@dataclass(slots=True)
class Plans:
    """What is common to some legal plans: where courses begin, and what all of them hold."""

    ends: dict[CourseCode, tuple[int, int]] = field(default_factory=dict)
    common: frozenset[Spot] | None = None
    courses: frozenset[CourseCode] | None = None

    def learns_from(self, spots: frozenset[Spot]) -> bool:
        """Return whether a plan would change anything."""
        if self.common is None or self.courses is None:
            return True
        return (
            any(code not in self.ends or self._is_wider(code, leaf) for code, leaf in spots)
            or not self.common <= spots
            or not self.courses <= {code for code, _ in spots}
        )

    def _is_wider(self, code: CourseCode, leaf: int) -> bool:
        first, last = self.ends[code]
        return not first <= leaf <= last

    def add(self, spots: frozenset[Spot]) -> None:
        """Count a legal plan in."""
        codes = frozenset(code for code, _ in spots)
        self.common = spots if self.common is None else self.common & spots
        self.courses = codes if self.courses is None else self.courses & codes
        for code, leaf in spots:
            first, last = self.ends.get(code, (leaf, leaf))
            self.ends[code] = (min(first, leaf), max(last, leaf))


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """All plans, those that end as early as the best one, and those that are as good as it."""

    values: tuple[int | Fraction, ...]
    every: Plans
    in_time: Plans
    best: Plans


class TooManyError(Exception):
    """A schedule has more witnesses than a test has time to judge."""


def around_the_best(
    resolved: Resolved, student: Student, record: Record, today: dt.date, most: int
) -> Around | None:
    """Return what every legal plan, and every best one, has in common; None without a plan.

    A schedule that could teach nothing new is not judged.

    Raises
    ------
    TooManyError
        Where some schedule has more than `most` witnesses.
    """
    named = len(student.wishes.levels)
    ranked = []
    for attempts in schedules(resolved, student, record):
        seen = appraise(resolved, student, joined(record, attempts), Witness(), today)
        if not seen.wishes_broken:
            values = objective(resolved, student, seen, attempts)[:named]
            ranked.append((values, seen.finish, attempts))
    ranked.sort(key=lambda item: item[0])
    known: dict[tuple[object, ...], list[Witness]] = {}
    best: tuple[tuple[int | Fraction, ...], dt.date] | None = None
    every, in_time, optimal = Plans(), Plans(), Plans()
    for values, finish, attempts in ranked:
        starts = ((a.course, resolved.calendar.leaf_index(a.periods[0]) or 0) for a in attempts)
        spots = frozenset(starts)
        mine = [every]
        if best is None or finish <= best[1]:
            mine.append(in_time)
        if best is None or values == best[0]:
            mine.append(optimal)
        if not any(plans.learns_from(spots) for plans in mine):
            continue
        whole = joined(record, attempts)
        if not may_hold(resolved, whole, today):
            continue
        key = held_by(resolved, attempts)
        if key not in known:
            found = witnesses(resolved, student, whole, today)
            known[key] = list(itertools.islice(found, most + 1))
        if len(known[key]) > most:
            raise TooManyError
        if any(is_plan(resolved, whole, witness, today) for witness in known[key]):
            best = best or (values, finish)
            for plans in mine:
                plans.add(spots)
    if best is None:
        return None
    return Around(values=best[0], every=every, in_time=in_time, best=optimal)
