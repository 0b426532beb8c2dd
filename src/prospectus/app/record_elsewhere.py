"""The record of one programme as another one sees it: what stays home, what is transferred."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

from prospectus.app.library import Library
from prospectus.app.nearest import nearest
from prospectus.app.record_binding import RecordBinder
from prospectus.catalogs.record_parts import AttemptLine, RecordFile, RecordLine
from prospectus.domain.course import CourseCode
from prospectus.domain.errors import Fault, Severity, StudentError
from prospectus.domain.program import Program, School
from prospectus.domain.record import Attempt, AttemptStatus, CreditSource

_NOT_PLAIN = re.compile(r"[^a-z0-9]+")
_LOST = (AttemptStatus.FAILED, AttemptStatus.WITHDRAWN, AttemptStatus.INCOMPLETE)


def own_id(school: str, course: str) -> CourseCode:
    """Return the id under which a course of another school stands on a record.

    A foreign number must not be taken for the course that bears it here.
    """
    words = _NOT_PLAIN.sub("-", f"{school} {course}".lower()).strip("-")
    return CourseCode(f"~{words or 'course'}")


def seen_from(
    file: RecordFile, program: Program, school: School, today: dt.date, library: Library | None
) -> RecordFile:
    """Return the record of another programme as this one sees it, with notes of what changed.

    At the same school all courses stay what they are. Of another school's, those that may bring
    credit are transferred: under ids of their own, without grades, and only where both programmes
    count in one unit.

    Raises
    ------
    StudentError
        REC-051 for a programme that is not known.
    """
    known = {} if library is None else {one.id: one for one in library.catalog.programs}
    own = known.get(str(file.program))
    if own is None or library is None:
        raise StudentError(
            "REC-051",
            what=f"there is no programme '{file.program}'",
            fix=nearest(str(file.program), known, "see `prospectus programs`"),
            at=file.place("program"),
        )
    is_home = own.school == school.id
    kept = file.lines
    notes = [
        _note(
            file,
            "REC-050",
            f"this is the record of {own.id}; "
            + ("" if is_home else "its courses are read as transferred, without their grades, and ")
            + f"its choices, milestones, approvals and exceptions do not hold in {program.id}",
            f"to audit the degree that is studied, ask for {own.id}",
            "program",
        )
    ]
    if not is_home:
        binder = RecordBinder(own, library.school(own), today)
        bound = [(line, binder.bind(line.attempt)) for line in file.lines]
        # What its own school does not know is told when its own programme is audited.
        here = [(line, one) for line, one in bound if isinstance(one, Attempt)]
        useful = [(line, one) for line, one in here if _may_count(one)]
        kept = tuple(_transferred(line, one, binder) for line, one in useful)
        if len(kept) < len(file.lines):
            left = len(file.lines) - len(kept)
            what = f"{left} lines of the record bring no credit that could be transferred"
            fix = f"ask for {own.id} to see what is wrong with them, if anything is"
            notes.append(_note(file, "REC-036", what, fix, file.root))
        if kept and _unit(own) != _unit(program):
            what = (
                f"{own.id} counts in {own.credit_unit}s, {program.id} in {program.credit_unit}s, "
                "and no rule of conversion is stated: no course is transferred"
            )
            fix = "write a record with `source: transfer` and the credits that the school grants"
            notes.append(_note(file, "REC-036", what, fix, file.root))
            kept = ()
    return replace(
        file,
        lines=kept,
        choices=(),
        milestones=(),
        approvals=(),
        exceptions=(),
        catalog_year=None,
        matriculation=file.matriculation if is_home else None,
        notes=(*file.notes, *notes),
    )


def _may_count(attempt: Attempt) -> bool:
    return attempt.status not in _LOST and attempt.source is not CreditSource.WAIVER


def _transferred(line: RecordLine, attempt: Attempt, binder: RecordBinder) -> RecordLine:
    leaves = [binder.calendar.leaf_index(period) for period in attempt.periods]
    last = max((index for index in leaves if index is not None), default=None)
    is_home = attempt.source is CreditSource.HOME
    words = " ".join((attempt.course, attempt.topic or "", *attempt.periods))
    return line._replace(
        attempt=AttemptLine(
            course=own_id(binder.school.id, words),
            status=attempt.status,
            source=CreditSource.TRANSFER if is_home else attempt.source,
            basis=attempt.basis,
            credits=attempt.credits,
            counted_in=attempt.counted_in,
            school=binder.school.name if is_home else attempt.school,
            ended=attempt.ended if last is None else binder.calendar.leaves[last].end,
        )
    )


def _unit(program: Program) -> str:
    return program.credit_unit.casefold().removeprefix("semester ").removesuffix("s")


def _note(file: RecordFile, code: str, what: str, fix: str, field: str) -> Fault:
    return Fault(code=code, what=what, fix=fix, at=file.place(field), severity=Severity.WARNING)
