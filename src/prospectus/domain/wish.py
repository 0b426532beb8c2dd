"""Wishes about single courses, terms and days: what each asks, and how it is named.

How a wish is kept is defined by `domain.meaning` (docs/student-file.md says it in words). A wish
about courses speaks of planned courses and of those that run now; what is over cannot be helped.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

from prospectus.domain.course import CourseCode, Delivery
from prospectus.domain.errors import DomainError


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """No leaf period is occupied by two of these courses."""

    courses: tuple[CourseCode, ...]

    def __post_init__(self) -> None:
        _need_two(self.courses)

    @property
    def id(self) -> str:
        """Return the wish's id."""
        return f"apart {' + '.join(self.courses)}"

    @property
    def text(self) -> str:
        """Return the wish in words."""
        return f"never {_and(self.courses)} at the same time"


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """Those of these courses that are still to be taken start together, or none of them is."""

    courses: tuple[CourseCode, ...]

    def __post_init__(self) -> None:
        _need_two(self.courses)

    @property
    def id(self) -> str:
        """Return the wish's id."""
        return f"together {' + '.join(self.courses)}"

    @property
    def text(self) -> str:
        """Return the wish in words."""
        return f"{_and(self.courses)} together"


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """Where both are taken, `first` is over before `then` begins."""

    first: CourseCode
    then: CourseCode

    def __post_init__(self) -> None:
        _need_two((self.first, self.then))

    @property
    def id(self) -> str:
        """Return the wish's id."""
        return f"before {self.first} + {self.then}"

    @property
    def text(self) -> str:
        """Return the wish in words."""
        return f"{self.first} before {self.then}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FewHeavy:
    """At most so many heavy courses in one leaf period.

    Heavy are the `courses` named, and those of `hours_from` weekly hours or more.
    """

    at_most: int = 1
    courses: frozenset[CourseCode] = frozenset()
    hours_from: int | None = None

    def __post_init__(self) -> None:
        if self.at_most < 0:
            raise DomainError("DOM-051", what="at_most is negative", fix="give 0 or more")

    @property
    def id(self) -> str:
        """Return the wish's id."""
        return "heavy"

    @property
    def text(self) -> str:
        """Return the wish in words."""
        kinds = [] if self.hours_from is None else [f"of {self.hours_from} h a week or more"]
        kinds += [f"among {_and(tuple(sorted(self.courses)))}"] if self.courses else []
        noun = "course" if self.at_most == 1 else "courses"
        return f"at most {self.at_most} {noun} {' or '.join(kinds)} at once"


@dataclass(frozen=True, slots=True, kw_only=True)
class TermCredits:
    """Credits registered in a term with study, of those terms that overlap first..last.

    `low` does not bind the last term of study where `last_may_be_less`.
    """

    first: dt.date = dt.date.min
    last: dt.date = dt.date.max
    low: Fraction | None = None
    high: Fraction | None = None
    last_may_be_less: bool = False

    def __post_init__(self) -> None:
        if self.last < self.first or (self.high is not None and (self.low or 0) > self.high):
            raise DomainError(
                "DOM-054",
                what="the credits of a term, or its days, end before they start",
                fix="write the smaller number and the earlier day first",
            )

    @property
    def id(self) -> str:
        """Return the wish's id."""
        return "credits per term"

    @property
    def text(self) -> str:
        """Return the wish in words."""
        when = "" if self.first == dt.date.min else f" from {self.first} to {self.last}"
        return f"{self.sizes} in a term with study{when}"

    @property
    def sizes(self) -> str:
        """Return least and most in words."""
        sizes = [f"at least {self.low}"] if self.low else []
        sizes += [] if self.high is None else [f"at most {self.high}"]
        last = self.low if self.high is None else self.high
        return f"{' and '.join(sizes)} {'credit' if last == 1 else 'credits'}"

    def covers(self, start: dt.date, end: dt.date) -> bool:
        """Return whether the wish speaks of a term of these days."""
        return self.first <= end and start <= self.last


@dataclass(frozen=True, slots=True, kw_only=True)
class Avoid:
    """No planned course of these kinds of delivery, or with one of these attributes.

    `visits`: nothing that asks one to come to the campus, the programme as a whole included. What
    nobody knows of a course does not break the wish; the appraisal names it as unknown.
    """

    deliveries: frozenset[Delivery] = frozenset()
    attributes: frozenset[str] = frozenset()
    visits: bool = False

    @property
    def id(self) -> str:
        """Return the wish's id."""
        return "avoid"

    @property
    def text(self) -> str:
        """Return the wish in words."""
        kinds = sorted(kind.value.replace("_", " ") for kind in self.deliveries)
        kinds += [word.replace("_", " ") for word in sorted(self.attributes)]
        nothing = f"nothing with {_or(tuple(kinds))}" if kinds else ""
        return ", ".join(filter(None, [nothing, "no campus visits" if self.visits else ""]))

    def refuses(self, delivery: Delivery) -> bool:
        """Return whether a kind of delivery is one to avoid."""
        on_site = self.visits and delivery in (Delivery.IN_PERSON, Delivery.HYBRID)
        return on_site or delivery in self.deliveries


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicBy:
    """A course that carries the topic is over by a day."""

    topic: str
    by: dt.date

    @property
    def id(self) -> str:
        """Return the wish's id."""
        return f"topic {self.topic}"

    @property
    def text(self) -> str:
        """Return the wish in words."""
        return f"{self.topic} by {self.by}"


@dataclass(frozen=True, slots=True, kw_only=True)
class StartIn:
    """The first course begins on a day of first..last, where study has not begun yet."""

    first: dt.date
    last: dt.date

    def __post_init__(self) -> None:
        _need_days(self.first, self.last)

    @property
    def id(self) -> str:
        """Return the wish's id."""
        return "start"

    @property
    def text(self) -> str:
        """Return the wish in words."""
        return f"begin between {self.first} and {self.last}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Buffer:
    """So many terms of the calendar lie whole between the end of study and the deadline."""

    terms: int

    def __post_init__(self) -> None:
        if self.terms < 0:
            raise DomainError("DOM-051", what="the buffer is negative", fix="give 0 or more terms")

    @property
    def id(self) -> str:
        """Return the wish's id."""
        return "buffer"

    @property
    def text(self) -> str:
        """Return the wish in words."""
        return f"{self.terms} {'term' if self.terms == 1 else 'terms'} left before the deadline"


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A course is planned and begins on a day of first..last; not `inside`: never on one of them.

    What is passed or running needs no place. `where` are the days in words.
    """

    course: CourseCode
    first: dt.date
    last: dt.date
    inside: bool = True
    where: str = ""

    def __post_init__(self) -> None:
        _need_days(self.first, self.last)

    @property
    def id(self) -> str:
        """Return the wish's id."""
        return f"place {self.course}" if self.inside else f"place {self.course} not"

    @property
    def text(self) -> str:
        """Return the wish in words."""
        where = f"in {self.where}" if self.where else f"between {self.first} and {self.last}"
        return f"{self.course} {where}" if self.inside else f"{self.course} not {where}"


@dataclass(frozen=True, slots=True, kw_only=True)
class IfApproved:
    """A course is planned only where an approval is granted.

    `is_granted` says how it stands; `is_wanted` whether the course is wanted where it is granted.
    """

    course: CourseCode
    who: str
    is_granted: bool = False
    is_wanted: bool = False

    @property
    def id(self) -> str:
        """Return the wish's id."""
        return f"approval {self.course}"

    @property
    def text(self) -> str:
        """Return the wish in words."""
        return f"{self.course} only if approved by {self.who}"


CourseWish = (
    Apart
    | Together
    | Before
    | FewHeavy
    | TermCredits
    | Avoid
    | TopicBy
    | StartIn
    | Buffer
    | Placed
    | IfApproved
)
"""Every wish of this kind; none of a kind asks nothing."""


def courses_of(wish: CourseWish) -> frozenset[CourseCode]:
    """Return the courses that a wish cannot do without: one with fewer asks nothing."""
    match wish:
        case Apart() | Together():
            return frozenset(wish.courses)
        case Before():
            return frozenset({wish.first, wish.then})
        case Placed() | IfApproved():
            return frozenset({wish.course})
        case _:
            return frozenset()


def last_day_with_buffer(
    terms: list[tuple[dt.date, dt.date]], deadline: dt.date, n: int
) -> dt.date:
    """Return the day by which study ends so that n whole terms lie before the deadline.

    `terms` are the first and last days of the calendar's terms. Where the calendar has fewer, the
    day before the first of them.
    """
    if n == 0:
        return deadline
    inside = sorted(start for start, end in terms if end <= deadline)
    if not inside:
        return dt.date.min
    return inside[max(0, len(inside) - n)] - dt.timedelta(days=1)


def _need_days(first: dt.date, last: dt.date) -> None:
    if last < first:
        raise DomainError(
            "DOM-050",
            what=f"the range {first}..{last} ends before it starts",
            fix="write the earlier day first",
        )


def _need_two(courses: tuple[CourseCode, ...]) -> None:
    if len(set(courses)) < 2 or len(set(courses)) != len(courses):
        raise DomainError(
            "DOM-055",
            what=f"'{', '.join(courses)}' is not two different courses",
            fix="name two or more courses, each once",
        )


def _and(words: tuple[str, ...]) -> str:
    return _joined(words, "and")


def _or(words: tuple[str, ...]) -> str:
    return _joined(words, "or")


def _joined(words: tuple[str, ...], word: str) -> str:
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {word} {words[-1]}"
