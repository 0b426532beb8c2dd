"""Balancing: the evenest layout of courses over periods, with its proof or its gap."""

from __future__ import annotations

import time
from dataclasses import dataclass
from fractions import Fraction

from prospectus.domain.balance import BalanceProblem
from prospectus.domain.errors import InternalError
from prospectus.planning.balance_anneal import Annealed, anneal
from prospectus.planning.balance_blame import limits_to_blame
from prospectus.planning.balance_bounds import impossible, least_cost, least_peak
from prospectus.planning.balance_model import BalanceBounds, BalanceModel
from prospectus.planning.balance_runs import Clock, Effort, Ended, Run, run
from prospectus.planning.balance_tracks import Group, Prepared, prepare
from prospectus.planning.result import PlanStatus

_PEAK_MOVES = 4_000
_MOVES_PER_COURSE = 300
_MOST_MOVES = 5_000_000
_SEARCH_SHARE = 0.05
_SECOND_SHARE = 0.4
_BOUND_SHARE = 0.1
_BARE_SHARE = 0.1
_LIGHT_SHARE = 0.4
_QUICK_SECONDS = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceResult:
    """The layout, its value and the proven bound, in the unit of the criterion.

    `places` holds the 0-based period of each course, None unless OPTIMAL or FEASIBLE; `bound` is
    None where no layout can be; `reason` says why, in words. `searched` tells whether the solver
    was asked: where counting meets what local search found, it is not.
    """

    status: PlanStatus
    places: tuple[int, ...] | None
    value: Fraction | None
    bound: Fraction | None
    reason: str
    searched: bool
    was_interrupted: bool
    seconds: float
    build_seconds: float


def balance(
    problem: BalanceProblem, *, seconds: float = 30.0, seed: int = 0, workers: int = 2
) -> BalanceResult:
    """Return the evenest layout of the courses, proven, or the best one found with its bound.

    Counting gives a bound, simulated annealing a layout; where they do not meet, CP-SAT closes the
    gap: first one worker with settings for a quick proof, then `workers` with the solver's own.

    Raises
    ------
    InternalError
        INT-004 or INT-006 when the solver refuses the model, or refutes a layout that was found.
    """
    return _Balancing(problem, Clock(seconds=seconds), seed, workers).result()


class _Balancing:
    """One search: what is known so far."""

    def __init__(self, problem: BalanceProblem, clock: Clock, seed: int, workers: int) -> None:
        self._problem = problem
        self._clock = clock
        self._seed = seed
        self._workers = workers
        self._places: list[int] | None = None
        self._value: int | None = None
        self._low = 0
        self._by_group: tuple[int, ...] = ()
        self._scale = 1
        self._n_rounds = 0
        self._n_moves = 0

    def result(self) -> BalanceResult:
        """Search, and return what was found."""
        prepared = prepare(self._problem)
        self._scale = prepared.scale
        reason = impossible(prepared)
        if reason is not None:
            return self._answer(PlanStatus.INFEASIBLE, reason)
        try:
            if not prepared.is_peak:
                # a first layout at once: whoever stops the search early shall have one
                self._search(prepared, 0.0)
            self._bound(prepared)
            self._search(prepared, _SEARCH_SHARE)
            ended = Ended.OPTIMAL if self._value == self._low else self._prove(prepared)
        except KeyboardInterrupt:
            self._clock.was_interrupted = True
            ended = Ended.UNKNOWN
        if ended is Ended.INFEASIBLE:
            if self._places is not None:
                raise InternalError(
                    "INT-006",
                    what=f"a layout of {self._problem.name} was found and then refuted",
                    fix="please report this with the file",
                )
            return self._answer(
                PlanStatus.INFEASIBLE, limits_to_blame(self._problem, self._clock, self._seed)
            )
        if self._places is None:
            return self._answer(PlanStatus.UNKNOWN)
        return self._answer(PlanStatus.OPTIMAL if ended is Ended.OPTIMAL else PlanStatus.FEASIBLE)

    def _bound(self, prepared: Prepared) -> None:
        """Find what counting proves."""
        if prepared.is_peak:
            self._low = max(least_peak(prepared), prepared.problem.load.least)
            return
        each = _BOUND_SHARE * self._clock.seconds / len(prepared.groups)
        self._by_group = tuple(
            # what costs nothing in the layout known needs no search for its least
            least_cost(prepared, group, self._seed, min(each, _QUICK_SECONDS))
            if self._places is None or self._cost(prepared, group)
            else 0
            for group in prepared.groups
        )
        self._low = sum(
            least * group.n_tracks
            for least, group in zip(self._by_group, prepared.groups, strict=True)
        ) + sum(
            min(prepared.extra.get((course, period), 0) for period in periods)
            for course, periods in enumerate(prepared.allowed)
        )

    def _cost(self, prepared: Prepared, group: Group) -> int:
        """Return what the loads of a group cost in the layout known."""
        loads = prepared.loads(group, self._places or [])
        return sum(group.price[load] for load in loads)

    def _search(self, prepared: Prepared, share: float) -> None:
        """Look for a good layout by local search, for longer while that pays.

        Parameters
        ----------
        share
            How much of the time that is left it may take, from 0 to 1.
        """
        if not self._n_moves:
            each = _MOVES_PER_COURSE * len(prepared.allowed)
            self._n_moves = _PEAK_MOVES if prepared.is_peak else each
        idle = 0
        until = self._clock.spent + share * self._clock.left
        before = self._clock.spent
        while idle < 3 and self._n_moves <= _MOST_MOVES:
            # every second round goes on from the best layout, less hot
            start = self._places if self._n_rounds % 2 else None
            seed = self._seed + self._n_rounds
            found = anneal(prepared, self._n_moves, seed, enough=self._low, start=start)
            self._n_rounds += 1
            idle = 0 if self._take(prepared, found) else idle + 1
            self._clock.was_interrupted |= found.was_interrupted
            took, before = self._clock.spent - before, self._clock.spent
            if self._value == self._low or prepared.is_peak or self._clock.was_interrupted:
                return
            if start is not None or self._places is None:
                self._n_moves *= 2
            if self._clock.spent + 2 * took > until:
                return

    def _take(self, prepared: Prepared, found: Annealed) -> bool:
        """Keep a layout that is better than the one known."""
        if found.excess or (self._value is not None and found.value >= self._value):
            return False
        self._places, self._value = list(found.places), found.value
        return True

    def _prove(self, prepared: Prepared) -> Ended:
        """Let the solver close the gap between bound and layout."""
        started = time.monotonic()
        # A peak one above the bound only asks whether the bound can be met: a proof that it cannot
        # gains from the linear relaxation, finding a lower peak is faster without it, sums need it.
        is_question = prepared.is_peak and self._value == self._low + 1
        high = self._low if is_question else self._value
        bounds = BalanceBounds(low=self._low, high=high, by_group=self._by_group)
        model = BalanceModel(prepared, bounds)
        self._clock.building += time.monotonic() - started
        ended = Ended.UNKNOWN
        efforts: list[tuple[Effort | None, float]] = [(Effort.LIGHT, _LIGHT_SHARE), (None, 1.0)]
        if prepared.is_peak and not is_question:
            efforts.insert(0, (Effort.BARE, _BARE_SHARE))
        for effort, share in efforts:
            if effort is None and not prepared.is_peak:
                self._search(prepared, _SECOND_SHARE)
            if self._places is not None and not is_question:
                model.begin_with(self._places)
            found = run(
                model,
                self._clock,
                seconds=max(share * self._clock.left, min(1.0, self._clock.left)),
                seed=self._seed,
                workers=self._workers if effort is None else 1,
                effort=effort,
            )
            if is_question and found.ended is Ended.INFEASIBLE:
                return Ended.OPTIMAL
            ended = self._learn(prepared, found)
            if ended in (Ended.OPTIMAL, Ended.INFEASIBLE) or self._clock.was_interrupted:
                break
        return ended

    def _learn(self, prepared: Prepared, found: Run) -> Ended:
        """Keep what a run found and proved, and return how things stand."""
        if found.places is not None:
            value = prepared.value(found.places)
            if self._value is None or value <= self._value:
                self._places, self._value = found.places, value
        if found.bound is not None and found.ended is not Ended.INFEASIBLE:
            bound = found.bound if self._value is None else min(found.bound, self._value)
            self._low = max(self._low, bound)
        if self._value is not None and self._value <= self._low:
            return Ended.OPTIMAL
        return found.ended

    def _answer(self, status: PlanStatus, reason: str = "") -> BalanceResult:
        has_layout = status in (PlanStatus.OPTIMAL, PlanStatus.FEASIBLE)
        value = None if self._value is None or not has_layout else self._value
        bound = value if status is PlanStatus.OPTIMAL else self._low
        return BalanceResult(
            status=status,
            places=tuple(self._places) if has_layout and self._places is not None else None,
            value=None if value is None else Fraction(value, self._scale),
            bound=None
            if status is PlanStatus.INFEASIBLE or bound is None
            else Fraction(bound, self._scale),
            reason=reason,
            searched=self._clock.n_runs > 0,
            was_interrupted=self._clock.was_interrupted,
            seconds=self._clock.spent,
            build_seconds=self._clock.building,
        )
