"""Catalogs from their files: schools, programmes and assumptions, or every fault at once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from prospectus.catalogs.assembly import Assembled, assemble
from prospectus.catalogs.catalog import Catalog
from prospectus.catalogs.check import check_sense
from prospectus.catalogs.gathering import gathered
from prospectus.catalogs.listing import bundled_root
from prospectus.catalogs.references import check_references
from prospectus.domain.collecting import no_collecting
from prospectus.domain.errors import CatalogError, Severity

__all__ = ["Catalog", "bundled_root", "load_catalog"]


def load_catalog(root: Path | None = None, extra: Sequence[Path] = ()) -> Catalog:
    """Return the catalog of a folder, the bundled one when None, with more laid beside it.

    What is laid beside is held to everything that `check` asks of files. Its schools, programmes
    and files take the place of those of the same name in the folder.

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
    with no_collecting():
        return _loaded(root, extra)


def _loaded(root: Path | None, extra: Sequence[Path]) -> Catalog:
    paths = [root if root is not None else bundled_root(), *extra]
    assembled = assemble(paths, given=range(1, len(paths)))
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
        replaced=assembled.replaced,
        own_assumptions={
            (p.id, p.catalog_year): reading.assumptions_for(p.provenance.at.file) for p in programs
        },
    )
