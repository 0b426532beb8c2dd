"""One plan, solved and then re-checked by the definition of the rules before anyone sees it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial

from prospectus.app.approvals import approvals_used
from prospectus.app.plan_trim import trimmed
from prospectus.domain.errors import InternalError
from prospectus.domain.meaning import appraise, judge
from prospectus.domain.plan import Appraisal, Plan, Standing, Verdict
from prospectus.domain.program import Resolved
from prospectus.domain.record import Record
from prospectus.domain.student import Level, LimitByRange, Student, Wishes
from prospectus.planning.result import PlanResult, PlanStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How hard to look: seconds for each plan, the seed, solver workers, megabytes in all."""

    seconds: float = 30.0
    seed: int = 0
    workers: int = 1
    memory: int = 4096


DEFAULT_EFFORT = Effort()


@dataclass(frozen=True, slots=True, kw_only=True)
class Solved:
    """The planner's answer with its re-check; the record holds the planned attempts."""

    resolved: Resolved
    student: Student
    record: Record
    result: PlanResult
    verdict: Verdict | None = None
    appraisal: Appraisal | None = None


def solve(
    resolved: Resolved,
    student: Student,
    today: dt.date,
    effort: Effort,
    *,
    n_levels: int | None = None,
    explain_conflict: bool = True,
    before: Solved | None = None,
) -> Solved:
    """Return the best plan, judged and appraised; the keywords are those of `planning.solve`.

    `before` is an answer for the same rules: what it proves for a person who wishes the same, but
    for courses in places of theirs, is not proven anew.

    Raises
    ------
    InternalError
        INT-001 when the plan breaks a rule or a wish, or its values are not what it claims.
    """
    # The solver takes a second to load, which `--help` and `show` must not pay.
    from prospectus.planning.again import plan_again
    from prospectus.planning.solve import plan

    ask = plan
    if before is not None and before.resolved == resolved:
        ask = partial(plan_again, before=before.result, asked=before.student)
    result = ask(
        resolved,
        student,
        student.record,
        today,
        seconds=effort.seconds,
        seed=effort.seed,
        workers=effort.workers,
        memory=effort.memory,
        n_levels=n_levels,
        explain_conflict=explain_conflict,
    )
    result = trimmed(resolved, student, result, today)
    if result.plan is None:
        return Solved(resolved=resolved, student=student, record=student.record, result=result)
    return recheck(resolved, student, result, result.plan, today)


def recheck(
    resolved: Resolved, student: Student, result: PlanResult, plan: Plan, today: dt.date
) -> Solved:
    """Return the answer with verdict and appraisal, having held the one to the other.

    Raises
    ------
    InternalError
        INT-001 when they disagree.
    """
    record = replace(student.record, attempts=student.record.attempts + plan.attempts)
    verdict = judge(resolved, record, plan.witness, today)
    appraisal = appraise(resolved, student, record, plan.witness, today)
    wrong = [breach.text for breach in (*verdict.faults, *verdict.breaches)]
    if not wrong and verdict.degree is Standing.UNMET:
        unmet = [str(node.node) for node in verdict.nodes if node.standing is Standing.UNMET]
        wrong = [f"not met: {', '.join(unmet)}"]
    wrong += [breach.text for breach in appraisal.wishes_broken]
    wrong += _differences(result, appraisal)
    if wrong:
        raise InternalError(
            "INT-001",
            what=f"the plan found for {resolved.program.id} fails its own re-check: "
            + "; ".join(wrong[:3]),
            fix="please report this with the student file; no plan is shown that fails it",
        )
    leans_on = approvals_used(resolved, record, plan.witness, verdict, result.approvals, today)
    return Solved(
        resolved=resolved,
        student=student,
        record=record,
        result=replace(result, approvals=leans_on),
        verdict=verdict,
        appraisal=appraisal,
    )


def _differences(result: PlanResult, appraisal: Appraisal) -> list[str]:
    """Return the levels whose value is not what the appraisal says."""
    values = {name: Fraction(value) for name, value in appraisal.levels if value is not None}
    values["credits"] = appraisal.credits
    return [
        f"{level.level} is {level.value} by the planner and {values[level.level]} by appraisal"
        for level in result.levels
        # A price that the planner could not compute is none that it got wrong.
        if level.level in values
        and level.value not in (None, values[level.level])
        # goals are counted as missed until they are proven to be kept
        and not (level.level == "goals" and not level.is_proven)
    ]


def finish_with_fewer_hours(
    solved: Solved, hours_per_week: int, today: dt.date, effort: Effort
) -> tuple[PlanStatus, dt.date | None]:
    """Return how planning ends, and the day of finishing, with at most so many hours a week."""
    student = replace(solved.student, wishes=_capped(solved.student.wishes, hours_per_week))
    again = solve(solved.resolved, student, today, effort, n_levels=1, explain_conflict=False)
    return again.result.status, None if again.appraisal is None else again.appraisal.finish


def least_hours(
    solved: Solved, today: dt.date, effort: Effort
) -> tuple[int | None, dt.date | None]:
    """Return the least weekly hours that any plan takes, and the earliest finish with them."""
    wishes = replace(
        solved.student.wishes,
        hours_per_week=None,
        hours_by_range=(),
        levels=(Level.PEAK, Level.FINISH),
    )
    student = replace(solved.student, wishes=wishes)
    again = solve(solved.resolved, student, today, effort, n_levels=2, explain_conflict=False)
    if again.appraisal is None:
        return None, None
    return again.appraisal.peak_hours, again.appraisal.finish


def relaxed(
    solved: Solved, wishes: Collection[str], today: dt.date, effort: Effort
) -> Appraisal | None:
    """Return the best plan's figures without some wishes, named by their ids in a conflict.

    None where no plan is left even so, or none was found in time.
    """
    from prospectus.planning.changes import without

    dropped = solved.student.wishes
    for wish in sorted(wishes):
        dropped = without(dropped, wish)
    student = replace(solved.student, wishes=dropped)
    n_levels = len(student.wishes.levels)
    again = solve(
        solved.resolved, student, today, effort, n_levels=n_levels, explain_conflict=False
    )
    return again.appraisal


def _capped(wishes: Wishes, hours: int) -> Wishes:
    def cap(limit: int | None) -> int:
        return hours if limit is None else min(limit, hours)

    return replace(
        wishes,
        hours_per_week=cap(wishes.hours_per_week),
        hours_by_range=tuple(
            LimitByRange(days=item.days, limit=cap(item.limit)) for item in wishes.hours_by_range
        ),
        levels=(Level.FINISH,),
    )
