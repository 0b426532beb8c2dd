"""Which courses of a catalog a selector covers, by what the catalog says of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import assert_never

from prospectus.domain.course import Course, CourseCode, Delivery, number_of, subject_of
from prospectus.domain.expression import (
    AnyCourse,
    Approved,
    Attribute,
    Both,
    CodeIs,
    CreditsAre,
    Except,
    GradeIs,
    Has,
    InNode,
    InSet,
    LevelIs,
    NumberIn,
    NumberLike,
    Selector,
    SubjectIn,
    Union,
)

Covers = bool | None
"""Yes, no, or None where it depends on the attempt or on what no source gives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A code that a selector may cover; `course` is None for a course of another place."""

    code: CourseCode
    course: Course | None


def select(
    selector: Selector,
    candidates: Iterable[Candidate],
    sets: Mapping[str, Selector],
    leaves: Mapping[str, tuple[Selector, ...]],
) -> frozenset[CourseCode]:
    """Return the codes that a selector may cover: nothing that is known rules them out.

    Parameters
    ----------
    selector
        The selector.
    candidates
        The codes to choose from.
    sets
        The named sets of the programme.
    leaves
        For each node, the selectors of the leaves at or below it.
    """
    return frozenset(
        candidate.code
        for candidate in candidates
        if covers(selector, candidate, sets, leaves) is not False
    )


def covers(
    selector: Selector,
    candidate: Candidate,
    sets: Mapping[str, Selector],
    leaves: Mapping[str, tuple[Selector, ...]],
) -> Covers:
    """Return whether a selector covers a course."""
    course, code = candidate.course, candidate.code
    match selector:
        case AnyCourse():
            return True
        case CodeIs():
            if selector.code != code:
                return False
            return None if selector.topic or selector.min_grade else True
        case SubjectIn():
            return subject_of(code) in selector.subjects
        case NumberIn():
            number = number_of(code)
            if number is None:
                return False
            return selector.low <= number and (selector.high is None or number <= selector.high)
        case NumberLike():
            pattern = selector.pattern.replace("x", r"\d")
            return re.fullmatch(pattern, str(number_of(code))) is not None
        case LevelIs():
            stand_in = course or Course(
                code=code, title="", credits_low=Fraction(0), credits_high=Fraction(0)
            )
            level = stand_in.effective_level
            return None if level is None else selector.compare.holds(level, selector.level)
        case Has():
            return _has(selector, course)
        case CreditsAre():
            if course is None or course.credits_low != course.credits_high:
                return None
            return selector.compare.holds(course.credits_low, selector.credits)
        case GradeIs():
            return None
        case InSet():
            inner = sets.get(selector.name)
            return False if inner is None else covers(inner, candidate, sets, leaves)
        case InNode():
            return _any(
                covers(inner, candidate, sets, leaves) for inner in leaves.get(selector.node, ())
            )
        case Approved():
            return None if covers(selector.of, candidate, sets, leaves) is not False else False
        case Union():
            return _any(covers(item, candidate, sets, leaves) for item in selector.items)
        case Both():
            return _not(
                _any(_not(covers(item, candidate, sets, leaves)) for item in selector.items)
            )
        case Except():
            without = covers(selector.without, candidate, sets, leaves)
            return _not(_any([_not(covers(selector.of, candidate, sets, leaves)), without]))
        case _:
            assert_never(selector)


def _has(selector: Has, course: Course | None) -> Covers:
    """Return whether the catalog gives the course that attribute."""
    if course is None:
        return None
    value = selector.value
    if selector.attribute is Attribute.TITLE:
        return course.title == value
    if selector.attribute is Attribute.DELIVERY:
        known = course.delivery is not Delivery.UNKNOWN
        return course.delivery.value == value if known else None
    names = {
        Attribute.AREA: ("areas", course.areas),
        Attribute.TOPIC: ("topics", course.topics),
        Attribute.ATTRIBUTE: ("attributes", course.attributes),
    }.get(selector.attribute)
    if names is None:
        return None
    field, values = names
    return None if field in course.unknown else value in values


def _any(values: Iterable[Covers]) -> Covers:
    """Return the three-valued `or`."""
    seen = set(values)
    return True if True in seen else (None if None in seen else False)


def _not(value: Covers) -> Covers:
    return None if value is None else not value
