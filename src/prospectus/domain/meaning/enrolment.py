"""Enrolment rules: loads by period, gaps, durations, locked sequences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from fractions import Fraction

from prospectus.domain.meaning.conditions import Moment, evaluate
from prospectus.domain.meaning.matching import matches
from prospectus.domain.meaning.setting import Setting, Use, add_months
from prospectus.domain.plan import Breach
from prospectus.domain.program import Resolved
from prospectus.domain.record import Attempt, AttemptStatus
from prospectus.domain.requirement import Range
from prospectus.domain.rule import Load

Found = tuple[bool, Breach]
_NOT_REGISTERED = (AttemptStatus.WITHDRAWN,)


def enrolment_breaches(
    setting: Setting, found: tuple[Use, ...], conferral: dt.date
) -> Iterator[Found]:
    """Yield what breaks the enrolment rules; True where a planned start is concerned."""
    yield from _loads(setting, found, conferral)
    yield from _gaps(setting)
    yield from _durations(setting, conferral)
    yield from _sequence(setting)


def registered(setting: Setting) -> list[Attempt]:
    """Return the attempts that fill loads: dated ones that were not withdrawn."""
    return [
        attempt
        for attempt in setting.record.attempts
        if setting.leaves(attempt) and attempt.status not in _NOT_REGISTERED
    ]


def load_periods(load: Load, setting: Setting) -> Iterator[tuple[str, frozenset[int]]]:
    """Yield the periods a load speaks of: a name and the leaf indexes inside."""
    calendar = setting.resolved.calendar
    everything = range(len(calendar.leaves))
    if load.per == "session":
        for index in everything:
            if not load.seasons or calendar.leaves[index].season in load.seasons:
                yield calendar.leaves[index].id, frozenset({index})
    elif load.per == "span":
        width = load.span or 1
        for first in range(len(calendar.leaves) - width + 1):
            name = f"{calendar.leaves[first].id} and the next {width - 1}"
            yield name, frozenset(range(first, first + width))
    elif load.per == "year":
        for year in sorted({leaf.start.year for leaf in calendar.leaves}):
            inside = (i for i in everything if calendar.leaves[i].start.year == year)
            yield str(year), frozenset(inside)
    else:
        for place, term in enumerate(calendar.terms):
            if load.per not in ("term", term.season):
                continue
            if load.seasons and term.season not in load.seasons:
                continue
            inside = (i for i in everything if calendar.term_of[i] == place)
            yield term.id, frozenset(inside)


Span = tuple[str, frozenset[int], dt.date, dt.date]
"""A period that a load speaks of: its name, the leaf indexes inside, its first and last day."""

_MOST_KEPT = 64
_kept: dict[tuple[int, int], tuple[Resolved, tuple[Span, ...]]] = {}


def _spans(load: Load, setting: Setting) -> tuple[Span, ...]:
    """Return the periods a load speaks of; those of the last few programmes are kept."""
    resolved = setting.resolved
    key = (id(resolved), id(load))
    known = _kept.get(key)
    if known is None or known[0] is not resolved:
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        leaves = resolved.calendar.leaves
        spans = tuple(
            (name, inside, min(leaves[i].start for i in inside), max(leaves[i].end for i in inside))
            for name, inside in load_periods(load, setting)
        )
        known = _kept[key] = (resolved, spans)
    return known[1]


def _loads(setting: Setting, found: tuple[Use, ...], conferral: dt.date) -> Iterator[Found]:
    attempts = registered(setting)
    leaves = {a.id: frozenset(setting.leaves(a)) for a in attempts}
    first = min((setting.start(a) for a in attempts), default=None)
    occupied = frozenset[int]().union(*leaves.values())
    for load in setting.resolved.program.enrolment.loads:
        if setting.is_excepted(load.header.id):
            continue
        # where nothing is asked at least, only what is taken can break it
        is_of_all = load.unless is not None or any(
            size is not None and size.low > 0 for size in (load.credits, load.courses)
        )
        chosen = [a for a in attempts if matches(load.of, setting.use(a), setting) is not False]
        for name, inside, start, end in _spans(load, setting):
            is_enrolled = first is not None and start >= first and end <= conferral
            if not (is_enrolled and is_of_all) and occupied.isdisjoint(inside):
                continue
            here = [a for a in chosen if leaves[a.id] & inside]
            if not here and not is_enrolled:
                continue
            then = Moment(before=start)
            if load.unless is not None and evaluate(load.unless, then, setting, found) is True:
                continue
            planned = tuple(sorted(a.id for a in here if a.is_planned))
            over = _over(load, here)
            if over:
                text = f"{name}: {over}"
                rule = load.header.id
                broken = Breach(rule=rule, text=text, attempts=planned, period=name)
                yield bool(planned), broken
            under = _under(load, here)
            if under and is_enrolled:
                text = f"{name}: {under}"
                broken = Breach(rule=load.header.id, text=text, period=name)
                yield start >= setting.today, broken


def _sizes(load: Load, here: list[Attempt]) -> Iterator[tuple[Range, Fraction, str]]:
    if load.credits is not None:
        yield load.credits, sum((a.credits for a in here), Fraction(0)), "credits"
    if load.courses is not None:
        yield load.courses, Fraction(len(here)), "courses"


def _over(load: Load, here: list[Attempt]) -> str:
    for size, have, unit in _sizes(load, here):
        if size.high is not None and have > size.high:
            return f"{have} {unit}, at most {size.high}"
    return ""


def _under(load: Load, here: list[Attempt]) -> str:
    for size, have, unit in _sizes(load, here):
        if have < size.low:
            return f"{have} {unit}, at least {size.low}"
    return ""


def _gaps(setting: Setting) -> Iterator[Found]:
    gap = setting.resolved.program.enrolment.gap_months
    if gap is None:
        return
    attempts = sorted(registered(setting), key=lambda a: (setting.start(a), a.is_planned, a.id))
    end: dt.date | None = None
    for attempt in attempts:
        start = setting.start(attempt)
        if end is not None and add_months(end, gap) <= start:
            text = f"no enrolment from {end} to {start}: {gap} months end the enrolment"
            yield attempt.is_planned, Breach(rule="gap", text=text, attempts=(attempt.id,))
        end = setting.end(attempt) if end is None else max(end, setting.end(attempt))


def _durations(setting: Setting, conferral: dt.date) -> Iterator[Found]:
    rules = setting.resolved.program.enrolment
    start = setting.matriculation()
    planned = any(attempt.is_planned for attempt in setting.record.attempts)
    if rules.max_months is not None and conferral > add_months(start, rules.max_months):
        text = f"conferral on {conferral} is more than {rules.max_months} months after {start}"
        yield planned, Breach(rule="maximum", text=text)
    if rules.min_months is not None and conferral < add_months(start, rules.min_months):
        text = f"conferral on {conferral} is less than {rules.min_months} months after {start}"
        yield planned, Breach(rule="minimum", text=text)


def _sequence(setting: Setting) -> Iterator[Found]:
    """Yield courses of a locked cohort order that start before an earlier step has ended."""
    steps = setting.resolved.program.enrolment.locked_sequence
    place = {code: number for number, step in enumerate(steps) for code in step}
    attempts = [a for a in registered(setting) if a.course in place]
    for later in attempts:
        for earlier in attempts:
            out_of_order = place[earlier.course] < place[later.course]
            if out_of_order and setting.end(earlier) > setting.start(later):
                text = f"{later.course} starts before {earlier.course} has ended"
                yield later.is_planned, Breach(rule="sequence", text=text, attempts=(later.id,))
