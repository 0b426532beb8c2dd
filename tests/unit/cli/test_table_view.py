"""The table of the catalog on a terminal, and the page that it is committed as.

After a change of the files: `make test ARGS="tests/unit/cli/test_table_view.py --update-golden"`,
and read the diff.
"""

import datetime as dt
import io
from pathlib import Path

import pytest
from rich.console import Console

from prospectus.app.catalog_table import (
    CatalogRow,
    CatalogTable,
    Price,
    TrackPlan,
    Window,
    catalog_table,
)
from prospectus.cli.table_view import catalog_page, print_catalog_table
from prospectus.domain.facts import Completeness

PAGE = Path(__file__).parents[3] / "docs" / "catalog-of-record.md"
START = dt.date(2027, 1, 1)

TRACK = TrackPlan(track="ponds", name="Ponds", n_variants=2, terms=(2, 3), months=(8, 12))
WHOLE = CatalogRow(
    program="pond-ms",
    name="Master of Ponds",
    catalog_year="2026-27",
    completeness=Completeness.COMPLETE,
    n_courses=3,
    n_prerequisites=2,
    windows=tuple((window, int(window is not Window.ASSUMED)) for window in Window),
    n_hours=1,
    price=Price.KNOWN,
    price_until=dt.date(2027, 7, 31),
    n_unknown=1,
    missing=None,
    plans=(TRACK, TrackPlan(track="b", name="", n_variants=1, terms=None, months=None)),
)
PART = CatalogRow(
    program="lake-ms",
    name="Master of Lakes",
    catalog_year="current",
    completeness=Completeness.STUB,
    n_courses=0,
    n_prerequisites=0,
    windows=tuple((window, 0) for window in Window),
    n_hours=0,
    price=Price.UNKNOWN,
    price_until=None,
    n_unknown=4,
    missing="the list of courses",
    plans=(),
)


def test_the_page_is_what_the_files_give(pytestconfig: pytest.Config) -> None:
    text = catalog_page(catalog_table(START))
    if pytestconfig.getoption("--update-golden"):
        PAGE.write_text(text, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == text


def test_the_page_tells_what_is_known_what_is_missing_and_how_soon() -> None:
    text = catalog_page(CatalogTable(rows=(WHOLE, PART), plan_from=START))
    lines = text.splitlines()
    assert (
        "2 programmes under the rules of 2 catalogue years: 1 complete, 0 partial, 1 stub." in lines
    )
    assert (
        "| pond-ms | 2026-27 | 3 | 2 | 1 / 1 / 1 / 0 / 1 | 1 | known to 2027 | 1 | complete |"
        in lines
    )
    assert "| lake-ms | current | 0 | 0 |  | 0 | unknown | 4 | stub |" in lines
    assert "| lake-ms | current | the list of courses |" in lines
    assert "| pond-ms | 2026-27 | Ponds | 2 to 3 | 8 to 12 |" in lines
    assert "| pond-ms | 2026-27 |  | no proven plan | no proven plan |" in lines


def test_a_page_without_plans_has_no_part_for_them() -> None:
    text = catalog_page(CatalogTable(rows=(PART,), plan_from=None))
    assert "How soon" not in text
    assert "What the others lack" in text


def test_a_terminal_gets_a_few_lines_for_each_programme() -> None:
    file = io.StringIO()
    console = Console(file=file, width=80, highlight=False)
    print_catalog_table(CatalogTable(rows=(WHOLE, PART), plan_from=START), console)
    text = file.getvalue()
    assert max(len(line) for line in text.splitlines()) <= 80
    flat = " ".join(text.split())
    assert "pond-ms, rules of 2026-27 complete; 3 courses; prerequisites stated of 2" in flat
    assert "price known to 2027; 1 unknown" in flat
    assert "Ponds: earliest end after 2 to 3 terms, 8 to 12 months" in flat
    assert "no plan is proven" in flat
    assert "no source gives: the list of courses" in flat
    assert "whoever begins on 1 Jan 2027" in flat
