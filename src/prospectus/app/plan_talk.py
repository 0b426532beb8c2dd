"""What a person asks about a plan: why, when else, at what price, what next, what if."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from prospectus.app.answers import LevelLine
from prospectus.app.degree_plan import Opened, asked_ways, open_case
from prospectus.app.idle_wishes import idle_wishes
from prospectus.app.impossible_answers import Impossible
from prospectus.app.options import Track
from prospectus.app.plan_case import Chosen, choose
from prospectus.app.plan_finish import FinishAnswer, why_finish
from prospectus.app.plan_lines import level_lines
from prospectus.app.plan_prices import PricesAnswer, prices
from prospectus.app.plan_readings import ReadIn, readings_told
from prospectus.app.plan_suppose import Supposed
from prospectus.app.plan_what_if import Supposition, WhatIf, supposition, what_if
from prospectus.app.plan_why import WhyAnswer, courses_asked, why
from prospectus.app.plan_windows import (
    NextAnswer,
    Range,
    WindowsAnswer,
    case_of,
    course_windows,
    must_next,
)
from prospectus.app.solving import Effort
from prospectus.app.why_impossible import why_impossible
from prospectus.domain.course import CourseCode
from prospectus.domain.errors import Fault, UsageError
from prospectus.planning.result import PlanStatus

FINISH = "finish"
"""What `--why` takes beside a course."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The questions of one call."""

    why: tuple[str, ...] = ()
    what_if: tuple[str, ...] = ()
    windows: bool = False
    prices: bool = False
    next: bool = False

    @property
    def is_nothing(self) -> bool:
        """Return whether nothing is asked."""
        return self == Asked()


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkAnswer:
    """What was asked of one plan, with its levels; `impossible` says why there is none.

    The plan is the best of those that the call leaves open: `is_one_of_several` tracks, readings
    or values of unknown facts (`variant`).
    """

    student: str
    today: dt.date
    program: str
    program_name: str
    catalog_year: str
    track: str
    variant: tuple[tuple[str, str], ...]
    is_one_of_several: bool
    status: PlanStatus
    levels: tuple[LevelLine, ...]
    impossible: Impossible | None
    seed: int
    was_stopped: bool
    idle_wishes: tuple[str, ...]
    readings: tuple[ReadIn, ...]
    why: tuple[WhyAnswer, ...] = ()
    finish: FinishAnswer | None = None
    windows: WindowsAnswer | None = None
    prices: PricesAnswer | None = None
    next: NextAnswer | None = None
    what_if: WhatIf | None = None

    @property
    def is_settled(self) -> bool:
        """Return whether everything asked is answered for certain."""
        return (
            self.status in (PlanStatus.OPTIMAL, PlanStatus.INFEASIBLE)
            and all(one.is_settled for one in self._supposed())
            and all(one.is_settled for one in self._ranges())
            and not (self.next and (self.next.open_best or self.next.open_as_early))
        )

    def _supposed(self) -> Iterator[Supposed]:
        for answer in self.why:
            yield from answer.supposed
        if self.prices is not None:
            yield from (*self.prices.wishes, *self.prices.courses)
        if self.what_if is not None:
            yield self.what_if.result

    def _ranges(self) -> Iterator[Range]:
        for one in self.windows.courses if self.windows is not None else ():
            yield from (one.best, one.possible)


def talk(
    student_path: Path,
    program_id: str | None,
    track: str | None,
    asked: Asked,
    *,
    today: dt.date,
    catalogs: tuple[Path, ...],
    effort: Effort,
) -> TalkAnswer:
    """Return the answers to what is asked of the plan; the others are those of `plan_degree`.

    Without a plan only what-ifs are answered, beside the conflict.

    Raises
    ------
    ProspectusError
        As `plan_degree`; USE-016 for a course and USE-019 for a what-if that is not understood.
    """
    opened = open_case(student_path, program_id, today, catalogs)
    tracks, readings = asked_ways(opened.program, opened.student, track)
    opened = replace(opened, readings=readings)
    complete = tuple(one for one in tracks if one.is_complete)
    if not complete:
        raise UsageError(
            "USE-004",
            what=f"no track asked about of {opened.program.id} is encoded in full",
            fix=f"see `prospectus show {opened.program.id}`",
        )
    courses, supposed = _understood(opened, complete, asked, today)
    chosen = choose(opened, opened.student, complete, today, effort)
    result = chosen.solved.result
    has_plan = result.plan is not None
    asks_finish = any(_is_finish(text) for text in asked.why)
    whys = tuple(_whys(chosen, courses)) if has_plan else ()
    return TalkAnswer(
        student=opened.file.student.name,
        today=today,
        program=opened.program.id,
        program_name=opened.program.name,
        catalog_year=opened.program.catalog_year,
        track=chosen.track.name,
        variant=chosen.variant,
        is_one_of_several=chosen.is_one_of_several,
        status=result.status,
        levels=level_lines(chosen.solved),
        impossible=why_impossible(chosen.solved, opened.file, today, effort),
        seed=effort.seed,
        was_stopped=result.certificate.was_stopped,
        idle_wishes=idle_wishes(chosen.solved.student),
        readings=readings_told(opened.program, readings),
        why=whys,
        finish=why_finish(chosen, case_of(chosen)) if has_plan and asks_finish else None,
        windows=course_windows(chosen, case_of(chosen)) if has_plan and asked.windows else None,
        prices=prices(chosen, case_of(chosen)) if has_plan and asked.prices else None,
        next=must_next(case_of(chosen)) if has_plan and asked.next else None,
        what_if=None if supposed is None else what_if(chosen, supposed),
    )


def _is_finish(text: str) -> bool:
    return text.strip().casefold() == FINISH


def _understood(
    opened: Opened, tracks: tuple[Track, ...], asked: Asked, today: dt.date
) -> tuple[tuple[CourseCode, ...], Supposition | None]:
    """Return the courses asked about and what is supposed, before anything is solved.

    Raises
    ------
    UsageError
        With everything that is not understood.
    """
    faults: list[Fault] = []
    courses: tuple[CourseCode, ...] = ()
    supposed: Supposition | None = None
    try:
        texts = [text for text in asked.why if not _is_finish(text)]
        courses = courses_asked(opened.school, texts)
    except UsageError as error:
        faults += error.faults
    try:
        if asked.what_if:
            supposed = supposition(opened, tracks, asked.what_if, today)
    except UsageError as error:
        faults += error.faults
    if faults:
        raise UsageError(faults=faults)
    return courses, supposed


def _whys(chosen: Chosen, courses: Iterable[CourseCode]) -> Iterator[WhyAnswer]:
    """Yield each answer; who stops one stops those behind it."""
    for course in courses:
        answer = why(chosen, course)
        yield answer
        if any(one.was_stopped for one in answer.supposed):
            return
