"""Order rules: prerequisites, gates, positions. They bind planned starts; on the past they note."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from fractions import Fraction

from prospectus.domain.expression import (
    And,
    CodeIs,
    CoursesOf,
    CreditsOf,
    Done,
    Expression,
    NodeDone,
    NOf,
    Not,
    Or,
    Selector,
    Soft,
    Softness,
)
from prospectus.domain.meaning.conditions import Moment, evaluate
from prospectus.domain.meaning.enrolment import enrolment_breaches, registered
from prospectus.domain.meaning.holding import Holding
from prospectus.domain.meaning.matching import Tri, leaves_below, matches
from prospectus.domain.meaning.setting import LONG_AGO, Setting, Use, add_months
from prospectus.domain.meaning.uses import history
from prospectus.domain.period import Calendar
from prospectus.domain.plan import Allocation, Breach
from prospectus.domain.record import Attempt, AttemptStatus
from prospectus.domain.requirement import (
    Gate,
    OnMiss,
    Point,
    PointKind,
    Position,
    Span,
    SpanUnit,
    TermsCount,
)

Found = tuple[bool, Breach]
"""Whether it breaks the plan (else it is a note), and what."""

_STARTED = (
    AttemptStatus.PASSED,
    AttemptStatus.IN_PROGRESS,
    AttemptStatus.REGISTERED,
    AttemptStatus.PLANNED,
)


def order(
    holding: Holding, found: tuple[Use, ...], conferral: dt.date
) -> tuple[tuple[Breach, ...], tuple[Breach, ...]]:
    """Return the order rules that planned starts break, and the notes on everything else."""
    setting, allocations = holding.setting, holding.witness.allocations
    breaches: list[Breach] = []
    notes: list[Breach] = []
    for breaks, breach in (
        *_requisites(setting, found, allocations),
        *_gates(setting, found, allocations),
        *_positions(holding, conferral),
        *_offered(setting),
        *enrolment_breaches(setting, found, conferral),
    ):
        (breaches if breaks else notes).append(breach)
    return tuple(breaches), tuple(notes)


def _started(setting: Setting) -> Iterator[Attempt]:
    """Yield the attempts that occupy periods, whose start an order rule can speak of."""
    for attempt in setting.record.attempts:
        if attempt.status in _STARTED and setting.leaves(attempt):
            yield attempt


def _requisites(
    setting: Setting, found: tuple[Use, ...], allocations: tuple[Allocation, ...]
) -> Iterator[Found]:
    for attempt in _started(setting):
        course = setting.course_of(attempt)
        if course is not None and course.advisory is not None:
            advised = _advised(course.advisory)
            if _holds(advised, attempt, setting, found, allocations) is False:
                text = f"{attempt.course} starts before what is recommended for it"
                yield False, Breach(rule=f"advice {course.code}", text=text, attempts=(attempt.id,))
        if course is None or course.requisite is None:
            continue
        holds = _holds(course.requisite, attempt, setting, found, allocations)
        if holds is True:
            continue
        text = f"{attempt.course} starts before its prerequisites are met"
        if holds is None:
            text = f"{attempt.course} has a prerequisite that is not yet certain"
        rule = f"requisite {course.code}"
        breach = Breach(rule=rule, text=text, attempts=(attempt.id,))
        yield attempt.is_planned and holds is False, breach


def _holds(
    expression: Expression,
    attempt: Attempt,
    setting: Setting,
    found: tuple[Use, ...],
    allocations: tuple[Allocation, ...],
    *,
    after_grades: bool = False,
) -> Tri:
    """Return whether a condition holds at the start of an attempt, the record cut there."""
    start = setting.start(attempt)
    *earlier, now = history(setting, found, start)
    moment = Moment(
        before=start, attempt=attempt, after_grades=after_grades, earlier=tuple(earlier)
    )
    return evaluate(expression, moment, setting, now, allocations)


def _advised(expression: Expression) -> Expression:
    """Return what a text recommends; `helps` and `typical` weigh, they do not warn."""
    match expression:
        case Soft(kind=Softness.RECOMMENDED):
            return expression.item
        case And():
            return And(items=tuple(_advised(item) for item in expression.items))
        case _:
            return expression


def _offered(setting: Setting) -> Iterator[Found]:
    """Yield planned attempts that occupy periods in which the course is not known to run."""
    for attempt in setting.record.attempts:
        if not attempt.is_planned:
            continue
        known = {run.leaves for run in setting.resolved.runs_of(attempt.course)}
        if not known and setting.leaves(attempt):
            # what is not known does not bind: the person may want it all the same
            text = f"it is not known when {attempt.course} is offered"
            yield False, Breach(rule="offering", text=text, attempts=(attempt.id,))
        elif setting.leaves(attempt) not in known:
            text = f"{attempt.course} is not offered in {', '.join(attempt.periods) or 'no period'}"
            yield True, Breach(rule="offering", text=text, attempts=(attempt.id,))


# ----------------------------------------------------------------------- gates


def _gates(
    setting: Setting, found: tuple[Use, ...], allocations: tuple[Allocation, ...]
) -> Iterator[Found]:
    for gate in setting.resolved.rules:
        if not isinstance(gate, Gate) or setting.is_excepted(gate.header.id):
            continue
        for attempt in _started(setting):
            if not _is_locked(gate, attempt, setting) or (
                gate.unless is not None
                and _holds(gate.unless, attempt, setting, found, allocations) is True
            ):
                continue
            holds = _holds(
                gate.needs, attempt, setting, found, allocations, after_grades=gate.after_grades
            )
            if holds is True:
                continue
            text = f"{attempt.course} starts while {gate.header.name} locks it"
            if holds is None:
                text = f"it is not yet certain that {gate.header.name} lets {attempt.course} start"
            breach = Breach(rule=gate.header.id, text=text, attempts=(attempt.id,))
            yield attempt.is_planned and holds is False, breach
        yield from _deadline(gate, setting, found, allocations)


def _is_locked(gate: Gate, attempt: Attempt, setting: Setting) -> bool:
    use = setting.use(attempt)
    if gate.free is not None and matches(gate.free, use, setting) is True:
        return False
    if gate.locks is not None:
        return matches(gate.locks, use, setting) is True
    named = (
        matches(selector, use, setting) is True for selector in selectors_of(gate.needs, setting)
    )
    return not any(named)


def selectors_of(expression: Expression, setting: Setting) -> Iterator[Selector]:
    """Yield the selectors of an expression: what a gate that locks everything else leaves open."""
    match expression:
        case Done():
            yield CodeIs(code=expression.code, topic=expression.topic)
        case CreditsOf():
            if expression.of is not None:
                yield expression.of
        case CoursesOf():
            yield expression.of
        case NodeDone():
            for leaf in leaves_below(setting.resolved.tree, expression.node):
                yield leaf.from_
        case And() | Or() | NOf():
            for item in expression.items:
                yield from selectors_of(item, setting)
        case Not() | Soft():
            yield from selectors_of(expression.item, setting)
        case _:
            return


def _deadline(
    gate: Gate, setting: Setting, found: tuple[Use, ...], allocations: tuple[Allocation, ...]
) -> Iterator[Found]:
    """Yield the miss of a gate's deadline: failed tries use it up like any other enrolment."""
    day = gate_deadline(gate, setting)
    if day is None:
        return
    *earlier, now = history(setting, found, day)
    moment = Moment(before=day, earlier=tuple(earlier))
    if gate.unless is not None and evaluate(gate.unless, moment, setting, now) is True:
        return
    holds = evaluate(gate.needs, moment, setting, now, allocations)
    last = max((setting.end(a) for a in registered(setting)), default=LONG_AGO)
    if holds is True or last < day:
        return
    # a deadline that has passed was missed by what is past: the school evidently allows the rest
    breaks = day >= setting.today and any(a.is_planned for a in _started(setting))
    text = f"{gate.header.name} is not met by {day}"
    yield (
        breaks and holds is False and gate.on_miss is OnMiss.BLOCK,
        Breach(rule=gate.header.id, text=text),
    )


def gate_deadline(gate: Gate, setting: Setting) -> dt.date | None:
    """Return the day by which a gate's needs have to be met, None where it has no deadline yet."""
    calendar = setting.resolved.calendar
    if gate.by_terms is not None:
        if gate.terms_count is TermsCount.CALENDAR:
            last = setting.matriculation_term() + gate.by_terms - 1
        else:
            first = setting.matriculation()
            here = [a for a in registered(setting) if setting.start(a) >= first]
            enrolled = sorted({t for a in here for t in setting.terms(a)})
            if len(enrolled) < gate.by_terms:
                return None
            last = enrolled[gate.by_terms - 1]
        return calendar.terms[last].end if last < len(calendar.terms) else None
    if gate.by is not None:
        return latest_day(gate.by, setting, None)
    return None


# ------------------------------------------------------------------- positions


def _positions(holding: Holding, conferral: dt.date) -> Iterator[Found]:
    setting = holding.setting
    for rule in setting.resolved.rules:
        if not isinstance(rule, Position) or setting.is_excepted(rule.header.id):
            continue
        for attempt in _started(setting):
            if matches(rule.of, setting.use(attempt), setting) is not True:
                continue
            for text in _position_faults(rule, attempt, holding, conferral):
                breaks = attempt.is_planned and rule.required
                yield breaks, Breach(rule=rule.header.id, text=text, attempts=(attempt.id,))


def _position_faults(
    rule: Position, attempt: Attempt, holding: Holding, conferral: dt.date
) -> Iterator[str]:
    setting, name = holding.setting, attempt.course
    if rule.start_from is not None and not _is_from(rule.start_from, attempt, holding, conferral):
        yield f"{name} starts earlier than it may"
    if rule.by is not None and not _is_by(rule.by, attempt, holding, conferral):
        yield f"{name} ends later than it may"
    others = [a for a in _started(setting) if a.id != attempt.id]
    mine = set(setting.leaves(attempt))
    if rule.alone and any(mine & set(setting.leaves(other)) for other in others):
        yield f"{name} has to be taken alone"
    if rule.adjacent_to is not None and not _is_adjacent(rule.adjacent_to, attempt, setting):
        yield f"{name} has to follow {rule.adjacent_to} in the next period it is offered"


def _is_adjacent(code: str, attempt: Attempt, setting: Setting) -> bool:
    before = [a for a in _started(setting) if code in setting.names(a)]
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


def _node_days(point: Point, attempt: Attempt, holding: Holding) -> list[tuple[dt.date, dt.date]]:
    assert point.node is not None
    setting = holding.setting
    return [
        (setting.start(item.use.attempt), setting.end(item.use.attempt))
        for leaf in holding.leaves()
        if holding.is_below(leaf.header.id, point.node)
        for item in holding.held[leaf.header.id]
        if item.use.id != attempt.id and not item.use.hypothetical
    ]


def _finished(point: Point, attempt: Attempt, holding: Holding) -> Fraction:
    """Return the credits or courses of the point's selector that ended before the attempt."""
    setting = holding.setting
    start = setting.start(attempt)
    total = Fraction(0)
    for use in holding.uses.values():
        if use.hypothetical or use.id == attempt.id or setting.end(use.attempt) > start:
            continue
        if point.of is None or matches(point.of, use, setting) is True:
            total += Fraction(not use.is_waiver) if point.courses is not None else use.credits
    return total


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
