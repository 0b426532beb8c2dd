"""The best plan if something were otherwise, against the best plan as it is."""

from __future__ import annotations

from dataclasses import dataclass, replace

from prospectus.app.impossible_answers import BlameLine
from prospectus.app.plan_case import Chosen
from prospectus.app.plan_near import near
from prospectus.app.plan_words import LevelChange, level_changes, plan_differences
from prospectus.app.solving import Effort, Solved, solve
from prospectus.app.why_impossible import blamed
from prospectus.catalogs.student_parts import StudentFile
from prospectus.domain.course import CourseCode
from prospectus.domain.student import Wishes
from prospectus.domain.wish import CourseWish, Placed
from prospectus.planning.result import Conflict, PlanStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Supposed:
    """What is supposed, and what it changes.

    `levels` are those proven on both sides; `is_settled` says whether that is all of them, or that
    no plan exists is proven. `differences` says what moves; `conflict` what forbids it, `blamed`
    that with its sources. `supposed` are ids of wishes in it that are not the person's own.
    """

    id: str
    text: str
    status: PlanStatus
    levels: tuple[LevelChange, ...] = ()
    is_settled: bool
    differences: tuple[str, ...] = ()
    conflict: tuple[Conflict, ...] = ()
    conflict_is_minimal: bool = False
    blamed: tuple[BlameLine, ...] = ()
    supposed: tuple[str, ...] = ()
    was_stopped: bool = False

    @property
    def is_possible(self) -> bool:
        """Return whether there is a plan."""
        return self.status in (PlanStatus.OPTIMAL, PlanStatus.FEASIBLE)

    @property
    def is_free(self) -> bool:
        """Return whether it changes no level, which is proven."""
        return self.is_possible and self.is_settled and not any(one.text for one in self.levels)

    @property
    def changes(self) -> str:
        """Return the levels that differ, in words."""
        return "; ".join(one.text for one in self.levels if one.text)


def free(id: str, text: str) -> Supposed:
    """Return what is known to change nothing without a new plan."""
    return Supposed(id=id, text=text, status=PlanStatus.OPTIMAL, is_settled=True)


def suppose(
    chosen: Chosen,
    wishes: Wishes,
    id: str,
    text: str,
    *,
    effort: Effort | None = None,
    n_levels: int | None = None,
    explain_conflict: bool = True,
    asked: tuple[str, ...] = (),
) -> Supposed:
    """Return what other wishes change; `asked` are texts of wishes that are only supposed."""
    before = chosen.solved
    # only then is what moves what has to
    wishes = near(wishes, before) if n_levels is None else wishes
    after = solve(
        before.resolved,
        replace(before.student, wishes=wishes),
        chosen.today,
        effort or chosen.effort,
        n_levels=n_levels,
        explain_conflict=explain_conflict,
        before=before,
    )
    return compared(before, after, id, text, file=chosen.opened.file, asked=asked)


def compared(
    before: Solved,
    after: Solved,
    id: str,
    text: str,
    *,
    file: StudentFile | None = None,
    asked: tuple[str, ...] = (),
    supposed: tuple[str, ...] = (),
) -> Supposed:
    """Return how an answer differs from the one before.

    A conflict names the lines of the student `file`, and leaves out wishes of the texts `asked`;
    `supposed` are ids of others that are not the person's own.
    """
    result = after.result
    conflict = tuple(one for one in result.conflict if one.text not in asked)
    if result.plan is None:
        return Supposed(
            id=id,
            text=text,
            status=result.status,
            is_settled=result.status is not PlanStatus.UNKNOWN,
            conflict=conflict,
            conflict_is_minimal=result.conflict_is_minimal,
            blamed=() if file is None else blamed(conflict, after.resolved, file),
            supposed=supposed,
            was_stopped=result.certificate.was_stopped,
        )
    levels, is_settled = level_changes(before, after)
    return Supposed(
        id=id,
        text=text,
        status=result.status,
        levels=levels,
        is_settled=is_settled,
        differences=plan_differences(before, after),
        was_stopped=result.certificate.was_stopped,
    )


def named_goals(wishes: Wishes) -> Wishes:
    """Return the same wishes with goals named one by one, so that what is added is a must."""
    ids = {
        "wanted": [f"wanted {code}" for code in wishes.wanted],
        "unwanted": [f"unwanted {one}" for one in (*wishes.unwanted, *wishes.unwanted_topics)],
        "place": [wish.id for wish in wishes.about if isinstance(wish, Placed)],
    }
    goals = {id for goal in wishes.goals for id in ids.get(goal, [goal])}
    return replace(wishes, goals=frozenset(goals))


def not_asked_for(wishes: Wishes, code: CourseCode) -> Wishes:
    """Return the wishes without those that ask for a course or put it somewhere."""
    return replace(
        wishes,
        wanted=tuple(one for one in wishes.wanted if one != code),
        about=tuple(one for one in wishes.about if not _puts(one, code)),
    )


def _puts(wish: CourseWish, code: CourseCode) -> bool:
    return isinstance(wish, Placed) and wish.inside and wish.course == code
