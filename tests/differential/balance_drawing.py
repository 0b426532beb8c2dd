"""Small balancing problems drawn at random, and their best value by trying every layout."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from fractions import Fraction

from prospectus.domain.balance import BalanceProblem, BalanceTrack, Criterion, Range


def drawn_problem(seed: int) -> BalanceProblem:
    """Return a problem of at most six courses and four periods."""
    draw = random.Random(seed)
    n_courses, n_periods = draw.randint(1, 6), draw.randint(1, 4)
    loads = tuple(draw.choice((0, 1, 2, 3, 5, 6, 6, 12)) for _ in range(n_courses))
    tracks = tuple(
        BalanceTrack(
            name=str(number),
            courses=tuple(draw.sample(range(n_courses), draw.randint(1, n_courses))),
        )
        for number in range(draw.choice((1, 1, 2, 3)))
    )
    if draw.random() < 0.3:
        tracks = (*tracks, replace(tracks[0], name="twin"))
    pairs = tuple(
        (first, second)
        for first, second in itertools.combinations(range(n_courses), 2)
        if draw.random() < 0.2
    )
    cells = list(itertools.product(range(n_courses), range(n_periods)))
    mean = sum(loads) // n_periods
    return BalanceProblem(
        name=f"seed {seed}",
        criterion=draw.choice(list(Criterion)),
        periods=tuple(f"P{number}" for number in range(n_periods)),
        courses=tuple(f"C{number}" for number in range(n_courses)),
        loads=loads,
        tracks=tracks,
        precedes=pairs,
        load=draw.choice((Range(), Range(most=mean + 6), Range(least=1, most=mean + 8))),
        count=draw.choice((Range(), Range(most=3), Range(least=1), Range(least=1, most=2))),
        excluded=frozenset(draw.sample(cells, draw.randint(0, min(2, len(cells) - 1)))),
        undesired=frozenset(draw.sample(cells, draw.randint(0, len(cells) // 2))),
        deviation_weight=draw.choice((1, 1, 2, 3)),
        undesired_weight=draw.choice((1, 1, 0, 4)),
    )


def best_by_enumeration(problem: BalanceProblem) -> Fraction | None:
    """Return the least value of any layout that keeps every limit; None where there is none."""
    values = [
        value_of(problem, places)
        for places in itertools.product(range(len(problem.periods)), repeat=len(problem.courses))
        if keeps_all(problem, places)
    ]
    return min(values, default=None)


def keeps_all(problem: BalanceProblem, places: tuple[int, ...]) -> bool:
    """Return whether a layout keeps every limit, by the problem's own fields alone."""
    if any(places[first] >= places[second] for first, second in problem.precedes):
        return False
    if any((course, period) in problem.excluded for course, period in enumerate(places)):
        return False
    for track in problem.tracks:
        for period in range(len(problem.periods)):
            held = [problem.loads[c] for c in track.courses if places[c] == period]
            for found, limit in ((sum(held), problem.load), (len(held), problem.count)):
                if found < limit.least or (limit.most is not None and found > limit.most):
                    return False
    return True


def value_of(problem: BalanceProblem, places: tuple[int, ...]) -> Fraction:
    """Return what a layout is worth, spelled out anew for each criterion."""
    n_periods, peak, deviation = len(problem.periods), 0, Fraction(0)
    for track in problem.tracks:
        total = sum(problem.loads[c] for c in track.courses)
        for period in range(n_periods):
            load = sum(problem.loads[c] for c in track.courses if places[c] == period)
            peak = max(peak, load)
            away = abs(Fraction(load) - Fraction(total, n_periods))
            if problem.criterion is Criterion.ABSOLUTE:
                deviation += away
            elif problem.criterion is Criterion.SQUARES:
                deviation += away**2
            elif load * n_periods > total:
                deviation += max(0, load - (total + n_periods - 1) // n_periods) ** 2
            else:
                deviation += max(0, total // n_periods - load) ** 2
    if problem.criterion is Criterion.PEAK:
        return Fraction(peak)
    n_undesired = sum(item in problem.undesired for item in enumerate(places))
    return problem.deviation_weight * deviation + problem.undesired_weight * n_undesired
