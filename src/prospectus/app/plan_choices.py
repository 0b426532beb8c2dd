"""Several plans to choose from: a Pareto front, or the best plan and others, plan after plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from prospectus.app.answers import PlannedPeriod
from prospectus.app.degree_plan import Opened, asked_ways, open_case
from prospectus.app.idle_wishes import idle_wishes
from prospectus.app.options import on_track
from prospectus.app.plan_case import worlds_of
from prospectus.app.plan_lines import plan_variant
from prospectus.app.plan_readings import ReadIn, readings_told
from prospectus.app.plan_words import plan_differences
from prospectus.app.rows import row
from prospectus.app.solving import Solved, recheck
from prospectus.compare.row import variant_words
from prospectus.domain.facts import Money
from prospectus.domain.printer import long_day, month, print_number
from prospectus.domain.program import Resolved
from prospectus.domain.student import Student
from prospectus.planning.result import Certificate, LevelResult, PlanResult, PlanStatus

MONEY_LEVELS = frozenset({"cost", "out_of_pocket", "trade"})
"""Levels in minor units of money."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceLevel:
    """One level of a plan: its value in the unit of `LevelResult`, and as text."""

    level: str
    value: Fraction | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanChoice:
    """One plan among several, re-checked by the definition of the rules.

    `distances` are the changes to each plan before it, where they were asked for; `differences`
    say what is not as in the first plan; `seconds` is when it was proven, from the start.
    """

    number: int
    levels: tuple[ChoiceLevel, ...]
    periods: tuple[PlannedPeriod, ...]
    differences: tuple[str, ...]
    distances: tuple[int, ...]
    approvals: tuple[str, ...]
    assumptions: tuple[str, ...]
    unknown: tuple[str, ...]
    seconds: float

    def text(self, level: str) -> str:
        """Return the value of a level as text."""
        return next(found.text for found in self.levels if found.level == level)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceCase:
    """The plans of one track, reading and case of unknown facts.

    `said` tells what is proven of them, in sentences; `status` is that of their stream.
    """

    track: str
    variant: tuple[tuple[str, str], ...]
    columns: tuple[str, ...]
    choices: tuple[PlanChoice, ...]
    status: PlanStatus
    said: tuple[str, ...]
    was_stopped: bool
    certificate: Certificate

    @property
    def name(self) -> str:
        """Return the track, the readings and the facts that the plans are for."""
        return case_name(self.track, self.variant)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoicesAnswer:
    """All that was asked of one programme."""

    title: str
    student: str
    today: dt.date
    program: str
    program_name: str
    catalog_year: str
    cases: tuple[ChoiceCase, ...]
    seed: int
    idle_wishes: tuple[str, ...] = ()
    readings: tuple[ReadIn, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """What a stream of plans comes to."""

    columns: tuple[str, ...]
    status: PlanStatus
    said: tuple[str, ...]
    was_stopped: bool
    certificate: Certificate


def why_open(was_stopped: bool, memory: int | None) -> str:
    """Return why a stream ended before all was proven; `memory` in MB where that was used up."""
    if memory is not None:
        return f"its memory of {memory} MB was used up (`--memory` allows more)"
    return "it was stopped" if was_stopped else "time ran out"


Offered = tuple[PlanResult, tuple[int, ...]]
"""A plan as the planner gives it, with its distances."""


class ChoiceStream:
    """The plans of one case as they are found; `case` is there once all were."""

    def __init__(
        self,
        opened: Opened,
        track: str,
        resolved: Resolved,
        student: Student,
        today: dt.date,
        columns: tuple[str, ...],
        offered: Generator[Offered, None, None],
        ended: Callable[[], Ended],
    ) -> None:
        self.name = case_name(track, resolved.readings + resolved.branches)
        self.columns = columns
        self.case: ChoiceCase | None = None
        self._opened = opened
        self._track = track
        self._resolved = resolved
        self._student = student
        self._today = today
        self._offered = offered
        self._ended = ended

    def __iter__(self) -> Iterator[PlanChoice]:
        """Yield each plan, re-checked; an interrupt leaves those that were found."""
        choices: list[PlanChoice] = []
        first: Solved | None = None
        is_cut = False
        try:
            for result, distances in self._offered:
                assert result.plan is not None
                solved = recheck(self._resolved, self._student, result, result.plan, self._today)
                first = first or solved
                choices.append(self._choice(len(choices) + 1, solved, first, distances))
                yield choices[-1]
        except KeyboardInterrupt:
            is_cut = True
            self._offered.close()
        ended = self._ended()
        if is_cut and ended.status is PlanStatus.OPTIMAL:
            ended = replace(ended, status=PlanStatus.FEASIBLE)
        self.case = ChoiceCase(
            track=self._track,
            variant=self._resolved.readings + self._resolved.branches,
            columns=ended.columns,
            choices=tuple(choices),
            status=ended.status,
            said=ended.said,
            was_stopped=ended.was_stopped or is_cut,
            certificate=ended.certificate,
        )

    def _choice(
        self, number: int, solved: Solved, first: Solved, distances: tuple[int, ...]
    ) -> PlanChoice:
        told = row(
            solved,
            track=None,
            track_name=self._track,
            admission=self._opened.admission,
            variant=(),
        )
        shown = plan_variant(solved, told, self._today)
        return PlanChoice(
            number=number,
            levels=tuple(
                _level(shown.finish_is_projected, one, solved) for one in solved.result.levels
            ),
            periods=shown.periods,
            differences=() if number == 1 else plan_differences(first, solved),
            distances=distances,
            approvals=shown.approvals,
            assumptions=tuple(line.id for line in shown.assumptions),
            unknown=shown.unknown,
            seconds=solved.result.certificate.seconds,
        )


def _level(is_projected: bool, level: LevelResult, solved: Solved) -> ChoiceLevel:
    value = level.value
    text = "unknown" if value is None else print_number(value)
    if value is not None and level.level == "finish":
        day = dt.date.fromordinal(int(value))
        text = month(day) if is_projected else long_day(day)
    elif value is not None and level.level in MONEY_LEVELS:
        text = str(Money(minor=int(value), currency=solved.resolved.school.currency))
    return ChoiceLevel(level=level.level, value=value, text=text)


def case_name(track: str, variant: tuple[tuple[str, str], ...]) -> str:
    """Return the track, the readings and the facts that plans are for."""
    return ", ".join(part for part in (track, variant_words(variant)) if part)


class Choosing:
    """A student file and a programme, opened to choose among plans."""

    def __init__(
        self,
        student_path: Path,
        program_id: str | None,
        track: str | None,
        today: dt.date,
        catalogs: Sequence[Path],
    ) -> None:
        opened = open_case(student_path, program_id, today, tuple(catalogs))
        self._tracks, readings = asked_ways(opened.program, opened.student, track)
        self.opened = replace(opened, readings=readings)
        self.idle_wishes = idle_wishes(opened.student)
        self.readings = readings_told(opened.program, readings)
        self.today = today

    def cases(self) -> Iterator[tuple[str, Resolved, Student]]:
        """Yield each complete track asked for, under each reading and value of unknown facts."""
        opened = self.opened
        for track in self._tracks:
            if track.is_complete:
                student = on_track(opened.student, opened.program, track.id)
                for resolved in worlds_of(opened, student):
                    yield track.name, resolved, student

    def answer(self, title: str, cases: Sequence[ChoiceCase], seed: int) -> ChoicesAnswer:
        """Return the finished cases as one answer."""
        return ChoicesAnswer(
            title=title,
            student=self.opened.file.student.name,
            today=self.today,
            program=self.opened.program.id,
            program_name=self.opened.program.name,
            catalog_year=self.opened.program.catalog_year,
            cases=tuple(cases),
            seed=seed,
            idle_wishes=self.idle_wishes,
            readings=self.readings,
        )
