"""Rules with a date, as an audit meets them: gates, time limits, expiry, gaps of enrolment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from prospectus.app.audit_answers import ClockLine
from prospectus.app.audit_check import Audited
from prospectus.app.audit_kept import kept
from prospectus.app.audit_words import labels_of
from prospectus.app.words import condition_words, count
from prospectus.domain.expression import CodeIs
from prospectus.domain.meaning.conditions import Moment, evaluate
from prospectus.domain.meaning.enrolment import registered
from prospectus.domain.meaning.matching import Tri, matches
from prospectus.domain.meaning.order import gate_deadline
from prospectus.domain.meaning.positions import latest_day
from prospectus.domain.meaning.setting import Use, add_months
from prospectus.domain.meaning.uses import FOREVER, history
from prospectus.domain.plan import Standing
from prospectus.domain.printer import long_day
from prospectus.domain.program import Resolved
from prospectus.domain.record import AttemptStatus
from prospectus.domain.requirement import NodeId
from prospectus.domain.rule import Gate, Position

KEPT, RUNNING, LATE, MISSED, UNDATED = "kept", "running", "late", "missed", "undated"


_latest: tuple[Audited, tuple[ClockLine, ...]] | None = None


def clock_lines(found: Audited) -> tuple[ClockLine, ...]:
    """Return every rule with a date that concerns this record, the nearest day first.

    Those of the latest audit are kept: its summary counts what its lines show.
    """
    global _latest
    # another audit may be told of at the same time
    latest = _latest
    if latest is None or latest[0] is not found:
        latest = _latest = (found, _clock_lines(found))
    return latest[1]


def _clock_lines(found: Audited) -> tuple[ClockLine, ...]:
    lines = [
        *_gates(found),
        *_positions(found),
        *_limits(found),
        *_gap(found),
        *_expiries(found),
    ]
    return tuple(sorted(lines, key=lambda line: (line.on or dt.date.max, line.id)))


def _clock(
    found: Audited, id: str, label: str, kind: str, on: dt.date | None, state: str, text: str
) -> ClockLine:
    left = None if on is None or state in (KEPT, LATE) else (on - found.today).days
    return ClockLine(id=id, label=label, kind=kind, on=on, days_left=left, state=state, text=text)


def _gates(found: Audited) -> Iterator[ClockLine]:
    setting, words = found.setting, kept(found.resolved, _gates_asked)
    # what counts on the day of conferral, as it was judged
    now = tuple(use for use in found.holding.uses.values() if not use.hypothetical)
    for gate in found.resolved.rules:
        if not isinstance(gate, Gate):
            continue
        name, label = str(gate.header.id), gate.header.name
        day = gate_deadline(gate, setting)
        if setting.is_excepted(gate.header.id):
            yield _clock(found, name, label, "gate", day, KEPT, "excused by an exception")
            continue
        today = Moment(before=found.today, after_grades=gate.after_grades)
        if gate.unless is not None and evaluate(gate.unless, today, setting, now) is True:
            yield _clock(found, name, label, "gate", day, KEPT, "does not concern this person")
            continue
        allocations = found.result.witness.allocations
        met = evaluate(gate.needs, today, setting, now, allocations) is True
        later = Moment(before=day or FOREVER)
        hoped = met or evaluate(gate.needs, later, setting, now, allocations) is True
        asked = words[gate.header.id]
        state, text = _gate_state(found, gate, day, asked, met=met, hoped=hoped)
        if met and day is not None and day < found.today:
            state, text = _gate_in_time(found, gate, day, asked, now)
        yield _clock(found, name, label, "gate", day, state, text)


def _gates_asked(resolved: Resolved) -> dict[NodeId, str]:
    """Return in words what each gate asks."""
    labels = labels_of(resolved)
    return {
        gate.header.id: condition_words(gate.needs, labels)
        for gate in resolved.rules
        if isinstance(gate, Gate)
    }


def _gate_in_time(
    found: Audited, gate: Gate, day: dt.date, asked: str, now: tuple[Use, ...]
) -> tuple[str, str]:
    """Return how a gate that is met today stood on its day, each moment judged as it was then."""
    setting, allocations = found.setting, found.result.witness.allocations

    def by(moment: dt.date) -> Tri:
        *earlier, then = history(setting, now, moment)
        cut = Moment(before=moment, earlier=tuple(earlier))
        return evaluate(gate.needs, cut, setting, then, allocations)

    if by(day) is not False:
        return KEPT, f"{asked}: done"
    ends = sorted({setting.end(attempt) for attempt in found.record.attempts})
    met_on = next((end for end in ends if end > day and by(end) is True), None)
    if met_on is None:
        return LATE, f"{asked}: met after {long_day(day)}"
    told = asked.removesuffix(" met") + " " if asked.endswith(" met") else f"{asked}: "
    return LATE, told + _late(met_on, day)


def _late(met_on: dt.date, day: dt.date) -> str:
    late = count((met_on - day).days, "day")
    return f"met on {long_day(met_on)}, {late} after {long_day(day)}"


def _gate_state(
    found: Audited, gate: Gate, day: dt.date | None, asked: str, *, met: bool, hoped: bool
) -> tuple[str, str]:
    if met:
        return KEPT, f"{asked}: done"
    by = f" by {long_day(day)}" if day is not None else ""
    if hoped and (day is None or day >= found.today):
        return RUNNING, f"{asked}{by}: done once what is under way or planned is passed"
    if day is None:
        terms = "" if gate.by_terms is None else f" within {count(gate.by_terms, 'term')}"
        return UNDATED, f"{asked}{terms}: open; no day is known yet"
    if day < found.today:
        return MISSED, f"{asked}{by}: not done in time"
    return RUNNING, f"{asked}{by}: open"


def _positions(found: Audited) -> Iterator[ClockLine]:
    """Yield the named courses that are asked of this person by a day, as they stand to it."""
    setting = found.setting
    for rule in found.resolved.rules:
        if not isinstance(rule, Position) or rule.by is None or not rule.required:
            continue
        day = latest_day(rule.by, setting, None)
        code = rule.of.code if isinstance(rule.of, CodeIs) else None
        if day is None or code is None or not _is_asked(found, rule):
            continue
        name, label = str(rule.header.id), rule.header.label or f"{code} in time"
        if setting.is_excepted(rule.header.id):
            yield _clock(found, name, label, "position", day, KEPT, "excused by an exception")
            continue
        ends = sorted(
            setting.end(attempt)
            for attempt in found.record.attempts
            if attempt.status is AttemptStatus.PASSED
            and matches(rule.of, setting.use(attempt), setting) is True
        )
        if ends:
            state, text = KEPT, f"{code} by {long_day(day)}: done"
            if ends[0] > day:
                state, text = LATE, f"{code}: {_late(ends[0], day)}"
        elif day < found.today:
            state, text = MISSED, f"{code} by {long_day(day)}: not done in time"
        else:
            state, text = RUNNING, f"{code} by {long_day(day)}: open"
        yield _clock(found, name, label, "position", day, state, text)


def _is_asked(found: Audited, rule: Position) -> bool:
    """Return whether the one course of a position is on record or all that a leaf takes."""
    attempts = found.record.attempts
    if any(matches(rule.of, found.setting.use(one), found.setting) is True for one in attempts):
        return True
    return any(leaf.from_ == rule.of for leaf in found.holding.leaves())


def _limits(found: Audited) -> Iterator[ClockLine]:
    rules, setting = found.resolved.program.enrolment, found.setting
    if not found.record.attempts and found.record.matriculation is None:
        return
    start = setting.matriculation()
    if rules.max_months is not None:
        day = add_months(start, rules.max_months)
        state = MISSED if max(found.conferral, found.today) > day else RUNNING
        if _is_met(found) and found.conferral <= day:
            state = KEPT
        text = f"at most {_span(rules.max_months)} from {long_day(start)}: by {long_day(day)}"
        yield _clock(found, "maximum", "Time limit", "time limit", day, state, text)
    if rules.min_months is not None:
        day = add_months(start, rules.min_months)
        state = KEPT if max(found.conferral, found.today) >= day else RUNNING
        text = f"no degree before {long_day(day)}, {_span(rules.min_months)} after the start"
        yield _clock(found, "minimum", "Least time", "least time", day, state, text)


def _gap(found: Audited) -> Iterator[ClockLine]:
    gap = found.resolved.program.enrolment.gap_months
    attempts = registered(found.setting)
    if gap is None or not attempts or found.result.is_complete:
        return
    last = max(found.setting.end(attempt) for attempt in attempts)
    day = add_months(last, gap)
    state = MISSED if day <= found.today else RUNNING
    text = f"without a course that starts before {long_day(day)} one must be readmitted"
    yield _clock(found, "gap", "Break in enrolment", "gap", day, state, text)


def _expiries(found: Audited) -> Iterator[ClockLine]:
    """Yield the course whose credit expires first; what has expired is not used, and says so."""
    rules, setting = found.resolved.program.record_rules, found.setting
    months = rules.expires_months
    if months is None:
        return
    days = []
    for item in found.holding.applied():
        attempt = item.use.attempt
        dated = bool(setting.leaves(attempt)) or attempt.ended is not None
        if item.use.hypothetical or not dated:
            continue
        if rules.expires_of is None or matches(rules.expires_of, item.use, setting) is True:
            days.append((add_months(setting.end(attempt), months), str(attempt.course)))
    if not days:
        return
    day, code = min(days)
    state = MISSED if day < found.today else RUNNING
    if _is_met(found) and found.conferral <= day:
        state = KEPT
    text = f"{code} counts for a degree conferred by {long_day(day)}: credit lasts {_span(months)}"
    yield _clock(found, "expiry", "Expiry", "expiry", day, state, text)


def _is_met(found: Audited) -> bool:
    return found.verdict.degree is Standing.MET


def _span(months: int) -> str:
    return count(months // 12, "year") if months % 12 == 0 else count(months, "month")
