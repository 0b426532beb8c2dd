"""Digests of a catalog: of its files alone, and of these with the code that read them."""

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
    found = hashlib.sha256(_digest_of_code())
    faults: list[Fault] = []
    for index, path, shown in files_of(paths, faults):
        content = _content(path)
        if content is None:
            return None
        found.update(f"{index}\0{shown}\0{len(content)}\0".encode("utf-8", "surrogateescape"))
        found.update(content)
    return None if faults else found.hexdigest()


def digest_of_data(paths: Sequence[Path]) -> str | None:
    """Return a digest of the files alone: what each holds, and where it stands below its path.

    Neither the version of the code or of Python counts, nor where the folders lie, so that whoever
    has the same files has the same digest. None where `digest_of` has none.
    """
    found = hashlib.sha256()
    faults: list[Fault] = []
    for index, path, _ in files_of(paths, faults):
        content = _content(path)
        if content is None:
            return None
        name = path.name if path == paths[index] else path.relative_to(paths[index]).as_posix()
        found.update(f"{index}\0{name}\0{len(content)}\0".encode("utf-8", "surrogateescape"))
        found.update(content)
    return None if faults else found.hexdigest()


def _content(path: Path) -> bytes | None:
    try:
        if not path.is_file() or path.stat().st_size > _MOST_BYTES:
            return None
        return path.read_bytes()
    except OSError:
        return None


@cache
def _digest_of_code() -> bytes:
    """Return a digest of what a catalog's objects are and of what reads them."""
    found = hashlib.sha256(repr(sys.version_info[:3]).encode())
    for folder in _CODE:
        for path in sorted((_PACKAGE / folder).rglob("*")):
            if path.suffix in {".py", ".lark"}:
                found.update(path.read_bytes())
    return found.digest()
