"""Plan a tiny degree and check the answer by the definition; degrees: `tests.degrees`."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from tests.degrees import START, TODAY

from prospectus.domain.meaning import appraise, judge
from prospectus.domain.plan import Appraisal, Standing, Verdict
from prospectus.domain.program import Resolved
from prospectus.domain.record import Attempt, Record
from prospectus.domain.student import Level, Student, Wishes
from prospectus.planning.result import PlanResult, PlanStatus
from prospectus.planning.solve import plan


@dataclass(frozen=True)
class Answer:
    """The planner's answer with what the definition says of its plan."""

    result: PlanResult
    verdict: Verdict | None = None
    appraisal: Appraisal | None = None

    @property
    def runs(self) -> dict[str, str]:
        """Return the first period of each planned course."""
        assert self.result.plan is not None, self.result.conflict
        return {str(a.course): a.periods[0] for a in self.result.plan.attempts}

    @property
    def held(self) -> dict[str, set[str]]:
        """Return the courses (or attempts on record) that each leaf holds."""
        assert self.result.plan is not None
        found: dict[str, set[str]] = {}
        for place in self.result.plan.witness.placements:
            found.setdefault(place.leaf, set()).add(place.attempt.removeprefix("plan:"))
        return found

    def value(self, level: str) -> int:
        """Return the value of a level."""
        value = next(item.value for item in self.result.levels if item.level == level)
        assert value is not None
        return int(value)

    @property
    def conflict(self) -> set[str]:
        """Return the ids of the wishes and rules in conflict."""
        return {item.id for item in self.result.conflict}


def plan_it(
    rules: Resolved,
    *attempts: Attempt,
    record: Record | None = None,
    choices: tuple[tuple[str, str], ...] = (),
    plan_from: dt.date = START,
    today: dt.date = TODAY,
    seconds: float = 60,
    check: bool = True,
    **wishes: object,
) -> Answer:
    """Plan for a person without an hour limit; check every plan with `judge` and `appraise`.

    `check=False` for a plan that rests on what is not yet granted.
    """
    wishes.setdefault("hours_per_week", None)
    student = Student(
        matriculation=START,
        plan_from=plan_from,
        choices=choices,
        wishes=Wishes(**wishes),  # type: ignore[arg-type]
    )
    begun = dt.date(2024, 1, 1) if attempts else dt.date(2026, 8, 20)
    record = record or Record(matriculation=begun, attempts=attempts)
    result = plan(rules, student, record, today, seconds=seconds)
    if result.plan is None or not check:
        return Answer(result)
    whole = replace(record, attempts=record.attempts + result.plan.attempts)
    verdict = judge(rules, whole, result.plan.witness, today)
    appraisal = appraise(rules, student, whole, result.plan.witness, today)
    answer = Answer(result, verdict, appraisal)
    assert verdict.is_legal, (verdict.faults, verdict.breaches)
    assert verdict.degree >= Standing.PENDING, verdict.nodes
    assert not appraisal.wishes_broken, appraisal.wishes_broken
    _same_values(answer, student)
    return answer


def _same_values(answer: Answer, student: Student) -> None:
    appraisal = answer.appraisal
    assert appraisal is not None
    seen: dict[str, object] = {
        Level.FINISH.value: appraisal.finish.toordinal(),
        Level.COST.value: None if appraisal.cost is None else appraisal.cost.minor,
        Level.PEAK.value: appraisal.peak_hours,
        Level.TOPICS.value: appraisal.topics_missing,
        "credits": appraisal.credits,
    }
    for level in answer.result.levels:
        if level.level in seen:
            assert level.value == seen[level.level], level
        if answer.result.status is PlanStatus.OPTIMAL and level.value is not None:
            assert level.is_proven, level
