"""`audit.one_ms_p50`, `audit.one_ms_p95` and the master's shape: one exact audit, explained."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction

from audit_growth import growth
from measurement import Measurement, percentile, seconds
from prospectus.app.library import open_library
from prospectus.app.options import all_readings
from prospectus.audit import audit
from prospectus.audit.explain import ways_left
from prospectus.audit.flow import covered
from prospectus.domain.course import Course, CourseCode
from prospectus.domain.expression import AnyCourse, CodeIs, Selector, Union
from prospectus.domain.meaning import resolve
from prospectus.domain.program import Program, Resolved, School
from prospectus.domain.record import Attempt, AttemptStatus, Record
from prospectus.domain.requirement import All, Any, Fill, Header, NodeId, Range, Total
from prospectus.domain.student import Person
from spine import TODAY

PROGRAM = "gatech-omscs"
RECORDS = 200
SHAPES = ((10, 9), (11, 10), (20, 18))
"""Courses of the degree, and how many of them are taken."""


def measure() -> Iterator[Measurement]:
    """Yield the times of audits of one programme, and of the shape on which enumerators stall."""
    resolved, records = _records()
    tracks = [str(child.header.id) for child in _main_choice(resolved).children]  # type: ignore[union-attr]
    name = _main_choice(resolved).header.id
    declared = [{name: tracks[i % len(tracks)]} for i in range(len(records))]
    for label, choices, goals in (
        ("one", declared, (5.0, 50.0)),
        ("undeclared", [{}] * len(records), (None, None)),
    ):
        _explained(resolved, records[0], choices[0])
        times = [
            1000 * seconds(lambda r=r, c=c: _explained(resolved, r, c))  # type: ignore[misc]
            for r, c in zip(records, choices, strict=True)
        ]
        found = [
            audit(resolved, r, TODAY, choices=c) for r, c in zip(records, choices, strict=True)
        ]
        unproven = sum(not result.is_proven for result in found)
        which = "a track declared" if choices[0] else f"all {len(tracks)} tracks compared"
        for part, share, goal in (("p50", 0.5, goals[0]), ("p95", 0.95, goals[1])):
            yield Measurement(
                id=f"audit.{label}_ms_{part}",
                value=percentile(times, share),
                unit="ms",
                goal=goal,
                note=f"{PROGRAM}, {which}, {len(records)} drawn records ({unproven} not proven), "
                "with reasons, what is missing and the ways left",
            )
    for courses, taken in SHAPES:
        yield _master(courses, taken)
    yield from growth()


def _main_choice(resolved: Resolved) -> Any:
    name = resolved.program.main_choice
    return next(
        child
        for child in resolved.tree.children
        if isinstance(child, Any) and child.header.id == name
    )


def _explained(
    resolved: Resolved, record: Record, choices: Mapping[str, str] | None = None
) -> None:
    result = audit(resolved, record, TODAY, choices=choices)
    ways_left(resolved, record, TODAY, result, most=100, steps=50)


def _records() -> tuple[Resolved, list[Record]]:
    """Return a programme with records as students have them: a track's courses, then others."""
    library = open_library()
    program = library.program(PROGRAM, library.years(PROGRAM)[-1])
    school = library.school(program)
    reading = all_readings(program)[0]
    [resolved] = resolve(program, school, Person(), reading, library.assumptions_of(program))[:1]
    rng = random.Random(1)
    codes = sorted(code for code, item in resolved.courses.items() if item.counts_credit)
    return resolved, [_drawn(rng, resolved, codes) for _ in range(RECORDS)]


def _drawn(rng: random.Random, resolved: Resolved, codes: Sequence[CourseCode]) -> Record:
    attempts = []
    for code in rng.sample(codes, rng.randint(0, 14)):
        attempts.append(
            Attempt(
                id=str(code),
                course=code,
                credits=resolved.courses[code].credits_low,
                status=AttemptStatus.PASSED,
                grade=rng.choice(["A", "A", "A", "B", "B", "C"]),
                periods=("Fall 2025",),
            )
        )
    return Record(matriculation=dt.date(2022, 8, 1), attempts=tuple(attempts))


def _master(courses: int, taken: int) -> Measurement:
    """Return the time of the master's shape: 1 of 4 core, 1 fixed, 3 of a list of 15, the rest."""
    resolved = _shape(courses)
    codes = sorted(resolved.courses)
    chosen = [codes[0], codes[4], *codes[5 : 5 + taken - 2]]
    attempts = tuple(
        Attempt(
            id=str(code),
            course=code,
            credits=Fraction(3),
            status=AttemptStatus.PASSED,
            grade="A",
        )
        for code in chosen
    )
    record = Record(attempts=attempts)
    _explained(resolved, record)
    job: Callable[[], None] = lambda: _explained(resolved, record)  # noqa: E731
    value = percentile([1000 * seconds(job) for _ in range(20)], 0.5)
    flow = percentile([1000 * seconds(lambda: _flow(courses, taken)) for _ in range(20)], 0.5)
    return Measurement(
        id=f"audit.shape_{taken}_of_{courses}_ms",
        value=value,
        unit="ms",
        goal=50.0,
        baseline=flow,
        baseline_name="plain maximum flow, buckets only",
        note=f"1 of 4, 1 fixed, 3 of 15, the rest free; {taken} of {courses} taken",
    )


def _flow(courses: int, taken: int) -> int:
    supplies = [(0b1001, 1), (0b1010, 1), *[(0b1100, 1)] * (taken - 2)]
    return covered(supplies, [(1, 1), (2, 1), (4, 3), (8, courses - 5)])


def _shape(courses: int) -> Resolved:
    library = open_library()
    program = library.program(PROGRAM, library.years(PROGRAM)[-1])
    school = library.school(program)
    codes = [CourseCode(f"CS {600 + number}") for number in range(30)]

    def leaf(name: str, of: Selector, count: int | None) -> Fill:
        size = None if count is None else Range(low=Fraction(count))
        header = Header(id=NodeId(name))
        return Fill(header=header, from_=of, courses=size, rest=count is None)

    def some(which: Sequence[CourseCode]) -> Selector:
        return Union(items=tuple(CodeIs(code=code) for code in which))

    tree = All(
        header=Header(id=NodeId("degree")),
        total=Total(credits=Range(low=Fraction(3 * courses))),
        children=(
            leaf("core", some(codes[:4]), 1),
            leaf("fixed", some(codes[4:5]), 1),
            leaf("list", some(codes[5:20]), 3),
            leaf("rest", AnyCourse(), None),
        ),
    )
    items = tuple(
        Course(code=code, title=code, credits_low=Fraction(3), credits_high=Fraction(3))
        for code in codes
    )
    plain = School(
        id="school",
        name="School",
        currency="USD",
        grades=school.grades,
        courses=items,
        calendars=school.calendars,
    )
    rules = Program(
        id="shape",
        school="school",
        name="Master",
        degree="MS",
        catalog_year="2026-27",
        credit_unit="credit",
        tree=tree,
    )
    [resolved] = resolve(rules, plain, Person(), (), {})
    return resolved
