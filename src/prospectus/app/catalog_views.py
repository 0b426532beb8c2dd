"""What the catalog holds: the list of programmes, and one programme's rules in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from prospectus.app.catalog_answers import (
    CourseAnswer,
    ProgramAnswer,
    ProgramLine,
    RuleSection,
)
from prospectus.app.describe import describe
from prospectus.app.describe_course import course_sections, topic_sections
from prospectus.app.describe_facts import facts_of
from prospectus.app.fact_age import aged, n_undated, old_days
from prospectus.app.library import Library, open_library
from prospectus.app.nearest import nearest
from prospectus.app.options import tracks
from prospectus.app.topic_answers import TopicReach
from prospectus.app.topic_reach import open_topics, topic_reach
from prospectus.app.topics import topics_of
from prospectus.domain.course import parse_code
from prospectus.domain.errors import DomainError, UsageError
from prospectus.domain.facts import Completeness, Source
from prospectus.domain.program import Program


def list_programs(catalogs: tuple[Path, ...] = ()) -> tuple[ProgramLine, ...]:
    """Return every programme, in the order of their ids.

    Raises
    ------
    CatalogError
        With all faults of the catalog.
    """
    return programs_of(open_library(catalogs))


def programs_of(library: Library) -> tuple[ProgramLine, ...]:
    """Return every programme of a catalog that is read, in the order of their ids."""
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
    program_id: str,
    catalog_year: str | None = None,
    *,
    today: dt.date,
    catalogs: tuple[Path, ...] = (),
    with_topics: bool = True,
    on_solving: Callable[[], None] | None = None,
) -> ProgramAnswer:
    """Return one programme's rules and facts in plain words, each with its source and place.

    Parameters
    ----------
    program_id, catalog_year
        The rules; the newest year when None.
    today
        The day on which it is asked.
    catalogs
        Extra catalog folders beside the bundled one.
    with_topics
        Whether to say what each track teaches: worked out once by the solver, then kept.
    on_solving
        Called before that is worked out anew.

    Raises
    ------
    ProspectusError
        For a catalog that cannot be used, or an unknown programme or year (USE-001).
    """
    library = open_library(catalogs)
    program = library.named(program_id, catalog_year)
    reaches = _reaches(library, program, today, on_solving) if with_topics else ()
    return program_answer(library, program, today, reaches)


def program_answer(
    library: Library,
    program: Program,
    today: dt.date,
    reaches: tuple[tuple[str, TopicReach], ...] = (),
) -> ProgramAnswer:
    """Return the rules and facts of a programme of a catalog that is read."""
    school = library.school(program)
    sections = aged((*describe(program, school), *facts_of(program, school)), today)
    return ProgramAnswer(
        id=program.id,
        name=program.name,
        school=school.name,
        degree=program.degree,
        catalog_year=program.catalog_year,
        completeness=program.completeness,
        credit_unit=program.credit_unit,
        sections=sections,
        unknown=program.unknown,
        questions=program.questions,
        sources=_named(library, program, sections),
        urls=program.urls,
        topics=topics_of(program, school),
        old=old_days(sections),
        n_undated=n_undated(sections),
        reaches=reaches,
    )


def _reaches(
    library: Library, program: Program, today: dt.date, on_solving: Callable[[], None] | None
) -> tuple[tuple[str, TopicReach], ...]:
    """Return what each complete track teaches, by the track's name; nothing for partial rules."""
    if program.completeness is not Completeness.COMPLETE:
        return ()
    taxonomy = open_topics()
    return tuple(
        (
            track.name,
            topic_reach(
                program,
                library.school(program),
                library.assumptions_of(program),
                taxonomy,
                today,
                track=track,
                on_solving=on_solving,
            ),
        )
        for track in tracks(program)
        if track.is_complete
    )


def show_course(
    program_id: str,
    code: str,
    catalog_year: str | None = None,
    *,
    today: dt.date,
    catalogs: tuple[Path, ...] = (),
    library: Library | None = None,
) -> CourseAnswer:
    """Return what is known of one course, as a student of a programme meets it.

    `library` is the catalog, where it is open.

    Raises
    ------
    ProspectusError
        For a catalog that cannot be used, or an unknown programme, year or course (USE-001).
    """
    library = library or open_library(catalogs)
    return course_answer(library, library.named(program_id, catalog_year), code, today)


def course_answer(library: Library, program: Program, code: str, today: dt.date) -> CourseAnswer:
    """Return what is known of one course of a programme of a catalog that is read.

    Raises
    ------
    UsageError
        USE-001 for an unknown course.
    """
    school = library.school(program)
    known = {str(course.code): course for course in school.courses}
    try:
        wanted = str(parse_code(code))
    except DomainError:
        wanted = code
    if wanted not in known:
        titled = [name for name, one in known.items() if one.title.casefold() == code.casefold()]
        wanted = titled[0] if len(titled) == 1 else wanted
    if wanted not in known:
        elsewhere = " (it is named, but taught elsewhere)" if wanted in school.external else ""
        raise UsageError(
            "USE-001",
            what=f"{school.name} has no course '{wanted}' on file{elsewhere}",
            fix=nearest(wanted, known, f"see `prospectus show {program.id}`"),
            on_page=nearest(wanted, known, "look at the courses on the programme's page"),
        )
    course = known[wanted]
    sections = aged(
        (*course_sections(course, program, school), *topic_sections(course, open_topics())), today
    )
    return CourseAnswer(
        code=wanted,
        title=course.title,
        program=program.id,
        catalog_year=program.catalog_year,
        sections=sections,
        sources=_named(library, program, sections),
        old=old_days(sections),
        n_undated=n_undated(sections),
    )


def _named(
    library: Library, program: Program, sections: tuple[RuleSection, ...]
) -> tuple[Source, ...]:
    """Return the sources that the lines name, in the order of the files."""
    named = {source for part in sections for line in part.lines for source in line.sources}
    known = (*program.sources, *library.school(program).sources)
    return tuple(source for source in known if source.id in named)
