"""Assumptions that hold for one school alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_catalog import ASSUMPTIONS, COURSES, FEES, FILES, PROGRAM, write

from prospectus.catalogs.check import check
from prospectus.catalogs.load import Catalog, load_catalog
from prospectus.domain.errors import CatalogError

OWN = "schools/ex/assumptions.yaml"
HOURS = FILES[ASSUMPTIONS].replace("  price:", "  hours-per-credit:")
OTHER = ("school", "courses", "calendar", "fees", "schedule", "programs/oz-ms/2026-27")


def own(value: int, school: str = "ex", text: str = FILES[ASSUMPTIONS]) -> str:
    """Return a file of assumptions of one school, with a value of its own."""
    head = f"kind: assumptions\nschool: {school}"
    return text.replace("kind: assumptions", head).replace("value: 400", f"value: {value}")


def two_schools(folder: Path, changed: dict[str, str]) -> Path:
    """Write the small catalog with a second school `oz` of the same files."""
    copies = {
        f"schools/oz/{name}.yaml": FILES[f"schools/ex/{name.replace('oz', 'ex')}.yaml"]
        .replace("id: ex\n", "id: oz\n")
        .replace("school: ex\n", "school: oz\n")
        .replace("ex-ms", "oz-ms")
        for name in OTHER
    }
    return write(folder, {**copies, **changed})


def price(catalog: Catalog, school: str) -> int:
    """Return the assumed price of a credit, in cents."""
    (fee,) = (fee for fee in catalog.school(school).fees if fee.id == "tuition")
    assert fee.amount is not None
    return fee.amount.minor


def test_they_hold_for_the_files_of_that_school_alone(tmp_path: Path) -> None:
    folder = two_schools(tmp_path, {OWN: own(333)})
    assert check([folder]) == ()
    loaded = load_catalog(folder)
    assert price(loaded, "ex") == 333_00
    assert price(loaded, "oz") == 400_00
    assert loaded.assumptions_of(loaded.program("ex-ms"))["price"].value == 333
    assert loaded.assumptions_of(loaded.program("oz-ms"))["price"].value == 400
    assert loaded.assumptions["price"].value == 400


def test_no_other_school_can_name_them(tmp_path: Path) -> None:
    only = own(400).replace("  price:", "  own-price:")
    fees = {
        name: text.replace("assumption: price", "assumption: own-price")
        for name, text in ((FEES, FILES[FEES]),)
    }
    folder = two_schools(tmp_path, {OWN: only, **fees})
    assert price(load_catalog(folder), "ex") == 400_00
    other = folder / "schools" / "oz" / "fees.yaml"
    text = other.read_text(encoding="utf-8")
    other.write_text(text.replace("assumption: price", "assumption: own-price"), encoding="utf-8")
    (fault,) = (fault for fault in check([folder]) if fault.code == "CAT-041")
    assert fault.what == "the assumption 'own-price' holds for ex alone"
    assert fault.at.file.endswith("oz/fees.yaml")


def test_they_stand_before_the_bundled_ones_and_before_those_given_alone(tmp_path: Path) -> None:
    fees = FILES[FEES].replace("assumption: price", "amount: 3")
    files = {FEES: fees, OWN: own(301, text=HOURS), ASSUMPTIONS: HOURS}
    folder = write(tmp_path / "catalog", files)
    alone = tmp_path / "mine.yaml"
    alone.write_text(HOURS.replace("value: 400", "value: 302"), encoding="utf-8")
    for extra in ([folder], [folder, alone], [alone, folder], [folder / "schools" / "ex", alone]):
        loaded = load_catalog(extra=extra)
        assert loaded.assumptions_of(loaded.program("ex-ms"))["hours-per-credit"].value == 301
    assert loaded.assumptions_of(loaded.program("gatech-omscs"))["hours-per-credit"].value == 302


def test_a_file_of_ones_own_may_set_those_of_a_bundled_school(tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text(own(301, "gatech", HOURS), encoding="utf-8")
    loaded = load_catalog(extra=[mine])
    assert loaded.assumptions_of(loaded.program("gatech-omscs"))["hours-per-credit"].value == 301
    assert loaded.assumptions_of(loaded.program("umich-mads"))["hours-per-credit"].value == 45
    assert check([mine]) == ()


@pytest.mark.parametrize("asked", [".", "schools/ex", PROGRAM, FEES, OWN])
def test_a_part_of_a_catalog_is_checked_with_those_of_its_school(
    tmp_path: Path, asked: str
) -> None:
    few = FILES[ASSUMPTIONS].replace("400", "40").replace("[300, 500.5]", "[30, 50.5]")
    files = {OWN: own(333).replace("  price:", "  own-price:"), ASSUMPTIONS: few}
    folder = write(tmp_path, files)
    fees = folder / FEES
    text = fees.read_text(encoding="utf-8")
    fees.write_text(text.replace("assumption: price", "assumption: own-price"), encoding="utf-8")
    courses = folder / COURSES
    text = courses.read_text(encoding="utf-8")
    new = "{title: Five, hours: {assumption: price},"
    courses.write_text(text.replace("{title: Five,", new), encoding="utf-8")
    assert check([folder / asked]) == ()


def test_the_school_must_exist(tmp_path: Path) -> None:
    (fault,) = check([write(tmp_path, {OWN: own(333, "exx")})])
    assert (fault.code, fault.at.field) == ("CAT-038", "school")
    assert "did you mean 'ex'?" in fault.what


def test_one_id_stands_once_among_those_of_a_school(tmp_path: Path) -> None:
    folder = write(tmp_path, {OWN: own(333), "schools/ex/more.yaml": own(334)})
    with pytest.raises(CatalogError) as caught:
        load_catalog(folder)
    assert [fault.code for fault in caught.value.faults] == ["CAT-036"]
