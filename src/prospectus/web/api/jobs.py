"""Long work by the API: how far it is, what came of it."""

from __future__ import annotations

import datetime as dt
import json
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field, JsonValue

from prospectus.app.compare_work import CompareWork, Otherwise
from prospectus.app.document import fault_document
from prospectus.app.workspace import Job
from prospectus.domain.errors import StudentError
from prospectus.web.api.answers import (
    ASKING,
    CHANGING,
    Answer,
    FaultOut,
    Id,
    Name,
    Nothing,
    Sent,
    answered,
)
from prospectus.web.asked import AskedDay, AskedWorkspace

router = APIRouter(prefix="/jobs", tags=["jobs"])
of_students = APIRouter(prefix="/students", tags=["students"])


class JobOut(BaseModel):
    """A piece of work: `done` of `total` steps are done (0 of 0 where nobody knows)."""

    id: str
    kind: str
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    done: int
    total: int
    said: str
    errors: list[FaultOut]
    asked_to_stop: bool
    created: dt.datetime
    changed: dt.datetime


class JobWithResult(JobOut):
    """A piece of work with what came of it: in part while it runs, null before."""

    result: JsonValue


class Asked(Sent):
    """A question that is answered by a job."""

    again: Annotated[bool, Field(description="Begin anew what failed or was stopped.")] = False


class Compared(Asked):
    """What is supposed other than the document says, as it would be typed; empty leaves it."""

    hours: Name = ""
    total: Name = ""
    per_year: Name = ""
    start: Name = ""


def job_out(job: Job) -> JobOut:
    """Return a job without its result."""
    return JobOut(
        id=job.id,
        kind=job.kind,
        state=job.state.value,
        done=job.done,
        total=job.total,
        said=job.said,
        errors=[FaultOut.model_validate(fault_document(fault)) for fault in job.faults],
        asked_to_stop=job.asked_to_stop,
        created=job.created,
        changed=job.changed,
    )


@router.get("", summary="List the newest jobs", responses=ASKING)
def list_jobs(
    workspace: AskedWorkspace, most: Annotated[int, Query(ge=1, le=200)] = 20
) -> Answer[list[JobOut]]:
    """List the newest jobs, the newest first."""
    return answered("jobs", [job_out(job) for job in workspace.jobs.recent(most)])


@router.get("/{job}", summary="Read how far a job is", responses=ASKING)
def show_job(workspace: AskedWorkspace, job: Id) -> Answer[JobWithResult]:
    """Return a job as it now stands; `/jobs/{job}/events` tells the same as it goes on."""
    found = job_out(workspace.jobs.get(job))
    text = workspace.jobs.result(job)
    result = None if text is None else json.loads(text)
    return answered("job", JobWithResult(**found.model_dump(), result=result))


@of_students.post(
    "/{student}/compare", summary="Compare all programmes", status_code=202, responses=CHANGING
)
def compare(
    request: Request, workspace: AskedWorkspace, today: AskedDay, student: Id, sent: Compared
) -> Answer[JobOut]:
    """Return the job that compares all programmes; the same question is asked once."""
    work = CompareWork(
        workspace=workspace, today=today, catalogs=request.app.state.settings.catalogs
    )
    otherwise = Otherwise(
        hours=sent.hours, total=sent.total, per_year=sent.per_year, start=sent.start
    )
    found = work.look(student, otherwise, again=sent.again)
    if found.job is None:
        raise StudentError(faults=found.document_faults or found.faults)
    return answered("job", job_out(found.job))


@router.post("/{job}/cancel", summary="Cancel a job", responses=CHANGING)
def cancel_job(workspace: AskedWorkspace, job: Id, sent: Nothing) -> Answer[JobOut]:
    """Cancel a job that waits, and ask one that runs to stop; one that has ended stays as it is."""
    return answered("job", job_out(workspace.jobs.ask_to_stop(job)))
