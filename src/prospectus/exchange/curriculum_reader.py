"""CurricularAnalytics CSV read into a curriculum, with every fault of the file at once."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from prospectus.domain.errors import ExchangeError, Place
from prospectus.exchange.bounded_file import read_text
from prospectus.exchange.cells import as_read
from prospectus.exchange.curriculum import (
    ADDITIONAL,
    COURSES,
    HEAD,
    SYSTEMS,
    Curriculum,
)
from prospectus.exchange.curriculum_rows import RowReader
from prospectus.exchange.file_faults import FileFaults
from prospectus.exchange.losses import Loss, Losses

MOST_ROWS = 5_000
MOST_CELLS = 200
MOST_SIGNS = 2_000
_OUTCOMES = ("Course Learning Outcomes", "Curriculum Learning Outcomes")


@dataclass(frozen=True, slots=True, kw_only=True)
class CurriculumRead:
    """What a file says, and what of it was left unread."""

    curriculum: Curriculum
    losses: tuple[Loss, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row and the line it begins on."""

    line: int
    cells: tuple[str, ...]

    @property
    def first(self) -> str:
        """Return the first cell."""
        return self.cells[0]


def read_curriculum(path: Path) -> CurriculumRead:
    """Return the curriculum or degree plan of a CSV file.

    Raises
    ------
    ExchangeError
        EXC-001 to EXC-016, all that were found.
    """
    return parse_curriculum(read_text(path), str(path))


def parse_curriculum(text: str, name: str) -> CurriculumRead:
    """Return the curriculum or degree plan that a text holds; `name` is the file's, for faults.

    Raises
    ------
    ExchangeError
        EXC-003 and EXC-005 to EXC-016, all that were found.
    """
    faults, losses = FileFaults(name), Losses()
    rows = list(_rows(text, name))
    head, place = _head(rows, faults, losses)
    is_plan = "Degree Plan" in head
    reader = RowReader(faults, losses, is_plan=is_plan)
    section, columns_next, n_outcomes = COURSES, True, 0
    for row in rows[place:]:
        if row.first in (ADDITIONAL, *_OUTCOMES) and not any(row.cells[1:]):
            section, columns_next = row.first, True
            if section == ADDITIONAL and not is_plan:
                faults.add(
                    "EXC-015",
                    "a curriculum has no additional courses",
                    "add the line `Degree Plan`, or move the courses up",
                    row.line,
                )
        elif columns_next:
            columns_next = False
            if section not in _OUTCOMES:
                reader.columns(row.line, row.cells)
        elif section in _OUTCOMES:
            n_outcomes += 1
        else:
            reader.row(row.line, row.cells, is_additional=section == ADDITIONAL)
    losses.add("learning outcomes", *["learning outcomes of courses and curriculum"] * n_outcomes)
    courses = reader.courses()
    if not courses and not faults.found:
        _too_short(faults, rows, "there is no course in it")
    faults.raise_any()
    return CurriculumRead(
        curriculum=Curriculum(
            name=head["Curriculum"],
            plan=head.get("Degree Plan"),
            institution=head.get("Institution", ""),
            degree_type=head.get("Degree Type", ""),
            system=head.get("System Type", "").lower(),
            cip=head.get("CIP", ""),
            courses=courses,
        ),
        losses=losses.told(),
    )


def _rows(text: str, name: str) -> Iterator[Row]:
    """Yield the rows that hold something; comments begin with `#`."""
    source = csv.reader(io.StringIO(text, newline=""), strict=True)
    begins, n_rows = 1, 0
    while True:
        try:
            cells = next(source)
        except StopIteration:
            return
        except csv.Error as error:
            raise ExchangeError(
                "EXC-007",
                what=f"this is not CSV ({error}): a quote is left open, or stands inside a cell",
                fix="put cells that hold quotes or commas in quotes, and double the quotes inside",
                at=Place(file=name, line=begins),
            ) from None
        line, begins = begins, source.line_num + 1
        if not any(cell.strip() for cell in cells) or cells[0].lstrip().startswith("#"):
            continue
        n_rows += 1
        if (
            n_rows > MOST_ROWS
            or len(cells) > MOST_CELLS
            or any(len(cell) > MOST_SIGNS for cell in cells)
        ):
            raise ExchangeError(
                "EXC-003",
                what=f"the file has more than {MOST_ROWS:,} rows, {MOST_CELLS} columns, or "
                f"{MOST_SIGNS:,} letters in a cell",
                fix="check that it is the right one",
                at=Place(file=name, line=line),
            )
        yield Row(line, tuple(as_read(cell) for cell in cells))


def _head(rows: list[Row], faults: FileFaults, losses: Losses) -> tuple[dict[str, str], int]:
    """Return the values of the head, and the place of the row behind `Courses`."""
    if not rows or rows[0].first != HEAD[0]:
        faults.add(
            "EXC-005",
            "the file does not begin with the line `Curriculum`"
            if rows
            else "the file holds nothing",
            "give a curriculum or degree plan in the CSV format of CurricularAnalytics",
            rows[0].line if rows else None,
        )
        faults.raise_any()
    found: dict[str, str] = {}
    for place, row in enumerate(rows):
        if row.first == COURSES:
            _check_head(rows[0], found, faults)
            return found, place + 1
        # Programs that write no quotes tear a name at its commas.
        value = ", ".join(cell for cell in row.cells[1:] if cell)
        if row.first not in HEAD or row.first in found:
            losses.add("lines of the head", f"line {row.line}: {row.first}")
            continue
        found[row.first] = value
        if row.first == "System Type" and value.lower() not in ("", *SYSTEMS):
            faults.add(
                "EXC-016",
                f"a system type '{value}' is not known",
                "write semester, quarter or nothing",
                row.line,
            )
    _too_short(faults, rows, "there is no line `Courses`")
    faults.raise_any()
    return found, len(rows)


def _check_head(first: Row, found: dict[str, str], faults: FileFaults) -> None:
    for field in ("Curriculum", "Degree Plan"):
        if found.get(field) == "":
            faults.add("EXC-005", f"the {field.lower()} has no name", "write its name", first.line)


def _too_short(faults: FileFaults, rows: list[Row], what: str) -> None:
    faults.add(
        "EXC-006",
        f"the file ends too early: {what}",
        "save or download it again",
        rows[-1].line,
    )
