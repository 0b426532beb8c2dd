"""Positions: when courses may stand in the course of study, and the points they refer to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from fractions import Fraction

from prospectus.domain.meaning.holding import Holding
from prospectus.domain.meaning.matching import matches
from prospectus.domain.meaning.setting import LONG_AGO, Setting, Use, add_months
from prospectus.domain.period import Calendar
from prospectus.domain.plan import Breach
from prospectus.domain.record import Attempt, AttemptStatus
from prospectus.domain.requirement import Milestone
from prospectus.domain.rule import Point, PointKind, Position, Span, SpanUnit

Found = tuple[bool, Breach]
"""Whether it breaks the plan (else it is a note), and what."""

STARTED = (
    AttemptStatus.PASSED,
    AttemptStatus.IN_PROGRESS,
    AttemptStatus.REGISTERED,
    AttemptStatus.PLANNED,
)


def started(setting: Setting) -> Iterator[Attempt]:
    """Yield the attempts that occupy periods, whose start an order rule can speak of."""
    for attempt in setting.record.attempts:
        if attempt.status in STARTED and setting.leaves(attempt):
            yield attempt


def position_faults(holding: Holding, conferral: dt.date) -> Iterator[Found]:
    """Yield the positions that attempts do not keep."""
    setting = holding.setting
    for rule in setting.resolved.rules:
        if not isinstance(rule, Position) or setting.is_excepted(rule.header.id):
            continue
        for attempt in started(setting):
            if matches(rule.of, setting.use(attempt), setting) is not True:
                continue
            for text in _position_faults(rule, attempt, holding, conferral):
                breaks = attempt.is_planned and rule.required
                yield breaks, Breach(rule=rule.header.id, text=text, attempts=(attempt.id,))


def milestone_notes(holding: Holding, conferral: dt.date) -> Iterator[Found]:
    """Yield by when milestones are to be passed: they lie in no period, so none breaks a plan."""
    setting = holding.setting
    for node in holding.active.values():
        if not isinstance(node, Milestone) or node.by is None:
            continue
        day = latest_day(node.by, setting, conferral)
        if day is None or setting.is_excepted(node.header.id):
            continue
        results = [r for r in setting.record.milestones if r.milestone == node.header.id]
        passed = [r for r in results if r.status is AttemptStatus.PASSED]
        # one passed on an unknown day is given the benefit of the doubt
        if any(result.on is None or result.on <= day for result in passed):
            continue
        if passed:
            text = f"{node.header.name} was passed after {day}"
        elif day < setting.today:
            text = f"{node.header.name} was not passed by {day}"
        else:
            text = f"{node.header.name} has to be passed by {day}"
        yield False, Breach(rule=node.header.id, text=text)


def _position_faults(
    rule: Position, attempt: Attempt, holding: Holding, conferral: dt.date
) -> Iterator[str]:
    setting, name = holding.setting, attempt.course
    if rule.start_from is not None and not _is_from(rule.start_from, attempt, holding, conferral):
        yield f"{name} starts earlier than it may"
    if rule.by is not None and not _is_by(rule.by, attempt, holding, conferral):
        yield f"{name} ends later than it may"
    others = [a for a in started(setting) if a.id != attempt.id]
    mine = set(setting.leaves(attempt))
    if rule.alone and any(mine & set(setting.leaves(other)) for other in others):
        yield f"{name} has to be taken alone"
    if rule.adjacent_to is not None and not _is_adjacent(rule.adjacent_to, attempt, setting):
        yield f"{name} has to follow {rule.adjacent_to} in the next period it is offered"


def _is_adjacent(code: str, attempt: Attempt, setting: Setting) -> bool:
    before = [a for a in started(setting) if code in setting.names(a)]
    if not before:
        return False
    after = max(max(setting.leaves(a)) for a in before)
    offered = setting.resolved.runs_of(attempt.course)
    chances = [run.leaves[0] for run in offered if run.leaves[0] > after]
    return bool(chances) and min(setting.leaves(attempt)) == min(chances)


def _is_from(point: Point, attempt: Attempt, holding: Holding, conferral: dt.date) -> bool:
    setting = holding.setting
    start = setting.start(attempt)
    match point.kind:
        case PointKind.MATRICULATION | PointKind.CONFERRAL:
            return start >= earliest_day(point, setting, conferral)
        case PointKind.FINISHED:
            return _finished(point, attempt, holding) >= _wanted(point)
        case PointKind.NODE_START | PointKind.NODE_END:
            days = _node_days(point, attempt, holding)
            if not days:
                return True
            if point.kind is PointKind.NODE_START:
                return start >= min(first for first, _ in days)
            return start >= max(last for _, last in days)


def _is_by(point: Point, attempt: Attempt, holding: Holding, conferral: dt.date) -> bool:
    setting = holding.setting
    end = setting.end(attempt)
    match point.kind:
        case PointKind.MATRICULATION | PointKind.CONFERRAL:
            limit = latest_day(point, setting, conferral)
            return limit is None or end <= limit
        case PointKind.FINISHED:
            return _finished(point, attempt, holding) < _wanted(point)
        case PointKind.NODE_START | PointKind.NODE_END:
            days = _node_days(point, attempt, holding)
            if not days:
                return True
            if point.kind is PointKind.NODE_START:
                return end <= min(first for first, _ in days)
            return end <= max(last for _, last in days)


def _node_days(
    point: Point, attempt: Attempt | None, holding: Holding
) -> list[tuple[dt.date, dt.date]]:
    """Return the first and last day of what a node holds, but for the attempt itself."""
    assert point.node is not None
    setting = holding.setting
    return [
        (setting.start(item.use.attempt), setting.end(item.use.attempt))
        for leaf in holding.leaves()
        if holding.is_below(leaf.header.id, point.node)
        for item in holding.held[leaf.header.id]
        if (attempt is None or item.use.id != attempt.id) and not item.use.hypothetical
    ]


def _finished(point: Point, attempt: Attempt, holding: Holding) -> Fraction:
    """Return the credits or courses of the point's selector that ended before the attempt."""
    setting = holding.setting
    start = setting.start(attempt)
    total = Fraction(0)
    for use in holding.uses.values():
        if use.hypothetical or use.id == attempt.id or setting.end(use.attempt) > start:
            continue
        total += _counts(point, use, setting)
    return total


def day_reached(point: Point, holding: Holding) -> dt.date | None:
    """Return the day on which enough is finished, or a node starts or ends; None: not yet."""
    setting = holding.setting
    real = [use for use in holding.uses.values() if not use.hypothetical]
    match point.kind:
        case PointKind.FINISHED:
            total = Fraction(0)
            for use in sorted(real, key=lambda use: setting.end(use.attempt)):
                total += _counts(point, use, setting)
                if total >= _wanted(point):
                    return setting.end(use.attempt)
            return None
        case PointKind.NODE_START:
            return min((first for first, _ in _node_days(point, None, holding)), default=None)
        case PointKind.NODE_END:
            return max((last for _, last in _node_days(point, None, holding)), default=None)
        case _:
            return None


def _counts(point: Point, use: Use, setting: Setting) -> Fraction:
    """Return the credits or courses that a use adds to what a point counts."""
    if point.of is not None and matches(point.of, use, setting) is not True:
        return Fraction(0)
    return Fraction(not use.is_waiver) if point.courses is not None else use.credits


def _wanted(point: Point) -> Fraction:
    if point.courses is not None:
        return Fraction(point.courses)
    assert point.credits is not None
    return point.credits


def _term_at(calendar: Calendar, day: dt.date) -> int:
    """Return the index of the last term that starts on or before a day."""
    return max((i for i, term in enumerate(calendar.terms) if term.start <= day), default=0)


def earliest_day(point: Point, setting: Setting, conferral: dt.date) -> dt.date:
    """Return the first day on which something `from` this point may start."""
    calendar, span = setting.resolved.calendar, point.span or Span(n=0, unit=SpanUnit.MONTH)
    if point.kind is PointKind.MATRICULATION:
        if span.unit is SpanUnit.TERM:
            place = min(setting.matriculation_term() + span.n, len(calendar.terms) - 1)
            return calendar.terms[place].start
        if span.unit is SpanUnit.SESSION:
            first = calendar.first_leaf_from(setting.matriculation())
            return calendar.leaves[min(first + span.n, len(calendar.leaves) - 1)].start
        return add_months(setting.matriculation(), _months(span))
    if span.unit is SpanUnit.TERM:
        return calendar.terms[max(0, _term_at(calendar, conferral) - span.n + 1)].start
    if span.unit is SpanUnit.SESSION:
        last = max((i for i, x in enumerate(calendar.leaves) if x.start <= conferral), default=0)
        return calendar.leaves[max(0, last - span.n + 1)].start
    return add_months(conferral, -_months(span))


def latest_day(point: Point, setting: Setting, conferral: dt.date | None) -> dt.date | None:
    """Return the last day on which something `by` this point may end, None where not dated."""
    calendar, span = setting.resolved.calendar, point.span or Span(n=0, unit=SpanUnit.MONTH)
    if point.kind is PointKind.MATRICULATION:
        if span.unit is SpanUnit.TERM:
            place = setting.matriculation_term() + span.n - 1
            return calendar.terms[place].end if 0 <= place < len(calendar.terms) else None
        if span.unit is SpanUnit.SESSION:
            place = calendar.first_leaf_from(setting.matriculation()) + span.n - 1
            return calendar.leaves[place].end if 0 <= place < len(calendar.leaves) else None
        return add_months(setting.matriculation(), _months(span))
    if point.kind is PointKind.CONFERRAL and conferral is not None:
        if span.unit is SpanUnit.TERM:
            place = _term_at(calendar, conferral) - span.n
            return calendar.terms[place].end if place >= 0 else LONG_AGO
        if span.unit is SpanUnit.SESSION:
            last = max(
                (i for i, x in enumerate(calendar.leaves) if x.start <= conferral), default=0
            )
            return calendar.leaves[last - span.n].end if last >= span.n else LONG_AGO
        return add_months(conferral, -_months(span))
    return None


def _months(span: Span) -> int:
    return span.n * (12 if span.unit is SpanUnit.YEAR else 1)
