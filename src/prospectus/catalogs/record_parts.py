"""A record as read, before a programme is known: spelled out, and with its places."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from fractions import Fraction
from types import MappingProxyType
from typing import NamedTuple

from prospectus.domain.course import CourseCode, Delivery
from prospectus.domain.errors import Fault, Place
from prospectus.domain.record import (
    ApprovalState,
    AttemptStatus,
    AuditException,
    Basis,
    CreditSource,
    MilestoneResult,
)
from prospectus.domain.student import Person


class RecordForm(Enum):
    """What sort of file a record was read from."""

    RECORD = "record"
    STUDENT = "student"
    PLAN = "plan"
    TABLE = "table"
    ELMO = "elmo"


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptLine:
    """One attempt as written.

    `status` None follows from grade and period, `credits` None are the catalogue's, `periods` are
    names of terms or leaf periods, `title` names a course from elsewhere that has no code here.
    """

    course: CourseCode
    status: AttemptStatus | None = None
    source: CreditSource = CreditSource.HOME
    basis: Basis = Basis.LETTER
    credits: Fraction | None = None
    topic: str | None = None
    periods: tuple[str, ...] = ()
    grade: str | None = None
    expected_grade: str | None = None
    counted_in: frozenset[str] = frozenset()
    instructor: str | None = None
    delivery: Delivery = Delivery.UNKNOWN
    campus: str | None = None
    school: str | None = None
    ended: dt.date | None = None
    title: str = ""


class RecordLine(NamedTuple):
    """An attempt with its line in the file and its student; lines that say the same share one."""

    line: int | None
    student: str
    attempt: AttemptLine


class Remains(NamedTuple):
    """What is left of an attempt that is wrong in some fields: no part of the record.

    It is only looked through for what else is wrong with it, the `wrong` fields aside. `at` is
    where the attempt stands.
    """

    at: Place
    student: str
    attempt: AttemptLine
    wrong: frozenset[str]

    def place(self, name: str) -> Place:
        """Return where a field of it stands."""
        return replace(self.at, field=f"{self.at.field}.{name}" if self.at.field else name)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFile:
    """What a record's file says.

    `root` is the field under which its attempts stand, nothing in a table. `places` is where a
    dotted field stands. `faults` are what is wrong with fields, which the rest then lacks: they
    wait until all that a programme finds can be told with them; `remains` are what is left of
    the attempts behind them, and fields `unread` may lack in all attempts.
    """

    file: str
    form: RecordForm
    lines: tuple[RecordLine, ...] = ()
    name: str = ""
    program: str | None = None
    catalog_year: str | None = None
    matriculation: dt.date | None = None
    choices: tuple[tuple[str, str], ...] = ()
    milestones: tuple[MilestoneResult, ...] = ()
    approvals: tuple[tuple[str, ApprovalState], ...] = ()
    exceptions: tuple[AuditException, ...] = ()
    person: Person | None = None
    notes: tuple[Fault, ...] = ()
    faults: tuple[Fault, ...] = ()
    remains: tuple[Remains, ...] = ()
    unread: frozenset[str] = frozenset()
    root: str = ""
    places: Mapping[str, Place] = field(default_factory=lambda: MappingProxyType({}))

    def place(self, dotted: str) -> Place:
        """Return where a dotted field stands; of one that is not written, its block's line."""
        name = dotted
        while name not in self.places and "." in name:
            name = name.rpartition(".")[0]
        found = self.places.get(name)
        if found is None:
            return Place(file=self.file, field=dotted)
        return Place(file=self.file, line=found.line, field=found.field + dotted[len(name) :])

    def place_in(self, index: int, name: str) -> Place:
        """Return where a field of an attempt stands."""
        if self.root:
            return self.place(f"{self.root}[{index}].{name}")
        return Place(file=self.file, line=self.lines[index].line, field=name)
