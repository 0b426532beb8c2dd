"""Tables of many students cut into blocks, at the same places whoever works on them.

A block holds whole students: the lines of one stand together, and a student that comes back
further down is another record (and is reported).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from prospectus.catalogs.record_columns import STUDENT, column_of, plain
from prospectus.catalogs.record_table import Layout, read_layout, starts_with_parquet
from prospectus.domain.errors import Place, StudentError

if TYPE_CHECKING:
    from pyarrow import RecordBatch

_BYTES = 1 << 22
_ROWS = 1 << 17
_MOST_OF_A_LINE = 100_000


@dataclass(frozen=True, slots=True)
class TextBlock:
    """Lines of a CSV file: their bytes, and the number of the first."""

    index: int
    first_line: int
    data: bytes

    @property
    def size(self) -> int:
        """Return how much of the table it is, in bytes."""
        return len(self.data)


@dataclass(frozen=True, slots=True)
class RowBlock:
    """Rows of a Parquet file, the number of the first."""

    index: int
    first_line: int
    rows: RecordBatch

    @property
    def size(self) -> int:
        """Return how much of the table it is, in rows."""
        return int(self.rows.num_rows)


Block = TextBlock | RowBlock


def layout_of_batch(path: Path) -> Layout:
    """Return the layout of a table of many students.

    Raises
    ------
    StudentError
        When the file or its headings cannot be read, or no column names the students.
    """
    if starts_with_parquet(path):
        from prospectus.catalogs.record_parquet import read_parquet
        from prospectus.catalogs.record_table import layout_of

        read_parquet(path)  # tells what is wrong with the file
        from pyarrow.parquet import ParquetFile

        with ParquetFile(path) as file:
            layout = layout_of([str(name) for name in file.schema_arrow.names], str(path), 0)
    else:
        layout = read_layout(path)
    if layout.student_at is None:
        raise StudentError(
            "REC-016",
            what=f"the table has no column `{STUDENT}`",
            fix="say whose attempt each line is; one person's table needs no --batch",
            at=Place(file=str(path), line=layout.header_line),
        )
    return layout


def size_of_batch(path: Path) -> int:
    """Return the sum of the sizes of a table's blocks."""
    if not starts_with_parquet(path):
        return path.stat().st_size
    from pyarrow.parquet import ParquetFile

    with ParquetFile(path) as file:
        return int(file.metadata.num_rows)


def blocks_of(path: Path, layout: Layout) -> Iterator[Block]:
    """Yield the blocks of a table in its order."""
    if starts_with_parquet(path):
        yield from _row_blocks(path, layout)
    else:
        yield from _text_blocks(path, layout)


def _text_blocks(path: Path, layout: Layout) -> Iterator[TextBlock]:
    index, line, held = 0, 1, b""
    with path.open("rb") as file:
        while chunk := file.read(_BYTES):
            data = held + chunk
            end = data.rfind(b"\n") + 1
            if not end and len(data) > _MOST_OF_A_LINE:
                data, end = _cut_line(file, data[:_MOST_OF_A_LINE])
            cut = _last_student(data[:end], layout) if end else 0
            if not cut:
                held = data
                continue
            block, held = data[:cut], data[cut:]
            yield TextBlock(index, line, block)
            index, line = index + 1, line + _n_lines(block)
    if held:
        yield TextBlock(index, line, held)


def _cut_line(file: object, begun: bytes) -> tuple[bytes, int]:
    """Return the beginning of a line that is too long, read over to its end."""
    from io import BufferedReader

    assert isinstance(file, BufferedReader)
    while chunk := file.read(_BYTES):
        end = chunk.find(b"\n")
        if end >= 0:
            data = begun + chunk[end:]
            return data, data.rfind(b"\n") + 1
    return begun, 0


def _n_lines(data: bytes) -> int:
    return data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n")


def _last_student(data: bytes, layout: Layout) -> int:
    """Return where the lines of the last student begin; 0 where there is no other."""
    end = len(data)
    cut, last = end, None
    while end > 0:
        start = data.rfind(b"\n", 0, end - 1) + 1
        student = _student(data[start:end], layout)
        if student is None:
            # a broken line stays with what stands before it, unless it names the last student
            if last is None or told_student(_text(data[start:end]), layout) == last:
                cut = start
        elif last is not None and student != last:
            return cut
        else:
            last, cut = student, start
        end = start
    return 0


def _student(line: bytes, layout: Layout) -> str | None:
    """Return the student of a line; None where the line does not say."""
    from prospectus.catalogs.record_table import cells_of

    cells = cells_of(_text(line), layout.delimiter)
    if cells is None or len(cells) != layout.n_columns or layout.student_at is None:
        return None
    return plain(cells[layout.student_at]) or None


def _text(line: bytes) -> str:
    return line.decode("utf-8", "surrogateescape").strip("\r\n")


def told_student(line: str, layout: Layout) -> str:
    """Return the student that a broken line names before it breaks; empty where it does not say."""
    at = layout.student_at or 0
    before = line[:20_000].split(layout.delimiter, at + 1)
    is_told = len(before) == at + 2 and not any('"' in cell for cell in before[:-1])
    return plain(before[at]) if is_told else ""


def _row_blocks(path: Path, layout: Layout) -> Iterator[RowBlock]:
    import pyarrow as pa
    from pyarrow import compute
    from pyarrow.parquet import ParquetFile

    index, row = 0, 1
    held: list[RecordBatch] = []

    def joined() -> RecordBatch:
        table = pa.Table.from_batches(held).combine_chunks()
        found = table.to_batches()
        assert len(found) == 1
        return found[0]

    with ParquetFile(path) as file:
        # cells that come again and again are read by their numbers
        coded = [one.name for one in file.schema_arrow if pa.types.is_string(one.type)]
    coded = [name for name in coded if column_of(name) != STUDENT]
    with ParquetFile(path, read_dictionary=coded) as file:
        for batch in file.iter_batches(batch_size=_ROWS, use_threads=False):
            if not batch.num_rows:
                continue
            held.append(batch)
            rows = joined() if len(held) > 1 else batch
            students = rows.column(layout.student_at)
            n = rows.num_rows
            changes = compute.not_equal(students.slice(1), students.slice(0, n - 1))
            changes = compute.fill_null(changes, True)
            where = changes.to_numpy(zero_copy_only=False).nonzero()[0]
            if not len(where):
                held = [rows]
                continue
            cut = int(where[-1]) + 1
            yield RowBlock(index, row, rows.slice(0, cut))
            index, row = index + 1, row + cut
            held = [rows.slice(cut)]
    if held:
        yield RowBlock(index, row, joined())
