"""What a person asks about a plan: why, when else, at what price, what next, what if."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from prospectus.app.answers import LevelLine
from prospectus.app.degree_plan import asked_tracks, open_case
from prospectus.app.options import Track
from prospectus.app.plan_case import Chosen, choose
from prospectus.app.plan_finish import FinishAnswer, why_finish
from prospectus.app.plan_lines import level_lines
from prospectus.app.plan_prices import PricesAnswer, prices
from prospectus.app.plan_suppose import Supposed
from prospectus.app.plan_what_if import WhatIf, what_if
from prospectus.app.plan_why import WhyAnswer, why
from prospectus.app.plan_windows import (
    NextAnswer,
    Range,
    WindowsAnswer,
    case_of,
    course_windows,
    must_next,
)
from prospectus.app.solving import Effort
from prospectus.domain.errors import UsageError
from prospectus.planning.result import Conflict, PlanStatus

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
    """What was asked of one plan, with its levels.

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
    conflict: tuple[Conflict, ...]
    conflict_is_minimal: bool
    seed: int
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
    tracks = asked_tracks(opened.program, opened.student, track)
    complete = tuple(one for one in tracks if one.is_complete)
    if not complete:
        raise UsageError(
            "USE-004",
            what=f"no track asked about of {opened.program.id} is encoded in full",
            fix=f"see `prospectus show {opened.program.id}`",
        )
    chosen = choose(opened, opened.student, complete, today, effort)
    result = chosen.solved.result
    has_plan = result.plan is not None
    courses = [text for text in asked.why if text.strip().casefold() != FINISH]
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
        conflict=result.conflict,
        conflict_is_minimal=result.conflict_is_minimal,
        seed=effort.seed,
        why=tuple(_whys(chosen, courses)) if has_plan else (),
        finish=why_finish(chosen, case_of(chosen))
        if has_plan and len(courses) < len(asked.why)
        else None,
        windows=course_windows(chosen, case_of(chosen)) if has_plan and asked.windows else None,
        prices=prices(chosen, case_of(chosen)) if has_plan and asked.prices else None,
        next=must_next(case_of(chosen)) if has_plan and asked.next else None,
        what_if=_what_if(chosen, complete, asked.what_if),
    )


def _whys(chosen: Chosen, texts: Iterable[str]) -> Iterator[WhyAnswer]:
    for text in texts:
        yield why(chosen, text)


def _what_if(chosen: Chosen, tracks: tuple[Track, ...], texts: Sequence[str]) -> WhatIf | None:
    return what_if(chosen, tracks, texts) if texts else None
