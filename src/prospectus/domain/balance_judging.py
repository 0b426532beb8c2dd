"""A layout held against its problem, by the definition alone: what it breaks and what it is worth.

Nothing here is shared with the search that finds layouts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from prospectus.domain.balance import BalanceProblem, Criterion


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutVerdict:
    """What a layout breaks, in words, and its figures.

    `loads` and `counts` hold one row per track, one entry per period; `deviation` is the sum of the
    criterion over tracks and periods without weight (under PEAK the largest load), `undesired` the
    courses in undesired periods as pairs of places.
    """

    broken: tuple[str, ...]
    loads: tuple[tuple[int, ...], ...]
    counts: tuple[tuple[int, ...], ...]
    deviation: Fraction
    undesired: tuple[tuple[int, int], ...]
    value: Fraction


def judge_layout(problem: BalanceProblem, places: Sequence[int]) -> LayoutVerdict:
    """Return what is wrong with a layout, if anything, and its value.

    Parameters
    ----------
    places
        The 0-based period of each course, in the order of `problem.courses`.
    """
    broken = [
        f"{problem.courses[course]} stands in no period"
        for course, period in enumerate(places)
        if not 0 <= period < len(problem.periods)
    ]
    broken += [
        f"{problem.courses[first]} does not come before {problem.courses[second]}"
        for first, second in problem.precedes
        if places[first] >= places[second]
    ]
    broken += [
        f"{problem.courses[course]} stands in an excluded period"
        for course, period in enumerate(places)
        if (course, period) in problem.excluded
    ]
    loads, counts, deviation = [], [], Fraction(0)
    for track in problem.tracks:
        row = [
            [problem.loads[course] for course in track.courses if places[course] == period]
            for period in range(len(problem.periods))
        ]
        loads.append(tuple(sum(held) for held in row))
        counts.append(tuple(len(held) for held in row))
        for period, held in enumerate(row):
            name = f"track {track.name}, period {problem.periods[period]}"
            if not problem.load.holds(sum(held)):
                broken.append(f"{name}: a load of {sum(held)}")
            if not problem.count.holds(len(held)):
                broken.append(f"{name}: {len(held)} courses")
            deviation += problem.cost(track, sum(held))
    undesired = tuple(item for item in enumerate(places) if item in problem.undesired)
    if problem.criterion is Criterion.PEAK:
        deviation = Fraction(max(max(row) for row in loads))
        value = deviation
    else:
        value = problem.deviation_weight * deviation + problem.undesired_weight * len(undesired)
    return LayoutVerdict(
        broken=tuple(broken),
        loads=tuple(loads),
        counts=tuple(counts),
        deviation=deviation,
        undesired=undesired,
        value=value,
    )
