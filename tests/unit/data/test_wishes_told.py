"""Every wish of the student file stands in the table of docs/student-file.md, with an example."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml

from prospectus.app.degree_plan import plan_degree
from prospectus.app.solving import Effort
from prospectus.catalogs.money_blocks import EmployerBlock, MoneyBlock, PocketBlock
from prospectus.catalogs.student_schema import StudentModel, WishBlock
from prospectus.catalogs.wish_blocks import AboutBlock
from prospectus.domain.student import Level

ROOT = Path(__file__).parents[3]
EXAMPLES = {path.name: path for path in sorted((ROOT / "examples").glob("*.yaml"))}
TODAY = dt.date(2026, 11, 22)
# Who one is, what is on record, and what the file is: no wishes.
NO_WISHES = {
    *("format", "kind", "name", "matriculation", "program", "catalog_year", "choices"),
    *("finished", "milestones", "approvals", "exceptions", "residence", "citizenship", "visa"),
    *("facts", "degrees", "gpa", "tests", "background", "member_of"),
    *("wanted", "unwanted", "wishes", "money"),
}
PROGRAMS = {"engineer-bangalore.yaml": "gatech-omscs", "nurse-denver.yaml": "cuboulder-msds"}


@cache
def table() -> dict[str, tuple[str, ...]]:
    """Return the example files of each wish, as the table says."""
    text = (ROOT / "docs" / "student-file.md").read_text()
    section = text.split("## Every wish\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| `([^`]+)` \|.*\| ([^|]+) \|$", section, re.MULTILINE)
    return {name: tuple(re.findall(r"`([^`]+\.yaml)`", files)) for name, files in rows}


def wishes_of_the_schema() -> Iterator[str]:
    """Yield the path of each field that says a wish."""
    yield from (name for name in StudentModel.model_fields if name not in NO_WISHES)
    for block, model in (
        ("wanted", WishBlock),
        ("unwanted", WishBlock),
        ("wishes", AboutBlock),
        ("money", MoneyBlock),
        ("money.employer", EmployerBlock),
        ("money.out_of_pocket", PocketBlock),
    ):
        for name in model.model_fields:
            if (block, name) not in (("money", "employer"), ("money", "out_of_pocket")):
                yield f"{block}.{name}"
    yield from (f"objectives: {level.value}" for level in Level)


def test_the_table_has_every_wish_of_the_schema_and_no_other() -> None:
    assert sorted(table()) == sorted(wishes_of_the_schema())


@pytest.mark.parametrize("wish", sorted(wishes_of_the_schema()))
def test_the_example_named_in_the_table_has_the_wish(wish: str) -> None:
    files = table()[wish]
    # of an earlier plan, and of a currency, no file of a person says anything
    assert files or wish in ("objectives: change", "money.currency")
    for name in files:
        data: object = yaml.safe_load(EXAMPLES[name].read_text())
        field, _, level = wish.partition(": ")
        for part in field.split("."):
            assert isinstance(data, dict)
            data = data[part]
        assert not level or (isinstance(data, list) and level in data)


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_has_a_plan(name: str) -> None:
    answer = plan_degree(
        EXAMPLES[name],
        PROGRAMS.get(name),
        "ml" if name == "engineer-bangalore.yaml" else None,
        today=TODAY,
        effort=Effort(seconds=20.0),
    )
    assert answer.best is not None
    assert answer.idle_wishes == ()
