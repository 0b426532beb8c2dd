"""Record files and student files as records: every fault at once, each with its line."""

from __future__ import annotations

import datetime as dt
import json
from fractions import Fraction
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from prospectus.catalogs.record_file import (
    read_record_file,
    record_schema_path,
    record_schema_text,
)
from prospectus.catalogs.record_parts import RecordFile, RecordForm
from prospectus.domain.course import Delivery
from prospectus.domain.errors import Fault, StudentError
from prospectus.domain.record import (
    ApprovalState,
    AttemptStatus,
    CreditSource,
    ExceptionKind,
)

TODAY = dt.date(2026, 8, 1)
HEAD = "format: 1\nkind: record\n"


def read(folder: Path, text: str) -> RecordFile:
    path = folder / "r.yaml"
    path.write_text(text, encoding="utf-8")
    return read_record_file(path, TODAY)


def faults(folder: Path, text: str) -> list[tuple[str, int | None, str]]:
    return [(one.code, one.at.line, one.at.field) for one in complaints(folder, text)]


def complaints(folder: Path, text: str) -> tuple[Fault, ...]:
    """Return what is wrong with a file, whether it can be read in part or not at all."""
    try:
        return read(folder, text).faults
    except StudentError as error:
        return error.faults


def test_a_record_file_says_all_that_a_record_can(tmp_path: Path) -> None:
    record = read(
        tmp_path,
        HEAD
        + """\
name: Maria
program: here-ms
catalog_year: 2026-27
matriculation: 2025-08-20
choices: {track: two}
residence: US-MI
gpa: 3.4
attempts:
  - {course: ab-100, period: [Fall 2025], grade: A, credits: "3/2", topic: bees,
     counted_in: [other-ms], instructor: Dr. No, delivery: in person, campus: North}
  - {course: XY 9001, source: transfer, credits: 3, school: Elsewhere, ended: 2024-05-10}
  - {course: AB 200, status: planned, period: Fall 2026, expected_grade: B}
milestones: [{milestone: exam, status: passed, on: 2026-05-01}]
approvals: {advisor: granted}
exceptions:
  - {kind: substitute, node: core, course: AB 200, replaces: AB 300, who: me,
     when: 2026-05-01, why: so}
""",
    )
    assert (record.form, record.name, record.program) == (RecordForm.RECORD, "Maria", "here-ms")
    assert (record.catalog_year, record.matriculation) == ("2026-27", dt.date(2025, 8, 20))
    assert record.choices == (("track", "two"),)
    assert record.person is not None
    assert (record.person.fact("residence"), record.person.gpa) == ("US-MI", Fraction(17, 5))
    first, second, third = (line.attempt for line in record.lines)
    assert (first.course, first.credits, first.topic) == ("AB 100", Fraction(3, 2), "bees")
    assert (first.delivery, first.instructor) == (Delivery.IN_PERSON, "Dr. No")
    assert (first.status, first.counted_in) == (None, {"other-ms"})
    assert (second.source, second.ended) == (CreditSource.TRANSFER, dt.date(2024, 5, 10))
    assert (third.status, third.expected_grade) == (AttemptStatus.PLANNED, "B")
    assert record.milestones[0].on == dt.date(2026, 5, 1)
    assert record.approvals == (("advisor", ApprovalState.GRANTED),)
    assert record.exceptions[0].kind is ExceptionKind.SUBSTITUTE
    assert [line.line for line in record.lines] == [11, 13, 14]
    assert record.place_in(0, "credits").line == 11
    assert record.place_in(1, "grade").field == "attempts[1].grade"


def test_json_is_read_as_well(tmp_path: Path) -> None:
    data = {"format": 1, "kind": "record", "attempts": [{"course": "AB 100", "grade": "A"}]}
    assert read(tmp_path, json.dumps(data)).lines[0].attempt.course == "AB 100"


def test_all_faults_of_a_record_file_come_at_once(tmp_path: Path) -> None:
    text = (
        HEAD
        + """\
color: red
attempts:
  - {course: "?", grade: A}
  - {cuorse: AB 100}
  - {course: AB 100, status: gone, credits: -3, ended: 2026-02-31x}
exceptions: [{kind: waive, node: core, who: me, why: so}]
"""
    )
    assert faults(tmp_path, text) == [
        ("REC-022", 5, "attempts[0].course"),
        ("REC-020", 6, "attempts[1].course"),
        ("REC-021", 6, "attempts[1].cuorse"),
        ("REC-022", 7, "attempts[2].status"),
        ("REC-023", 7, "attempts[2].credits"),
        ("REC-022", 7, "attempts[2].ended"),
        ("REC-020", 8, "exceptions[0].when"),
        ("REC-021", 3, "color"),
    ]


def test_what_two_fields_make_wrong_is_told(tmp_path: Path) -> None:
    text = HEAD + "catalog_year: 2026-27\nattempts: [{course: AB 100, source: waiver, grade: A}]\n"
    assert [code for code, _, _ in faults(tmp_path, text)] == ["REC-024", "REC-020"]


def test_what_can_be_read_is_kept_and_its_places_stay_those_of_the_file(tmp_path: Path) -> None:
    record = read(tmp_path, HEAD + "gpa: x\nattempts:\n  - AB 100\n  - {course: AB 200}\n")
    assert [line.attempt.course for line in record.lines] == ["AB 200"]
    at = record.place_in(0, "course")
    assert (at.line, at.field) == (6, "attempts[1].course")
    assert record.place_in(0, "grade").field == "attempts[1].grade"


@pytest.mark.parametrize(
    ("entry", "fix"),
    [
        ("[AB 100]", "write `- {course: AB 100}`"),
        ("ab100", "write `- {course: AB 100}`"),
        ("7", "write `- {course: CS 7641}`"),
        ("", "write `- {course: CS 7641}`"),
    ],
)
def test_an_attempt_without_fields_is_told_how_it_is_written(
    tmp_path: Path, entry: str, fix: str
) -> None:
    (fault,) = complaints(tmp_path, HEAD + f"attempts:\n  - {entry}\n")
    assert (fault.code, fault.at.line, fault.fix) == ("REC-022", 4, fix)


@pytest.mark.parametrize(
    "text",
    [
        "attempts: 7",
        "attempts: {a: b}",
        "choices: [a]",
        "choices: {a: [b]}",
        "milestones: [exam]",
        "milestones: [{milestone: [x], status: passed}]",
        "exceptions: [3]",
        "approvals: granted",
        "tests: 4",
        "degrees: [bachelor]",
    ],
)
def test_no_fault_speaks_of_how_the_file_is_read(tmp_path: Path, text: str) -> None:
    for fault in complaints(tmp_path, HEAD + text + "\n"):
        words = f"{fault.what} {fault.fix}".lower()
        assert not any(one in words for one in ("block", "input", "dictionary", "instance", "'0'"))
        assert fault.at.line == 3


def test_a_head_that_is_no_record_s_is_told_at_once(tmp_path: Path) -> None:
    assert [code for code, _, _ in faults(tmp_path, "format: 2\nkind: recrd\n")] == ["REC-022"] * 2


@pytest.mark.parametrize("text", ["- 1\n", "a text: no record\n"])
def test_what_is_no_record_is_refused(tmp_path: Path, text: str) -> None:
    assert faults(tmp_path, text)[0][0] in ("REC-005", "STU-003", "STU-002")


def test_a_student_file_is_a_record_whatever_day_it_plans_from(tmp_path: Path) -> None:
    text = (
        "format: 1\nprogram: here-ms\ncatalog_year: 2026-27\nmatriculation: 2024-08-20\n"
        "plan_from: 2025-01-10\nchoices: {track: two}\nname: Maria\n"
        "finished:\n  - {course: AB 100, grade: F}\n  - {course: AB 200}\n"
    )
    record = read(tmp_path, text)
    assert record.form is RecordForm.STUDENT
    assert (record.program, record.catalog_year) == ("here-ms", "2026-27")
    assert [line.attempt.status for line in record.lines] == [None, AttemptStatus.PASSED]
    assert record.place_in(1, "course").line == 10
    assert record.place_in(1, "course").field == "finished[1].course"


def test_a_student_file_keeps_its_own_faults(tmp_path: Path) -> None:
    assert faults(tmp_path, "format: 1\nfinished: [{course: AB 100}]\n")[0][0] == "STU-003"


def test_the_committed_schema_is_current_and_fits_the_example() -> None:
    text = record_schema_path().read_text(encoding="utf-8")
    assert text == record_schema_text(), "run `python -m prospectus.catalogs.record_file`"
    Draft202012Validator.check_schema(json.loads(text))
