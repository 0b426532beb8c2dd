"""`plan.conflict_*`: how long it takes to say why no plan exists, and what would help."""

from __future__ import annotations

import datetime as dt
import random
import statistics
from collections.abc import Iterator
from dataclasses import dataclass

from measurement import Measurement, percentile, seconds
from prospectus.app.library import open_library
from prospectus.app.options import all_readings, on_track, tracks
from prospectus.domain.course import CourseCode
from prospectus.domain.facts import Completeness, Money
from prospectus.domain.meaning import resolve
from prospectus.domain.program import Program, School
from prospectus.domain.record import Record
from prospectus.domain.student import DayRange, Person, Student, Wishes
from prospectus.domain.wish import Apart, Buffer, CourseWish, FewHeavy, StartIn
from prospectus.planning.conflict import explain
from prospectus.planning.offers import offers
from prospectus.planning.relaxing import relax
from prospectus.planning.result import PlanResult, PlanStatus
from prospectus.planning.solve import compiled_for, plan
from prospectus.planning.solver import Clock, Solver
from spine import TODAY, Problem

IDS = ("plan.conflict_", "plan.relaxed_")

N_PEOPLE = 240
"""People drawn in turn over the complete programmes; those for whom a plan exists are left out."""

LIMIT_S = 60.0
BEGIN = dt.date(2026, 8, 1)


def people(n: int = N_PEOPLE) -> Iterator[Problem]:
    """Yield people who ask much, one per seed, each for one programme, track and reading."""
    library = open_library()
    found = [library.program(name, library.years(name)[-1]) for name in library.ids()]
    complete = [one for one in found if one.completeness is Completeness.COMPLETE]
    for seed in range(n):
        program = complete[seed % len(complete)]
        school = library.school(program)
        rng = random.Random(f"asks much {seed}")
        track = rng.choice([one for one in tracks(program) if one.is_complete])
        person = Person(facts=(("residence", "out-of-state"),))
        student = Student(
            matriculation=BEGIN,
            plan_from=BEGIN,
            person=person,
            record=Record(matriculation=BEGIN),
            wishes=_wishes(rng, program, school),
        )
        reading = rng.choice(all_readings(program))
        resolved = resolve(program, school, person, reading, library.assumptions_of(program))
        yield Problem(
            program=program.id, resolved=resolved[0], student=on_track(student, program, track.id)
        )


def _wishes(rng: random.Random, program: Program, school: School) -> Wishes:
    """Draw wishes that ask too much about as often as not: each limit from a stated range."""
    codes = sorted(course.code for course in school.courses)
    money = rng.choice(["total", "year", "", "", ""])
    low, high = (4_000, 30_000) if money == "total" else (2_000, 12_000)
    amount = Money(minor=100 * rng.randrange(low, high, 250), currency=school.currency)
    deadline = BEGIN + dt.timedelta(days=rng.randrange(270, 1_200, 30))
    pause = BEGIN + dt.timedelta(days=rng.randrange(0, 700, 30))
    named = rng.sample(codes, min(len(codes), 5))
    about: list[CourseWish] = []
    if rng.random() < 0.2:
        about.append(FewHeavy(hours_from=rng.randrange(8, 18)))
    if rng.random() < 0.2 and len(codes) > 2:
        about.append(Apart(courses=tuple(CourseCode(code) for code in rng.sample(codes, 2))))
    if rng.random() < 0.2:
        about.append(Buffer(terms=1))
    if rng.random() < 0.2:
        about.append(StartIn(first=BEGIN, last=BEGIN + dt.timedelta(days=60)))
    return Wishes(
        hours_per_week=rng.randrange(6, 24),
        hours_are_assumed=False,
        courses_per_period=rng.choice([None, None, 1, 2]),
        deadline=deadline if rng.random() < 0.7 else None,
        budget_total=amount if money == "total" else None,
        budget_by_year=((None, amount),) if money == "year" else (),
        pauses=(DayRange(first=pause, last=pause + dt.timedelta(days=120)),)
        if rng.random() < 0.3
        else (),
        wanted=tuple(named[: rng.choice([0, 0, 1, 2])]),
        unwanted=tuple(named[2 : rng.choice([2, 2, 3, 5])]),
        about=tuple(about),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """Wall seconds of one answer: in all, of its explanation alone, and of the ways out."""

    whole: float
    explained: float
    relaxed: float
    result: PlanResult


def timed(problem: Problem) -> Timed | None:
    """Return the times of a problem without a plan; None where there is one."""
    answers: list[PlanResult] = []
    student = problem.student
    asked = (problem.resolved, student, student.record, TODAY)

    def whole() -> None:
        answers.append(plan(*asked, seconds=LIMIT_S, n_levels=1))

    def explained() -> None:
        offered = offers(problem.resolved, student, BEGIN)
        compiled = compiled_for(*asked, offered, grant=True, everything=True)
        solver = Solver(Clock(seconds=LIMIT_S), seed=0, workers=1)
        explain(compiled, student, offered, solver, solver.clock)

    def relaxed() -> None:
        relax(*asked, answers[0].conflict, seconds=LIMIT_S)

    time = seconds(whole)
    if answers[0].status is not PlanStatus.INFEASIBLE:
        return None
    return Timed(
        whole=time, explained=seconds(explained), relaxed=seconds(relaxed), result=answers[0]
    )


def measure() -> Iterator[Measurement]:
    """Yield times over everyone drawn for whom no plan exists, one worker each."""
    timed(next(iter(people(1))))  # the first run loads the solver
    found = [one for one in map(timed, people()) if one is not None]
    n_named = sum(len(one.result.conflict) for one in found)
    whole, explained, relaxed = (
        [getattr(one, name) for one in found] for name in ("whole", "explained", "relaxed")
    )
    for name, goal, times, words in (
        ("plan.conflict_p95_ms", 250.0, explained, "the conflict, building its models included"),
        ("plan.conflict_whole_p95_ms", None, whole, "that there is no plan, and the conflict"),
        ("plan.relaxed_p95_ms", None, relaxed, "every cheapest change of wishes"),
    ):
        yield Measurement(
            id=name,
            value=1_000 * percentile(times, 0.95),
            unit="ms",
            goal=goal,
            note=f"{len(times)} people without a plan; {words}; median "
            f"{1_000 * statistics.median(times):.0f} ms",
        )
    yield Measurement(
        id="plan.conflict_not_minimal",
        value=sum(not one.result.conflict_is_minimal for one in found),
        unit="",
        note=f"conflicts of {len(found)} not shown to be minimal; "
        f"{n_named / len(found):.1f} members on average",
    )
