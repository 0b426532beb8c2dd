"""`prospectus audit --batch` from the command line."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from prospectus.cli.main import main

OMSCS = ["--program", "gatech-omscs", "--today", "2026-08-20"]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Return a table of two students, one of whose lines is broken."""
    path = tmp_path / "students.csv"
    path.write_text(
        "student,course,term,grade\n"
        "ann,CS 6515,Fall 2025,A\n"
        "ben,CS 6601,Fall 2025,A\n"
        "ben,CS 9999,Fall 2025,A\n",
        encoding="utf-8",
    )
    return path


def _students(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as file:
        return [row["student"] for row in csv.DictReader(file)]


def test_a_batch_is_written_where_it_is_asked_for_and_its_faults_are_told(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "found.csv"
    assert main(["audit", "--batch", str(table), "--out", str(out), *OMSCS]) == 0
    assert _students(out) == ["ann", "ben"]
    said = capsys.readouterr()
    assert "REC-040 line 4, course" in said.err
    assert "2 students" in said.out
    assert "complete: 0; no course left to take: 0" in said.out
    assert out.read_text(encoding="utf-8").startswith("student,rules,verdict,courses_complete,")


def test_without_a_name_it_is_written_beside_the_table(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["audit", "--batch", str(table), "--workers", "1", "--json", *OMSCS]) == 0
    assert _students(tmp_path / "students-audited.csv") == ["ann", "ben"]
    told = json.loads(capsys.readouterr().out)
    assert told["result"]["n_students"] == 2
    assert told["result"]["n_faults"] == 1


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["mine.yaml", "--batch", "students.csv", *OMSCS], "USE-010"),
        (["--batch", "students.csv", "--all-choices", *OMSCS], "USE-010"),
        (["--batch", "students.csv"], "USE-002"),
        ([], "USE-010"),
    ],
)
def test_what_does_not_belong_together_is_refused(
    words: list[str], code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["audit", *words]) == 2
    assert code in capsys.readouterr().err
