"""The record of one programme as another one sees it: what stays home, what is transferred."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from prospectus.app.library import Library
from prospectus.app.nearest import nearest
from prospectus.app.record_binding import RecordBinder
from prospectus.app.record_conversion import credits_here
from prospectus.app.words import count, listed
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
    count in one unit, or this one states a rule that converts the other's.

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
            on_page=nearest(str(file.program), known, "choose one of the list of programmes"),
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
        bound = [binder.bind(line.attempt) for line in file.lines]
        # What its own school does not know is told when its own programme is audited.
        here = [(index, one) for index, one in enumerate(bound) if isinstance(one, Attempt)]
        useful = [(index, one) for index, one in here if _may_count(one)]
        kept, told, n_lost = _carried(file, useful, binder, own.credit_unit, program)
        bringing = {index for index, _ in useful}
        left = [line.line for index, line in enumerate(file.lines) if index not in bringing]
        if left:
            # the lines are those of the file, where it has any
            numbers = [str(line) for line in left if line is not None]
            word = "line" if len(numbers) == 1 else "lines"
            where = f" ({word} {listed(numbers, 'and')})" if numbers else ""
            brings = "brings" if len(left) == 1 else "bring"
            what = f"{count(len(left), 'attempt')} on the record{where} {brings} no credit that "
            what += "could be transferred"
            which = "it" if len(left) == 1 else "them"
            fix = f"ask for {own.id} to see what is wrong with {which}, if anything is"
            notes.append(_note(file, "REC-036", what, fix, file.root))
        if n_lost:
            what = (
                f"{own.id} counts in {_many(own)}, {program.id} in {_many(program)}, "
                "and no rule of conversion is stated: no course is transferred"
            )
            fix = "write a record with `source: transfer` and the credits that the school grants"
            notes.append(_note(file, "REC-036", what, fix, file.root))
        notes += told
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


def _many(program: Program) -> str:
    return program.credit_unit.removesuffix("s") + "s"


def _may_count(attempt: Attempt) -> bool:
    return attempt.status not in _LOST and attempt.source is not CreditSource.WAIVER


def _carried(
    file: RecordFile,
    useful: Sequence[tuple[int, Attempt]],
    binder: RecordBinder,
    unit: str,
    program: Program,
) -> tuple[tuple[RecordLine, ...], list[Fault], int]:
    """Return the lines as transferred, what was converted, and how many no rule converts."""
    lines: list[RecordLine] = []
    notes: list[Fault] = []
    n_lost = 0
    for index, attempt in useful:
        given = ((unit, attempt.credits),)
        at = file.place_in(index, "credits")
        found = credits_here(program, given, attempt.course, at)
        if found is None:
            n_lost += 1
            continue
        if found.note is not None:
            notes.append(found.note)
        lines.append(_transferred(file.lines[index], attempt, found.credits, binder))
    return tuple(lines), notes, n_lost


def _transferred(
    line: RecordLine, attempt: Attempt, credits: Fraction, binder: RecordBinder
) -> RecordLine:
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
            credits=credits,
            counted_in=attempt.counted_in,
            school=binder.school.name if is_home else attempt.school,
            ended=attempt.ended if last is None else binder.calendar.leaves[last].end,
            title=attempt.title or _named(attempt),
        )
    )


def _named(attempt: Attempt) -> str:
    """Return a course in the words of its own school, with its term: it may stand there twice."""
    topic = f" ({attempt.topic})" if attempt.topic else ""
    term = f" of {attempt.periods[0]}" if attempt.periods else ""
    return f"{attempt.course}{topic}{term}"


def _note(file: RecordFile, code: str, what: str, fix: str, field: str) -> Fault:
    return Fault(code=code, what=what, fix=fix, at=file.place(field), severity=Severity.WARNING)
