"""Programmes: their rules in plain words with sources, their courses, and what they teach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from prospectus.app.catalog_answers import ProgramLine
from prospectus.app.program_work import CourseView, ProgramView, TrackTopics
from prospectus.web.asked import AskedDay, AskedPrograms, AskedRendering

router = APIRouter(prefix="/programmes", tags=["pages"], include_in_schema=False)

Year = Annotated[str, Query(max_length=40)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammesPage:
    """The programmes of which the name, the school or the id holds what is searched for."""

    title: str
    asked: str
    only_complete: bool
    lines: tuple[ProgramLine, ...]
    n_all: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammePage:
    """One programme; `year` is that of the address, "" for the newest."""

    title: str
    view: ProgramView
    topics: tuple[TrackTopics, ...]
    year: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CoursePage:
    """One course, as students of a programme meet it."""

    title: str
    view: CourseView
    year: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicsPage:
    """What one track of a programme teaches."""

    title: str
    program: str
    name: str
    one: TrackTopics
    year: str


@router.get("")
def list_programmes(
    request: Request,
    programs: AskedPrograms,
    rendering: AskedRendering,
    q: Annotated[str, Query(max_length=200)] = "",
    complete: Annotated[str, Query(max_length=10)] = "",
) -> Response:
    """Show the programmes, or those that are searched for."""
    found = programs.found(q, only_complete=bool(complete))
    page = ProgrammesPage(
        title="Programmes",
        asked=q,
        only_complete=bool(complete),
        lines=found,
        n_all=len(programs.lines()),
    )
    return rendering.page(request, "programmes.html", page)


@router.get("/{program}")
def show_programme(
    request: Request,
    programs: AskedPrograms,
    rendering: AskedRendering,
    today: AskedDay,
    program: str,
    year: Year = "",
) -> Response:
    """Show a programme."""
    view = programs.view(program, year, today)
    page = ProgrammePage(
        title=view.answer.name,
        view=view,
        topics=programs.topics(program, year, today),
        year=year,
    )
    return rendering.page(request, "programme.html", page)


@router.get("/{program}/topics")
def show_topics(
    request: Request,
    programs: AskedPrograms,
    rendering: AskedRendering,
    today: AskedDay,
    program: str,
    track: Annotated[str, Query(max_length=200)] = "",
    year: Year = "",
) -> Response:
    """Show what one track teaches; what nobody asked before is worked out, which takes a while."""
    state = request.app.state
    one = programs.worked_out(program, year, track, today, state.apart, state.settings.catalogs)
    name = programs.view(program, year, today).answer.name
    page = TopicsPage(
        title=f"What {one.track.name or name} teaches",
        program=program,
        name=name,
        one=one,
        year=year,
    )
    return rendering.page(request, "programme_topics.html", page, block="topics")


@router.get("/{program}/courses/{code}")
def show_course(
    request: Request,
    programs: AskedPrograms,
    rendering: AskedRendering,
    today: AskedDay,
    program: str,
    code: str,
    year: Year = "",
) -> Response:
    """Show a course of a programme."""
    view = programs.course(program, code, year, today)
    page = CoursePage(title=f"{view.answer.code} {view.answer.title}".strip(), view=view, year=year)
    return rendering.page(request, "course.html", page)
