"""Balancing: a fixed set of courses that is to be laid over periods so that the load is even."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from fractions import Fraction


class Criterion(Enum):
    """What an even load is: each is to be as small as possible.

    PEAK the largest load of a track in a period; ABSOLUTE and SQUARES the sum, over tracks and
    periods, of the distance from the mean load, as it is or squared; GBAC the sum of the squared
    distances from the two whole loads next to the mean. Places in undesired periods cost extra,
    except under PEAK.
    """

    PEAK = "peak"
    ABSOLUTE = "absolute"
    SQUARES = "squares"
    GBAC = "gbac"


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """From `least` to `most`; `most` None means without end."""

    least: int = 0
    most: int | None = None

    def holds(self, value: int) -> bool:
        """Return whether a value lies in the range."""
        return value >= self.least and (self.most is None or value <= self.most)


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceTrack:
    """Courses that one group of students takes: 0-based places in the list of courses."""

    name: str
    courses: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceProblem:
    """Courses with loads, an order among them, and the limits of each track in each period.

    `precedes` holds pairs (first, later) of courses, the first in a strictly earlier period;
    `excluded` and `undesired` pairs (course, period). All numbers are 0-based places; loads are
    whole and in the file's own unit.
    """

    name: str
    criterion: Criterion
    periods: tuple[str, ...]
    courses: tuple[str, ...]
    loads: tuple[int, ...]
    tracks: tuple[BalanceTrack, ...]
    precedes: tuple[tuple[int, int], ...]
    load: Range
    count: Range
    excluded: frozenset[tuple[int, int]] = frozenset()
    undesired: frozenset[tuple[int, int]] = frozenset()
    deviation_weight: int = 1
    undesired_weight: int = 1

    def total(self, track: BalanceTrack) -> int:
        """Return the load of all courses of a track."""
        return sum(self.loads[course] for course in track.courses)

    def cost(self, track: BalanceTrack, load: int) -> Fraction:
        """Return what a load of a track in one period adds to the criterion, without weight.

        Source
        ------
        GBAC: Chiarandini, Di Gaspero, Gualandi, Schaerf (2012), "The balanced academic curriculum
        problem revisited", Journal of Heuristics 18(1); CSPLib prob064.
        """
        total, n_periods = self.total(track), len(self.periods)
        mean = Fraction(total, n_periods)
        if self.criterion is Criterion.GBAC:
            low, high = total // n_periods, -(-total // n_periods)
            return Fraction(max(load - high, low - load, 0) ** 2)
        if self.criterion is Criterion.SQUARES:
            return (load - mean) ** 2
        if self.criterion is Criterion.ABSOLUTE:
            return abs(load - mean)
        return Fraction(load)
