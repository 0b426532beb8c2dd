"""A cache loses time at worst: what is damaged, foreign or out of reach reads as nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from prospectus.store.cache import VARIABLE, Cache


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.write("topics", "a1", b"facts")
    assert cache.read("topics", "a1") == b"facts"
    assert cache.read("topics", "a2") is None
    assert cache.read("catalog", "a1") is None


def test_every_damaged_byte_is_noticed(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.write("topics", "a1", b"facts")
    path = tmp_path / "topics" / "a1"
    sound = path.read_bytes()
    for place in range(len(sound)):
        path.write_bytes(sound[:place] + bytes([sound[place] ^ 1]) + sound[place + 1 :])
        assert cache.read("topics", "a1") is None
        path.write_bytes(sound[:place])
        assert cache.read("topics", "a1") is None
    path.write_bytes(sound)
    assert cache.read("topics", "a1") == b"facts"


def test_a_folder_that_cannot_be_written_keeps_nothing_and_says_nothing(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")
    cache = Cache(in_the_way)
    cache.write("topics", "a1", b"facts")
    assert cache.read("topics", "a1") is None


def test_the_oldest_entries_give_way_and_no_part_is_left(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    for number in range(205):
        cache.write("topics", f"{number:03d}", b"x")
    kept = {path.name for path in (tmp_path / "topics").iterdir()}
    assert len(kept) == 200
    assert not any(name.startswith(".part") for name in kept)


def test_off_keeps_nothing_and_a_folder_is_used_as_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "off")
    assert Cache.default().folder is None
    Cache.default().write("topics", "a1", b"x")
    assert Cache.default().read("topics", "a1") is None
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    assert Cache.default() == Cache(tmp_path)
    monkeypatch.delenv(VARIABLE)
    folder = Cache.default().folder
    assert folder is not None
    assert folder.name == "prospectus"
