"""What to do next about each programme that is worth it: apply, ask, and what to begin with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from prospectus.app.admission import admission
from prospectus.app.answers import NextSteps
from prospectus.app.binding import bind
from prospectus.app.library import Library
from prospectus.app.program_names import full_name
from prospectus.app.rows import short_name
from prospectus.catalogs.student_parts import StudentFile
from prospectus.compare.row import Option, Outcome, Row
from prospectus.domain.program import Program


def next_steps(
    library: Library,
    programs: Sequence[Program],
    file: StudentFile,
    today: dt.date,
    rows: Sequence[Row],
    losers: set[Option],
) -> tuple[NextSteps, ...]:
    """Return what to do about each programme whose best plan nothing dominates."""
    by_id = {program.id: program for program in programs}
    best: dict[str, Row] = {}
    for row in rows:
        has_plan = row.outcome in (Outcome.PROVEN, Outcome.FOUND)
        if has_plan and row.option not in losers:
            best.setdefault(row.option.program, row)
    steps = []
    for name, row in best.items():
        program = by_id[name]
        school = library.school(program)
        answer = admission(program, school, bind(file, program, school), today)
        asked = (*program.questions, *(f"not known: {item}" for item in row.unknown))
        steps.append(
            NextSteps(
                program=name,
                program_name=full_name(library, program, row.track_name),
                short_name=_with_track(short_name(program), row),
                apply_by=answer.apply_by,
                ask=tuple(dict.fromkeys(asked)),
                first_courses=row.first_courses,
            )
        )
    return tuple(steps)


def _with_track(name: str, row: Row) -> str:
    return f"{name}, {row.track_name}" if row.track_name else name
