"""Parquet tables say what the same table in CSV says."""

from __future__ import annotations

import datetime as dt
import sys
from fractions import Fraction
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from prospectus.catalogs.record_of_one import read_table
from prospectus.catalogs.record_table import read_batch
from prospectus.domain.errors import Fault, StudentError


def write(folder: Path, columns: dict[str, list[object]]) -> Path:
    path = folder / "batch.any"
    pq.write_table(pa.table(columns), path)
    return path


def test_columns_of_texts_numbers_and_days_are_read(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        {
            "student": [7, 7],
            "course": ["CS 7641", "CS 6250"],
            "credits": [3.0, None],
            "grade": ["A", None],
            "ended": [dt.date(2026, 5, 8), None],
        },
    )
    record = read_table(path)
    first, second = record.lines
    assert (first.line, first.student) == (1, "7")
    assert (first.attempt.credits, first.attempt.ended) == (Fraction(3), dt.date(2026, 5, 8))
    assert (second.attempt.credits, second.attempt.grade) == (None, None)


def test_broken_rows_are_told_and_the_rest_is_read(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        {
            "student": ["a", "", "c", "d"],
            "course": ["?", "CS 7641", "CS 7641", None],
            "credits": [float("nan"), 1.5, 1.5, 3.0],
        },
    )
    found = list(read_batch(path))
    faults = [one for one in found if isinstance(one, Fault)]
    assert [(fault.code, fault.at.line) for fault in faults] == [
        ("REC-022", 1),
        ("REC-016", 2),
        ("REC-020", 4),
    ]
    assert [one.line for one in found if not isinstance(one, Fault)] == [3]


def test_a_file_cut_off_is_told(tmp_path: Path) -> None:
    path = write(tmp_path, {"course": ["CS 7641"] * 100})
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(StudentError) as caught:
        read_batch(path)
    assert caught.value.faults[0].code == "REC-019"


def test_a_file_broken_inside_is_told_where_it_breaks(tmp_path: Path) -> None:
    path = write(tmp_path, {"course": [f"CS {1000 + n}" for n in range(5000)]})
    data = bytearray(path.read_bytes())
    data[30:3000] = b"\xff" * 2970
    path.write_bytes(bytes(data))
    faults = [one for one in read_batch(path) if isinstance(one, Fault)]
    assert faults[-1].code in ("REC-019", "REC-004", "REC-022")


def test_columns_that_say_no_attempts_are_refused(tmp_path: Path) -> None:
    with pytest.raises(StudentError) as caught:
        read_batch(write(tmp_path, {"color": ["red"]}))
    assert [fault.code for fault in caught.value.faults] == ["REC-010", "REC-011"]


def test_without_the_library_its_extra_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, {"course": ["CS 7641"]})
    for name in ("pyarrow", "pyarrow.parquet"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(StudentError) as caught:
        read_batch(path)
    assert caught.value.faults[0].code == "REC-018"
    assert "prospectus[parquet]" in caught.value.faults[0].fix
