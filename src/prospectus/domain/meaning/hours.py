"""The weekly hours of an attempt."""

from __future__ import annotations

from fractions import Fraction

from prospectus.domain.meaning.setting import Setting
from prospectus.domain.record import Attempt

HOURS_ASSUMPTION = "hours-per-credit"


def hours_of(setting: Setting, attempt: Attempt) -> tuple[int | None, str | None]:
    """Return the weekly hours of an attempt and the assumption they rest on, if any.

    Known hours as they are; else credits times the assumed hours per credit over the weeks it
    occupies, rounded half up, at least 1.
    """
    course = setting.course_of(attempt)
    if course is not None and course.hours is not None:
        return course.hours.hours_per_week, course.hours.provenance.assumption
    assumption = setting.resolved.assumptions.get(HOURS_ASSUMPTION)
    leaves = setting.leaves(attempt)
    if assumption is None or not leaves:
        return None, None
    weeks = sum(setting.resolved.calendar.leaves[i].n_weeks for i in leaves)
    per_week = attempt.credits * assumption.value / weeks
    return max(1, int(per_week + Fraction(1, 2))), assumption.id
