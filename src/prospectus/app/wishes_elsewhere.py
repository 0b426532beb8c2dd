"""Wishes that concern another school: set aside where one programme is looked at, and said so.

A student file may name courses and seasons of several schools, as one who compares them does. What
no school of the catalog knows is a fault; what only others know asks nothing here.
"""

from __future__ import annotations

from collections.abc import Iterator

from prospectus.app.binding import courses_named, limits_by_season, season_faults, wanted_faults
from prospectus.app.library import Library
from prospectus.app.words import listed
from prospectus.catalogs.student_parts import StudentFile
from prospectus.domain.errors import Fault
from prospectus.domain.program import School


def unknown_everywhere(file: StudentFile, library: Library) -> list[Fault]:
    """Return the faults of courses and periods in wishes that no school of the catalog has."""
    names = sorted({program.school for program in library.catalog.programs})
    schools = [library.catalog.school(name) for name in names]
    return season_faults(file, schools) + wanted_faults(file, schools)


def wishes_elsewhere(file: StudentFile, school: School) -> tuple[str, ...]:
    """Return a line for the wishes that ask nothing here, for only other schools know them."""
    return tuple(_lines(file, school))


def _lines(file: StudentFile, school: School) -> Iterator[str]:
    own = {course.code for course in school.courses}
    named = (str(code) for _, _, code in courses_named(file) if code not in own)
    courses = list(dict.fromkeys(named))
    if courses:
        told = listed(courses, "and")
        yield f"Your wishes about {told} ask nothing here: {school.name} has none of them."
    calendars = [calendar for _, calendar in school.calendars]
    known = {
        name.lower()
        for calendar in calendars
        for leaf in calendar.leaves
        for name in (leaf.season, leaf.term, leaf.id)
    } | {term.id.lower() for calendar in calendars for term in calendar.terms}
    limits = (limit.name for _, limits in limits_by_season(file) for limit in limits)
    places = (place.name for place in file.places_by_name if place.days is None)
    periods = [
        name
        for name in dict.fromkeys((*limits, *places))
        if " ".join(name.split()).lower() not in known
    ]
    if periods:
        yield (
            f"Your wishes about {listed(periods, 'and')} ask nothing here: "
            f"{school.name} has no such period."
        )
