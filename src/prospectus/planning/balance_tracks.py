"""What a balancing problem comes to before any search: windows, prices, loads within reach."""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd

from prospectus.domain.balance import BalanceProblem, Criterion


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Tracks of the same courses, counted once: what its loads cost, times `n_tracks`.

    `price` holds the cost of each load from 0 to the total, in the unit of `Prepared.scale`;
    under PEAK it is the load itself.
    """

    courses: tuple[int, ...]
    n_tracks: int
    total: int
    price: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A problem with all that counting says about it.

    `allowed` holds, per course, the periods that its order and exclusions leave, in time order;
    `order` the pairs (first, later) without those that follow from others; `extra` the cost of a
    place in an undesired period. Costs are whole: the criterion's value times `scale`.
    """

    problem: BalanceProblem
    allowed: tuple[tuple[int, ...], ...]
    order: tuple[tuple[int, int], ...]
    groups: tuple[Group, ...]
    extra: dict[tuple[int, int], int]
    scale: int

    @property
    def is_peak(self) -> bool:
        """Return whether the largest load counts, not a sum."""
        return self.problem.criterion is Criterion.PEAK

    def loads(self, group: Group, places: list[int]) -> list[int]:
        """Return the load of each period when each course stands in its place."""
        found = [0] * len(self.problem.periods)
        for course in group.courses:
            found[places[course]] += self.problem.loads[course]
        return found

    def value(self, places: list[int]) -> int:
        """Return the cost of a layout, times `scale`."""
        if self.is_peak:
            return max(max(self.loads(group, places)) for group in self.groups)
        return sum(
            group.n_tracks * sum(group.price[load] for load in self.loads(group, places))
            for group in self.groups
        ) + sum(self.extra.get(item, 0) for item in enumerate(places))


def prepare(problem: BalanceProblem) -> Prepared:
    """Return the problem prepared; a course that no period is left to has no allowed one."""
    order = without_shortcuts(len(problem.courses), problem.precedes)
    by_courses: dict[tuple[int, ...], int] = {}
    for track in problem.tracks:
        key = tuple(sorted(track.courses))
        by_courses[key] = by_courses.get(key, 0) + 1
    scale = 1
    if problem.criterion in (Criterion.ABSOLUTE, Criterion.SQUARES):
        scale = len(problem.periods)
        shared = gcd(scale, *(problem.total(track) for track in problem.tracks))
        scale //= shared
        if problem.criterion is Criterion.SQUARES:
            scale **= 2
    groups = []
    for courses, n_tracks in by_courses.items():
        track = next(item for item in problem.tracks if tuple(sorted(item.courses)) == courses)
        weight = 1 if problem.criterion is Criterion.PEAK else scale * problem.deviation_weight
        total = problem.total(track)
        price = tuple(int(weight * problem.cost(track, load)) for load in range(total + 1))
        groups.append(Group(courses=courses, n_tracks=n_tracks, total=total, price=price))
    is_peak = problem.criterion is Criterion.PEAK
    weight = 0 if is_peak else scale * problem.undesired_weight
    return Prepared(
        problem=problem,
        allowed=windows(problem),
        order=order,
        groups=tuple(groups),
        extra={item: weight for item in problem.undesired if weight},
        scale=scale,
    )


def without_shortcuts(
    n_courses: int, pairs: tuple[tuple[int, int], ...]
) -> tuple[tuple[int, int], ...]:
    """Return the pairs of an order that do not follow from the others."""
    later: list[set[int]] = [set() for _ in range(n_courses)]
    for first, second in pairs:
        later[first].add(second)
    behind: dict[int, int] = {}
    for course in reversed(in_order(n_courses, pairs)):
        behind[course] = 0
        for second in later[course]:
            behind[course] |= 1 << second | behind[second]
    kept = []
    for first in range(n_courses):
        for second in sorted(later[first]):
            if not any(behind[other] >> second & 1 for other in later[first]):
                kept.append((first, second))
    return tuple(kept)


def in_order(n_courses: int, pairs: tuple[tuple[int, int], ...]) -> list[int]:
    """Return all courses, each behind those that come before it; the pairs hold no cycle."""
    later: list[list[int]] = [[] for _ in range(n_courses)]
    waiting = [0] * n_courses
    for first, second in pairs:
        later[first].append(second)
        waiting[second] += 1
    ready = [course for course in range(n_courses) if not waiting[course]]
    for course in ready:
        for second in later[course]:
            waiting[second] -= 1
            if not waiting[second]:
                ready.append(second)
    return ready


def windows(problem: BalanceProblem) -> tuple[tuple[int, ...], ...]:
    """Return the periods left to each course by what comes before and behind it."""
    n_courses, n_periods = len(problem.courses), len(problem.periods)
    sequence = in_order(n_courses, problem.precedes)
    before: list[list[int]] = [[] for _ in range(n_courses)]
    behind: list[list[int]] = [[] for _ in range(n_courses)]
    for first, second in problem.precedes:
        before[second].append(first)
        behind[first].append(second)
    free = [
        [period for period in range(n_periods) if (course, period) not in problem.excluded]
        for course in range(n_courses)
    ]
    for course in sequence:
        least = max((min(free[c], default=n_periods) + 1 for c in before[course]), default=0)
        free[course] = [period for period in free[course] if period >= least]
    for course in reversed(sequence):
        most = min((max(free[c], default=-1) - 1 for c in behind[course]), default=n_periods)
        free[course] = [period for period in free[course] if period <= most]
    return tuple(tuple(periods) for periods in free)


def within_reach(prepared: Prepared, group: Group, period: int) -> list[int]:
    """Return the loads that a group can have in a period: sums of as many courses as may be."""
    problem = prepared.problem
    here = [c for c in group.courses if period in prepared.allowed[c]]
    fixed = [c for c in here if len(prepared.allowed[c]) == 1]
    most = len(here) if problem.count.most is None else min(problem.count.most, len(here))
    # bit l of sums[k] says whether k courses can come to load l
    sums = [0] * (len(here) + 1)
    sums[len(fixed)] = 1 << sum(problem.loads[c] for c in fixed)
    n_seen = len(fixed)
    for course in here:
        if len(prepared.allowed[course]) > 1:
            n_seen += 1
            for k in range(min(n_seen, most), len(fixed), -1):
                sums[k] |= sums[k - 1] << problem.loads[course]
    found = 0
    for k in range(problem.count.least, most + 1):
        found |= sums[k]
    loads, load = [], 0
    while found:
        zeros = (found & -found).bit_length() - 1
        load += zeros
        if problem.load.holds(load):
            loads.append(load)
        found >>= zeros + 1
        load += 1
    return loads


def lower_hull(points: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the corners of the convex hull below some points, which come by rising x."""
    corners: list[tuple[int, int]] = []
    for x, y in points:
        while len(corners) > 1:
            (x0, y0), (x1, y1) = corners[-2:]
            if (y1 - y0) * (x - x0) < (y - y0) * (x1 - x0):
                break
            corners.pop()
        corners.append((x, y))
    return corners
