"""Courses drawn for the audit that cannot be bought together: cross-listed or excluding each other.

Each is drawn from a generator of its own, so that what is drawn beside it stays as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from tests.degrees import done, header, leaf
from tests.differential.drawing import Draw

from prospectus.domain.course import CourseCode
from prospectus.domain.expression import (
    And,
    AnyCourse,
    CoursesOf,
    CreditsOf,
    Expression,
    NOf,
    Or,
    SubjectIn,
)
from prospectus.domain.record import Record
from prospectus.domain.requirement import Fill
from prospectus.domain.rule import Exclude, Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """Courses that do not go together, some wanted at once, and whether none may be on record."""

    codes: tuple[CourseCode, ...] = ()
    cross_listed: tuple[CourseCode, ...] = ()
    rules: tuple[Rule, ...] = ()
    leaves: tuple[Fill, ...] = ()
    are_untaken: bool = False

    def without_taken(self, record: Record) -> Record:
        """Return the record, without what was taken of them where none is to be on it."""
        gone = self.codes if self.are_untaken else ()
        kept = tuple(one for one in record.attempts if one.course not in gone)
        return replace(record, attempts=kept)


def courses_together(
    draw: Draw, codes: Sequence[CourseCode], *, may_list: bool, parts: bool
) -> Together:
    """Return courses that do not go together, nothing where none are drawn."""
    one, other, third = draw.rng.sample(list(codes), 3)
    shape = draw.rng.random()
    is_listed = may_list and shape < (0.02 if parts else 0.2)
    is_excluded = (0.015 if parts else 0.17) < shape < (0.05 if parts else 0.42)
    if not is_listed and not is_excluded:
        return Together()
    rules: list[Rule] = []
    if is_excluded:
        draw.kinds.add("a pair excluded")
        condition = _condition(draw, str(other), str(third))
        rules.append(Exclude(header=header("apart"), course=str(one), condition=condition))
        if draw.chance(0.15):
            back = done(str(one))
            rules.append(Exclude(header=header("back"), course=str(other), condition=back))
    wanted = [str(one), str(other)]
    if draw.chance(0.3):
        wanted.append(str(third))
    # beside the other leaves there may be too few courses for all
    pool = "view" if draw.chance(0.7) else None
    if draw.chance(0.6):
        leaves = [leaf("together", wanted, 2, pool=pool)]
    else:
        leaves = [
            leaf("first-of", [str(one)], 1, pool=pool),
            leaf("second-of", wanted[1:], 1, pool=pool),
        ]
    listed: tuple[CourseCode, ...] = ()
    if is_listed:
        draw.kinds.add("a pair cross-listed")
        listed = (one, other, third)[: 3 if draw.chance(0.2) else 2]
    return Together(
        codes=(one, other, third),
        cross_listed=listed,
        rules=tuple(rules),
        leaves=tuple(leaves),
        are_untaken=draw.chance(0.7),
    )


def _condition(draw: Draw, other: str, third: str) -> Expression:
    both = (done(other), done(third))
    shape = draw.rng.choice(["done", "done", "and", "or", "of", "credits", "courses", "mixed"])
    match shape:
        case "and":
            return And(items=both)
        case "or":
            return Or(items=both)
        case "of":
            return NOf(n=2, items=(*both, done(other, min_grade="B")))
    if shape == "done":
        return both[0]
    draw.kinds.add("exclude by credits or courses")
    of = draw.rng.choice([AnyCourse(), SubjectIn(subjects=("AA",))])
    many = CoursesOf(courses=draw.rng.choice([1, 2]), of=of)
    if shape == "courses":
        return many
    if shape == "mixed":
        return And(items=(both[0], many))
    return CreditsOf(credits=Fraction(draw.rng.choice([3, 6])), of=of)
