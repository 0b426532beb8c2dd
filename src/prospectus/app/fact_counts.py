"""How sure the facts of a programme are, counted, and how old."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from prospectus.app.catalog_answers import RuleLine
from prospectus.app.describe import describe
from prospectus.app.describe_course import course_sections
from prospectus.app.describe_facts import facts_of
from prospectus.app.fact_age import aged, old_days
from prospectus.app.library import open_library
from prospectus.app.relevant import relevant_courses
from prospectus.domain.facts import Certainty, Completeness


@dataclass(frozen=True, slots=True, kw_only=True)
class CountLine:
    """How many facts of one kind there are, by certainty."""

    title: str
    counts: tuple[tuple[Certainty, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CountsAnswer:
    """The answer of `count_facts`; `old` as in the answer of `show_program`."""

    program: str
    program_name: str
    catalog_year: str
    completeness: Completeness
    lines: tuple[CountLine, ...]
    old: tuple[tuple[str, int], ...]


def count_facts(
    program_id: str,
    catalog_year: str | None = None,
    *,
    today: dt.date,
    catalogs: tuple[Path, ...] = (),
) -> CountsAnswer:
    """Return how many facts of a programme are stated, reported, assumed and unknown.

    Raises
    ------
    ProspectusError
        For a catalog that cannot be used, or an unknown programme or year (USE-001).
    """
    library = open_library(catalogs)
    program = library.named(program_id, catalog_year)
    school = library.school(program)
    sections = [*describe(program), *facts_of(program, school)]
    courses = [
        section
        for course in relevant_courses(program, school, library.assumptions_of(program))
        for section in course_sections(course, program, school)[:-1]
    ]
    by_title: dict[str, list[RuleLine]] = {}
    for section in aged((*sections, *courses), today):
        by_title.setdefault(section.title, []).extend(section.lines)
    return CountsAnswer(
        program=program.id,
        program_name=program.name,
        catalog_year=program.catalog_year,
        completeness=program.completeness,
        lines=tuple(_line(title, lines) for title, lines in by_title.items()),
        old=old_days(aged((*sections, *courses), today)),
    )


def _line(title: str, lines: list[RuleLine]) -> CountLine:
    found = Counter(
        line.certainty for line in lines if line.sources or line.certainty is not Certainty.STATED
    )
    return CountLine(title=title, counts=tuple((one, found[one]) for one in Certainty))
