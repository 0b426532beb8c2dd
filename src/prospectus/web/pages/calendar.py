"""Calendars: the dates of a plan board, as a page and as a feed for other programs."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from prospectus.app.board_calendar import BoardCalendar, board_calendar
from prospectus.web.asked import AskedDay, AskedRendering, AskedWorkspace

router = APIRouter(prefix="/boards", tags=["pages"], include_in_schema=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarPage:
    """The dates of one board."""

    title: str
    calendar: BoardCalendar


@router.get("/{board}/calendar")
def show_calendar(
    request: Request,
    workspace: AskedWorkspace,
    rendering: AskedRendering,
    today: AskedDay,
    board: str,
) -> Response:
    """Show the dates of a board by month."""
    found = board_calendar(workspace, board, today, request.app.state.settings.catalogs)
    page = CalendarPage(title=f"Calendar of {found.kept.name}", calendar=found)
    return rendering.page(request, "calendar.html", page)


@router.get("/{board}/calendar.ics")
def calendar_feed(
    request: Request, workspace: AskedWorkspace, today: AskedDay, board: str
) -> Response:
    """Return the dates of a board as iCalendar (RFC 5545)."""
    found = board_calendar(workspace, board, today, request.app.state.settings.catalogs)
    return Response(
        found.file,
        media_type="text/calendar; charset=utf-8",
        headers={"content-disposition": 'inline; filename="plan.ics"'},
    )
