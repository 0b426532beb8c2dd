"""When each course of a plan may begin, and what has to begin first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from prospectus.app.plan_case import Chosen
from prospectus.app.words import course_name
from prospectus.domain.course import CourseCode
from prospectus.domain.period import Calendar
from prospectus.domain.student import Level
from prospectus.planning.around import Case, Near
from prospectus.planning.solver import Clock, Solver
from prospectus.planning.windows import Always, Window, begun_in_every_plan, windows

ONE_YEAR = dt.timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """The first and the last period; while not `is_settled`, others may do as well."""

    first: str
    last: str
    is_settled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseWindow:
    """A course of the plan: when it is planned, and when else it could be.

    `name` is what a reader knows it by. `best` holds over all plans that are as good, `possible`
    over all that are done in time.
    """

    course: CourseCode
    name: str
    period: str
    best: Range
    possible: Range


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowsAnswer:
    """The windows of a plan's courses; `until` is the day by which a possible plan is done."""

    courses: tuple[CourseWindow, ...]
    until: dt.date
    until_is_deadline: bool
    levels: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NextAnswer:
    """What every plan begins in the first period: the best ones, and those that end as early.

    A course that is `open` may be among them: time ran out. `names` are what a reader knows the
    courses by.
    """

    period: str
    planned: tuple[CourseCode, ...]
    in_every_best: tuple[CourseCode, ...]
    in_every_as_early: tuple[CourseCode, ...]
    open_best: tuple[CourseCode, ...] = ()
    open_as_early: tuple[CourseCode, ...] = ()
    names: tuple[tuple[CourseCode, str], ...] = ()


def case_of(chosen: Chosen) -> Case:
    """Return the plan's surroundings; the clock starts now."""
    solved = chosen.solved
    clock = Clock(seconds=chosen.effort.seconds)
    effort = chosen.effort
    solver = Solver(clock, seed=effort.seed, workers=effort.workers, memory=effort.memory)
    record = solved.student.record
    return Case(solved.resolved, solved.student, record, chosen.today, solved.result, solver)


def until(chosen: Chosen) -> dt.date:
    """Return the deadline; without one, a year after the best plan's end."""
    deadline = chosen.solved.student.wishes.hard.deadline
    appraisal = chosen.solved.appraisal
    assert appraisal is not None, "asked about a plan"
    return deadline or appraisal.finish + ONE_YEAR


def course_windows(chosen: Chosen, case: Case) -> WindowsAnswer:
    """Return when each course may begin without losing the optimum, and without losing the plan."""
    last_day = until(chosen)
    known = case.spots
    best = windows(Near(case, case.levels, last_day), case.courses, known)
    reached = {(code, leaf) for code, one in best.items() for leaf in (one.first, one.last)}
    possible = windows(Near(case, {}, last_day), case.courses, known | reached)
    calendar = case.resolved.calendar
    planned: dict[CourseCode, int] = {}
    for code, leaf in sorted(case.spots, reverse=True):
        planned[code] = leaf
    return WindowsAnswer(
        courses=tuple(
            CourseWindow(
                course=code,
                name=_name(case, code),
                period=str(calendar.leaves[leaf].id),
                best=_range(best, code, calendar),
                possible=_range(possible, code, calendar),
            )
            for code, leaf in sorted(planned.items(), key=lambda item: (item[1], item[0]))
        ),
        until=last_day,
        until_is_deadline=chosen.solved.student.wishes.hard.deadline is not None,
        levels=tuple(case.levels),
    )


def _range(found: Mapping[CourseCode, Window], code: CourseCode, calendar: Calendar) -> Range:
    one = found[code]
    return Range(
        first=str(calendar.leaves[one.first].id),
        last=str(calendar.leaves[one.last].id),
        is_settled=one.is_settled,
    )


def must_next(case: Case) -> NextAnswer | None:
    """Return what has to begin in the plan's first period; None where nothing is planned."""
    if not case.spots:
        return None
    first = min(leaf for _, leaf in case.spots)
    here = [spot for spot in case.spots if spot[1] == first]
    last_day = case.resolved.calendar.leaves[-1].end
    best = begun_in_every_plan(Near(case, case.levels, last_day), here)
    finish = case.levels.get(Level.FINISH.value)
    as_early = Always(settled=frozenset())
    if finish is not None:
        near = Near(case, {Level.FINISH.value: finish}, last_day)
        as_early = begun_in_every_plan(near, here)
    return NextAnswer(
        period=str(case.resolved.calendar.leaves[first].id),
        planned=tuple(sorted(code for code, _ in here)),
        in_every_best=tuple(sorted(best.settled)),
        in_every_as_early=tuple(sorted(as_early.settled)),
        open_best=tuple(sorted(best.waiting)),
        open_as_early=tuple(sorted(as_early.waiting)),
        names=tuple((code, _name(case, code)) for code in sorted({code for code, _ in here})),
    )


def _name(case: Case, code: CourseCode) -> str:
    return course_name(code, case.resolved.courses[code].title)
