"""The catalog as the use cases ask it: by programme, by the year a student is held to."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from prospectus.app.nearest import nearest
from prospectus.catalogs.catalog import Catalog
from prospectus.catalogs.digest import digest_of
from prospectus.catalogs.listing import bundled_root
from prospectus.domain.errors import UsageError
from prospectus.domain.facts import Assumption, Source
from prospectus.domain.program import Program, School
from prospectus.domain.student import Student
from prospectus.store.cache import Cache
from prospectus.store.thawing import NotThawed, freeze, thaw

_log = logging.getLogger(__name__)
_NAME = "catalog"
_LEAST_LETTERS = 3
_N_MEANT = 4
_PACKAGES = ("prospectus.domain", "prospectus.catalogs")


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
                fix=self._meant(program_id, "see `prospectus programs`"),
                on_page=self._meant(program_id, "choose one of the list of programmes"),
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

    def named(self, text: str, year: str | None = None) -> Program:
        """Return the rules that `PROGRAM` (of a year, else the newest) or `PROGRAM@YEAR` names.

        Raises
        ------
        UsageError
            USE-001 when there is no such programme or year.
        """
        name, _, at = text.partition("@")
        return self.program(name, year or at or self.years(name)[-1])

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

    def _meant(self, text: str, otherwise: str) -> str:
        """Return how to mend an id that is none: by what it begins, its name or its school's."""
        word = text.casefold()
        alike = sorted(
            {
                program.id
                for program in self.catalog.programs
                if word in program.id.casefold()
                or word in program.name.casefold()
                or word in self.school(program).name.casefold()
            }
        )
        if alike and len(word) >= _LEAST_LETTERS:
            return f"did you mean {' or '.join(alike[:_N_MEANT])}?"
        return nearest(text, self.ids(), otherwise)

    def sources(self, program: Program) -> tuple[Source, ...]:
        """Return what the programme and its school are taken from, each title once."""
        found = (*program.sources, *self.school(program).sources)
        return tuple({(source.title, source.address): source for source in found}.values())


def open_library(catalogs: tuple[Path, ...] = (), *, kept: Cache | None = None) -> Library:
    """Return the bundled catalog with extra folders beside it.

    What was read before is taken from a cache, if every byte of the files and of the code that
    reads them is the same; the files are read anew in every other case.

    Parameters
    ----------
    catalogs
        Folders, folders of one school, or single files.
    kept
        Where to look and keep; the person's own cache when None.

    Raises
    ------
    CatalogError
        With the faults of all files.
    """
    cache = kept if kept is not None else Cache.default()
    paths = (bundled_root(), *catalogs)
    key = digest_of(paths)
    if key is not None:
        found = _thawed(cache.read(_NAME, key))
        if found is not None:
            _tell_replaced(found)
            return Library(catalog=found)
    from prospectus.catalogs.load import load_catalog

    catalog = load_catalog(extra=catalogs)
    # A file that changed between digest and reading must not be kept under what it was.
    if key is not None and key == digest_of(paths):
        cache.write(_NAME, key, freeze(catalog))
    _tell_replaced(catalog)
    return Library(catalog=catalog)


def _tell_replaced(catalog: Catalog) -> None:
    """Say on stderr what of the bundled catalog does not hold now."""
    if catalog.replaced:
        _log.warning("note: your files take the place of %s", ", ".join(catalog.replaced))


def _thawed(data: bytes | None) -> Catalog | None:
    """Return the catalog that was kept; None when these bytes are not one."""
    if data is None:
        return None
    try:
        found = thaw(data, _PACKAGES)
    except NotThawed:
        return None
    return found if isinstance(found, Catalog) else None
