"""Runs of CP-SAT on balancing models, with one clock for all of them."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from enum import Enum

from ortools.sat.python import cp_model

from prospectus.domain.errors import InternalError
from prospectus.planning.balance_model import BalanceModel
from prospectus.planning.interrupts import interruptible


class Ended(Enum):
    """How a run ended."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    UNKNOWN = "unknown"


class Effort(Enum):
    """Settings for a quick proof, by the level of the linear relaxation; little presolve."""

    BARE = 0
    LIGHT = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """The layout that a run found, if any, and the bound that it proved."""

    ended: Ended
    places: list[int] | None
    bound: int | None


@dataclass(slots=True)
class Clock:
    """How much time is left, how it was spent, and whether a person stopped the search."""

    seconds: float
    building: float = 0.0
    n_runs: int = 0
    was_interrupted: bool = False
    started: float = field(default_factory=time.monotonic)

    @property
    def spent(self) -> float:
        """Return the seconds since the start."""
        return time.monotonic() - self.started

    @property
    def left(self) -> float:
        """Return the seconds left, none after an interrupt."""
        return 0.0 if self.was_interrupted else max(0.0, self.seconds - self.spent)


def run(
    model: BalanceModel,
    clock: Clock,
    *,
    seconds: float,
    seed: int,
    workers: int,
    effort: Effort | None,
) -> Run:
    """Search a model for so many seconds at most.

    Parameters
    ----------
    effort
        Settings for a quick proof; None means the solver's own.

    Raises
    ------
    InternalError
        INT-004 when the solver refuses the model.
    """
    limit = min(seconds, clock.left)
    if limit <= 0:
        return Run(ended=Ended.UNKNOWN, places=None, bound=None)
    solver = cp_model.CpSolver()
    parameters = solver.parameters
    parameters.num_workers = workers
    parameters.random_seed = seed
    parameters.max_time_in_seconds = max(limit, 0.001)
    if effort is not None:
        parameters.cp_model_probing_level = 0
        parameters.symmetry_level = 0
        parameters.max_presolve_iterations = 1
        parameters.linearization_level = effort.value
    clock.n_runs += 1
    started = time.monotonic()
    try:
        with interruptible():
            status = solver.solve(model.model)
    except KeyboardInterrupt:
        clock.was_interrupted = True
        return Run(ended=Ended.UNKNOWN, places=None, bound=None)
    if status == cp_model.MODEL_INVALID:
        raise InternalError(
            "INT-004",
            what="the solver refused the model it was given",
            fix="please report this with the file that was to be balanced",
        )
    if status == cp_model.INFEASIBLE:
        return Run(ended=Ended.INFEASIBLE, places=None, bound=None)
    if status == cp_model.OPTIMAL:
        ended = Ended.OPTIMAL
    else:
        # CP-SAT takes Ctrl-C itself and just stops early.
        clock.was_interrupted = time.monotonic() - started < 0.9 * limit
        ended = Ended.FEASIBLE if status == cp_model.FEASIBLE else Ended.UNKNOWN
    found = None
    if ended is not Ended.UNKNOWN:
        found = model.places(list(solver.response_proto.solution))
    # a bound of whole values, but for rounding in its last digits
    bound = -int(-(solver.best_objective_bound - 1e-6) // 1)
    return Run(ended=ended, places=found, bound=bound)
