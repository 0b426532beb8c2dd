"""Courses laid evenly over periods: read, solved, judged by the definition, told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from prospectus.domain.balance import BalanceProblem, Criterion
from prospectus.domain.balance_judging import LayoutVerdict, judge_layout
from prospectus.domain.errors import InternalError
from prospectus.planning.result import PlanStatus

_YAML = frozenset({".yaml", ".yml"})


@dataclass(frozen=True, slots=True, kw_only=True)
class BalancedPeriod:
    """A period, its courses with their loads, and which of these are undesired there."""

    period: str
    courses: tuple[tuple[str, int], ...]
    undesired: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BalancedTrack:
    """A track: its load in all, the mean, and its loads and numbers of courses by period."""

    track: str
    total: int
    mean: Fraction
    loads: tuple[int, ...]
    counts: tuple[int, ...]
    deviation: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceAnswer:
    """The evenest layout found, how sure that is, and why there is none where there is none.

    `value` is the criterion's (the largest load under `peak`), `bound` what no layout can be
    below, `gap` the share of the value that is not proven (0 is a proof); `deviation` and
    `n_undesired` are the parts of the value, before their weights.
    """

    name: str
    criterion: Criterion
    status: PlanStatus
    n_courses: int
    value: Fraction | None
    bound: Fraction | None
    gap: Fraction | None
    deviation: Fraction | None
    n_undesired: int | None
    deviation_weight: int
    undesired_weight: int
    periods: tuple[BalancedPeriod, ...]
    tracks: tuple[BalancedTrack, ...]
    reason: str
    searched: bool
    was_interrupted: bool
    seconds: float


def balance_courses(
    path: Path,
    *,
    by: Criterion | None = None,
    seconds: float = 30.0,
    seed: int = 0,
    workers: int = 2,
) -> BalanceAnswer:
    """Return the evenest layout of a file's courses.

    Parameters
    ----------
    path
        YAML of `kind: balance`, or a data file of CSPLib's or MiniZinc's.
    by
        The criterion; that of the file when None.

    Raises
    ------
    ProspectusError
        For a file that cannot be read (CAT, EXC, BAL); INT-006 when the layout found fails its
        own re-check.
    """
    problem = read_problem(path)
    if by is not None:
        problem = replace(problem, criterion=by)
    return answer_of(problem, seconds=seconds, seed=seed, workers=workers)


def read_problem(path: Path) -> BalanceProblem:
    """Return the problem of a file, by the end of its name.

    Raises
    ------
    ProspectusError
        For a file that cannot be read (CAT, EXC, BAL).
    """
    if path.suffix.lower() in _YAML:
        from prospectus.catalogs.balance_file import read_balance_file

        return read_balance_file(path)
    from prospectus.exchange.balance_reader import read_balance

    return read_balance(path)


def answer_of(problem: BalanceProblem, *, seconds: float, seed: int, workers: int) -> BalanceAnswer:
    """Return the evenest layout of a problem, re-checked.

    Raises
    ------
    InternalError
        INT-006 when it breaks a limit or is not worth what the search claims.
    """
    # The solver takes a second to load, which `--help` must not pay.
    from prospectus.planning.balance import balance

    found = balance(problem, seconds=seconds, seed=seed, workers=workers)
    verdict = None
    if found.places is not None:
        verdict = judge_layout(problem, found.places)
        wrong = list(verdict.broken)
        if verdict.value != found.value or (found.bound or 0) > verdict.value:
            wrong.append(f"it is worth {verdict.value}, not {found.value}")
        if wrong:
            raise InternalError(
                "INT-006",
                what=f"the layout found for {problem.name} fails its own re-check: "
                + "; ".join(wrong[:3]),
                fix="please report this with the file; no layout is shown that fails it",
            )
    places = found.places or ()
    return BalanceAnswer(
        name=problem.name,
        criterion=problem.criterion,
        status=found.status,
        n_courses=len(problem.courses),
        value=found.value,
        bound=found.bound,
        gap=_gap(found.value, found.bound),
        deviation=None if verdict is None else verdict.deviation,
        n_undesired=None if verdict is None else len(verdict.undesired),
        deviation_weight=problem.deviation_weight,
        undesired_weight=problem.undesired_weight,
        periods=_periods(problem, places, verdict),
        tracks=_tracks(problem, verdict),
        reason=found.reason,
        searched=found.searched,
        was_interrupted=found.was_interrupted,
        seconds=found.seconds,
    )


def _gap(value: Fraction | None, bound: Fraction | None) -> Fraction | None:
    if value is None or bound is None:
        return None
    return Fraction(0) if value == bound else (value - bound) / value


def _periods(
    problem: BalanceProblem, places: tuple[int, ...], verdict: LayoutVerdict | None
) -> tuple[BalancedPeriod, ...]:
    if verdict is None:
        return ()
    return tuple(
        BalancedPeriod(
            period=name,
            courses=tuple(
                (problem.courses[course], problem.loads[course])
                for course, place in enumerate(places)
                if place == period
            ),
            undesired=tuple(
                problem.courses[course] for course, place in verdict.undesired if place == period
            ),
        )
        for period, name in enumerate(problem.periods)
    )


def _tracks(problem: BalanceProblem, verdict: LayoutVerdict | None) -> tuple[BalancedTrack, ...]:
    if verdict is None:
        return ()
    found = []
    for track, loads, counts in zip(problem.tracks, verdict.loads, verdict.counts, strict=True):
        total = problem.total(track)
        if problem.criterion is Criterion.PEAK:
            deviation = Fraction(max(loads))
        else:
            deviation = sum((problem.cost(track, load) for load in loads), Fraction(0))
        found.append(
            BalancedTrack(
                track=track.name,
                total=total,
                mean=Fraction(total, len(problem.periods)),
                loads=loads,
                counts=counts,
                deviation=deviation,
            )
        )
    return tuple(found)
