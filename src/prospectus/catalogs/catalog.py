"""A catalog: what a set of catalog folders says, however it was come by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from prospectus.catalogs.nearest import nearest
from prospectus.domain.errors import CatalogError
from prospectus.domain.facts import Assumption
from prospectus.domain.program import Program, School


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """Everything that a set of catalog folders says.

    `own_assumptions` are those that hold for a programme, by id and catalogue year. `replaced`
    names the bundled schools, programmes and files in whose place a person's own stand.
    """

    schools: tuple[School, ...]
    programs: tuple[Program, ...]
    assumptions: Mapping[str, Assumption] = field(default_factory=dict)
    own_assumptions: Mapping[tuple[str, str], Mapping[str, Assumption]] = field(
        default_factory=dict
    )
    replaced: tuple[str, ...] = ()

    def assumptions_of(self, program: Program) -> Mapping[str, Assumption]:
        """Return the assumptions that hold for a programme: its own folder's come first."""
        key = (program.id, program.catalog_year)
        return self.own_assumptions.get(key, self.assumptions)

    def program(self, id: str, year: str | None = None) -> Program:
        """Return a programme of a catalogue year, of its latest year when None.

        Raises
        ------
        CatalogError
            CAT-060 when there is none of that id, CAT-061 when there is none of that year.
        """
        found = [program for program in self.programs if program.id == id]
        if not found:
            known = tuple(sorted({program.id for program in self.programs}))
            raise CatalogError(
                "CAT-060",
                what=f"there is no programme '{id}'{nearest(id, known)}",
                fix=f"use one of {', '.join(known) or '(none is loaded)'}",
            )
        if year is None:
            return max(found, key=lambda program: program.catalog_year)
        for program in found:
            if program.catalog_year == year:
                return program
        years = ", ".join(sorted(program.catalog_year for program in found))
        raise CatalogError(
            "CAT-061",
            what=f"{id} has no catalogue year '{year}'",
            fix=f"use one of {years}",
        )

    def school(self, id: str) -> School:
        """Return a school.

        Raises
        ------
        CatalogError
            CAT-062 when there is none of that id.
        """
        for school in self.schools:
            if school.id == id:
                return school
        known = tuple(sorted(school.id for school in self.schools))
        raise CatalogError(
            "CAT-062",
            what=f"there is no school '{id}'{nearest(id, known)}",
            fix=f"use one of {', '.join(known) or '(none is loaded)'}",
        )
