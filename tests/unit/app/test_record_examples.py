"""The made-up records among the examples say what they seem to say."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from prospectus.app.auditing import audit_record
from prospectus.app.library import open_library
from prospectus.app.records import LoadedRecord, read_record
from prospectus.domain.record import AttemptStatus

FOLDER = Path(__file__).parents[3] / "examples" / "records"
PAGE = FOLDER.parents[1] / "docs" / "records.md"
TODAY = dt.date(2026, 11, 22)


def load(name: str, program_id: str) -> LoadedRecord:
    library = open_library()
    program = library.program(program_id, library.years(program_id)[-1])
    return read_record(FOLDER / name, program, library.school(program), TODAY, library=library)


@pytest.mark.parametrize(
    ("name", "program", "n_attempts", "notes"),
    [
        ("omscs-robin-sample.yaml", "gatech-omscs", 8, []),
        ("omsa-alex-sample.csv", "gatech-omsa", 7, []),
        ("mads-kim-sample.xml", "umich-mads", 3, ["REC-037", "REC-036"]),
    ],
)
def test_an_example_is_read_whole(
    name: str, program: str, n_attempts: int, notes: list[str]
) -> None:
    loaded = load(name, program)
    assert len(loaded.record.attempts) == n_attempts
    assert [note.code for note in loaded.notes] == notes
    assert "made up" in loaded.name


def test_a_repeat_keeps_both_tries() -> None:
    loaded = load("omsa-alex-sample.csv", "gatech-omsa")
    tries = [one for one in loaded.record.attempts if one.course == "CSE 6242"]
    assert [one.status for one in tries] == [AttemptStatus.WITHDRAWN, AttemptStatus.PASSED]


def test_the_plan_s_example_is_a_record_too() -> None:
    path = FOLDER.parent / "omscs-midway.yaml"
    library = open_library()
    program = library.program("gatech-omscs", library.years("gatech-omscs")[-1])
    loaded = read_record(path, program, library.school(program), TODAY)
    assert loaded.choices == (("specialization", "ml"),)
    assert {one.status for one in loaded.record.attempts} == {
        AttemptStatus.PASSED,
        AttemptStatus.IN_PROGRESS,
    }


def test_the_sample_of_the_manual_audits_as_it_stands(tmp_path: Path) -> None:
    sample = re.search(r"```yaml\n(format: 1\nkind: record\n.*?)```", PAGE.read_text("utf-8"), re.S)
    assert sample is not None
    path = tmp_path / "copied.yaml"
    path.write_text(sample[1], encoding="utf-8")
    answer = audit_record(path, today=TODAY)
    assert (answer.n_attempts, answer.notes) == (4, ())
    assert {one.kind for one in answer.exceptions} == {"waive", "substitute", "insert", "force"}
