"""What a change of rules does to plans: who is hit, when, and what mends it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from prospectus.app.best_plan import Best, best_plan
from prospectus.app.binding import program_faults, season_faults, wanted_faults
from prospectus.app.library import Library
from prospectus.app.solving import Effort, Solved
from prospectus.app.worlds import World
from prospectus.app.year_answers import StudentFate, YearFate, label
from prospectus.catalogs.student_file import read_student
from prospectus.catalogs.student_parts import StudentFile
from prospectus.domain.errors import StudentError
from prospectus.domain.facts import Completeness
from prospectus.domain.program import Program
from prospectus.domain.record import Attempt, AttemptStatus
from prospectus.domain.student import Student


def fates_of(
    library: Library,
    old: Program,
    new: Program,
    students: Sequence[Path],
    today: dt.date,
    seconds: float,
    seed: int,
) -> tuple[StudentFate, ...]:
    """Return what the change does to each person's plan.

    Raises
    ------
    StudentError
        With the faults of the student files.
    """
    effort = Effort(seconds=seconds, seed=seed)
    return tuple(_fate(library, old, new, path, today, effort) for path in students)


def _fate(
    library: Library, old: Program, new: Program, path: Path, today: dt.date, effort: Effort
) -> StudentFate:
    file = read_student(path, today)
    schools = [library.school(program) for program in (old, new)]
    faults = [
        *program_faults(file, library.ids()),
        *season_faults(file, schools),
        *wanted_faults(file, schools),
    ]
    if faults:
        raise StudentError(faults=faults)
    name = file.student.name or path.stem
    partial = [
        f"the rules of {label(program)} are {program.completeness.value}"
        for program in (old, new)
        if program.completeness is not Completeness.COMPLETE
    ]
    if partial:
        return StudentFate(
            student=name,
            before=YearFate(rules=label(old), status="not planned"),
            fresh=YearFate(rules=label(new), status="not planned"),
            note=f"nothing is planned: {' and '.join(partial)}",
        )
    first, second = (_world(library, program) for program in (old, new))
    before = best_plan(first, _held_to(file, old), today, effort)
    fresh = best_plan(second, _held_to(file, new), today, effort)
    fate = StudentFate(student=name, before=_told(old, before), fresh=_told(new, fresh))
    if before is None or before.solved.appraisal is None or old.school != new.school:
        return fate
    return _mended(second, _held_to(file, new), before.solved, fate, today, effort)


def _mended(
    world: World,
    file: StudentFile,
    before: Solved,
    fate: StudentFate,
    today: dt.date,
    effort: Effort,
) -> StudentFate:
    """Return the fate with what the new rules make of the old plan, and its repair.

    The old plan is judged as if it were followed to its end: what then counts for nothing is lost.
    The repair is the best plan under the new rules that keeps all the rest of it.
    """
    planned = tuple(one for one in before.record.attempts if one.is_planned)
    followed = best_plan(world, file, today, effort, change=lambda who: _having(who, planned))
    if followed is None or followed.solved.appraisal is None:
        lost = planned
        is_enough = False
    else:
        gone = _placed(before) - _placed(followed.solved)
        lost = tuple(one for one in planned if one.id in gone)
        is_enough = not any(one.is_planned for one in followed.solved.record.attempts)
    if is_enough and not lost:
        return fate
    kept = tuple(dict.fromkeys(one.course for one in planned if one not in lost))
    repair = best_plan(
        world,
        file,
        today,
        effort,
        change=lambda who: replace(who, wishes=replace(who.wishes, wanted=kept)),
    )
    found = () if repair is None else repair.solved.record.attempts
    more = tuple(one for one in found if one.is_planned and one.course not in kept)
    return replace(
        fate,
        repair=_told(world.program, repair),
        lost=tuple((_period(one), str(one.course)) for one in lost),
        more=tuple((_period(one), str(one.course)) for one in more),
        breaks_in=_period((lost or planned[-1:])[0]),
    )


def _world(library: Library, program: Program) -> World:
    return World(
        program=program,
        school=library.school(program),
        assumptions=library.assumptions_of(program),
    )


def _held_to(file: StudentFile, program: Program) -> StudentFile:
    """Return the person as a student of this programme, if they are one of another."""
    if file.student.program in (None, program.id):
        return file
    return replace(file, student=replace(file.student, program=program.id))


def _having(student: Student, taken: tuple[Attempt, ...]) -> Student:
    """Return the student with planned courses as registered ones, which no rule of order binds."""
    registered = tuple(replace(one, status=AttemptStatus.REGISTERED) for one in taken)
    record = replace(student.record, attempts=student.record.attempts + registered)
    return replace(student, record=record, wishes=replace(student.wishes, wanted=()))


def _placed(solved: Solved) -> set[str]:
    """Return the ids of the attempts that serve some requirement."""
    plan = solved.result.plan
    return {placement.attempt for placement in plan.witness.placements} if plan else set()


def _told(program: Program, best: Best | None) -> YearFate:
    if best is None:
        return YearFate(rules=label(program), status="not planned")
    appraisal = best.solved.appraisal
    return YearFate(
        rules=label(program),
        status=best.solved.result.status.value,
        track=best.track,
        finish=None if appraisal is None else appraisal.finish,
        cost=None if appraisal is None else appraisal.cost,
    )


def _period(attempt: Attempt) -> str:
    return attempt.periods[0] if attempt.periods else ""
