"""Student documents field by field: the form of the pages, finished courses, a record taken."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Query
from pydantic import BaseModel, Field

from prospectus.app.document import fault_document
from prospectus.app.student_form import GroupView
from prospectus.app.student_form_finished import FinishedLine
from prospectus.app.student_work import StudentState
from prospectus.web.api.answers import (
    ASKING,
    CHANGING,
    MOST_NAME,
    Answer,
    AskedVersion,
    FaultOut,
    Id,
    Name,
    Sent,
    Version,
    answered,
)
from prospectus.web.asked import AskedDocuments

router = APIRouter(prefix="/students", tags=["students"])

_MOST_FIELDS = 300
_MOST_WORDS = 100_000

Words = Annotated[str, Field(max_length=_MOST_WORDS)]


class OptionOut(BaseModel):
    """What a choice offers: what is sent, and what it is called."""

    value: str
    words: str


class FieldOut(BaseModel):
    """A field as the page shows it; a locked one says more than a field can show."""

    key: str
    label: str
    hint: str
    value: str
    options: list[OptionOut]
    is_locked: bool
    faults: list[FaultOut]


class GroupOut(BaseModel):
    """Fields that belong together."""

    id: str
    title: str
    about: str
    fields: list[FieldOut]


class FinishedOut(BaseModel):
    """A finished course as the document has it."""

    index: int
    course: str
    title: str
    period: str
    grade: str
    status: str
    source: str


class FormOut(BaseModel):
    """A document as a form: `faults` is all that is wrong with it, `other` what has no field."""

    id: str
    name: str
    version: int
    said: str
    groups: list[GroupOut]
    finished: list[FinishedOut]
    faults: list[FaultOut]
    other: list[str]


class FilledIn(Sent):
    """Fields by their key, as they would be typed; a field that is not sent stays as it is."""

    version: Version
    fields: Annotated[dict[Name, Words], Field(max_length=_MOST_FIELDS)]


class FinishedCourse(Sent):
    """A finished course to add, as it would be typed; empty where nothing is to be said."""

    version: Version
    course: Name
    period: Name = ""
    grade: Name = ""
    expected_grade: Name = ""
    status: Name = ""
    source: Name = ""
    credits: Name = ""


class CourseFound(BaseModel):
    """A course of the school at which the person studies."""

    code: str
    title: str


@router.get("/{student}/form", summary="Read a document as a form", responses=ASKING)
def show_form(work: AskedDocuments, student: Id) -> Answer[FormOut]:
    """Return the fields of a document with what they say, and all that is wrong with it."""
    return answered("form", _out(work.open(student)))


@router.patch("/{student}/form", summary="Fill in fields of a document", responses=CHANGING)
def fill_in(work: AskedDocuments, student: Id, sent: FilledIn) -> Answer[FormOut]:
    """Keep what fields say; what cannot be kept is among the faults of its field, with STU-024."""
    return answered("form", _out(work.save(student, sent.version, sent.fields)))


@router.get("/{student}/courses", summary="Search for a course", responses=ASKING)
def search_courses(
    work: AskedDocuments,
    student: Id,
    q: Annotated[str, Query(max_length=MOST_NAME, description="A part of code or title.")],
) -> Answer[list[CourseFound]]:
    """Return courses of the school at which the person studies, at most 20."""
    found = work.search(student, q)
    return answered("courses", [CourseFound(code=str(one.code), title=one.title) for one in found])


@router.post("/{student}/finished", summary="Add a finished course", responses=CHANGING)
def add_finished(work: AskedDocuments, student: Id, sent: FinishedCourse) -> Answer[FormOut]:
    """Add a finished course to a document."""
    line = sent.model_dump(exclude={"version"})
    return answered("form", _out(work.add_finished(student, sent.version, line)))


@router.delete(
    "/{student}/finished/{index}", summary="Remove a finished course", responses=CHANGING
)
def remove_finished(
    work: AskedDocuments,
    student: Id,
    index: int,
    version: AskedVersion,
    course: Annotated[str, Query(max_length=MOST_NAME, description="The course that it is.")],
) -> Answer[FormOut]:
    """Remove the finished course of an index, if it is this one; else nothing is changed."""
    return answered("form", _out(work.remove_finished(student, version, index, course)))


@router.post("/{student}/finished/record", summary="Take a record over", responses=CHANGING)
def take_record(
    work: AskedDocuments,
    student: Id,
    content: Annotated[bytes, Body(media_type="application/octet-stream")],
    version: AskedVersion,
    file_name: Annotated[
        str,
        Query(
            max_length=MOST_NAME,
            description="Its ending says how the file is read: .csv, .xml, .yaml, .json, .parquet.",
        ),
    ],
    program: Annotated[
        str, Query(max_length=MOST_NAME, description="The programme, where none is said yet.")
    ] = "",
) -> Answer[FormOut]:
    """Add the courses of a record that the document does not have; the body is the file."""
    return answered("form", _out(work.take_record(student, version, file_name, content, program)))


def _out(state: StudentState) -> FormOut:
    form = state.form
    return FormOut(
        id=state.kept.id,
        name=state.kept.name,
        version=state.kept.version,
        said=state.said,
        groups=[_group(one) for one in (*form.questions, form.studies, *form.more)],
        finished=[_finished(one) for one in state.finished],
        faults=[FaultOut.model_validate(fault_document(fault)) for fault, _ in form.faults],
        other=list(form.other),
    )


def _group(view: GroupView) -> GroupOut:
    return GroupOut(
        id=view.group.id,
        title=view.group.title,
        about=view.group.about,
        fields=[
            FieldOut(
                key=one.field.key,
                label=one.field.label,
                hint=one.field.hint,
                value=one.value,
                options=[OptionOut(value=value, words=words) for value, words in one.field.options],
                is_locked=one.is_locked,
                faults=[FaultOut.model_validate(fault_document(fault)) for fault in one.faults],
            )
            for one in view.fields
        ],
    )


def _finished(line: FinishedLine) -> FinishedOut:
    return FinishedOut(
        index=line.index,
        course=line.course,
        title=line.title,
        period=line.period,
        grade=line.grade,
        status=line.status,
        source=line.source,
    )
