"""What every completion of a degree takes, and what stays open: the rows of a curriculum."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypeVar

from prospectus.domain.course import Course, CourseCode
from prospectus.domain.expression import Selector
from prospectus.domain.printer import print_number
from prospectus.domain.requirement import (
    DEGREE_POOL,
    All,
    Amount,
    Any,
    Fill,
    Item,
    Milestone,
    Range,
    Reading,
    Total,
    When,
)
from prospectus.exchange.losses import Losses

Members = Callable[[Selector], frozenset[CourseCode]]
"""The courses that a selector may take."""

T = TypeVar("T")
_SIZES = "sizes that depend on the person or on how a text is read: the least is written"
_TOO_MANY = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSlot:
    """A place that the student fills; credits None are not known."""

    label: str
    credits: Fraction | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Needed:
    """What a part of a tree asks: the courses in file order, the open places, the free electives.

    `counted` are those of the courses that count in the total.
    """

    courses: tuple[CourseCode, ...] = ()
    counted: frozenset[CourseCode] = frozenset()
    slots: tuple[OpenSlot, ...] = ()
    rest: tuple[Fill, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Reads a tree; `chosen` are the declared children of an `any`, by its id."""

    courses: Mapping[CourseCode, Course]
    members: Members
    chosen: Mapping[str, str]
    pool_counts: Mapping[str, bool]
    losses: Losses

    def degree(self, tree: Item) -> Needed:
        """Return what the whole degree asks; free electives without a total stay one place."""
        found = self._item(tree, DEGREE_POOL)
        total = tree.total if isinstance(tree, All) else None
        size = next(iter(_lows(None if total is None else total.credits)), None)
        if size and self._sum(found) > size:
            self.losses.add(
                "the sum of rows is more than the total: the total is a least, or a course that "
                "counts twice has a row and fills a place",
                f"{print_number(self._sum(found))} for {print_number(size)}",
            )
        outside = (code for code in found.courses if code not in found.counted)
        self.losses.add(
            "rows beside the total: courses outside it, or that fill an open place too", *outside
        )
        slots = (OpenSlot(label=fill.header.name, credits=None) for fill in found.rest)
        return replace(found, slots=(*found.slots, *slots), rest=())

    def credits_of(self, code: CourseCode) -> Fraction:
        """Return the least credits of a course, 0 where no file gives them."""
        course = self.courses.get(code)
        return Fraction(0) if course is None else course.credits_low

    def _item(self, item: Item, pool: str) -> Needed:
        match item:
            case All():
                inside = [self._item(child, item.pool or pool) for child in item.children]
                return self._with_rest(_joined(inside), item.total)
            case Any():
                return self._any(item, item.pool or pool)
            case When():
                other = Needed() if item.otherwise is None else self._item(item.otherwise, pool)
                names = [_name_of(item.then), _name_of(item.otherwise)]
                return self._open(" or ".join(names), [self._item(item.then, pool), other])
            case Reading():
                options = [self._item(option, pool) for _, option in item.options]
                return self._open(f"Disputed: {item.dispute}", options)
            case Fill():
                return self._leaf(item, item.pool or pool)
            case Milestone():
                self.losses.add("milestones, which earn no credit", item.header.name)
                return Needed()
            case _:
                return Needed()

    def _any(self, item: Any, pool: str) -> Needed:
        chosen = self.chosen.get(str(item.header.id))
        if chosen is not None:
            taken = [child for child in item.children if _id_of(child) == chosen]
            return self._item(taken[0], pool) if taken else Needed()
        children = [self._item(child, pool) for child in item.children]
        if item.n == len(children):
            return _joined(children)
        return self._open(item.header.name, children, item.n)

    def _open(self, label: str, children: list[Needed], n: int = 1) -> Needed:
        """Return what n of the children have in common, and one place for all that they differ in.

        A course is in every choice of n if fewer children than n lack it.
        """
        n_with = Counter(code for child in children for code in child.courses)
        common = [code for code, found in n_with.items() if found > len(children) - n]
        counted = frozenset(code for child in children for code in child.counted)
        sums = sorted(self._sum(child) for child in children)
        shared = sum((self.credits_of(code) for code in common if code in counted), Fraction(0))
        credits = max(sum(sums[:n], Fraction(0)) - shared, Fraction(0))
        self.losses.add(
            "choices: one place stands for what the ways differ in, with the credits of the least"
            if credits
            else "choices of which the least way asks no further credits: no row stands for them",
            f"{label} ({n} of {len(children)})",
        )
        return Needed(
            courses=tuple(common),
            counted=counted & frozenset(common),
            slots=(OpenSlot(label=label, credits=credits),) if credits else (),
            rest=next((child.rest for child in children if child.rest), ()),
        )

    def _leaf(self, fill: Fill, pool: str) -> Needed:
        if fill.rest:
            return Needed(rest=(fill,))
        counts = self.pool_counts.get(pool, True)
        codes = sorted(self.members(fill.from_))
        n_courses, credits = self._least(fill.courses), self._least(fill.credits)
        if fill.header.unknown and not n_courses and not credits:
            # A size that no source gives asks nothing, and so stands as 0.
            n_courses = credits = None
        most = sum(
            (self.courses[code].credits_high for code in codes if code in self.courses), Fraction(0)
        )
        repeats = any(code in self.courses and self.courses[code].repeatable for code in codes)
        everything = (n_courses is not None and len(codes) <= n_courses) or (
            credits is not None and most <= credits
        )
        if codes and everything and not (repeats and len(codes) != n_courses):
            return Needed(courses=tuple(codes), counted=frozenset(codes) if counts else frozenset())
        if not counts:
            self.losses.add("lists that restate courses counted elsewhere", fill.header.name)
            return Needed()
        return Needed(slots=self._slots(fill.header.name, codes, n_courses, credits))

    def _slots(
        self,
        label: str,
        codes: Iterable[CourseCode],
        n_courses: Fraction | None,
        credits: Fraction | None,
    ) -> tuple[OpenSlot, ...]:
        """Return a place for each course that an open leaf asks, or one where it counts credits."""
        known = [self.courses[code] for code in codes if code in self.courses]
        sizes = {course.credits_low for course in known} | {c.credits_high for c in known}
        each = min(sizes, default=None)
        if n_courses is None and credits is not None and len(sizes) == 1 and each:
            rows = credits / each
            n_courses = rows if rows.denominator == 1 and rows <= _TOO_MANY else None
        if n_courses is None or n_courses > _TOO_MANY:
            if credits is None:
                self.losses.add("places of which no source gives the size", label)
            return (OpenSlot(label=label, credits=credits),)
        n = int(n_courses)
        if credits is not None and n:
            each = credits / n
        elif len(sizes) > 1 and each is not None:
            text = f"{label}: {print_number(each)} to {print_number(max(sizes))}"
            self.losses.add("places whose courses differ in credits: the least is written", text)
        return tuple(
            OpenSlot(label=label if n == 1 else f"{label} ({place} of {n})", credits=each)
            for place in range(1, n + 1)
        )

    def _with_rest(self, inside: Needed, total: Total | None) -> Needed:
        """Return the part with its free electives: what the total asks beyond everything else."""
        size = None if total is None else self._least(total.credits)
        if not inside.rest or not size:
            return inside
        free = inside.rest[0]
        left = size - self._sum(inside)
        if left <= 0:
            return replace(inside, rest=())
        places = self._slots(free.header.name, self.members(free.from_), None, left)
        return replace(inside, slots=(*inside.slots, *places), rest=())

    def _sum(self, part: Needed) -> Fraction:
        courses = sum((self.credits_of(code) for code in part.counted), Fraction(0))
        return courses + sum((slot.credits or Fraction(0) for slot in part.slots), Fraction(0))

    def _least(self, size: Amount | None) -> Fraction | None:
        """Return the least of a size, None where none is given; note that there are others."""
        lows = _lows(size)
        if len(lows) > 1:
            self.losses.add(_SIZES, " or ".join(print_number(low) for low in lows))
        return lows[0] if lows else None


def _lows(size: Amount | None) -> list[Fraction]:
    """Return the sizes that may be asked, the least first."""
    match size:
        case None:
            return []
        case Range(low=low):
            return [low]
        case When(then=then, otherwise=otherwise):
            return sorted({then.low} if otherwise is None else {then.low, otherwise.low})
        case Reading(options=options):
            return sorted({option.low for _, option in options})


def _joined(parts: list[Needed]) -> Needed:
    return Needed(
        courses=tuple(dict.fromkeys(code for part in parts for code in part.courses)),
        counted=frozenset(code for part in parts for code in part.counted),
        slots=tuple(slot for part in parts for slot in part.slots),
        rest=tuple(fill for part in parts for fill in part.rest),
    )


def _name_of(item: Item | None) -> str:
    match item:
        case None:
            return "nothing"
        case When():
            return f"{_name_of(item.then)} or {_name_of(item.otherwise)}"
        case Reading():
            return item.dispute
        case _:
            return item.header.name


def _id_of(item: Item) -> str:
    return "" if isinstance(item, When | Reading) else str(item.header.id)
