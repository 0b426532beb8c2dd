"""The rules of a programme compiled once: leaves as bits, measures and totals as rows."""

from __future__ import annotations

from collections import deque
from fractions import Fraction
from functools import cached_property
from math import lcm

from prospectus.audit.entries import Entries
from prospectus.audit.names import Names
from prospectus.audit.requirements import Bounding, Leaf, Minimum, Row, Total, plain
from prospectus.audit.rows import Rows
from prospectus.audit.selecting import Selecting, walk
from prospectus.audit.units import unit_of
from prospectus.audit.use import Approvals, Use
from prospectus.audit.uses import Reader
from prospectus.domain.course import CourseCode
from prospectus.domain.errors import UnsupportedError
from prospectus.domain.program import Resolved
from prospectus.domain.record import AuditException, Record
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
    Share,
)
from prospectus.domain.rule import Overlap


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
        self.unit = lcm(unit_of(resolved, self.nodes), parts)
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
        self.row = Rows(
            resolved,
            self.names,
            self.reader,
            self.leaves,
            self.measures,
            self.overlaps,
            self.unit,
        ).row
        self._catalogue_rows: dict[object, tuple[tuple[CourseCode, Use, Row], ...]] = {}
        self._asks_approvals = self.selecting.asks_approvals
        self.catalogue: dict[CourseCode, Use] = {}
        self._larger: dict[CourseCode, tuple[Use, ...]] = {}
        self._entries: dict[object, Entries] = {}
        for code, course in sorted(resolved.courses.items()):
            barred = course.restricted_to and resolved.program.id not in course.restricted_to
            if course.counts_credit and not barred:
                self.catalogue[code] = self.reader.planned(course)
                more = course.credit_steps[1:]
                if more:
                    self._larger[code] = tuple(self.reader.planned(course, one) for one in more)

    # -------------------------------------------------------------- building

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

    def entries(
        self,
        given: Approvals,
        open_overlaps: tuple[bool, ...],
        departures: tuple[AuditException, ...],
    ) -> Entries:
        """Return the entries under some approvals, open overlaps and exceptions on record."""
        key = tuple(given.items()) if self._asks_approvals else (), open_overlaps, departures
        known = self._entries.get(key)
        if known is None:
            if len(self._entries) > MOST_APPROVALS:
                self._entries.clear()
            known = self._entries[key] = Entries(self, given, open_overlaps, departures)
        return known

    def larger_rows(self, code: CourseCode, given: Approvals) -> tuple[tuple[Use, Row], ...]:
        """Return a course as taken for more than its least credits, fewest first."""
        return tuple((use, self.row(use, given)) for use in self._larger.get(code, ()))

    @cached_property
    def excludable(self) -> frozenset[CourseCode]:
        """Return the courses of which some exclusion may take the credit."""
        return frozenset(code for code, use in self.catalogue.items() if self.is_excludable(use))

    @cached_property
    def entangled(self) -> frozenset[CourseCode]:
        """Return the courses that an exclusion may name, or that share a name with another."""
        return frozenset(
            code
            for code, use in self.catalogue.items()
            if code in self.excludable or any(len(self.codes_of(name)) > 1 for name in use.names)
        )

    @cached_property
    def same_course(self) -> tuple[tuple[CourseCode, ...], ...]:
        """Return the courses of the catalogue that are one course under several codes."""
        if self.names.is_plain:
            return ()
        groups: dict[str, list[CourseCode]] = {}
        for code in self.catalogue:
            groups.setdefault(self.names.identity((code, None, None)), []).append(code)
        return tuple(tuple(group) for group in groups.values() if len(group) > 1)

    def codes_of(self, name: str) -> tuple[CourseCode, ...]:
        """Return the courses of the catalogue that answer to a name."""
        return self._codes.get(name, ())

    @cached_property
    def _codes(self) -> dict[str, tuple[CourseCode, ...]]:
        found: dict[str, tuple[CourseCode, ...]] = {}
        for code, use in self.catalogue.items():
            for one in use.names:
                found[one] = (*found.get(one, ()), code)
        return found

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


MOST_APPROVALS = 100
"""For how many sets of approvals the rows of the catalogue are remembered."""

_compiled: deque[tuple[Resolved, int, Rules]] = deque(maxlen=64)
"""The rules compiled last, each with the object that it was compiled from, known by identity."""


def rules_of(resolved: Resolved, record: Record | None = None) -> Rules:
    """Return the compiled rules; those of the last few programmes are kept.

    A record with credits in finer parts than the programme's own gets rules in finer units.
    """
    attempts = () if record is None else record.attempts
    rules = _compiled_rules(resolved, 1)
    parts = lcm(1, *(attempt.credits.denominator for attempt in attempts))
    return rules if rules.unit % parts == 0 else _compiled_rules(resolved, parts)


def _compiled_rules(resolved: Resolved, parts: int) -> Rules:
    for known, its_parts, rules in tuple(_compiled):
        if known is resolved and its_parts == parts:
            return rules
    rules = Rules(resolved, parts)
    _compiled.append((resolved, parts, rules))
    return rules


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
