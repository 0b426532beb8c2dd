"""A cache of what was derived from files: losing it costs time, never an answer.

Entries are named by a digest of everything they were derived from, so that none can be stale, and
carry a digest of themselves, so that none that was damaged is used. A folder that cannot be read or
written is the same as an empty one.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

VARIABLE = "PROSPECTUS_CACHE"
"""Environment variable: the folder of the cache, or `off`."""

_MAGIC = b"prospectus cache 1\n"
_N_KEPT = 200


@dataclass(frozen=True, slots=True)
class Cache:
    """Entries in one folder; None keeps nothing."""

    folder: Path | None

    @classmethod
    def default(cls) -> Cache:
        """Return the person's own cache, as `PROSPECTUS_CACHE` says."""
        said = os.environ.get(VARIABLE, "")
        if said == "off":
            return cls(None)
        if said:
            return cls(Path(said))
        from platformdirs import user_cache_path

        return cls(user_cache_path("prospectus", appauthor=False))

    def read(self, name: str, key: str) -> bytes | None:
        """Return what was kept under a name and a digest; None where nothing sound is."""
        if self.folder is None:
            return None
        try:
            raw = (self.folder / name / key).read_bytes()
        except OSError:
            return None
        head = len(_MAGIC) + hashlib.sha256().digest_size
        if raw[: len(_MAGIC)] != _MAGIC or raw[len(_MAGIC) : head] != _digest(raw[head:]):
            return None
        return raw[head:]

    def write(self, name: str, key: str, data: bytes) -> None:
        """Keep an entry, whole or not at all; the oldest of its name give way."""
        if self.folder is None:
            return
        path = self.folder / name / key
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, part = tempfile.mkstemp(dir=path.parent, prefix=".part-")
            try:
                with os.fdopen(handle, "wb") as stream:
                    stream.write(_MAGIC + _digest(data) + data)
                os.replace(part, path)
            except OSError:
                Path(part).unlink(missing_ok=True)
                raise
            self._drop_oldest(path.parent)

    @staticmethod
    def _drop_oldest(folder: Path) -> None:
        kept = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime_ns, reverse=True)
        for path in kept[_N_KEPT:]:
            path.unlink(missing_ok=True)


def _digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()
