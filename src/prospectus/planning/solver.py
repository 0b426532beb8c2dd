"""Runs of CP-SAT: settings that suit models of degree size, hints, and what came out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum

from ortools.sat.python import cp_model

from prospectus.domain.collecting import no_collecting
from prospectus.domain.errors import InternalError
from prospectus.domain.offering import Run
from prospectus.legality.model import LegalModel
from prospectus.legality.store import Lit, Store, Term, reference
from prospectus.legality.uses import Use
from prospectus.planning.interrupts import interruptible
from prospectus.planning.memory import DEFAULT_MEMORY, Watch

QUICK_EFFORT = 0.01
"""The work, in the solver's own measure, that is done before the relaxation is tried."""

SUM_EFFORT = 0.03
"""The work on a model of sums before it is simplified."""

MOST_IN_VAIN = 2
"""After so many models in a row that this did not settle, less is done: they are alike."""

CUT = 0.25
"""The share of the effort that is left then."""


_SETTLED = (cp_model.OPTIMAL, cp_model.INFEASIBLE, cp_model.MODEL_INVALID)


class Answer(Enum):
    """What a run of the solver showed."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Solution:
    """The values of all variables of one model."""

    values: Sequence[int]

    def truth(self, lit: Lit) -> bool:
        """Return whether a literal holds."""
        if isinstance(lit, bool):
            return lit
        index = reference(lit)
        return self.values[index] == 1 if index >= 0 else self.values[-index - 1] == 0


@dataclass(slots=True)
class Clock:
    """How much time is left, and how it was spent."""

    seconds: float
    started: float = field(default_factory=time.monotonic)
    building: float = 0.0
    n_solves: int = 0
    stops: float | None = None

    @property
    def spent(self) -> float:
        """Return the seconds since the start."""
        return time.monotonic() - self.started

    @property
    def left(self) -> float:
        """Return the seconds that are left."""
        until = self.seconds if self.stops is None else self.stops
        return max(0.0, until - self.spent)

    @contextmanager
    def builds(self) -> Iterator[None]:
        """Count what is done inside as building; nothing of it is garbage to be looked for."""
        started = time.monotonic()
        try:
            with no_collecting():
                yield
        finally:
            self.building += time.monotonic() - started

    @contextmanager
    def part(self, share: float) -> Iterator[None]:
        """Leave only a share of the time that is left to what is done inside."""
        before, self.stops = self.stops, self.spent + share * self.left
        try:
            yield
        finally:
            self.stops = before


class Solver:
    """CP-SAT with one seed, number of workers and bound on the megabytes of the process."""

    def __init__(
        self, clock: Clock, *, seed: int, workers: int, memory: int = DEFAULT_MEMORY
    ) -> None:
        self.clock = clock
        self.seed = seed
        self.workers = workers
        self.memory = memory
        self.was_interrupted = False
        self.is_out_of_memory = False
        self._n_in_vain = 0

    def run(
        self,
        store: Store,
        *,
        seconds: float | None = None,
        terms: Sequence[Term] = (),
        bounded: Callable[[], int | None] | None = None,
        tied: Callable[[], None] | None = None,
        is_counted: bool = False,
        effort: float | None = None,
    ) -> tuple[Answer, Solution | None, float]:
        """Return the answer, the last solution and the proven bound of a model.

        `bounded` gives a value that the sum `terms`, which is minimised, cannot go below; it is
        asked where a short search has not settled the model, and so is `tied`, which adds to the
        model what follows from it. `is_counted`: the model is one of sums, which no short search
        settles. `effort` caps the work in the solver's own measure.
        """
        if store.is_contradictory:
            return Answer.INFEASIBLE, None, 0.0
        until = self.clock.spent + (self.clock.left if seconds is None else seconds)
        if min(until - self.clock.spent, self.clock.left) <= 0 or self.was_interrupted:
            return Answer.UNKNOWN, None, 0.0
        if is_counted:
            solver, status = self._summed(store, until, effort)
        else:
            solver, status = self._searched(store, until, terms, bounded, tied, effort)
        if status == cp_model.MODEL_INVALID:
            raise InternalError(
                "INT-004",
                what="the solver refused the model it was given",
                fix="please report this with the student file and the programme",
            )
        if status == cp_model.INFEASIBLE:
            return Answer.INFEASIBLE, None, 0.0
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return Answer.UNKNOWN, None, 0.0
        solution = Solution(values=list(solver.response_proto.solution))
        answer = Answer.OPTIMAL if status == cp_model.OPTIMAL else Answer.FEASIBLE
        return answer, solution, solver.best_objective_bound

    def _summed(
        self, store: Store, until: float, effort: float | None
    ) -> tuple[cp_model.CpSolver, cp_model.CpSolverStatus]:
        """Return the outcome of a model of sums: the whole relaxation at once settles most."""
        self.clock.n_solves += 1
        left = min(until - self.clock.spent, self.clock.left)
        plain = self._solver(left)
        plain.parameters.cp_model_presolve = False
        plain.parameters.add_lp_constraints_lazily = False
        plain.parameters.cut_level = 0
        status = self._solve(plain, store, left, effort=SUM_EFFORT)
        left = min(until - self.clock.spent, self.clock.left)
        is_over = left <= 0 or self.was_interrupted
        if status in _SETTLED or is_over or (effort is not None and effort <= SUM_EFFORT):
            return plain, status
        solver = self._solver(left)
        status = self._solve(solver, store, left, effort=effort)
        return solver, status

    def _searched(
        self,
        store: Store,
        until: float,
        terms: Sequence[Term],
        bounded: Callable[[], int | None] | None,
        tied: Callable[[], None] | None,
        effort: float | None,
    ) -> tuple[cp_model.CpSolver, cp_model.CpSolverStatus]:
        """Return the outcome of a model: of a short plain search, else of one that prepares well.

        Most models are settled before simplifying and relaxing them would have paid.
        """
        left = min(until - self.clock.spent, self.clock.left)
        quick = self._solver(left)
        quick.parameters.cp_model_presolve = False
        quick.parameters.linearization_level = 0
        self.clock.n_solves += 1
        most = QUICK_EFFORT * (CUT if self._n_in_vain >= MOST_IN_VAIN else 1)
        status = self._solve(quick, store, left, effort=most)
        self._n_in_vain = 0 if status in _SETTLED else self._n_in_vain + 1
        left = min(until - self.clock.spent, self.clock.left)
        if status in _SETTLED or left <= 0 or self.was_interrupted:
            return quick, status
        is_found = status == cp_model.FEASIBLE
        least = None if bounded is None else bounded()
        if least is not None:
            if is_found and round(quick.objective_value) <= least:
                return quick, cp_model.OPTIMAL
            store.linear(terms, least, None)
        if tied is not None:
            tied()
        left = min(until - self.clock.spent, self.clock.left)
        if is_found:
            hint(store, Solution(values=list(quick.response_proto.solution)))
        solver = self._solver(left)
        status = self._solve(solver, store, left, effort=effort)
        if is_found and status == cp_model.UNKNOWN:
            return quick, cp_model.FEASIBLE
        return solver, status

    def core(
        self, store: Store, assumed: Sequence[cp_model.IntVar], seconds: float, *, effort: float
    ) -> tuple[Answer, list[int]]:
        """Return whether the assumed literals can hold together, else the indexes of a core.

        `effort` caps the work in the solver's own measure, so that the answer does not depend on
        how fast the machine is.
        """
        if store.is_contradictory:
            return Answer.INFEASIBLE, []
        store.model.clear_assumptions()
        store.model.add_assumptions(list(assumed))
        # most answers need no relaxation, and many that do are out of reach without
        tries = ((0, QUICK_EFFORT), (2, effort))
        for linear, most in tries[not assumed : 1 if effort == QUICK_EFFORT else 2]:
            left = min(seconds, self.clock.left)
            if left <= 0 or self.was_interrupted:
                break
            solver = self._solver(left)
            parameters = solver.parameters
            parameters.num_workers = 1
            parameters.linearization_level = linear
            # simplifying takes longer than most checks
            parameters.cp_model_presolve = False
            parameters.cp_model_presolve = not assumed
            self.clock.n_solves += 1
            status = self._solve(solver, store, left, effort=most)
            if status == cp_model.INFEASIBLE:
                return Answer.INFEASIBLE, list(solver.sufficient_assumptions_for_infeasibility())
            if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
                return Answer.FEASIBLE, []
        return Answer.UNKNOWN, []

    def _solve(
        self, solver: cp_model.CpSolver, store: Store, seconds: float, effort: float | None = None
    ) -> cp_model.CpSolverStatus:
        """Run the solver, noting an interrupt: CP-SAT takes Ctrl-C itself and just stops early."""
        started = time.monotonic()
        if effort is not None:
            solver.parameters.max_deterministic_time = effort
        watch = Watch(solver.stop_search, self.memory)
        try:
            with watch, interruptible():
                status = solver.solve(store.model)
        except KeyboardInterrupt:
            self.was_interrupted = True
            return cp_model.UNKNOWN
        open_ended = status in (cp_model.FEASIBLE, cp_model.UNKNOWN)
        if effort is not None and solver.response_proto.deterministic_time > 0.9 * effort:
            open_ended = False
        if open_ended and time.monotonic() - started < 0.9 * seconds:
            self.was_interrupted = True
            self.is_out_of_memory |= watch.has_stopped
        return status

    def _solver(self, seconds: float) -> cp_model.CpSolver:
        solver = cp_model.CpSolver()
        parameters = solver.parameters
        parameters.num_workers = self.workers
        parameters.random_seed = self.seed
        parameters.max_time_in_seconds = max(seconds, 0.001)
        parameters.cp_model_probing_level = 0
        parameters.symmetry_level = 0
        parameters.max_presolve_iterations = 1
        # sums of credits bound cost and peak, and show a term too few, only through the full
        # relaxation
        parameters.linearization_level = 2
        return solver


def minimise(store: Store, terms: Sequence[Term]) -> None:
    """Set the sum to minimise."""
    store.model.minimize(as_sum(terms))


def as_sum(terms: Sequence[Term]) -> cp_model.LinearExprT:
    """Return terms as one linear expression of the solver."""
    fixed = sum(weight for lit, weight in terms if lit is True)
    moving = [(lit, weight) for lit, weight in terms if not isinstance(lit, bool) and weight]
    if not moving:
        return cp_model.LinearExpr.constant(fixed)
    lits, weights = zip(*moving, strict=True)
    return cp_model.LinearExpr.weighted_sum(list(lits), list(weights)) + fixed


def hint(store: Store, solution: Solution) -> None:
    """Start the next run from a solution of the same model, or of a prefix of it."""
    store.model.clear_hints()  # type: ignore[no-untyped-call]
    count = min(len(solution.values), len(store.model.model_proto.variables))
    hinted = store.model.model_proto.solution_hint
    hinted.vars.extend(range(count))
    hinted.values.extend(solution.values[:count])


def hint_plan(model: LegalModel, plan: Sequence[tuple[Use, Run]]) -> None:
    """Start the next run from the runs of a plan found in another model."""
    taken = {(use.index, run.leaves) for use, run in plan}
    model.store.model.clear_hints()  # type: ignore[no-untyped-call]
    values = {
        start.lit.index: (start.use.index, start.run.leaves) in taken
        for start in model.variables.planned
        if not isinstance(start.lit, bool) and start.lit.index >= 0
    }
    hinted = model.store.model.model_proto.solution_hint
    hinted.vars.extend(list(values))
    hinted.values.extend([int(is_taken) for is_taken in values.values()])


def worth(terms: Sequence[Term], solution: Solution) -> int:
    """Return what a sum comes to in a solution."""
    total = 0
    for lit, weight in terms:
        if isinstance(lit, bool):
            total += weight if lit else 0
        elif lit.index >= 0:
            total += weight * solution.values[lit.index]
        else:
            total += weight * (1 - solution.values[-lit.index - 1])
    return total
