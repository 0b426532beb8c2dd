"""A catalog that was read before is taken from a cache only if nothing at all has changed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from prospectus.app.library import open_library
from prospectus.catalogs.listing import bundled_root
from prospectus.domain.errors import CatalogError
from prospectus.store.cache import Cache
from prospectus.store.thawing import freeze


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Return a folder that holds the assumptions of the bundle alone, under other ids."""
    text = (bundled_root() / "assumptions.yaml").read_text()
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "assumptions.yaml").write_text(text)
    return folder


def entries(cache: Cache) -> list[Path]:
    assert cache.folder is not None
    return sorted((cache.folder / "catalog").iterdir())


def test_the_second_reading_is_the_first(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    first = open_library(kept=cache)
    (entry,) = entries(cache)
    written = entry.stat().st_mtime_ns
    assert open_library(kept=cache) == first
    assert entry.stat().st_mtime_ns == written
    assert open_library(kept=Cache(None)) == first


def test_a_changed_byte_is_read_anew(tmp_path: Path, own: Path) -> None:
    cache = Cache(tmp_path / "cache")
    open_library((own,), kept=cache)
    file = own / "assumptions.yaml"
    file.write_text(file.read_text().replace("value: 45", "value: 44"))
    assumptions = open_library((own,), kept=cache).catalog.assumptions
    assert assumptions["hours-per-credit"].value == 44
    assert len(entries(cache)) == 2


def test_faults_are_told_at_every_reading(tmp_path: Path, own: Path) -> None:
    cache = Cache(tmp_path / "cache")
    (own / "assumptions.yaml").write_text("format: 1\nkind: nonsense\n")
    for _ in range(2):
        with pytest.raises(CatalogError):
            open_library((own,), kept=cache)


def test_an_entry_that_is_damaged_or_another_object_is_read_anew(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    sound = open_library(kept=cache)
    (entry,) = entries(cache)
    entry.write_bytes(entry.read_bytes()[:-1])
    assert open_library(kept=cache) == sound
    cache.write("catalog", entry.name, freeze("something else"))
    assert open_library(kept=cache) == sound
    shutil.rmtree(tmp_path / "cache")
    assert open_library(kept=cache) == sound
