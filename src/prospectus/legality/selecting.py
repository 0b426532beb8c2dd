"""What a selector selects, three-valued, for attempts on record and for runs of a plan."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import assert_never

from prospectus.domain.course import CourseCode, number_of, subject_of
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
from prospectus.domain.program import Resolved
from prospectus.domain.record import (
    ApprovalState,
    AuditException,
    CreditSource,
    ExceptionKind,
    Record,
)
from prospectus.domain.requirement import All, Any, Fill, Node
from prospectus.legality.attributes import values_of
from prospectus.legality.floors import has_grade, meets_floor
from prospectus.legality.known_matches import Row, shared_of
from prospectus.legality.names import Names
from prospectus.legality.uses import Use

Tri = bool | None


def all_of(values: Iterable[Tri]) -> Tri:
    """Return the three-valued `and`."""
    seen = tuple(values)
    if False in seen:
        return False
    return None if None in seen else True


def any_of(values: Iterable[Tri]) -> Tri:
    """Return the three-valued `or`."""
    seen = tuple(values)
    if True in seen:
        return True
    return None if None in seen else False


def walk(root: Node) -> Iterable[Node]:
    """Yield a resolved node and everything below it, in file order."""
    yield root
    if isinstance(root, All | Any):
        for child in root.children:
            assert isinstance(child, Node), "the tree is resolved before it is compiled"
            yield from walk(child)


class Selecting:
    """Matches selectors; `grant` takes approvals that nobody has refused as granted."""

    def __init__(self, resolved: Resolved, record: Record, names: Names, *, grant: bool) -> None:
        self.resolved = resolved
        self.record = record
        self.names = names
        self.grant = grant
        self.nodes = {node.header.id: node for node in walk(resolved.tree)}
        self._shared = shared_of(resolved)
        self._own = self._shared.under(grant, record)
        self._rows: dict[int, Row] = {}
        self._leaves: dict[str, tuple[Fill, ...]] = {}

    def approval(self, who: str) -> Tri:
        """Return True when granted (or taken so), False when refused, else None."""
        state = self.record.approval(who)
        if state is ApprovalState.REFUSED:
            return False
        return True if self.grant or state is ApprovalState.GRANTED else None

    def depends_on_run(self, selector: Selector) -> bool:
        """Return whether a match can differ between the runs of one course."""
        if isinstance(selector, AnyCourse | CodeIs):
            return False
        return self._shared.trait("run", selector, self._depends_on_run)

    def _depends_on_run(self, selector: Selector) -> bool:
        match selector:
            case Has():
                if selector.attribute is Attribute.DELIVERY:
                    return any(item.delivery is not None for item in self.resolved.offerings)
                return selector.attribute in (Attribute.SEASON, Attribute.PERIOD)
            case InSet():
                return self.depends_on_run(self.resolved.sets[selector.name])
            case InNode():
                return any(self.depends_on_run(leaf.from_) for leaf in self.leaves(selector.node))
            case Union() | Both():
                return any(self.depends_on_run(item) for item in selector.items)
            case Except():
                return self.depends_on_run(selector.of) or self.depends_on_run(selector.without)
            case Approved():
                return self.depends_on_run(selector.of)
            case _:
                return False

    def leaves(self, node_id: str) -> tuple[Fill, ...]:
        """Return the leaves at or below a node."""
        if node_id not in self._leaves:
            root = self.nodes.get(node_id)  # type: ignore[call-overload]
            below = () if root is None else walk(root)
            self._leaves[node_id] = tuple(n for n in below if isinstance(n, Fill))
        return self._leaves[node_id]

    def matches(self, selector: Selector, use: Use, leaves: tuple[int, ...] = ()) -> Tri:
        """Return whether the selector selects a use that occupies these leaf periods."""
        if isinstance(selector, AnyCourse):
            return True
        if not use.is_candidate or isinstance(selector, CodeIs):
            return self._matches(selector, use, leaves)
        row = self._rows.get(id(selector))
        if row is None:
            row = self.row(selector)
        return row.get_or(use, leaves, self._matches)

    def row(self, asked: Selector | Fill) -> Row:
        """Return what is known of a selector's matches, or of a leaf's, with plannable courses."""
        found = self._rows.get(id(asked))
        if found is None:
            selector = asked.from_ if isinstance(asked, Fill) else asked
            # what a plan may add is the same in every question, but for approvals of the person
            waits = self._shared.trait("approval", selector, self._asks_approval)
            kept = self._own if waits else self._shared.matches
            found = kept.row(asked, by_run=self.depends_on_run(selector))
            self._rows[id(asked)] = found
        return found

    def _asks_approval(self, selector: Selector) -> bool:
        """Return whether a match can hang on an approval."""
        match selector:
            case Approved():
                return True
            case InSet():
                return self._asks_approval(self.resolved.sets[selector.name])
            case InNode():
                return any(self._asks_approval(leaf.from_) for leaf in self.leaves(selector.node))
            case Union() | Both():
                return any(self._asks_approval(item) for item in selector.items)
            case Except():
                return self._asks_approval(selector.of) or self._asks_approval(selector.without)
            case _:
                return False

    def _matches(self, selector: Selector, use: Use, leaves: tuple[int, ...]) -> Tri:
        match selector:
            case AnyCourse():
                return True
            case CodeIs():
                return self._code(selector, use)
            case SubjectIn():
                return any(subject_of(CourseCode(n)) in selector.subjects for n in use.numbers)
            case NumberIn():
                high = selector.high
                return any(
                    number >= selector.low and (high is None or number <= high)
                    for number in _numbers(use)
                )
            case NumberLike():
                pattern = re.sub("[xX]", r"\\d", selector.pattern)
                return any(re.fullmatch(pattern, str(number)) for number in _numbers(use))
            case LevelIs():
                return self._level(selector, use)
            case Has():
                return self._has(selector, use, leaves)
            case GradeIs():
                return has_grade(selector, use.attempt, self.resolved.scale)
            case CreditsAre():
                return selector.compare.holds(use.credits, selector.credits)
            case InSet():
                return self.matches(self.resolved.sets[selector.name], use, leaves)
            case InNode():
                below = self.leaves(selector.node)
                return any_of(self.matches(leaf.from_, use, leaves) for leaf in below)
            case Approved():
                base = self.matches(selector.of, use, leaves)
                return all_of((base, self.approval(selector.approval)))
            case Union():
                return any_of(self.matches(item, use, leaves) for item in selector.items)
            case Both():
                return all_of(self.matches(item, use, leaves) for item in selector.items)
            case Except():
                without = self.matches(selector.without, use, leaves)
                kept = None if without is None else not without
                return all_of((self.matches(selector.of, use, leaves), kept))
            case _:
                assert_never(selector)

    def _code(self, selector: CodeIs, use: Use) -> Tri:
        if selector.code not in use.names:
            return False
        if selector.topic is not None and selector.topic not in use.topics:
            return None if not use.topics and use.attempt.is_open else False
        if selector.min_grade is None:
            return True
        return meets_floor(use.attempt, selector.min_grade, (), self.resolved.scale)

    @staticmethod
    def _level(selector: LevelIs, use: Use) -> Tri:
        level = None if use.course is None else use.course.effective_level
        if level is None:
            number = number_of(use.code)
            if not number:
                return None
            magnitude = 10 ** (len(str(number)) - 1)
            level = number // magnitude * magnitude
        return selector.compare.holds(level, selector.level)

    def values(self, attribute: str, use: Use, leaves: tuple[int, ...]) -> frozenset[str] | None:
        """Return the values of an attribute of a use, None when they are not known."""
        return values_of(attribute, use, leaves, self.resolved)

    def _has(self, selector: Has, use: Use, leaves: tuple[int, ...]) -> Tri:
        if selector.attribute is Attribute.PERIOD:
            periods = [self.resolved.calendar.leaves[index] for index in leaves]
            return any(selector.value in (leaf.id, leaf.term) for leaf in periods)
        found = self.values(selector.attribute.value, use, leaves)
        return None if found is None else selector.value in found

    def sees_waivers(self, selector: Selector) -> bool:
        """Return whether a measure's selector speaks of waivers by name."""
        match selector:
            case Has():
                waiver = CreditSource.WAIVER.value
                return selector.attribute is Attribute.SOURCE and selector.value == waiver
            case Union() | Both():
                return any(self.sees_waivers(item) for item in selector.items)
            case Except() | Approved():
                return self.sees_waivers(selector.of)
            case InSet():
                return self.sees_waivers(self.resolved.sets[selector.name])
            case _:
                return False

    def says_wider(self, selector: Selector) -> bool:
        """Return whether a selector names sources or schools, and so looks beyond study here."""
        match selector:
            case Has():
                return selector.attribute in (Attribute.SOURCE, Attribute.SCHOOL)
            case Union() | Both():
                return any(self.says_wider(item) for item in selector.items)
            case Except() | Approved():
                return self.says_wider(selector.of)
            case InSet():
                return self.says_wider(self.resolved.sets[selector.name])
            case _:
                return False

    def exceptions(self, node: str) -> list[AuditException]:
        """Return the approved departures that concern a node."""
        return [given for given in self.record.exceptions if given.node == node]

    def is_excepted(self, node: str) -> bool:
        """Return whether a node is waived or set met."""
        kinds = (ExceptionKind.WAIVE, ExceptionKind.FORCE)
        return any(given.kind in kinds for given in self.exceptions(node))


def _numbers(use: Use) -> list[int]:
    """Return the numbers that the course of a use bears or bore."""
    found = (number_of(CourseCode(code)) for code in use.numbers)
    return [number for number in found if number is not None]
