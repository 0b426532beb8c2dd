"""A plan asked for again with more courses pinned: what was proven before is not proven anew."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import partial

from prospectus.domain.course import CourseCode
from prospectus.domain.plan import Plan
from prospectus.domain.program import Resolved
from prospectus.domain.record import Record
from prospectus.domain.student import Level, Student
from prospectus.domain.wish import CourseWish, Placed
from prospectus.planning.memory import DEFAULT_MEMORY
from prospectus.planning.proven import Earlier
from prospectus.planning.result import PlanResult, PlanStatus
from prospectus.planning.solve import plan


def plan_again(
    resolved: Resolved,
    student: Student,
    record: Record,
    today: dt.date,
    *,
    before: PlanResult,
    asked: Student,
    seconds: float = 60,
    seed: int = 0,
    workers: int = 1,
    memory: int = DEFAULT_MEMORY,
    n_levels: int | None = None,
    explain_conflict: bool = True,
) -> PlanResult:
    """Return what `planning.solve.plan` would, from the answer `before` to the same question.

    `asked` is the student of that answer, given without `limits`. Where the new one wishes the
    same and some courses in places of theirs besides, every plan is one of those judged before:
    none is better, the old one stays the best where it keeps the places, and where there was none
    there is none. Anything else is asked as if for the first time.

    Raises
    ------
    UnsupportedError, LimitError
        As `planning.solve.plan` does.
    """
    pins = _pins(student, asked)
    earlier = None
    if pins is not None:
        if before.status is PlanStatus.INFEASIBLE and (before.conflict or not explain_conflict):
            return before
        is_same = student.wishes.levels == asked.wishes.levels and _is_proven(before, n_levels)
        if is_same and _keeps(before, pins, resolved, record):
            # its model knows nothing of the new places
            return replace(before, kept=None)
        if before.plan is not None and not before.approvals:
            # with approvals, nothing was shown of plans without them but that there are none
            places = _places(before.plan, pins, resolved)
            kept = before.kept
            if kept is not None and not kept.suits(resolved, record, today):
                kept = None
            earlier = Earlier(floors=_floors(before, asked), places=places, kept=kept)
    ask = partial(
        plan,
        resolved,
        student,
        record,
        today,
        seconds=seconds,
        seed=seed,
        workers=workers,
        memory=memory,
        n_levels=n_levels,
        explain_conflict=explain_conflict,
    )
    if earlier is None or earlier.kept is None:
        return ask(earlier=earlier)
    with earlier.kept.pinned(pins or ()) as pinned:
        return ask(earlier=replace(earlier, pinned=pinned))


def _pins(student: Student, asked: Student) -> tuple[Placed, ...] | None:
    """Return the places that are wished besides; None where anything else differs.

    Levels after the others, and what one of them compares with, judge no plan differently before.
    """
    wishes, others = student.wishes, asked.wishes
    if wishes.levels[: len(others.levels)] != others.levels:
        return None
    same = replace(wishes, about=others.about, levels=others.levels)
    if Level.CHANGE not in others.levels:
        same = replace(same, previous=others.previous)
    if replace(student, wishes=same) != asked:
        return None
    left: list[CourseWish] = [*wishes.about]
    for one in others.about:
        if one not in left:
            return None
        left.remove(one)
    pins = tuple(one for one in left if isinstance(one, Placed))
    is_must = "place" not in wishes.goals and not any(pin.id in wishes.goals for pin in pins)
    return pins if is_must and len(pins) == len(left) else None


def _is_proven(before: PlanResult, n_levels: int | None) -> bool:
    """Return whether an answer is proven as far as it is asked now."""
    asked = [one for one in before.levels if one.value is not None][:n_levels]
    return before.plan is not None and all(one.is_proven for one in asked)


def _keeps(
    before: PlanResult, pins: tuple[Placed, ...], resolved: Resolved, record: Record
) -> bool:
    """Return whether a plan has every pinned course in its place."""
    assert before.plan is not None
    leaves = {str(leaf.id): leaf.start for leaf in resolved.calendar.leaves}
    starts: dict[str, list[dt.date]] = {}
    for attempt in before.plan.attempts:
        days = [leaves[period] for period in attempt.periods if period in leaves]
        starts.setdefault(str(attempt.course), []).extend([min(days)] if days else [])
    had = {str(attempt.course) for attempt in record.attempts}
    return all(
        pin.inside
        and str(pin.course) not in had
        and len(mine := starts.get(str(pin.course), [])) == 1
        and pin.first <= mine[0] <= pin.last
        for pin in pins
    )


def _floors(before: PlanResult, asked: Student) -> dict[str, int]:
    """Return the values that were proven, up to the first that was not; in the solver's units."""
    floors: dict[str, int] = {}
    named = {level.value for level in Level}
    for one in before.levels:
        if one.value is None or (one.level == Level.GOALS.value and not asked.wishes.goals):
            continue
        if not one.is_proven or one.level not in named:
            break
        floors[one.level] = int(one.value)
    return floors


def _places(
    plan: Plan, pins: tuple[Placed, ...], resolved: Resolved
) -> frozenset[tuple[CourseCode, str]]:
    """Return where the courses of a plan begin, the pinned ones where they shall."""
    moved = {str(pin.course) for pin in pins}
    kept = {(a.course, a.periods[0]) for a in plan.attempts if str(a.course) not in moved}
    leaves = resolved.calendar.leaves
    pinned = {
        (pin.course, str(leaf.id))
        for pin in pins
        for leaf in leaves
        if pin.inside and pin.first <= leaf.start <= pin.last
    }
    return frozenset(kept | pinned)
