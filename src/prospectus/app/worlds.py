"""A catalog as it would be if something that no source gives turned out one way or another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from prospectus.domain.course import Course
from prospectus.domain.facts import Assumption, Certainty, Money, Provenance
from prospectus.domain.fees import Fee
from prospectus.domain.offering import Offering, OfferingKind
from prospectus.domain.program import Program, School
from prospectus.domain.requirement import Range
from prospectus.domain.rule import Load

_KNOWN = Provenance(certainty=Certainty.STATED)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A programme with its school and the assumptions that hold."""

    program: Program
    school: School
    assumptions: Mapping[str, Assumption]


def assumed_ids(world: World) -> frozenset[str]:
    """Return the ids of the assumptions that the facts of this world name."""
    school, program = world.school, world.program
    calendar = dict(school.calendars).get(program.calendar)
    found = [
        *(course.hours.provenance for course in school.courses if course.hours is not None),
        *(course.provenance for course in school.courses if _is_open(course, program)),
        *(fee.provenance for fee in school.fees if not fee.programs or program.id in fee.programs),
        *(offering.provenance for offering in school.offerings),
        *(load.header.provenance for load in program.enrolment.loads),
        *(leaf.provenance for leaf in (calendar.leaves if calendar is not None else ())),
    ]
    ids = {one.assumption for one in found if one.assumption is not None}
    if any(course.hours is None and _is_open(course, program) for course in school.courses):
        ids.add("hours-per-credit")
    return frozenset(ids & set(world.assumptions))


def with_value(world: World, id: str, value: Fraction) -> World | None:
    """Return the world in which an assumption has another value; None where nothing rests on it.

    It is computed with in prices, hours, hours per credit and in caps of enrolment that say the
    assumed number, and in whether a course runs: 0 means that it does not.
    """
    old = world.assumptions[id]
    program, school = world.program, world.school
    school = replace(
        school,
        courses=tuple(_course(course, id, value) for course in school.courses),
        fees=tuple(_fee(fee, id, old.value, value) for fee in school.fees),
        offerings=tuple(
            one for one in school.offerings if one.provenance.assumption != id or value != 0
        ),
    )
    program = replace(
        program,
        enrolment=replace(
            program.enrolment,
            loads=tuple(_load(load, id, old.value, value) for load in program.enrolment.loads),
        ),
    )
    assumptions = {**world.assumptions, id: replace(old, value=value)}
    changed = World(program=program, school=school, assumptions=assumptions)
    touches_hours = id == "hours-per-credit"
    if not touches_hours and (program, school) == (world.program, world.school):
        return None
    return changed


def running(world: World, courses: frozenset[str]) -> World:
    """Return the world in which some courses run in every term."""
    calendar = dict(world.school.calendars)[world.program.calendar]
    seasons = tuple(dict.fromkeys(term.season for term in calendar.terms))
    more = tuple(
        Offering(course=course.code, kind=OfferingKind.EXPECTED, season=season, provenance=_KNOWN)
        for course in world.school.courses
        if course.code in courses
        for season in seasons
    )
    school = replace(world.school, offerings=world.school.offerings + more)
    return replace(world, school=school)


def _is_open(course: Course, program: Program) -> bool:
    return not course.restricted_to or program.id in course.restricted_to


def _course(course: Course, id: str, value: Fraction) -> Course:
    hours = course.hours
    if hours is None or hours.provenance.assumption != id:
        return course
    return replace(course, hours=replace(hours, hours_per_week=round(value)))


def _fee(fee: Fee, id: str, old: Fraction, value: Fraction) -> Fee:
    """Return a fee at another amount; one that only rests on the assumption stays as it is."""
    if fee.provenance.assumption != id or fee.amount is None:
        return fee
    if fee.amount.minor != round(old * 100):
        return fee
    return replace(fee, amount=Money(minor=round(value * 100), currency=fee.amount.currency))


def _load(load: Load, id: str, old: Fraction, value: Fraction) -> Load:
    if load.header.provenance.assumption != id:
        return load
    return replace(
        load,
        credits=None if load.credits is None else _range(load.credits, old, value),
        courses=None if load.courses is None else _range(load.courses, old, value),
    )


def _range(size: Range, old: Fraction, value: Fraction) -> Range:
    return Range(
        low=value if size.low == old else size.low,
        high=value if size.high == old else size.high,
    )
