"""Parquet tables of attempts. pyarrow is an extra, loaded when such a file is read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from prospectus.catalogs.parquet_pages import unfolded
from prospectus.catalogs.record_parts import AttemptLine, RecordLine
from prospectus.catalogs.record_table import Layout, broken_student, layout_of
from prospectus.domain.errors import Fault, Place, StudentError

if TYPE_CHECKING:
    from pyarrow import Array
    from pyarrow.parquet import FileMetaData

_ROWS = 2_048
_MOST_KEPT = 50_000
_LONGEST_ROW = 20_000
_MOST_AT_ONCE = 256_000_000
_AS_CODES = frozenset(("PLAIN", "PLAIN_DICTIONARY", "RLE", "RLE_DICTIONARY", "BIT_PACKED"))
_MOST_OF_ONE = 64_000_000
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
            _require_flat(file.metadata)
    except (ArrowException, OSError, ValueError) as error:
        raise _not_whole(path, error) from None
    return _rows(path, layout_of(names, str(path), 0))


def require_of_one(path: Path) -> None:
    """Refuse a file that unfolds to more than the record of one person, before any of it is.

    Raises
    ------
    StudentError
        REC-003; REC-018 and REC-019 as `read_parquet`.
    """
    read_parquet(path)  # tells what is wrong with the file
    from pyarrow import ArrowException
    from pyarrow.parquet import ParquetFile

    try:
        with ParquetFile(path) as file:
            is_too_large = unfolded(path, file.metadata).total > _MOST_OF_ONE
    except (ArrowException, OSError, ValueError) as error:
        raise _not_whole(path, error) from None
    if is_too_large:
        raise StudentError(
            "REC-003",
            what=f"the table unfolds to more than {_MOST_OF_ONE // 1_000_000} MB, which no record "
            "of one person does",
            fix="check that it is the right file; many students need a column `student`",
            at=Place(file=str(path)),
        )


def _require_flat(metadata: FileMetaData) -> None:
    """Refuse columns whose rows may hold any number of values, or values of any length."""
    for index in range(metadata.num_columns):
        column = metadata.schema.column(index)
        if column.max_repetition_level or column.length > _LONGEST_ROW:
            raise ValueError("a column holds more than plain values")


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

    names, n_rows = _way_to_read(path)
    with ParquetFile(path, read_dictionary=names) as file:
        for batch in file.iter_batches(batch_size=n_rows):
            if sum(_longest(column) for column in batch.columns) > _LONGEST_ROW:
                raise ValueError(f"a row holds more than {_LONGEST_ROW} characters")
            columns = [as_text(column) for column in batch.columns]
            student_at = layout.student_at
            students = [] if student_at is None else columns.pop(student_at).to_pylist()
            joined = compute.binary_join_element_wise(*columns, _BETWEEN)
            coded = joined.dictionary_encode()
            yield students, coded.dictionary.to_pylist(), coded.indices.to_numpy().tolist()


def _way_to_read(path: Path) -> tuple[list[str], int]:
    """Return the columns to read as codes, and how many rows at a time.

    Of codes a text that stands in many rows is held once until its length is known. Where some
    page cannot be read so, few rows are taken: each may be as long as the largest page.
    """
    from pyarrow.parquet import ParquetFile

    with ParquetFile(path) as file:
        metadata = file.metadata
        groups = [metadata.row_group(index) for index in range(metadata.num_row_groups)]
        names = [
            str(name)
            for index, name in enumerate(file.schema_arrow.names)
            if all(_AS_CODES.issuperset(group.column(index).encodings) for group in groups)
        ]
        if len(names) == metadata.num_columns:
            return names, _ROWS
        largest = unfolded(path, metadata).largest
        return names, max(1, min(_ROWS, _MOST_AT_ONCE // max(1, largest)))


def _longest(column: Array) -> int:
    """Return how long the longest text of a column is; what is no text is short."""
    import pyarrow as pa
    from pyarrow import compute

    texts = column.dictionary if pa.types.is_dictionary(column.type) else column
    kinds = (pa.types.is_string, pa.types.is_large_string, pa.types.is_binary)
    if not any(is_kind(texts.type) for is_kind in (*kinds, pa.types.is_large_binary)):
        return 0
    return compute.max(compute.binary_length(texts)).as_py() or 0


def as_text(column: Array) -> Array:
    """Return a column as text; what is missing is empty, a moment is its day."""
    import pyarrow as pa
    from pyarrow import compute

    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.date32(), safe=False)
    text = column.cast(pa.string())
    if pa.types.is_floating(column.type):
        text = compute.if_else(compute.is_nan(column), "", text)
    # a text to fill with would load pandas, where that is installed
    return compute.fill_null(text, "") if text.null_count else text


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
