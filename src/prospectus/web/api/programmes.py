"""The catalog by the API."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel

from prospectus.app.catalog_views import program_answer, show_course
from prospectus.app.program_work import TrackTopics
from prospectus.web.api.answers import (
    ASKING,
    MOST_NAME,
    Answer,
    Id,
    JsonObject,
    answered,
    json_object,
)
from prospectus.web.asked import AskedDay, AskedLibrary, AskedPrograms

router = APIRouter(prefix="/programmes", tags=["programmes"])

Year = Annotated[
    str, Query(max_length=MOST_NAME, description="The catalogue year; the newest without one.")
]


class TrackOut(BaseModel):
    """A track of a programme."""

    id: str
    name: str


class ProgrammeLine(BaseModel):
    """A programme of the catalog; `completeness` says whether it can be planned."""

    id: str
    name: str
    school: str
    catalog_years: list[str]
    completeness: str
    tracks: list[TrackOut]
    as_of: str


class CourseNode(BaseModel):
    """A course of the graph: `term` is the earliest in which it can stand, counted from 1."""

    code: str
    title: str
    term: int
    blocks: list[str]


class CourseEdge(BaseModel):
    """A course that another one asks: `required before`, `one of several beside`, and so on."""

    first: str
    then: str
    text: str


class GraphOut(BaseModel):
    """What the courses of a programme ask of each other; `finding` says it in a sentence."""

    finding: str
    courses: list[CourseNode]
    edges: list[CourseEdge]
    outside: list[CourseEdge]


class TopicOut(BaseModel):
    """A topic: guaranteed, possible, if it runs, unknown courses, impossible or undecided."""

    id: str
    label: str
    area: str
    state: str


class TopicsOut(BaseModel):
    """What every, some or no completion of a track brings; `why_not` where nothing is decided."""

    track: str
    topics: list[TopicOut]
    share: str
    unknown_courses: list[str]
    why_not: str


class RunOut(BaseModel):
    """One statement of when a course runs; `seen` are the single periods on record."""

    when: str
    known: str
    seen: list[str]
    note: str
    sessions: str
    taught: str
    live: list[str]
    seats: str
    sources: list[str]
    as_of: str


class ComingOut(BaseModel):
    """A term of the next two years: how sure it is that the course runs, empty for unknown."""

    term: str
    known: str
    begins: list[str]


class OfferingsOut(BaseModel):
    """When a course ran, and when it will."""

    history: list[RunOut]
    coming: list[ComingOut]


@router.get("", summary="List the programmes", responses=ASKING)
def list_programmes(
    programs: AskedPrograms,
    q: Annotated[
        str, Query(max_length=MOST_NAME, description="Words of name, school, id or tracks.")
    ] = "",
    complete: Annotated[bool, Query(description="Only those that can be planned.")] = False,
) -> Answer[list[ProgrammeLine]]:
    """List the programmes by school and name, or those that are searched for."""
    lines = [
        ProgrammeLine(
            id=line.id,
            name=line.name,
            school=line.school,
            catalog_years=list(line.catalog_years),
            completeness=line.completeness.value,
            tracks=[TrackOut(id=id, name=name) for id, name in line.tracks],
            as_of=line.as_of,
        )
        for line in programs.found(q, only_complete=complete)
    ]
    return answered("programs", lines)


@router.get("/{programme}", summary="Read a programme's rules", responses=ASKING)
def show_programme(
    library: AskedLibrary, today: AskedDay, programme: Id, year: Year = ""
) -> Answer[JsonObject]:
    """Return rules and facts in plain words with their sources, as `prospectus show --json` does.

    What the tracks teach (`reaches`) is left out: working it out takes the solver.
    """
    answer = program_answer(library, library.named(programme, year or None), today)
    return answered("show", json_object(answer))


@router.get("/{programme}/courses/{course}", summary="Read of a course", responses=ASKING)
def show_programme_course(
    library: AskedLibrary, today: AskedDay, programme: Id, course: Id, year: Year = ""
) -> Answer[JsonObject]:
    """Return what is known of a course, as `prospectus show --course --json` does."""
    answer = show_course(programme, course, year or None, today=today, library=library)
    return answered("course", json_object(answer))


@router.get("/{programme}/graph", summary="Read what courses ask of each other", responses=ASKING)
def show_graph(
    programs: AskedPrograms, today: AskedDay, programme: Id, year: Year = ""
) -> Answer[GraphOut]:
    """Return the curriculum graph: prerequisites of the courses that count."""
    graph = programs.view(programme, year, today).graph
    told = GraphOut(
        finding=graph.finding,
        courses=[
            CourseNode(
                code=str(one.code),
                title=one.title,
                term=one.term,
                blocks=[str(code) for code in one.blocks],
            )
            for one in graph.vertices
        ],
        edges=[
            CourseEdge(first=str(one.first), then=str(one.then), text=one.words)
            for one in graph.edges
        ],
        outside=[
            CourseEdge(first=str(one.first), then=str(one.then), text=one.words)
            for one in graph.outside
        ],
    )
    return answered("graph", told)


@router.get("/{programme}/topics", summary="Read what a track teaches", responses=ASKING)
def show_topics(
    request: Request,
    programs: AskedPrograms,
    today: AskedDay,
    programme: Id,
    track: Annotated[
        str, Query(max_length=MOST_NAME, description="The id of a track; empty for none.")
    ] = "",
    year: Year = "",
) -> Answer[TopicsOut]:
    """Return what each completion of a track brings; what nobody asked before is worked out."""
    state = request.app.state
    found = programs.worked_out(programme, year, track, today, state.apart, state.settings.catalogs)
    return answered("topics", _topics(found))


@router.get(
    "/{programme}/courses/{course}/offerings", summary="Read when a course runs", responses=ASKING
)
def show_offerings(
    programs: AskedPrograms, today: AskedDay, programme: Id, course: Id, year: Year = ""
) -> Answer[OfferingsOut]:
    """Return each statement of when a course runs, and what follows for the next two years."""
    view = programs.course(programme, course, year, today)
    history = [
        RunOut(
            when=one.when,
            known=one.known,
            seen=list(one.seen),
            note=one.note,
            sessions=one.sessions,
            taught=one.taught,
            live=list(one.live),
            seats=one.seats,
            sources=list(one.provenance.sources),
            as_of=one.provenance.as_of or "",
        )
        for one in view.history
    ]
    coming = [
        ComingOut(term=one.term, known=one.known, begins=list(one.begins)) for one in view.coming
    ]
    return answered("offerings", OfferingsOut(history=history, coming=coming))


def _topics(found: TrackTopics) -> TopicsOut:
    reach = found.reach
    areas = () if reach is None else reach.areas
    return TopicsOut(
        track=found.track.id or "",
        topics=[
            TopicOut(id=one.id, label=one.label, area=line.area.label, state=one.state)
            for line in areas
            for one in line.topics
        ],
        share=found.share,
        unknown_courses=[] if reach is None else [str(code) for code in reach.unknown_courses],
        why_not="" if reach is None else reach.why_not,
    )
