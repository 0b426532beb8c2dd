"""Student documents by the API."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.responses import Response

from prospectus.app.workspace import KeptStudent
from prospectus.web.api.answers import (
    ASKING,
    CHANGING,
    Answer,
    AskedVersion,
    Id,
    Name,
    Removed,
    Sent,
    Version,
    answered,
)
from prospectus.web.asked import AskedWorkspace

router = APIRouter(prefix="/students", tags=["students"])

_MOST_TEXT = 200_000

Text = Annotated[
    str,
    Field(
        max_length=_MOST_TEXT, description="The document as YAML, as docs/student-file.md has it."
    ),
]


class StudentLine(BaseModel):
    """A student document in a list."""

    id: str
    name: str
    version: int
    created: dt.datetime
    changed: dt.datetime


class StudentOut(StudentLine):
    """A student document; a draft may hold faults, and is kept all the same."""

    text: str


class NewStudent(Sent):
    """A document to keep."""

    name: Name
    text: Text


class ChangedStudent(NewStudent):
    """A document to save anew."""

    version: Version


def _line(kept: KeptStudent) -> StudentLine:
    return StudentLine(
        id=kept.id,
        name=kept.name,
        version=kept.version,
        created=kept.created,
        changed=kept.changed,
    )


def _answer(kept: KeptStudent) -> Answer[StudentOut]:
    return answered("student", StudentOut(**_line(kept).model_dump(), text=kept.text))


@router.get("", summary="List the documents", responses=ASKING)
def list_students(workspace: AskedWorkspace) -> Answer[list[StudentLine]]:
    """List the student documents, the one that was changed last first."""
    return answered("students", [_line(kept) for kept in workspace.students.all()])


@router.post("", summary="Keep a document", status_code=201, responses=CHANGING)
def new_student(workspace: AskedWorkspace, sent: NewStudent) -> Answer[StudentOut]:
    """Keep a new student document, as it is."""
    return _answer(workspace.students.add(sent.name, sent.text))


@router.get("/{student}", summary="Read a document", responses=ASKING)
def show_student(workspace: AskedWorkspace, student: Id) -> Answer[StudentOut]:
    """Return a student document."""
    return _answer(workspace.students.get(student))


@router.get(
    "/{student}/yaml",
    summary="Download a document",
    responses={
        **ASKING,
        200: {"description": "The file.", "content": {"application/yaml": {}}},
    },
    response_class=Response,
)
def download_student(workspace: AskedWorkspace, student: Id) -> Response:
    """Return a student document as the file that the command line reads."""
    kept = workspace.students.get(student)
    return Response(
        kept.text,
        media_type="application/yaml",
        headers={"content-disposition": 'attachment; filename="student.yaml"'},
    )


@router.put("/{student}", summary="Save a document anew", responses=CHANGING)
def replace_student(
    workspace: AskedWorkspace, student: Id, sent: ChangedStudent
) -> Answer[StudentOut]:
    """Save a document anew, if it still has the version that was edited."""
    return _answer(
        workspace.students.replace(student, name=sent.name, text=sent.text, version=sent.version)
    )


@router.delete("/{student}", summary="Remove a document", responses=CHANGING)
def remove_student(
    workspace: AskedWorkspace, student: Id, version: AskedVersion
) -> Answer[Removed]:
    """Remove a document with its boards; records stay."""
    workspace.students.remove(student, version=version)
    return answered("removed", Removed(id=student))
