"""Every YAML example of docs/language.md is read by the catalog's own readers, without a fault."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from prospectus.catalogs.dated_files import AssumptionsFile, CalendarFile, FeesFile
from prospectus.catalogs.program_files import ProgramFile
from prospectus.catalogs.schedule_file import ScheduleFile
from prospectus.catalogs.school_files import CoursesFile, SchoolFile
from prospectus.catalogs.site import Reading, Site
from prospectus.catalogs.student_file import read_student
from prospectus.catalogs.yaml_document import Document
from prospectus.catalogs.yaml_reader import read_yaml

PAGE = Path(__file__).parents[3] / "docs" / "language.md"
BLOCK = re.compile(r"^```yaml\n# (\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
ALL_BLOCKS = re.compile(r"^```yaml\n", re.MULTILINE)
HEAD = "format: 1\nkind: {kind}\nsources: {{S1: {{title: Handbook, read: 2026-08-19}}}}\n"

# What a whole file needs beside the example; a line is left out where the example has its key.
REST = {
    "program": [
        "id: example-ms",
        "school: example",
        "name: Example",
        "degree: MS",
        "catalog_year: 2026-27",
        "credit_unit: credit",
        "requirements: {all: [CS 600]}",
    ],
    "school": ["id: example", "name: Example", "currency: USD", "grades: {scale: [{grade: A}]}"],
    "courses": ["school: example"],
    "student": ["plan_from: 2026-08-24"],
}
SEASONS = ("Fall", "Winter", "Spring", "Summer")


def examples() -> list[tuple[str, str]]:
    return BLOCK.findall(PAGE.read_text(encoding="utf-8"))


def whole_file(kind: str, example: str) -> str:
    keys = set(re.findall(r"^([a-z_]+):", example, re.MULTILINE))
    rest = [line for line in REST.get(kind, []) if line.split(":")[0] not in keys]
    head = "format: 1\nkind: student\n" if kind == "student" else HEAD.format(kind=kind)
    return head + "\n".join(rest) + "\n" + example


def read_school(data: object, site: Site) -> None:
    school = SchoolFile.model_validate(data)
    school.grades.to_domain(site.at("grades"))
    school.equivalents(site)


def readers(document: Document, site: Site) -> dict[str, Callable[[], object]]:
    data = document.data
    return {
        "program": lambda: ProgramFile.model_validate(data).to_domain(site, ()),
        "school": lambda: read_school(data, site),
        "courses": lambda: CoursesFile.model_validate(data).to_domain(site),
        "calendar": lambda: CalendarFile.model_validate(data).to_domain(site),
        "fees": lambda: FeesFile.model_validate(data).to_domain(site, "USD"),
        "schedule": lambda: ScheduleFile.model_validate(data).to_domain(site, SEASONS),
        "assumptions": lambda: AssumptionsFile.model_validate(data).to_domain(site),
    }


def test_every_yaml_example_names_its_file() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert len(examples()) == len(ALL_BLOCKS.findall(text)) > 30


@pytest.mark.parametrize(("kind", "example"), examples())
def test_the_example_is_read_without_a_fault(kind: str, example: str, tmp_path: Path) -> None:
    path = tmp_path / f"{kind}.yaml"
    path.write_text(whole_file(kind, example), encoding="utf-8")
    if kind == "student":
        read_student(path, dt.date(2026, 8, 1))
        return
    reading = Reading()
    document = read_yaml(path)
    site = Site(document=document, reading=reading)
    readers(document, site)[kind]()
    assert [str(fault) for fault in reading.faults] == []
