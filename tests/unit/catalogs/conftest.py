"""A small catalog without a fault, and a way to spoil one line of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from small_catalog import FILES, write

Spoil = Callable[..., Path]


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    """The folder of a small catalog without a fault."""
    return write(tmp_path, {})


@pytest.fixture
def spoil(tmp_path: Path) -> Spoil:
    """Write the small catalog with one text of one file replaced, or a file added."""

    def apply(name: str, old: str, new: str) -> Path:
        text = FILES.get(name, "")
        if old:
            assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        return write(tmp_path, {name: text.replace(old, new) if old else text + new})

    return apply
