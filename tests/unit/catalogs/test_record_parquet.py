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


def rows_of_one_text(path: Path, *, n_rows: int, length: int, encoding: str | None = None) -> Path:
    """Write a file of few bytes whose rows all say the same text."""
    texts = pa.DictionaryArray.from_arrays(pa.array([0] * n_rows, pa.int32()), ["A" * length])
    table = pa.table({"course": pa.array(["CS 7641"] * n_rows), "grade": texts})
    if encoding:
        table = table.set_column(1, "grade", texts.cast(pa.string()))
    ways = {"use_dictionary": ["course"], "column_encoding": {"grade": encoding}}
    pq.write_table(table, path, compression="zstd", **(ways if encoding else {}))
    assert path.stat().st_size < 5_000
    return path


def codes_of(path: Path) -> list[str]:
    try:
        return [one.code for one in read_table(path).faults]
    except StudentError as error:
        return [one.code for one in error.faults]


def test_one_text_in_many_rows_is_not_unfolded(tmp_path: Path) -> None:
    path = rows_of_one_text(tmp_path / "bomb.parquet", n_rows=60_000, length=30_000)
    before = pa.default_memory_pool().max_memory()
    assert codes_of(path) == ["REC-019"]
    assert pa.default_memory_pool().max_memory() - before < 50_000_000


def test_texts_that_repeat_the_one_before_are_not_unfolded(tmp_path: Path) -> None:
    path = tmp_path / "bomb.parquet"
    rows_of_one_text(path, n_rows=5_000, length=15_000, encoding="DELTA_BYTE_ARRAY")
    assert codes_of(path) == ["REC-003"]


def test_a_table_of_one_that_unfolds_to_too_much_is_refused_whatever_its_footer_says(
    tmp_path: Path,
) -> None:
    path = rows_of_one_text(tmp_path / "bomb.parquet", n_rows=10, length=70_000_000)
    assert codes_of(path) == ["REC-003"]
    told = pq.ParquetFile(path).metadata.row_group(0).column(1).total_uncompressed_size
    data = path.read_bytes()
    said, lie = number(told), number(70_000, as_long_as=number(told))
    end = data.rindex(said)
    path.write_bytes(data[:end] + lie + data[end + len(said) :])
    assert pq.ParquetFile(path).metadata.row_group(0).column(1).total_uncompressed_size == 70_000
    assert codes_of(path) == ["REC-003"]


def number(value: int, as_long_as: bytes = b"") -> bytes:
    """Return a number as the footer of a file writes it."""
    rest, written = value * 2, bytearray()
    while rest >= 128 or len(written) + 1 < len(as_long_as):
        written.append(rest & 127 | 128)
        rest >>= 7
    return bytes([*written, rest])


def test_a_column_of_lists_is_told(tmp_path: Path) -> None:
    path = tmp_path / "lists.parquet"
    pq.write_table(pa.table({"course": [["CS 7641"] * 5_000]}), path)
    assert codes_of(path) == ["REC-019"]


@pytest.mark.parametrize("version", ["1.0", "2.0"])
@pytest.mark.parametrize("compression", ["none", "snappy", "zstd"])
@pytest.mark.parametrize("encoding", [None, "PLAIN", "DELTA_BYTE_ARRAY", "DELTA_LENGTH_BYTE_ARRAY"])
def test_records_are_read_however_their_pages_are_written(
    tmp_path: Path, version: str, compression: str, encoding: str | None
) -> None:
    path = tmp_path / "record.parquet"
    ways = {"use_dictionary": False, "column_encoding": encoding} if encoding else {}
    table = pa.table({"course": [f"CS {1000 + n}" for n in range(400)], "grade": ["A"] * 400})
    pq.write_table(
        table, path, compression=compression, data_page_version=version, row_group_size=90, **ways
    )
    record = read_table(path)
    assert not record.faults
    assert [line.line for line in record.lines] == list(range(1, 401))
    assert {line.attempt.grade for line in record.lines} == {"A"}


def test_pages_whose_headers_are_spoilt_are_told(tmp_path: Path) -> None:
    path = write(tmp_path, {"course": [f"CS {1000 + n}" for n in range(100)]})
    whole = path.read_bytes()
    for place in range(4, 60):
        path.write_bytes(whole[:place] + b"\xff" + whole[place + 1 :])
        assert set(codes_of(path)) <= {"REC-003", "REC-004", "REC-019", "REC-022"}
