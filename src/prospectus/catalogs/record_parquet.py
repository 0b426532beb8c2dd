"""Parquet tables of attempts. pyarrow is an extra, loaded when such a file is read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path

from prospectus.catalogs.record_parts import AttemptLine, RecordLine
from prospectus.catalogs.record_table import Layout, broken_student, layout_of
from prospectus.domain.errors import Fault, Place, StudentError

_ROWS = 65_536
_MOST_KEPT = 200_000

Cell = str | int | float | dt.date | None


def read_parquet(path: Path) -> Iterator[RecordLine | Fault]:
    """Yield the attempts of a Parquet file; its rows count from 1.

    Raises
    ------
    StudentError
        At once: REC-018 without pyarrow, REC-019 when the file is no whole Parquet file, and what
        is wrong with its columns.
    """
    try:
        from pyarrow import ArrowException
        from pyarrow.parquet import ParquetFile
    except ImportError:
        raise StudentError(
            "REC-018",
            what="Parquet needs a library that is not installed",
            fix="install it with `pip install 'prospectus[parquet]'`, or give the table as CSV",
            at=Place(file=str(path)),
        ) from None
    try:
        with ParquetFile(path) as file:
            names = [str(name) for name in file.schema_arrow.names]
    except (ArrowException, OSError, ValueError) as error:
        raise _not_whole(path, error) from None
    return _rows(path, layout_of(names, str(path), 0))


def _rows(path: Path, layout: Layout) -> Iterator[RecordLine | Fault]:
    from pyarrow import ArrowException

    kept: dict[tuple[Cell, ...], AttemptLine] = {}
    row = 0
    batches = _batches(path)
    while True:
        try:
            columns = next(batches)
        except StopIteration:
            return
        except (ArrowException, OSError, ValueError) as error:
            yield _not_whole(path, error, row + 1).faults[0]
            return
        students = None if layout.student_at is None else columns.pop(layout.student_at)
        for index, cells in enumerate(zip(*columns, strict=True)):
            row += 1
            student = "" if students is None else _text(students[index]).strip()
            fault = broken_student(student, layout.reader.file, row) if students else None
            if fault is not None:
                yield fault
                continue
            attempt = kept.get(cells)
            if attempt is None:
                found = layout.reader.read([_text(cell) for cell in cells], row)
                if isinstance(found, tuple):
                    yield from found
                    continue
                if len(kept) >= _MOST_KEPT:
                    kept.clear()
                attempt = kept[cells] = found
            yield RecordLine(row, student, attempt)


def _batches(path: Path) -> Iterator[list[Sequence[Cell]]]:
    """Yield blocks of rows, each as lists of its columns."""
    from pyarrow.parquet import ParquetFile

    with ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=_ROWS):
            yield [_plain(column.to_pylist()) for column in batch.columns]


def _plain(values: list[object]) -> Sequence[Cell]:
    """Return values of which each can be a key: lists and the like as their text."""
    return [
        value if isinstance(value, str | int | float | dt.date | None) else str(value)
        for value in values
    ]


def _text(value: Cell) -> str:
    if value is None or value != value:  # no number, as tables write what is missing
        return ""
    return value.date().isoformat() if isinstance(value, dt.datetime) else str(value)


def _not_whole(path: Path, error: Exception, row: int | None = None) -> StudentError:
    said = str(error).strip().splitlines()
    return StudentError(
        "REC-019",
        what=f"this is no whole Parquet file ({said[0][:80] if said else 'it breaks off'})",
        fix="write it anew; it may have been cut off",
        at=Place(file=str(path), line=row),
    )
