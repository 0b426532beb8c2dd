"""Parquet tables of attempts. pyarrow is an extra, loaded when such a file is read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from prospectus.catalogs.record_parts import AttemptLine, RecordLine
from prospectus.catalogs.record_table import Layout, broken_student, layout_of
from prospectus.domain.errors import Fault, Place, StudentError

if TYPE_CHECKING:
    from pyarrow import Array

_ROWS = 65_536
_MOST_KEPT = 50_000
# Stands between the cells of a row that is one text: no cell of a sound table holds it.
_BETWEEN = "\x1f"


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
    """Yield what each row says; rows that say the same are read once."""
    from pyarrow import ArrowException

    file, reader = str(path), layout.reader
    kept: dict[str, AttemptLine] = {}
    row = 0
    blocks = _blocks(path, layout)
    while True:
        try:
            students, texts, which = next(blocks)
        except StopIteration:
            return
        except (ArrowException, OSError, ValueError) as error:
            yield _not_whole(path, error, row + 1).faults[0]
            return
        if len(kept) + len(texts) > _MOST_KEPT:
            kept.clear()
        sound = ""
        for index, place in enumerate(which):
            row += 1
            student = students[index] if students else ""
            if students and student != sound:
                student = student.strip()
                fault = broken_student(student, file, row)
                if fault is not None:
                    yield fault
                    continue
                sound = student
            text = texts[place]
            attempt = kept.get(text)
            if attempt is None:
                cells = text.split(_BETWEEN)
                if len(cells) != len(reader.columns):
                    yield _no_text(file, row)
                    continue
                found = reader.read(cells, row)
                if isinstance(found, tuple):
                    yield from found
                    continue
                attempt = kept[text] = found
            yield RecordLine(row, student, attempt)


def _blocks(
    path: Path, layout: Layout
) -> Iterator[tuple[Sequence[str], Sequence[str], Sequence[int]]]:
    """Yield blocks of rows: their students, the texts that there are, and which one each row is."""
    from pyarrow import compute
    from pyarrow.parquet import ParquetFile

    with ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=_ROWS):
            columns = [as_text(column) for column in batch.columns]
            student_at = layout.student_at
            students = [] if student_at is None else columns.pop(student_at).to_pylist()
            joined = compute.binary_join_element_wise(*columns, _BETWEEN)
            coded = joined.dictionary_encode()
            yield students, coded.dictionary.to_pylist(), coded.indices.to_numpy().tolist()


def as_text(column: Array) -> Array:
    """Return a column as text; what is missing is empty, a moment is its day."""
    import pyarrow as pa
    from pyarrow import compute

    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.date32(), safe=False)
    text = column.cast(pa.string())
    if pa.types.is_floating(column.type):
        text = compute.if_else(compute.is_nan(column), "", text)
    return compute.fill_null(text, "")


def _no_text(file: str, row: int) -> Fault:
    return Fault(
        code="REC-004",
        what="a cell is not plain text",
        fix="remove its control characters",
        at=Place(file=file, line=row),
    )


def _not_whole(path: Path, error: Exception, row: int | None = None) -> StudentError:
    said = str(error).strip().splitlines()
    return StudentError(
        "REC-019",
        what=f"this is no whole Parquet file ({said[0][:80] if said else 'it breaks off'})",
        fix="write it anew; it may have been cut off, or a column holds lists",
        at=Place(file=str(path), line=row),
    )
