"""What the table of the catalog counts, against the files that it counts."""

import datetime as dt
from pathlib import Path

import pytest

from prospectus.app.catalog_table import (
    CatalogRow,
    Price,
    TrackPlan,
    Window,
    catalog_table,
)
from prospectus.domain.errors import UsageError
from prospectus.domain.facts import Completeness

START = dt.date(2027, 1, 1)


@pytest.fixture(scope="module")
def rows() -> dict[tuple[str, str], CatalogRow]:
    table = catalog_table(None)
    assert table.plan_from is None
    return {(row.program, row.catalog_year): row for row in table.rows}


def test_a_row_counts_the_courses_that_some_requirement_may_take(
    rows: dict[tuple[str, str], CatalogRow],
) -> None:
    # the twelve of the degree: the others of its school belong to two sister degrees
    assert rows["utaustin-msai", "2025-26"].n_courses == 12
    # the eleven retired courses of one year, and none of them in the next
    old, new = rows["wgu-msda", "2020-11"], rows["wgu-msda", "2024-08"]
    assert (old.n_courses, new.n_courses) == (11, 19)
    assert dict(old.windows)[Window.PUBLISHED] == 11
    assert dict(new.windows)[Window.PUBLISHED] == 0


def test_windows_of_a_row_add_up_to_its_courses(
    rows: dict[tuple[str, str], CatalogRow],
) -> None:
    for row in rows.values():
        assert [window for window, _ in row.windows] == list(Window)
        assert sum(n for _, n in row.windows) == row.n_courses
        assert row.n_prerequisites <= row.n_courses
        assert row.n_hours <= row.n_courses


def test_a_price_is_known_assumed_or_unknown_and_ends_with_its_first_rate(
    rows: dict[tuple[str, str], CatalogRow],
) -> None:
    assert rows["msoe-msml", "2026-27"].price is Price.UNKNOWN
    assert rows["cuboulder-msds", "2023-24"].price is Price.ASSUMED
    columbia = rows["columbia-cvn-mscs-machine-learning", "2026-27"]
    assert (columbia.price, columbia.price_until) == (Price.KNOWN, dt.date(2019, 7, 31))


def test_a_row_that_is_not_complete_names_what_is_missing_and_has_no_plan(
    rows: dict[tuple[str, str], CatalogRow],
) -> None:
    for row in rows.values():
        assert (row.missing is None) == (row.completeness is Completeness.COMPLETE)
        assert row.plans == ()


SCHOOL = """\
format: 1
kind: {kind}
sources: {{S1: {{title: Handbook}}}}
facts: {{source: S1, as_of: unknown, certainty: stated}}
"""
FILES = {
    "school": """\
id: pond
name: Pond College
currency: USD
grades: {scale: [{grade: A, points: 4}, {grade: B, points: 3}]}
""",
    "courses": """\
school: pond
defaults: {credits: 3}
courses:
  PC 600: {title: One, requires: none}
  PC 601: {title: Two, requires: PC 600}
  PC 602: {title: Three}
  PC 603: {title: Four, requires: not stated, restricted_to: [other]}
  PC 604: {title: Seminar, credit: no}
""",
    "calendar": """\
school: pond
calendars:
  main:
    terms:
      - {season: Spring, dates: [01-15, 05-10]}
      - {season: Fall, dates: [08-25, 12-20]}
""",
    "fees": """\
school: pond
fees:
  - {id: tuition, per: credit, amount: 100}
  - {id: technology, per: term, amount: unknown}
""",
    "schedule": """\
school: pond
courses:
  PC 600: {pattern: {seasons: [Fall, Spring]}}
  PC 601: {history: {Fall: 2 of 2, Spring: 0 of 2}}
""",
    "program": """\
id: pond-ms
school: pond
name: Master of Ponds
degree: MS
catalog_year: current
credit_unit: credit
completeness: complete
unknown: [when the third course runs]
requirements:
  all:
    - {id: reading, fill: {courses: 2, from: [PC 600, PC 601, PC 602, PC 603, PC 604]}}
""",
}


@pytest.fixture
def pond(tmp_path: Path) -> Path:
    """A small school: of three courses that count, one has a pattern and one a history."""
    for kind, text in FILES.items():
        (tmp_path / f"{kind}.yaml").write_text(SCHOOL.format(kind=kind) + text, encoding="utf-8")
    return tmp_path


def test_a_programme_of_ones_own_is_counted_and_planned(pond: Path) -> None:
    (row,) = catalog_table(START, ["pond-ms"], catalogs=(pond,)).rows
    assert (row.n_courses, row.n_prerequisites, row.n_hours) == (3, 2, 0)
    # beside the line of the file: what it does not say of admission, loads and the like
    assert row.n_unknown > 1
    counts = {window.value: n for window, n in row.windows if n}
    assert counts == {"pattern": 1, "history": 1, "unknown": 1}
    assert row.price is Price.PARTLY
    # One in Spring, Two after it in Fall
    plan = TrackPlan(track=None, name="", n_variants=1, terms=(2, 2), months=(12, 12))
    assert row.plans == (plan,)


def test_a_programme_that_does_not_exist_is_a_fault() -> None:
    with pytest.raises(UsageError, match="USE-001"):
        catalog_table(None, ["gatech-omsc"])
