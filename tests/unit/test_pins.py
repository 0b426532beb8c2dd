"""The pinned requirements: complete, consistent, and free of addresses."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PINS = [ROOT / "requirements" / name for name in ("run.txt", "dev.txt")]
PIN = re.compile(r"^([a-z0-9-]+)==(\S+)(?: ; (.+?))? \\$", re.MULTILINE)


def pins(path: Path) -> dict[tuple[str, str], str]:
    return {
        (name, marker): version
        for name, version, marker in PIN.findall(path.read_text(encoding="utf-8"))
    }


def normal(requirement: str) -> str:
    name = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert name is not None
    return re.sub(r"[-_.]+", "-", name.group()).lower()


@pytest.mark.parametrize("path", PINS, ids=lambda path: path.name)
def test_no_pin_file_names_an_address_or_a_path(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"://|--(extra-)?index-url|--find-links|^\s*#.*\s/\w", text, re.MULTILINE)


@pytest.mark.parametrize("path", PINS, ids=lambda path: path.name)
def test_every_pin_carries_a_hash(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    blocks = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    assert len(blocks) == len(pins(path)) > 0
    assert all("--hash=sha256:" in block for block in blocks)


def test_what_runs_is_pinned_as_what_is_developed_with() -> None:
    run, dev = (pins(path) for path in PINS)
    assert run.items() <= dev.items()


def test_every_declared_dependency_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    run, dev = ({name for name, _ in pins(path)} for path in PINS)
    assert {normal(text) for text in project["dependencies"]} | {"hatchling", "editables"} <= run
    assert {normal(text) for text in project["optional-dependencies"]["dev"]} <= dev
