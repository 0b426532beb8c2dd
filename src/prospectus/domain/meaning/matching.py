"""What a selector selects, three-valued: None where an attribute is not known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
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
from prospectus.domain.meaning.setting import Setting, Use
from prospectus.domain.record import ApprovalState, Attempt, AttemptStatus, Basis, CreditSource
from prospectus.domain.requirement import All, Any, Fill, Node, NodeId

Tri = bool | None

_UNLETTERED = (CreditSource.TRANSFER, CreditSource.EXAM, CreditSource.CREDENTIAL)
"""Sources whose credit meets a floor without a letter."""


MOST_BELOW = 2_000
"""How many nodes are remembered, with the leaves below them, and how many unions."""

_below: dict[tuple[int, str], tuple[Node, Node | None, tuple[Fill, ...]]] = {}
_unions: dict[int, tuple[Union, frozenset[str], tuple[Selector, ...]]] = {}


def all_of(values: Iterable[Tri]) -> Tri:
    """Return the three-valued `and`."""
    seen = list(values)
    if False in seen:
        return False
    return None if None in seen else True


def any_of(values: Iterable[Tri]) -> Tri:
    """Return the three-valued `or`."""
    seen = list(values)
    if True in seen:
        return True
    return None if None in seen else False


def negate(value: Tri) -> Tri:
    """Return the three-valued `not`."""
    return None if value is None else not value


def nodes(root: Node) -> Iterator[Node]:
    """Yield a resolved node and everything below it, in file order."""
    yield root
    if isinstance(root, All | Any):
        for child in root.children:
            yield from nodes(child)  # type: ignore[arg-type]  # resolved trees hold plain nodes


def find(root: Node, node_id: str) -> Node | None:
    """Return the node of that id at or below the root, None when there is none."""
    return _known_below(root, node_id)[0]


def leaves_below(root: Node, node_id: NodeId | str) -> tuple[Fill, ...]:
    """Return the leaves at or below the node of that id; those asked for last are kept."""
    return _known_below(root, str(node_id))[1]


def _known_below(root: Node, node_id: str) -> tuple[Node | None, tuple[Fill, ...]]:
    known = _below.get((id(root), node_id))
    if known is None or known[0] is not root:
        if len(_below) >= MOST_BELOW:
            _below.clear()
        found = next((node for node in nodes(root) if node.header.id == node_id), None)
        leaves = () if found is None else tuple(n for n in nodes(found) if isinstance(n, Fill))
        known = _below[id(root), node_id] = root, found, leaves
    return known[1:]


def _named_in(union: Union) -> tuple[frozenset[str], tuple[Selector, ...]]:
    """Return the codes that a union names with no more to it, and its other items."""
    known = _unions.get(id(union))
    if known is None or known[0] is not union:
        if len(_unions) >= MOST_BELOW:
            _unions.clear()
        named: set[str] = set()
        others: list[Selector] = []
        for item in union.items:
            if isinstance(item, CodeIs) and item.topic is None and item.min_grade is None:
                named.add(item.code)
            else:
                others.append(item)
        known = _unions[id(union)] = union, frozenset(named), tuple(others)
    return known[1:]


def matches(selector: Selector, use: Use, setting: Setting) -> Tri:
    """Return whether the selector selects the use; None when that is not known. Found out once."""
    if isinstance(selector, AnyCourse):
        return True
    return setting.once(selector, use, selects)


def selects(selector: Selector, use: Use, setting: Setting) -> Tri:
    """Return whether the selector selects the use, found out anew."""
    resolved = setting.resolved
    match selector:
        case AnyCourse():
            return True
        case CodeIs():
            return _code(selector, use, setting)
        case SubjectIn():
            return any(subject_of(CourseCode(code)) in selector.subjects for code in use.numbers)
        case NumberIn():
            return any(
                number >= selector.low and (selector.high is None or number <= selector.high)
                for number in _numbers(use)
            )
        case NumberLike():
            pattern = re.sub("[xX]", r"\\d", selector.pattern)
            return any(re.fullmatch(pattern, str(number)) for number in _numbers(use))
        case LevelIs():
            return _level(selector, use)
        case Has():
            return _has(selector, use, setting)
        case GradeIs():
            return _grade(selector, use, setting)
        case CreditsAre():
            return selector.compare.holds(use.credits, selector.credits)
        case InSet():
            return selects(resolved.sets[selector.name], use, setting)
        case InNode():
            leaves = leaves_below(resolved.tree, selector.node)
            return any_of(selects(leaf.from_, use, setting) for leaf in leaves)
        case Approved():
            base = selects(selector.of, use, setting)
            return all_of([base, approval(selector.approval, setting)])
        case Union():
            named, others = _named_in(selector)
            is_named = not named.isdisjoint(use.names)
            if not others:
                return is_named
            return any_of([is_named, *[selects(item, use, setting) for item in others]])
        case Both():
            return all_of(selects(item, use, setting) for item in selector.items)
        case Except():
            return all_of(
                [
                    selects(selector.of, use, setting),
                    negate(selects(selector.without, use, setting)),
                ]
            )
        case _:
            assert_never(selector)


def parts(selector: Selector, setting: Setting) -> Iterator[Selector]:
    """Yield the plain selectors that a selector is made of, what it leaves out not included."""
    match selector:
        case Union() | Both():
            for item in selector.items:
                yield from parts(item, setting)
        case Except() | Approved():
            yield from parts(selector.of, setting)
        case InSet():
            yield from parts(setting.resolved.sets[selector.name], setting)
        case _:
            yield selector


def _numbers(use: Use) -> list[int]:
    """Return the numbers that the course of a use bears or bore."""
    found = (number_of(CourseCode(code)) for code in use.numbers)
    return [number for number in found if number is not None]


def approval(who: str, setting: Setting) -> Tri:
    """Return True when granted, False when refused, None while open or requested."""
    state = setting.record.approval(who)
    if state is ApprovalState.GRANTED:
        return True
    return False if state is ApprovalState.REFUSED else None


def _code(selector: CodeIs, use: Use, setting: Setting) -> Tri:
    if selector.code not in use.names:
        return False
    if selector.topic is not None:
        topics = setting.topics(use.attempt)
        if not topics:
            return None if use.attempt.is_open else False
        if selector.topic not in topics:
            return False
    if selector.min_grade is None:
        return True
    return meets_floor(use.attempt, selector.min_grade, (), setting)


def _level(selector: LevelIs, use: Use) -> Tri:
    if use.course is not None and use.course.effective_level is not None:
        level: int | None = use.course.effective_level
    else:
        number = number_of(use.attempt.course)
        magnitude = 10 ** (len(str(number)) - 1) if number else 1
        level = number // magnitude * magnitude if number else None
    return None if level is None else selector.compare.holds(level, selector.level)


def values(attribute: str, use: Use, setting: Setting) -> frozenset[str] | None:
    """Return the values of an attribute of a use, None when they are not known."""
    attempt, course = use.attempt, use.course
    match attribute:
        case "area" | "topic" | "attribute":
            if attribute == "topic" and attempt.topic is not None:
                return frozenset({attempt.topic}) | (course.topics if course else frozenset())
            if course is None:
                return None
            if attribute in course.unknown or f"{attribute}s" in course.unknown:
                return None
            return {
                "area": course.areas,
                "topic": course.topics,
                "attribute": course.attributes,
            }[attribute]
        case "title":
            return frozenset({course.title}) if course else None
        case "delivery":
            known = attempt.delivery
            if known is Delivery.UNKNOWN:
                runs = setting.resolved.own_deliveries(attempt.course)
                usual = Delivery.UNKNOWN if course is None else course.delivery
                known = runs.get(setting.leaves(attempt), usual)
            return None if known is Delivery.UNKNOWN else frozenset({known.value})
        case "campus" | "instructor" | "school":
            value = getattr(attempt, attribute)
            if value is not None:
                return frozenset({value})
            if attribute == "school" and attempt.source is CreditSource.HOME:
                return frozenset({setting.resolved.school.id})
            return None
        case "period":
            return frozenset(attempt.periods)
        case "season":
            calendar = setting.resolved.calendar
            found = frozenset(calendar.leaves[i].season for i in setting.leaves(attempt))
            return found or None
        case "basis":
            return frozenset({attempt.basis.value})
        case "source":
            return frozenset({attempt.source.value})
        case "counted_in":
            return attempt.counted_in
        case "code":
            return frozenset({str(attempt.course)})
        case "subject":
            return frozenset({subject_of(attempt.course)})
        case _:
            raise ValueError(attribute)


def _has(selector: Has, use: Use, setting: Setting) -> Tri:
    if selector.attribute is Attribute.PERIOD:
        periods = {setting.resolved.calendar.leaves[i] for i in setting.leaves(use.attempt)}
        return any(selector.value in (leaf.id, leaf.term) for leaf in periods)
    found = values(selector.attribute.value, use, setting)
    return None if found is None else selector.value in found


def expected_grade(attempt: Attempt) -> str | None:
    """Return the grade on record, or the stated expected one of an open attempt."""
    if attempt.grade is not None or not attempt.is_open:
        return attempt.grade
    return attempt.expected_grade


def _grade(selector: GradeIs, use: Use, setting: Setting) -> Tri:
    attempt = use.attempt
    grade = expected_grade(attempt)
    if grade is None and attempt.is_open:
        if selector.compare in (Compare.AT_LEAST, Compare.MORE):
            note_floor(attempt, selector.grade, setting)
            return True
        grade = setting.resolved.scale.usual
    if grade is None:
        return _without_letter(attempt, selector)
    scale = setting.resolved.scale
    have, want = scale.rank(grade), scale.rank(selector.grade)
    if have is None or want is None:
        return None
    if selector.compare is Compare.AT_LEAST:
        return scale.at_least(grade, selector.grade)
    if scale.grades[want].points is not None and scale.grades[have].points is None:
        # W or P beside letters is no better and no worse grade than they are
        return False
    # a lower rank is a better grade, so the comparison turns round
    return selector.compare.holds(-have, -want)


def _without_letter(attempt: Attempt, selector: GradeIs) -> Tri:
    """Return how a grade compares that is not there: no letter was given, or none is known."""
    if attempt.source in _UNLETTERED and attempt.basis is not Basis.PASS_FAIL:
        # as for a floor: what was transferred or examined is good enough, and no low grade
        return selector.compare in (Compare.AT_LEAST, Compare.MORE)
    unfinished = attempt.status in (AttemptStatus.WITHDRAWN, AttemptStatus.INCOMPLETE)
    if unfinished or attempt.basis is not Basis.LETTER or attempt.source is CreditSource.WAIVER:
        return False
    return None


def note_floor(attempt: Attempt, floor: str, setting: Setting) -> None:
    """Remember a floor above the usual grade that a planned course is taken to reach."""
    usual = setting.resolved.scale.usual
    if usual is None or not setting.resolved.scale.at_least(usual, floor):
        setting.assumed_grades.add((attempt.id, floor))


def meets_floor(
    attempt: Attempt, floor: str | None, basis: tuple[str, ...], setting: Setting
) -> bool:
    """Return whether an attempt meets a grade floor; `basis` is what the leaf says of it.

    Credit without a letter meets it when it comes from transfer, exam or credential; pass/fail
    only where the leaf names that basis. A planned course without an expected grade meets it.
    """
    if floor is None or attempt.source is CreditSource.WAIVER:
        return True
    grade = expected_grade(attempt)
    if attempt.is_open and grade is None:
        note_floor(attempt, floor, setting)
        return True
    if attempt.basis in (Basis.PASS_FAIL, Basis.PASS_REVISE) and attempt.basis.value in basis:
        return True
    if grade is None:
        return attempt.basis is not Basis.PASS_FAIL and attempt.source in _UNLETTERED
    if attempt.basis is Basis.PASS_FAIL:
        return False
    return setting.resolved.scale.at_least(grade, floor)


def entry_floor(selector: Selector, use: Use, setting: Setting) -> str | None:
    """Return the floor that the selector's own entry for this course carries, if any."""
    match selector:
        case CodeIs():
            return selector.min_grade if selector.code in use.names else None
        case Union() | Both():
            # codes with no more to them carry none
            items = selector.items if isinstance(selector, Both) else _named_in(selector)[1]
            floors = (entry_floor(item, use, setting) for item in items)
            return next((floor for floor in floors if floor is not None), None)
        case Except() | Approved():
            return entry_floor(selector.of, use, setting)
        case InSet():
            return entry_floor(setting.resolved.sets[selector.name], use, setting)
        case _:
            return None
