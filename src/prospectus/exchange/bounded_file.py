"""Reading a stranger's text file: one file, of bounded size, plain UTF-8."""

from __future__ import annotations

import re
import stat
from pathlib import Path

from prospectus.domain.errors import ExchangeError, Place

MOST_BYTES = 5_000_000
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def read_text(path: Path, form: str = "CSV") -> str:
    """Return the text of a file, without the mark that some programs begin it with.

    Parameters
    ----------
    path
        The file.
    form
        What it should be, for the faults.

    Raises
    ------
    ExchangeError
        EXC-001 to EXC-004: no such file, no file, too large, not plain UTF-8 text.
    """
    at = Place(file=str(path))
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise ExchangeError(
                "EXC-002", what="this is not a file", fix=f"name one file ({form})", at=at
            )
        if found.st_size > MOST_BYTES:
            raise ExchangeError(
                "EXC-003",
                what=f"the file is larger than {MOST_BYTES // 1_000_000} MB; it was not read",
                fix="check that it is the right one",
                at=at,
            )
        # A file may grow between the two calls; no more is read than is allowed.
        with path.open("rb") as file:
            data = file.read(MOST_BYTES)
    except OSError as error:
        raise ExchangeError(
            "EXC-001",
            what=f"the file cannot be read ({error.strerror or error})",
            fix="check its name, folder and permissions",
            at=at,
        ) from None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise _not_text(path, line, "a byte that is not UTF-8", form) from None
    control = _CONTROL.search(text)
    if control is not None:
        line = text.count("\n", 0, control.start()) + 1
        raise _not_text(path, line, "a control character", form)
    return text


def _not_text(path: Path, line: int, what: str, form: str) -> ExchangeError:
    return ExchangeError(
        "EXC-004",
        what=f"the file holds {what}",
        fix=f"save it as {form} in UTF-8",
        at=Place(file=str(path), line=line),
    )
