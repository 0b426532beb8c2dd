"""The one plan that is handed to other programs."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from prospectus.app.binding import bind, program_faults, season_faults, wanted_faults
from prospectus.app.degree_plan import asked_tracks, need_complete
from prospectus.app.figures import leaves_of
from prospectus.app.library import Library
from prospectus.app.options import all_readings, on_track
from prospectus.app.solving import Effort, Solved, solve
from prospectus.catalogs.student_file import read_student
from prospectus.domain.errors import NoPlanError, StudentError, UsageError
from prospectus.domain.meaning import resolve
from prospectus.domain.program import Program, School
from prospectus.domain.record import Attempt, AttemptStatus
from prospectus.exchange.curriculum_of_program import PlannedRow
from prospectus.planning.result import PlanStatus

_GONE = (AttemptStatus.WITHDRAWN, AttemptStatus.FAILED)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanToExport:
    """A checked plan; `others` are readings and cases of which each has a plan of its own."""

    program: Program
    school: School
    track: str
    solved: Solved
    others: tuple[str, ...]

    @property
    def attempts(self) -> tuple[Attempt, ...]:
        """Return what was taken, is being taken and is planned, in time order."""
        kept = [
            attempt
            for attempt in self.solved.record.attempts
            if attempt.status not in _GONE and leaves_of(self.solved, attempt)
        ]
        return tuple(sorted(kept, key=lambda one: (leaves_of(self.solved, one), one.course)))


def plan_to_export(
    library: Library,
    student_path: Path,
    program_id: str,
    track: str | None,
    year: str | None,
    *,
    today: dt.date,
    effort: Effort,
) -> PlanToExport:
    """Return the best plan of one programme and track.

    Raises
    ------
    ProspectusError
        For a student file that cannot be used, a programme that is not complete (USE-004), a track
        that is not there (USE-003) or not named (USE-013), or no plan at all (EXC-021).
    """
    file = read_student(student_path, today)
    program = (
        library.rules_for(program_id, file.student)
        if year is None
        else library.program(program_id, year)
    )
    school = library.school(program)
    need_complete(program, library)
    faults = program_faults(file, library.ids())
    faults += season_faults(file, [school]) + wanted_faults(file, [school])
    if faults:
        raise StudentError(faults=faults)
    bound = bind(file, program, school)
    asked = [item for item in asked_tracks(program, bound, track) if item.is_complete]
    if len(asked) != 1:
        raise UsageError(
            "USE-013",
            what=f"{program.id} has several tracks, and each has a plan of its own"
            if asked
            else f"the rules of that track of {program.id} are encoded only in part",
            fix="name one with --track: " + ", ".join(str(item.id) for item in asked)
            if asked
            else "choose another with --track",
        )
    student = on_track(bound, program, asked[0].id)
    first, *others = [
        resolved
        for reading in all_readings(program)
        for resolved in resolve(
            program, school, student.person, reading, library.assumptions_of(program)
        )
    ]
    solved = solve(first, student, today, effort)
    if solved.result.plan is None:
        open_still = solved.result.status is PlanStatus.UNKNOWN
        raise NoPlanError(
            "EXC-021",
            what=f"no plan for {program.id} "
            + ("was found in time" if open_still else "is possible with these wishes"),
            fix="give more --seconds"
            if open_still
            else "`prospectus plan` says what is in the way",
        )
    return PlanToExport(
        program=program,
        school=school,
        track=asked[0].name,
        solved=solved,
        others=tuple(
            ", ".join(f"{name}: {value}" for name, value in (*one.readings, *one.branches))
            for one in others
        ),
    )


def planned_rows(plan: PlanToExport) -> tuple[tuple[PlannedRow, ...], tuple[str, ...]]:
    """Return the courses of a plan by term, and the period that each term stands for.

    A term of the file is a period in which something starts, so that what must come before
    another course always stands in an earlier one.
    """
    solved = plan.solved
    placements = solved.result.plan.witness.placements if solved.result.plan is not None else ()
    held = {placement.attempt for placement in placements}
    starts = sorted({leaves_of(solved, attempt)[0] for attempt in plan.attempts})
    number = {leaf: place for place, leaf in enumerate(starts, start=1)}
    rows = tuple(
        PlannedRow(
            code=attempt.course,
            credits=attempt.credits,
            term=number[leaves_of(solved, attempt)[0]],
            counts=attempt.id in held,
        )
        for attempt in plan.attempts
    )
    leaves = solved.resolved.calendar.leaves
    return rows, tuple(str(leaves[leaf].id) for leaf in starts)
