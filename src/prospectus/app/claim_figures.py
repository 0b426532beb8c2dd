"""The figures of the register over the complete programmes: defined here, never written by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from fractions import Fraction
from statistics import median

from prospectus.app import claim_background, claim_electives
from prospectus.app.claim_answers import (
    Case,
    Figure,
    LeftOut,
    Part,
    Share,
    case_of,
    left_out_of,
    spread,
)
from prospectus.app.claim_background import ADVISED, NOT_ASKED, REQUIRED
from prospectus.app.claim_experience import experience_figure
from prospectus.app.claim_months import months_figure
from prospectus.app.claim_planner import Planner, complete_tracks
from prospectus.app.library import Library
from prospectus.app.options import all_readings
from prospectus.app.topic_reach import open_topics
from prospectus.app.words import count
from prospectus.domain.claim import FigureKind
from prospectus.domain.course import Course, Delivery
from prospectus.domain.facts import Certainty, Completeness
from prospectus.domain.meaning import resolve
from prospectus.domain.program import Program, Resolved
from prospectus.domain.student import Person
from prospectus.domain.topic import tags_of

ALGORITHMS_AND_STATISTICS = (
    "algorithms",
    "probability",
    "statistics",
    "stochastic-processes",
    "regression",
    "nonparametric",
    "bayesian-statistics",
    "time-series",
)
"""Topics of the taxonomy that make a course one of algorithms or statistics."""

_DELIVERY = (
    "How a programme as a whole is taught, as its catalog file states it from the school's pages. "
    "Hybrid is a programme part of whose teaching is live or on a campus; programmes of which no "
    "source says it are left out."
)
_HARD = (
    "Over the courses of the complete programmes of which students have reported how hard they "
    "are, each once: those whose stated topics or title carry algorithms, probability, "
    "statistics, stochastic processes, regression, nonparametric or Bayesian statistics, or time "
    "series, against all others. A course's difficulty is the median of its reports, in percent "
    "of its scale; its hours are the median hours a week. This is about courses, not about the "
    "share of students who name them."
)
_WHY_ABSENT = {
    Completeness.PARTIAL: "rules known in part only",
    Completeness.STUB: "hardly more known than the name",
    Completeness.COMPLETE: "",
}
_WAYS = {
    Delivery.ASYNC: "asynchronous",
    Delivery.SYNC: "live",
    Delivery.HYBRID: "hybrid",
    Delivery.IN_PERSON: "in person",
}


def counted(library: Library) -> tuple[tuple[Program, ...], tuple[LeftOut, ...]]:
    """Return the newest complete rules of each programme, and the programmes that have none."""
    found, absent = [], []
    for id_ in library.ids():
        years = [library.program(id_, year) for year in library.years(id_)]
        complete = [p for p in years if p.completeness is Completeness.COMPLETE]
        if complete:
            found.append(complete[-1])
        else:
            absent.append(left_out_of(years[-1], _WHY_ABSENT[years[-1].completeness]))
    return tuple(found), tuple(absent)


def figure(kind: FigureKind, planner: Planner) -> Figure:
    """Return a figure over the complete programmes.

    Raises
    ------
    NotKept
        When plans would have to be solved and may not.
    """
    library = planner.library
    programs, absent = counted(library)
    match kind:
        case FigureKind.PROGRAMMING:
            found = _programming(programs, library)
        case FigureKind.ELECTIVES:
            found = _electives(programs, library)
        case FigureKind.DELIVERY:
            found = _delivery(programs)
        case FigureKind.EXPERIENCE:
            found = experience_figure(programs, planner)
        case FigureKind.MONTHS:
            found = months_figure(programs, planner)
        case FigureKind.HARD_COURSES:
            found = _hard_courses(programs, library)
    return Figure(
        kind=kind,
        definition=found.definition,
        parts=found.parts,
        cases=found.cases,
        left_out=(*found.left_out, *absent),
    )


def _resolved(program: Program, library: Library) -> Resolved:
    """Return the rules by their first reading, for a person of whom nothing is known."""
    return resolve(
        program,
        library.school(program),
        Person(),
        all_readings(program)[0],
        library.assumptions_of(program),
    )[0]


def _programming(programs: Iterable[Program], library: Library) -> Figure:
    taxonomy = open_topics()
    cases: list[Case] = []
    left_out: list[LeftOut] = []
    levels: Counter[str] = Counter()
    for program in programs:
        found = claim_background.expectation(program, _resolved(program, library), taxonomy)
        if found is None:
            why = "no source gives its admission rule, and its courses do not tell"
            left_out.append(left_out_of(program, why))
            continue
        level, how = found
        levels[level] += 1
        cases.append(case_of(program, f"{level} {how}".strip()))
    n = len(cases)
    return Figure(
        kind=FigureKind.PROGRAMMING,
        definition=claim_background.DEFINITION,
        parts=(
            Share(label="programming required", n=levels[REQUIRED], of=n, unit="programme"),
            Share(
                label="programming required or advised",
                n=levels[REQUIRED] + levels[ADVISED],
                of=n,
                unit="programme",
            ),
            Share(label="programming not asked", n=levels[NOT_ASKED], of=n, unit="programme"),
        ),
        cases=tuple(cases),
        left_out=tuple(left_out),
    )


def _electives(programs: Iterable[Program], library: Library) -> Figure:
    cases: list[Case] = []
    left_out: list[LeftOut] = []
    free: list[Fraction] = []
    open_: list[Fraction] = []
    n_free = n_open = 0
    for program in programs:
        resolved = _resolved(program, library)
        ways = [
            claim_electives.freedom(resolved, program.main_choice, track.id)
            for track in complete_tracks(program)
        ]
        unknown = next((way.unknown for way in ways if way.unknown), "")
        if unknown or any(way.total == 0 for way in ways):
            left_out.append(left_out_of(program, f"not known: {unknown or 'its credits'}"))
            continue
        shares = [100 * way.free / way.total for way in ways]
        choices = [100 * (way.free + way.listed) / way.total for way in ways]
        free.append(median(shares))
        open_.append(median(choices))
        n_free += all(share > 0 for share in shares)
        n_open += all(share > 0 for share in choices)
        cases.append(
            case_of(
                program,
                f"{_percents(shares)} of the credits free, {_percents(choices)} free or chosen "
                f"from a list" + (f" ({len(ways)} tracks)" if len(ways) > 1 else ""),
            )
        )
    n = len(cases)
    return Figure(
        kind=FigureKind.ELECTIVES,
        definition=claim_electives.DEFINITION,
        parts=(
            Share(label="free credits on every track", n=n_free, of=n, unit="programme"),
            Share(label="any choice of courses on every track", n=n_open, of=n, unit="programme"),
            spread("part of the credits that is free", free, "%", "programme"),
            spread("part that is free or chosen from a list", open_, "%", "programme"),
        ),
        cases=tuple(cases),
        left_out=tuple(left_out),
    )


def _percents(values: list[Fraction]) -> str:
    low, high = round(min(values)), round(max(values))
    return f"{low}%" if low == high else f"{low} to {high}%"


def _delivery(programs: Iterable[Program]) -> Figure:
    cases: list[Case] = []
    left_out: list[LeftOut] = []
    modes: Counter[Delivery] = Counter()
    for program in programs:
        mode = Delivery.UNKNOWN if program.delivery is None else program.delivery.mode
        if mode is Delivery.UNKNOWN:
            left_out.append(left_out_of(program, "no source says how it is taught"))
            continue
        modes[mode] += 1
        cases.append(case_of(program, _WAYS[mode]))
    order = (Delivery.HYBRID, Delivery.ASYNC, Delivery.SYNC, Delivery.IN_PERSON)
    return Figure(
        kind=FigureKind.DELIVERY,
        definition=_DELIVERY,
        parts=tuple(
            Share(label=_WAYS[mode], n=modes[mode], of=len(cases), unit="programme")
            for mode in order
        ),
        cases=tuple(cases),
        left_out=tuple(left_out),
    )


def _hard_courses(programs: Iterable[Program], library: Library) -> Figure:
    taxonomy = open_topics()
    seen: dict[tuple[str, str], Course] = {}
    cases: list[Case] = []
    left_out: list[LeftOut] = []
    for program in programs:
        mine = [
            course
            for course in library.school(program).courses
            if (not course.restricted_to or program.id in course.restricted_to)
            and course.difficulty is not None
            and course.difficulty.provenance.certainty is Certainty.REPORTED
        ]
        if not mine:
            left_out.append(left_out_of(program, "no reported difficulty of any course"))
            continue
        seen |= {(program.school, course.code): course for course in mine}
        cases.append(case_of(program, count(len(mine), "course") + " with reports"))
    hard: list[Course] = []
    others: list[Course] = []
    for course in seen.values():
        topics = {tag.topic for tag in tags_of(course, taxonomy)}
        (hard if topics & set(ALGORITHMS_AND_STATISTICS) else others).append(course)
    all_ = [_difficulty(course) for course in seen.values()]
    middle = median(all_) if all_ else Fraction(0)
    parts: list[Part] = []
    for group, name in ((hard, "of algorithms or statistics"), (others, "all others")):
        hours = [Fraction(c.hours.hours_per_week) for c in group if c.hours is not None]
        parts.append(
            Share(
                label=f"harder than the median of all courses, {name}",
                n=sum(_difficulty(c) > middle for c in group),
                of=len(group),
                unit="course",
            )
        )
        parts.append(spread(f"difficulty, {name}", [_difficulty(c) for c in group], "%", "course"))
        parts.append(spread(f"hours a week, {name}", hours, "hours", "course"))
    return Figure(
        kind=FigureKind.HARD_COURSES,
        definition=_HARD,
        parts=tuple(parts),
        cases=tuple(cases),
        left_out=tuple(left_out),
    )


def _difficulty(course: Course) -> Fraction:
    """Return the median difficulty in percent of its scale."""
    told = course.difficulty
    assert told is not None, f"{course.code} has no reported difficulty"
    return 100 * (told.median - told.low) / (told.high - told.low)
