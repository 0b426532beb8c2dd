"""One row of a comparison: a programme and track, solved for one person."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from enum import Enum

from prospectus.domain.course import CourseCode
from prospectus.domain.facts import Certainty, Money

_BACKGROUND = re.compile(r'background\("(.+)"\)')


class Admissible(Enum):
    """Whether the programme would take the person."""

    YES = "yes"
    NO = "no"
    DEPENDS = "depends"
    UNKNOWN = "unknown"


class Outcome(Enum):
    """What planning ended with."""

    PROVEN = "proven"
    FOUND = "found"
    IMPOSSIBLE = "impossible"
    OPEN = "open"
    UNPLANNED = "unplanned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a plan comes to, each figure with how sure it is.

    `cost` None is unknown; `cost_known` is then what its known parts come to. `rates` is the year
    of the rates. `months` are counted from the first planned day to the last, begun months whole.
    """

    start: dt.date
    finish: dt.date
    finish_certainty: Certainty
    months: int
    cost: Money | None
    cost_known: Money | None
    cost_certainty: Certainty
    rates: str
    peak_hours: int
    peak_certainty: Certainty
    topics_missing: int
    topics_wanted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensitivity:
    """The finish with other hours a week: fewer, or where these are too few, enough.

    `finish` None: no plan is left, or none was found within the limit.
    """

    hours_per_week: int
    finish: dt.date | None
    is_impossible: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Without:
    """The best plan without the wishes that are in the way; `cost` None is unknown."""

    finish: dt.date
    cost: Money | None
    peak_hours: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstCourse:
    """A course of the first period of a plan; `note` is what speaks against beginning with it."""

    code: CourseCode
    title: str
    period: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """What a person can choose: a programme and, where it has one, a track."""

    program: str
    track: str | None = None

    def __str__(self) -> str:
        """Return `gatech-omscs/ml`."""
        return self.program if self.track is None else f"{self.program}/{self.track}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An option under one reading of its rules and one value of the person's unknown facts.

    `variant` names the reading and branch (empty where there is only one); `obstacles` are what
    stands in the way, worst first; `conflict` the wishes and rules that cannot all hold,
    `conflict_is_minimal` whether each was shown to be needed; `unknown` the facts no source gives
    that the answer meets; `rules` is the catalogue year.
    """

    option: Option
    program_name: str
    short_name: str
    school_name: str
    track_name: str
    variant: tuple[tuple[str, str], ...]
    admissible: Admissible
    admission_reasons: tuple[str, ...]
    outcome: Outcome
    figures: Figures | None
    obstacles: tuple[str, ...]
    conflict: tuple[str, ...] = ()
    conflict_is_minimal: bool = True
    sensitivity: Sensitivity | None = None
    without: Without | None = None
    first_courses: tuple[FirstCourse, ...] = ()
    assumptions: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    rules: str = ""

    @property
    def variant_label(self) -> str:
        """Return `total 34` for one reading, nothing where there is only one."""
        return variant_words(self.variant)

    @property
    def name(self) -> str:
        """Return the short name, track and variant in one line."""
        parts = [self.short_name]
        if self.track_name:
            parts.append(self.track_name)
        if self.variant:
            parts.append(self.variant_label)
        return " - ".join(parts)


def variant_words(variant: tuple[tuple[str, str], ...]) -> str:
    """Return readings and facts of a person in words: `total 34, knowing statistics`."""
    return ", ".join(_pair_words(name, value) for name, value in variant)


def is_background(name: str) -> bool:
    """Return whether what a variant names is a person's knowledge, not a reading of rules."""
    return _BACKGROUND.fullmatch(name) is not None


def _pair_words(name: str, value: str) -> str:
    known = _BACKGROUND.fullmatch(name)
    if known is None:
        return f"{name} {value}"
    return f"{'knowing' if value == 'yes' else 'not knowing'} {known[1]}"


def whole_months(start: dt.date, end: dt.date) -> int:
    """Return the months from `start` to `end`, both included, a begun month counted whole."""
    after = end + dt.timedelta(days=1)
    months = (after.year - start.year) * 12 + after.month - start.month
    return months + (1 if after.day > start.day else 0)
