"""A plan that is not proven best, without the courses that it does not need."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction

from prospectus.domain.meaning import appraise, judge
from prospectus.domain.plan import Plan, Standing
from prospectus.domain.program import Resolved
from prospectus.domain.student import Student
from prospectus.planning.result import PlanResult, PlanStatus

_CREDITS = "credits"
_ORDER = "order"


def trimmed(resolved: Resolved, student: Student, result: PlanResult, today: dt.date) -> PlanResult:
    """Return the answer without courses whose going keeps the plan legal and as good or better.

    A proven answer holds none. The tie-break behind the levels is dropped where something goes:
    it spoke of the plan as it was.
    """
    if result.plan is None or result.status is not PlanStatus.FEASIBLE:
        return result
    names = tuple(one.level for one in result.levels if one.value is not None)
    plan, values = result.plan, _values(resolved, student, result.plan, today)
    if values is None:
        return result
    n_before = len(plan.attempts)
    gone = True
    while gone:
        gone = False
        # what comes late is rarely needed by something else
        for attempt in sorted(plan.attempts, key=lambda one: one.periods, reverse=True):
            fewer = _without(plan, attempt.id)
            found = _values(resolved, student, fewer, today)
            if found is not None and _row(found, names) <= _row(values, names):
                plan, values, gone = fewer, found, True
    if len(plan.attempts) == n_before:
        return result
    levels = tuple(
        one if one.value is None else replace(one, value=values[one.level])
        for one in result.levels
        if one.level != _ORDER
    )
    return replace(result, plan=plan, levels=levels)


def _without(plan: Plan, attempt: str) -> Plan:
    witness = plan.witness
    return replace(
        plan,
        attempts=tuple(one for one in plan.attempts if one.id != attempt),
        witness=replace(
            witness,
            # judged at the end of what is left
            conferral=None,
            placements=tuple(one for one in witness.placements if one.attempt != attempt),
            allocations=tuple(
                replace(one, placements=tuple(p for p in one.placements if p.attempt != attempt))
                for one in witness.allocations
            ),
        ),
    )


def _values(
    resolved: Resolved, student: Student, plan: Plan, today: dt.date
) -> dict[str, Fraction | None] | None:
    """Return the levels of a plan; None where it breaks a rule or a wish."""
    record = replace(student.record, attempts=student.record.attempts + plan.attempts)
    verdict = judge(resolved, record, plan.witness, today)
    if not verdict.is_legal or verdict.degree is Standing.UNMET:
        return None
    appraisal = appraise(resolved, student, record, plan.witness, today)
    if appraisal.wishes_broken:
        return None
    levels = {name: None if v is None else Fraction(v) for name, v in appraisal.levels}
    return {**levels, _CREDITS: appraisal.credits}


def _row(values: dict[str, Fraction | None], names: tuple[str, ...]) -> tuple[Fraction, ...]:
    return tuple(value for name in names if (value := values.get(name)) is not None)
