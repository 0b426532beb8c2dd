"""The columns of a table of attempts: their names, and how a cell of each is read."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction
from typing import Any, TypeVar

from prospectus.catalogs.record_parts import AttemptLine
from prospectus.catalogs.values import UnreadableValue, read_code, read_number
from prospectus.domain.course import CourseCode, Delivery
from prospectus.domain.errors import Fault, Place
from prospectus.domain.record import AttemptStatus, Basis, CreditSource

STUDENT = "student"
BETWEEN = "|"
"""What stands between several values in one cell."""

_E = TypeVar("_E", bound=Enum)
_SPACES = re.compile(r"[\s\u00a0]+")
_DECIMAL_COMMA = re.compile(r"\d+,\d+")
# An apostrophe keeps a spreadsheet from running a text as a formula.
_GUARDED = re.compile(r"''*[=+\-@]")
_LONGEST = 500
_MOST_KEPT = 20_000


def _word(kind: type[_E]) -> Callable[[str], _E]:
    words = {member.value: member for member in kind}

    def read(text: str) -> _E:
        found = words.get(text.lower().replace(" ", "_").replace("-", "_"))
        if found is None:
            raise UnreadableValue(
                f"'{text}' is no {_NAMES[kind]}", f"write one of {', '.join(words)}"
            )
        return found

    return read


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise UnreadableValue(
            f"'{text}' is not a day", "write year-month-day, such as 2026-05-08"
        ) from None


def _credits(text: str) -> Fraction:
    return read_number(text.replace(",", ".") if _DECIMAL_COMMA.fullmatch(text) else text)


def _texts(text: str) -> tuple[str, ...]:
    return tuple(part for part in (part.strip() for part in text.split(BETWEEN)) if part)


_NAMES: dict[type[Enum], str] = {
    AttemptStatus: "status",
    CreditSource: "source of credit",
    Basis: "basis of grading",
    Delivery: "mode of delivery",
}
_NO_COURSE = CourseCode("~nothing")

_READERS: dict[str, tuple[str, Callable[[str], object]]] = {
    "course": ("course", read_code),
    "term": ("periods", _texts),
    "credits": ("credits", _credits),
    "grade": ("grade", str),
    "status": ("status", _word(AttemptStatus)),
    "source": ("source", _word(CreditSource)),
    "basis": ("basis", _word(Basis)),
    "topic": ("topic", str),
    "expected_grade": ("expected_grade", str),
    "counted_in": ("counted_in", lambda text: frozenset(_texts(text))),
    "instructor": ("instructor", str),
    "delivery": ("delivery", _word(Delivery)),
    "campus": ("campus", str),
    "school": ("school", str),
    "ended": ("ended", _day),
    "title": ("title", str),
}
COLUMNS = tuple(_READERS)
"""The columns of an attempt, in the order in which they are written."""

_ALSO = {"period": "term", "periods": "term", "terms": "term", "student_id": STUDENT}


def column_of(heading: str) -> str:
    """Return the column that a heading names; its own words where it names none."""
    name = _SPACES.sub("_", heading.strip().lower().replace("-", "_"))
    return _ALSO.get(name, name)


@dataclass(frozen=True, slots=True, kw_only=True)
class CellReader:
    """Reads the cells of one table; `columns` are those of its attempts, in its order.

    A column without a name is passed over.
    What cells say is kept, as far as they are few: `CS 7641` is read once.
    """

    file: str
    columns: tuple[str, ...]
    _kept: dict[tuple[str, str], object] = field(default_factory=dict, repr=False, compare=False)

    def read(self, cells: Sequence[str], line: int) -> AttemptLine | tuple[Fault, ...]:
        """Return the attempt of a line, or everything that is wrong with its cells."""
        # What each column holds is of its field's type by `_READERS`, which no checker can see.
        values: dict[str, Any] = {}
        faults: list[Fault] = []
        for column, cell in zip(self.columns, cells, strict=True):
            if not column:
                continue
            name = _READERS[column][0]
            known = self._kept.get((column, cell))
            if known is not None:
                values[name] = known
                continue
            text = plain(cell)
            if not text and column != "course":
                continue
            try:
                values[name] = found = _value(column, text)
            except _BrokenCell as error:
                at = Place(file=self.file, line=line, field=column)
                faults.append(Fault(code=error.code, what=error.what, fix=error.fix, at=at))
                continue
            if len(self._kept) < _MOST_KEPT:
                self._kept[column, cell] = found
        if faults:
            return tuple(faults)
        values.setdefault("course", _NO_COURSE)
        attempt = AttemptLine(**values)
        waives = attempt.source is CreditSource.WAIVER
        if waives and (attempt.credits or attempt.grade is not None):
            what, fix = "a waiver carries credits or a grade", "give it neither"
            at = Place(file=self.file, line=line, field="source")
            return (Fault(code="REC-024", what=what, fix=fix, at=at),)
        return attempt

    def rest(self, cells: Sequence[str], wrong: Collection[str], line: int) -> AttemptLine | None:
        """Return what the cells say without those of some columns; None where that is nothing."""
        pairs = zip(self.columns, cells, strict=True)
        left = ["" if column in wrong else cell for column, cell in pairs]
        found = None if "course" in wrong else self.read(left, line)
        return found if isinstance(found, AttemptLine) else None


class _BrokenCell(Exception):
    """A cell that does not say what its column needs."""

    def __init__(self, code: str, what: str, fix: str) -> None:
        super().__init__(what)
        self.code = code
        self.what = what
        self.fix = fix


def _value(column: str, text: str) -> object:
    """Return what a cell says.

    Raises
    ------
    _BrokenCell
        With the code of the fault.
    """
    if not text:
        raise _BrokenCell("REC-020", "the line names no course", "give its code")
    if not text.isprintable():
        raise _BrokenCell("REC-004", "the cell is not plain text", "save the file as UTF-8")
    if len(text) > _LONGEST:
        raise _BrokenCell(
            "REC-015",
            f"the cell holds more than {_LONGEST} characters",
            "look for a quote or a delimiter that is missing before it",
        )
    try:
        return _READERS[column][1](text)
    except UnreadableValue as error:
        raise _BrokenCell("REC-022", error.what, error.fix) from None


def plain(cell: str) -> str:
    """Return the text of a cell: single spaces, nothing at its ends, no guard of a formula."""
    text = cell.strip()
    if "\u00a0" in text or "  " in text:
        text = _SPACES.sub(" ", text).strip()
    return text[1:] if _GUARDED.match(text) else text
