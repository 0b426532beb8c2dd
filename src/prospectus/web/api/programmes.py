"""The catalog by the API."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from prospectus.app.catalog_views import program_answer, programs_of, show_course
from prospectus.web.api.answers import (
    ASKING,
    MOST_NAME,
    Answer,
    Id,
    JsonObject,
    answered,
    json_object,
)
from prospectus.web.asked import AskedDay, AskedLibrary

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


@router.get("", summary="List the programmes", responses=ASKING)
def list_programmes(library: AskedLibrary) -> Answer[list[ProgrammeLine]]:
    """List the programmes, in the order of their ids."""
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
        for line in programs_of(library)
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
