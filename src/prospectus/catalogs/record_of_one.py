"""The record of one student out of a table of many, read as a stream."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from pathlib import Path

from prospectus.catalogs.record_columns import STUDENT, plain
from prospectus.catalogs.record_parts import RecordFile, RecordForm, RecordLine
from prospectus.catalogs.record_table import read_batch, starts_with_parquet
from prospectus.domain.errors import Fault, Place, StudentError

_MOST_LINES = 5_000
_MOST_FAULTS = 200
_MOST_NAMES = 2_000
_LONGEST_PART = 1 << 20


def read_one_of(path: Path, student: str) -> RecordFile:
    """Return the record of the student of that name.

    What is wrong with the lines of others is passed over. In Parquet, where a row that cannot be
    read does not tell whose it is, it is told whoever is asked for.

    Raises
    ------
    StudentError
        With all faults of the student's lines; REC-027 when there is no such student.
    """
    name = plain(student)
    texts = None if starts_with_parquet(path) else _Texts(path)
    lines: list[RecordLine] = []
    faults: list[Fault] = []
    names: dict[str, None] = {}
    for found in read_batch(path):
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
    if faults:
        raise StudentError(faults=faults)
    if not lines:
        raise nobody(path, student, tuple(names))
    return RecordFile(file=str(path), form=RecordForm.TABLE, lines=tuple(lines), name=name)


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
