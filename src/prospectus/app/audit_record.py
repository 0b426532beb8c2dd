"""Whose record is audited, under which programme and year, and with which declared choices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from prospectus.app.binding import declared
from prospectus.app.library import Library
from prospectus.app.nearest import nearest
from prospectus.app.records import LoadedRecord, read_record
from prospectus.catalogs.record_parts import RecordFile
from prospectus.domain.errors import DataError, StudentError, UsageError
from prospectus.domain.program import Program, School
from prospectus.domain.record import Record
from prospectus.domain.student import Person

_HEAD = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A record under the rules of one programme and year, with the choices declared in it."""

    program: Program
    school: School
    record: Record
    choices: Mapping[str, str]
    person: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """The programme and year that a record's file names; None where it names none."""

    program: str | None = None
    catalog_year: str | None = None


def read_subject(
    path: Path,
    library: Library,
    program: str,
    year: str | None,
    today: dt.date,
    student: str | None = None,
) -> tuple[Subject, LoadedRecord]:
    """Return the record of a file, or of one student in it, as one programme sees it.

    Raises
    ------
    UsageError
        USE-001 for a programme or year that is not known and that the file does not name.
    DataError
        With all faults of the file.
    """
    rules = _rules(path, library, program, year, today)
    school = library.school(rules)
    loaded = read_record(path, rules, school, today, library=library, student=student)
    subject = Subject(
        program=rules,
        school=school,
        record=loaded.record,
        choices=dict(loaded.choices),
        person=loaded.person or Person(),
    )
    return subject, loaded


def _rules(path: Path, library: Library, program: str, year: str | None, today: dt.date) -> Program:
    """Return the rules of a programme and year; where the file names them wrongly, say where.

    Raises
    ------
    UsageError
        USE-001 for what the call names.
    StudentError
        REC-051, REC-052 for what the file names, with its other faults.
    """
    try:
        return library.program(program, year or library.years(program)[-1])
    except UsageError as error:
        file = _named_in(path, today)
        if file is None or file.program != program:
            raise
        is_known = program in library.ids()
        if is_known and file.catalog_year != year:
            raise
        (fault,) = error.faults
        at = file.place("catalog_year" if is_known else "program")
        faults = [replace(fault, code="REC-052" if is_known else "REC-051", at=at)]
        if is_known:
            newest = library.program(program, library.years(program)[-1])
            try:
                read_record(path, newest, library.school(newest), today, library=library)
            except DataError as other:
                faults += other.faults
        else:
            faults += file.faults
        faults.sort(key=lambda one: one.at.line or 0)
        raise StudentError(faults=faults) from None


def owner_of(path: Path, today: dt.date) -> Owner:
    """Return whose record a file says it is; a table or a transcript does not say.

    Raises
    ------
    DataError
        When the file cannot be read, or names its programme in a way that cannot be read.
    """
    file = _named_in(path, today)
    if file is None:
        return Owner()
    if any(fault.at.field == "program" for fault in file.faults):
        raise StudentError(faults=file.faults)
    return Owner(program=file.program, catalog_year=file.catalog_year)


def _named_in(path: Path, today: dt.date) -> RecordFile | None:
    """Return what a file says when it is of a form that can name its programme."""
    from prospectus.catalogs.record_table import read_head

    text = read_head(path, _HEAD).removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith((b"<", b"PAR1")) or b"\0" in text:
        return None
    if text.startswith(b"{"):
        from prospectus.catalogs.record_plan import plan_in, read_plan

        document = plan_in(path)
        if document is not None:
            file, _ = read_plan(path, document)
            return file
    first = text.partition(b"\n")[0].decode("utf-8", "replace")
    if not text.startswith(b"{") and ":" not in first and not first.startswith("#"):
        return None
    from prospectus.catalogs.record_file import read_record_file

    return read_record_file(path, today)


def with_choices(subject: Subject, choices: tuple[tuple[str, str], ...]) -> Subject:
    """Return the subject with choices declared; a child may be named by its label too.

    Raises
    ------
    UsageError
        USE-014 for a choice or child that the programme does not have.
    """
    known = declared(subject.program)
    labels = _labels(subject.program)
    found = dict(subject.choices)
    for node, child in choices:
        if node not in known:
            raise UsageError(
                "USE-014",
                what=f"{subject.program.id} has no choice '{node}'",
                fix=nearest(node, known, f"use one of {', '.join(known)}" if known else "drop it"),
            )
        named = {labels.get(one, one).casefold(): one for one in known[node]}
        chosen = child if child in known[node] else named.get(child.casefold())
        if chosen is None:
            raise UsageError(
                "USE-014",
                what=f"'{child}' is no choice of '{node}'",
                fix=nearest(child, known[node], f"use one of {', '.join(known[node])}"),
            )
        found[node] = chosen
    return replace(subject, choices=found)


def _labels(program: Program) -> dict[str, str]:
    from prospectus.app.tree_walk import walk

    return {str(node.header.id): node.header.name for node, _ in walk(program.tree)}
