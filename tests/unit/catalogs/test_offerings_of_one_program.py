"""Sections that a school keeps for the students of one programme."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from small_catalog import SCHEDULE

from prospectus.catalogs.check import check
from prospectus.catalogs.load import load_catalog
from prospectus.domain.meaning import resolve
from prospectus.domain.student import Person

PLAIN = "EX 105: {pattern: {seasons: [Fall]}}"


def seasons(folder: Path) -> set[str | None]:
    """Return the seasons in which students of the programme meet EX 105."""
    catalog = load_catalog(folder)
    (resolved, *_) = resolve(
        catalog.program("ex-ms"),
        catalog.school("ex"),
        Person(),
        (("total", "9"),),
        catalog.assumptions,
    )
    return {one.season for one in resolved.offerings if one.course == "EX 105"}


def test_a_run_without_programmes_is_for_everyone(catalog: Path) -> None:
    assert seasons(catalog) == {"Fall"}


def test_a_run_may_be_for_the_students_of_one_programme(spoil: Callable[..., Path]) -> None:
    other = "EX 105: {pattern: {seasons: [Fall]}, programs: [ex-phd]}"
    assert seasons(spoil(SCHEDULE, PLAIN, other)) == set()


def test_each_programme_meets_its_own_statement(spoil: Callable[..., Path]) -> None:
    two = """EX 105:
    - {pattern: {seasons: [Fall]}, programs: [ex-phd]}
    - {pattern: {seasons: [Spring]}, programs: [ex-ms]}"""
    assert seasons(spoil(SCHEDULE, PLAIN, two)) == {"Spring"}


def test_a_run_for_a_programme_that_no_file_describes_is_warned_of(
    spoil: Callable[..., Path],
) -> None:
    folder = spoil(SCHEDULE, PLAIN, "EX 105: {pattern: {seasons: [Fall]}, programs: [ex-phd]}")
    (found,) = [fault for fault in check([folder]) if fault.code == "CAT-087"]
    assert found.at.field == "courses.EX 105.programs"
    assert "ex-phd" in found.what
