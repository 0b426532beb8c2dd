"""A digest of everything a loaded catalog was made from: its files, and the code that read them."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from prospectus.catalogs.listing import files_of
from prospectus.domain.errors import Fault

_MOST_BYTES = 5_000_000
_PACKAGE = Path(__file__).resolve().parent.parent
_CODE = ("domain", "catalogs")


def digest_of(paths: Sequence[Path]) -> str | None:
    """Return a digest of the files at `paths`, in their order; None where it is not worth taking.

    Content counts, and the names that faults and facts give the files; no date does. Whatever the
    reader would refuse unread (a file too large, none at all, no plain file) has no digest.
    """
    faults: list[Fault] = []
    found = hashlib.sha256(_digest_of_code())
    for index, path, shown in files_of(paths, faults):
        try:
            if not path.is_file() or path.stat().st_size > _MOST_BYTES:
                return None
            content = path.read_bytes()
        except OSError:
            return None
        found.update(f"{index}\0{shown}\0{len(content)}\0".encode("utf-8", "surrogateescape"))
        found.update(content)
    return None if faults else found.hexdigest()


@cache
def _digest_of_code() -> bytes:
    """Return a digest of what a catalog's objects are and of what reads them."""
    found = hashlib.sha256(repr(sys.version_info[:3]).encode())
    for folder in _CODE:
        for path in sorted((_PACKAGE / folder).rglob("*")):
            if path.suffix in {".py", ".lark"}:
                found.update(path.read_bytes())
    return found.digest()
