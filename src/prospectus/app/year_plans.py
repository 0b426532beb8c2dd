"""What a change of rules does to plans: who is hit, when, and what mends it at least cost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from prospectus.app.binding import bind, program_faults, season_faults, wanted_faults
from prospectus.app.library import Library
from prospectus.app.options import all_readings, chosen_track, on_track, tracks
from prospectus.app.solving import Effort, Solved, solve
from prospectus.app.year_answers import StudentFate, YearFate
from prospectus.catalogs.student_file import read_student
from prospectus.catalogs.student_parts import StudentFile
from prospectus.domain.errors import StudentError
from prospectus.domain.facts import Completeness
from prospectus.domain.meaning import resolve
from prospectus.domain.program import Program
from prospectus.domain.record import Attempt, AttemptStatus
from prospectus.domain.student import Level, Student


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
        f"the rules of {program.id}@{program.catalog_year} are {program.completeness.value}"
        for program in (old, new)
        if program.completeness is not Completeness.COMPLETE
    ]
    if partial:
        nothing = YearFate(rules=_label(old), status="not planned")
        return StudentFate(
            student=name,
            before=nothing,
            fresh=replace(nothing, rules=_label(new)),
            note=f"nothing is planned: {' and '.join(partial)}",
        )
    before = _best(library, old, file, today, effort)
    fresh = _best(library, new, file, today, effort)
    fate = StudentFate(student=name, before=_year(old, before), fresh=_year(new, fresh))
    if before is None or before[0].appraisal is None:
        return fate
    return _followed(library, old, new, file, before, fate, today, effort)


def _followed(
    library: Library,
    old: Program,
    new: Program,
    file: StudentFile,
    before: tuple[Solved, str | None],
    fate: StudentFate,
    today: dt.date,
    effort: Effort,
) -> StudentFate:
    """Return the fate of somebody who follows the old plan and is judged by the new rules."""
    solved, _ = before
    planned = tuple(one for one in solved.record.attempts if one.is_planned)
    kept = _best(library, new, file, today, effort, taken=planned, of=old)
    if kept is None or kept[0].appraisal is None:
        first = _first_period(planned)
        return replace(fate, kept=_year(new, kept), breaks_in=first)
    after, _ = kept
    counted, counts = _placed(solved), _placed(after)
    lost = tuple(one for one in planned if one.id in counted - counts)
    more = tuple(one for one in after.record.attempts if one.is_planned)
    breaks_in = None
    if lost:
        breaks_in = _first_period(lost)
    elif more:
        breaks_in = _last_period(planned)
    return replace(
        fate,
        kept=_year(new, kept),
        lost=tuple((_period(one), str(one.course)) for one in lost),
        more=tuple((_period(one), str(one.course)) for one in more),
        breaks_in=breaks_in,
    )


def _best(
    library: Library,
    program: Program,
    file: StudentFile,
    today: dt.date,
    effort: Effort,
    *,
    taken: tuple[Attempt, ...] = (),
    of: Program | None = None,
) -> tuple[Solved, str | None] | None:
    """Return the best plan over tracks, readings being the first, with its track.

    `taken` are attempts of a plan that is followed: registered, so that rules of order no longer
    bind them.
    """
    school = library.school(program)
    if of is not None and of.id != program.id and school.id != library.school(of).id:
        return None
    held = replace(file, student=_held_to(file.student, program))
    student = bind(held, program, school)
    chosen = chosen_track(program, student)
    found: list[tuple[Solved, str | None]] = []
    for track in tracks(program):
        if not track.is_complete or chosen not in (None, track.id):
            continue
        person = on_track(student, program, track.id)
        if taken:
            person = _having(person, taken)
        levels = person.wishes.levels
        n_levels = 1 + max(levels.index(x) for x in (Level.FINISH, Level.COST) if x in levels)
        for resolved in resolve(
            program,
            school,
            person.person,
            all_readings(program)[0],
            library.assumptions_of(program),
        ):
            solved = solve(
                resolved, person, today, effort, n_levels=n_levels, explain_conflict=False
            )
            found.append((solved, track.id))
    if not found:
        return None
    return min(found, key=lambda pair: _rank(pair[0]))


def _placed(solved: Solved) -> set[str]:
    """Return the ids of the attempts that serve some requirement."""
    plan = solved.result.plan
    return {placement.attempt for placement in plan.witness.placements} if plan else set()


def _held_to(student: Student, program: Program) -> Student:
    """Return the student as one of this programme, whose record it is."""
    if student.program is None or student.program == program.id:
        return student
    return replace(student, program=program.id)


def _having(student: Student, taken: tuple[Attempt, ...]) -> Student:
    registered = tuple(replace(one, status=AttemptStatus.REGISTERED) for one in taken)
    record = replace(student.record, attempts=student.record.attempts + registered)
    wishes = replace(student.wishes, wanted=())
    return replace(student, record=record, wishes=wishes)


def _rank(solved: Solved) -> tuple[dt.date, int]:
    appraisal = solved.appraisal
    if appraisal is None:
        return (dt.date.max, 2**62)
    return (appraisal.finish, appraisal.cost.minor if appraisal.cost is not None else 2**61)


def _year(program: Program, found: tuple[Solved, str | None] | None) -> YearFate:
    if found is None:
        return YearFate(rules=_label(program), status="not planned")
    solved, track = found
    appraisal = solved.appraisal
    return YearFate(
        rules=_label(program),
        status=solved.result.status.value,
        track=track,
        finish=None if appraisal is None else appraisal.finish,
        cost=None if appraisal is None else appraisal.cost,
    )


def _label(program: Program) -> str:
    return f"{program.id}@{program.catalog_year}"


def _period(attempt: Attempt) -> str:
    return attempt.periods[0] if attempt.periods else ""


def _first_period(attempts: Sequence[Attempt]) -> str | None:
    """Return the period of the earliest attempt; a plan lists its attempts in time order."""
    return next((_period(one) for one in attempts), None)


def _last_period(attempts: Sequence[Attempt]) -> str | None:
    return _period(attempts[-1]) if attempts else None
