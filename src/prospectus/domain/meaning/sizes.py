"""Whether a set of uses meets a size: leaves, their minima and areas, and measures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from prospectus.domain.course import CourseCode
from prospectus.domain.expression import Attribute, Has, Selector
from prospectus.domain.meaning.matching import (
    entry_floor,
    matches,
    meets_floor,
    parts,
    selects,
    values,
)
from prospectus.domain.meaning.setting import Setting, Use, total_of
from prospectus.domain.record import CreditSource
from prospectus.domain.requirement import Areas, Bound, Fill, Measure, Range, Share

_WAIVER = CreditSource.WAIVER.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A use in a leaf, with its area and the part of its credits held there."""

    use: Use
    area: str = ""
    part: Fraction | None = None

    @property
    def credits(self) -> Fraction:
        """Return the credits held: the part where split, else the whole; 0 for a waiver."""
        return self.use.credits if self.part is None else self.part


def plain(amount: object) -> Range:
    """Return a resolved size."""
    assert isinstance(amount, Range), "sizes are resolved before they are judged"
    return amount


def takes_parts(leaf: Fill) -> bool:
    """Return whether a leaf may hold a part of a use: where it is counted in credits alone."""
    in_courses = leaf.areas is not None and not leaf.areas.in_credits
    return leaf.courses is None and not in_courses


def is_eligible(leaf: Fill, use: Use, setting: Setting) -> bool | None:
    """Return whether the leaf may hold the use: selector, floor, basis and source.

    A waiver stands only where the attempt that counts beside it cannot: the course fills one place.
    """
    return setting.once(leaf, use, _may_hold)


def _may_hold(leaf: Fill, use: Use, setting: Setting) -> bool | None:
    attempt = use.attempt
    if use.is_waiver and leaf.courses is None:
        return False
    if use.beside is not None and is_eligible(leaf, use.beside, setting) is not False:
        return False
    selected = selects(leaf.from_, use, setting)
    if selected is False and not _composites_in(leaf, use, setting):
        return False
    if selected is False:
        selected = True
    if not use.is_waiver:
        floor = entry_floor(leaf.from_, use, setting) or leaf.min_grade
        if not meets_floor(attempt, floor, leaf.basis, setting):
            return False
        if leaf.basis and attempt.basis.value not in leaf.basis:
            return False
        if leaf.source and attempt.source.value not in leaf.source:
            return False
    return selected


def _composites_in(
    leaf: Fill, use: Use, setting: Setting
) -> tuple[tuple[CourseCode, frozenset[str]], ...]:
    """Return the courses the leaf names for which this use is one of several pieces."""
    if not setting.composites:
        return ()
    return tuple(
        (course, pieces)
        for course, pieces in setting.composites
        if use.names & pieces
        and course in setting.resolved.courses
        and matches(leaf.from_, setting.hypothetical(course), setting) is True
    )


def n_courses(leaf: Fill, held: Sequence[Held], setting: Setting) -> int:
    """Return the courses held; pieces that stand for a course together count once, as it."""
    if not setting.composites:
        return len(held)
    whole = 0
    groups: dict[CourseCode, set[str]] = defaultdict(set)
    needed: dict[CourseCode, frozenset[str]] = {}
    for item in held:
        pieces_of = _composites_in(leaf, item.use, setting)
        # what an exception put into the leaf is no piece of anything
        if not pieces_of or matches(leaf.from_, item.use, setting) is not False:
            whole += 1
            continue
        for course, pieces in pieces_of:
            groups[course] |= item.use.names & pieces
            needed[course] = pieces
    return whole + sum(1 for course, have in groups.items() if have == needed[course])


def is_met(leaf: Fill, held: Sequence[Held], asked: Fraction | None, setting: Setting) -> bool:
    """Return whether what a leaf holds meets its size, minima and areas.

    `asked` is what a `rest` leaf asks, in credits; None for other leaves.
    """
    if leaf.rest:
        assert asked is not None
        return total_of([item.credits for item in held]) >= asked
    if leaf.courses is not None and n_courses(leaf, held, setting) < plain(leaf.courses).low:
        return False
    if leaf.credits is not None:
        credits = total_of([item.credits for item in held])
        if credits < plain(leaf.credits).low:
            return False
    if leaf.areas is not None and not _shape_met(leaf.areas, held):
        return False
    minima = (m for m in leaf.with_ if m.bound is Bound.AT_LEAST)
    return all(amount(m, held, setting) >= bound_of(m, Fraction(0)) for m in minima)


def is_within(leaf: Fill, held: Sequence[Held], setting: Setting) -> bool:
    """Return whether what a leaf holds keeps its mosts: n..m and the caps of `with`."""
    if leaf.rest_within is not None and leaf.rest_within.high is not None:
        credits = total_of([item.credits for item in held])
        if credits > leaf.rest_within.high:
            return False
    if leaf.courses is not None:
        high = plain(leaf.courses).high
        if high is not None and n_courses(leaf, held, setting) > high:
            return False
    if leaf.credits is not None:
        high = plain(leaf.credits).high
        if high is not None and total_of([item.credits for item in held]) > high:
            return False
    caps = (m for m in leaf.with_ if m.bound is Bound.AT_MOST)
    return all(amount(m, held, setting) <= bound_of(m, Fraction(0)) for m in caps)


def _shape_met(areas: Areas, held: Sequence[Held]) -> bool:
    """Return whether some distinct areas reach the counts: largest area to largest count."""
    have: dict[str, Fraction] = defaultdict(Fraction)
    for item in held:
        if item.area:
            have[item.area] += item.credits if areas.in_credits else 1
    counts = sorted(have.values(), reverse=True)
    need = sorted(areas.shape, reverse=True)
    return len(counts) >= len(need) and all(h >= n for h, n in zip(counts, need, strict=False))


def bound_of(measure: Measure, total: Fraction) -> Fraction:
    """Return the number a measure bounds by; a share is of the enclosing total's credits."""
    if isinstance(measure.credits, Share):
        return measure.credits.share * total
    size = plain(measure.credits if measure.credits is not None else measure.courses)
    if measure.bound is Bound.AT_MOST:
        return size.low if size.high is None else size.high
    return size.low


def amount(measure: Measure, held: Sequence[Held], setting: Setting) -> Fraction:
    """Return what a measure counts in a set: credits, courses or distinct values.

    Each use once. With `per`, the value that is worst for the bound. A use whose match is not
    known counts towards a most (it may) and not towards a least (it may not).
    """
    once = {item.use.attempt.id: item for item in held}
    is_most = measure.bound is Bound.AT_MOST
    counted: list[Held] = []
    # a planned course is never assumed to reach a grade only because a cap would count it then
    with setting.quietly() as noted:
        for item in once.values():
            if item.use.is_waiver and not _names_source(measure.of, _WAIVER, setting):
                continue
            found = matches(measure.of, item.use, setting)
            if found is True or (found is None and is_most):
                counted.append(item)
        grades = noted()
    if grades and not is_most:
        setting.assumed_grades |= grades
    if measure.distinct is not None:
        seen: set[str] = set()
        for item in counted:
            seen |= values(measure.distinct, item.use, setting) or frozenset()
        return Fraction(len(seen))
    if measure.per is not None:
        groups: dict[str, list[Held]] = defaultdict(list)
        for item in counted:
            for value in values(measure.per, item.use, setting) or frozenset():
                groups[value].append(item)
        sums = [_sum(measure, group) for group in groups.values()]
        if measure.bound is Bound.AT_MOST:
            return max(sums, default=Fraction(0))
        return min(sums, default=Fraction(0))
    return _sum(measure, counted)


def _names_source(selector: Selector, value: str, setting: Setting) -> bool:
    """Return whether a selector speaks of a source of credit by name."""
    return setting.speaks(
        selector,
        value,
        lambda: any(
            isinstance(part, Has) and part.attribute is Attribute.SOURCE and part.value == value
            for part in parts(selector, setting)
        ),
    )


def _sum(measure: Measure, items: Sequence[Held]) -> Fraction:
    if measure.courses is not None:
        return Fraction(len(items))
    return total_of([item.credits for item in items])
