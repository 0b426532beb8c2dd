"""What the catalog holds: the list of programmes, and one programme's rules in words."""

from __future__ import annotations

from pathlib import Path

from prospectus.app.answers import ProgramAnswer, ProgramLine
from prospectus.app.describe import describe
from prospectus.app.library import open_library
from prospectus.app.options import tracks
from prospectus.app.topics import topics_of


def list_programs(catalogs: tuple[Path, ...] = ()) -> tuple[ProgramLine, ...]:
    """Return every programme, in the order of their ids.

    Raises
    ------
    CatalogError
        With all faults of the catalog.
    """
    library = open_library(catalogs)
    lines = []
    for name in library.ids():
        years = library.years(name)
        program = library.program(name, years[-1])
        lines.append(
            ProgramLine(
                id=name,
                name=program.name,
                school=library.school(program).name,
                catalog_years=years,
                completeness=program.completeness,
                tracks=tuple(
                    (track.id, track.name) for track in tracks(program) if track.id is not None
                ),
                as_of=program.provenance.as_of,
            )
        )
    return tuple(lines)


def show_program(
    program_id: str, catalog_year: str | None = None, *, catalogs: tuple[Path, ...] = ()
) -> ProgramAnswer:
    """Return one programme's rules in plain words with their sources.

    Raises
    ------
    ProspectusError
        For a catalog that cannot be used, or an unknown programme or year (USE-001).
    """
    library = open_library(catalogs)
    program = library.program(program_id, catalog_year or library.years(program_id)[-1])
    return ProgramAnswer(
        id=program.id,
        name=program.name,
        school=library.school(program).name,
        degree=program.degree,
        catalog_year=program.catalog_year,
        completeness=program.completeness,
        credit_unit=program.credit_unit,
        sections=describe(program, library.school(program)),
        unknown=program.unknown,
        questions=program.questions,
        sources=program.sources,
        urls=program.urls,
        topics=topics_of(program, library.school(program)),
    )
