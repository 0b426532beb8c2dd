"""The examples of docs/catalog-format.md are one catalog without a fault."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from prospectus.app.checking import check_catalog
from prospectus.catalogs.check import check
from prospectus.catalogs.expressions import parse_expression, parse_selector
from prospectus.catalogs.file_kinds import FILE_KINDS
from prospectus.catalogs.load import load_catalog
from prospectus.domain.errors import ExpressionError
from prospectus.domain.printer import print_selector

PAGE = Path(__file__).parents[3] / "docs" / "catalog-format.md"
BLOCK = re.compile(r"^```yaml\n# (\S+)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def text() -> str:
    return PAGE.read_text(encoding="utf-8")


def rows(heading: str) -> list[str]:
    """Return what the first column of a section's tables quotes."""
    section = text().split(f"## {heading}")[1].split("\n## ")[0]
    cells = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    return [quoted for cell in cells for quoted in re.findall(r"`([^`]+)`", cell)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The catalog that the page's examples make."""
    for name, content in BLOCK.findall(text()):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return tmp_path


def test_the_examples_are_a_catalog_without_a_fault(folder: Path) -> None:
    assert [str(fault) for fault in check([folder])] == []
    assert load_catalog(folder).program("lakeside-ms").main_choice == "track"


def test_every_track_of_the_examples_has_a_legal_plan(folder: Path) -> None:
    answer = check_catalog([folder], today=dt.date(2026, 8, 1))
    assert [str(fault) for fault in answer.faults] == []
    assert answer.n_solved == 2


def test_every_kind_of_file_has_its_example() -> None:
    kinds = [re.search(r"^kind: (\w+)", block, re.MULTILINE) for _, block in BLOCK.findall(text())]
    assert {match[1] for match in kinds if match} == set(FILE_KINDS)


@pytest.mark.parametrize("written", rows("Selectors: which courses"))
def test_every_selector_of_the_table_is_read(written: str) -> None:
    if written in (">=", "<=", "=", "<", ">", "x"):
        return
    read = parse_selector(written)
    assert parse_selector(print_selector(read)) == read


@pytest.mark.parametrize("written", rows("Expressions: conditions"))
def test_every_expression_of_the_table_is_read(written: str) -> None:
    for letter, code in (("A", "CS 6601"), ("B", "CS 7641"), ("C", "CS 7642")):
        written = re.sub(rf"\b{letter}\b(?!-)", code, written)
    try:
        parse_expression(written)
    except ExpressionError as error:
        pytest.fail(f"{written}: {error}")


def fields_of(schema: object) -> set[str]:
    """Return every name of a field that a schema knows."""
    if isinstance(schema, list):
        return set().union(*(fields_of(item) for item in schema))
    if not isinstance(schema, dict):
        return set()
    own = set(schema.get("properties", {})) if isinstance(schema.get("properties"), dict) else set()
    return own.union(*(fields_of(item) for item in schema.values()))


@pytest.mark.parametrize("kind", FILE_KINDS)
def test_every_field_of_the_schema_stands_on_the_page(kind: str) -> None:
    page = text()
    names = fields_of(FILE_KINDS[kind].model_json_schema(by_alias=True))
    assert sorted(name for name in names if not re.search(rf"\b{name}\b", page)) == []
