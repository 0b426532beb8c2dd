"""The plan that holds if an approval is refused, and the one if it is granted."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from prospectus.app.answers import IfGranted, WorthLine
from prospectus.app.plan_lines import level_lines
from prospectus.app.plan_near import near
from prospectus.app.plan_words import plan_differences
from prospectus.app.solving import Effort, Solved, solve
from prospectus.app.wished_approvals import supposing, waited_for
from prospectus.domain.record import ApprovalState
from prospectus.domain.student import Level, Student
from prospectus.domain.wish import IfApproved

_NONE = "no plan"
_NOT_TOLD = ("order", Level.CHANGE.value)


def if_granted(
    solved: Solved, student: Student, today: dt.date, effort: Effort
) -> tuple[IfGranted, ...]:
    """Return both plans for each approval that is waited for, the others as they stand."""
    return tuple(_each(solved, student, who, today, effort) for who in waited_for(student))


def _each(solved: Solved, student: Student, who: str, today: dt.date, effort: Effort) -> IfGranted:
    refused = solved
    if who in solved.result.approvals:
        # a plan that rests on the approval does not hold without it
        without = supposing(student, who, ApprovalState.REFUSED)
        refused = solve(solved.resolved, without, today, effort, explain_conflict=False)
    with_it = supposing(student, who, ApprovalState.GRANTED)
    with_it = replace(with_it, wishes=near(with_it.wishes, refused))
    granted = solve(solved.resolved, with_it, today, effort, explain_conflict=False)
    mine = (wish for wish in student.wishes.about if isinstance(wish, IfApproved))
    both = granted.result.plan is not None and refused.result.plan is not None
    until, is_same = _agreement(refused, granted) if both else (None, False)
    return IfGranted(
        who=who,
        courses=tuple(str(wish.course) for wish in mine if wish.who == who),
        refused=refused.result.status,
        granted=granted.result.status,
        periods=_periods(granted),
        agree_until=until,
        is_same=is_same,
        differences=plan_differences(refused, granted) if both else (),
        levels=_worth(refused, granted),
    )


def _starts(solved: Solved) -> dict[int, frozenset[str]]:
    """Return the courses that begin in each leaf period, by its index."""
    calendar = solved.resolved.calendar
    found: dict[int, set[str]] = {}
    for attempt in solved.record.attempts:
        if attempt.is_planned:
            first = min(i for period in attempt.periods for i in calendar.leaves_of(period))
            found.setdefault(first, set()).add(f"{attempt.course} {attempt.credits}")
    return {index: frozenset(courses) for index, courses in found.items()}


def _agreement(one: Solved, other: Solved) -> tuple[str | None, bool]:
    """Return the last period up to which both begin the same, and whether they do throughout."""
    mine, theirs = _starts(one), _starts(other)
    until: str | None = None
    for index in sorted(set(mine) | set(theirs)):
        if mine.get(index) != theirs.get(index):
            return until, False
        until = str(one.resolved.calendar.leaves[index].id)
    return until, True


def _periods(solved: Solved) -> tuple[tuple[str, tuple[str, ...]], ...]:
    leaves = solved.resolved.calendar.leaves
    return tuple(
        (str(leaves[index].id), tuple(sorted(name.rpartition(" ")[0] for name in courses)))
        for index, courses in sorted(_starts(solved).items())
    )


def _worth(refused: Solved, granted: Solved) -> tuple[WorthLine, ...]:
    """Return the levels of both plans side by side."""
    mine = {line.level: line.value for line in level_lines(refused)}
    theirs = {line.level: line.value for line in level_lines(granted)}
    return tuple(
        WorthLine(level=level, refused=mine.get(level, _NONE), granted=theirs.get(level, _NONE))
        for level in dict.fromkeys((*mine, *theirs))
        if level not in _NOT_TOLD
    )
