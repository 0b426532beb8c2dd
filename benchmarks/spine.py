"""The planning problems of the bundled catalog: every programme, track, reading and student."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from prospectus.app.binding import bind
from prospectus.app.library import open_library
from prospectus.app.options import all_readings, on_track, tracks
from prospectus.catalogs.student_file import read_student
from prospectus.domain.facts import Completeness
from prospectus.domain.meaning import resolve
from prospectus.domain.program import Resolved
from prospectus.domain.student import Student

EXAMPLES = Path(__file__).parents[1] / "examples"
TODAY = dt.date(2026, 7, 1)
"""A fixed day, so that the same problems are solved in every run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One plan to find."""

    program: str
    resolved: Resolved
    student: Student


def students() -> list[Path]:
    """Return the student files that ship."""
    return sorted(EXAMPLES.glob("*.yaml"))


def problems() -> Iterator[Problem]:
    """Yield every planning problem of the shipped students at complete programmes, in order."""
    library = open_library()
    for path in students():
        file = read_student(path, TODAY)
        for name in library.ids():
            program = library.rules_for(name, file.student)
            if program.completeness is not Completeness.COMPLETE:
                continue
            school = library.school(program)
            bound = bind(file, program, school)
            for track in tracks(program):
                student = on_track(bound, program, track.id)
                for reading in all_readings(program):
                    facts = student.person
                    for resolved in resolve(
                        program, school, facts, reading, library.assumptions_of(program)
                    ):
                        yield Problem(program=name, resolved=resolved, student=student)
