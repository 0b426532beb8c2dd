"""Records as students have them, of every length and status, for the benchmarks of the audit."""

from __future__ import annotations

import datetime as dt
import random
from fractions import Fraction

from prospectus.domain.course import Course, CourseCode
from prospectus.domain.program import Resolved
from prospectus.domain.record import Attempt, AttemptStatus, CreditSource, Record

MOST_ATTEMPTS = 12

_KINDS = {
    "passed": 10,
    "planned": 3,
    "in progress": 2,
    "registered": 1,
    "failed": 1,
    "withdrawn": 1,
    "transfer": 1,
    "waived": 1,
}
"""How often an attempt is of each kind, against the others."""


def draw_record(rng: random.Random, resolved: Resolved) -> Record:
    """Return a record of 0 to 12 attempts at courses that bring credit."""
    codes = sorted(code for code, item in resolved.courses.items() if item.counts_credit)
    size = min(len(codes), rng.randint(0, MOST_ATTEMPTS))
    attempts = tuple(_attempt(rng, resolved, code) for code in rng.sample(codes, size))
    return Record(matriculation=dt.date(2022, 8, 1), attempts=attempts)


def _attempt(rng: random.Random, resolved: Resolved, code: CourseCode) -> Attempt:
    course: Course = resolved.courses[code]
    [kind] = rng.choices(list(_KINDS), list(_KINDS.values()))
    earning = [one.name for one in resolved.scale.grades if one.earns and one.points is not None]
    earning = earning or [one.name for one in resolved.scale.grades if one.earns]
    bad = next((one.name for one in resolved.scale.grades if not one.earns), None)
    status, grade, source = AttemptStatus.PASSED, None, CreditSource.HOME
    credits, ended = course.credits_low, dt.date(2025, 12, 15)
    match kind:
        case "passed":
            # the best most often, the third best seldom
            grade = rng.choice([*earning[:1] * 3, *earning[1:2] * 2, *earning[2:3]])
        case "failed":
            status, grade = AttemptStatus.FAILED, bad
        case "withdrawn":
            status = AttemptStatus.WITHDRAWN
        case "in progress":
            status, ended = AttemptStatus.IN_PROGRESS, dt.date(2026, 8, 10)
        case "registered":
            status, ended = AttemptStatus.REGISTERED, dt.date(2026, 12, 15)
        case "planned":
            status, ended = AttemptStatus.PLANNED, dt.date(2027, 5, 15)
        case "transfer":
            source, ended = CreditSource.TRANSFER, dt.date(2022, 5, 15)
        case "waived":
            source, credits, ended = CreditSource.WAIVER, Fraction(0), dt.date(2022, 5, 15)
    return Attempt(
        id=str(code),
        course=code,
        credits=credits,
        status=status,
        grade=grade,
        source=source,
        ended=ended,
    )
