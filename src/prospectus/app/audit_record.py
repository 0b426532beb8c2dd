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
from prospectus.domain.errors import UsageError
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
    path: Path, library: Library, program: str, year: str | None, today: dt.date
) -> tuple[Subject, LoadedRecord]:
    """Return the record of a file as one programme sees it.

    Raises
    ------
    UsageError
        USE-001 for a programme or year that is not known.
    DataError
        With all faults of the file.
    """
    rules = library.program(program, year or library.years(program)[-1])
    school = library.school(rules)
    loaded = read_record(path, rules, school, today, library=library)
    subject = Subject(
        program=rules,
        school=school,
        record=loaded.record,
        choices=dict(loaded.choices),
        person=loaded.person or Person(),
    )
    return subject, loaded


def owner_of(path: Path, today: dt.date) -> Owner:
    """Return whose record a file says it is; a table or a transcript does not say."""
    from prospectus.catalogs.record_table import read_head

    text = read_head(path, _HEAD).removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith((b"<", b"PAR1")) or b"\0" in text:
        return Owner()
    if text.startswith(b"{"):
        from prospectus.catalogs.record_plan import plan_in, read_plan

        document = plan_in(path)
        if document is not None:
            file, _ = read_plan(path, document)
            return Owner(program=file.program, catalog_year=file.catalog_year)
    first = text.partition(b"\n")[0].decode("utf-8", "replace")
    if not text.startswith(b"{") and ":" not in first and not first.startswith("#"):
        return Owner()
    from prospectus.catalogs.record_file import read_record_file

    file = read_record_file(path, today)
    return Owner(program=file.program, catalog_year=file.catalog_year)


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
