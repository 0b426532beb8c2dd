"""Why a degree cannot end earlier: by counting, by a chain of courses, or by search alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from prospectus.domain.course import CourseCode
from prospectus.domain.expression import And, Done, Expression, NOf, Or, Timing
from prospectus.domain.offering import Run
from prospectus.domain.student import Level
from prospectus.planning.around import Case, Near
from prospectus.planning.windows import in_every_plan


class ProofKind(Enum):
    """How it is shown that no plan ends earlier."""

    COUNTING = "counting"
    CHAIN = "chain"
    SEARCH = "search"


@dataclass(frozen=True, slots=True, kw_only=True)
class TermRoom:
    """The most credits that a term holds, and what bounds it: hours, courses, load or offered."""

    term: int
    credits: Fraction
    bound: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A course of a chain: the first period in which it can begin, and the course it waits for."""

    course: CourseCode
    leaf: int
    ends: dt.date
    waits_for: CourseCode | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishProof:
    """Why no plan ends before `finish`.

    `rooms` are the terms in which something could end before it; they hold fewer than the credits
    `needed` where counting shows it. `counted` is the day before which counting alone shows that
    nothing ends. `size` is the credits of a course where all that could be planned have the same.
    The last course of `chain` is in every plan that ends by `finish`.
    """

    finish: dt.date
    kind: ProofKind
    needed: Fraction
    rooms: tuple[TermRoom, ...]
    counted: dt.date | None
    size: Fraction | None
    chain: tuple[Link, ...] = ()


def finish_proof(case: Case) -> FinishProof | None:
    """Return why no plan ends earlier than the best one; None where that is not proven."""
    value = case.levels.get(Level.FINISH.value)
    if value is None or next(iter(case.levels)) != Level.FINISH.value:
        return None
    finish = dt.date.fromordinal(value)
    horizon = case.horizon
    place = horizon.first_guess()
    days = horizon.days
    counted = days[place] if 0 < place < len(days) else None
    before = max((day for day in days if day < finish), default=days[0])
    terms = case.resolved.calendar.terms
    rooms = tuple(
        TermRoom(term=term, credits=room, bound=horizon.rooms.bound_of(term))
        for term, room in sorted(horizon.rooms.by_term.items())
        if terms[term].start <= before and room > 0
    )
    sizes = {use.credits for use in case.compiled.uses if use.is_candidate and use.earns}
    chain: tuple[Link, ...] = ()
    kind = ProofKind.COUNTING
    if counted != finish:
        chain = _chain(case, finish)
        kind = ProofKind.CHAIN if chain else ProofKind.SEARCH
    return FinishProof(
        finish=finish,
        kind=kind,
        needed=horizon.needed(),
        rooms=rooms,
        counted=counted,
        size=next(iter(sizes)) if len(sizes) == 1 else None,
        chain=chain,
    )


def _chain(case: Case, finish: dt.date) -> tuple[Link, ...]:
    """Return a course that every plan needs and that cannot end earlier, with what it waits for."""
    runs = case.horizon.runs
    ends = {code: min(_end(case, run) for run in mine) for code, mine in runs.items() if mine}
    late = [code for code in case.courses if ends.get(code) == finish]
    if not late:
        return ()
    near = Near(case, {Level.FINISH.value: finish.toordinal()}, finish)
    needed = sorted(in_every_plan(near, late).settled)
    if not needed:
        return ()
    links: list[Link] = []
    code: CourseCode | None = needed[0]
    while code is not None and len(links) <= len(runs):
        first = min(runs[code], key=lambda run: _end(case, run))
        waits_for = _waits_for(case, code, runs[code], ends)
        links.append(Link(course=code, leaf=first.leaves[0], ends=ends[code], waits_for=waits_for))
        code = waits_for
    return tuple(reversed(links))


def _end(case: Case, run: Run) -> dt.date:
    return max(case.resolved.calendar.leaves[index].end for index in run.leaves)


def _waits_for(
    case: Case,
    code: CourseCode,
    reachable: tuple[Run, ...],
    ends: Mapping[CourseCode, dt.date],
) -> CourseCode | None:
    """Return the course that keeps another from beginning in a run before the reachable ones."""
    first = min(run.leaves[0] for run in reachable)
    earlier = [run for run in case.offered.open.get(code, ()) if run.leaves[0] < first]
    requisite = case.resolved.courses[code].requisite
    if not earlier or requisite is None:
        return None
    day, waited = _latest(requisite, ends)
    start = case.resolved.calendar.leaves[max(run.leaves[0] for run in earlier)].start
    return waited if waited in ends and day is not None and day > start else None


def _latest(
    item: Expression, ends: Mapping[CourseCode, dt.date]
) -> tuple[dt.date | None, CourseCode | None]:
    """Return when a condition can first be met, and the course that it then waits for."""
    match item:
        case Done() if item.timing is Timing.BEFORE and item.part is None:
            code = CourseCode(item.code)
            return ends.get(code), code
        case And():
            found = [_latest(part, ends) for part in item.items]
            return max(found, key=lambda one: one[0] or dt.date.min, default=(None, None))
        case Or():
            found = [_latest(part, ends) for part in item.items]
            if any(day is None for day, _ in found):
                return None, None
            return min(found, key=lambda one: one[0] or dt.date.max, default=(None, None))
        case NOf():
            found = sorted(
                (_latest(part, ends) for part in item.items),
                key=lambda one: one[0] or dt.date.min,
            )
            return found[item.n - 1]
        case _:
            return None, None
