"""A record from any file, bound to a programme."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from sample_answers import plan_answer, row, variant
from sample_school import program, school

from prospectus.app.document import envelope
from prospectus.app.library import Library
from prospectus.app.records import LoadedRecord, read_record
from prospectus.catalogs.catalog import Catalog
from prospectus.catalogs.record_parts import RecordForm
from prospectus.domain.conversion import Conversion, Rounding
from prospectus.domain.errors import DataError, Severity, StudentError
from prospectus.domain.expression import Done
from prospectus.domain.program import Program, Transfer
from prospectus.domain.record import AttemptStatus, CreditSource
from prospectus.domain.requirement import All, Header, Milestone, NodeId, Reading
from prospectus.domain.rule import Gate

TODAY = dt.date(2026, 10, 1)
HEAD = "format: 1\nkind: record\nprogram: here-ms\n"


def degree() -> Program:
    """Return the sample programme with a milestone, and a gate in one reading of its rules."""
    plain = program()
    assert isinstance(plain.tree, All)
    exam = Milestone(header=Header(id=NodeId("exam")))
    gate = Gate(header=Header(id=NodeId("gate")), needs=Done(code="AB 100"))
    return replace(
        plain,
        tree=replace(plain.tree, children=(*plain.tree.children, exam)),
        rules=(Reading(dispute="strict", options=(("yes", gate),)),),
    )


def load(
    folder: Path, text: str | bytes, name: str = "a.txt", library: Library | None = None
) -> LoadedRecord:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_record(path, degree(), school(), TODAY, library=library)


def faults(folder: Path, text: str | bytes, name: str = "a.txt") -> list[tuple[str, int | None]]:
    with pytest.raises(DataError) as caught:
        load(folder, text, name)
    assert all(one.what and one.fix and one.at.file for one in caught.value.faults)
    return [(one.code, one.at.line) for one in caught.value.faults]


CSV = "course,term,grade\nAB 200,Spring 2026,B\nAB 100,Fall 2025,A\n"


@pytest.mark.parametrize(
    ("text", "form"),
    [
        (CSV, RecordForm.TABLE),
        ("\ufeff" + CSV.replace(",", ";"), RecordForm.TABLE),
        (
            HEAD + "attempts:\n  - {course: AB 100, period: Fall 2025, grade: A}\n"
            "  - {course: AB 200, period: Spring 2026, grade: B}\n",
            RecordForm.RECORD,
        ),
        (
            json.dumps(
                {
                    "kind": "record",
                    "format": 1,
                    "attempts": [
                        {"course": "AB 100", "period": "Fall 2025", "grade": "A"},
                        {"course": "AB 200", "period": "Spring 2026", "grade": "B"},
                    ],
                }
            ),
            RecordForm.RECORD,
        ),
        (
            "format: 1\nprogram: here-ms\nmatriculation: 2025-08-20\nfinished:\n"
            "  - {course: AB 100, period: Fall 2025, grade: A}\n"
            "  - {course: AB 200, period: Spring 2026, grade: B}\n",
            RecordForm.STUDENT,
        ),
    ],
)
def test_what_a_file_holds_decides_what_it_is(tmp_path: Path, text: str, form: RecordForm) -> None:
    loaded = load(tmp_path, text)
    assert loaded.form is form
    assert [(one.course, one.grade) for one in loaded.record.attempts] == [
        ("AB 100", "A"),
        ("AB 200", "B"),
    ]


def test_a_plan_is_a_record(tmp_path: Path) -> None:
    taken = load(tmp_path, CSV).record
    made = row()
    made = replace(made, option=replace(made.option, program="here-ms", track="two"))
    answer = replace(plan_answer(replace(variant(made), record=taken)), program="here-ms")
    loaded = load(tmp_path, envelope("plan", answer))
    assert loaded.form is RecordForm.PLAN
    assert loaded.record == taken
    assert loaded.choices == (("track", "two"),)


def test_the_order_of_lines_does_not_matter(tmp_path: Path) -> None:
    head, *lines = CSV.splitlines()
    turned = "\n".join([head, *reversed(lines)])
    assert load(tmp_path, CSV).record == load(tmp_path, turned).record


@pytest.mark.parametrize(
    ("text", "name", "codes"),
    [
        ("", "a.csv", ["REC-005"]),
        ("", "a.yaml", ["REC-005"]),
        ("  \n", "a.xml", ["REC-005"]),
        ("just words\n", "a.txt", ["REC-005"]),
        ("just words\n", "a.csv", ["REC-010"]),
        ("a: [\n", "a.yaml", ["CAT-006"]),
        (b"\x89PNG\0\0", "a.png", ["REC-004"]),
        (b"PAR1 and no more", "a.parquet", ["REC-019"]),
        ("<html/>", "a.xml", ["REC-033"]),
        ("{", "a.json", ["REC-006"]),
        ('{"a": 1', "a.txt", ["REC-006"]),
        ("{a: 1", "a.yaml", ["CAT-006"]),
        ('{"schema": "prospectus.plan"}', "a.json", ["REC-025"]),
    ],
)
def test_what_holds_no_record_is_told(
    tmp_path: Path, text: str | bytes, name: str, codes: list[str]
) -> None:
    found = [code for code, _ in faults(tmp_path, text, name)]
    assert set(codes) <= set(found)


def test_all_that_the_school_does_not_know_is_told_at_once(tmp_path: Path) -> None:
    text = (
        HEAD
        + """\
choices: {track: four, trak: two}
attempts:
  - {course: AB 100, period: Fall 2025, grade: A}
  - {course: ab100, period: Fall 2025, grade: B}
  - {course: AB 101, period: Fal 2025}
  - {course: AB 200, credits: 4}
milestones: [{milestone: exom, status: passed}]
exceptions:
  - {kind: waive, node: bass, who: me, when: 2026-01-01, why: so}
  - {kind: substitute, node: base, course: AB 200, who: me, when: 2026-01-01, why: so}
  - {kind: insert, node: free, course: QQ 100, who: me, when: 2026-01-01, why: so}
"""
    )
    assert faults(tmp_path, text) == [
        ("REC-048", 4),
        ("REC-048", 4),
        ("REC-044", 7),
        ("REC-040", 8),
        ("REC-041", 8),
        ("REC-043", 9),
        ("REC-049", 10),
        ("REC-049", 12),
        ("REC-020", 13),
        ("REC-040", 14),
    ]


def test_fields_that_cannot_be_read_hide_no_fault_of_the_others(tmp_path: Path) -> None:
    text = (
        HEAD
        + """\
colour: red
attempts:
  - [AB 100]
  - {course: AB 100, period: Fal 2025, grade: A}
  - {course: AB 200, source: waiver, credits: 3}
  - {course: AB 100, status: withdrawn, grade: A}
exceptions:
  - {kind: waive, node: base}
  - {kind: waive, node: bass, who: me, when: 2026-01-01, why: so}
"""
    )
    assert faults(tmp_path, text) == [
        ("REC-021", 4),
        ("REC-022", 6),
        ("REC-041", 7),
        ("REC-024", 8),
        ("REC-045", 9),
        *[("REC-020", 11)] * 3,
        ("REC-049", 12),
    ]
    with pytest.raises(StudentError) as caught:
        load(tmp_path, text)
    fields = {one.code: one.at.field for one in caught.value.faults}
    assert fields["REC-041"] == "attempts[1].period"
    assert fields["REC-049"] == "exceptions[1].node"


def test_a_line_that_cannot_be_read_may_be_the_one_that_an_exception_names(tmp_path: Path) -> None:
    text = HEAD + (
        "attempts: [{course: QQ 100, status: gone}]\n"
        "exceptions:\n"
        "  - {kind: insert, node: base, course: QQ 100, who: me, when: 2026-01-01, why: so}\n"
    )
    assert faults(tmp_path, text) == [("REC-022", 4), ("REC-040", 4)]


def test_a_fault_names_its_field(tmp_path: Path) -> None:
    with pytest.raises(StudentError) as caught:
        load(tmp_path, HEAD + "attempts: [{course: AB 100, period: Fal 2025}]\n")
    assert caught.value.faults[0].at.field == "attempts[0].period"
    with pytest.raises(StudentError) as caught:
        load(tmp_path, "course,term\nAB 100,Fal 2025\n")
    assert caught.value.faults[0].at.field == "term"
    assert "Fall 2025" in caught.value.faults[0].fix


def test_exceptions_milestones_and_rules_by_their_ids_are_taken(tmp_path: Path) -> None:
    text = HEAD + (
        "milestones: [{milestone: exam, status: in progress}]\n"
        "exceptions:\n"
        "  - {kind: force, node: degree, who: me, when: 2026-01-01, why: so}\n"
        "  - {kind: insert, node: base, course: AB 200, who: me, when: 2026-01-01, why: so}\n"
        "  - {kind: waive, node: gate, who: me, when: 2026-01-01, why: so}\n"
    )
    record = load(tmp_path, text).record
    assert record.milestones[0].status is AttemptStatus.IN_PROGRESS
    assert [one.node for one in record.exceptions] == ["degree", "base", "gate"]


def test_the_same_course_in_another_period_or_from_elsewhere_is_another_attempt(
    tmp_path: Path,
) -> None:
    text = (
        "course,term,source,credits,topic\nAB 100,Fall 2025,,,\nAB 100,Spring 2026,,,\n"
        "AB 100,,transfer,3,\nAB 100,Fall 2025,,,bees\n"
    )
    assert len(load(tmp_path, text).record.attempts) == 4


def test_a_course_left_open_after_its_period_is_noted(tmp_path: Path) -> None:
    loaded = load(tmp_path, "course,term,status\nAB 100,Fall 2025,in progress\n")
    assert [note.code for note in loaded.notes] == ["REC-047"]


# ------------------------------------------------------------------ another programme's record


def library(*programs: Program) -> Library:
    there = replace(school(), id="there", name="There University")
    catalog = Catalog(programs=programs, schools=(school(), there))
    return Library(catalog=catalog)


OTHER = HEAD.replace("here-ms", "other-ms") + (
    "choices: {track: two}\nattempts:\n"
    "  - {course: AB 100, period: Fall 2025, grade: A}\n"
    "  - {course: AB 200, period: Fall 2025, grade: F}\n"
)


def test_at_the_same_school_courses_stay_what_they_are(tmp_path: Path) -> None:
    loaded = load(tmp_path, OTHER, library=library(replace(program(), id="other-ms")))
    assert [one.course for one in loaded.record.attempts] == ["AB 100", "AB 200"]
    assert (loaded.choices, loaded.program) == ((), "other-ms")
    assert [note.code for note in loaded.notes] == ["REC-050"]


def test_from_another_school_they_are_transferred_under_their_own_ids(tmp_path: Path) -> None:
    other = replace(program(), id="other-ms", school="there", credit_unit="semester credit hours")
    loaded = load(tmp_path, OTHER, library=library(other))
    (one,) = loaded.record.attempts
    assert (one.course, one.source) == ("~there-ab-100-fall-2025", CreditSource.TRANSFER)
    assert (one.credits, one.grade, one.periods) == (3, None, ())
    assert (one.school, one.ended) == ("There University", dt.date(2025, 12, 17))
    assert [note.code for note in loaded.notes] == ["REC-050", "REC-036"]


def test_no_credits_are_converted_without_a_rule(tmp_path: Path) -> None:
    other = replace(program(), id="other-ms", school="there", credit_unit="ECTS credit")
    loaded = load(tmp_path, OTHER, library=library(other))
    assert loaded.record.attempts == ()
    assert "ECTS credits" in loaded.notes[-1].what


def test_a_programme_that_nobody_knows_is_told(tmp_path: Path) -> None:
    assert faults(tmp_path, OTHER) == [("REC-051", 3)]
    assert faults(tmp_path, OTHER + "gpa: x\n") == [("REC-051", 3), ("REC-022", 8)]


def test_from_another_school_credits_are_converted_by_the_stated_rule(tmp_path: Path) -> None:
    other = replace(program(), id="other-ms", school="there", credit_unit="ECTS credit")
    rule = Conversion(unit="ects", ratio=Fraction(1, 2), rounding=Rounding.NONE)
    degree = replace(program(), transfer=Transfer(conversions=(rule,)))
    path = tmp_path / "a"
    path.write_text(OTHER, encoding="utf-8")
    loaded = read_record(path, degree, school(), TODAY, library=library(other))
    assert [one.credits for one in loaded.record.attempts] == [Fraction(3, 2)]
    (note,) = [note for note in loaded.notes if note.code == "REC-055"]
    assert note.what.startswith("3 ECTS of AB 100 count as 1.5 credit")
    assert (note.at.line, note.at.field) == (6, "attempts[0].credits")


def test_lines_that_bring_no_credit_are_told_by_their_number(tmp_path: Path) -> None:
    other = replace(program(), id="other-ms", school="there")
    note = load(tmp_path, OTHER, library=library(other)).notes[-1]
    assert note.what.startswith("1 attempt on the record (line 7) brings no credit")


@pytest.mark.parametrize("unit", ["semester credits", "semester units", "semester hours"])
def test_units_of_other_words_are_one_semester_hour(tmp_path: Path, unit: str) -> None:
    other = replace(program(), id="other-ms", school="there", credit_unit=unit)
    loaded = load(tmp_path, OTHER, library=library(other))
    assert [one.credits for one in loaded.record.attempts] == [3]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("course,term,grade\n", "the table holds no line below its headings"),
        (HEAD, "the record holds no attempts"),
    ],
)
def test_a_record_that_holds_nothing_is_told(tmp_path: Path, text: str, what: str) -> None:
    (note,) = load(tmp_path, text).notes
    assert (note.code, note.severity, note.what) == ("REC-005", Severity.WARNING, what)


def test_json_that_was_cut_off_is_told_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        load(tmp_path, '{"format":1,"kind":"record","attempts":[{"course":"AB\n', "a.json")
    (fault,) = caught.value.faults
    assert fault.code == "REC-006"
    assert fault.what == ("this is no whole JSON: invalid control character in line 1, column 54")


# --------------------------------------------------------------------- everything at once


def test_the_faults_of_a_table_are_told_with_those_of_the_school(tmp_path: Path) -> None:
    text = (
        "course,term,credits,grade,status,shoe\n"
        "AB 999,Fall 2025,,A,,\n"  # a course that is not there
        "AB 100,Fal 2025,many,Q,,\n"  # no period, no number, no grade
        'AB 100,"Fall 2025,,,,\n'  # a quote that is not closed
        "AB 200,Fall 2025,,A,gone,\n"  # no status
        "AB 200,Spring 2026,,A,,\nAB 200,Spring 2026,,B,,\n"  # twice
        "AB 200,Fall 2025\n"  # cut off
    )
    assert faults(tmp_path, text) == [
        ("REC-011", 1),
        ("REC-040", 2),
        ("REC-022", 3),
        ("REC-041", 3),
        ("REC-042", 3),
        ("REC-014", 4),
        ("REC-022", 5),
        ("REC-044", 7),
        ("REC-013", 8),
    ]
    one = text.replace("course,", "student,course,", 1).replace("\nAB", "\nme,AB")
    path = tmp_path / "many"
    path.write_text(one + "you,AB 998,Fall 2025,,,,\n", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_record(path, degree(), school(), TODAY, student="me")
    assert [one.code for one in caught.value.faults] == [code for code, _ in faults(tmp_path, text)]


@pytest.mark.parametrize("heading", ["sources", "sorce", "Source of credit"])
def test_what_may_stand_under_an_unread_heading_is_not_missed(tmp_path: Path, heading: str) -> None:
    text = f"course,credits,{heading}\nMA 1,3,transfer\n"
    assert faults(tmp_path, text) == [("REC-011", 1)]


def test_the_faults_of_a_record_file_are_told_with_days_that_do_not_exist(tmp_path: Path) -> None:
    text = HEAD + (
        "matriculation: 2026-02-31\nattempts:\n"
        "  - {course: AB 999, period: Fall 2025, ended: 2025-02-30}\n"
        "  - {course: AB 100, period: Fall 2025, credits: many, grade: Q}\n"
        "  - {course: AB 200, period: Fal 2025, colour: red}\n"
    )
    assert faults(tmp_path, text) == [
        ("CAT-011", 4),
        ("CAT-011", 6),
        ("REC-040", 6),
        ("REC-022", 7),
        ("REC-042", 7),
        ("REC-021", 8),
        ("REC-041", 8),
    ]


def test_the_faults_of_a_student_file_are_told_with_those_of_its_courses(tmp_path: Path) -> None:
    text = (
        "format: 1\nprogram: here-ms\nmatriculation: 2025-08-18\nplan_from: 2027-02-31\n"
        "finished:\n"
        "  - {course: AB 999, period: Fall 2025, grade: A}\n"
        "  - {course: AB 100, period: Fall 2025, grade: Q, ended: 2026-02-31}\n"
        "  - {course: AB 200, credits: many, period: Fal 2025}\n"
    )
    assert faults(tmp_path, text) == [
        ("CAT-011", 4),
        ("REC-040", 6),
        ("CAT-011", 7),
        ("REC-042", 7),
        ("STU-004", 8),
        ("REC-041", 8),
    ]
