"""`plan.highs_*`: how long HiGHS takes for the bounds of plans, beside the planner.

The second formulation, built from the catalog and solved level after level, with every level before
it held at its value: what `prospectus verify` does. One person who asks for 20 hours a week from
2027 on, each complete bundled programme with the first of its tracks and readings.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median

from measurement import Measurement
from prospectus.app.library import Library, open_library
from prospectus.app.options import all_readings, on_track, tracks
from prospectus.app.verify_facts import facts_of
from prospectus.domain.facts import Completeness
from prospectus.domain.meaning import resolve
from prospectus.domain.program import Resolved
from prospectus.domain.record import Record
from prospectus.domain.student import Student, Wishes
from prospectus.planning.result import PlanResult
from prospectus.planning.solve import plan
from prospectus.planning.verifying.formulation import Claimed, Proof, prove

IDS = ("plan.highs_",)
TODAY = dt.date(2026, 11, 22)
BEGIN = dt.date(2027, 1, 4)
LIMIT_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """What one programme took: the planner, the facts of the second formulation, its bounds.

    In seconds of processor time, of all threads: others who use the machine change it little.
    """

    program: str
    ours: float
    facts: float
    highs: float
    proofs: tuple[Proof, ...]

    @property
    def n_open(self) -> int:
        """Return how many levels are not confirmed."""
        return sum(not proof.is_confirmed for proof in self.proofs)


def spent(job: Callable[[], object]) -> float:
    """Return the seconds of processor time of one call."""
    start = time.process_time()
    job()
    return time.process_time() - start


def cases(library: Library) -> Iterator[tuple[Resolved, Student]]:
    """Yield each complete programme with a person, in the first of its tracks and readings."""
    student = Student(
        matriculation=BEGIN,
        plan_from=BEGIN,
        record=Record(matriculation=BEGIN),
        wishes=Wishes(hours_per_week=20),
    )
    for name in library.ids():
        program = library.named(name)
        if program.completeness is not Completeness.COMPLETE:
            continue
        mine = on_track(student, program, tracks(program)[0].id)
        school, assumptions = library.school(program), library.assumptions_of(program)
        reading = all_readings(program)[0]
        yield next(iter(resolve(program, school, mine.person, reading, assumptions))), mine


def timed(resolved: Resolved, student: Student) -> Timed | None:
    """Return what one case takes, None where there is no plan."""
    results: list[PlanResult] = []
    n_levels = len(student.wishes.levels)

    def ours() -> None:
        results.append(
            plan(resolved, student, student.record, TODAY, seconds=LIMIT_S, n_levels=n_levels)
        )

    took = spent(ours)
    if results[0].plan is None:
        return None
    claimed = tuple(
        Claimed(level=level.level, value=level.value, bound=level.bound)
        for level in results[0].levels[:n_levels]
    )
    found = [facts_of(resolved, student, TODAY, results[0].approvals)]
    facts = spent(lambda: found.append(facts_of(resolved, student, TODAY)))
    proofs: list[Proof] = []
    highs = spent(lambda: proofs.extend(prove(found[0], claimed, LIMIT_S)))
    return Timed(
        program=resolved.program.id, ours=took, facts=facts, highs=highs, proofs=tuple(proofs)
    )


def measure() -> Iterator[Measurement]:
    """Yield the median of HiGHS over the programmes, against the planner, and each programme."""
    every = [*cases(open_library())]
    timed(*every[0])  # the first run loads both solvers
    found = [one for one in (timed(*case) for case in every) if one is not None]
    n_levels = sum(len(one.proofs) for one in found)
    n_open = sum(one.n_open for one in found)
    yield Measurement(
        id="plan.highs_p50_ms",
        value=1_000 * median(one.highs for one in found),
        unit="ms",
        baseline=1_000 * median(one.ours for one in found),
        baseline_name="the planner, same programmes and levels",
        note=f"{len(found)} programmes; {n_levels - n_open} of {n_levels} levels confirmed; "
        f"processor time; facts {1_000 * median(one.facts for one in found):.0f} ms more",
    )
    for one in found:
        yield Measurement(
            id=f"plan.highs_{one.program}_ms",
            value=1_000 * one.highs,
            unit="ms",
            baseline=1_000 * one.ours,
            baseline_name="the planner",
            note=f"{len(one.proofs) - one.n_open} of {len(one.proofs)} levels confirmed",
        )
