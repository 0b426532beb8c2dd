"""Small programmes, records and students, drawn from a seed, with the shapes that go wrong."""

from __future__ import annotations

import random
from dataclasses import dataclass
from fractions import Fraction

from tests.differential.drawing import LETTERS, MARKS, Draw
from tests.differential.drawn_kinds import with_conditions, with_rare_kinds
from tests.differential.drawn_money import with_money
from tests.differential.drawn_people import draw_record, draw_student
from tests.differential.drawn_rules import draw_program, with_bounded_rest, with_repeats
from tests.differential.drawn_schools import (
    draw_courses,
    draw_equivalents,
    draw_fees,
    draw_offerings,
    draw_rates,
    draw_transfer_fees,
    patterns,
    with_requisites,
)
from tests.differential.drawn_wishes import with_wishes

from prospectus.domain.facts import Assumption
from prospectus.domain.meaning import readings, resolve
from prospectus.domain.period import expand
from prospectus.domain.program import Resolved, School
from prospectus.domain.record import Record
from prospectus.domain.student import (
    Person,
    Student,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One generated case and the kinds it holds."""

    seed: int
    resolved: Resolved
    student: Student
    record: Record
    kinds: frozenset[str]


def generate(seed: int) -> Problem:
    """Return the problem of a seed."""
    draw = Draw(random.Random(seed))
    calendar_patterns, sessions = patterns(draw)
    courses = draw_courses(draw)
    codes = [course.code for course in courses]
    program = draw_program(draw, codes)
    grades = MARKS if draw.chance(0.1, "lower-is-better scale") else LETTERS
    # an own generator, so that what is drawn after it stays as it was
    apart = Draw(random.Random(f"apart {seed}"), kinds=draw.kinds)
    program = with_bounded_rest(apart, with_repeats(apart, program, grades))
    rare = Draw(random.Random(f"rare {seed}"), kinds=draw.kinds)
    program = with_conditions(rare, with_rare_kinds(rare, program, codes), codes)
    school = School(
        id="school",
        name="School",
        currency="USD",
        grades=grades,
        courses=tuple(with_requisites(draw, courses, program, grades)),
        calendars=(("main", expand(calendar_patterns, (), 2025, 2029)),),
        offerings=tuple(draw_offerings(draw, codes, calendar_patterns, sessions)),
        fees=(*draw_fees(draw), *draw_transfer_fees(apart), *draw_rates(rare)),
        equivalents=draw_equivalents(rare, codes),
    )
    person = Person(facts=(("residence", draw.rng.choice(["in", "out"])),))
    reading = draw.rng.choice(readings(program))
    hours = Assumption(
        id="hours-per-credit",
        text="",
        value=Fraction(45),
        low=Fraction(30),
        high=Fraction(60),
        unit="h",
        reason="",
        source="",
    )
    resolved = resolve(program, school, person, reading, {hours.id: hours})[0]
    record = draw_record(draw, resolved)
    student = draw_student(draw, resolved, person, record)
    asking = Draw(random.Random(f"wishes {seed}"), kinds=draw.kinds)
    student = with_wishes(asking, student, resolved)
    paying = Draw(random.Random(f"money {seed}"), kinds=draw.kinds)
    student, resolved = with_money(paying, student, resolved)
    return Problem(
        seed=seed, resolved=resolved, student=student, record=record, kinds=frozenset(draw.kinds)
    )
