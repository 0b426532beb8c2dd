"""Dates, money, hours and wishes of a plan."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from prospectus.domain.facts import Money
from prospectus.domain.meaning.hours import hours_of
from prospectus.domain.meaning.judging import last_day
from prospectus.domain.meaning.levels import level_values
from prospectus.domain.meaning.matching import nodes
from prospectus.domain.meaning.money import PaidBack, bills, paid_back
from prospectus.domain.meaning.setting import Setting
from prospectus.domain.meaning.uses import uses
from prospectus.domain.meaning.wishes_about import unknown_to_avoid
from prospectus.domain.meaning.wishes_kept import Asked, broken_wishes
from prospectus.domain.plan import Appraisal, Breach, Due, Witness
from prospectus.domain.program import Resolved
from prospectus.domain.record import Attempt, Record
from prospectus.domain.student import Level, Student, Wishes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reckoned:
    """What wishes are asked of, and what money and hours rest on or leave open."""

    asked: Asked
    back: PaidBack
    unknown_fees: set[str]
    unknown_hours: set[str]
    assumptions: set[str]


def wishes_broken(
    resolved: Resolved, student: Student, record: Record, witness: Witness, today: dt.date
) -> tuple[Breach, ...]:
    """Return the broken wishes of an appraisal, without its values."""
    asked = _reckoned(resolved, student, record, witness, today).asked
    is_goal = student.wishes.is_goal
    return tuple(breach for breach in broken_wishes(asked) if not is_goal(breach.rule))


def _reckoned(
    resolved: Resolved, student: Student, record: Record, witness: Witness, today: dt.date
) -> _Reckoned:
    setting = Setting(resolved, record, today)
    planned = [attempt for attempt in record.attempts if attempt.is_planned]
    open_ones = [attempt for attempt in record.attempts if attempt.is_open]
    billed, unknown_fees, fee_assumptions = bills(setting, planned, student.wishes.rates_grow)
    back = paid_back(setting, student.wishes.aid, billed, planned)
    hours, hour_assumptions, unknown_hours = _hours(setting, open_ones)
    asked = Asked(
        setting=setting,
        student=student,
        planned=tuple(planned),
        open=tuple(open_ones),
        owed=tuple(bill.due for bill in billed),
        paid_back=back.by_year,
        hours=hours,
        conferral=witness.conferral or last_day(setting),
        has_unknown_fees=bool(unknown_fees),
    )
    return _Reckoned(
        asked=asked,
        back=back,
        unknown_fees=set(unknown_fees),
        unknown_hours=unknown_hours,
        assumptions={*fee_assumptions, *hour_assumptions},
    )


def appraise(
    resolved: Resolved, student: Student, record: Record, witness: Witness, today: dt.date
) -> Appraisal:
    """Return the values and broken wishes of a record whose planned attempts are the plan."""
    reckoned = _reckoned(resolved, student, record, witness, today)
    asked, back = reckoned.asked, reckoned.back
    setting, conferral, hours, owed = asked.setting, asked.conferral, asked.hours, asked.owed
    planned = list(asked.planned)
    cost = None if reckoned.unknown_fees else _sum(owed, resolved.school.currency)
    missing = _topics_missing(setting, student.wishes, conferral)
    broken = tuple(broken_wishes(asked))
    is_goal = student.wishes.is_goal
    goals = tuple(breach for breach in broken if is_goal(breach.rule))
    known = {
        Level.GOALS: len(goals),
        Level.FINISH: conferral.toordinal(),
        Level.COST: None if cost is None else cost.minor,
        Level.OUT_OF_POCKET: None if cost is None else cost.minor - sum(back.by_year.values()),
        Level.PEAK: max(hours.values(), default=0),
        Level.TOPICS: missing,
    }
    levels = level_values(setting, student, planned, hours, known)
    unknown = unknown_to_avoid(setting, student.wishes, planned)
    return Appraisal(
        finish=conferral,
        credits=sum((a.credits for a in planned), Fraction(0)),
        dues=owed,
        cost=cost,
        hours=tuple(sorted(hours.items())),
        peak_hours=max(hours.values(), default=0),
        topics_missing=missing,
        wishes_broken=tuple(breach for breach in broken if not is_goal(breach.rule)),
        goals_missed=goals,
        paid_back=tuple(
            (year, Money(minor=minor, currency=resolved.school.currency))
            for year, minor in sorted(back.by_year.items())
        ),
        aid_grades=tuple(sorted(back.grades)),
        levels=tuple((level.value, value) for level, value in levels.items()),
        assumptions=tuple(sorted({*reckoned.assumptions, *_rests_on(setting, planned)})),
        unknown=tuple(
            sorted({*reckoned.unknown_fees, *reckoned.unknown_hours, *unknown, *back.unknown})
        ),
    )


def _sum(owed: Sequence[Due], currency: str) -> Money:
    return Money(minor=sum(due.amount.minor for due in owed), currency=currency)


def _rests_on(setting: Setting, planned: list[Attempt]) -> set[str]:
    """Return the assumptions behind the dates, the offerings and the rules that a plan keeps."""
    resolved = setting.resolved
    found: set[str | None] = set()
    for attempt in planned:
        leaves = setting.leaves(attempt)
        for leaf in (resolved.calendar.leaves[index] for index in leaves):
            if not leaf.published:
                found.add(leaf.provenance.assumption)
        found |= {run.assumption for run in resolved.runs_in(attempt.course, leaves)}
    headers = [node.header for node in nodes(resolved.tree)]
    headers += [rule.header for rule in resolved.rules]
    headers += [load.header for load in resolved.program.enrolment.loads]
    found |= {header.provenance.assumption for header in headers}
    found.add(resolved.program.enrolment.provenance.assumption)
    return {assumption for assumption in found if assumption is not None}


def _hours(setting: Setting, attempts: list[Attempt]) -> tuple[dict[int, int], set[str], set[str]]:
    """Return weekly hours by leaf index, the assumptions used, and what is unknown."""
    load: dict[int, int] = defaultdict(int)
    assumptions: set[str] = set()
    unknown: set[str] = set()
    for attempt in attempts:
        hours, assumption = hours_of(setting, attempt)
        if hours is None:
            unknown.add(f"hours of {attempt.course}")
            continue
        if assumption is not None:
            assumptions.add(assumption)
        for leaf in setting.leaves(attempt):
            load[leaf] += hours
    return dict(load), assumptions, unknown


def _topics_missing(setting: Setting, wishes: Wishes, conferral: dt.date) -> int:
    """Return how many wanted topics no use covers, by topic or area, in any case."""
    covered: set[str] = set()
    for use in uses(setting, conferral):
        covered |= {text.casefold() for text in setting.topics(use.attempt)}
        if use.course is not None:
            covered |= {text.casefold() for text in use.course.topics | use.course.areas}
    return sum(1 for topic in wishes.wanted_topics if topic.casefold() not in covered)
