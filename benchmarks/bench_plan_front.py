"""`plan.front_*`: how long an exact front of finish, cost and peak hours takes."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass

from measurement import Measurement, percentile, seconds
from prospectus.app.binding import bind
from prospectus.app.library import open_library
from prospectus.app.options import all_readings, on_track, tracks
from prospectus.catalogs.student_file import read_student
from prospectus.domain.errors import StudentError
from prospectus.domain.facts import Completeness
from prospectus.domain.meaning import resolve
from prospectus.domain.student import Level
from prospectus.planning.front import Front, FrontPoint
from spine import TODAY, Problem, students

IDS = ("plan.front_",)
LEVELS = (Level.FINISH, Level.COST, Level.PEAK)
LIMIT_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """One front: seconds in all and to the first point, how many points, whether complete.

    `cpu` are the seconds of processor time in all.
    """

    seconds: float
    cpu: float
    first: float
    n_points: int
    is_complete: bool


def problems() -> Iterator[Problem]:
    """Yield every shipped student with each complete programme, its first track and reading."""
    library = open_library()
    for path in students():
        file = read_student(path, TODAY)
        for name in library.ids():
            program = library.rules_for(name, file.student)
            school = library.school(program)
            first = next(track for track in tracks(program))
            if program.completeness is not Completeness.COMPLETE or not first.is_complete:
                continue
            try:
                bound = bind(file, program, school)
            except StudentError:
                continue  # the file gives its money in another currency
            student = on_track(bound, program, first.id)
            assumptions = library.assumptions_of(program)
            reading = all_readings(program)[0]
            resolved = resolve(program, school, student.person, reading, assumptions)[0]
            yield Problem(program=name, resolved=resolved, student=student)


def timed(problem: Problem) -> Timed:
    """Return how long the front of a problem took, one worker."""
    front = Front(
        problem.resolved,
        problem.student,
        problem.student.record,
        TODAY,
        LEVELS,
        seconds=LIMIT_S,
    )
    points: list[FrontPoint] = []

    def job() -> None:
        points.extend(front.points())

    cpu = time.process_time()
    spent = seconds(job)
    cpu = time.process_time() - cpu
    assert front.end is not None, "a stream that was read has ended"
    first = points[0].result.certificate.seconds if points else spent
    return Timed(
        seconds=spent, cpu=cpu, first=first, n_points=len(points), is_complete=front.end.is_complete
    )


def measure() -> Iterator[Measurement]:
    """Yield times over the fronts that have a point."""
    found = list(problems())
    timed(found[0])  # the first run loads the solver
    ours = [one for one in map(timed, found) if one.n_points]
    times, cpus = [one.seconds for one in ours], [one.cpu for one in ours]
    n_points = [one.n_points for one in ours]
    what = (
        f"{len(ours)} fronts of finish, cost and peak up to 4 terms later, "
        f"{min(n_points)} to {max(n_points)} points; processor time p50 "
        f"{1_000 * statistics.median(cpus):.0f}, p95 {1_000 * percentile(cpus, 0.95):.0f} ms"
    )
    yield Measurement(
        id="plan.front_p50_ms",
        value=1_000 * statistics.median(times),
        unit="ms",
        goal=1_000.0,
        note=what,
    )
    yield Measurement(
        id="plan.front_p95_ms",
        value=1_000 * percentile(times, 0.95),
        unit="ms",
        goal=10_000.0,
        note=what,
    )
    yield Measurement(
        id="plan.front_first_ms",
        value=1_000 * statistics.median(one.first for one in ours),
        unit="ms",
        note="median time to the first proven point",
    )
    yield Measurement(
        id="plan.front_open",
        value=sum(not one.is_complete for one in ours),
        unit="",
        goal=0,
        note=f"fronts not complete within {LIMIT_S:.0f} s",
    )
