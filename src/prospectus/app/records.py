"""A record from any file that holds one, bound to a programme: every fault at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from prospectus.app.binding import declared
from prospectus.app.library import Library
from prospectus.app.nearest import nearest
from prospectus.app.record_binding import RecordBinder
from prospectus.app.record_elsewhere import seen_from
from prospectus.app.record_exceptions import faults_of_nodes
from prospectus.catalogs.record_columns import column_of, plain
from prospectus.catalogs.record_of_one import nobody, read_one_of, read_table
from prospectus.catalogs.record_parts import RecordFile, RecordForm
from prospectus.catalogs.record_table import PARQUET, delimiter_of, read_head
from prospectus.domain.errors import Fault, Place, Severity, StudentError
from prospectus.domain.program import Program, School
from prospectus.domain.record import Attempt, Record
from prospectus.domain.student import Person

_HEAD = 20_000
# The fields that tell the attempts of one course apart.
_OF_ID = frozenset(("term", "topic", "source"))
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedRecord:
    """A record of one programme; what the file does not say of the student is None or empty.

    `program` is the one whose record it is, `notes` are warnings: what was left out, what was
    taken to be meant.
    """

    record: Record
    form: RecordForm
    name: str = ""
    program: str | None = None
    catalog_year: str | None = None
    choices: tuple[tuple[str, str], ...] = ()
    person: Person | None = None
    notes: tuple[Fault, ...] = ()


def read_record(
    path: Path,
    program: Program,
    school: School,
    today: dt.date,
    *,
    library: Library | None = None,
    student: str | None = None,
) -> LoadedRecord:
    """Return the record in a file, as a programme sees it.

    The file may be a record or student file, a plan as JSON, a table (CSV, Parquet) or EMREX
    ELMO; what it holds decides, not how it is called.

    Parameters
    ----------
    path
        The file.
    program
        The programme, in the year to which the student is held.
    school
        Its school.
    today
        The day on which it is judged.
    library
        The catalog, which is asked where the record is of another programme than the one that is
        to see it.
    student
        Whose record is meant, in a table of many; None when the file holds that of one.

    Raises
    ------
    DataError
        With all faults of the file; of what it says about this school once it can be read.
    """
    binder = RecordBinder(program, school, today)
    file = _read(path, program, binder, today, student)
    if student is not None and file.name != plain(student):
        raise nobody(path, student, (file.name,))
    faults = list(file.faults)
    notes = list(_empty(file))
    if file.program not in (None, program.id):
        try:
            file = seen_from(file, program, school, today, library)
        except StudentError as error:
            raise StudentError(faults=_by_line([*faults, *error.faults])) from None
    attempts = _attempts(file, binder, faults, notes)
    faults += _faults_of_remains(file, binder)
    faults += _faults_of_choices(file, program)
    faults += faults_of_nodes(
        file.milestones,
        file.exceptions,
        program,
        binder,
        place=file.place,
        # Where lines could not be read, they may be those that name the course.
        on_record=None if file.faults else {line.attempt.course for line in file.lines},
    )
    if faults:
        raise StudentError(faults=_by_line(faults))
    notes += _stale(attempts, file, binder, today)
    order = {str(leaf.id): index for index, leaf in enumerate(binder.calendar.leaves)}
    attempts.sort(key=lambda one: (order[one.periods[0]] if one.periods else -1, one.id))
    record = Record(
        matriculation=file.matriculation,
        attempts=tuple(attempts),
        milestones=tuple(sorted(file.milestones, key=str)),
        approvals=file.approvals,
        exceptions=file.exceptions,
    )
    return LoadedRecord(
        record=record,
        form=file.form,
        name=file.name,
        program=file.program,
        catalog_year=file.catalog_year,
        choices=file.choices,
        person=file.person,
        notes=(*file.notes, *notes),
    )


def _by_line(faults: list[Fault]) -> list[Fault]:
    return sorted(faults, key=lambda fault: fault.at.line or 0)


def _read(
    path: Path, program: Program, binder: RecordBinder, today: dt.date, student: str | None
) -> RecordFile:
    """Return what a file says, by what it holds."""
    head = read_head(path, _HEAD)
    if head.startswith(PARQUET):
        return _table(path, student)
    text = head.removeprefix(_BOM).lstrip()
    at = Place(file=str(path))
    if not text and len(head) < _HEAD:
        raise StudentError(
            "REC-005",
            what="the file is empty",
            fix="a record is YAML, JSON, CSV, Parquet or ELMO: see docs/records.md",
            at=at,
        )
    if b"\0" in head:
        raise StudentError(
            "REC-004",
            what="the file holds binary data, not text",
            fix="save text as UTF-8; a record is YAML, JSON, CSV, Parquet or ELMO",
            at=at,
        )
    if text.startswith(b"<"):
        from prospectus.app.record_elmo import read_elmo_record

        return read_elmo_record(path, program, binder, today)
    if text.startswith(b"{"):
        from prospectus.catalogs.record_plan import plan_in, read_plan

        document = plan_in(path)
        if document is not None:
            file, track = read_plan(path, document)
            chosen = program.main_choice
            is_own = track and chosen is not None and file.program == program.id
            return replace(file, choices=((str(chosen), track),)) if is_own else file
    elif _is_table(text.decode("utf-8", "replace"), path):
        return _table(path, student)
    from prospectus.catalogs.record_file import read_record_file

    return read_record_file(path, today)


def _table(path: Path, student: str | None) -> RecordFile:
    return read_table(path) if student is None else read_one_of(path, student)


def _is_table(text: str, path: Path) -> bool:
    """Return whether a text begins with the headings of a table."""
    first = text.partition("\n")[0].partition("\r")[0]
    cells = first.replace('"', "").split(delimiter_of(first))
    if "course" in (column_of(cell) for cell in cells):
        return True
    return ":" not in first and path.suffix.lower() in (".csv", ".tsv")


def _attempts(
    file: RecordFile, binder: RecordBinder, faults: list[Fault], notes: list[Fault]
) -> list[Attempt]:
    """Return the attempts that can be bound, and note what is wrong with the others."""
    attempts: list[Attempt] = []
    first: dict[str, int] = {}
    for index, line in enumerate(file.lines):
        bound = binder.bind(line.attempt)
        if isinstance(bound, tuple):
            for found in bound:
                if found.field in file.unread:
                    continue
                name = "period" if file.root and found.field == "term" else found.field
                at = file.place_in(index, name)
                faults.append(Fault(code=found.code, what=found.what, fix=found.fix, at=at))
        elif bound.id in first and not file.unread & _OF_ID:
            other = file.lines[first[bound.id]].line
            faults.append(
                Fault(
                    code="REC-044",
                    what=f"two records of one attempt: {bound.id}"
                    + (f", the other on line {other}" if other is not None else ""),
                    fix="remove one of the two, or tell them apart by session or topic",
                    at=file.place_in(index, "course"),
                )
            )
        else:
            first[bound.id] = index
            attempts.append(bound)
            if bound.grade is not None and line.attempt.grade is None:
                notes.append(
                    Fault(
                        code="REC-057",
                        what=f"{bound.course} is passed, and {bound.grade} is the only grade of "
                        f"{binder.school.name} that earns credit: it is taken as {bound.grade}",
                        fix="write the grade",
                        at=file.place_in(index, "course"),
                        severity=Severity.WARNING,
                    )
                )
    return attempts


def _empty(file: RecordFile) -> Iterator[Fault]:
    """Yield a note where a record or table holds no attempt at all."""
    if not file.lines and file.form in (RecordForm.RECORD, RecordForm.TABLE):
        is_table = file.form is RecordForm.TABLE
        yield Fault(
            code="REC-005",
            what="the table holds no line below its headings"
            if is_table
            else "the record holds no attempts",
            fix="add what was taken, if anything was",
            at=Place(file=file.file),
            severity=Severity.WARNING,
        )


def _faults_of_remains(file: RecordFile, binder: RecordBinder) -> Iterator[Fault]:
    """Yield what else is wrong with attempts that are wrong in some fields."""
    for rest in file.remains:
        bound = binder.bind(rest.attempt)
        for found in bound if isinstance(bound, tuple) else ():
            name = "period" if file.root and found.field == "term" else found.field
            if not (rest.wrong | file.unread) & {name, found.field}:
                yield Fault(code=found.code, what=found.what, fix=found.fix, at=rest.place(name))


def _stale(
    attempts: list[Attempt], file: RecordFile, binder: RecordBinder, today: dt.date
) -> Iterator[Fault]:
    """Yield a note for each course that is still open though its last period is over."""
    for attempt in attempts:
        last = binder.calendar.leaf_index(attempt.periods[-1]) if attempt.periods else None
        if attempt.is_open and last is not None:
            leaf = binder.calendar.leaves[last]
            if leaf.grades_known < today:
                status = attempt.status.value.replace("_", " ")
                yield Fault(
                    code="REC-047",
                    what=f"{attempt.course} is still {status}, and {leaf.id} ended on {leaf.end}",
                    fix="give its grade, or the status that it has now",
                    at=Place(file=file.file),
                    severity=Severity.WARNING,
                )


def _faults_of_choices(file: RecordFile, program: Program) -> Iterator[Fault]:
    choices = declared(program)
    for node, child in file.choices:
        what, known, word = f"the programme has no choice '{node}'", tuple(choices), node
        if node in choices:
            if child in choices[node]:
                continue
            what, known, word = f"'{child}' is no choice of '{node}'", choices[node], child
        yield Fault(
            code="REC-048",
            what=what,
            fix=nearest(word, known, "remove it"),
            at=file.place(f"choices.{node}"),
        )
