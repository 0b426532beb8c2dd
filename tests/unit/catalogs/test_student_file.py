from __future__ import annotations

import datetime as dt
import json
from fractions import Fraction
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from prospectus.catalogs.student_file import (
    read_student,
    student_schema_path,
    student_schema_text,
)
from prospectus.catalogs.student_parts import StudentFile
from prospectus.catalogs.student_schema import StudentModel
from prospectus.domain.errors import Fault, ProspectusError
from prospectus.domain.facts import Money
from prospectus.domain.record import AttemptStatus, CreditSource
from prospectus.domain.student import DEFAULT_LEVELS, Level

ROOT = Path(__file__).parents[3]
EXAMPLES = sorted((ROOT / "examples").glob("*.yaml"))
TODAY = dt.date(2026, 8, 1)
START = "format: 1\nplan_from: 2026-08-24\n"


def read(folder: Path, text: str) -> StudentFile:
    path = folder / "me.yaml"
    path.write_text(text, encoding="utf-8")
    return read_student(path, TODAY)


def faults(folder: Path, text: str) -> tuple[Fault, ...]:
    with pytest.raises(ProspectusError) as caught:
        read(folder, text)
    assert caught.value.exit_code == 3
    return caught.value.faults


def only(folder: Path, text: str) -> Fault:
    (fault,) = faults(folder, text)
    assert fault.what
    assert fault.fix
    return fault


def test_the_smallest_file_is_enough(tmp_path: Path):
    student = read(tmp_path, START).student
    assert student.plan_from == student.matriculation == dt.date(2026, 8, 24)
    assert student.wishes.hours_per_week == 15
    assert student.wishes.hours_are_assumed
    assert student.wishes.levels == DEFAULT_LEVELS


def test_a_full_file_becomes_a_student(tmp_path: Path):
    file = read(
        tmp_path,
        START
        + """
name: Maria
program: gatech-omscs
catalog_year: 2026-27
matriculation: 2025-08-18
choices: {specialization: ml}
finished:
  - {course: cs6035, grade: A, period: Fall 2025}
  - {course: CS 7641, status: in progress, period: [Spring 2026], expected_grade: B}
  - {course: MATH 500, source: transfer, credits: 1.5}
hours_per_week: {usual: 12, Summer: 6, 2027-06-01..2027-08-15: no limit}
courses_per_period: 2
pauses: [2027-12-20..2028-01-03, 2028-05-01]
money: {total: "USD 20,000", per_year: {2026: 5250, every: USD 6000.50}}
deadline: 2030-12-31
time_zone: America/Denver
free_for_live_sessions: {Mon: ["18:00-21:00"], Sat: any}
residence: US-CO
visa: none
facts: {employed: yes}
degrees: [{level: bachelor, field: nursing}]
gpa: 3.4
tests: {TOEFL: 101}
background: [python]
wanted: {courses: [CS 7650], topics: databases}
unwanted: {topics: [law]}
objectives: [cost]
least_offering_share: 75%
""",
    )
    student, wishes = file.student, file.student.wishes
    assert student.matriculation == dt.date(2025, 8, 18)
    assert student.catalog_years == (("gatech-omscs", "2026-27"),)
    assert student.choices == (("specialization", "ml"),)
    assert [line.course for line in file.finished] == ["CS 6035", "CS 7641", "MATH 500"]
    assert file.finished[0].status is AttemptStatus.PASSED
    assert file.finished[1].status is AttemptStatus.IN_PROGRESS
    assert file.finished[2].source is CreditSource.TRANSFER
    assert file.finished[2].credits == Fraction(3, 2)
    assert (wishes.hours_per_week, wishes.hours_are_assumed) == (12, False)
    assert [(limit.name, limit.limit) for limit in file.hours_by_season] == [("Summer", 6)]
    assert wishes.hours_limit(dt.date(2027, 6, 2), dt.date(2027, 6, 30)) is None
    assert wishes.hours_limit(dt.date(2027, 9, 2), dt.date(2027, 9, 30)) == 12
    assert wishes.is_paused(dt.date(2028, 5, 1), dt.date(2028, 5, 2))
    assert wishes.budget_total == Money(minor=2_000_000, currency="USD")
    assert wishes.budget_by_year == (
        (2026, Money(minor=525_000, currency="USD")),
        (None, Money(minor=600_050, currency="USD")),
    )
    assert wishes.free is not None
    assert [slot.weekday for slot in wishes.free] == [0, 5]
    assert student.person.fact("residence") == "US-CO"
    assert student.person.fact("visa") == "none"
    assert student.person.fact("employed") == "yes"
    assert student.person.degrees == (("bachelor", "nursing"),)
    assert student.person.gpa == Fraction(17, 5)
    assert student.person.tests == (("TOEFL", Fraction(101)),)
    assert wishes.wanted == ("CS 7650",)
    assert wishes.wanted_topics == ("databases",)
    assert wishes.levels[0] is Level.COST
    assert set(wishes.levels) == set(DEFAULT_LEVELS)
    assert wishes.min_offering_share == Fraction(3, 4)


def test_hours_without_a_limit_are_a_choice_not_an_assumption(tmp_path: Path):
    wishes = read(tmp_path, START + "hours_per_week: no limit\n").student.wishes
    assert wishes.hours_per_week is None
    assert not wishes.hours_are_assumed


def test_a_plan_without_plan_from_begins_today_for_someone_enrolled(tmp_path: Path):
    student = read(tmp_path, "format: 1\nmatriculation: 2025-08-18\n").student
    assert student.plan_from == TODAY


@pytest.mark.parametrize(
    ("line", "code", "field"),
    [
        ("hours_per_weak: 12", "STU-002", "hours_per_weak"),
        ("wanted: {topic: [law]}", "STU-002", "wanted.topic"),
        ("hours_per_week: twelve", "STU-004", "hours_per_week"),
        ("hours_per_week: -3", "STU-005", "hours_per_week"),
        ("courses_per_period: -1", "STU-005", "courses_per_period"),
        ("money: {total: USD -5}", "STU-005", "money.total"),
        ("money: {total: plenty}", "STU-004", "money.total"),
        ("money: {total: USD 5, per_year: EUR 6}", "STU-010", "money"),
        ("deadline: 2026-08-01", "STU-006", "deadline"),
        ("deadline: someday", "STU-004", "deadline"),
        ("pauses: [2027-08-01..2027-07-01]", "STU-007", "pauses"),
        ("time_zone: America/Denvr", "STU-008", "time_zone"),
        ("time_zone: ../etc/passwd", "STU-008", "time_zone"),
        ("free_for_live_sessions: {Mon: 21:00-18:00}", "STU-007", "free_for_live_sessions"),
        ("free_for_live_sessions: {Moon: any}", "STU-004", "free_for_live_sessions"),
        ("wanted: {courses: [C 1]}", "STU-004", "wanted.courses"),
        ("objectives: [fun]", "STU-004", "objectives[0]"),
        ("catalog_year: 2026-27", "STU-003", "catalog_year"),
        ("finished: [{course: CS 6035}]", "STU-003", "finished"),
        ("least_offering_share: 2", "STU-004", "least_offering_share"),
        ("gpa: high", "STU-004", "gpa"),
        ("wanted: {topics: [a]}\nunwanted: {topics: [a]}", "STU-011", "unwanted"),
        ("matriculation: 2027-08-24", "STU-006", "plan_from"),
    ],
)
def test_a_wrong_value_is_named_with_line_field_and_mend(
    tmp_path: Path, line: str, code: str, field: str
):
    fault = only(tmp_path, START + line + "\n")
    assert (fault.code, fault.at.field) == (code, field)
    assert fault.at.file.endswith("me.yaml")
    assert fault.at.line is not None


def test_an_unknown_field_is_answered_with_the_nearest(tmp_path: Path):
    assert only(tmp_path, START + "hours_per_weak: 12\n").fix == "did you mean 'hours_per_week'?"


def test_a_plan_from_the_past_is_refused(tmp_path: Path):
    fault = only(tmp_path, "format: 1\nplan_from: 2026-07-31\n")
    assert fault.code == "STU-009"
    assert "today is 2026-08-01" in fault.what


def test_all_faults_of_a_file_are_told_at_once(tmp_path: Path):
    found = faults(tmp_path, START + "hours_per_week: -3\ngpa: high\nhobby: chess\n")
    assert {fault.code for fault in found} == {"STU-002", "STU-004", "STU-005"}
    assert {fault.at.line for fault in found} == {3, 4, 5}


def test_neither_start_is_a_fault(tmp_path: Path):
    assert only(tmp_path, "format: 1\n").code == "STU-003"


def test_a_missing_or_other_format_is_a_fault(tmp_path: Path):
    assert only(tmp_path, "plan_from: 2026-08-24\n").code == "STU-003"
    assert only(tmp_path, "format: 2\nplan_from: 2026-08-24\n").code == "STU-004"


def test_a_list_is_no_student_document(tmp_path: Path):
    assert only(tmp_path, "- a\n- b\n").code == "STU-001"


def test_a_catalog_file_in_place_of_a_student_is_told_as_one_fault(tmp_path: Path):
    fault = only(tmp_path, "format: 1\nkind: school\nsources: {}\nid: x\nname: X\n")
    assert fault.code == "STU-001"
    assert "kind 'school'" in fault.what
    assert fault.at.line == 2


def test_a_waiver_carries_neither_credits_nor_grade(tmp_path: Path):
    text = START + "program: x\nfinished: [{course: CS 6035, source: waiver, credits: 3}]\n"
    assert only(tmp_path, text).code == "STU-004"


def test_the_committed_schema_is_current():
    committed = student_schema_path().read_text(encoding="utf-8")
    assert committed == student_schema_text(), "run `python -m prospectus.catalogs.student_file`"


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_a_shipped_example_can_be_read_and_fits_the_schema(example: Path):
    assert read_student(example, dt.date(2026, 9, 1)).student.name
    validator = Draft202012Validator(json.loads(student_schema_text()))
    data = yaml.load(example.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    data["format"] = 1
    assert [error.message for error in validator.iter_errors(data)] == []


def test_every_field_of_the_file_is_documented():
    page = (ROOT / "docs" / "student-file.md").read_text(encoding="utf-8")
    fields = set(StudentModel.model_fields) - {"kind"}
    assert [
        name for name in sorted(fields) if f"`{name}`" not in page and f"{name}:" not in page
    ] == []


@pytest.mark.parametrize("name", ["plan_from", "hours_per_week", "money", "finished"])
def test_the_schema_completes_the_fields(name: str):
    assert name in json.loads(student_schema_text())["properties"]
