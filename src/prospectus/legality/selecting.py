"""What a selector selects, three-valued, for attempts on record and for runs of a plan."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import assert_never

from prospectus.domain.course import CourseCode, Delivery, number_of, subject_of
from prospectus.domain.expression import (
    AnyCourse,
    Approved,
    Attribute,
    Both,
    CodeIs,
    Compare,
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
    Attempt,
    AuditException,
    Basis,
    CreditSource,
    ExceptionKind,
    Record,
)
from prospectus.domain.requirement import All, Any, Fill, Node
from prospectus.legality.known_matches import shared_of
from prospectus.legality.names import Names
from prospectus.legality.uses import Use, candidate, stated_grade

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
        # what a plan may add is the same in every question, but for approvals of the person
        waits = self._shared.trait("approval", selector, self._asks_approval)
        kept = self._own if waits else self._shared.matches
        where = leaves if self.depends_on_run(selector) else None
        return kept.get(selector, use, where, lambda: self._matches(selector, use, leaves))

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
                return self._grade(selector, use.attempt)
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
        return self.meets_floor(use.attempt, selector.min_grade, ())

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
        attempt, course = use.attempt, use.course
        match attribute:
            case "area" | "topic" | "attribute":
                return self._course_values(attribute, use)
            case "title":
                return None if course is None else frozenset({course.title})
            case "delivery":
                known = self._delivery(use, leaves)
                return None if known is Delivery.UNKNOWN else frozenset({known.value})
            case "campus" | "instructor":
                value = attempt.campus if attribute == "campus" else attempt.instructor
                return None if value is None else frozenset({value})
            case "school":
                if attempt.school is not None:
                    return frozenset({attempt.school})
                home = attempt.source is CreditSource.HOME
                return frozenset({self.resolved.school.id}) if home else None
            case "period":
                periods = self.resolved.calendar.leaves
                return frozenset(str(periods[index].id) for index in leaves)
            case "season":
                periods = self.resolved.calendar.leaves
                return frozenset(periods[index].season for index in leaves) or None
            case "basis":
                return frozenset({attempt.basis.value})
            case "source":
                return frozenset({attempt.source.value})
            case "counted_in":
                return attempt.counted_in
            case "code":
                return frozenset({str(attempt.course)})
            case _:
                return frozenset({subject_of(attempt.course)})

    @staticmethod
    def _course_values(attribute: str, use: Use) -> frozenset[str] | None:
        course = use.course
        if attribute == "topic" and use.attempt.topic is not None:
            return frozenset({use.attempt.topic}) | (course.topics if course else frozenset())
        if course is None or {attribute, f"{attribute}s"} & course.unknown:
            return None
        if attribute == "area":
            return course.areas
        return course.topics if attribute == "topic" else course.attributes

    def _delivery(self, use: Use, leaves: tuple[int, ...]) -> Delivery:
        """Return how a use is delivered: as its run says of itself, else its course."""
        known = use.attempt.delivery
        if not use.is_candidate and known is not Delivery.UNKNOWN:
            return known
        runs = self.resolved.own_deliveries(use.code)
        if use.is_candidate and runs and not leaves:
            return Delivery.UNKNOWN
        usual = Delivery.UNKNOWN if use.course is None else use.course.delivery
        return runs.get(leaves, usual)

    def _has(self, selector: Has, use: Use, leaves: tuple[int, ...]) -> Tri:
        if selector.attribute is Attribute.PERIOD:
            periods = [self.resolved.calendar.leaves[index] for index in leaves]
            return any(selector.value in (leaf.id, leaf.term) for leaf in periods)
        found = self.values(selector.attribute.value, use, leaves)
        return None if found is None else selector.value in found

    def _grade(self, selector: GradeIs, attempt: Attempt) -> Tri:
        grade = stated_grade(attempt)
        if grade is None and attempt.is_open:
            if selector.compare in (Compare.AT_LEAST, Compare.MORE):
                return True
            grade = self.resolved.scale.usual
        if grade is None:
            return None
        have, want = self.resolved.scale.rank(grade), self.resolved.scale.rank(selector.grade)
        if have is None or want is None:
            return None
        if selector.compare is Compare.AT_LEAST:
            return self.resolved.scale.at_least(grade, selector.grade)
        # a lower rank is a better grade
        return selector.compare.holds(want, have)

    def meets_floor(self, attempt: Attempt, floor: str | None, basis: tuple[str, ...]) -> bool:
        """Return whether an attempt meets a grade floor; a planned one without grade does."""
        if floor is None or attempt.source is CreditSource.WAIVER:
            return True
        grade = stated_grade(attempt)
        if attempt.is_open and grade is None:
            return True
        if attempt.basis in (Basis.PASS_FAIL, Basis.PASS_REVISE) and attempt.basis.value in basis:
            return True
        if grade is None:
            return attempt.basis is not Basis.PASS_FAIL and attempt.source in (
                CreditSource.TRANSFER,
                CreditSource.EXAM,
                CreditSource.CREDENTIAL,
            )
        if attempt.basis is Basis.PASS_FAIL:
            return False
        return self.resolved.scale.at_least(grade, floor)

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

    def admits(self, leaf: Fill, use: Use, leaves: tuple[int, ...] = ()) -> bool:
        """Return whether a leaf may hold a use for certain, approved departures included."""
        if self.is_eligible(leaf, use, leaves):
            return True
        given = self.record.exceptions
        return bool(given) and any(self._is_admitted(one, leaf, use) for one in given)

    def _is_admitted(self, given: AuditException, leaf: Fill, use: Use) -> bool:
        """Return whether a departure admits a use; a substitution does in every leaf below it."""
        if given.course is None or given.course not in use.names:
            return False
        if given.kind is ExceptionKind.INSERT:
            return given.node == leaf.header.id
        if given.kind is not ExceptionKind.SUBSTITUTE or given.replaces is None:
            return False
        node = next((n for n in walk(self.resolved.tree) if n.header.id == given.node), None)
        if node is None or all(n.header.id != leaf.header.id for n in walk(node)):
            return False
        return self._stands_for(leaf, given.replaces)

    def _stands_for(self, leaf: Fill, replaced: CourseCode) -> bool:
        course = self.resolved.courses.get(replaced)
        if course is None:
            return False
        return self.is_eligible(leaf, candidate(-1, course, course.credits_low, (), self.names))

    def is_eligible(self, leaf: Fill, use: Use, leaves: tuple[int, ...] = ()) -> bool:
        """Return whether selector, floor, basis and source admit a use for certain.

        A waiver stands only where the attempt that counts beside it cannot.
        """
        if not use.is_candidate:
            return self._is_eligible(leaf, use, leaves)
        waits = self._shared.trait("approval", leaf.from_, self._asks_approval)
        kept = self._own if waits else self._shared.matches
        where = leaves if self.depends_on_run(leaf.from_) else None
        return bool(kept.get(leaf, use, where, lambda: self._is_eligible(leaf, use, leaves)))

    def _is_eligible(self, leaf: Fill, use: Use, leaves: tuple[int, ...]) -> bool:
        if use.is_waiver and leaf.courses is None:
            return False
        if use.beside is not None and self.is_eligible(leaf, use.beside):
            return False
        match = self.matches(leaf.from_, use, leaves)
        if match is None or not (match or self.pieces_in(leaf, use)):
            return False
        if use.is_waiver:
            return True
        floor = self.entry_floor(leaf.from_, use) or leaf.min_grade
        if not self.meets_floor(use.attempt, floor, leaf.basis):
            return False
        if leaf.basis and use.attempt.basis.value not in leaf.basis:
            return False
        return not leaf.source or use.attempt.source.value in leaf.source

    def pieces_in(self, leaf: Fill, use: Use) -> tuple[tuple[CourseCode, frozenset[str]], ...]:
        """Return the courses that a leaf names and the use is one of several pieces of."""
        return tuple(
            (code, pieces)
            for code, pieces in self.names.composites
            if use.names & pieces and self._names_whole(leaf, code)
        )

    def _names_whole(self, leaf: Fill, code: CourseCode) -> bool:
        course = self.resolved.courses.get(code)
        if course is None:
            return False
        whole = candidate(-1, course, course.credits_low, (), self.names)
        return self.matches(leaf.from_, whole) is True

    def entry_floor(self, selector: Selector, use: Use) -> str | None:
        """Return the floor that the selector's own entry for this course carries, if any."""
        match selector:
            case CodeIs():
                return selector.min_grade if selector.code in use.names else None
            case Union() | Both():
                floors = (self.entry_floor(item, use) for item in selector.items)
                return next((floor for floor in floors if floor is not None), None)
            case Except() | Approved():
                return self.entry_floor(selector.of, use)
            case InSet():
                return self.entry_floor(self.resolved.sets[selector.name], use)
            case _:
                return None


def _numbers(use: Use) -> list[int]:
    """Return the numbers that the course of a use bears or bore."""
    found = (number_of(CourseCode(code)) for code in use.numbers)
    return [number for number in found if number is not None]
