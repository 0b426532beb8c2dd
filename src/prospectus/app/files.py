"""Writing a file whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from prospectus.domain.errors import Place, UsageError


def write_whole(path: Path, text: str, *, force: bool = True) -> None:
    """Write a text file beside its place and then move it there.

    Raises
    ------
    UsageError
        USE-005 when it cannot be written; USE-006 when it exists and `force` is off.
    """
    if not force:
        refuse_existing(path)
    temporary: str | None = None
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        # mkstemp makes private files; a report is there to be sent.
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except OSError as error:
        raise UsageError(
            "USE-005",
            what=f"the file cannot be written ({error.strerror or error})",
            fix="choose a folder that exists and that you may write to",
            at=Place(file=str(path)),
        ) from None
    finally:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)


def refuse_existing(path: Path) -> None:
    """Refuse a file that exists.

    Raises
    ------
    UsageError
        USE-006 when it does.
    """
    if path.exists():
        raise UsageError(
            "USE-006",
            what="the file exists already",
            fix="choose another name, or write over it with --force",
            at=Place(file=str(path)),
        )
