"""Which kinds of limits cannot all hold, where counting shows no smaller reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from prospectus.domain.balance import BalanceProblem, Criterion, Range
from prospectus.planning.balance_bounds import impossible
from prospectus.planning.balance_model import BalanceBounds, BalanceModel
from prospectus.planning.balance_runs import Clock, Effort, Ended, run
from prospectus.planning.balance_tracks import prepare

_CHECK_SECONDS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Limit:
    """A kind of limit in words, and how a problem is without it."""

    text: str
    is_stated: bool
    without: Callable[[BalanceProblem], BalanceProblem]


def limits_to_blame(problem: BalanceProblem, clock: Clock, seed: int) -> str:
    """Return, in words, kinds of limits that cannot all hold; each left out lets some layout be."""
    left = problem
    blamed: list[str] = []
    is_minimal = True
    for limit in _limits(problem):
        if not limit.is_stated:
            continue
        ended = _ends(limit.without(left), clock, seed)
        if ended is Ended.INFEASIBLE:
            left = limit.without(left)
        else:
            is_minimal &= ended is not Ended.UNKNOWN
            blamed.append(limit.text)
    if len(blamed) > 1:
        told = f"{', '.join(blamed[:-1])} and {blamed[-1]} cannot all hold"
    else:
        told = f"{''.join(blamed)} cannot hold"
    least = "" if is_minimal else " (perhaps not all of them are to blame)"
    return f"proven by search, not by counting: {told}{least}"


def _limits(problem: BalanceProblem) -> tuple[_Limit, ...]:
    load, count = problem.load, problem.count
    return (
        _Limit(
            text=f"at least {count.least} courses a period",
            is_stated=count.least > 0,
            without=lambda p: replace(p, count=Range(least=0, most=p.count.most)),
        ),
        _Limit(
            text=f"at most {count.most} courses a period",
            is_stated=count.most is not None,
            without=lambda p: replace(p, count=Range(least=p.count.least)),
        ),
        _Limit(
            text=f"a load of at least {load.least} a period",
            is_stated=load.least > 0,
            without=lambda p: replace(p, load=Range(least=0, most=p.load.most)),
        ),
        _Limit(
            text=f"a load of at most {load.most} a period",
            is_stated=load.most is not None,
            without=lambda p: replace(p, load=Range(least=p.load.least)),
        ),
        _Limit(
            text="the excluded periods",
            is_stated=bool(problem.excluded),
            without=lambda p: replace(p, excluded=frozenset()),
        ),
        _Limit(
            text="the order of the courses",
            is_stated=bool(problem.precedes),
            without=lambda p: replace(p, precedes=()),
        ),
    )


def _ends(problem: BalanceProblem, clock: Clock, seed: int) -> Ended:
    """Return whether any layout keeps the limits."""
    prepared = prepare(replace(problem, criterion=Criterion.PEAK))
    if impossible(prepared) is not None:
        return Ended.INFEASIBLE
    model = BalanceModel(prepared, BalanceBounds(low=0, high=None, by_group=()))
    model.model.clear_objective()  # type: ignore[no-untyped-call]
    ended = run(
        model, clock, seconds=_CHECK_SECONDS, seed=seed, workers=1, effort=Effort.LIGHT
    ).ended
    return Ended.FEASIBLE if ended is Ended.OPTIMAL else ended
