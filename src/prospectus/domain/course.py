"""Courses, their codes, and the grade scales of schools."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from enum import Enum
from fractions import Fraction
from functools import lru_cache
from typing import NewType

from prospectus.domain.errors import DomainError
from prospectus.domain.expression import Expression
from prospectus.domain.facts import Provenance

CourseCode = NewType("CourseCode", str)
"""A course's canonical code, as printed: `CSC 5610`, `CS 8803 O08`, or an own id `~arch-1`."""

SUBJECT = r"(?:[A-Za-z&][A-Za-z&_]{0,8}[A-Za-z&]|[A-Za-z])"
"""How a subject is written, as a regular expression: `CS`, `D`, `MS_DSP`."""

_CODE = re.compile(
    # one letter and one digit are no code: `S1` is a session
    r"^(?![A-Za-z&][\s\-_.]*\d(?!\d))"
    rf"({SUBJECT})[\s\-_.]*(\d{{1,5}})[\s\-_.]*([A-Za-z]{{0,2}})(?:[\s\-_.]+([A-Za-z0-9]{{1,5}}))?$",
    re.ASCII,  # a digit of another script is a look-alike
)
_MOST_LETTERS = 60
_HOURS_OF_A_WEEK = 168
_OWN = re.compile(r"^~[a-z0-9][a-z0-9-]*$")


def parse_code(text: str) -> CourseCode:
    """Return the canonical code of `text`; space, hyphen, dot or none, any case.

    A subject may be one letter (`D 596`) and have underscores inside (`MS_DSP 400`). A letter right
    behind the number belongs to the number (`DATASCI 201A`); a further part is a section topic
    (`CS 8803 O08`), or the course in a department that is a number (`EN.605.645`).
    `~name` is the own id of a course whose code no source gives.

    Raises
    ------
    DomainError
        DOM-010 when the text is no course code.
    """
    stripped = text.strip()
    if _OWN.match(stripped.lower()):
        return CourseCode(stripped.lower())
    match = _CODE.match(stripped) if len(stripped) <= _MOST_LETTERS else None
    if match is None:
        raise DomainError(
            "DOM-010",
            what=f"'{text}' is not a course code",
            fix="write subject and number, such as 'CS 7641', or an own id such as '~arch-1'",
        )
    subject, number, suffix, section = match.groups()
    code = f"{subject.upper()} {number}{suffix.upper()}"
    return CourseCode(f"{code} {section.upper()}" if section else code)


def subject_of(code: CourseCode) -> str:
    """Return the subject (`CS` of `CS 8803 O08`); an own id has none."""
    return "" if code.startswith("~") else code.split(" ", 1)[0]


@lru_cache(maxsize=20_000)
def number_of(code: CourseCode) -> int | None:
    """Return the number without its suffix letter (201 of `DATASCI 201A`), None for own ids."""
    if code.startswith("~"):
        return None
    digits = re.match(r"\d+", code.split(" ")[1])
    return int(digits.group()) if digits else None


class Delivery(Enum):
    """How a course is delivered."""

    ASYNC = "async"
    SYNC = "sync"
    HYBRID = "hybrid"
    IN_PERSON = "in_person"
    UNKNOWN = "unknown"


class RepeatBy(Enum):
    """What must differ for a course to be used again."""

    TOPIC = "topic"
    PERIOD = "period"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Work in whole hours a week while the course runs (a median where reported).

    Half of the reports lie between the quartiles; None where these are not known.
    """

    hours_per_week: int
    lower_quartile: int | None = None
    upper_quartile: int | None = None
    provenance: Provenance

    def __post_init__(self) -> None:
        if self.hours_per_week < 0 or (self.lower_quartile or 0) < 0:
            raise DomainError("DOM-011", what="hours a week are negative", fix="give 0 or more")
        if max(self.hours_per_week, self.upper_quartile or 0) > _HOURS_OF_A_WEEK:
            raise DomainError(
                "DOM-011", what="a week has no more than 168 hours", fix="give the hours of a week"
            )
        _check_order("hours", (self.lower_quartile, self.hours_per_week, self.upper_quartile))


@dataclass(frozen=True, slots=True, kw_only=True)
class Difficulty:
    """How hard reviewers find a course: the median on a scale from `low` to `high`."""

    median: Fraction
    lower_quartile: Fraction | None = None
    upper_quartile: Fraction | None = None
    low: Fraction
    high: Fraction
    provenance: Provenance

    def __post_init__(self) -> None:
        if self.low == self.high:
            raise DomainError(
                "DOM-015", what="the scale has one value only", fix="give its least and its most"
            )
        inside = (self.lower_quartile, self.median, self.upper_quartile)
        _check_order("difficulty", (self.low, *inside, self.high))


def _check_order(name: str, values: tuple[Fraction | int | None, ...]) -> None:
    known = [value for value in values if value is not None]
    if known != sorted(known):
        raise DomainError(
            "DOM-015",
            what=f"{name}: {', '.join(map(str, known))} do not ascend",
            fix="the median lies between the quartiles, and all of them on the scale",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerContent:
    """What a course was until a day (None: nobody says) under the same number.

    `topics` None are unknown.
    """

    until: dt.date | None
    title: str
    topics: frozenset[str] | None
    provenance: Provenance = Provenance()


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A course of a school's catalog.

    `credits_low == credits_high` unless its credits are variable. `requisite` None means that no
    enforced requisite is known: `requisite_stated` tells whether a source says that there is none.
    `unknown` names the attributes ("delivery", "topics", ...) that no source gives.
    `n_leaf_periods` is how many leaf periods a run occupies where sessions are not named.
    """

    code: CourseCode
    title: str
    credits_low: Fraction
    credits_high: Fraction
    level: int | None = None
    requisite: Expression | None = None
    requisite_stated: bool = True
    advisory: Expression | None = None
    areas: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    attributes: frozenset[str] = frozenset()
    unknown: frozenset[str] = frozenset()
    delivery: Delivery = Delivery.UNKNOWN
    hours: Hours | None = None
    difficulty: Difficulty | None = None
    repeatable: RepeatBy | None = None
    split: bool = False
    counts_credit: bool = True
    restricted_to: frozenset[str] = frozenset()
    formerly: tuple[FormerContent, ...] = ()
    provenance: Provenance = Provenance()

    def __post_init__(self) -> None:
        if not 0 <= self.credits_low <= self.credits_high:
            raise DomainError(
                "DOM-012",
                what=f"{self.code}: credits {self.credits_low}..{self.credits_high} cannot be",
                fix="give credits of 0 or more, the least first",
            )

    @property
    def subject(self) -> str:
        """Return the subject part of the code."""
        return subject_of(self.code)

    @property
    def number(self) -> int | None:
        """Return the number part of the code without suffix letters."""
        return number_of(self.code)

    @property
    def credit_steps(self) -> tuple[Fraction, ...]:
        """Return the credits for which it may be taken: whole steps from least to most."""
        found = [self.credits_low]
        while found[-1] + 1 <= self.credits_high:
            found.append(found[-1] + 1)
        if found[-1] != self.credits_high:
            found.append(self.credits_high)
        return tuple(found)

    def as_taught(self, ended: dt.date) -> Course:
        """Return the course as it was for an attempt that ended on a day: its title and topics."""
        for former in self.formerly:
            if former.until is not None and ended <= former.until:
                unknown = self.unknown - {"topics"}
                return replace(
                    self,
                    title=former.title,
                    topics=former.topics or frozenset(),
                    unknown=unknown if former.topics is not None else unknown | {"topics"},
                )
        return self

    @property
    def effective_level(self) -> int | None:
        """Return the stated level, else the number's leading digit times its magnitude."""
        if self.level is not None or self.number is None:
            return self.level
        magnitude = int(10 ** (len(str(self.number)) - 1))
        return self.number // magnitude * magnitude


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """One value, or one range of numeric values, of a grade scale."""

    name: str
    points: Fraction | None = None
    earns: bool = True
    in_mean: bool = True
    low: Fraction | None = None
    high: Fraction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeScale:
    """A school's grades from best to worst; `usual` is what a planned course is taken to earn."""

    grades: tuple[Grade, ...]
    usual: str | None = None

    def __post_init__(self) -> None:
        names = [grade.name for grade in self.grades]
        if len(set(names)) != len(names):
            raise DomainError("DOM-013", what="a grade stands twice", fix="name each grade once")
        if self.usual is not None and self.usual not in names:
            raise DomainError(
                "DOM-014",
                what=f"usual grade {self.usual} is not on the scale",
                fix=f"choose one of {', '.join(names)}",
            )

    def rank(self, name: str) -> int | None:
        """Return the 0-based place of a grade, 0 the best; None when it is not on the scale.

        A number that is not a name is looked up in the ranges.
        """
        for place, grade in enumerate(self.grades):
            if grade.name == name:
                return place
        try:
            value = Fraction(name)
        except (ValueError, ZeroDivisionError):
            return None
        for place, grade in enumerate(self.grades):
            if (
                grade.low is not None
                and grade.high is not None
                and grade.low <= value <= grade.high
            ):
                return place
        return None

    def get(self, name: str) -> Grade | None:
        """Return the grade of that name (or holding that number), None when there is none."""
        place = self.rank(name)
        return None if place is None else self.grades[place]

    def at_least(self, name: str, floor: str) -> bool:
        """Return whether grade `name` is as good as `floor` or better."""
        have, need = self.rank(name), self.rank(floor)
        if have is None or need is None:
            return False
        numeric = self.grades[need]
        if numeric.low is not None and floor != numeric.name and name != self.grades[have].name:
            return have < need or (have == need and self._within(have, name, floor))
        return have <= need

    def _within(self, place: int, name: str, floor: str) -> bool:
        """Return whether `name` reaches `floor` inside one numeric range."""
        ranges = [grade for grade in self.grades if grade.low is not None]
        ascending = len(ranges) > 1 and (ranges[0].low or 0) < (ranges[-1].low or 0)
        return Fraction(name) <= Fraction(floor) if ascending else Fraction(name) >= Fraction(floor)

    def better(self, one: str, other: str) -> str:
        """Return the better of two grades of this scale."""
        return one if self.at_least(one, other) else other
