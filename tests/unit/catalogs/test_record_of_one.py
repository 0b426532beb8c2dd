"""One student of a table of many."""

from __future__ import annotations

from pathlib import Path

import pytest

from prospectus.catalogs.record_of_one import read_one_of
from prospectus.domain.errors import StudentError

TABLE = (
    "student,course,grade\n"
    "Ann Lee,AB 100,A\n"
    "Bo,AB 100\n"
    "Bo,?,A\n"
    "Ann  Lee,AB 200,B\n"
    '"Bo, the other",AB 300,B\n'
)


def written(folder: Path, text: str) -> Path:
    path = folder / "a.csv"
    path.write_text(text, encoding="utf-8")
    return path


def codes(path: Path, student: str) -> list[tuple[str, int | None]]:
    """Return what is wrong with the record of one student of a table."""
    try:
        faults = read_one_of(path, student).faults
    except StudentError as error:
        faults = error.faults
    return [(fault.code, fault.at.line) for fault in faults]


def test_only_the_lines_of_the_one_are_read(tmp_path: Path) -> None:
    record = read_one_of(written(tmp_path, TABLE), "Ann Lee")
    assert [(line.line, line.attempt.course) for line in record.lines] == [
        (2, "AB 100"),
        (5, "AB 200"),
    ]
    assert record.name == "Ann Lee"
    assert len(read_one_of(written(tmp_path, TABLE), "Bo, the other").lines) == 1


def test_what_is_wrong_with_her_own_lines_is_told(tmp_path: Path) -> None:
    assert codes(written(tmp_path, TABLE), "Bo") == [("REC-013", 3), ("REC-022", 4)]


def test_a_student_who_is_not_there_is_told_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(StudentError) as caught:
        read_one_of(written(tmp_path, TABLE), "Ann Le")
    (fault,) = caught.value.faults
    assert (fault.code, fault.fix) == ("REC-027", "did you mean 'Ann Lee'?")
    assert "leave out --student" in str(_no_names(tmp_path))


def _no_names(folder: Path) -> StudentError:
    with pytest.raises(StudentError) as caught:
        read_one_of(written(folder, "course\nAB 100\n"), "Ann")
    return caught.value


def test_one_person_s_attempts_are_bounded(tmp_path: Path) -> None:
    path = written(tmp_path, "student,course\n" + "a,AB 100\n" * 5_001)
    assert codes(path, "a") == [("REC-003", None)]
