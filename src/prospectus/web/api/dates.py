"""What a board is for other programs: the dates of its plan, and the plan as a file."""

from __future__ import annotations

import datetime as dt

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import Response

from prospectus.app.board_calendar import BoardCalendar, board_calendar
from prospectus.web.api.answers import ASKING, Answer, Id, Responses, answered
from prospectus.web.api.boards import Work
from prospectus.web.asked import AskedDay, AskedWorkspace

router = APIRouter(prefix="/boards", tags=["boards"])


class EventOut(BaseModel):
    """Something with a day; live sessions of a month are told in one line."""

    day: dt.date
    when: str
    text: str
    note: str
    is_sure: bool


class CalendarOut(BaseModel):
    """The dates of a board in time order.

    `zone` is the clock in which live sessions are told, null for each school's own;
    `without_hour` are courses taught live at hours that no source gives, `unknown` is what has no
    day, and `n_broken` rules and wishes are broken by the plan.
    """

    board: str
    program: str
    zone: str | None
    events: list[EventOut]
    without_hour: list[str]
    unknown: list[str]
    n_broken: int


def _file(kind: str) -> Responses:
    return {**ASKING, 200: {"description": "The file.", "content": {kind: {}}}}


def _calendar(
    request: Request, workspace: AskedWorkspace, today: dt.date, board: str
) -> BoardCalendar:
    return board_calendar(workspace, board, today, request.app.state.settings.catalogs)


@router.get("/{board}/calendar", summary="Read the dates of a board", responses=ASKING)
def show_dates(
    request: Request, workspace: AskedWorkspace, today: AskedDay, board: Id
) -> Answer[CalendarOut]:
    """Return the dates of a board: periods, live sessions, fees, deadlines."""
    found = _calendar(request, workspace, today, board)
    told = CalendarOut(
        board=found.kept.id,
        program=found.program,
        zone=found.zone,
        events=[
            EventOut(day=one.day, when=one.when, text=one.text, note=one.note, is_sure=one.is_sure)
            for month in found.months
            for one in month.entries
        ],
        without_hour=list(found.without_hour),
        unknown=list(found.unknown),
        n_broken=found.n_broken,
    )
    return answered("calendar", told)


@router.get(
    "/{board}/calendar.ics",
    summary="Download the dates of a board",
    responses=_file("text/calendar"),
    response_class=Response,
)
def download_dates(
    request: Request, workspace: AskedWorkspace, today: AskedDay, board: Id
) -> Response:
    """Return the dates of a board as iCalendar (RFC 5545)."""
    return Response(
        _calendar(request, workspace, today, board).file,
        media_type="text/calendar",
        headers={"content-disposition": 'attachment; filename="plan.ics"'},
    )


@router.get(
    "/{board}/plan",
    summary="Download the plan on a board",
    responses=_file("application/json"),
    response_class=Response,
)
def download_plan(work: Work, board: Id) -> Response:
    """Return the plan as `prospectus plan --json` writes it, for `audit` and `plan --from`."""
    return Response(
        work.document(board),
        media_type="application/json",
        headers={"content-disposition": 'attachment; filename="plan.json"'},
    )
