"""Conditions (one expression everywhere) and selectors, as trees.

Their text form is printed by `domain.printer` and read by the grammar in `catalogs`; the two
round-trip. What each means is said in docs/language.md and judged by `domain.meaning`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import assert_never

from prospectus.domain.place import RESIDENCE, place


class Compare(Enum):
    """Comparisons that selectors and expressions may make."""

    AT_LEAST = ">="
    AT_MOST = "<="
    EQUAL = "="
    LESS = "<"
    MORE = ">"

    def holds(self, have: Fraction | int, want: Fraction | int) -> bool:
        """Return whether the first of two numbers compares so with the second."""
        match self:
            case Compare.AT_LEAST:
                return have >= want
            case Compare.AT_MOST:
                return have <= want
            case Compare.EQUAL:
                return have == want
            case Compare.LESS:
                return have < want
            case Compare.MORE:
                return have > want
            case _:
                assert_never(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyCourse:
    """Every course (`any`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeIs:
    """One course by code, with an optional topic and a grade floor of its own (`CS 7641 [B]`)."""

    code: str
    topic: str | None = None
    min_grade: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectIn:
    """Courses of these subjects (`subject CS`)."""

    subjects: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberIn:
    """Courses whose number lies in low..high (`number 500-590`, `number 6000+`)."""

    low: int
    high: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberLike:
    """Courses whose number fits a pattern, x for any digit (`number 41xx`)."""

    pattern: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelIs:
    """Courses of a level: the number's leading digit unless the course states its own."""

    level: int
    compare: Compare = Compare.EQUAL


class Attribute(Enum):
    """Attributes of a course or an attempt that a selector may test for a value."""

    AREA = "area"
    TOPIC = "topic"
    ATTRIBUTE = "attribute"
    TITLE = "title"
    DELIVERY = "delivery"
    CAMPUS = "campus"
    INSTRUCTOR = "instructor"
    PERIOD = "period"
    SEASON = "season"
    BASIS = "basis"
    SOURCE = "source"
    SCHOOL = "school"
    COUNTED_IN = "counted_in"
    CODE = "code"
    SUBJECT = "subject"


@dataclass(frozen=True, slots=True, kw_only=True)
class Has:
    """Courses or attempts whose attribute has a value (`topic "computer vision"`)."""

    attribute: Attribute
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeIs:
    """Attempts whose grade compares so (`grade >= B-`): >= is "as good as or better"."""

    compare: Compare
    grade: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditsAre:
    """Attempts or courses whose credits compare so (`credits >= 3`)."""

    compare: Compare
    credits: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class InSet:
    """The named set of this catalogue year (`set electives`)."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InNode:
    """What the `from` of the leaves at or below a node selects (`node(ai-core)`)."""

    node: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved:
    """Open membership: courses of `of` that the named approval admits.

    `approval("cs-special-topics") of subject CS and number 8803`
    """

    approval: str
    of: Selector


@dataclass(frozen=True, slots=True, kw_only=True)
class Union:
    """Courses in any of these."""

    items: tuple[Selector, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Both:
    """Courses in all of these."""

    items: tuple[Selector, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Except:
    """Courses of `of` that are not in `without`."""

    of: Selector
    without: Selector


Selector = (
    AnyCourse
    | CodeIs
    | SubjectIn
    | NumberIn
    | NumberLike
    | LevelIs
    | Has
    | GradeIs
    | CreditsAre
    | InSet
    | InNode
    | Approved
    | Union
    | Both
    | Except
)


class Timing(Enum):
    """When a requisite course must run, relative to the course that asks."""

    BEFORE = "before"
    CONCURRENT = "concurrent"
    WITH = "with"


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A course done (`A`, `A [B-]`, `A since 2016-08-01`, `A/1`, `concurrent A`, `with A`).

    `part` is the 1-based part of a spanning course, done at the end of its leaf period.
    """

    code: str
    topic: str | None = None
    min_grade: str | None = None
    since: dt.date | None = None
    part: int | None = None
    timing: Timing = Timing.BEFORE


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditsOf:
    """So many credits finished, of a selector (`18 credits of subject CS`)."""

    credits: Fraction
    of: Selector | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CoursesOf:
    """So many courses finished, of a selector, at a school (`3 courses of set core at "B"`)."""

    courses: int
    of: Selector
    at: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GpaIs:
    """A mean of at least so much, of a selector (`gpa >= 3.0 of set core`)."""

    at_least: Fraction
    of: Selector | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeDone:
    """A requirement node met, allocated in a pool of its own (`done(foundational)`)."""

    node: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """The person belongs to a programme (`member(gatech-omsa)`)."""

    program: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HasDegree:
    """The person holds a degree of a level, in a field (`degree(bachelor, "computer science")`)."""

    level: str
    field: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TestIs:
    """A test score (`test("TOEFL") >= 100`)."""

    __test__ = False
    name: str
    at_least: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Background:
    """Background in a topic (`background("linear algebra")`)."""

    topic: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """Someone's approval (`approval("advisor")`): open, requested, granted or refused."""

    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonIs:
    """A static fact of the person has a value (`person(residence) is "MN"`)."""

    fact: str
    value: str

    def __post_init__(self) -> None:
        if self.fact == RESIDENCE:
            object.__setattr__(self, "value", place(self.value))


@dataclass(frozen=True, slots=True, kw_only=True)
class And:
    """All of these hold."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Or:
    """At least one of these holds."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NOf:
    """At least n of these hold (`2 of (A, B, C)`)."""

    n: int
    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Not:
    """The item does not hold; static facts of the person only."""

    item: Expression


class Softness(Enum):
    """Kinds of soft condition: they warn or weigh and never block."""

    RECOMMENDED = "recommended"
    HELPS = "helps"
    TYPICAL = "typical"


@dataclass(frozen=True, slots=True, kw_only=True)
class Soft:
    """A condition that never blocks (`recommended(A)`)."""

    kind: Softness
    item: Expression


Expression = (
    Done
    | CreditsOf
    | CoursesOf
    | GpaIs
    | NodeDone
    | Member
    | HasDegree
    | TestIs
    | Background
    | Approval
    | PersonIs
    | And
    | Or
    | NOf
    | Not
    | Soft
)
