"""Tables of attempts are read as a stream; a broken line is told and stops nothing."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from pathlib import Path

import pytest

from prospectus.catalogs import record_table
from prospectus.catalogs.record_columns import COLUMNS
from prospectus.catalogs.record_of_one import read_table
from prospectus.catalogs.record_parts import RecordLine
from prospectus.catalogs.record_table import read_batch
from prospectus.domain.course import Delivery
from prospectus.domain.errors import Fault, StudentError
from prospectus.domain.record import AttemptStatus, Basis, CreditSource


def write(folder: Path, text: str | bytes, name: str = "r.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def read(folder: Path, text: str | bytes) -> tuple[list[RecordLine], list[Fault]]:
    found = list(read_batch(write(folder, text)))
    lines = [one for one in found if not isinstance(one, Fault)]
    return lines, [one for one in found if isinstance(one, Fault)]


def refused(folder: Path, text: str | bytes) -> list[str]:
    """Return what is wrong with the record of one."""
    try:
        faults = read_table(write(folder, text)).faults
    except StudentError as error:
        faults = error.faults
    return [fault.code for fault in faults]


def test_every_column_is_read(tmp_path: Path) -> None:
    cells = (
        "cs-7641,Fall 2025|Spring 2026,1.5,A,in progress,non-degree,pass fail,bees,B,x|y,"
        "Dr. No,in person,North,Elsewhere,2026-05-08,Letters"
    )
    (line,), faults = read(tmp_path, ",".join(COLUMNS) + "\n" + cells + "\n")
    assert faults == []
    attempt = line.attempt
    assert (attempt.course, attempt.periods) == ("CS 7641", ("Fall 2025", "Spring 2026"))
    assert (attempt.credits, attempt.grade, attempt.expected_grade) == (Fraction(3, 2), "A", "B")
    assert (attempt.status, attempt.source) == (
        AttemptStatus.IN_PROGRESS,
        CreditSource.NON_DEGREE,
    )
    assert (attempt.basis, attempt.topic) == (Basis.PASS_FAIL, "bees")
    assert attempt.counted_in == {"x", "y"}
    assert (attempt.instructor, attempt.delivery) == ("Dr. No", Delivery.IN_PERSON)
    assert (attempt.campus, attempt.school) == ("North", "Elsewhere")
    assert (attempt.ended, attempt.title) == (dt.date(2026, 5, 8), "Letters")


@pytest.mark.parametrize(
    "text",
    [
        b"\xef\xbb\xbfStudent;Course;Credits\r\ns1;CS 7641;1,5\r\n",
        b"credits,course,student\n1.5,CS 7641,s1",
        b'"student"\t"course"\t"credits"\r"s1"\t"CS\xc2\xa07641"\t"3/2"\r',
        b"\n\nstudent_id,course,credits\n\ns1,cs7641,1.50\n\n",
    ],
    ids=["mark and semicolon", "other order", "quoted tabs", "empty lines"],
)
def test_other_spellings_of_a_table_say_the_same(tmp_path: Path, text: bytes) -> None:
    (line,), faults = read(tmp_path, text)
    assert faults == []
    assert (line.student, line.attempt.course) == ("s1", "CS 7641")
    assert line.attempt.credits == Fraction(3, 2)


def test_broken_lines_are_told_with_their_numbers_and_the_rest_is_read(tmp_path: Path) -> None:
    text = (
        "student,course,term,credits,grade,status,source\n"
        "s1,CS 7641,Fall 2025,3,A,,\n"
        "s1,CS 7641,Fall 2025\n"
        's1,"CS 7641,Fall 2025,3,A,,\n'
        "s1,nothing,Fall 2025,many,A,gone,\n"
        ",CS 7641,Fall 2025,3,A,,\n"
        "s1,,Fall 2025,3,A,,\n"
        "s1,CS 7641,,3,,,waiver\n"
        's2,"CS 6250","Fall, 2025",3,A,,\n'
        "s3,CS 6250,Fall 2025,3,A,,"
    )
    lines, faults = read(tmp_path, text)
    assert [(line.line, line.student) for line in lines] == [(2, "s1"), (9, "s2"), (10, "s3")]
    assert [(fault.code, fault.at.line, fault.at.field) for fault in faults] == [
        ("REC-013", 3, ""),
        ("REC-014", 4, ""),
        ("REC-022", 5, "course"),
        ("REC-022", 5, "credits"),
        ("REC-022", 5, "status"),
        ("REC-016", 6, "student"),
        ("REC-020", 7, "course"),
        ("REC-024", 8, "source"),
    ]


def test_bytes_that_are_no_text_spoil_their_line_alone(tmp_path: Path) -> None:
    text = b"student,course,topic\ns1,CS 7641,\xff\xfe\ns\x001,CS 7641,\ns2,CS 7641,\n"
    lines, faults = read(tmp_path, text)
    assert [line.student for line in lines] == ["s2"]
    assert [(fault.code, fault.at.line) for fault in faults] == [("REC-004", 2), ("REC-004", 3)]


def test_a_line_without_end_is_skipped_and_the_next_one_keeps_its_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record_table, "_BLOCK", 1000)
    long = "x" * (record_table._LONGEST_LINE + 5000)
    lines, faults = read(tmp_path, f"course,topic\nCS 7641,{long}\nCS 6250,\n")
    assert [(line.line, line.attempt.course) for line in lines] == [(3, "CS 6250")]
    assert [(fault.code, fault.at.line) for fault in faults] == [("REC-015", 2)]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64])
def test_lines_do_not_depend_on_how_the_file_is_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    text = "student,course,grade\r\na,CS 7641,A\r\n\r\nb,bad\r\nc,CS 6250,B"
    whole = read(tmp_path, text)
    monkeypatch.setattr(record_table, "_BLOCK", size)
    assert read(tmp_path, text) == whole
    assert [line.line for line in whole[0]] == [2, 5]


def test_lines_that_say_the_same_share_what_was_read(tmp_path: Path) -> None:
    lines, _ = read(tmp_path, "student,course\na,CS 7641\nb,CS 7641\n")
    assert lines[0].attempt is lines[1].attempt


def test_what_is_kept_does_not_grow_without_bound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record_table, "_MOST_KEPT", 3)
    text = "course\n" + "".join(f"CS {1000 + n}\n" for n in range(20))
    lines, faults = read(tmp_path, text)
    assert (len(lines), faults) == (20, [])


def test_a_formula_s_guard_is_not_read(tmp_path: Path) -> None:
    lines, _ = read(tmp_path, "course,topic\nCS 7641,'=1+1\nCS 6250,''-x\nCS 6035,'tis\n")
    assert [line.attempt.topic for line in lines] == ["=1+1", "'-x", "'tis"]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("", ["REC-005"]),
        ("\n \n", ["REC-005"]),
        ("term,grade\nFall 2025,A\n", ["REC-010"]),
        ("course,color\nCS 7641,red\n", ["REC-011"]),
        ("course,grade,Grade\nCS 7641,A,B\n", ["REC-012"]),
        ("course,\x01\n", ["REC-004"]),
        ("color,color\n", ["REC-010", "REC-011", "REC-011"]),
        ("student,course\na,CS 7641\nb,CS 7641\n", ["REC-017"]),
    ],
)
def test_a_table_that_is_no_record_of_one_is_refused(
    tmp_path: Path, text: str, codes: list[str]
) -> None:
    assert refused(tmp_path, text) == codes


def test_a_batch_is_not_taken_for_the_record_of_one(tmp_path: Path) -> None:
    assert refused(tmp_path, "course\n" + "CS 7641\n" * 6000) == ["REC-003"]


def test_a_header_s_fault_is_told_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(StudentError) as caught:
        read_batch(write(tmp_path, "nothing\n"))
    assert caught.value.faults[0].code == "REC-010"


@pytest.mark.parametrize(("name", "code"), [("none.csv", "REC-001"), (".", "REC-002")])
def test_what_is_no_file_is_told(tmp_path: Path, name: str, code: str) -> None:
    with pytest.raises(StudentError) as caught:
        read_batch(tmp_path / name)
    assert caught.value.faults[0].code == code
