"""Read a record file or the record in a student file: every fault at once, each with its line.

Run ``python -m prospectus.catalogs.record_file`` after a change of the fields.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType

from pydantic import ValidationError

from prospectus.catalogs.record_faults import attempts_left, faults_of, refuse_broken_json, without
from prospectus.catalogs.record_parts import (
    AttemptLine,
    RecordFile,
    RecordForm,
    RecordLine,
    Remains,
)
from prospectus.catalogs.record_schema import AttemptBlock, RecordModel
from prospectus.catalogs.student_file import read_student
from prospectus.catalogs.student_parts import FinishedCourse
from prospectus.catalogs.student_schema import FinishedBlock
from prospectus.catalogs.yaml_document import Data, Document, dotted
from prospectus.catalogs.yaml_reader import read_partly, together
from prospectus.domain.errors import CatalogError, DataError, Fault, Place, StudentError
from prospectus.domain.record import AttemptStatus, CreditSource

ATTEMPTS = "attempts"
_FINISHED = "finished"
_HEAD = ("format", "kind")


def read_record_file(path: Path, today: dt.date) -> RecordFile:
    """Return the record in a YAML or JSON file of `kind: record`, or in a student file.

    Raises
    ------
    DataError
        When the file cannot be read; other faults stand in what is returned.
    """
    document, unread = _document(path)
    if not isinstance(document.data, dict):
        if unread:
            raise CatalogError(faults=unread)
        raise StudentError(
            "REC-005",
            what="the file holds no record",
            fix="start it with `format: 1` and `kind: record`, or give a table with headings",
            at=Place(file=document.file, line=1),
        )
    if document.data.get("kind", "student") == "student":
        return _of_student(path, document, document.data, today)
    return record_of(document, RecordForm.RECORD, unread)


def _document(path: Path) -> tuple[Document, tuple[Fault, ...]]:
    try:
        return read_partly(path)
    except CatalogError as error:
        # What is meant as JSON is told about JSON; the reader takes it for YAML.
        if any(fault.code == "CAT-006" for fault in error.faults):
            refuse_broken_json(path)
        raise


def record_of(document: Document, form: RecordForm, unread: Sequence[Fault] = ()) -> RecordFile:
    """Return the record that a document of `kind: record` says, with what is wrong with it.

    `unread` are the values that could not be read at all.

    Raises
    ------
    StudentError
        REC-020, REC-022 when `format` or `kind` is not that of a record.
    """
    faults = list(unread)
    remains: tuple[Remains, ...] = ()
    try:
        model = RecordModel.model_validate(document.data)
    except ValidationError as error:
        faults = together(unread, faults_of(document, error.errors(include_url=False)))
        if any(fault.at.field in _HEAD for fault in faults):
            raise StudentError(faults=faults) from None
        _, remains = attempts_left(document, ATTEMPTS, AttemptBlock, _line_of)
        document = without(document, error.errors(include_url=False))
        model = RecordModel.model_validate(document.data)
    faults += [
        Fault(
            code="REC-024",
            what=f"the waiver of {block.course} carries credits or a grade",
            fix="give it neither",
            at=document.place((ATTEMPTS, index)),
        )
        for index, block in enumerate(model.attempts)
        if block.source is CreditSource.WAIVER and (block.credits or block.grade is not None)
    ]
    if model.catalog_year and not model.program:
        faults.append(
            Fault(
                code="REC-020",
                what="`catalog_year` is given without `program`",
                fix="name the programme whose rules these are",
                at=document.place(("catalog_year",)),
            )
        )
    return RecordFile(
        file=document.file,
        form=form,
        faults=tuple(faults),
        remains=remains,
        lines=tuple(
            RecordLine(document.place((ATTEMPTS, index)).line, model.name, _line_of(block))
            for index, block in enumerate(model.attempts)
        ),
        name=model.name,
        program=model.program,
        catalog_year=model.catalog_year,
        matriculation=model.matriculation,
        choices=tuple(sorted(model.choices.items())),
        milestones=tuple(block.to_domain() for block in model.milestones),
        approvals=tuple(sorted(model.approvals.items())),
        exceptions=tuple(block.to_domain() for block in model.exceptions),
        person=model.person(),
        root=ATTEMPTS,
        places=_places(document),
    )


def _line_of(block: AttemptBlock) -> AttemptLine:
    """Return an attempt as written; a waiver without what it cannot carry, which is told."""
    line = block.to_line()
    is_waiver = line.source is CreditSource.WAIVER
    return replace(line, credits=None, grade=None) if is_waiver else line


def record_schema_text() -> str:
    """Return the JSON Schema of a record file, as it is committed for editors."""
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    schema = {**head, **RecordModel.model_json_schema()}
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def record_schema_path() -> Path:
    """Return the file of the committed schema."""
    return Path(str(files("prospectus").joinpath("data"))) / "schema" / "record.json"


def _of_student(
    path: Path, document: Document, data: Mapping[str, Data], today: dt.date
) -> RecordFile:
    # A record stays one when the day has passed from which its owner wanted to plan.
    planned = data.get("plan_from")
    before = planned if isinstance(planned, dt.date) else today
    try:
        student_file = read_student(path, min(today, before))
    except DataError as error:
        return _what_is_left(document, data, error.faults)
    student = student_file.student
    return RecordFile(
        file=document.file,
        form=RecordForm.STUDENT,
        lines=tuple(
            RecordLine(document.line((_FINISHED, index)), student.name, _of_finished(course))
            for index, course in enumerate(student_file.finished)
        ),
        name=student.name,
        program=student.program,
        catalog_year=next((year for _, year in student.catalog_years), None),
        matriculation=student.matriculation,
        choices=student.choices,
        milestones=student.record.milestones,
        approvals=student.record.approvals,
        exceptions=student.record.exceptions,
        person=student.person,
        root=_FINISHED,
        places=_places(document),
    )


def _what_is_left(
    document: Document, data: Mapping[str, Data], faults: Sequence[Fault]
) -> RecordFile:
    """Return the courses of a student file with faults, so that theirs are told with them."""
    sound, remains = attempts_left(document, _FINISHED, FinishedBlock, _of_block)
    program, name = data.get("program"), data.get("name")
    kept = replace(document, kept={(_FINISHED,): tuple(sound)})
    return RecordFile(
        file=document.file,
        form=RecordForm.STUDENT,
        lines=tuple(
            RecordLine(document.line((_FINISHED, index)), "", line) for index, line in sound.items()
        ),
        name=name if isinstance(name, str) else "",
        program=program if isinstance(program, str) else None,
        faults=tuple(faults),
        remains=remains,
        root=_FINISHED,
        places=_places(kept),
    )


def _of_block(block: FinishedBlock) -> AttemptLine:
    return _of_finished(block.to_domain())


def _of_finished(course: FinishedCourse) -> AttemptLine:
    # A student file takes every course as passed that it does not call otherwise: a grade tells
    # more than that word.
    is_said = course.status is not AttemptStatus.PASSED or course.grade is None
    line = AttemptLine(
        course=course.course,
        source=course.source,
        basis=course.basis,
        credits=course.credits,
        topic=course.topic,
        periods=course.periods,
        grade=course.grade,
        expected_grade=course.expected_grade,
        counted_in=course.counted_in,
        school=course.school,
        ended=course.ended,
    )
    return replace(line, status=course.status) if is_said else line


def _places(document: Document) -> Mapping[str, Place]:
    """Return where each field stands, by its way through what is left of the file."""
    left = {
        block: {place: index for index, place in enumerate(kept)}
        for block, kept in document.kept.items()
    }
    places: dict[str, Place] = {}
    for path in document.lines:
        if not 1 <= len(path) <= 3:
            continue
        here = left.get(path[:1])
        if here is not None and len(path) > 1:
            item = path[1]
            if not isinstance(item, int) or item not in here:
                continue
            path = (path[0], here[item], *path[2:])
        places[dotted(path)] = document.place(path)
    return MappingProxyType(places)


if __name__ == "__main__":
    record_schema_path().write_text(record_schema_text(), encoding="utf-8")
