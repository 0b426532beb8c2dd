"""What is found out once for all records of one programme, since nothing on a record changes it."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm

from prospectus.domain.course import Course, CourseCode, Grade, RepeatBy
from prospectus.domain.meaning.use import Use
from prospectus.domain.program import Resolved
from prospectus.domain.record import Attempt, Record

Grades = frozenset[tuple[str, str]]
"""Attempts with the grades that they are assumed to reach."""
Selected = tuple[object, bool | None, Grades, str]


@dataclass(frozen=True, slots=True)
class Known:
    """What is the same in every setting of one programme where the same approvals are given.

    `place` are the leaf periods by id, `points` those of grades by name, of which `unit` make one.
    Attempts and rules are known by identity, and kept with the answer; `selected` has what was
    asked, the answer, and the grades assumed for it with the attempt that they are for.
    """

    place: Mapping[str, int]
    is_lower_better: bool
    points: Mapping[str, int | None]
    unit: int
    identities: dict[int, tuple[Attempt, str]] = field(default_factory=dict)
    courses: dict[int, tuple[Attempt, Course | None]] = field(default_factory=dict)
    names: dict[int, tuple[Attempt, frozenset[str]]] = field(default_factory=dict)
    repeatable: dict[int, tuple[Attempt, RepeatBy | None]] = field(default_factory=dict)
    uses: dict[tuple[int, bool], Use] = field(default_factory=dict)
    kinds: dict[object, int] = field(default_factory=dict)
    planned: dict[tuple[CourseCode, Fraction | None], Use] = field(default_factory=dict)
    selected: dict[tuple[int, int], Selected] = field(default_factory=dict)
    spoken: dict[tuple[int, str], tuple[object, bool]] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Return how many answers are kept, about uses for the most part."""
        return len(self.selected) + len(self.uses)


MOST_SETTINGS = 64
"""For how many programmes, with approvals, what is known is kept."""
MOST_KNOWN = 20_000
"""So many answers about uses are kept for one."""

_kept: dict[object, tuple[Resolved, Known]] = {}
_lock = threading.Lock()


def known_of(resolved: Resolved, record: Record) -> Known:
    """Return what is known of a programme; that of the last few is kept."""
    key = id(resolved), record.approvals
    found = _kept.get(key)
    if found is None or found[0] is not resolved or found[1].size > MOST_KNOWN:
        found = resolved, _nothing_known(resolved)
        with _lock:
            if len(_kept) >= MOST_SETTINGS:
                # in the order in which they came
                del _kept[next(iter(_kept))]
            _kept[key] = found
    return found[1]


def _nothing_known(resolved: Resolved) -> Known:
    points = [g.points for g in resolved.scale.grades if g.points is not None]
    unit = lcm(*(one.denominator for one in points))
    return Known(
        place={leaf.id: index for index, leaf in enumerate(resolved.calendar.leaves)},
        is_lower_better=len(points) > 1 and points[0] < points[-1],
        points={g.name: points_of(g, unit) for g in reversed(resolved.scale.grades)},
        unit=unit,
    )


def points_of(grade: Grade | None, unit: int) -> int | None:
    """Return the points of a grade, of which `unit` make one; None where it counts in no mean."""
    if grade is None or grade.points is None or not grade.in_mean:
        return None
    return int(grade.points * unit)
