"""Long work: how far it is, and its end."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Header, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from prospectus.app.compare_work import KIND as COMPARE
from prospectus.app.front_work import KIND as FRONT
from prospectus.app.workspace import Job
from prospectus.web.asked import AskedRendering, AskedWorkspace
from prospectus.web.jobs import event_id, events
from prospectus.web.pages.compare import compare_address
from prospectus.web.pages.front import others_address
from prospectus.web.rendering import is_fragment, turn_to

router = APIRouter(prefix="/jobs", tags=["pages"], include_in_schema=False)

_TITLES = {COMPARE: "Comparing the programmes", FRONT: "Looking for other plans"}
_BACK = {COMPARE: "To the comparison", FRONT: "To the other plans"}


@dataclass(frozen=True, slots=True, kw_only=True)
class JobPage:
    """One job; `result` is the page that shows what it found ("" for none), `back` its name."""

    title: str
    job: Job
    address: str
    result: str
    back: str


@router.get("/{job}")
def show_job(
    request: Request, workspace: AskedWorkspace, rendering: AskedRendering, job: str
) -> Response:
    """Show how far a job is."""
    found = workspace.jobs.get(job)
    page = JobPage(
        title=_TITLES.get(found.kind, "Working"),
        job=found,
        address=f"/jobs/{found.id}",
        result=_result_of(found),
        back=_BACK.get(found.kind, ""),
    )
    return rendering.page(request, "job.html", page, block="work")


@router.get("/{job}/events")
async def show_events(
    request: Request,
    workspace: AskedWorkspace,
    job: str,
    last_event_id: Annotated[str, Header()] = "",
) -> Response:
    """Tell how far a job is, as it goes on."""
    found = await run_in_threadpool(workspace.jobs.get, job)
    if found.state.is_final and last_event_id == event_id(found):
        # what tells a browser not to ask again
        return Response(status_code=HTTPStatus.NO_CONTENT)
    told = events(workspace.jobs, job, request.app.state.closing, last_event_id)
    return StreamingResponse(
        told, media_type="text/event-stream", headers={"x-accel-buffering": "no"}
    )


@router.post("/{job}/cancel")
def cancel(
    request: Request, workspace: AskedWorkspace, job: str, back: Annotated[str, Form()] = ""
) -> Response:
    """Ask a job to stop."""
    found = workspace.jobs.ask_to_stop(job)
    if is_fragment(request):
        # the page hears of the end by itself, and what was typed in it stays
        headers = {"HX-Trigger": json.dumps({"said": "Stopping."})}
        return Response(status_code=HTTPStatus.NO_CONTENT, headers=headers)
    is_ours = back.startswith("/") and not back.startswith(("//", "/\\"))
    return turn_to(request, back if is_ours else f"/jobs/{found.id}")


def _result_of(job: Job) -> str:
    """Return the page that shows what a job found."""
    said = {key: str(value) for key, value in job.params.items()}
    if job.kind == FRONT:
        return others_address(said.get("board", ""))
    if job.kind != COMPARE:
        return ""
    return compare_address(
        said.get("student", ""),
        hours=said.get("hours", ""),
        total=said.get("total", ""),
        per_year=said.get("per_year", ""),
        start=said.get("start", ""),
    )
