"""A student file as read, before a programme is known: some of it only a programme can settle."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

from prospectus.domain.course import CourseCode
from prospectus.domain.errors import Place
from prospectus.domain.record import AttemptStatus, Basis, CreditSource
from prospectus.domain.student import DayRange, Student


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitByName:
    """A limit by its name in the file: `usual`, a range of days, or else a season."""

    name: str
    limit: int | None
    days: DayRange | None = None

    @property
    def is_usual(self) -> bool:
        """Return whether the limit holds wherever no other does."""
        return self.days is None and self.name.lower() == "usual"


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditsByName:
    """Credits of a term by the name in the file: `usual`, a range of days, or else a season."""

    name: str
    low: Fraction | None
    high: Fraction | None
    days: DayRange | None = None

    @property
    def is_usual(self) -> bool:
        """Return whether it speaks of every term."""
        return self.days is None and self.name.lower() == "usual"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceByName:
    """Where a course is put, or not put: a term, a session or a season, or a range of days."""

    course: CourseCode
    name: str
    is_inside: bool
    days: DayRange | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainMoney:
    """An amount in minor units; `currency` None is the currency of the file."""

    minor: int
    currency: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishedCourse:
    """One line of `finished:`; credits None are the catalogue's, periods are as written."""

    course: CourseCode
    status: AttemptStatus
    source: CreditSource
    basis: Basis
    credits: Fraction | None = None
    topic: str | None = None
    periods: tuple[str, ...] = ()
    grade: str | None = None
    expected_grade: str | None = None
    counted_in: frozenset[str] = frozenset()
    school: str | None = None
    ended: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StudentFile:
    """What a student file says.

    `student` holds all that needs no programme; `finished` and the limits by season become part
    of it once a programme's courses and calendar are known. `named` pairs the wishes that name
    courses with them, `places` dotted fields with where they stand.
    """

    file: str
    student: Student
    finished: tuple[FinishedCourse, ...] = ()
    hours_by_season: tuple[LimitByName, ...] = ()
    courses_by_season: tuple[LimitByName, ...] = ()
    credits_by_season: tuple[CreditsByName, ...] = ()
    places_by_name: tuple[PlaceByName, ...] = ()
    named: tuple[tuple[str, CourseCode], ...] = ()
    places: tuple[tuple[str, Place], ...] = ()

    def place(self, field: str) -> Place:
        """Return where a dotted field stands; of one that is not written, its block's line."""
        places, name = dict(self.places), field
        while name not in places and "." in name:
            name = name.rpartition(".")[0]
        found = places.get(name)
        if found is None:
            return Place(file=self.file, field=field)
        return Place(file=self.file, line=found.line, field=found.field + field[len(name) :])
