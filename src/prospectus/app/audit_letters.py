"""With which letter a requirement would take a course that is on record with another grade."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from prospectus.app.audit_check import Audited
from prospectus.app.audit_kept import kept
from prospectus.domain.course import CourseCode
from prospectus.domain.expression import (
    Approved,
    Both,
    Except,
    GradeIs,
    InNode,
    InSet,
    Selector,
    Union,
)
from prospectus.domain.meaning.holding import admits
from prospectus.domain.meaning.setting import Use
from prospectus.domain.program import Resolved
from prospectus.domain.record import Attempt, AttemptStatus
from prospectus.domain.requirement import Fill, NodeId


def as_planned(found: Audited, attempt: Attempt) -> Attempt:
    """Return the course of an attempt planned at this school, with its least credits."""
    return Attempt(
        id=attempt.id,
        course=attempt.course,
        credits=found.resolved.courses[attempt.course].credits_low,
        status=AttemptStatus.PLANNED,
    )


def least_grade(found: Audited, attempt: Attempt, leaf: Fill) -> str | None:
    """Return the least letter with which a leaf takes a course of this school.

    Found once where nobody's approval or exception decides it.
    """
    if found.record.approvals or found.record.exceptions:
        return _least_letter(found, attempt, leaf)
    known = kept(found.resolved, _no_letters)
    name = (attempt.course, leaf.header.id)
    if name not in known:
        known[name] = _least_letter(found, attempt, leaf)
    return known[name]


def _no_letters(_: Resolved) -> dict[tuple[CourseCode, NodeId], str | None]:
    return {}


def _least_letter(found: Audited, attempt: Attempt, leaf: Fill) -> str | None:
    known = kept(found.resolved, _no_uses)
    if attempt.course not in known:
        known[attempt.course] = tuple(_lettered(found, attempt))
    uses_of = known[attempt.course]
    # most courses are not taken by most leaves, whatever their grade
    if not uses_of or (
        _is_by_floors(leaf.from_, found.resolved)
        and admits(leaf, uses_of[-1], found.setting) is not True
    ):
        return None
    for use in uses_of:
        if admits(leaf, use, found.setting) is True:
            return use.attempt.grade
    return None


def _is_by_floors(selector: Selector, resolved: Resolved) -> bool:
    """Return whether what is selected with some grade is selected with any better one."""
    match selector:
        case Union() | Both():
            return all(_is_by_floors(item, resolved) for item in selector.items)
        case Approved():
            return _is_by_floors(selector.of, resolved)
        case InSet():
            return _is_by_floors(resolved.sets[selector.name], resolved)
        case Except() | GradeIs() | InNode():
            return False
        case _:
            return True


def _lettered(found: Audited, attempt: Attempt) -> Iterator[Use]:
    """Yield a course of this school with each letter that earns credit, the least first."""
    ahead = as_planned(found, attempt)
    for grade in reversed(found.resolved.scale.grades):
        if grade.earns and grade.points is not None:
            passed = replace(ahead, grade=grade.name, status=AttemptStatus.PASSED)
            yield found.setting.use(passed)


def _no_uses(_: Resolved) -> dict[CourseCode, tuple[Use, ...]]:
    return {}
