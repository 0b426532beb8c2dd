"""What a checked plan comes to: figures with how sure each is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Set

from prospectus.app.solving import Solved
from prospectus.app.words import listed
from prospectus.catalogs.parts import expressions_in
from prospectus.compare.row import Figures, FirstCourse, whole_months
from prospectus.domain.course import Course, CourseCode, parse_code
from prospectus.domain.expression import And, Done, Expression, Or, Soft
from prospectus.domain.facts import Certainty, Money
from prospectus.domain.offering import OfferingKind, Run
from prospectus.domain.plan import Appraisal
from prospectus.domain.record import Attempt

HOURS_DEFAULT = "hours-per-week"
"""The id under which the default of hours a week is listed as assumed."""

_ORDER = (Certainty.STATED, Certainty.REPORTED, Certainty.ASSUMED, Certainty.UNKNOWN)


def figures(solved: Solved) -> Figures | None:
    """Return the figures of a checked plan; None where there is no plan."""
    appraisal = solved.appraisal
    if appraisal is None:
        return None
    planned = [attempt for attempt in solved.record.attempts if attempt.is_planned]
    leaves = solved.resolved.calendar.leaves
    first = [leaves[index] for attempt in planned for index in leaves_of(solved, attempt)[:1]]
    start = min((leaf.start for leaf in first), default=appraisal.finish)
    known = _sum(appraisal)
    return Figures(
        start=start,
        finish=appraisal.finish,
        finish_certainty=_finish_certainty(solved, appraisal, planned),
        months=whole_months(start, appraisal.finish),
        cost=appraisal.cost,
        cost_known=known,
        cost_certainty=_cost_certainty(appraisal),
        rates=_rates(solved, appraisal),
        peak_hours=appraisal.peak_hours,
        peak_certainty=_peak_certainty(solved, appraisal),
        topics_missing=appraisal.topics_missing,
        topics_wanted=len(solved.student.wishes.wanted_topics),
    )


def leaves_of(solved: Solved, attempt: Attempt) -> tuple[int, ...]:
    """Return the indexes of the leaf periods of an attempt, ascending."""
    calendar = solved.resolved.calendar
    found = {index for period in attempt.periods for index in calendar.leaves_of(period)}
    return tuple(sorted(found))


def runs_of(solved: Solved) -> dict[str, Run]:
    """Return the offerings that planned attempts rest on, by the attempt's id."""
    found: dict[str, Run] = {}
    for attempt in solved.record.attempts:
        if attempt.is_planned:
            leaves = leaves_of(solved, attempt)
            mine = (r for r in solved.resolved.runs_of(attempt.course) if r.leaves == leaves)
            found.update((attempt.id, run) for run in mine)
    return found


def hours_certainty(solved: Solved, attempt: Attempt) -> tuple[int | None, Certainty]:
    """Return the weekly hours of the catalogue, None where none are given, and how sure."""
    course = solved.resolved.courses.get(attempt.course)
    if course is not None and course.hours is not None:
        return course.hours.hours_per_week, course.hours.provenance.certainty
    appraisal = solved.appraisal
    unknown = appraisal is not None and f"hours of {attempt.course}" in appraisal.unknown
    return None, Certainty.UNKNOWN if unknown else Certainty.ASSUMED


def first_courses(solved: Solved) -> tuple[FirstCourse, ...]:
    """Return the planned courses of the first period of the plan.

    What another one of them builds on stands before it; else they stand in code order.
    """
    planned = [attempt for attempt in solved.record.attempts if attempt.is_planned]
    starts = {a.id: leaves_of(solved, a)[0] for a in planned if leaves_of(solved, a)}
    if not starts:
        return ()
    first = min(starts.values())
    courses = solved.resolved.courses
    begun = {attempt.course for attempt in planned if starts.get(attempt.id) == first}
    taken = {attempt.course for attempt in solved.record.attempts if not attempt.is_planned}
    return tuple(
        FirstCourse(
            code=code,
            title=courses[code].title,
            period=str(solved.resolved.calendar.leaves[first].id),
            note=_beginning_note(courses[code], taken),
        )
        for code in sorted(begun, key=lambda code: (_depth(code, courses, begun), code))
    )


def _depth(code: CourseCode, courses: Mapping[CourseCode, Course], begun: Set[CourseCode]) -> int:
    """Return how many courses that are begun with it stand before it, one building on the other."""
    before = _built_on(courses[code]) & begun - {code}
    return 1 + max(_depth(one, courses, begun - {code}) for one in before) if before else 0


def _built_on(course: Course) -> Set[CourseCode]:
    """Return the courses that what must or should come before a course names."""
    return _named(course.requisite) | _named(course.advisory)


def _named(asked: Expression | None) -> Set[CourseCode]:
    if asked is None:
        return frozenset()
    return {parse_code(item.code) for item in expressions_in(asked) if isinstance(item, Done)}


def _beginning_note(course: Course, taken: Set[CourseCode]) -> str:
    if course.requisite is None and not course.requisite_stated:
        return "no source says what must come before it"
    advice = course.advisory.item if isinstance(course.advisory, Soft) else course.advisory
    if advice is None or _is_met(advice, taken):
        return ""
    advised: list[str] = sorted(_named(advice) - taken)
    return f"better after {listed(advised, 'and' if isinstance(advice, And) else 'or')}"


def _is_met(advice: Expression, taken: Set[CourseCode]) -> bool:
    """Return whether advice is heeded by courses taken; what it says of anything else is none."""
    match advice:
        case Done(code=code):
            return parse_code(code) in taken
        case And(items=items):
            return all(_is_met(item, taken) for item in items)
        case Or(items=items):
            return any(_is_met(item, taken) for item in items)
        case Soft(item=item):
            return _is_met(item, taken)
        case _:
            return True


def unstated_courses(solved: Solved) -> tuple[CourseCode, ...]:
    """Return the planned courses of which no source says what must come before them, in order."""
    courses = solved.resolved.courses
    planned = {attempt.course for attempt in solved.record.attempts if attempt.is_planned}
    return tuple(
        code
        for code in sorted(planned)
        if courses[code].requisite is None and not courses[code].requisite_stated
    )


def assumptions_used(solved: Solved) -> tuple[str, ...]:
    """Return the ids of all assumptions that the plan rests on."""
    found = set(solved.appraisal.assumptions) if solved.appraisal is not None else set()
    if solved.student.wishes.hours_are_assumed:
        found.add(HOURS_DEFAULT)
    return tuple(sorted(found))


def is_projected(solved: Solved, day: dt.date) -> bool:
    """Return whether a day lies in a leaf period that no source has published."""
    leaves = solved.resolved.calendar.leaves
    around = [leaf for leaf in leaves if leaf.start <= day <= leaf.end]
    return not any(leaf.published for leaf in around)


def _finish_certainty(solved: Solved, appraisal: Appraisal, planned: list[Attempt]) -> Certainty:
    """Return how sure the finish is: its dates, the offerings, and the hours it was fitted to."""
    leaves = solved.resolved.calendar.leaves
    last = [leaf for leaf in leaves if leaf.end == appraisal.finish]
    found = [leaf.provenance.certainty for leaf in last if not leaf.published]
    rested_on = runs_of(solved).values()
    if any(run.kind is OfferingKind.LIKELY for run in rested_on):
        found.append(Certainty.REPORTED)
    if any(run.assumption is not None for run in rested_on):
        found.append(Certainty.ASSUMED)
    wishes = solved.student.wishes
    if wishes.hours_per_week is not None or wishes.hours_by_range:
        if wishes.hours_are_assumed:
            found.append(Certainty.ASSUMED)
        found += [hours_certainty(solved, attempt)[1] for attempt in planned]
    return _worst(found)


def _cost_certainty(appraisal: Appraisal) -> Certainty:
    if appraisal.cost is None:
        return Certainty.UNKNOWN
    return Certainty.ASSUMED if any(due.assumed for due in appraisal.dues) else Certainty.STATED


def _peak_certainty(solved: Solved, appraisal: Appraisal) -> Certainty:
    if any(item.startswith("hours of") for item in appraisal.unknown):
        return Certainty.UNKNOWN
    peaks = {leaf for leaf, hours in appraisal.hours if hours == appraisal.peak_hours}
    return _worst(
        hours_certainty(solved, attempt)[1]
        for attempt in solved.record.attempts
        if attempt.is_open and peaks & set(leaves_of(solved, attempt))
    )


def _rates(solved: Solved, appraisal: Appraisal) -> str:
    """Return the years of the rates that were charged, such as `2026-27`, grown or not."""
    charged = {due.label.partition(",")[0] for due in appraisal.dues}
    fees = solved.resolved.fees
    years = {fee.year_label for fee in fees if fee.id in charged and fee.year_label}
    grown = "grown " if years and solved.student.wishes.rates_grow else ""
    return grown + ", ".join(sorted(years))


def _sum(appraisal: Appraisal) -> Money | None:
    amounts = [due.amount for due in appraisal.dues]
    return sum(amounts[1:], start=amounts[0]) if amounts else None


def _worst(found: Iterable[Certainty]) -> Certainty:
    return max(found, key=_ORDER.index, default=Certainty.STATED)
