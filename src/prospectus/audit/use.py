"""A use as rules see it, answers that may be unknown, comparisons, and floors of grades."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from prospectus.domain.course import Course, GradeScale
from prospectus.domain.plan import Standing
from prospectus.domain.record import ApprovalState, Attempt, AttemptStatus, Basis, CreditSource

Tri = bool | None
Approvals = Mapping[str, ApprovalState]

UNLETTERED = (CreditSource.TRANSFER, CreditSource.EXAM, CreditSource.CREDENTIAL)
GONE = (AttemptStatus.WITHDRAWN, AttemptStatus.INCOMPLETE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """An attempt with what rules ask of it; `is_planned_course` for one of the catalogue.

    `leaves` are the leaf periods occupied. `names` are all codes it answers to, `numbers` those
    that the course itself bears. `beside`: the attempt that counts beside a waiver of its course.
    """

    attempt: Attempt
    course: Course | None
    names: frozenset[str]
    numbers: frozenset[str]
    topics: frozenset[str]
    leaves: tuple[int, ...] = ()
    standing: Standing = Standing.UNMET
    beside: Use | None = None

    @property
    def is_waiver(self) -> bool:
        """Return whether this is an exemption, which adds no credit."""
        return self.attempt.source is CreditSource.WAIVER


def all_of(values: list[Tri]) -> Tri:
    """Return the three-valued `and`."""
    if False in values:
        return False
    return None if None in values else True


def any_of(values: list[Tri]) -> Tri:
    """Return the three-valued `or`."""
    if True in values:
        return True
    return None if None in values else False


def stated_grade(attempt: Attempt) -> str | None:
    """Return the grade on record, or the stated expected one of an open attempt."""
    if attempt.grade is not None or not attempt.is_open:
        return attempt.grade
    return attempt.expected_grade


def meets_floor(
    attempt: Attempt, floor: str | None, basis: tuple[str, ...], scale: GradeScale
) -> bool:
    """Return whether an attempt meets a grade floor; a planned one without a grade does."""
    if floor is None or attempt.source is CreditSource.WAIVER:
        return True
    grade = stated_grade(attempt)
    if grade is None and attempt.is_open:
        return True
    if attempt.basis in (Basis.PASS_FAIL, Basis.PASS_REVISE) and attempt.basis.value in basis:
        return True
    if grade is None:
        return attempt.basis is not Basis.PASS_FAIL and attempt.source in UNLETTERED
    return attempt.basis is not Basis.PASS_FAIL and scale.at_least(grade, floor)


def add_months(day: dt.date, months: int) -> dt.date:
    """Return the same day so many months later, cut to the month's last day."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first_of_next = dt.date(years + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    last = (first_of_next - dt.timedelta(days=1)).day
    return dt.date(years, month + 1, min(day.day, last))
