"""Order rules: prerequisites, gates, positions. They bind planned starts; on the past they note."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

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
from prospectus.domain.meaning.positions import (
    Found,
    day_reached,
    latest_day,
    milestone_notes,
    position_faults,
    started,
)
from prospectus.domain.meaning.setting import LONG_AGO, Setting, Use
from prospectus.domain.meaning.uses import history
from prospectus.domain.plan import Allocation, Breach
from prospectus.domain.printer import print_expression
from prospectus.domain.record import Attempt
from prospectus.domain.rule import Gate, OnMiss, TermsCount


def order(
    holding: Holding, found: tuple[Use, ...], conferral: dt.date
) -> tuple[tuple[Breach, ...], tuple[Breach, ...]]:
    """Return the order rules that planned starts break, and the notes on everything else."""
    setting, allocations = holding.setting, holding.witness.allocations
    breaches: list[Breach] = []
    notes: list[Breach] = []
    for breaks, breach in (
        *_requisites(setting, found, allocations),
        *_gates(holding, found, conferral),
        *position_faults(holding, conferral),
        *milestone_notes(holding, conferral),
        *_offered(setting),
        *enrolment_breaches(setting, found, conferral),
    ):
        (breaches if breaks else notes).append(breach)
    return tuple(breaches), tuple(notes)


def _requisites(
    setting: Setting, found: tuple[Use, ...], allocations: tuple[Allocation, ...]
) -> Iterator[Found]:
    for attempt in started(setting):
        course = setting.course_of(attempt)
        if course is not None and course.advisory is not None:
            advised = _advised(course.advisory)
            if _holds(advised, attempt, setting, found, allocations) is False:
                text = f"{attempt.course} starts before what is recommended for it"
                yield False, Breach(rule=f"advice {course.code}", text=text, attempts=(attempt.id,))
        if course is None or course.requisite is None:
            continue
        for item in _soft_parts(course.requisite):
            if _holds(item, attempt, setting, found, allocations) is not True:
                text = f"{attempt.course}: {print_expression(item)} is not met, and is advice here"
                rule = f"requisite {course.code}"
                yield False, Breach(rule=rule, text=text, attempts=(attempt.id,))
        holds = _holds(course.requisite, attempt, setting, found, allocations)
        if holds is True:
            continue
        text = f"{attempt.course} starts before its prerequisites are met"
        if holds is None:
            text = f"{attempt.course} has a prerequisite that is not yet certain"
        rule = f"requisite {course.code}"
        breach = Breach(rule=rule, text=text, attempts=(attempt.id,))
        yield attempt.is_planned and holds is False, breach


def _soft_parts(expression: Expression) -> Iterator[Expression]:
    """Yield what an expression only advises, where all of it is asked."""
    match expression:
        case Soft():
            yield expression.item
        case And():
            for part in expression.items:
                yield from _soft_parts(part)
        case _:
            return


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
        leaves, resolved = setting.leaves(attempt), setting.resolved
        if leaves and not resolved.runs_of(attempt.course):
            # what is not known does not bind: the person may want it all the same
            text = f"it is not known when {attempt.course} is offered"
            yield False, Breach(rule="offering", text=text, attempts=(attempt.id,))
        elif not resolved.runs_in(attempt.course, leaves):
            text = f"{attempt.course} is not offered in {', '.join(attempt.periods) or 'no period'}"
            yield True, Breach(rule="offering", text=text, attempts=(attempt.id,))


def _gates(holding: Holding, found: tuple[Use, ...], conferral: dt.date) -> Iterator[Found]:
    setting, allocations = holding.setting, holding.witness.allocations
    for gate in setting.resolved.rules:
        if not isinstance(gate, Gate) or setting.is_excepted(gate.header.id):
            continue
        for attempt in started(setting):
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
        yield from _deadline(gate, holding, found, conferral)


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
    gate: Gate, holding: Holding, found: tuple[Use, ...], conferral: dt.date
) -> Iterator[Found]:
    """Yield the miss of a gate's deadline: failed tries use it up like any other enrolment."""
    setting, allocations = holding.setting, holding.witness.allocations
    day = gate_deadline(gate, setting)
    if day is None and gate.by is not None:
        day = latest_day(gate.by, setting, conferral) or day_reached(gate.by, holding)
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
    breaks = day >= setting.today and any(a.is_planned for a in started(setting))
    text = f"{gate.header.name} is not met by {day}"
    yield (
        breaks and holds is False and gate.on_miss is OnMiss.BLOCK,
        Breach(rule=gate.header.id, text=text),
    )


def gate_deadline(gate: Gate, setting: Setting) -> dt.date | None:
    """Return the day by which a gate's needs have to be met, None where it has no deadline yet.

    One counted from conferral, or from what has been done, is known only of a whole plan.
    """
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
