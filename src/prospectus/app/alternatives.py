"""Other good plans, case by case: the best in order, or ones that differ by so many changes."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from fractions import Fraction

from prospectus.app.plan_choices import (
    MONEY_LEVELS,
    ChoiceStream,
    Choosing,
    Ended,
    Offered,
    why_open,
)
from prospectus.app.solving import Effort
from prospectus.app.words import count
from prospectus.domain.errors import UsageError
from prospectus.domain.program import Resolved
from prospectus.domain.student import Level, Student
from prospectus.planning.result import PlanStatus

TITLE = "other plans"


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherPlans:
    """How many plans are asked for, how far apart, and how much worse they may be.

    `by_courses`: only a course that one of two plans has is a change, not its time. `within` is
    in the units of `LevelResult`.
    """

    n_plans: int
    apart: int = 1
    by_courses: bool = False
    within: tuple[tuple[Level, int], ...] = ()


def losses_named(text: str | None) -> tuple[tuple[Level, int], ...]:
    """Return how much worse levels may be: `finish=30,cost=500`, in days and whole money.

    Raises
    ------
    UsageError
        USE-022 for a level that there is not, or a loss that is no number of 0 or more.
    """
    known = {level.value: level for level in Level}
    found: list[tuple[Level, int]] = []
    for part in (text or "").split(","):
        name, _, loss = (piece.strip() for piece in part.partition("="))
        if not name and not loss:
            continue
        try:
            amount = Fraction(loss)
        except (ValueError, ZeroDivisionError):
            amount = Fraction(-1)
        if name.casefold() not in known or amount < 0:
            raise UsageError(
                "USE-022",
                what=f"'{part.strip()}' does not say how much worse a level may be",
                fix="write e.g. finish=30,cost=500 (days; units of money); levels are "
                + ", ".join(known),
            )
        level = known[name.casefold()]
        in_cents = level.value in MONEY_LEVELS
        found.append((level, int(amount * 100 if in_cents else amount)))
    return tuple(dict(found).items())


def alternative_streams(
    choosing: Choosing, asked: OtherPlans, effort: Effort
) -> Iterator[ChoiceStream]:
    """Yield the plans of each case, to be read as they are found."""
    for track, resolved, student in choosing.cases():
        yield _stream(choosing, track, resolved, student, asked, effort)


def _stream(
    choosing: Choosing,
    track: str,
    resolved: Resolved,
    student: Student,
    asked: OtherPlans,
    effort: Effort,
) -> ChoiceStream:
    # The solver takes a second to load, which `--help` must not pay.
    from prospectus.planning.alternatives import Alternatives, Changes

    found = Alternatives(
        resolved,
        student,
        student.record,
        choosing.today,
        n_plans=asked.n_plans,
        apart=asked.apart,
        changes=Changes.COURSES if asked.by_courses else Changes.PERIODS,
        within=dict(asked.within),
        seconds=effort.seconds,
        seed=effort.seed,
        workers=effort.workers,
        memory=effort.memory,
    )
    columns = tuple(level.value for level in dict.fromkeys(student.wishes.levels))

    def offered() -> Generator[Offered, None, None]:
        with closing(found.plans()) as plans:
            for alternative in plans:
                yield alternative.result, alternative.distances

    def ended() -> Ended:
        end = found.end
        assert end is not None, "a stream that was read has ended"
        why = why_open(end.was_stopped, effort.memory if end.is_out_of_memory else None)
        return Ended(
            columns=columns,
            status=end.status,
            said=(_said(end.status, end.are_all, why, asked),),
            was_stopped=end.was_stopped,
            certificate=end.certificate,
        )

    return ChoiceStream(
        choosing.opened,
        track,
        resolved,
        student,
        choosing.today,
        columns,
        offered(),
        ended,
    )


def _said(status: PlanStatus, are_all: bool, why: str, asked: OtherPlans) -> str:
    far = f"at least {count(asked.apart, 'course' if asked.by_courses else 'change')} away from"
    proven = f"Each is proven the best, in your order of levels, of the plans {far} all before it."
    match status:
        case PlanStatus.OPTIMAL if are_all:
            return f"{proven} No further plan is that far away."
        case PlanStatus.OPTIMAL:
            return proven
        case PlanStatus.FEASIBLE:
            return f"Not complete: {why}. {proven}"
        case PlanStatus.INFEASIBLE:
            return "No plan is possible: `prospectus plan` says what is in the way."
        case _:
            return f"No plan was found before {why}."
