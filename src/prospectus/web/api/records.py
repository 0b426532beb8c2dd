"""Records of study and their audits by the API."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Body, Depends, Query
from pydantic import BaseModel

from prospectus.app.record_work import RecordWork
from prospectus.app.workspace import KeptRecord
from prospectus.web.api.answers import (
    ASKING,
    CHANGING,
    MOST_NAME,
    Answer,
    AskedVersion,
    Id,
    JsonObject,
    Removed,
    answered,
    json_object,
)
from prospectus.web.asked import AskedDay, AskedLibrary, AskedWorkspace

router = APIRouter(prefix="/records", tags=["records"])

_MOST_SUPPOSED = 20


class RecordOut(BaseModel):
    """What is known of an uploaded record."""

    id: str
    name: str
    file_name: str
    kind: str
    program: str
    student: str | None
    version: int
    created: dt.datetime


def _work(workspace: AskedWorkspace, library: AskedLibrary, today: AskedDay) -> RecordWork:
    return RecordWork(workspace=workspace, library=library, today=today)


Work = Annotated[RecordWork, Depends(_work)]
AskedName = Annotated[str, Query(max_length=MOST_NAME)]


def _out(kept: KeptRecord) -> RecordOut:
    return RecordOut(
        id=kept.id,
        name=kept.name,
        file_name=kept.file_name,
        kind=kept.kind,
        program=kept.program,
        student=kept.student_id,
        version=kept.version,
        created=kept.created,
    )


@router.get("", summary="List the records", responses=ASKING)
def list_records(workspace: AskedWorkspace) -> Answer[list[RecordOut]]:
    """List the uploaded records."""
    return answered("records", [_out(kept) for kept in workspace.records.all()])


@router.post("", summary="Upload a record", status_code=201, responses=CHANGING)
def new_record(
    work: Work,
    content: Annotated[bytes, Body(media_type="application/octet-stream")],
    file_name: Annotated[
        str,
        Query(
            max_length=MOST_NAME,
            description="Its ending says how the file is read: .csv, .xml, .yaml, .json, .parquet.",
        ),
    ],
    program: AskedName = "",
    student: AskedName = "",
    name: AskedName = "",
) -> Answer[RecordOut]:
    """Keep a record, if it can be audited; the body is the file, byte for byte."""
    return answered("record", _out(work.add(name, file_name, content, program, student)))


@router.get("/{record}", summary="Read what is known of a record", responses=ASKING)
def show_record(workspace: AskedWorkspace, record: Id) -> Answer[RecordOut]:
    """Return what is known of a record."""
    return answered("record", _out(workspace.records.get(record)))


@router.get("/{record}/audit", summary="Audit a record", responses=ASKING)
def audit_record(
    work: Work,
    record: Id,
    suppose: Annotated[
        list[Annotated[str, Query(max_length=MOST_NAME)]],
        Query(max_length=_MOST_SUPPOSED, description="As --what-if takes it: `add=CS 7641`."),
    ] = [],  # noqa: B006  # never changed
    under: Annotated[
        str, Query(max_length=MOST_NAME, description="The id of another programme.")
    ] = "",
    every_choice: Annotated[bool, Query(description="Rank every track.")] = False,
) -> Answer[JsonObject]:
    """Return the audit, as `prospectus audit --json` prints it (docs/audit.md)."""
    asked = (*suppose, *((f"program={under}",) if under else ()))
    _, answer = work.audit(record, asked, all_choices=every_choice)
    return answered("audit", json_object(answer))


@router.delete("/{record}", summary="Forget a record", responses=CHANGING)
def remove_record(workspace: AskedWorkspace, record: Id, version: AskedVersion) -> Answer[Removed]:
    """Forget a record."""
    workspace.records.remove(record, version=version)
    return answered("removed", Removed(id=record))
