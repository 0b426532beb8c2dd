"""`plan.*`: how long one proven plan takes for three hundred drawn people."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from ortools.sat.python import cp_model

from drawn_students import SEED, drawn_students
from measurement import Measurement, percentile
from prospectus.app.binding import bind
from prospectus.app.library import open_library
from prospectus.app.options import all_readings, on_track
from prospectus.catalogs.student_file import read_student
from prospectus.domain.meaning import resolve
from prospectus.domain.program import Resolved
from prospectus.domain.student import Person, Student
from prospectus.legality.store import Store
from prospectus.planning.result import PlanResult, PlanStatus
from prospectus.planning.solve import plan
from prospectus.planning.solver import Solver
from spine import TODAY

IDS = tuple(
    f"plan.{what}"
    for what in ("p50", "p95", "p99", "large", "cold", "settings", "unproven", "build")
)
LIMIT_S = 60.0
N_LEVELS = 4
LARGE = 25
"""From so many courses on, a degree is one of many courses."""
EVERY_NTH_PLAIN = 5
"""One of so many problems is solved with the solver's defaults too: they take long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One plan to find; programme and rules are shared by all who plan the same degree."""

    program: str
    resolved: Resolved
    student: Student


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """One answer, with its seconds of wall and of processor time."""

    problem: Problem
    result: PlanResult
    wall: float
    cpu: float

    @property
    def n_courses(self) -> int:
        """Return how many courses the plan has, 0 without a plan."""
        return 0 if self.result.plan is None else len(self.result.plan.attempts)


def solver_defaults(
    self: Solver, store: Store, until: float, *_: object
) -> tuple[cp_model.CpSolver, cp_model.CpSolverStatus]:
    """Search once with a solver as it comes out of the box, with our seed, workers and limit."""
    left = max(until - self.clock.spent, 0.001)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = self.workers
    solver.parameters.random_seed = self.seed
    solver.parameters.max_time_in_seconds = left
    return solver, self._solve(solver, store, left)


def problems() -> list[Problem]:
    """Return the drawn problems, each bound to its programme as the planner would be asked."""
    library = open_library()
    rules: dict[tuple[str, Person], Resolved] = {}
    found: list[Problem] = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "student.yaml"
        for drawn in drawn_students(library):
            path.write_text(drawn.text, "utf-8")
            file = read_student(path, TODAY)
            program = library.program(drawn.program, library.years(drawn.program)[-1])
            school = library.school(program)
            student = on_track(bind(file, program, school), program, drawn.track)
            key = (program.id, student.person)
            if key not in rules:
                reading = all_readings(program)[0]
                told = library.assumptions_of(program)
                rules[key] = resolve(program, school, student.person, reading, told)[0]
            found.append(Problem(program=program.id, resolved=rules[key], student=student))
    return found


def timed(problem: Problem) -> Timed:
    """Return one plan with its times; what hinders a plan is another benchmark's question."""
    return timed_by(problem, problem.student, plan)


def timed_by(problem: Problem, student: Student, ask: Callable[..., PlanResult]) -> Timed:
    """Return the answer that a planner gives a student of a problem, with its times."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = ask(
        problem.resolved,
        student,
        student.record,
        TODAY,
        seconds=LIMIT_S,
        n_levels=N_LEVELS,
        explain_conflict=False,
    )
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    return Timed(problem=problem, result=result, wall=wall, cpu=cpu)


def is_proven(result: PlanResult) -> bool:
    """Return whether the answer is certain: no plan, or each of the four levels at its bound."""
    if result.plan is None:
        return result.status is PlanStatus.INFEASIBLE
    return all(level.is_proven for level in result.levels[:N_LEVELS] if level.value is not None)


def unproven(id_: str, found: Sequence[Timed]) -> Measurement:
    """Return how many answers are not certain."""
    return Measurement(
        id=id_,
        value=sum(not is_proven(one.result) for one in found),
        unit="",
        goal=0,
        note=f"answers of {len(found)} without a proof for each level",
    )


def _row(
    id_: str, found: Sequence[Timed], share: float, goal: float | None, words: str
) -> Measurement:
    walls = [one.wall for one in found]
    cpus = [1_000 * one.cpu for one in found]
    has_plan = sum(one.result.plan is not None for one in found)
    return Measurement(
        id=id_,
        value=1_000 * percentile(walls, share),
        unit="ms",
        goal=goal,
        note=f"{len(found)} problems, {has_plan} with a plan, {words}; processor time p50 "
        f"{statistics.median(cpus):.0f}, p95 {percentile(cpus, 0.95):.0f}, p99 "
        f"{percentile(cpus, 0.99):.0f} ms",
    )


def measure() -> Iterator[Measurement]:
    """Yield times over the drawn problems: each asked once, one worker, four levels."""
    asked = problems()
    cold = {problem.program: timed(problem) for problem in reversed(asked)}
    found = [timed(problem) for problem in asked]
    large = {one.problem.program for one in found if one.n_courses >= LARGE}
    many = [one for one in found if one.problem.program in large]
    few = [one for one in found if one.problem.program not in large]
    words = f"seed {SEED}, up to 12 courses"
    without = sum(one.result.plan is None for one in found) / len(found)
    yield _row("plan.p50_ms", few, 0.5, 40, f"{words} ({without:.0%} of all drawn without a plan)")
    yield _row("plan.p95_ms", few, 0.95, 100, words)
    yield _row("plan.p99_ms", few, 0.99, 300, words)
    yield _row("plan.large_p50_ms", many, 0.5, 150, f"{LARGE} courses or more")
    yield _row("plan.large_p95_ms", many, 0.95, 800, f"{LARGE} courses or more")
    for name in sorted(cold):
        here = [one for one in found if one.problem.program == name]
        yield _row(f"plan.p95_ms.{name}", here, 0.95, None, "this programme")
    first = list(cold.values())
    yield _row("plan.cold_p50_ms", first, 0.5, None, "the first question on each programme")
    some = found[::EVERY_NTH_PLAIN]
    with patch.object(Solver, "_searched", solver_defaults):
        plain = [timed(one.problem) for one in some]
    yield Measurement(
        id="plan.settings_p95_ms",
        value=1_000 * percentile([one.wall for one in some], 0.95),
        unit="ms",
        baseline=1_000 * percentile([one.wall for one in plain], 0.95),
        baseline_name="solver defaults",
        note=f"every {EVERY_NTH_PLAIN}th problem, the same models",
    )
    yield unproven("plan.unproven", found)
    yield Measurement(
        id="plan.build_share",
        value=sum(one.result.certificate.build_seconds for one in found)
        / sum(one.wall for one in found),
        unit="",
        note="share of all time that goes into building models",
    )
