"""The catalog as one table: how much of each programme is known, and how soon it can be finished.

One row for each programme and catalogue year. What is planned is planned for somebody who asks
nothing and has no limits, so that the figures are bounds that the rules alone set.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from prospectus.app.checking import anyone
from prospectus.app.library import Library, open_library
from prospectus.app.options import Track, all_readings, on_track, tracks
from prospectus.app.relevant import relevant_courses
from prospectus.app.solving import DEFAULT_EFFORT, Effort, Solved, solve
from prospectus.compare.row import whole_months
from prospectus.domain.course import Course
from prospectus.domain.facts import Certainty, Completeness
from prospectus.domain.fees import Fee
from prospectus.domain.meaning import resolve
from prospectus.domain.offering import Offering, OfferingKind
from prospectus.domain.program import Program
from prospectus.planning.result import PlanStatus

Progress = Callable[[int, int], None]


class Window(Enum):
    """How it is known when a course runs, the surest first."""

    PUBLISHED = "published"
    PATTERN = "pattern"
    HISTORY = "history"
    ASSUMED = "assumed"
    UNKNOWN = "unknown"


class Price(Enum):
    """How much is known of what a programme costs."""

    KNOWN = "known"
    ASSUMED = "assumed"
    PARTLY = "partly"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackPlan:
    """The earliest end of a track, from the soonest to the latest over its variants.

    A variant is one reading of the disputes and one value of the facts of the person that the
    rules ask for. `terms` are the terms of the programme's calendar until the end, Summers
    included; both are None where some variant has no plan or none that is proven.
    """

    track: str | None
    name: str
    n_variants: int
    terms: tuple[int, int] | None
    months: tuple[int, int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogRow:
    """One programme under the rules of one catalogue year.

    Of the courses that some requirement may take: of how many the source states prerequisites, or
    that there are none, how it is known when they run, and of how many the hours are. `missing` is
    the requirement that no source gives where the rules are not complete. `price_until` is the day
    with which the first of its rates ends, None where no rate has an end.
    """

    program: str
    name: str
    catalog_year: str
    completeness: Completeness
    n_courses: int
    n_prerequisites: int
    windows: tuple[tuple[Window, int], ...]
    n_hours: int
    price: Price
    price_until: dt.date | None
    n_unknown: int
    missing: str | None
    plans: tuple[TrackPlan, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogTable:
    """The answer of `catalog_table`; `plan_from` is None where nothing was planned."""

    rows: tuple[CatalogRow, ...]
    plan_from: dt.date | None


def catalog_table(
    plan_from: dt.date | None,
    program_ids: Sequence[str] = (),
    *,
    catalogs: tuple[Path, ...] = (),
    effort: Effort = DEFAULT_EFFORT,
    progress: Progress | None = None,
) -> CatalogTable:
    """Return what is known of every programme and year, and the plans of those that are complete.

    Parameters
    ----------
    plan_from
        The day on which the person without limits begins; None plans nothing.
    program_ids
        The programmes, all their years each; empty means every one of the catalog.
    catalogs
        Extra catalog folders beside the bundled one.
    effort
        Seconds for each plan, seed, workers of the solver.
    progress
        Called with the number of programmes done and of all.

    Raises
    ------
    ProspectusError
        For a catalog that cannot be used, an unknown programme (USE-001), and INT-001 when a plan
        fails its own re-check.
    """
    library = open_library(catalogs)
    asked = [(name, year) for name in program_ids or library.ids() for year in library.years(name)]
    programs = [library.program(name, year) for name, year in asked]
    rows = []
    for n_done, program in enumerate(programs, start=1):
        rows.append(_row(library, program, plan_from, effort))
        if progress is not None:
            progress(n_done, len(programs))
    return CatalogTable(rows=tuple(rows), plan_from=plan_from)


def plans_without_limits(
    library: Library, program: Program, track: Track, plan_from: dt.date, effort: Effort
) -> Iterator[Solved]:
    """Yield the plan that ends first, for each reading and each value of the person's facts."""
    student = on_track(anyone(plan_from), program, track.id)
    school = library.school(program)
    for reading in all_readings(program):
        for resolved in resolve(
            program, school, student.person, reading, library.assumptions_of(program)
        ):
            yield solve(resolved, student, plan_from, effort, n_levels=1, explain_conflict=False)


def _row(
    library: Library, program: Program, plan_from: dt.date | None, effort: Effort
) -> CatalogRow:
    school = library.school(program)
    mine = list(relevant_courses(program, school, library.assumptions_of(program)))
    fees = [fee for fee in school.fees if not fee.programs or program.id in fee.programs]
    is_complete = program.completeness is Completeness.COMPLETE
    plans: tuple[TrackPlan, ...] = ()
    if is_complete and plan_from is not None:
        plans = tuple(
            _track_plan(library, program, track, plan_from, effort)
            for track in tracks(program)
            if track.is_complete
        )
    return CatalogRow(
        program=program.id,
        name=program.name,
        catalog_year=program.catalog_year,
        completeness=program.completeness,
        n_courses=len(mine),
        n_prerequisites=sum(c.requisite is not None or c.requisite_stated for c in mine),
        windows=_windows(mine, school.offerings_for(program.id)),
        n_hours=sum(
            course.hours is not None
            and course.hours.provenance.certainty in (Certainty.STATED, Certainty.REPORTED)
            for course in mine
        ),
        price=_price(fees),
        price_until=_price_until(fees),
        n_unknown=len(program.unknown),
        missing=None if is_complete else next(iter(program.unknown), None),
        plans=plans,
    )


def _windows(
    courses: list[Course], offerings: tuple[Offering, ...]
) -> tuple[tuple[Window, int], ...]:
    surest: dict[str, Window] = {}
    order = list(Window)
    for offering in offerings:
        found = _window(offering)
        seen = surest.get(offering.course, Window.UNKNOWN)
        surest[offering.course] = min(seen, found, key=order.index)
    counts = Counter(surest.get(course.code, Window.UNKNOWN) for course in courses)
    return tuple((window, counts[window]) for window in Window)


def _window(offering: Offering) -> Window:
    if offering.provenance.certainty is Certainty.ASSUMED:
        return Window.ASSUMED
    return {
        OfferingKind.CERTAIN: Window.PUBLISHED,
        OfferingKind.EXPECTED: Window.PATTERN,
        OfferingKind.LIKELY: Window.HISTORY,
    }[offering.kind]


def _price(fees: list[Fee]) -> Price:
    n_unknown = sum(fee.is_unknown for fee in fees)
    if n_unknown == len(fees):
        return Price.UNKNOWN
    if n_unknown:
        return Price.PARTLY
    is_assumed = any(fee.provenance.certainty is Certainty.ASSUMED for fee in fees)
    return Price.ASSUMED if is_assumed else Price.KNOWN


def _price_until(fees: list[Fee]) -> dt.date | None:
    """Return the day on which the first of the prices ends; lines over the years are one price."""
    ends: dict[tuple[str, frozenset[str], frozenset[str]], dt.date] = {}
    for fee in fees:
        if fee.valid_to is not None:
            key = (fee.id, fee.residence, fee.delivery)
            ends[key] = max(fee.valid_to, ends.get(key, fee.valid_to))
    return min(ends.values(), default=None)


def _track_plan(
    library: Library, program: Program, track: Track, plan_from: dt.date, effort: Effort
) -> TrackPlan:
    terms: list[int] = []
    months: list[int] = []
    n_variants = 0
    for solved in plans_without_limits(library, program, track, plan_from, effort):
        n_variants += 1
        if solved.result.status is PlanStatus.OPTIMAL and solved.appraisal is not None:
            finish = solved.appraisal.finish
            terms.append(
                sum(plan_from <= t.start <= finish for t in solved.resolved.calendar.terms)
            )
            months.append(whole_months(plan_from, finish))
    is_proven = n_variants > 0 and len(months) == n_variants
    return TrackPlan(
        track=track.id,
        name=track.name,
        n_variants=n_variants,
        terms=(min(terms), max(terms)) if is_proven else None,
        months=(min(months), max(months)) if is_proven else None,
    )
