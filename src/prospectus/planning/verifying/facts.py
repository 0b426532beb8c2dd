"""What the second formulation is built from: plain facts, asked of whoever knows the rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction

from prospectus.domain.course import CourseCode, Delivery
from prospectus.domain.expression import Expression, Selector
from prospectus.domain.program import Resolved
from prospectus.domain.record import Attempt, AttemptStatus
from prospectus.domain.requirement import All, Fill
from prospectus.domain.rule import Load, Point
from prospectus.domain.student import Student

Tri = bool | None
"""Yes, no, or not known."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Piece:
    """A course in one run that a plan may take, or an attempt on record.

    `identity` is what all attempts of one course have in common; `use` what gives one use at most.
    `earns` says whether it can be held, `might_earn` whether it could at some time. `hours` None
    is unknown; `share` is how sure the run is, 1 unless history alone speaks for it.
    """

    index: int
    attempt: Attempt
    names: frozenset[str]
    topics: frozenset[str]
    identity: str
    use: str
    is_planned: bool
    earns: bool
    might_earn: bool
    is_waiver: bool
    is_splittable: bool
    is_repeatable: bool
    leaves: tuple[int, ...]
    start: dt.date
    end: dt.date
    grades: dt.date
    hours: int | None
    live_minutes: int
    fits_live: bool
    share: Fraction
    delivery: Delivery
    attributes: frozenset[str]
    requisite: Expression | None

    @property
    def code(self) -> CourseCode:
        """Return the code registered."""
        return self.attempt.course

    @property
    def credits(self) -> Fraction:
        """Return the credits as taken."""
        return self.attempt.credits


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Facts:
    """Everything the formulation asks of the rules, the record and the person.

    `tree` has the declared choices made and incomplete options left out. The functions answer by
    the definition of the rules: whether a leaf admits a piece, whether a selector selects one, the
    values of an attribute, whether a condition holds on the record alone for a piece that starts on
    a day, whether a rule is waived, the credits that waivers take from a total, the periods of a
    load, and the first and last days of a point for a day of conferral. `ends_alone` is the end of
    study where nothing is planned.
    """

    resolved: Resolved
    student: Student
    today: dt.date
    tree: All
    planned: tuple[Piece, ...]
    recorded: tuple[Piece, ...]
    matriculation: dt.date | None
    ends_alone: dt.date
    admits: Callable[[Fill, Piece], Tri]
    matches: Callable[[Selector, Piece], Tri]
    values: Callable[[str, Piece], frozenset[str]]
    holds_alone: Callable[[Expression, dt.date, Piece | None, bool], Tri]
    is_excepted: Callable[[str], bool]
    waived: Callable[[str], Fraction]
    sees_waivers: Callable[[Selector], bool]
    selectors_of: Callable[[Expression], Iterable[Selector]]
    periods_of: Callable[[Load], Iterable[frozenset[int]]]
    first_day: Callable[[Point, dt.date], dt.date]
    last_day: Callable[[Point, dt.date], dt.date | None]

    def had(self, code: str) -> bool:
        """Return whether a course is passed, or running, on record."""
        return any(
            code in piece.names
            for piece in self.recorded
            if piece.attempt.is_open or piece.attempt.status is AttemptStatus.PASSED
        )

    @property
    def running(self) -> tuple[Piece, ...]:
        """Return the attempts on record whose grade is still to come."""
        return tuple(piece for piece in self.recorded if piece.attempt.is_open)

    @property
    def enrolled(self) -> tuple[Piece, ...]:
        """Return the attempts on record that fill loads."""
        return tuple(
            piece
            for piece in self.recorded
            if piece.leaves and piece.attempt.status is not AttemptStatus.WITHDRAWN
        )
