"""The catalog as a question names it: what was asked of other rules is another question."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from prospectus.catalogs.digest import digest_of
from prospectus.catalogs.listing import bundled_root


@lru_cache(maxsize=8)
def rules_digest(catalogs: tuple[Path, ...]) -> str:
    """Return the digest of the bundled catalog and these folders, as this process read them."""
    return digest_of((bundled_root(), *catalogs)) or ""
