"""The catalog as the use cases ask it: by programme, by the year a student is held to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from prospectus.app.nearest import nearest
from prospectus.catalogs.load import Catalog, load_catalog
from prospectus.domain.errors import UsageError
from prospectus.domain.facts import Assumption, Source
from prospectus.domain.program import Program, School
from prospectus.domain.student import Student


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """A loaded catalog."""

    catalog: Catalog

    def assumptions_of(self, program: Program) -> Mapping[str, Assumption]:
        """Return the assumptions that hold for a programme, by id."""
        return self.catalog.assumptions_of(program)

    def ids(self) -> tuple[str, ...]:
        """Return the ids of all programmes, in order."""
        return tuple(sorted({program.id for program in self.catalog.programs}))

    def years(self, program_id: str) -> tuple[str, ...]:
        """Return the catalogue years of a programme, the oldest first.

        Raises
        ------
        UsageError
            USE-001 when there is no such programme.
        """
        found = sorted(p.catalog_year for p in self.catalog.programs if p.id == program_id)
        if not found:
            raise UsageError(
                "USE-001",
                what=f"there is no programme '{program_id}'",
                fix=nearest(program_id, self.ids(), "see `prospectus programs`"),
            )
        return tuple(found)

    def program(self, program_id: str, year: str) -> Program:
        """Return a programme's rules of one catalogue year.

        Raises
        ------
        UsageError
            USE-001 when there is no such programme or year.
        """
        years = self.years(program_id)
        if year not in years:
            raise UsageError(
                "USE-001",
                what=f"{program_id} has no rules of {year}",
                fix=f"use one of {', '.join(years)}",
            )
        return self.catalog.program(program_id, year)

    def rules_for(self, program_id: str, student: Student) -> Program:
        """Return the rules that the student is held to, else the newest.

        Raises
        ------
        UsageError
            USE-001 when there is no such programme or year.
        """
        held = dict(student.catalog_years).get(program_id)
        return self.program(program_id, held or self.years(program_id)[-1])

    def school(self, program: Program) -> School:
        """Return the school of a programme."""
        return self.catalog.school(program.school)

    def sources(self, program: Program) -> tuple[Source, ...]:
        """Return what the programme and its school are taken from, each title once."""
        found = (*program.sources, *self.school(program).sources)
        return tuple({(source.title, source.address): source for source in found}.values())


def open_library(catalogs: tuple[Path, ...] = ()) -> Library:
    """Return the bundled catalog with extra folders beside it.

    Raises
    ------
    CatalogError
        With the faults of all files.
    """
    return Library(catalog=load_catalog(extra=catalogs))
