"""Curricula of other programs as catalog folders."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from prospectus.app.files import refuse_existing, write_whole
from prospectus.catalogs.check import check
from prospectus.domain.errors import ExchangeError, Place, Severity, UsageError
from prospectus.exchange.catalog_files import catalog_files
from prospectus.exchange.curriculum_reader import read_curriculum
from prospectus.exchange.losses import Loss


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportAnswer:
    """What was written: the programme, its files below the folder, and what was not taken over."""

    program: str
    folder: str
    files: tuple[str, ...]
    n_courses: int
    dropped: tuple[Loss, ...]


def import_curriculum(path: Path, out: Path, *, today: dt.date) -> ImportAnswer:
    """Write the catalog of a CurricularAnalytics file, whole or not at all.

    Raises
    ------
    ProspectusError
        For a file that cannot be read (EXC), a folder that exists (USE-006) or cannot be made
        (USE-005), or a curriculum that makes no catalog (EXC-017).
    """
    refuse_existing(out)
    found = read_curriculum(path)
    made = catalog_files(found.curriculum, path.name, today)
    temporary: Path | None = None
    try:
        temporary = Path(tempfile.mkdtemp(dir=out.parent, prefix=f".{out.name}."))
        for name, text in made.files.items():
            (temporary / name).parent.mkdir(parents=True, exist_ok=True)
            write_whole(temporary / name, text)
        _check(temporary, path)
        # mkdtemp makes private folders; a catalog is there to be shared.
        temporary.chmod(0o755)
        temporary.rename(out)
    except OSError as error:
        raise UsageError(
            "USE-005",
            what=f"the folder cannot be written ({error.strerror or error})",
            fix="choose a place that exists and that you may write to",
            at=Place(file=str(out)),
        ) from None
    finally:
        if temporary is not None:
            shutil.rmtree(temporary, ignore_errors=True)
    return ImportAnswer(
        program=made.program,
        folder=str(out),
        files=tuple(made.files),
        n_courses=len(found.curriculum.courses),
        dropped=(*found.losses, *made.losses),
    )


def _check(folder: Path, path: Path) -> None:
    """Refuse a catalog with faults, so that what is written can be used."""
    errors = [fault for fault in check([folder]) if fault.severity is Severity.ERROR]
    if errors:
        raise ExchangeError(
            "EXC-017",
            what=f"the curriculum makes no catalog: {errors[0].what}",
            fix="change the file so that this is not so",
            at=Place(file=str(path)),
        )
