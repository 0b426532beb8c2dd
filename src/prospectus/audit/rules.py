"""The rules of a programme compiled once: leaves as bits, measures and totals as rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from prospectus.audit.names import Names
from prospectus.audit.selecting import Approvals, Selecting, Test, Tri, Use, meets_floor, walk
from prospectus.audit.uses import Reader
from prospectus.domain.course import CourseCode
from prospectus.domain.errors import UnsupportedError
from prospectus.domain.plan import Standing
from prospectus.domain.program import Resolved
from prospectus.domain.record import Record
from prospectus.domain.requirement import (
    All,
    Amount,
    Any,
    Bound,
    Fill,
    Measure,
    Node,
    NodeId,
    Over,
    Range,
    Share,
)
from prospectus.domain.rule import Overlap

Values = frozenset[str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Minimum:
    """A measure over what one leaf holds; `index` is its place among all measures."""

    index: int
    is_most: bool
    bound: int
    in_courses: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A leaf with its place among all leaves; sizes in whole units (credits times `unit`)."""

    index: int
    fill: Fill
    counts: bool
    courses: int | None
    most_courses: int | None
    credits: int | None
    most_credits: int | None
    minima: tuple[Minimum, ...]
    shape: tuple[int, ...]
    area_names: tuple[str, ...]
    above: tuple[NodeId, ...]
    total_node: NodeId | None
    has_pieces: bool
    bit: int
    rest_least: int

    @property
    def id(self) -> NodeId:
        """Return the leaf's id."""
        return self.fill.header.id

    @property
    def is_plain(self) -> bool:
        """Return whether it asks a number of courses, or of credits, and nothing else."""
        sizes = (self.courses is None) + (self.credits is None)
        special = self.minima or self.shape or self.has_pieces
        return sizes == 1 and not special


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """A total: what it asks, in units and courses, below which node, and its mosts."""

    node: NodeId
    scope: int
    credits: int | None
    courses: int | None
    most_credits: int | None
    most_courses: int | None
    less_waived: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounding:
    """A measure over what is applied, in the tree or beside it."""

    index: int
    measure: Measure
    scope: int
    above: NodeId
    in_tree: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What a use is to every rule: all that decides where it may go and what it does there.

    `fits` tells per leaf whether it is eligible; `measured` per measure whether it is selected;
    `areas` per leaf the areas it serves; `allows` per overlap whether it may be shared;
    `values` per measure those that `distinct` and `per` look at; `pieces` per leaf the courses
    for which it is one of several pieces there, where it fits for no other reason.
    """

    units: int
    is_waiver: bool
    standing: Standing
    splits: bool
    fits: tuple[Tri, ...]
    measured: tuple[Tri, ...]
    areas: tuple[frozenset[str], ...]
    overlaps: tuple[Tri, ...]
    values: tuple[Values, ...]
    pieces: tuple[tuple[tuple[CourseCode, frozenset[str]], ...], ...]


def plain(amount: Amount) -> Range:
    """Return a resolved size."""
    assert isinstance(amount, Range), "sizes are resolved before they are audited"
    return amount


class Rules:
    """One programme's rules for one person, ready to audit any record."""

    def __init__(self, resolved: Resolved, parts: int = 1) -> None:
        self.resolved = resolved
        self.names = Names(resolved)
        self._together: dict[tuple[bool, ...], tuple[int, ...]] = {}
        self.selecting = Selecting(resolved, self.names)
        self.reader = Reader(resolved, self.names, self.selecting)
        self.nodes = walk(resolved.tree)
        self.root = resolved.tree.header.id
        self.parent: dict[NodeId, NodeId] = {
            child.header.id: node.header.id  # type: ignore[union-attr]  # resolved
            for node in self.nodes
            if isinstance(node, All | Any)
            for child in node.children
        }
        self.by_id: dict[str, Node] = {node.header.id: node for node in self.nodes}
        self.unit = lcm(self._unit(), parts)
        self.measures: list[Measure] = []
        fills = [node for node in self.nodes if isinstance(node, Fill)]
        self.place: dict[str, int] = {fill.header.id: i for i, fill in enumerate(fills)}
        self.leaves = [self._leaf(index, fill) for index, fill in enumerate(fills)]
        self.below: dict[str, int] = {
            node.header.id: sum(
                1 << self.place[one.header.id] for one in walk(node) if isinstance(one, Fill)
            )
            for node in self.nodes
        }
        self.counting = sum(leaf.bit for leaf in self.leaves if leaf.counts)
        self.totals = [self._total(n) for n in self.nodes if isinstance(n, All) and n.total]
        self.bounds = self._bounds()
        self.overlaps = [rule for rule in resolved.rules if isinstance(rule, Overlap)]
        self.anys = [node for node in self.nodes if isinstance(node, Any)]
        self._tests = [self.selecting.test(measure.of) for measure in self.measures]
        self._readers = [
            None if name is None else self.selecting.reader(name)
            for name in (m.distinct or m.per for m in self.measures)
        ]
        self.sees_waivers = [self.selecting.sees_waivers(m.of) for m in self.measures]
        self._fits = [self._fitting(leaf) for leaf in self.leaves]
        self._rows: dict[object, Row] = {}
        self._alike: dict[Row, Row] = {}
        self._catalogue_rows: dict[object, tuple[tuple[CourseCode, Use, Row], ...]] = {}
        self._asks_approvals = self.selecting.asks_approvals
        self.catalogue = {
            code: self.reader.planned(course)
            for code, course in sorted(resolved.courses.items())
            if course.counts_credit
            and (not course.restricted_to or resolved.program.id in course.restricted_to)
        }

    # -------------------------------------------------------------- building

    def _unit(self) -> int:
        """Return the number that makes every size and every credit of the rules whole."""
        found = [course.credits_low for course in self.resolved.courses.values()]
        found += [course.credits_high for course in self.resolved.courses.values()]
        measures = [rule for rule in self.resolved.rules if isinstance(rule, Measure)]
        for node in self.nodes:
            match node:
                case Fill():
                    found += _numbers(node.credits) + _numbers(node.rest_within)
                    measures += node.with_
                    if node.areas is not None:
                        found += node.areas.shape
                case All() if node.total is not None:
                    found += _numbers(node.total.credits)
                case Measure():
                    measures.append(node)
                case _:
                    pass
        for measure in measures:
            if not isinstance(measure.credits, Share):
                found += _numbers(measure.credits)
        for rule in self.resolved.rules:
            if isinstance(rule, Overlap) and rule.at_most_credits is not None:
                found.append(rule.at_most_credits)
        return lcm(*(number.denominator for number in found)) if found else 1

    def units(self, credits: Fraction) -> int:
        """Return credits in whole units, rounded up where a size is finer than any credit."""
        return -int(-credits * self.unit // 1)

    def _leaf(self, index: int, fill: Fill) -> Leaf:
        courses = None if fill.courses is None else plain(fill.courses)
        credits = None if fill.credits is None else plain(fill.credits)
        minima: list[Minimum] = []
        for measure in fill.with_:
            if measure.per is not None or measure.distinct is not None:
                raise _unsupported(measure, "`per` and `distinct` inside `with`")
            most = measure.bound is Bound.AT_MOST
            in_courses = measure.courses is not None
            size = measure.courses if in_courses else measure.credits
            number = Fraction(0) if isinstance(size, Share) else _bound(measure, size)
            minima.append(
                Minimum(
                    index=len(self.measures),
                    is_most=most,
                    bound=int(number) if in_courses else self.units(number),
                    in_courses=in_courses,
                )
            )
            self.measures.append(measure)
        areas = fill.areas
        shape: tuple[int, ...] = ()
        if areas is not None:
            scale = self.unit if areas.in_credits else 1
            shape = tuple(sorted((int(n * scale) for n in areas.shape), reverse=True))
        above = self.path(fill.header.id)
        within = fill.rest_within
        most_credits = within.high if within is not None else None
        if credits is not None:
            most_credits = credits.high
        return Leaf(
            index=index,
            bit=1 << index,
            rest_least=0 if within is None else self.units(within.low),
            fill=fill,
            counts=self.resolved.pool_counts.get(fill.pool or "", True),
            courses=None if courses is None else _whole(courses.low),
            most_courses=None if courses is None or courses.high is None else int(courses.high),
            credits=None if credits is None else self.units(credits.low),
            most_credits=None if most_credits is None else int(most_credits * self.unit),
            minima=tuple(minima),
            shape=shape,
            area_names=() if areas is None else tuple(name for name, _ in areas.areas),
            above=above,
            total_node=self.total_above(fill.header.id),
            has_pieces=any(
                course in self.resolved.courses
                and self.selecting.test(fill.from_)(
                    self.reader.planned(self.resolved.courses[course]), {}
                )
                is True
                for course, _ in self.names.composites
            ),
        )

    def path(self, node: str) -> tuple[NodeId, ...]:
        """Return the ids from the root to a node."""
        found = [NodeId(node)]
        while (above := self.parent.get(found[-1])) is not None:
            found.append(above)
        return tuple(reversed(found))

    def total_above(self, node: str) -> NodeId | None:
        """Return the innermost node with a total at or above a node; None without credits."""
        for name in reversed(self.path(node)):
            here = self.by_id.get(name)
            if isinstance(here, All) and here.total is not None:
                return None if here.total.credits is None else name
        return None

    def _total(self, node: All) -> Total:
        assert node.total is not None
        credits = None if node.total.credits is None else plain(node.total.credits)
        courses = None if node.total.courses is None else plain(node.total.courses)
        return Total(
            node=node.header.id,
            scope=self.below[node.header.id] & self.counting,
            credits=None if credits is None else self.units(credits.low),
            courses=None if courses is None else _whole(courses.low),
            most_credits=None
            if credits is None or credits.high is None
            else int(credits.high * self.unit),
            most_courses=None if courses is None or courses.high is None else int(courses.high),
            less_waived=node.total.less_waived,
        )

    def _bounds(self) -> list[Bounding]:
        found: list[Bounding] = []
        inside = [(node, True) for node in self.nodes if isinstance(node, Measure)]
        beside = [(rule, False) for rule in self.resolved.rules if isinstance(rule, Measure)]
        for measure, in_tree in (*inside, *beside):
            if measure.over is Over.ATTEMPTED:
                continue
            if measure.per is not None and measure.bound is Bound.AT_LEAST:
                raise _unsupported(measure, "`per` in an `at_least`")
            scope = self.counting
            if measure.within:
                scope = 0
                for name in measure.within:
                    scope |= self.below.get(name, 0)
            name = measure.header.id
            found.append(
                Bounding(
                    index=len(self.measures),
                    measure=measure,
                    scope=scope,
                    above=self.parent.get(name, name) if in_tree else self.root,
                    in_tree=in_tree,
                )
            )
            self.measures.append(measure)
        return found

    def catalogue_rows(self, given: Approvals) -> tuple[tuple[CourseCode, Use, Row], ...]:
        """Return the courses that may be taken with their rows, in code order."""
        key = tuple(given.items()) if self._asks_approvals else ()
        known = self._catalogue_rows.get(key)
        if known is None:
            if len(self._catalogue_rows) > MOST_APPROVALS:
                self._catalogue_rows.clear()
            known = self._catalogue_rows[key] = tuple(
                (code, use, self.row(use, given)) for code, use in self.catalogue.items()
            )
        return known

    def is_excludable(self, use: Use) -> bool:
        """Return whether some exclusion may take the credit of a course."""
        named = self.reader.excludes
        return named is None or not named.isdisjoint(use.names)

    # --------------------------------------------------------------- sharing

    def members(self, name: str) -> int:
        """Return the leaves that a name in `between` stands for: leaf, node or pool."""
        pool = sum(leaf.bit for leaf in self.leaves if leaf.fill.pool == name)
        return pool | self.below.get(name, 0)

    def together(self, allows: tuple[bool, ...]) -> tuple[int, ...]:
        """Return, per leaf, the leaves that may hold a use beside it.

        `allows` tells per overlap whether it permits that the use is shared.
        """
        if allows not in self._together:
            groups = [[self.members(name) for name in rule.between] for rule in self.overlaps]
            found = []
            for one in self.leaves:
                others = (o for o in self.leaves if o is not one)
                may = (o.bit for o in others if _may_share(one, o, groups, allows))
                found.append(sum(may))
            self._together[allows] = tuple(found)
        return self._together[allows]

    # ------------------------------------------------------------------ rows

    def row(self, use: Use, given: Approvals) -> Row:
        """Return what a use is to every rule; alike uses get the same object."""
        attempt = use.attempt
        key = (
            attempt.course,
            attempt.credits,
            attempt.status,
            attempt.topic,
            attempt.periods,
            attempt.grade,
            attempt.expected_grade,
            attempt.basis,
            attempt.source,
            attempt.counted_in,
            attempt.instructor,
            attempt.delivery,
            attempt.campus,
            attempt.school,
            attempt.ended,
            use.standing,
            tuple(given.items()) if self._asks_approvals else (),
        )
        known = self._rows.get(key)
        if known is None:
            if len(self._rows) > MOST_ROWS:
                self._rows.clear()
                self._alike.clear()
            row = self._row(use, given)
            known = self._rows[key] = self._alike.setdefault(row, row)
        return known

    def _row(self, use: Use, given: Approvals) -> Row:
        course = use.course
        pieces = [self._pieces(leaf, use, given) for leaf in self.leaves]
        fits = [fit(use, given) for fit in self._fits]
        measured: list[Tri] = [
            False if use.is_waiver and not sees else test(use, given)
            for test, sees in zip(self._tests, self.sees_waivers, strict=True)
        ]
        test = self.selecting.test
        return Row(
            units=self.units(use.attempt.credits),
            is_waiver=use.is_waiver,
            standing=use.standing,
            splits=course is not None
            and (course.split or course.credits_low != course.credits_high),
            fits=tuple(fits),
            measured=tuple(measured),
            areas=tuple(
                frozenset()
                if leaf.fill.areas is None
                else frozenset(
                    name for name, of in leaf.fill.areas.areas if test(of)(use, given) is True
                )
                for leaf in self.leaves
            ),
            overlaps=tuple(test(rule.of)(use, given) for rule in self.overlaps),
            values=tuple(None if read is None else read(use) for read in self._readers),
            pieces=tuple(pieces),
        )

    def _pieces(
        self, leaf: Leaf, use: Use, given: Approvals
    ) -> tuple[tuple[CourseCode, frozenset[str]], ...]:
        if not leaf.has_pieces:
            return ()
        test = self.selecting.test(leaf.fill.from_)
        if test(use, given) is not False:
            return ()
        courses = self.resolved.courses
        return tuple(
            (course, pieces)
            for course, pieces in self.names.composites
            if use.names & pieces
            and course in courses
            and test(self.reader.planned(courses[course]), given) is True
        )

    def _fitting(self, leaf: Leaf) -> Callable[[Use, Approvals], Tri]:
        """Return the function that tells whether a leaf may hold a use."""
        fill, selecting, scale = leaf.fill, self.selecting, self.resolved.scale
        test: Test = selecting.test(fill.from_)
        own_floors = selecting.has_floors(fill.from_)

        def fits(use: Use, given: Approvals) -> Tri:
            attempt = use.attempt
            if use.is_waiver and fill.courses is None:
                return False
            selected = test(use, given)
            if selected is False:
                if not self._pieces(leaf, use, given):
                    return False
                selected = True
            if use.is_waiver:
                return selected
            floor = selecting.entry_floor(fill.from_, use) if own_floors else None
            if not meets_floor(attempt, floor or fill.min_grade, fill.basis, scale):
                return False
            if fill.basis and attempt.basis.value not in fill.basis:
                return False
            return selected if not fill.source or attempt.source.value in fill.source else False

        return fits


MOST_APPROVALS = 100
"""For how many sets of approvals the rows of the catalogue are remembered."""
MOST_ROWS = 50_000
"""How many different uses are remembered for one programme."""

_compiled: dict[tuple[int, int], tuple[Resolved, Rules]] = {}
_MOST_COMPILED = 64


def rules_of(resolved: Resolved, record: Record | None = None) -> Rules:
    """Return the compiled rules; those of the last few programmes are kept.

    A record with credits in finer parts than the programme's own gets rules in finer units.
    """
    attempts = () if record is None else record.attempts
    rules = _compiled_rules(resolved, 1)
    parts = lcm(1, *(attempt.credits.denominator for attempt in attempts))
    return rules if rules.unit % parts == 0 else _compiled_rules(resolved, parts)


def _compiled_rules(resolved: Resolved, parts: int) -> Rules:
    key = (id(resolved), parts)
    known = _compiled.get(key)
    if known is None or known[0] is not resolved:
        if len(_compiled) >= _MOST_COMPILED:
            _compiled.clear()
        known = _compiled[key] = (resolved, Rules(resolved, parts))
    return known[1]


def _may_share(one: Leaf, other: Leaf, groups: list[list[int]], allows: tuple[bool, ...]) -> bool:
    """Return whether two leaves may hold one use at once."""
    naming = [
        index
        for index, named in enumerate(groups)
        if any(
            first & one.bit and second & other.bit
            for place, first in enumerate(named)
            for where, second in enumerate(named)
            if place != where
        )
    ]
    is_allowed = any(allows[index] for index in naming)
    if one.fill.pool == other.fill.pool:
        return is_allowed and not (one.fill.rest or other.fill.rest)
    if (one.fill.rest and other.counts) or (other.fill.rest and one.counts):
        return not (one.counts and other.counts)
    return is_allowed or not naming


def _numbers(amount: Amount | None) -> list[Fraction]:
    if amount is None:
        return []
    size = plain(amount)
    return [size.low] if size.high is None else [size.low, size.high]


def _bound(measure: Measure, amount: Amount | None) -> Fraction:
    assert amount is not None
    size = plain(amount)
    return size.high if measure.bound is Bound.AT_MOST and size.high is not None else size.low


def _whole(number: Fraction) -> int:
    return -int(-number // 1)


def _unsupported(measure: Measure, what: str) -> UnsupportedError:
    return UnsupportedError(
        "AUD-002",
        what=f"{measure.header.id}: the audit cannot search {what}",
        fix="say it with one measure for each value, or with leaves side by side",
    )
