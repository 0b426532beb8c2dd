"""The `wishes:` block of a student file: what is asked of single courses, terms and days."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from prospectus.catalogs.money_blocks import YesOrNo, as_written
from prospectus.catalogs.student_parts import CreditsByName, PlaceByName
from prospectus.catalogs.student_spelling import (
    Code,
    Codes,
    Day,
    Number,
    Scalar,
    Text,
    Texts,
    refuse,
)
from prospectus.catalogs.student_spelling import day_range as read_days
from prospectus.catalogs.student_spelling import number as read_number
from prospectus.domain.course import CourseCode, Delivery
from prospectus.domain.student import GOAL_KINDS, DayRange, Level
from prospectus.domain.wish import (
    Apart,
    Avoid,
    Before,
    Buffer,
    CourseWish,
    FewHeavy,
    IfApproved,
    StartIn,
    TermCredits,
    Together,
    TopicBy,
)

_DELIVERIES = {
    "async": Delivery.ASYNC,
    "live": Delivery.SYNC,
    "sync": Delivery.SYNC,
    "hybrid": Delivery.HYBRID,
    "in_person": Delivery.IN_PERSON,
}


def _groups(value: object) -> object:
    """Let one group of courses stand without a second pair of brackets."""
    if isinstance(value, list) and value and not any(isinstance(item, list) for item in value):
        return [value]
    return value


def _distinct(groups: list[tuple[CourseCode, ...]]) -> list[tuple[CourseCode, ...]]:
    for group in groups:
        if len(set(group)) != len(group) or len(group) < 2:
            raise refuse(
                "STU-021",
                f"'{', '.join(group)}' is not two different courses",
                "name two or more courses, each once, such as [CS 6515, CS 7641]",
            )
    return groups


def _credits(value: object) -> tuple[CreditsByName, ...]:
    """Return the credits of a term by name: `usual`, a season, or a range of days."""
    given = value if isinstance(value, dict) else {"usual": value}
    found = []
    for key, size in given.items():
        name = str(key).strip()
        days = read_days(name) if name[:4].isdigit() else None
        low, high = _size(size)
        found.append(CreditsByName(name=name, days=days, low=low, high=high))
    return tuple(found)


def _size(value: object) -> tuple[Fraction | None, Fraction | None]:
    """Return least and most credits of `3..6`, `..6`, `3..` or a bare most."""
    first, dots, last = str(value).partition("..")
    low = read_number(first) if dots and first.strip() else None
    high = read_number(last) if last.strip() else None
    if not dots:
        high = read_number(first)
    if low is not None and high is not None and high < low:
        raise refuse("STU-007", f"'{value}' ends before it starts", "write the smaller first")
    return low, high


def _days(value: object) -> DayRange:
    return read_days(value)


def _goals(value: object) -> tuple[str, ...]:
    words = [str(item).strip() for item in (value if isinstance(value, list) else [value])]
    for word in words:
        if word.split(" ")[0] not in GOAL_KINDS:
            raise refuse(
                "STU-022",
                f"'{word}' is no wish that could be a goal",
                f"write one of {', '.join(GOAL_KINDS)}",
            )
    return tuple(words)


Groups = Annotated[
    list[Codes],
    BeforeValidator(_groups, json_schema_input_type=list[list[str]] | list[str]),
    AfterValidator(_distinct),
]
Credits = Annotated[
    tuple[CreditsByName, ...],
    BeforeValidator(_credits, json_schema_input_type=Scalar | dict[str, Scalar]),
]
Days = Annotated[DayRange, BeforeValidator(_days, json_schema_input_type=str)]
Goals = Annotated[tuple[str, ...], BeforeValidator(_goals, json_schema_input_type=list[str] | str)]


# a file's scalars are words until they are read
Whole = Annotated[int, BeforeValidator(as_written, json_schema_input_type=Scalar)]


class _Block(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class HeavyBlock(_Block):
    """Which courses are heavy, and how many of them at once are enough."""

    courses: Codes = ()
    hours: Annotated[Whole, Field(ge=1)] | None = None
    at_most: Annotated[Whole, Field(ge=0)] = 1

    @model_validator(mode="after")
    def _says_what(self) -> HeavyBlock:
        if not self.courses and self.hours is None:
            raise refuse(
                "STU-003",
                "`heavy` says not which courses are heavy",
                "add `hours: 18` or `courses:`",
            )
        return self


class ToxicBlock(_Block):
    """Two courses that are bad together, and how bad."""

    courses: Codes
    weight: Annotated[Whole, Field(ge=1)] = 1

    @model_validator(mode="after")
    def _is_pair(self) -> ToxicBlock:
        if len(set(self.courses)) != 2:
            raise refuse(
                "STU-021",
                f"'{', '.join(self.courses)}' is not a pair of courses",
                "name two different courses, such as [CS 6515, CS 7641]",
            )
        return self

    @property
    def pair(self) -> tuple[CourseCode, CourseCode, int]:
        """Return the two courses and their weight."""
        one, other = self.courses
        return one, other, self.weight


def _trade(value: object) -> tuple[tuple[Level, int], ...]:
    """Return what a unit of each level is worth, in minor units of money."""
    known = [level.value for level in Level if level is not Level.TRADE]
    if not isinstance(value, dict):
        raise refuse(
            "STU-004", "a trade is not given by level", "write {cost: 1, finish: 10, peak: 50}"
        )
    found = []
    for key, worth in value.items():
        name = str(key).strip().lower()
        if name not in known:
            raise refuse(
                "STU-004", f"'{key}' is no level to trade", f"write one of {', '.join(known)}"
            )
        level = Level(name)
        # money itself is in minor units already
        factor = 1 if level in (Level.COST, Level.OUT_OF_POCKET) else 100
        found.append((level, round(read_number(worth) * factor)))
    return tuple(found)


Trade = Annotated[
    tuple[tuple[Level, int], ...],
    BeforeValidator(_trade, json_schema_input_type=dict[str, Scalar]),
]


class AboutBlock(_Block):
    """Wishes on single courses, terms and days."""

    apart: Groups = []
    together: Groups = []
    in_order: Groups = []
    heavy: HeavyBlock | None = None
    credits_per_term: Credits = ()
    half_time: Number | None = None
    avoid: Texts = ()
    no_campus_visits: YesOrNo = False
    topics_by: dict[Text, Day] = {}
    begin: Days | None = None
    buffer_terms: Annotated[Whole, Field(ge=0)] | None = None
    place: dict[Code, Text] = {}
    not_in: dict[Code, Text] = {}
    if_approved: dict[Code, Text] = {}

    def wishes(self) -> Iterator[CourseWish]:
        """Yield the wishes, but for limits that only a programme's seasons can place."""
        for group in self.apart:
            yield Apart(courses=group)
        for group in self.together:
            yield Together(courses=group)
        for group in self.in_order:
            for first, then in pairwise(group):
                yield Before(first=first, then=then)
        if self.heavy is not None:
            yield FewHeavy(
                at_most=self.heavy.at_most,
                courses=frozenset(self.heavy.courses),
                hours_from=self.heavy.hours,
            )
        for limit in self.credits_per_term:
            if limit.is_usual:
                yield TermCredits(low=limit.low, high=limit.high)
            elif limit.days is not None:
                days = limit.days
                yield TermCredits(first=days.first, last=days.last, low=limit.low, high=limit.high)
        if self.half_time is not None:
            yield TermCredits(low=self.half_time, last_may_be_less=True)
        yield from self._avoided()
        for topic, day in self.topics_by.items():
            yield TopicBy(topic=topic, by=day)
        if self.begin is not None:
            yield StartIn(first=self.begin.first, last=self.begin.last)
        if self.buffer_terms:
            yield Buffer(terms=self.buffer_terms)
        for code, who in self.if_approved.items():
            yield IfApproved(course=code, who=who)

    def _avoided(self) -> Iterator[Avoid]:
        words = [word.casefold().replace(" ", "_").replace("-", "_") for word in self.avoid]
        if words or self.no_campus_visits:
            yield Avoid(
                deliveries=frozenset(_DELIVERIES[word] for word in words if word in _DELIVERIES),
                attributes=frozenset(word for word in words if word not in _DELIVERIES),
                visits=self.no_campus_visits,
            )

    def places(self) -> Iterator[PlaceByName]:
        """Yield where courses are put, by the name of a period or by days."""
        for given, is_inside in ((self.place, True), (self.not_in, False)):
            for code, name in given.items():
                days = read_days(name) if name[:4].isdigit() else None
                yield PlaceByName(course=code, name=name, days=days, is_inside=is_inside)

    def named(self) -> Iterator[tuple[str, CourseCode]]:
        """Yield each course that the block names, with the field that names it."""
        for field in ("apart", "together", "in_order"):
            for group in getattr(self, field):
                yield from ((field, code) for code in group)
        if self.heavy is not None:
            yield from (("heavy", code) for code in self.heavy.courses)
        yield from (("place", code) for code in self.place)
        yield from (("not_in", code) for code in self.not_in)
        yield from (("if_approved", code) for code in self.if_approved)
