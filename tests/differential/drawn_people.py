"""Drawn records and wishes."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from tests.differential.drawing import TODAY, TOPICS, Draw

from prospectus.domain.course import (
    CourseCode,
)
from prospectus.domain.facts import Money
from prospectus.domain.offering import Run
from prospectus.domain.program import Resolved
from prospectus.domain.record import Attempt, AttemptStatus, CreditSource, Record
from prospectus.domain.rule import WhichAttempt
from prospectus.domain.student import (
    DEFAULT_LEVELS,
    DayRange,
    LimitByRange,
    Person,
    Student,
    Wishes,
)


def draw_record(draw: Draw, resolved: Resolved) -> Record:
    attempts: list[Attempt] = []
    codes = list(resolved.courses)
    if draw.chance(0.45, "record"):
        for code in draw.rng.sample(codes, draw.rng.choice([1, 1, 2])):
            attempts += _tries(draw, resolved, code)
        if draw.chance(0.2, "external course"):
            attempts.append(
                Attempt(
                    id="external",
                    course=CourseCode("ZZ 410"),
                    credits=Fraction(3),
                    status=AttemptStatus.PASSED,
                    source=CreditSource.TRANSFER,
                )
            )
    return Record(
        matriculation=dt.date(2026, 1, 1) if attempts else dt.date(2026, 8, 1),
        attempts=tuple(attempts),
    )


def _tries(draw: Draw, resolved: Resolved, code: CourseCode) -> list[Attempt]:
    """Return one try at a course, or two of them: F then C, or C then B."""
    rules = resolved.program.record_rules
    newest = rules.repeats is not None and rules.repeats.use is WhichAttempt.NEWEST
    runs = _past_runs(resolved, code)
    # docs/planner-limits.md: an older try does not come back when a better one expires
    is_plain = rules.expires_months is None or newest
    if len(runs) < 2 or not is_plain or not draw.chance(0.35, "record: two tries"):
        return [_attempt(draw, resolved, code)]
    _, fine, low, failed = (grade.name for grade in resolved.scale.grades)
    grades = draw.rng.choice([(failed, low), (low, fine)])
    return [
        Attempt(
            id=f"try {place}:{code}",
            course=code,
            credits=resolved.courses[code].credits_low,
            periods=tuple(resolved.calendar.leaves[i].id for i in run.leaves),
            grade=grade,
            status=AttemptStatus.FAILED if grade == failed else AttemptStatus.PASSED,
        )
        for place, (run, grade) in enumerate(zip(runs[-2:], grades, strict=True))
    ]


def _past_runs(resolved: Resolved, code: CourseCode) -> list[Run]:
    """Return the runs of a course that are over, one in each set of periods."""
    leaves = resolved.calendar.leaves
    over = {run.leaves: run for run in resolved.runs_of(code) if leaves[run.leaves[-1]].end < TODAY}
    return [over[key] for key in sorted(over)]


def _attempt(draw: Draw, resolved: Resolved, code: CourseCode) -> Attempt:
    course = resolved.courses[code]
    shape = draw.rng.choice(["passed", "passed", "low grade", "waiver", "transfer", "withdrawn"])
    draw.kinds.add(f"record: {shape}")
    grades = [grade.name for grade in resolved.scale.grades]
    runs = [
        run
        for run in resolved.runs_of(code)
        if resolved.calendar.leaves[run.leaves[-1]].end < TODAY
        and resolved.calendar.leaves[run.leaves[0]].start >= dt.date(2026, 1, 1)
    ]
    periods = tuple(resolved.calendar.leaves[i].id for i in runs[-1].leaves) if runs else ()
    if shape == "waiver":
        return Attempt(
            id=f"waiver:{code}",
            course=code,
            credits=Fraction(0),
            status=AttemptStatus.PASSED,
            source=CreditSource.WAIVER,
        )
    if shape == "transfer" or not periods:
        return Attempt(
            id=f"transfer:{code}",
            course=code,
            credits=course.credits_low,
            status=AttemptStatus.PASSED,
            source=CreditSource.TRANSFER,
        )
    return Attempt(
        id=f"done:{code}",
        course=code,
        credits=course.credits_low,
        periods=periods,
        grade={"passed": grades[0], "low grade": grades[2], "withdrawn": None}[shape],
        status=AttemptStatus.WITHDRAWN if shape == "withdrawn" else AttemptStatus.PASSED,
    )


def draw_student(draw: Draw, resolved: Resolved, person: Person, record: Record) -> Student:
    codes = list(resolved.courses)
    hours = draw.rng.choice([None, None, None, 15, 20])
    levels = list(DEFAULT_LEVELS)
    if draw.chance(0.5, "other order of levels"):
        draw.rng.shuffle(levels)
    pauses: tuple[DayRange, ...] = ()
    if draw.chance(0.1, "pause"):
        pauses = (DayRange(first=dt.date(2027, 1, 1), last=dt.date(2027, 2, 1)),)
    by_range: tuple[LimitByRange, ...] = ()
    if draw.chance(0.07, "hours by range"):
        days = DayRange(first=dt.date(2026, 9, 1), last=dt.date(2026, 12, 31))
        by_range = (LimitByRange(days=days, limit=draw.rng.choice([0, 8])),)
    wishes = Wishes(
        hours_per_week=hours,
        hours_are_assumed=False,
        hours_by_range=by_range,
        pauses=pauses,
        courses_per_period=draw.rng.choice([1, 2]) if draw.chance(0.2, "course limit") else None,
        budget_total=Money(minor=draw.rng.choice([1200_00, 2000_00]), currency="USD")
        if draw.chance(0.15, "budget")
        else None,
        budget_by_year=((draw.rng.choice([None, 2027]), Money(minor=900_00, currency="USD")),)
        if draw.chance(0.15, "budget by year")
        else (),
        deadline=draw.rng.choice([dt.date(2027, 6, 1), *[dt.date(2027, 12, 31)] * 3]),
        wanted=(draw.rng.choice(codes),) if draw.chance(0.12, "wanted course") else (),
        wanted_topics=tuple(draw.rng.sample(TOPICS, 1)) if draw.chance(0.3, "topics") else (),
        levels=tuple(levels),
    )
    unwanted = draw.rng.choice(codes)
    if unwanted not in wishes.wanted and draw.chance(0.12, "unwanted course"):
        fields = {name: getattr(wishes, name) for name in wishes.__dataclass_fields__}
        wishes = Wishes(**{**fields, "unwanted": (unwanted,)})
    return Student(
        matriculation=record.matriculation or TODAY,
        plan_from=dt.date(2026, 8, 1),
        record=record,
        person=person,
        wishes=wishes,
    )
