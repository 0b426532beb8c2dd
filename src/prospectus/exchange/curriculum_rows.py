"""The rows of courses of a CurricularAnalytics file."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction

from prospectus.exchange.curriculum import COLUMNS, TERM, CurriculumCourse, requisite_circle
from prospectus.exchange.file_faults import FileFaults
from prospectus.exchange.losses import Losses

_NEEDED = ("Course ID", "Course Name", "Credit Hours")
_REQUISITES = ("Prerequisites", "Corequisites", "Strict-Corequisites")
_ID = re.compile(r"\d{1,18}")
_CREDITS = re.compile(r"\d{1,4}(\.\d{1,6})?")
# The toolbox writes semicolons and reads these too.
_BETWEEN = re.compile(r"[;,.:]")
_MOST_TERMS = 200


@dataclass(slots=True)
class RowReader:
    """Reads rows of courses; the requisites are judged when all are read."""

    faults: FileFaults
    losses: Losses
    is_plan: bool
    _place: dict[str, int] = field(default_factory=dict)
    _courses: dict[int, CurriculumCourse] = field(default_factory=dict)
    _has_columns: bool = False

    def columns(self, line: int, cells: tuple[str, ...]) -> None:
        """Read the row that names the columns."""
        known = {name.casefold(): name for name in (*COLUMNS, TERM)}
        self._place, unread = {}, []
        for index, cell in enumerate(cells):
            name = known.get(cell.casefold())
            if name in self._place:
                self.faults.add(
                    "EXC-008", f"the column '{cell}' stands twice", "remove one of the two", line
                )
            elif name is not None:
                self._place[name] = index
            elif cell:
                unread.append(cell)
        self.losses.add("columns that are not of the format", *unread)
        needed = (*_NEEDED, TERM) if self.is_plan else _NEEDED
        for name in needed:
            if name not in self._place:
                self.faults.add(
                    "EXC-008",
                    f"there is no column '{name}'",
                    f"the columns are {', '.join(COLUMNS)}" + (f", {TERM}" * self.is_plan),
                    line,
                )
        self._has_columns = all(name in self._place for name in needed)

    def row(self, line: int, cells: tuple[str, ...], *, is_additional: bool) -> None:
        """Read the row of one course."""
        if not self._has_columns:
            return
        texts = {
            name: cells[index] if index < len(cells) else "" for name, index in self._place.items()
        }
        number = self._id(line, texts["Course ID"])
        credits = self._credits(line, texts["Credit Hours"])
        if not texts["Course Name"]:
            self.faults.add(
                "EXC-011", "the course has no name", "write its name", line, "Course Name"
            )
        before, beside, together = (self._ids(line, name, texts) for name in _REQUISITES)
        term = self._term(line, texts.get(TERM, ""))
        if number is None:
            return
        self._courses[number] = CurriculumCourse(
            id=number,
            name=texts["Course Name"],
            prefix=texts.get("Prefix", ""),
            number=texts.get("Number", ""),
            before=before,
            beside=beside,
            together=together,
            credits=credits,
            institution=texts.get("Institution", ""),
            canonical_name=texts.get("Canonical Name", ""),
            term=term,
            is_additional=is_additional,
            line=line,
        )

    def courses(self) -> tuple[CurriculumCourse, ...]:
        """Return the courses in the order of the file, their requisites judged."""
        for course in self._courses.values():
            for other in sorted({*course.requisites} - self._courses.keys()):
                self.faults.add(
                    "EXC-013",
                    f"{course.name or course.id} asks for course {other}, which the file has not",
                    "correct the id, or add the course",
                    course.line,
                )
            if course.id in course.requisites:
                self.faults.add(
                    "EXC-014", f"{course.name} asks for itself", "remove that id", course.line
                )
        if not self.faults.found:
            self._check_circle()
        return tuple(self._courses.values())

    def _check_circle(self) -> None:
        circle = requisite_circle(self._courses)
        if circle:
            first = self._courses[circle[0]]
            names = [self._courses[name].name for name in (*circle, circle[0])]
            self.faults.add(
                "EXC-014",
                f"requisites in a circle: {' needs '.join(names)}",
                "remove one of them",
                first.line,
            )

    def _id(self, line: int, text: str) -> int | None:
        if not _ID.fullmatch(text) or int(text) < 1:
            self.faults.add(
                "EXC-009",
                f"'{text}' is no course id" if text else "the course has no id",
                "give each course a whole number of its own, 1 or more",
                line,
                "Course ID",
            )
            return None
        number = int(text)
        if number in self._courses:
            self.faults.add(
                "EXC-010",
                f"the id {number} is that of line {self._courses[number].line} too",
                "give each course an id of its own",
                line,
                "Course ID",
            )
            return None
        return number

    def _credits(self, line: int, text: str) -> Fraction:
        if _CREDITS.fullmatch(text):
            return Fraction(text)
        self.faults.add(
            "EXC-011",
            f"'{text}' is no number of credits" if text else "the course has no credit hours",
            "write a number such as 3 or 1.5",
            line,
            "Credit Hours",
        )
        return Fraction(0)

    def _ids(self, line: int, column: str, texts: dict[str, str]) -> tuple[int, ...]:
        found: list[int] = []
        for text in _BETWEEN.split(texts.get(column, "")):
            name = text.strip()
            if _ID.fullmatch(name):
                found.append(int(name))
            elif name:
                self.faults.add(
                    "EXC-012",
                    f"'{name}' is no id of a course",
                    "write ids with semicolons between them, such as 4;5",
                    line,
                    column,
                )
        return tuple(sorted(set(found)))

    def _term(self, line: int, text: str) -> int | None:
        if not self.is_plan:
            self.losses.add("terms in a curriculum that is no degree plan", *filter(None, [text]))
            return None
        if _ID.fullmatch(text) and 1 <= int(text) <= _MOST_TERMS:
            return int(text)
        self.faults.add(
            "EXC-015",
            f"'{text}' is no term" if text else "the course stands in no term",
            f"number the terms of the plan from 1, to {_MOST_TERMS} at most",
            line,
            TERM,
        )
        return None
