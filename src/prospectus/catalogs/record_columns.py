"""The columns of a table of attempts: their names, and how a cell of each is read."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from fractions import Fraction
from typing import TypeVar

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
_STATUS, _SOURCE = _word(AttemptStatus), _word(CreditSource)
_BASIS, _DELIVERY = _word(Basis), _word(Delivery)
_NOBODY = AttemptLine(course=CourseCode("~nothing"))

_READERS: dict[str, Callable[[AttemptLine, str], AttemptLine]] = {
    "course": lambda line, text: replace(line, course=read_code(text)),
    "term": lambda line, text: replace(line, periods=_texts(text)),
    "credits": lambda line, text: replace(line, credits=_credits(text)),
    "grade": lambda line, text: replace(line, grade=text),
    "status": lambda line, text: replace(line, status=_STATUS(text)),
    "source": lambda line, text: replace(line, source=_SOURCE(text)),
    "basis": lambda line, text: replace(line, basis=_BASIS(text)),
    "topic": lambda line, text: replace(line, topic=text),
    "expected_grade": lambda line, text: replace(line, expected_grade=text),
    "counted_in": lambda line, text: replace(line, counted_in=frozenset(_texts(text))),
    "instructor": lambda line, text: replace(line, instructor=text),
    "delivery": lambda line, text: replace(line, delivery=_DELIVERY(text)),
    "campus": lambda line, text: replace(line, campus=text),
    "school": lambda line, text: replace(line, school=text),
    "ended": lambda line, text: replace(line, ended=_day(text)),
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
    """Reads the cells of one table; `columns` are those of its attempts, in its order."""

    file: str
    columns: tuple[str, ...]

    def read(self, cells: Sequence[str], line: int) -> AttemptLine | tuple[Fault, ...]:
        """Return the attempt of a line, or everything that is wrong with its cells."""
        attempt = _NOBODY
        faults: list[Fault] = []

        def add(code: str, column: str, what: str, fix: str) -> None:
            at = Place(file=self.file, line=line, field=column)
            faults.append(Fault(code=code, what=what, fix=fix, at=at))

        for column, cell in zip(self.columns, cells, strict=True):
            text = plain(cell)
            if not text:
                if column == "course":
                    add("REC-020", column, "the line names no course", "give its code")
                continue
            if not text.isprintable():
                add("REC-004", column, "the cell is not plain text", "save the file as UTF-8")
            elif len(text) > _LONGEST:
                add(
                    "REC-015",
                    column,
                    f"the cell holds more than {_LONGEST} characters",
                    "look for a quote or a delimiter that is missing before it",
                )
            else:
                try:
                    attempt = _READERS[column](attempt, text)
                except UnreadableValue as error:
                    add("REC-022", column, error.what, error.fix)
        waives = attempt.source is CreditSource.WAIVER
        if waives and (attempt.credits or attempt.grade is not None):
            add("REC-024", "source", "a waiver carries credits or a grade", "give it neither")
        return tuple(faults) or attempt


def plain(cell: str) -> str:
    """Return the text of a cell: single spaces, nothing at its ends, no guard of a formula."""
    text = cell.strip()
    if "\u00a0" in text or "  " in text:
        text = _SPACES.sub(" ", text).strip()
    return text[1:] if _GUARDED.match(text) else text
