"""The best plan of a programme over its tracks, for one person, in a world that may be changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from prospectus.app.binding import bind
from prospectus.app.options import Variant, all_readings, chosen_track, on_track, tracks
from prospectus.app.solving import Effort, Solved, solve
from prospectus.app.worlds import World
from prospectus.catalogs.student_parts import StudentFile
from prospectus.domain.meaning import resolve
from prospectus.domain.student import Level, Student

_TOLD = (Level.FINISH, Level.COST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Best:
    """The best of the tracks, by finish and then by price, and the track it is on."""

    solved: Solved
    track: str | None


def best_plan(
    world: World,
    file: StudentFile,
    today: dt.date,
    effort: Effort,
    *,
    reading: Variant | None = None,
    change: Callable[[Student], Student] = lambda student: student,
) -> Best | None:
    """Return the best plan over the tracks that are open; None where no track is complete.

    Of what a person leaves unsaid the worst is taken: an answer that only holds if they knew more
    would promise too much. Levels behind finish and price are not looked at.

    Parameters
    ----------
    world
        The programme, its school and the assumptions that hold.
    file, today, effort
        The person, the day on which it is asked, and how hard to look.
    reading
        How disputed texts are read; the first reading when None.
    change
        What is done to the person, once bound to the programme, before planning.
    """
    program, school = world.program, world.school
    bound = change(bind(file, program, school))
    chosen = chosen_track(program, bound)
    found = []
    for track in tracks(program):
        if not track.is_complete or chosen not in (None, track.id):
            continue
        student = on_track(bound, program, track.id)
        levels = student.wishes.levels
        n_levels = 1 + max((levels.index(one) for one in _TOLD if one in levels), default=0)
        branches = [
            solve(resolved, student, today, effort, n_levels=n_levels, explain_conflict=False)
            for resolved in resolve(
                program,
                school,
                student.person,
                reading or all_readings(program)[0],
                world.assumptions,
            )
        ]
        found.append(Best(solved=max(branches, key=_rank), track=track.id))
    return min(found, key=lambda best: _rank(best.solved), default=None)


def _rank(solved: Solved) -> tuple[dt.date, int]:
    appraisal = solved.appraisal
    if appraisal is None:
        return (dt.date.max, 2**62)
    return (appraisal.finish, appraisal.cost.minor if appraisal.cost is not None else 2**61)
