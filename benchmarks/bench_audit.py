"""`audit.one_ms_p50`, `audit.one_ms_p95` and the master's shape: one audit as it is shown.

Timed is all that `prospectus audit` does between reading the record and printing: the search, the
verdict by the definition of the rules, what is missing, why something is not used, what to take
again, the next course, a better grade, the ways left, the clocks and the words. The rules are
resolved and compiled before, as loading them does.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction

from audit_growth import growth
from audit_records import draw_record
from measurement import Measurement, percentile, seconds
from prospectus.app.audit_check import run_audit
from prospectus.app.auditing import variant_of
from prospectus.app.library import Library, open_library
from prospectus.app.options import all_readings
from prospectus.audit import audit
from prospectus.audit.explain import ways_left
from prospectus.audit.flow import covered
from prospectus.domain.course import Course, CourseCode
from prospectus.domain.expression import AnyCourse, CodeIs, Selector, Union
from prospectus.domain.facts import Completeness
from prospectus.domain.meaning import resolve
from prospectus.domain.program import Program, Resolved, School
from prospectus.domain.record import Attempt, AttemptStatus, Record
from prospectus.domain.requirement import All, Any, Fill, Header, NodeId, Range, Total
from prospectus.domain.student import Person
from spine import TODAY

PROGRAM = "gatech-omscs"
RECORDS = 200
RECORDS_EACH = 12
"""How many records are drawn for each of all programmes."""
SHAPES = ((10, 9), (11, 10), (20, 18))
"""Courses of the degree, and how many of them are taken."""

Choices = Mapping[str, str]
Case = tuple[Resolved, Record, Choices]


def measure() -> Iterator[Measurement]:
    """Yield the times of audits as shown, and of the shape on which enumerators stall."""
    library = open_library()
    resolved = _resolved(library, PROGRAM)
    cases = _cases(resolved, RECORDS)
    bare: list[Case] = [(rules, record, {}) for rules, record, _ in cases]
    n_tracks = len(_tracks(resolved))
    drawn = f"{RECORDS} drawn records of every status"
    yield from _lines("one", f"{PROGRAM}, a track declared, {drawn}", cases, (5.0, 50.0))
    yield from _lines("undeclared", f"{PROGRAM}, all {n_tracks} tracks compared, {drawn}", bare)
    yield from _lines(
        "engine", f"{PROGRAM}, the search and the ways left alone, {drawn}", cases, job=_searched
    )
    complete = [
        name
        for name in library.ids()
        if _newest(library, name).completeness is Completeness.COMPLETE
    ]
    every = [case for name in complete for case in _cases(_resolved(library, name), RECORDS_EACH)]
    told = f"{len(complete)} complete programmes, {RECORDS_EACH} drawn records each"
    yield from _lines("shown_all", told, every)
    for courses, taken in SHAPES:
        yield _master(courses, taken)
    yield from growth()


def _lines(
    label: str,
    told: str,
    cases: Sequence[Case],
    goals: tuple[float | None, float | None] = (None, None),
    job: Callable[[Resolved, Record, Choices], bool] | None = None,
) -> Iterator[Measurement]:
    """Yield the median and the 95th percentile of one job over some cases, in ms of wall time."""
    act = _shown if job is None else job
    wall, own, unproven = [], [], 0
    latest: Resolved | None = None
    for resolved, record, choices in cases:
        if resolved is not latest:
            # compiles the rules
            act(resolved, Record(), choices)
            latest = resolved
        begun, worked = time.perf_counter(), time.process_time()
        unproven += not act(resolved, record, choices)
        wall.append(1000 * (time.perf_counter() - begun))
        own.append(1000 * (time.process_time() - worked))
    for part, share, goal in (("p50", 0.5, goals[0]), ("p95", 0.95, goals[1])):
        yield Measurement(
            id=f"audit.{label}_ms_{part}",
            value=percentile(wall, share),
            unit="ms",
            goal=goal,
            note=f"{told} ({unproven} not proven); {percentile(own, share):.1f} ms of it its own "
            "processor time",
        )


def _shown(resolved: Resolved, record: Record, choices: Choices) -> bool:
    return variant_of(run_audit(resolved, record, TODAY, choices)).is_proven


def _searched(resolved: Resolved, record: Record, choices: Choices) -> bool:
    result = audit(resolved, record, TODAY, choices=choices)
    ways_left(resolved, record, TODAY, result)
    return result.is_proven


def _newest(library: Library, name: str) -> Program:
    return library.program(name, library.years(name)[-1])


def _resolved(library: Library, name: str) -> Resolved:
    """Return the newest rules of a programme under its first reading."""
    program = _newest(library, name)
    reading = all_readings(program)[0]
    known = library.assumptions_of(program)
    return resolve(program, library.school(program), Person(), reading, known)[0]


def _cases(resolved: Resolved, count: int) -> list[Case]:
    """Return drawn records, each with one of the tracks declared in turn."""
    rng = random.Random(1)
    main, tracks = resolved.program.main_choice, _tracks(resolved)
    return [
        (
            resolved,
            draw_record(rng, resolved),
            {str(main): tracks[place % len(tracks)]} if tracks else {},
        )
        for place in range(count)
    ]


def _tracks(resolved: Resolved) -> list[str]:
    """Return the children of the programme's main choice, where it has one at the top."""
    return [
        str(option.header.id)  # type: ignore[union-attr]  # resolved
        for child in resolved.tree.children
        if isinstance(child, Any) and child.header.id == resolved.program.main_choice
        for option in child.children
    ]


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
    _shown(resolved, record, {})
    job: Callable[[], bool] = lambda: _shown(resolved, record, {})  # noqa: E731
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
