"""What counting alone shows of a balancing problem: a reason why not, and how even it can get."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from math import prod

from ortools.sat.python import cp_model

from prospectus.domain.balance import BalanceProblem
from prospectus.planning.balance_tracks import Group, Prepared, in_order, within_reach
from prospectus.planning.interrupts import interruptible

_MOST_PATTERNS = 3_000
_MOST_MIXES = 200_000
_MOST_STEPS = 200_000
_MOST_NAMED = 6


def impossible(prepared: Prepared) -> str | None:
    """Return a reason, as small as counting finds one, why no layout keeps the limits."""
    problem = prepared.problem
    for reason in itertools.chain(
        _single_courses(problem), _chains(prepared), _totals(problem), _stretches(prepared)
    ):
        return reason
    return None


def _single_courses(problem: BalanceProblem) -> Iterator[str]:
    most = problem.load.most
    if most is None:
        return
    taught = {course for track in problem.tracks for course in track.courses}
    for course in sorted(taught):
        if problem.loads[course] > most:
            yield (
                f"course {problem.courses[course]} has a load of {problem.loads[course]}, and a "
                f"period may hold at most {most}"
            )


def _chains(prepared: Prepared) -> Iterator[str]:
    """Yield a chain that is longer than there are periods, or a course that no period is left."""
    problem = prepared.problem
    if all(prepared.allowed):
        return
    chain = _longest_chain(problem)
    n_periods = len(problem.periods)
    if len(chain) > n_periods:
        names = " before ".join(problem.courses[course] for course in chain[: n_periods + 1])
        yield f"{n_periods + 1} courses must follow one another in {n_periods} periods: {names}"
    for course, periods in enumerate(prepared.allowed):
        if not periods:
            yield (
                f"no period is left to course {problem.courses[course]}: all are excluded for it "
                "or taken up by what must come before or behind it"
            )


def _longest_chain(problem: BalanceProblem) -> list[int]:
    length: dict[int, list[int]] = {course: [course] for course in range(len(problem.courses))}
    behind: list[list[int]] = [[] for _ in problem.courses]
    for first, second in problem.precedes:
        behind[first].append(second)
    for course in reversed(in_order(len(problem.courses), problem.precedes)):
        longest = max((length[second] for second in behind[course]), key=len, default=[])
        length[course] = [course, *longest]
    return max(length.values(), key=len, default=[])


def _totals(problem: BalanceProblem) -> Iterator[str]:
    """Yield tracks whose courses are too many or too few for all periods together."""
    n_periods = len(problem.periods)
    for track in problem.tracks:
        for what, total, bounds in (
            ("load", problem.total(track), problem.load),
            ("number of courses", len(track.courses), problem.count),
        ):
            whose = f"track {track.name} has a {what} of {total} in all"
            if bounds.most is not None and total > n_periods * bounds.most:
                yield f"{whose}, and {n_periods} periods of at most {bounds.most} hold " + str(
                    n_periods * bounds.most
                )
            if total < n_periods * bounds.least:
                yield f"{whose}, and {n_periods} periods of at least {bounds.least} ask " + str(
                    n_periods * bounds.least
                )


def _stretches(prepared: Prepared) -> Iterator[str]:
    """Yield stretches of periods that hold too little for what must, or can, stand in them."""
    problem = prepared.problem
    n_periods = len(problem.periods)
    for length in range(1, n_periods):
        for begin in range(n_periods - length + 1):
            end = begin + length - 1
            for track in problem.tracks:
                must = [c for c in track.courses if _inside(prepared, c, begin, end)]
                can = [c for c in track.courses if _touches(prepared, c, begin, end)]
                for what, weights, bounds in (
                    ("a load", problem.loads, problem.load),
                    ("a number", (1,) * len(problem.courses), problem.count),
                ):
                    least = sum(weights[course] for course in must)
                    most = sum(weights[course] for course in can)
                    span = _span(problem, begin, end)
                    if bounds.most is not None and least > length * bounds.most:
                        yield (
                            f"track {track.name}: {_named(problem, must)} can only stand in {span}"
                            f" and come to {what} of {least}; at most {length * bounds.most} fit"
                        )
                    if most < length * bounds.least:
                        yield (
                            f"track {track.name}: only {_named(problem, can)} can stand in {span}, "
                            f"{what} of {most}; at least {length * bounds.least} is asked"
                        )
    for group in prepared.groups:
        for period in range(n_periods):
            if not within_reach(prepared, group, period):
                yield (
                    f"no choice of courses keeps the limits of period {problem.periods[period]} in "
                    f"track {_track_name(problem, group)}"
                )


def _inside(prepared: Prepared, course: int, begin: int, end: int) -> bool:
    periods = prepared.allowed[course]
    return begin <= periods[0] and periods[-1] <= end


def _touches(prepared: Prepared, course: int, begin: int, end: int) -> bool:
    return any(begin <= period <= end for period in prepared.allowed[course])


def _span(problem: BalanceProblem, begin: int, end: int) -> str:
    if begin == end:
        return f"period {problem.periods[begin]}"
    return f"periods {problem.periods[begin]} to {problem.periods[end]}"


def _named(problem: BalanceProblem, courses: list[int]) -> str:
    names = ", ".join(problem.courses[course] for course in courses[:_MOST_NAMED])
    more = len(courses) - _MOST_NAMED
    if not courses:
        return "no course"
    return names + (f" and {more} more" if more > 0 else "")


def _track_name(problem: BalanceProblem, group: Group) -> str:
    return next(t.name for t in problem.tracks if tuple(sorted(t.courses)) == group.courses)


def least_peak(prepared: Prepared) -> int:
    """Return a load that some period must reach: what a stretch must hold, spread evenly."""
    problem = prepared.problem
    n_periods, best = len(problem.periods), 0
    for group in prepared.groups:
        best = max(best, max((problem.loads[course] for course in group.courses), default=0))
        for begin in range(n_periods):
            for end in range(begin, n_periods):
                must = sum(
                    problem.loads[course]
                    for course in group.courses
                    if _inside(prepared, course, begin, end)
                )
                best = max(best, -(-must // (end - begin + 1)))
    return best


def least_cost(prepared: Prepared, group: Group, seed: int, seconds: float) -> int:
    """Return a proven lower bound of the cost of one track, its courses' order left aside.

    Courses of one load are alike then, so that a period is a pattern: how many courses of each
    load. The best choice of patterns is a small whole-number program; where the patterns are too
    many, only the sum of the loads is kept.
    """
    problem = prepared.problem
    kinds = sorted(Counter(problem.loads[course] for course in group.courses).items())
    if prod(n + 1 for _, n in kinds) <= _MOST_MIXES:
        patterns = list(_patterns(prepared, kinds))
        if patterns and len(patterns) <= _MOST_PATTERNS:
            return _by_patterns(group, kinds, patterns, len(problem.periods), seed, seconds)
    return _by_total(prepared, group)


def _patterns(prepared: Prepared, kinds: list[tuple[int, int]]) -> Iterator[tuple[int, ...]]:
    """Yield how many courses of each load a period may hold."""
    problem = prepared.problem
    for pattern in itertools.product(*[range(n + 1) for _, n in kinds]):
        load = sum(n * size for n, (size, _) in zip(pattern, kinds, strict=True))
        if problem.count.holds(sum(pattern)) and problem.load.holds(load):
            yield pattern


def _by_patterns(
    group: Group,
    kinds: list[tuple[int, int]],
    patterns: list[tuple[int, ...]],
    n_periods: int,
    seed: int,
    seconds: float,
) -> int:
    model = cp_model.CpModel()
    used = [model.new_int_var(0, n_periods, "") for _ in patterns]
    model.add(cp_model.LinearExpr.sum(used) == n_periods)
    for place, (_, n) in enumerate(kinds):
        weights = [pattern[place] for pattern in patterns]
        model.add(cp_model.LinearExpr.weighted_sum(used, weights) == n)
    loads = [
        sum(n * size for n, (size, _) in zip(pattern, kinds, strict=True)) for pattern in patterns
    ]
    prices = [group.price[load] for load in loads]
    model.minimize(cp_model.LinearExpr.weighted_sum(used, prices))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    solver.parameters.linearization_level = 2
    # or Ctrl-C would only end this small step, and the search go on
    solver.parameters.catch_sigint_signal = False
    solver.parameters.max_time_in_seconds = seconds
    with interruptible():
        status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return 0
    # the least whole number that is no smaller, but for rounding in the bound's last digits
    return max(0, -int(-(solver.best_objective_bound - 1e-6) // 1))


def _by_total(prepared: Prepared, group: Group) -> int:
    """Return the least cost of loads that only have to sum up to the track's total."""
    problem = prepared.problem
    reach = [within_reach(prepared, group, period) for period in range(len(problem.periods))]
    if group.total * max(map(len, reach)) * len(reach) > _MOST_STEPS:
        return sum(min(group.price[load] for load in loads) for loads in reach)
    best = {0: 0}
    for loads in reach:
        grown: dict[int, int] = {}
        for total, cost in best.items():
            for load in loads:
                both = total + load
                price = cost + group.price[load]
                if both <= group.total and price < grown.get(both, price + 1):
                    grown[both] = price
        best = grown
    return best.get(group.total, 0)
