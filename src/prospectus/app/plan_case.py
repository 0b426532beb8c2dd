"""The best plan over the tracks that a call leaves open, kept with all it was found from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace

from prospectus.app.degree_plan import Opened
from prospectus.app.options import Track, on_track
from prospectus.app.solving import Effort, Solved, solve
from prospectus.domain.meaning import resolve
from prospectus.domain.program import Resolved
from prospectus.domain.student import Student
from prospectus.planning.result import PlanStatus


def worlds_of(opened: Opened, student: Student) -> Iterator[Resolved]:
    """Yield the rules for a person under each reading and each value of unknown facts."""
    program, school = opened.program, opened.school
    assumptions = opened.library.assumptions_of(program)
    for reading in opened.readings:
        yield from resolve(program, school, student.person, reading, assumptions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The plan that is talked about: the best over the tracks asked for, and how it was found."""

    opened: Opened
    track: Track
    solved: Solved
    today: dt.date
    effort: Effort
    is_one_of_several: bool

    @property
    def variant(self) -> tuple[tuple[str, str], ...]:
        """Return the readings and facts under which the plan holds."""
        return self.solved.resolved.readings + self.solved.resolved.branches


def choose(
    opened: Opened,
    student: Student,
    tracks: tuple[Track, ...],
    today: dt.date,
    effort: Effort,
    *,
    before: Solved | None = None,
) -> Chosen:
    """Return the best plan of some tracks for a student: it ends first, then costs least.

    Without any plan it is the answer of the first track. `before` is an answer given already.
    """
    found: list[Chosen] = []
    for track in tracks:
        mine = on_track(student, opened.program, track.id)
        for resolved in worlds_of(opened, mine):
            solved = solve(resolved, mine, today, effort, before=before)
            found.append(
                Chosen(
                    opened=opened,
                    track=track,
                    solved=solved,
                    today=today,
                    effort=effort,
                    is_one_of_several=False,
                )
            )
    best = min(found, key=_rank)
    return replace(best, is_one_of_several=len(found) > 1)


def _rank(chosen: Chosen) -> tuple[int, dt.date, int]:
    seen, status = chosen.solved.appraisal, chosen.solved.result.status
    if seen is None:
        return 1 if status is PlanStatus.UNKNOWN else 2, dt.date.max, 0
    return 0, seen.finish, seen.cost.minor if seen.cost is not None else 2**62
