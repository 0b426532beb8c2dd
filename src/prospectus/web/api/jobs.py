"""Long work by the API: how far it is, what came of it."""

from __future__ import annotations

import datetime as dt
import json
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, JsonValue

from prospectus.app.document import fault_document
from prospectus.app.workspace import Job
from prospectus.web.api.answers import ASKING, CHANGING, Answer, FaultOut, Id, Sent, answered
from prospectus.web.asked import AskedWorkspace

router = APIRouter(prefix="/jobs", tags=["jobs"])


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
    """A piece of work with what came of it; null until it is done."""

    result: JsonValue


class Cancel(Sent):
    """Nothing has to be said."""


def _out(job: Job) -> JobOut:
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
    return answered("jobs", [_out(job) for job in workspace.jobs.recent(most)])


@router.get("/{job}", summary="Read how far a job is", responses=ASKING)
def show_job(workspace: AskedWorkspace, job: Id) -> Answer[JobWithResult]:
    """Return a job as it now stands, with its result once it is done."""
    found = _out(workspace.jobs.get(job))
    text = workspace.jobs.result(job)
    result = None if text is None else json.loads(text)
    return answered("job", JobWithResult(**found.model_dump(), result=result))


@router.post("/{job}/cancel", summary="Cancel a job", responses=CHANGING)
def cancel_job(workspace: AskedWorkspace, job: Id, sent: Cancel) -> Answer[JobOut]:
    """Cancel a job that waits, and ask one that runs to stop; one that has ended stays as it is."""
    return answered("job", _out(workspace.jobs.ask_to_stop(job)))
