"""Cases of boards that several tests are laid out for."""

from __future__ import annotations

import datetime as dt
from functools import cache

from prospectus.app.board_answers import Cards
from prospectus.app.board_case import BoardCase, board_case
from prospectus.app.board_repair import planned
from prospectus.app.library import Library, open_library
from prospectus.app.options import tracks
from prospectus.catalogs.student_file import read_student_text
from prospectus.domain.facts import Completeness

TODAY = dt.date(2026, 11, 22)

EASY = """format: 1
name: Sam
plan_from: 2027-01-04
residence: US-TX
degrees: [{level: bachelor, field: computer science}]
gpa: 3.6
"""
"""A person who asks for little."""

STRICT = (
    EASY
    + """hours_per_week: 20
courses_per_period: 2
time_zone: Asia/Kolkata
money: {total: "USD 40,000"}
"""
)


@cache
def library() -> Library:
    """Return the bundled catalog."""
    return open_library()


@cache
def case_of(program: str, track: str | None = None, text: str = EASY) -> BoardCase:
    """Return a case of a person."""
    file = read_student_text(text, "sam.yaml", TODAY)
    return board_case(library(), file, program, None, track, TODAY)


@cache
def plan_of(program: str, track: str | None = None) -> Cards:
    """Return the best plan of the person who asks for little, as cards."""
    return planned(case_of(program, track))


def ways() -> list[tuple[str, str | None]]:
    """Return one complete way through each programme."""
    found = []
    for name in library().ids():
        program = library().named(name)
        if program.completeness is Completeness.COMPLETE:
            complete = [one.id for one in tracks(program) if one.is_complete]
            found.append((name, complete[0]))
    return found
