"""What a degree asks: the tree of requirements and the rules beside it.

Meanings are fixed in docs/language.md; `domain.meaning` is their one definition in code.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import TYPE_CHECKING, Generic, NewType, TypeVar

from prospectus.domain.errors import DomainError
from prospectus.domain.expression import Expression, Selector
from prospectus.domain.facts import Completeness, Provenance

if TYPE_CHECKING:
    from prospectus.domain.rule import Point

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

    `rest` makes it the free electives of the innermost enclosing total: at least and at most
    `rest_within`, where that is given. `pool` is inherited from the enclosing node when None, as
    are `min_grade`, `basis` and `source`.
    """

    header: Header
    from_: Selector
    courses: Amount | None = None
    credits: Amount | None = None
    rest: bool = False
    rest_within: Range | None = None
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
    """An exam, portfolio, immersion or practicum: it never earns credit.

    `by` is a dated point; a milestone that misses it is noted, never lost.
    """

    header: Header
    kind: str = "milestone"
    needs: Expression | None = None
    by: Point | None = None
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
