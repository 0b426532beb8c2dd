"""The rules beside the tree: gates, positions, exclusions, sharing, enrolment, record rules.

Meanings are fixed in docs/language.md; `domain.meaning` is their one definition in code.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from prospectus.domain.expression import Expression, Selector
from prospectus.domain.facts import Provenance
from prospectus.domain.requirement import Gpa, Header, Measure, NodeId, Range


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
    provenance: Provenance = Provenance()


class WhichAttempt(Enum):
    """Which attempt of a repeated course counts."""

    NEWEST = "newest"
    BEST = "best"
    FIRST = "first"


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeats:
    """How repeats are treated; `use` None: no source says which attempt counts.

    A course passed at `only_below` or better gives no second use. With `mean_uses_all` False a
    replaced attempt graded `mean_keeps` or better stays in the mean. `cap` is of repeats of one
    course, `at_most_in_all` of those on the whole record.
    """

    use: WhichAttempt | None = None
    allowed: Expression | None = None
    only_below: str | None = None
    mean_uses_all: bool | None = None
    mean_keeps: str | None = None
    cap: int | None = None
    at_most_in_all: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRules:
    """Expiry, repeats and attempt limits; None means unknown, which never binds."""

    expires_months: int | None = None
    expires_of: Selector | None = None
    repeats: Repeats | None = None
    attempts_at_most: int | None = None
    attempts_of: Selector | None = None
    attempts_then_block: bool = False
    provenance: Provenance = Provenance()


Rule = Gate | Position | Exclude | Overlap | Measure | Gpa
