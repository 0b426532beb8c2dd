"""Plans for a person who asks nothing, solved once and kept: what claims are held against."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from prospectus.app.kept_answers import first_day, key_of, read, write
from prospectus.app.library import Library
from prospectus.app.options import Track, all_readings, on_track, tracks
from prospectus.app.solving import Effort, solve
from prospectus.domain.course import CourseCode
from prospectus.domain.errors import DomainError, UnsupportedError
from prospectus.domain.meaning import resolve
from prospectus.domain.program import Program
from prospectus.domain.record import Record
from prospectus.domain.student import Level, Person, Student, Wishes
from prospectus.store.cache import Cache

_NAME = "claims"
_MODULES = ("claim_planner",)


class NotKept(Exception):  # no error: what is asked has not been solved yet
    """A plan that is needed has not been solved yet, and nothing may be solved."""


def complete_tracks(program: Program) -> tuple[Track, ...]:
    """Return the tracks whose rules are complete: only these are planned."""
    return tuple(track for track in tracks(program) if track.is_complete)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How planning ended: `optimal`, `infeasible`, or another status without a proof."""

    status: str
    finish: dt.date | None = None

    @property
    def is_final(self) -> bool:
        """Return whether more time would change nothing."""
        return self.status in ("optimal", "infeasible")


@dataclass(frozen=True, slots=True, kw_only=True)
class Planner:
    """Solves for a person who asks nothing; what was proven once is kept.

    `may_solve` False asks for what is kept alone.
    """

    library: Library
    today: dt.date
    effort: Effort
    may_solve: bool = True
    kept: Cache = field(default_factory=Cache.default)

    def begin(self, program: Program) -> dt.date:
        """Return the first day of the programme's next period: answers hold until then."""
        return first_day(program, self.library.school(program), self.today)

    def earliest(
        self, program: Program, track: Track, *, without: frozenset[CourseCode] = frozenset()
    ) -> Ended:
        """Return the earliest finish on a track without some courses.

        Raises
        ------
        NotKept
            When it would have to be solved and may not.
        """
        school, begin = self.library.school(program), self.begin(program)
        assumptions = self.library.assumptions_of(program)
        effort = (self.effort.seed, self.effort.workers)
        asked = (effort, track.id, begin, without)
        key = key_of(_MODULES, program, school, assumptions, *asked)
        found = read(self.kept, _NAME, key, Ended)
        if found is not None:
            return found
        if not self.may_solve:
            raise NotKept
        wishes = Wishes(
            hours_per_week=None,
            hours_are_assumed=False,
            levels=(Level.FINISH,),
            unwanted=tuple(sorted(without)),
        )
        anyone = Student(
            matriculation=begin, plan_from=begin, record=Record(matriculation=begin), wishes=wishes
        )
        student = on_track(anyone, program, track.id)
        ends = []
        try:
            for resolved in resolve(
                program, school, Person(), all_readings(program)[0], assumptions
            ):
                one = solve(
                    resolved, student, begin, self.effort, n_levels=1, explain_conflict=False
                )
                finish = None if one.appraisal is None else one.appraisal.finish
                ends.append(Ended(status=one.result.status.value, finish=finish))
        except (DomainError, UnsupportedError) as error:
            return Ended(status=f"cannot be planned: {error.faults[0].what}")
        worst = max(ends, key=_badness)
        if worst.is_final:
            write(self.kept, _NAME, key, worst)
        return worst


def _badness(ended: Ended) -> tuple[bool, bool, dt.date]:
    return (not ended.is_final, ended.finish is None, ended.finish or dt.date.max)
