"""The record of one student, alone in a table or out of one of many, read as a stream."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from prospectus.catalogs.record_columns import STUDENT, plain
from prospectus.catalogs.record_parts import RecordFile, RecordForm, RecordLine, Remains
from prospectus.catalogs.record_table import (
    headings_of,
    lines_of,
    loose_layout,
    read_batch,
    starts_with_parquet,
)
from prospectus.domain.errors import Fault, Place, StudentError

_MOST_LINES = 5_000
_MOST_FAULTS = 200
_MOST_NAMES = 2_000
_LONGEST_PART = 1 << 20


@dataclass(slots=True, kw_only=True)
class LooseTable:
    """A table as far as it can be read, to tell all that is wrong with it at once.

    `faults` are those of its headings, for which the fields `unread` may lack; `remains` grow as
    `lines` are read.
    """

    lines: Iterator[RecordLine | Fault]
    faults: tuple[Fault, ...] = ()
    unread: frozenset[str] = frozenset()
    remains: list[Remains]


def read_loosely(path: Path) -> LooseTable:
    """Return a table whose headings may be wrong, as long as one of them is `course`.

    Raises
    ------
    StudentError
        When the file cannot be read, or no column is that of the courses.
    """
    remains: list[Remains] = []
    if starts_with_parquet(path):
        return LooseTable(lines=read_batch(path), remains=remains)
    loose = loose_layout(*headings_of(path))
    if loose.layout is None:
        raise StudentError(faults=loose.faults)
    return LooseTable(
        lines=lines_of(path, loose.layout, remains),
        faults=loose.faults,
        unread=loose.unread,
        remains=remains,
    )


def read_table(path: Path) -> RecordFile:
    """Return the record of one student; what is wrong with it stands in what is returned.

    Raises
    ------
    StudentError
        When the file cannot be read, or holds more than the record of one person.
    """
    if starts_with_parquet(path):
        from prospectus.catalogs.record_parquet import require_of_one

        require_of_one(path)
    lines: list[RecordLine] = []
    table = read_loosely(path)
    faults = list(table.faults)
    for found in table.lines:
        if isinstance(found, Fault):
            faults.append(found)
        elif lines and found.student != lines[0].student:
            faults.append(
                Fault(
                    code="REC-017",
                    what=f"the file holds several students: '{lines[0].student}', "
                    f"'{found.student}'",
                    fix="name one with --student, or audit all with `prospectus audit --batch`",
                    on_page="send a file with the lines of one student",
                    at=Place(file=str(path), line=found.line, field=STUDENT),
                )
            )
            raise StudentError(faults=faults)
        else:
            lines.append(found)
        if len(faults) >= _MOST_FAULTS or len(lines) > _MOST_LINES:
            break
    if len(lines) > _MOST_LINES:
        faults.append(
            Fault(
                code="REC-003",
                what=f"more than {_MOST_LINES} attempts stand in the record of one person",
                fix="check that it is the right file; many students need a column `student`",
                at=Place(file=str(path)),
            )
        )
        raise StudentError(faults=faults)
    return RecordFile(
        file=str(path),
        form=RecordForm.TABLE,
        lines=tuple(lines),
        name=lines[0].student if lines else "",
        faults=tuple(faults),
        unread=table.unread,
        remains=tuple(table.remains),
    )


def read_one_of(path: Path, student: str) -> RecordFile:
    """Return the record of the student of that name.

    What is wrong with the student's lines stands in what is returned, what is wrong with those of
    others is passed over. In Parquet, where a row that cannot be
    read does not tell whose it is, it is told whoever is asked for.

    Raises
    ------
    StudentError
        When the file cannot be read; REC-027 when there is no such student.
    """
    name = plain(student)
    table = read_loosely(path)
    texts = None if starts_with_parquet(path) else _Texts(path)
    lines: list[RecordLine] = []
    faults = list(table.faults)
    names: dict[str, None] = {}
    for found in table.lines:
        if isinstance(found, RecordLine):
            if found.student == name:
                lines.append(found)
            elif len(names) < _MOST_NAMES:
                names[found.student] = None
        elif texts is None or name in texts.at(found.at.line or 0):
            faults.append(found)
        if len(faults) >= _MOST_FAULTS or len(lines) > _MOST_LINES:
            break
    if len(lines) > _MOST_LINES:
        faults.append(
            Fault(
                code="REC-003",
                what=f"more than {_MOST_LINES} attempts stand in the record of '{student}'",
                fix="check that the column `student` holds one name for each person",
                at=Place(file=str(path)),
            )
        )
        raise StudentError(faults=faults)
    if not lines and not faults:
        raise nobody(path, student, tuple(names))
    return RecordFile(
        file=str(path),
        form=RecordForm.TABLE,
        lines=tuple(lines),
        name=name,
        faults=tuple(faults),
        unread=table.unread,
        remains=tuple(one for one in table.remains if one.student == name),
    )


def nobody(path: Path, student: str, names: tuple[str, ...]) -> StudentError:
    """Return the fault of a file that holds no record of a student, but those of others."""
    known = [name for name in names if name]
    near = difflib.get_close_matches(student, known, n=1)
    fix = f"write one of {', '.join(known[:5])}" + (" or others" if len(known) > 5 else "")
    if not known:
        fix = "leave out --student: the file does not say whose record it is"
    return StudentError(
        "REC-027",
        what=f"the file holds no record of '{student}'",
        fix=f"did you mean '{near[0]}'?" if near else fix,
        at=Place(file=str(path), field=STUDENT),
    )


class _Texts:
    """The lines of a file as they stand, asked for in their order."""

    def __init__(self, path: Path) -> None:
        self._lines = self._numbered(path)
        self._last = (0, "")

    def at(self, number: int) -> str:
        """Return the text of a line, no earlier one than was asked for before."""
        while self._last[0] < number:
            found = next(self._lines, None)
            if found is None:
                return ""
            self._last = found
        return self._last[1]

    @staticmethod
    def _numbered(path: Path) -> Iterator[tuple[int, str]]:
        """Yield each line with its number; one that is very long in parts."""
        number = 1
        with path.open(encoding="utf-8-sig", errors="surrogateescape") as file:
            while text := file.readline(_LONGEST_PART):
                yield number, plain(text)
                number += text.endswith("\n")
