"""What a choice costs: the Pareto front between two or three levels, case by case."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing

from prospectus.app.plan_choices import ChoiceStream, Choosing, Ended, Offered, why_open
from prospectus.app.solving import Effort
from prospectus.domain.errors import UsageError
from prospectus.domain.printer import long_day
from prospectus.domain.program import Resolved
from prospectus.domain.student import Level, Student
from prospectus.planning.result import PlanStatus

TITLE = "what a choice costs"


def levels_named(text: str) -> tuple[Level, ...]:
    """Return the two or three levels that a call names.

    Raises
    ------
    UsageError
        USE-022 when it names another number of them, or one that there is not.
    """
    known = {level.value: level for level in Level}
    names = [part.strip().casefold() for part in text.split(",") if part.strip()]
    strange = [name for name in names if name not in known]
    if strange or not 2 <= len(set(names)) <= 3:
        what = f"'{strange[0]}' is no level of a plan" if strange else "a front has 2 or 3 levels"
        raise UsageError("USE-022", what=what, fix=f"name 2 or 3 of {', '.join(known)}")
    return tuple(dict.fromkeys(known[name] for name in names))


def front_streams(
    choosing: Choosing, levels: tuple[Level, ...], effort: Effort, terms_later: int
) -> Iterator[ChoiceStream]:
    """Yield the front of each case, to be read as it is found."""
    for track, resolved, student in choosing.cases():
        yield _stream(choosing, track, resolved, student, levels, effort, terms_later)


def _stream(
    choosing: Choosing,
    track: str,
    resolved: Resolved,
    student: Student,
    levels: tuple[Level, ...],
    effort: Effort,
    terms_later: int,
) -> ChoiceStream:
    # The solver takes a second to load, which `--help` must not pay.
    from prospectus.planning.front import Front

    front = Front(
        resolved,
        student,
        student.record,
        choosing.today,
        levels,
        seconds=effort.seconds,
        seed=effort.seed,
        workers=effort.workers,
        memory=effort.memory,
        terms_later=terms_later,
    )

    def offered() -> Generator[Offered, None, None]:
        with closing(front.points()) as points:
            for point in points:
                yield point.result, ()

    def ended() -> Ended:
        end = front.end
        assert end is not None, "a stream that was read has ended"
        extent = ""
        if end.first_day is not None and end.last_day is not None:
            extent = f"plans that end from {long_day(end.first_day)} to {long_day(end.last_day)}"
        why = why_open(end.was_stopped, effort.memory if end.is_out_of_memory else None)
        said = {
            PlanStatus.OPTIMAL: f"Complete: of all {extent} none beats one of these on one of the "
            "levels without losing on another.",
            PlanStatus.FEASIBLE: f"Not complete: {why}. Each of these is proven: no plan "
            f"beats it without losing on a level. More may exist among {extent}.",
            PlanStatus.INFEASIBLE: "No plan is possible: `prospectus plan` says what is in the "
            "way.",
            PlanStatus.UNKNOWN: f"No plan was proven before {why}.",
        }[end.status]
        left_out = [level.value for level in levels if level not in end.levels]
        more = [f"Left out, since some fee is unknown: {', '.join(left_out)}."] if left_out else []
        return Ended(
            columns=tuple(level.value for level in end.levels),
            status=end.status,
            said=(said, *more),
            was_stopped=end.was_stopped,
            certificate=end.certificate,
        )

    columns = tuple(level.value for level in levels)
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
