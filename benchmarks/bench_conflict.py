"""`plan.conflict_*`: how long it takes to say why no plan exists, and what would help."""

from __future__ import annotations

import datetime as dt
import random
import statistics
from collections.abc import Iterator
from dataclasses import replace

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
from prospectus.planning.result import PlanResult, PlanStatus
from prospectus.planning.solve import plan
from spine import TODAY, Problem

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


def timed(problem: Problem) -> tuple[float, PlanResult]:
    """Return the wall seconds of one answer, and the answer."""
    answers: list[PlanResult] = []
    student = problem.student

    def job() -> None:
        answers.append(plan(problem.resolved, student, student.record, TODAY, seconds=LIMIT_S))

    return seconds(job), answers[0]
