"""Read a record file or the record in a student file: every fault at once, each with its line.

Run ``python -m prospectus.catalogs.record_file`` after a change of the fields.
"""

from __future__ import annotations

import datetime as dt
import difflib
import json
from collections.abc import Mapping
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from pydantic import BaseModel, ValidationError

from prospectus.catalogs.record_parts import (
    AttemptLine,
    RecordFile,
    RecordForm,
    RecordLine,
)
from prospectus.catalogs.record_schema import AttemptBlock, RecordModel
from prospectus.catalogs.student_file import read_student
from prospectus.catalogs.student_parts import FinishedCourse
from prospectus.catalogs.student_schema import DegreeBlock, ExceptionBlock, MilestoneBlock
from prospectus.catalogs.yaml_reader import Data, Document, FieldPath, dotted, read_yaml
from prospectus.domain.errors import Fault, Place, StudentError
from prospectus.domain.record import AttemptStatus, CreditSource

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

ATTEMPTS = "attempts"
_FINISHED = "finished"
_BLOCKS: Mapping[str, type[BaseModel]] = {
    "attempts": AttemptBlock,
    "milestones": MilestoneBlock,
    "exceptions": ExceptionBlock,
    "degrees": DegreeBlock,
}


def read_record_file(path: Path, today: dt.date) -> RecordFile:
    """Return the record in a YAML or JSON file of `kind: record`, or in a student file.

    Raises
    ------
    DataError
        With all faults of the file.
    """
    document = read_yaml(path)
    if not isinstance(document.data, dict):
        raise StudentError(
            "REC-005",
            what="the file holds no record",
            fix="start it with `format: 1` and `kind: record`, or give a table with headings",
            at=Place(file=document.file, line=1),
        )
    if document.data.get("kind", "student") == "student":
        return _of_student(path, document, document.data, today)
    return record_of(document, RecordForm.RECORD)


def record_of(document: Document, form: RecordForm) -> RecordFile:
    """Return the record that a document of `kind: record` says.

    Raises
    ------
    StudentError
        REC-020 to REC-024, all of them.
    """
    try:
        model = RecordModel.model_validate(document.data)
    except ValidationError as error:
        details = error.errors(include_url=False)
        raise StudentError(faults=[_fault(document, detail) for detail in details]) from None
    faults = [
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
    if faults:
        raise StudentError(faults=faults)
    return RecordFile(
        file=document.file,
        form=form,
        lines=tuple(
            RecordLine(document.line((ATTEMPTS, index)), model.name, block.to_line())
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
    student_file = read_student(path, min(today, before))
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
    return MappingProxyType(
        {dotted(path): document.place(path) for path in document.lines if 1 <= len(path) <= 3}
    )


def _fault(document: Document, detail: ErrorDetails) -> Fault:
    """Return the fault behind one of pydantic's complaints."""
    path = tuple(part for part in detail["loc"] if part != "[key]")
    kind, context = detail["type"], detail.get("ctx", {})
    name = path[-1] if path else "the file"
    if kind.startswith("STU-"):
        is_negative = kind == "STU-005"
        code = "REC-023" if is_negative else "REC-022"
        what, fix = str(context["what"]), str(context["fix"])
    elif kind == "extra_forbidden":
        code, what = "REC-021", f"a record has no field '{name}' here"
        fix = _nearest(str(name), path[:-1])
    elif kind == "missing":
        code, what, fix = "REC-020", f"the field '{name}' is missing", f"add `{name}:`"
    elif kind in ("enum", "literal_error"):
        code, what = "REC-022", f"'{_short(detail['input'])}' is not one of the words for '{name}'"
        fix = f"write {context['expected']}"
    else:
        code, what = "REC-022", f"'{_short(detail['input'])}' does not fit the field '{name}'"
        fix = detail["msg"][0].lower() + detail["msg"][1:]
    return Fault(code=code, what=what, fix=fix, at=document.place(path))


def _nearest(word: str, block: FieldPath) -> str:
    model = _BLOCKS.get(str(block[0]), RecordModel) if block else RecordModel
    known = list(model.model_fields)
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    return f"did you mean '{near[0]}'?" if near else "fields here: " + ", ".join(known)


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 40 else text[:37] + "..."


if __name__ == "__main__":
    record_schema_path().write_text(record_schema_text(), encoding="utf-8")
