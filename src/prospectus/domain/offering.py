"""When courses run: certain (published), expected (pattern), likely (history)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import TypeAlias

from prospectus.domain.course import CourseCode, Delivery
from prospectus.domain.facts import Provenance
from prospectus.domain.period import Calendar


class OfferingKind(Enum):
    """How an offering is known."""

    CERTAIN = "certain"
    EXPECTED = "expected"
    LIKELY = "likely"


class YearParity(Enum):
    """Which years a pattern covers."""

    EVERY = "every"
    ODD = "odd"
    EVEN = "even"


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveSession:
    """A weekly live session in local time of an IANA zone (weekday 0 is Monday)."""

    weekday: int
    start: dt.time
    minutes: int
    zone: str
    mandatory: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Offering:
    """One statement about when a course runs.

    Either `periods` (published leaf or term ids; kind certain) or a `season` pattern. `sessions`
    are the 1-based sessions of its term that one run occupies; empty with `any_session` means
    that it may run in any one session; empty without it means the whole term. `share` is the
    observed share of such seasons in which it ran (kind likely). `programs` are those whose
    students it is for; empty means all. `delivery` is that of these runs where it is said of them;
    None is the course's own.
    """

    course: CourseCode
    kind: OfferingKind
    season: str | None = None
    parity: YearParity = YearParity.EVERY
    periods: tuple[str, ...] = ()
    sessions: tuple[int, ...] = ()
    any_session: bool = False
    share: Fraction | None = None
    n_observed: int | None = None
    live: tuple[LiveSession, ...] = ()
    capacity: int | None = None
    delivery: Delivery | None = None
    programs: frozenset[str] = frozenset()
    provenance: Provenance = Provenance()


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Run:
    """One possible run of a course: the leaf indexes it occupies, ascending.

    `assumption` is the id of the assumption that the offering rests on, if any; `delivery` its own,
    None the course's.
    """

    course: CourseCode
    leaves: tuple[int, ...]
    kind: OfferingKind
    share: Fraction | None = None
    live: tuple[LiveSession, ...] = ()
    assumption: str | None = None
    delivery: Delivery | None = None


Patterns: TypeAlias = dict[tuple[object, ...], list[tuple[int, ...]]]
"""The sets of leaf indexes by what of an offering they follow from, in one calendar."""


def runs(
    offerings: tuple[Offering, ...],
    calendar: Calendar,
    min_share: Fraction = Fraction(1, 2),
    patterns: Patterns | None = None,
) -> tuple[Run, ...]:
    """Return every run of these offerings in the calendar, by course and then by time.

    Likely offerings with an observed share under `min_share` are left out. Where several
    offerings give the same leaves of a course, the surest kind stands. `patterns` keeps, for the
    next offerings in this calendar, what most of them have in common.
    """
    known = {} if patterns is None else patterns
    best: dict[tuple[CourseCode, tuple[int, ...]], Run] = {}
    order = [OfferingKind.CERTAIN, OfferingKind.EXPECTED, OfferingKind.LIKELY]
    for offering in offerings:
        if offering.kind is OfferingKind.LIKELY and (offering.share or 0) < min_share:
            continue
        pattern = (
            offering.periods,
            offering.season,
            offering.parity,
            offering.sessions,
            offering.any_session,
        )
        if pattern not in known:
            known[pattern] = _leaf_sets(offering, calendar)
        for leaves in known[pattern]:
            run = Run(
                course=offering.course,
                leaves=leaves,
                kind=offering.kind,
                share=offering.share,
                live=offering.live,
                assumption=offering.provenance.assumption,
                delivery=offering.delivery,
            )
            seen = best.get((offering.course, leaves))
            if seen is None or order.index(run.kind) < order.index(seen.kind):
                best[offering.course, leaves] = run
    return tuple(sorted(best.values(), key=lambda run: (run.course, run.leaves)))


def _leaf_sets(offering: Offering, calendar: Calendar) -> list[tuple[int, ...]]:
    """Return the sets of leaf indexes that single runs of the offering occupy."""
    found: list[tuple[int, ...]] = []
    for term, inside in zip(calendar.terms, calendar.leaves_by_term, strict=True):
        if offering.periods:
            if term.id in offering.periods:
                found.extend(_in_term(offering, calendar, inside))
            else:
                named = tuple(i for i in inside if calendar.leaves[i].id in offering.periods)
                if named:
                    found.extend((i,) for i in named)
            continue
        if term.season != offering.season or not _parity_fits(offering.parity, term.year):
            continue
        found.extend(_in_term(offering, calendar, inside))
    return found


def _parity_fits(parity: YearParity, year: int) -> bool:
    return parity is YearParity.EVERY or (year % 2 == 0) == (parity is YearParity.EVEN)


def _in_term(
    offering: Offering, calendar: Calendar, inside: tuple[int, ...]
) -> list[tuple[int, ...]]:
    if offering.any_session:
        return [(index,) for index in inside]
    if not offering.sessions:
        return [inside]
    chosen = tuple(i for i in inside if calendar.leaves[i].session in offering.sessions)
    return [chosen] if len(chosen) == len(offering.sessions) else []
