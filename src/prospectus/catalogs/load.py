"""Catalogs from their files: schools, programmes and assumptions, or every fault at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from prospectus.catalogs.assembly import Assembled, assemble
from prospectus.catalogs.check import check_sense
from prospectus.catalogs.gathering import gathered
from prospectus.catalogs.listing import bundled_root
from prospectus.catalogs.references import check_references
from prospectus.catalogs.site import nearest
from prospectus.domain.errors import CatalogError, Severity
from prospectus.domain.facts import Assumption
from prospectus.domain.program import Program, School

__all__ = ["Catalog", "bundled_root", "load_catalog"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """Everything that a set of catalog folders says.

    `own_assumptions` are those that hold for a programme, by id and catalogue year.
    """

    schools: tuple[School, ...]
    programs: tuple[Program, ...]
    assumptions: Mapping[str, Assumption] = field(default_factory=dict)
    own_assumptions: Mapping[tuple[str, str], Mapping[str, Assumption]] = field(
        default_factory=dict
    )

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


def load_catalog(root: Path | None = None, extra: Sequence[Path] = ()) -> Catalog:
    """Return the catalog of a folder, the bundled one when None, with more laid beside it.

    What is laid beside is held to everything that `check` asks of files.

    Parameters
    ----------
    root
        A catalog folder.
    extra
        More catalog folders, folders of one school, or single files.

    Raises
    ------
    CatalogError
        With the faults of all files; warnings alone raise nothing.
    """
    assembled = assemble([root if root is not None else bundled_root(), *extra])
    if extra:
        root_of = assembled.reading.root_of
        check_sense(assembled, frozenset(file for file in root_of if root_of[file] > 0))
    else:
        n_faults = len(assembled.faults)
        check_references(assembled)
        assembled.drop_consequences(n_faults)
    errors = [fault for fault in assembled.faults if fault.severity is Severity.ERROR]
    if errors:
        raise CatalogError(faults=gathered(errors))
    return _catalog(assembled)


def _catalog(assembled: Assembled) -> Catalog:
    reading = assembled.reading
    programs = sorted(assembled.programs, key=lambda p: (p.id, p.catalog_year))
    return Catalog(
        schools=tuple(sorted(assembled.schools, key=lambda school: school.id)),
        programs=tuple(programs),
        assumptions=reading.assumptions_for(None),
        own_assumptions={
            (p.id, p.catalog_year): reading.assumptions_for(p.provenance.at.file) for p in programs
        },
    )
