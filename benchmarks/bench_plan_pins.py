"""`plan.repin_*`: how long a plan takes that is asked for again with courses pinned."""

from __future__ import annotations

import datetime as dt
import random
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from bench_plan import Problem, Timed, problems, timed, timed_by, unproven
from measurement import Measurement, percentile
from prospectus.domain.student import Student
from prospectus.domain.wish import Placed
from prospectus.planning.again import plan_again
from prospectus.planning.offers import offers
from prospectus.planning.result import PlanResult

IDS = ("plan.repin_",)


def with_pins(student: Student, pins: tuple[Placed, ...]) -> Student:
    """Return the student with some more places."""
    return replace(student, wishes=replace(student.wishes, about=(*student.wishes.about, *pins)))


def kept(problem: Problem, before: PlanResult) -> Student:
    """Return the student who pins the first half of the plan to its periods."""
    assert before.plan is not None
    leaves = {str(leaf.id): leaf for leaf in problem.resolved.calendar.leaves}
    starts: list[tuple[dt.date, Placed]] = []
    for attempt in before.plan.attempts:
        first = min(leaves[period].start for period in attempt.periods if period in leaves)
        starts.append((first, Placed(course=attempt.course, first=first, last=first)))
    starts.sort(key=lambda pair: (pair[0], pair[1].course))
    return with_pins(problem.student, tuple(pin for _, pin in starts[: len(starts) // 2]))


def moved(problem: Problem, before: PlanResult, seed: int) -> Student | None:
    """Return the student who drags one course to another period of the plan in which it runs."""
    assert before.plan is not None
    rng = random.Random(f"moves {seed}")
    calendar, student = problem.resolved.calendar, problem.student
    place = {str(leaf.id): index for index, leaf in enumerate(calendar.leaves)}
    open_runs = offers(
        problem.resolved, student, max(student.plan_from, student.matriculation)
    ).open
    begins = {a.course: place[a.periods[0]] for a in before.plan.attempts if a.periods}
    spots = [
        (code, run.leaves[0])
        for code, begun in sorted(begins.items())
        for run in open_runs.get(code, ())
        if run.leaves[0] != begun and min(begins.values()) <= run.leaves[0] <= max(begins.values())
    ]
    if not spots:
        return None
    code, leaf = rng.choice(spots)
    day = calendar.leaves[leaf].start
    return with_pins(student, (Placed(course=code, first=day, last=day),))


def asked_again(problem: Problem, student: Student, before: PlanResult) -> Timed:
    """Return the answer to a student from the one before, with its times."""
    ask = partial(plan_again, before=before, asked=problem.student)
    return timed_by(problem, student, ask)


def measure() -> Iterator[Measurement]:
    """Yield times over the drawn people who have a plan, one worker, four levels."""
    stays: list[Timed] = []
    moves: list[Timed] = []
    for seed, problem in enumerate(problems()):
        before = timed(problem).result
        if before.plan is None:
            continue
        stays.append(asked_again(problem, kept(problem, before), before))
        other = moved(problem, before, seed)
        if other is not None:
            moves.append(asked_again(problem, other, before))
    yield _row("plan.repin_p95_ms", moves, 0.95, "one course dragged to another period", 100)
    yield _row("plan.repin_p50_ms", moves, 0.5, "one course dragged to another period")
    yield _row("plan.repin_kept_p95_ms", stays, 0.95, "half of the plan pinned where it is")
    yield unproven("plan.repin_unproven", (*stays, *moves))


def _row(
    id_: str, found: Sequence[Timed], share: float, words: str, goal: float | None = None
) -> Measurement:
    cpus = [1_000 * one.cpu for one in found]
    return Measurement(
        id=id_,
        value=1_000 * percentile([one.wall for one in found], share),
        unit="ms",
        goal=goal,
        note=f"{len(found)} plans asked for again, {words}; processor time p50 "
        f"{statistics.median(cpus):.0f}, p95 {percentile(cpus, 0.95):.0f} ms",
    )
