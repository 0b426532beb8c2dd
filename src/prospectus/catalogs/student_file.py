"""Read a student file: every fault at once, each with its line, its field and its mend.

Run ``python -m prospectus.catalogs.student_file`` after a change of the fields.
"""

from __future__ import annotations

import datetime as dt
import difflib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from prospectus.catalogs.student_parts import LimitByName, StudentFile
from prospectus.catalogs.student_schema import StudentModel
from prospectus.catalogs.yaml_document import Document, FieldPath, dotted
from prospectus.catalogs.yaml_reader import read_partly, read_text_partly, together
from prospectus.domain.errors import CatalogError, DomainError, Fault, Place, StudentError
from prospectus.domain.record import Record
from prospectus.domain.student import Level, Student

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

DEFAULT_CURRENCY = "USD"
# Calendars are projected some years further than that, so that a whole degree fits behind it.
_MOST_YEARS_AHEAD = 12
_HIGHEST_GPA = 5
_GROUPED = re.compile(r"\b[A-Z]{3} ?\d{1,3}(?:,\d{3})+(?![\d:])")

_THREE_DIGITS = re.compile(r"\d{3}")

_CATALOG_KINDS = frozenset(
    {"school", "courses", "calendar", "fees", "schedule", "program", "assumptions"}
)


def read_student(path: Path, today: dt.date) -> StudentFile:
    """Return what a student file says.

    Parameters
    ----------
    path
        The file.
    today
        The day on which it is read: a plan cannot begin before it.

    Raises
    ------
    DataError
        With all faults of the file.
    """
    return _student_in(*read_partly(path, mend=whole_amounts), today)


def read_student_text(text: str, name: str, today: dt.date) -> StudentFile:
    """Return what the text of a student file says; faults call it by `name`.

    Raises
    ------
    DataError
        With all faults of the text.
    """
    return _student_in(*read_student_data(text, name), today)


def read_student_data(text: str, name: str) -> tuple[Document, tuple[Fault, ...]]:
    """Return the text of a student file as plain data, and what of it cannot be read.

    Raises
    ------
    CatalogError
        Where nothing of the text can be read.
    """
    return read_text_partly(whole_amounts(text), name)


def whole_amounts(text: str) -> str:
    """Return the text with `USD 5250` for `USD 5,250`: in braces YAML ends it at the comma."""
    return _GROUPED.sub(lambda found: found[0].replace(",", ""), text)


def _student_in(document: Document, unread: tuple[Fault, ...], today: dt.date) -> StudentFile:
    if not isinstance(document.data, dict):
        if unread:
            raise CatalogError(faults=unread)
        raise StudentError(
            "STU-001",
            what="the file is no student document",
            fix="start it with `format: 1`, or write one with `prospectus init`",
            on_page="start it with `format: 1`, or begin with the seven questions",
            at=Place(file=document.file, line=1),
        )
    kind = document.data.get("kind")
    if kind == "record":
        raise StudentError(
            "STU-001",
            what="this is the record of a student, no student document",
            fix="audit it with `prospectus audit`; in a student file its courses stand "
            "under `finished`",
            on_page="upload it under Finished courses, or under Audit",
            at=document.place(("kind",)),
        )
    if kind in _CATALOG_KINDS:
        raise StudentError(
            "STU-001",
            what=f"this is no student document, but a catalog file of kind '{kind}'",
            fix="name a student file; catalog files go behind --catalog",
            on_page="choose a student file",
            at=document.place(("kind",)),
        )
    try:
        model = StudentModel.model_validate(document.data)
    except ValidationError as error:
        found = [_fault(document, detail) for detail in error.errors(include_url=False)]
        raise StudentError(faults=together(unread, found)) from None
    faults = together(unread, _across_fields(document, model, today))
    if faults:
        raise StudentError(faults=faults)
    return _to_file(document, model, today)


def student_schema_text() -> str:
    """Return the JSON Schema of a student file, as it is committed for editors."""
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    schema = {**head, **StudentModel.model_json_schema()}
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def student_schema_path() -> Path:
    """Return the file of the committed schema."""
    return Path(str(files("prospectus").joinpath("data"))) / "schema" / "student.json"


def _to_file(document: Document, model: StudentModel, today: dt.date) -> StudentFile:
    start = model.matriculation or model.plan_from or today
    currency = min(model.money.currencies(), default=DEFAULT_CURRENCY)
    years = ((model.program or "", model.catalog_year),) if model.catalog_year else ()
    try:
        student = Student(
            name=model.name,
            matriculation=start,
            plan_from=model.plan_from or max(start, today),
            program=model.program,
            catalog_years=tuple((program, year) for program, year in years if year),
            choices=tuple(sorted(model.choices.items())),
            record=Record(
                milestones=tuple(block.to_domain() for block in model.milestones),
                approvals=tuple(sorted(model.approvals.items())),
                exceptions=tuple(block.to_domain() for block in model.exceptions),
            ),
            person=model.person(),
            wishes=model.all_wishes(currency),
        )
    except DomainError as error:
        raise StudentError(
            faults=[replace(fault, at=Place(file=document.file)) for fault in error.faults]
        ) from None
    return StudentFile(
        file=document.file,
        student=student,
        finished=tuple(block.to_domain() for block in model.finished),
        hours_by_season=_seasons(model.hours_per_week or ()),
        courses_by_season=_seasons(model.courses_per_period),
        credits_by_season=tuple(
            limit
            for limit in model.wishes.credits_per_term
            if limit.days is None and not limit.is_usual
        ),
        places_by_name=tuple(model.wishes.places()),
        named=tuple(model.wishes.named()),
        places=tuple(_places(document)),
    )


def _seasons(limits: Sequence[LimitByName]) -> tuple[LimitByName, ...]:
    return tuple(limit for limit in limits if limit.days is None and not limit.is_usual)


def _places(document: Document) -> Iterable[tuple[str, Place]]:
    """Yield the place of each field that only a programme can check."""
    for path in document.lines:
        if 1 <= len(path) <= 2:
            yield dotted(path), document.place(path)


def _across_fields(document: Document, model: StudentModel, today: dt.date) -> list[Fault]:
    """Return the faults that more than one field makes."""
    faults: list[Fault] = []

    def add(code: str, field: FieldPath, what: str, fix: str, on_page: str = "") -> None:
        at = document.place(field)
        faults.append(Fault(code=code, what=what, fix=fix, at=at, on_page=on_page))

    if model.matriculation is None and model.plan_from is None:
        add(
            "STU-003",
            ("matriculation",),
            "neither `matriculation` nor `plan_from` is given",
            "say from which day the studies can begin, such as `plan_from: 2026-08-24`",
        )
    if model.plan_from is not None and model.plan_from < today:
        add(
            "STU-009",
            ("plan_from",),
            f"the plan would begin on {model.plan_from}, which is past (today is {today})",
            "give a day from today on, or another day with --today",
            on_page="give a day from today on",
        )
    start = model.plan_from or max(model.matriculation or today, today)
    first = model.plan_from or model.matriculation
    if first is not None and first.year > today.year + _MOST_YEARS_AHEAD:
        add(
            "STU-019",
            ("plan_from" if model.plan_from else "matriculation",),
            f"the plan would begin on {first}, more than {_MOST_YEARS_AHEAD} years ahead, where no "
            "calendar reaches",
            f"give a day before {today.year + _MOST_YEARS_AHEAD + 1}",
        )
    if model.plan_from and model.matriculation and model.plan_from < model.matriculation:
        add(
            "STU-006",
            ("plan_from",),
            f"the plan would begin on {model.plan_from}, before matriculation "
            f"({model.matriculation})",
            "give `plan_from` no earlier than `matriculation`",
        )
    if model.deadline is not None and model.deadline <= start:
        add(
            "STU-006",
            ("deadline",),
            f"the deadline {model.deadline} lies before {start}, the first day that is planned",
            "give a later deadline or an earlier `plan_from`",
        )
    if model.gpa is not None and model.gpa > _HIGHEST_GPA:
        add(
            "STU-004",
            ("gpa",),
            f"a grade average of {model.gpa} lies above {_HIGHEST_GPA}",
            "give it as the programmes count it: A is 4",
        )
    currencies = model.money.currencies()
    if len(currencies) > 1:
        add(
            "STU-010",
            ("money",),
            f"amounts in {' and '.join(sorted(currencies))} stand in one file",
            "give all amounts in the currency that the programme bills",
        )
    for kind, one, other in (
        ("course", model.wanted.courses, model.unwanted.courses),
        ("topic", model.wanted.topics, model.unwanted.topics),
    ):
        for both in sorted(set(one) & set(other)):
            add(
                "STU-011",
                ("unwanted",),
                f"the {kind} {both} is both wanted and unwanted",
                "keep it in one of the two lists",
            )
    if model.catalog_year and not model.program:
        add(
            "STU-003",
            ("catalog_year",),
            "`catalog_year` is given without `program`",
            "name the programme whose rules you are held to",
        )
    if model.finished and not model.program:
        add(
            "STU-003",
            ("finished",),
            "finished courses are given without `program`",
            "name the programme whose record it is, such as `program: gatech-omscs`",
        )
    for level, words, has in (
        (Level.PREFERENCE, "preferences", bool(model.preferences)),
        (Level.TOXIC, "toxic_pairs", bool(model.toxic_pairs)),
        (Level.TRADE, "trade", bool(model.trade)),
    ):
        if level in model.objectives and not has:
            add(
                "STU-003",
                ("objectives",),
                f"`{level.value}` is an objective, but there are no `{words}`",
                f"add `{words}:`, or leave `{level.value}` out",
            )
    for index, block in enumerate(model.finished):
        if block.source.value == "waiver" and (block.credits or block.grade):
            add(
                "STU-004",
                ("finished", index),
                f"the waiver of {block.course} carries credits or a grade",
                "give a waiver neither",
            )
    return faults


def _fault(document: Document, detail: ErrorDetails) -> Fault:
    """Return the fault behind one of pydantic's complaints."""
    path = tuple(part for part in detail["loc"] if part != "[key]")
    kind, context, on_page = detail["type"], detail.get("ctx", {}), ""
    if kind.startswith("STU-"):
        code, what, fix = kind, str(context["what"]), str(context["fix"])
        on_page = str(context["on_page"])
    elif kind == "extra_forbidden":
        code, what = "STU-002", f"a student file has no field '{path[-1]}' here"
        fix = _nearest(str(path[-1]), _fields_at(path[:-1]))
        if _THREE_DIGITS.fullmatch(str(path[-1])):
            fix = "an amount with a comma stands in quotes, or without the comma: 5250"
    elif kind == "missing":
        code, what = "STU-003", f"the field '{path[-1]}' is missing"
        fix = "add `format: 1`" if path[-1] == "format" else f"add `{path[-1]}:`"
    elif kind in ("enum", "literal_error"):
        code, what = "STU-004", f"'{detail['input']}' is not one of the words for '{path[-1]}'"
        fix = f"write {context['expected']}"
    else:
        code, what = "STU-004", f"'{_short(detail['input'])}' does not fit the field '{path[-1]}'"
        fix = detail["msg"][0].lower() + detail["msg"][1:]
    return Fault(code=code, what=what, fix=fix, at=document.place(path), on_page=on_page)


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 40 else text[:37] + "..."


def _nearest(word: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    listed = "fields here: " + ", ".join(known) if known else "remove it"
    return f"did you mean '{near[0]}'?" if near else listed


def _fields_at(path: FieldPath) -> list[str]:
    """Return the field names of the block at a path of the file."""
    model: type[BaseModel] = StudentModel
    for part in path:
        if isinstance(part, int):
            continue
        field = model.model_fields.get(part)
        inner = None if field is None else _block_in(field.annotation)
        if inner is None:
            return []
        model = inner
    return list(model.model_fields)


def _block_in(annotation: object) -> type[BaseModel] | None:
    """Return the block inside a field's type: itself, an option, or a list's item."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in (list, Union, UnionType, Annotated):
        found = (_block_in(part) for part in get_args(annotation))
        return next((block for block in found if block is not None), None)
    return None


if __name__ == "__main__":
    student_schema_path().write_text(student_schema_text(), encoding="utf-8")
