"""One piece of work of a comparison: small to send, the same wherever it is done."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from prospectus.app.admission import admission
from prospectus.app.binding import bind, missing_wanted
from prospectus.app.library import Library, open_library
from prospectus.app.options import Variant, on_track, tracks
from prospectus.app.rows import row, sensitivity, without_wishes
from prospectus.app.solving import Effort, solve
from prospectus.catalogs.student_parts import StudentFile
from prospectus.compare.row import Row
from prospectus.domain.meaning import resolve


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A programme and track under one reading, for one student; `catalogs` are extra folders."""

    catalogs: tuple[Path, ...]
    program: str
    catalog_year: str
    track: str | None
    reading: Variant
    file: StudentFile
    today: dt.date
    effort: Effort
    with_sensitivity: bool = True


@lru_cache(maxsize=1)
def _library(catalogs: tuple[Path, ...]) -> Library:
    """Return the catalog, read once in each worker."""
    return open_library(catalogs)


def run(task: Task) -> tuple[Row, ...]:
    """Return one row for each value of the facts that the person leaves open."""
    library = _library(task.catalogs)
    program = library.program(task.program, task.catalog_year)
    school = library.school(program)
    student = on_track(bind(task.file, program, school), program, task.track)
    answer = admission(program, school, student, task.today)
    missing = tuple(str(code) for code in missing_wanted(task.file, school))
    names = {track.id: track.name for track in tracks(program)}
    rows = []
    for resolved in resolve(
        program, school, student.person, task.reading, library.assumptions_of(program)
    ):
        solved = solve(resolved, student, task.today, task.effort)
        rows.append(
            row(
                solved,
                track=task.track,
                track_name=names.get(task.track, ""),
                admission=answer,
                variant=resolved.readings + resolved.branches,
                missing=missing,
                sensitivity=sensitivity(solved, task.today, task.effort)
                if task.with_sensitivity
                else None,
                without=without_wishes(solved, task.today, task.effort)
                if task.with_sensitivity
                else None,
            )
        )
    return tuple(rows)
