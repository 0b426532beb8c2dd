"""Selectors compiled to functions of a use; three-valued: None where it is not known."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import assert_never

from prospectus.audit.names import Names
from prospectus.audit.use import (
    GONE,
    UNLETTERED,
    Approvals,
    Tri,
    Use,
    all_of,
    any_of,
    meets_floor,
    stated_grade,
)
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
from prospectus.domain.record import ApprovalState, Attempt, Basis, CreditSource
from prospectus.domain.requirement import All, Any, Fill, Node

Test = Callable[[Use, Approvals], Tri]


def walk(root: Node) -> list[Node]:
    """Return a resolved node and everything below it, in file order."""
    found: list[Node] = [root]
    if isinstance(root, All | Any):
        for child in root.children:
            assert isinstance(child, Node), "the tree is resolved before it is compiled"
            found += walk(child)
    return found


class Selecting:
    """Compiles the selectors of one programme, each once."""

    def __init__(self, resolved: Resolved, names: Names) -> None:
        self.resolved = resolved
        self.names = names
        self._below = {
            node.header.id: [one for one in walk(node) if isinstance(one, Fill)]
            for node in walk(resolved.tree)
        }
        self._tests: dict[int, tuple[Selector, Test]] = {}
        self.asks_approvals = False
        """Whether some selector compiled so far asks for an approval."""

    def leaves_below(self, node: str) -> list[Fill]:
        """Return the leaves at or below a node, none where there is no such node."""
        return self._below.get(node, [])  # type: ignore[call-overload, no-any-return]

    def test(self, selector: Selector) -> Test:
        """Return the function that tells whether a use is selected."""
        known = self._tests.get(id(selector))
        if known is None:
            known = self._tests[id(selector)] = (selector, self._compile(selector))
        return known[1]

    def _compile(self, selector: Selector) -> Test:
        match selector:
            case AnyCourse():
                return lambda use, given: True
            case CodeIs():
                return self._code(selector)
            case SubjectIn():
                subjects = frozenset(selector.subjects)
                return lambda use, given: any(
                    subject_of(CourseCode(code)) in subjects for code in use.numbers
                )
            case NumberIn():
                low, high = selector.low, selector.high
                return lambda use, given: any(
                    number >= low and (high is None or number <= high) for number in _numbers(use)
                )
            case NumberLike():
                pattern = re.compile(re.sub("[xX]", r"\\d", selector.pattern))
                return lambda use, given: any(
                    pattern.fullmatch(str(number)) for number in _numbers(use)
                )
            case LevelIs():
                return _level(selector)
            case Has():
                return self._has(selector)
            case GradeIs():
                return self._grade(selector)
            case CreditsAre():
                how, want = selector.compare, selector.credits
                return lambda use, given: how.holds(use.attempt.credits, want)
            case InSet():
                return self.test(self.resolved.sets[selector.name])
            case InNode():
                below = [self.test(leaf.from_) for leaf in self.leaves_below(selector.node)]
                return lambda use, given: any_of([test(use, given) for test in below])
            case Approved():
                base, who = self.test(selector.of), selector.approval
                self.asks_approvals = True
                return lambda use, given: all_of([base(use, given), _approved(given, who)])
            case Union():
                return self._union(selector)
            case Both():
                parts = [self.test(item) for item in selector.items]
                return lambda use, given: all_of([test(use, given) for test in parts])
            case Except():
                kept, left_out = self.test(selector.of), self.test(selector.without)

                def minus(use: Use, given: Approvals) -> Tri:
                    out = left_out(use, given)
                    return all_of([kept(use, given), None if out is None else not out])

                return minus
            case _:
                assert_never(selector)

    def _union(self, selector: Union) -> Test:
        """Return the union; its plain codes are looked up together."""
        plain = frozenset(
            item.code
            for item in selector.items
            if isinstance(item, CodeIs) and item.topic is None and item.min_grade is None
        )
        others = [
            self.test(item)
            for item in selector.items
            if not (isinstance(item, CodeIs) and item.topic is None and item.min_grade is None)
        ]
        if not others:
            return lambda use, given: not plain.isdisjoint(use.names)
        return lambda use, given: (
            True
            if not plain.isdisjoint(use.names)
            else any_of([test(use, given) for test in others])
        )

    def _code(self, selector: CodeIs) -> Test:
        code, topic, floor = selector.code, selector.topic, selector.min_grade
        scale = self.resolved.scale
        if topic is None and floor is None:
            return lambda use, given: code in use.names

        def test(use: Use, given: Approvals) -> Tri:
            if code not in use.names:
                return False
            if topic is not None and topic not in use.topics:
                return None if not use.topics and use.attempt.is_open else False
            return floor is None or meets_floor(use.attempt, floor, (), scale)

        return test

    def _has(self, selector: Has) -> Test:
        value = selector.value
        if selector.attribute is Attribute.PERIOD:
            periods = self.resolved.calendar.leaves
            return lambda use, given: any(
                value in (periods[index].id, periods[index].term) for index in use.leaves
            )
        read = self.reader(selector.attribute.value)

        def test(use: Use, given: Approvals) -> Tri:
            found = read(use)
            return None if found is None else value in found

        return test

    def reader(self, attribute: str) -> Callable[[Use], frozenset[str] | None]:
        """Return the function that reads the values of an attribute, None where not known."""
        resolved = self.resolved
        match attribute:
            case "area" | "topic" | "attribute":
                return lambda use: _course_values(attribute, use)
            case "title":
                return lambda use: None if use.course is None else frozenset({use.course.title})
            case "delivery":
                return self._delivery
            case "campus":
                return lambda use: _one(use.attempt.campus)
            case "instructor":
                return lambda use: _one(use.attempt.instructor)
            case "school":
                home = frozenset({resolved.school.id})
                return lambda use: (
                    home
                    if use.attempt.school is None and use.attempt.source is CreditSource.HOME
                    else _one(use.attempt.school)
                )
            case "period":
                return lambda use: frozenset(use.attempt.periods)
            case "season":
                periods = resolved.calendar.leaves
                return lambda use: frozenset(periods[i].season for i in use.leaves) or None
            case "basis":
                return lambda use: frozenset({use.attempt.basis.value})
            case "source":
                return lambda use: frozenset({use.attempt.source.value})
            case "counted_in":
                return lambda use: use.attempt.counted_in
            case "code":
                return lambda use: frozenset({str(use.attempt.course)})
            case _:
                return lambda use: frozenset({subject_of(use.attempt.course)})

    def _delivery(self, use: Use) -> frozenset[str] | None:
        known = use.attempt.delivery
        if known is Delivery.UNKNOWN:
            runs = self.resolved.own_deliveries(use.attempt.course)
            usual = Delivery.UNKNOWN if use.course is None else use.course.delivery
            known = runs.get(use.leaves, usual)
        return None if known is Delivery.UNKNOWN else frozenset({known.value})

    def _grade(self, selector: GradeIs) -> Test:
        scale, how, wanted = self.resolved.scale, selector.compare, selector.grade
        want = scale.rank(wanted)

        def test(use: Use, given: Approvals) -> Tri:
            attempt = use.attempt
            grade = stated_grade(attempt)
            if grade is None and attempt.is_open:
                if how in (Compare.AT_LEAST, Compare.MORE):
                    return True
                grade = scale.usual
            if grade is None:
                return _without_letter(attempt, how)
            have = scale.rank(grade)
            if have is None or want is None:
                return None
            if how is Compare.AT_LEAST:
                return scale.at_least(grade, wanted)
            if scale.grades[want].points is not None and scale.grades[have].points is None:
                return False
            return how.holds(want, have)

        return test

    def parts(self, selector: Selector) -> list[Selector]:
        """Return the plain selectors that a selector is made of, without what it leaves out."""
        match selector:
            case Union() | Both():
                return [part for item in selector.items for part in self.parts(item)]
            case Except() | Approved():
                return self.parts(selector.of)
            case InSet():
                return self.parts(self.resolved.sets[selector.name])
            case _:
                return [selector]

    def sees_waivers(self, selector: Selector) -> bool:
        """Return whether a selector speaks of waivers by name."""
        return Has(attribute=Attribute.SOURCE, value=CreditSource.WAIVER.value) in self.parts(
            selector
        )

    def entry_floor(self, selector: Selector, use: Use) -> str | None:
        """Return the floor that the selector's own entry for this course carries, if any."""
        match selector:
            case CodeIs():
                return selector.min_grade if selector.code in use.names else None
            case Union() | Both():
                for item in selector.items:
                    if (floor := self.entry_floor(item, use)) is not None:
                        return floor
                return None
            case Except() | Approved():
                return self.entry_floor(selector.of, use)
            case InSet():
                return self.entry_floor(self.resolved.sets[selector.name], use)
            case _:
                return None

    def has_floors(self, selector: Selector) -> bool:
        """Return whether some entry of a selector carries a floor of its own."""
        return any(
            isinstance(part, CodeIs) and part.min_grade is not None for part in self.parts(selector)
        )


def _without_letter(attempt: Attempt, how: Compare) -> Tri:
    if attempt.source in UNLETTERED and attempt.basis is not Basis.PASS_FAIL:
        return how in (Compare.AT_LEAST, Compare.MORE)
    lettered = attempt.basis is Basis.LETTER and attempt.status not in GONE
    return None if lettered and attempt.source is not CreditSource.WAIVER else False


def _approved(given: Approvals, who: str) -> Tri:
    state = given.get(who, ApprovalState.OPEN)
    if state is ApprovalState.GRANTED:
        return True
    return False if state is ApprovalState.REFUSED else None


def _one(value: str | None) -> frozenset[str] | None:
    return None if value is None else frozenset({value})


def _numbers(use: Use) -> list[int]:
    found = (number_of(CourseCode(code)) for code in use.numbers)
    return [number for number in found if number is not None]


def _course_values(attribute: str, use: Use) -> frozenset[str] | None:
    course = use.course
    if attribute == "topic" and use.attempt.topic is not None:
        return frozenset({use.attempt.topic}) | (course.topics if course else frozenset())
    if course is None or {attribute, f"{attribute}s"} & course.unknown:
        return None
    if attribute == "area":
        return course.areas
    return course.topics if attribute == "topic" else course.attributes


def _level(selector: LevelIs) -> Test:
    how, want = selector.compare, selector.level

    def test(use: Use, given: Approvals) -> Tri:
        level = None if use.course is None else use.course.effective_level
        if level is None:
            number = number_of(use.attempt.course)
            if not number:
                return None
            magnitude = 10 ** (len(str(number)) - 1)
            level = number // magnitude * magnitude
        return how.holds(level, want)

    return test
