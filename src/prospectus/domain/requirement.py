"""What a degree asks: the tree of requirements and the rules beside it.

Meanings are fixed in docs/language.md; `domain.meaning` is their one definition in code.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import Generic, NewType, TypeVar

from prospectus.domain.errors import DomainError
from prospectus.domain.expression import Expression, Selector
from prospectus.domain.facts import Completeness, Provenance

NodeId = NewType("NodeId", str)
DEGREE_POOL = "degree"

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class When(Generic[T]):
    """A value or node that depends on a static fact of the person.

    `may` makes `then` the person's option where the condition holds (tree nodes only).
    `otherwise` None at a node means that nothing stands there.
    """

    condition: Expression
    then: T
    otherwise: T | None = None
    may: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading(Generic[T]):
    """A value or node that depends on how a disputed text is read."""

    dispute: str
    options: tuple[tuple[str, T], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """n or n..m of credits or courses; n is a least, m an optional most."""

    low: Fraction
    high: Fraction | None = None

    def __post_init__(self) -> None:
        if self.low < 0 or (self.high is not None and self.high < self.low):
            raise DomainError(
                "DOM-020",
                what=f"the range {self.low}..{self.high} is empty or negative",
                fix="write the smaller number first",
            )


Amount = Range | When[Range] | Reading[Range]
"""A size that may depend on the person or on a reading; plain `Range` once resolved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What every node and rule carries: id, label, completeness, provenance."""

    id: NodeId
    label: str = ""
    completeness: Completeness | None = None
    provenance: Provenance = Provenance()
    unknown: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Return the label, or the id where there is none."""
        return self.label or self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """A total of distinct uses below a node: credits, courses, or both.

    `less_waived` lowers it by the credits of waived courses.
    """

    credits: Amount | None = None
    courses: Amount | None = None
    less_waived: bool = False


class Bound(Enum):
    """Which way a measure bounds."""

    AT_MOST = "at_most"
    AT_LEAST = "at_least"


class Over(Enum):
    """What a measure looks at: uses that are applied, or every attempt after matriculation."""

    APPLIED = "applied"
    ATTEMPTED = "attempted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A part p/q of the credits of the enclosing total."""

    share: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A bound on credits, courses or distinct values of what a node (or the degree) holds."""

    header: Header
    bound: Bound
    of: Selector
    credits: Amount | Share | None = None
    courses: Amount | None = None
    within: tuple[NodeId, ...] = ()
    over: Over = Over.APPLIED
    per: str | None = None
    distinct: str | None = None

    def __post_init__(self) -> None:
        if (self.credits is None) == (self.courses is None):
            raise DomainError(
                "DOM-021",
                what=f"measure {self.header.id} needs either credits or courses",
                fix="give exactly one of `credits:` and `courses:`",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Gpa:
    """A credit-weighted mean of at least so much; pending while there is nothing to average."""

    header: Header
    at_least: Fraction
    over: Over
    of: Selector
    within: tuple[NodeId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Areas:
    """Each use serves one area; some distinct areas reach the counts of `shape`."""

    areas: tuple[tuple[str, Selector], ...]
    shape: tuple[Fraction, ...]
    in_credits: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill:
    """A leaf: a smallest set of uses that meets its size and minima.

    `rest` makes it the free electives of the innermost enclosing total. `pool` is inherited from
    the enclosing node when None, as are `min_grade`, `basis` and `source`.
    """

    header: Header
    from_: Selector
    courses: Amount | None = None
    credits: Amount | None = None
    rest: bool = False
    min_grade: str | None = None
    basis: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    with_: tuple[Measure, ...] = ()
    areas: Areas | None = None
    pool: str | None = None

    def __post_init__(self) -> None:
        if self.rest == (self.courses is not None or self.credits is not None):
            raise DomainError(
                "DOM-022",
                what=f"leaf {self.header.id} needs a size",
                fix="give `courses:`, `credits:` or both, or `credits: rest`",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """An exam, portfolio, immersion or practicum: it never earns credit."""

    header: Header
    kind: str = "milestone"
    needs: Expression | None = None
    months: int | None = None
    hours: int | None = None
    attempts: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class All:
    """Every child."""

    header: Header
    children: tuple[Item, ...]
    total: Total | None = None
    min_grade: str | None = None
    basis: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    pool: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Any:
    """Exactly n of the children; `declare` makes the choice a declared track or option."""

    header: Header
    children: tuple[Item, ...]
    n: int = 1
    declare: bool = False
    min_grade: str | None = None
    basis: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    pool: str | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.n <= len(self.children):
            raise DomainError(
                "DOM-023",
                what=f"{self.header.id} asks {self.n} of {len(self.children)} children",
                fix="ask at least 1 and at most as many as there are",
            )


Node = All | Any | Fill | Measure | Gpa | Milestone
Item = Node | When["Item"] | Reading["Item"]
"""A place in the tree as written; only plain nodes are left once resolved."""


# ------------------------------------------------------- rules beside the tree


class SpanUnit(Enum):
    """Units of a span of time."""

    TERM = "term"
    SESSION = "session"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """So many terms, sessions, months or years."""

    n: int
    unit: SpanUnit


class PointKind(Enum):
    """What a point in time is measured from."""

    MATRICULATION = "matriculation"
    CONFERRAL = "conferral"
    FINISHED = "finished"
    NODE_START = "start"
    NODE_END = "end"


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A point in the course of study.

    `matriculation + span`, `conferral - span`, n credits or courses of a selector finished, or
    the start or end of what a node holds.
    """

    kind: PointKind
    span: Span | None = None
    credits: Fraction | None = None
    courses: int | None = None
    of: Selector | None = None
    node: NodeId | None = None


class OnMiss(Enum):
    """What missing a gate's deadline does."""

    WARN = "warn"
    BLOCK = "block"


class TermsCount(Enum):
    """Whether a deadline in terms counts enrolled terms or every term of the calendar."""

    ENROLLED = "enrolled"
    CALENDAR = "calendar"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """A prerequisite given to a set of courses, with an optional deadline.

    `locks` None means everything that neither `free` nor a selector of `needs` names.
    """

    header: Header
    needs: Expression
    locks: Selector | None = None
    free: Selector | None = None
    unless: Expression | None = None
    by: Point | None = None
    by_terms: int | None = None
    terms_count: TermsCount = TermsCount.ENROLLED
    on_miss: OnMiss = OnMiss.WARN
    after_grades: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """When courses may or must stand in the course of study.

    A course starts no earlier than `start_from`, ends no later than `by`, runs in the next period
    after `adjacent_to` in which it is offered, or `alone`. `required` False only recommends.
    """

    header: Header
    of: Selector
    start_from: Point | None = None
    by: Point | None = None
    adjacent_to: str | None = None
    alone: bool = False
    required: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclude:
    """No credit for a course where the condition holds; the later one loses."""

    header: Header
    course: str
    condition: Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """Which uses may be shared between leaves of a pool, or are limited between pools."""

    header: Header
    between: tuple[str, ...]
    of: Selector
    at_most_credits: Fraction | None = None
    at_most_courses: int | None = None
    condition: Expression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """Registered credits or courses in each period of a kind.

    `per` is "term", "session", "year", a season's name, or "span" with `span` leaf periods. A
    least binds in every such period between the first start and conferral.
    """

    header: Header
    per: str
    of: Selector
    seasons: tuple[str, ...] = ()
    span: int | None = None
    credits: Range | None = None
    courses: Range | None = None
    unless: Expression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """Loads, gaps and durations; None means that no source states it."""

    loads: tuple[Load, ...] = ()
    gap_months: int | None = None
    min_months: int | None = None
    max_months: int | None = None
    locked_sequence: tuple[tuple[str, ...], ...] = ()


class WhichAttempt(Enum):
    """Which attempt of a repeated course counts."""

    NEWEST = "newest"
    BEST = "best"
    FIRST = "first"


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeats:
    """How repeats are treated."""

    use: WhichAttempt
    allowed: Expression | None = None
    mean_uses_all: bool | None = None
    cap: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRules:
    """Expiry, repeats and attempt limits; None means unknown, which never binds."""

    expires_months: int | None = None
    expires_of: Selector | None = None
    repeats: Repeats | None = None
    attempts_at_most: int | None = None
    attempts_of: Selector | None = None
    attempts_then_block: bool = False


Rule = Gate | Position | Exclude | Overlap | Measure | Gpa
