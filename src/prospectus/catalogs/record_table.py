"""Tables of attempts, one a line: read as a stream, however long they are.

A line stands for itself: a cell cannot hold a line break, so that a quote which is never closed
spoils one line and not the rest of the file.
"""

from __future__ import annotations

import csv
import difflib
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from prospectus.catalogs.record_columns import (
    BETWEEN,
    COLUMNS,
    STUDENT,
    CellReader,
    column_of,
    plain,
)
from prospectus.catalogs.record_parts import AttemptLine, RecordLine, Remains
from prospectus.domain.errors import Fault, Place, StudentError

PARQUET = b"PAR1"
_DELIMITERS = ",;\t"
_MOST_COLUMNS = 200
_BLOCK = 1 << 20
_LONGEST_LINE = 20_000
# Lines that say the same are read once. In real files these are few; where they are not, the
# memory is emptied before it grows.
_MOST_KEPT = 50_000
# Without these fields nothing can be told of the others: what is credit from elsewhere need not
# be known here, and what is only heard has no grade.
_DECISIVE = frozenset(("course", "source", "basis"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where a table keeps what: the delimiter, how many columns, which of them is the student."""

    delimiter: str
    n_columns: int
    student_at: int | None
    reader: CellReader
    header_line: int


def read_batch(path: Path) -> Iterator[RecordLine | Fault]:
    """Yield the attempts of a table, and a fault for all that cannot be read, in the file's order.

    Nothing but a block of the file is held. What is wrong with a line does not stop the next one.

    Parameters
    ----------
    path
        A CSV or a Parquet file, with or without a column `student`.

    Raises
    ------
    StudentError
        At once, when the file or its header cannot be read.
    """
    if starts_with_parquet(path):
        from prospectus.catalogs.record_parquet import read_parquet

        return read_parquet(path)
    layout = read_layout(path)
    return lines_of(path, layout)


def starts_with_parquet(path: Path) -> bool:
    """Return whether a file begins as Parquet does.

    Raises
    ------
    StudentError
        REC-001, REC-002 when it is no file that can be read.
    """
    return read_head(path, len(PARQUET)) == PARQUET


def read_head(path: Path, n_bytes: int) -> bytes:
    """Return the first bytes of a file.

    Raises
    ------
    StudentError
        REC-001, REC-002 when it is no file that can be read.
    """
    at = Place(file=str(path))
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise StudentError(
                "REC-002", what="this is not a file", fix="name one file of a record", at=at
            )
        with path.open("rb") as file:
            return file.read(n_bytes)
    except (OSError, ValueError) as error:
        raise StudentError(
            "REC-001",
            what=f"the file cannot be read ({getattr(error, 'strerror', None) or error})",
            fix="check its name, folder and permissions",
            at=at,
        ) from None


def delimiter_of(header: str) -> str:
    """Return what stands between the headings of a table."""
    return max(_DELIMITERS, key=header.count)


@dataclass(frozen=True, slots=True, kw_only=True)
class LooseLayout:
    """A layout without the columns that are wrong; none where no column is that of the courses.

    `unread` are the fields that may stand in columns which were not understood.
    """

    layout: Layout | None
    faults: tuple[Fault, ...]
    unread: frozenset[str] = frozenset()


def layout_of(headings: Sequence[str], file: str, line: int, delimiter: str = ",") -> Layout:
    """Return the layout that the headings of a table give.

    Raises
    ------
    StudentError
        REC-010, REC-011, REC-012: a heading is missing, unknown, or there twice.
    """
    loose = loose_layout(headings, file, line, delimiter)
    if loose.layout is None or loose.faults:
        raise StudentError(faults=loose.faults)
    return loose.layout


def loose_layout(
    headings: Sequence[str], file: str, line: int, delimiter: str = ","
) -> LooseLayout:
    """Return the layout as far as the headings of a table can be understood."""
    names = [column_of(heading) for heading in headings]
    known = (STUDENT, *COLUMNS)
    faults: list[Fault] = []
    unread: set[str] = set()

    def add(code: str, what: str, fix: str, field: str = "") -> None:
        at = Place(file=file, line=line, field=field)
        faults.append(Fault(code=code, what=what, fix=fix, at=at))

    if len(names) > _MOST_COLUMNS:
        # no table of attempts is so wide, and each heading is held against all others
        add(
            "REC-015",
            f"the first line holds {len(names):,} headings",
            f"give at most {_MOST_COLUMNS} columns, out of {', '.join(known)}",
        )
        return LooseLayout(layout=None, faults=tuple(faults))
    if "course" not in names:
        add(
            "REC-010",
            "the first line does not name a column `course`",
            f"begin with a line of headings, out of {', '.join(known)}",
        )
    for heading, name in zip(headings, names, strict=True):
        if name not in known:
            near = _meant(name, [column for column in known if column not in names])
            unread |= {near or "credits"}
            add(
                "REC-011",
                f"there is no column '{heading.strip()[:40]}'",
                f"did you mean '{near}'?"
                if near
                else f"write one of {', '.join(known)}, or leave it out",
                name[:40],
            )
    for name in dict.fromkeys(name for name in names if names.count(name) > 1 and name in known):
        unread.add(name)
        add("REC-012", f"the column {name} is there twice", "keep one of them", name)
    if "course" not in names:
        return LooseLayout(layout=None, faults=tuple(faults))
    firsts = [
        name if name in known and names.index(name) == index else ""
        for index, name in enumerate(names)
    ]
    student_at = firsts.index(STUDENT) if STUDENT in firsts else None
    columns = tuple(name for index, name in enumerate(firsts) if index != student_at)
    layout = Layout(
        delimiter=delimiter,
        n_columns=len(names),
        student_at=student_at,
        reader=CellReader(file=file, columns=columns),
        header_line=line,
    )
    # What is credit from elsewhere need not be known here.
    unread |= {"course"} if "source" in unread else set()
    return LooseLayout(layout=layout, faults=tuple(faults), unread=frozenset(unread))


def _meant(name: str, columns: Sequence[str]) -> str | None:
    """Return the column that a heading is meant to name; None where none is near."""
    within = (column for column in columns if column in name.split("_"))
    near = difflib.get_close_matches(name[:40], columns, n=1, cutoff=0.75)
    return next(within, near[0] if near else None)


def read_layout(path: Path) -> Layout:
    """Return the layout of a CSV file, from its first line that is not empty.

    Raises
    ------
    StudentError
        When the file cannot be read, or its headings do not say what it holds.
    """
    return layout_of(*headings_of(path))


def headings_of(path: Path) -> tuple[list[str], str, int, str]:
    """Return the headings of a CSV file, the file, their line, and what stands between them.

    Raises
    ------
    StudentError
        When the file cannot be read, or does not begin with plain text.
    """
    file = str(path)
    head = read_head(path, _LONGEST_LINE).decode("utf-8-sig", "replace")
    for number, text in enumerate(head.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        if not text.strip():
            continue
        delimiter = delimiter_of(text)
        cells = cells_of(text, delimiter)
        if cells is None or not text.replace("\t", "").isprintable() or "\ufffd" in text:
            raise StudentError(
                "REC-004",
                what="the line of headings is not plain text",
                fix="save the file as CSV in UTF-8",
                at=Place(file=file, line=number),
            )
        return cells, file, number, delimiter
    raise StudentError(
        "REC-005",
        what="the file is empty",
        fix=f"begin with a line of headings, out of {', '.join((STUDENT, *COLUMNS))}",
        at=Place(file=file),
    )


def broken_student(student: str, file: str, line: int) -> Fault | None:
    """Return what is wrong with the name of a student in a batch; None where nothing is."""
    at = Place(file=file, line=line, field=STUDENT)
    if not student:
        return Fault(
            code="REC-016", what="the line names no student", fix="say whose attempt it is", at=at
        )
    if not student.isprintable():
        return Fault(
            code="REC-004", what="the cell is not plain text", fix="save the file as UTF-8", at=at
        )
    return None


def lines_of(
    path: Path, layout: Layout, remains: list[Remains] | None = None
) -> Iterator[RecordLine | Fault]:
    """Yield what each line says, or what is wrong with it; what is left of such lines is kept."""
    file, delimiter, student_at = str(path), layout.delimiter, layout.student_at
    kept: dict[str | tuple[str, ...], AttemptLine] = {}
    sound, closing = "", f'"{delimiter}'
    for first, block in _blocks(path):
        for number, text in enumerate(block, first):
            if number <= layout.header_line:
                continue
            cells: list[str] | None = None
            student = ""
            key: str | tuple[str, ...]
            if student_at is None:
                key = text
            elif student_at == 0 and not text.startswith('"'):
                student, _, key = text.partition(delimiter)
            elif student_at == 0 and (end := text.find(closing, 1)) > 0 and '"' not in text[1:end]:
                student, key = text[1:end], text[end + len(closing) :]
            else:
                cells = cells_of(text, delimiter)
                if cells is None or len(cells) != layout.n_columns:
                    if text.strip():
                        yield broken_line(file, number, text, cells, layout)
                    continue
                student = cells.pop(student_at)
                key = tuple(cells)
            attempt = kept.get(key)
            if attempt is None:
                if not text.strip():
                    continue
                if cells is None:
                    cells = cells_of(text, delimiter)
                    if cells is None or len(cells) != layout.n_columns:
                        yield broken_line(file, number, text, cells, layout)
                        continue
                    if student_at is not None:
                        del cells[student_at]
                found = layout.reader.read(cells, number)
                if isinstance(found, tuple):
                    yield from found
                    wrong = frozenset(fault.at.field for fault in found)
                    if remains is not None and not wrong & _DECISIVE:
                        rest = layout.reader.rest(cells, wrong, number)
                        if rest is not None:
                            at = Place(file=file, line=number)
                            remains.append(Remains(at, plain(student), rest, wrong))
                    continue
                if len(kept) >= _MOST_KEPT:
                    kept.clear()
                attempt = kept[key] = found
            if student_at is not None and student != sound:
                student = plain(student)
                fault = broken_student(student, file, number)
                if fault is not None:
                    yield fault
                    continue
                sound = student
            yield RecordLine(number, student, attempt)


def cells_of(text: str, delimiter: str) -> list[str] | None:
    """Return the cells of one line; None where a quote is not closed."""
    if '"' not in text:
        return text.split(delimiter)
    try:
        return next(csv.reader([text], delimiter=delimiter, strict=True))
    except (csv.Error, StopIteration):
        return None


def broken_line(file: str, line: int, text: str, cells: list[str] | None, layout: Layout) -> Fault:
    """Return the fault of a line that has no cells, or not as many as there are headings."""
    at = Place(file=file, line=line)
    if len(text) >= _LONGEST_LINE:
        return Fault(
            code="REC-015",
            what=f"the line holds more than {_LONGEST_LINE} characters",
            fix="look for a line break that is missing",
            at=at,
        )
    if cells is None:
        return Fault(
            code="REC-014",
            what="a quote is not closed, or text stands behind it",
            fix='close it on the same line; a quote inside a cell is written twice ("")',
            at=at,
        )
    fix = "give a cell for each heading, empty where there is nothing to say"
    if layout.delimiter == ",":
        fix += f'; a cell with a comma stands in quotes, several values take a "{BETWEEN}"'
    return Fault(
        code="REC-013",
        what=f"the line has {len(cells)} cell{'' if len(cells) == 1 else 's'}, the headings are "
        f"{layout.n_columns}",
        fix=fix,
        at=at,
    )


def _blocks(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield lists of lines, each with the number of its first; of a line too long its beginning."""
    first, rest = 1, ""
    is_skipping = False
    with path.open(encoding="utf-8-sig", errors="surrogateescape") as file:
        while block := file.read(_BLOCK):
            if is_skipping:
                _, found, block = block.partition("\n")
                if not found:
                    continue
                is_skipping = False
                block = f"{rest}\n{block}"
                rest = ""
            lines = (rest + block).split("\n")
            rest = lines.pop()
            if len(rest) > _LONGEST_LINE:
                rest, is_skipping = rest[:_LONGEST_LINE], True
            yield first, lines
            first += len(lines)
    if rest:
        yield first, [rest]
