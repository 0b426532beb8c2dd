"""The student as one programme sees them: its courses, its calendar, its choices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from prospectus.app.admission import first_start
from prospectus.app.finished import finished_attempts
from prospectus.app.nearest import nearest, nearest_course
from prospectus.app.record_binding import RecordBinder
from prospectus.app.record_exceptions import faults_of_nodes
from prospectus.app.wished_approvals import settled
from prospectus.catalogs.student_parts import (
    CreditsByName,
    LimitByName,
    StudentFile,
)
from prospectus.domain.course import CourseCode
from prospectus.domain.errors import Fault, StudentError
from prospectus.domain.period import Calendar
from prospectus.domain.program import Program, School
from prospectus.domain.record import Record
from prospectus.domain.requirement import All, Any, Reading, When
from prospectus.domain.student import DayRange, LimitByRange, Person, Student
from prospectus.domain.wish import Placed, TermCredits, courses_of

OUT_OF_STATE = "out-of-state"


def bind(file: StudentFile, program: Program, school: School) -> Student:
    """Return the student with the record, limits and choices that concern this programme.

    Another programme does not see the attempts: there the person begins on `plan_from`, or with the
    first term after it in which that programme lets one begin.

    Raises
    ------
    StudentError
        With every finished course, period, grade and choice that this programme does not know.
    """
    student = file.student
    calendar = dict(school.calendars)[program.calendar]
    wishes = replace(
        student.wishes,
        hours_by_range=student.wishes.hours_by_range
        + _in_seasons(file.hours_by_season, calendar, student.plan_from),
        courses_by_range=student.wishes.courses_by_range
        + _in_seasons(file.courses_by_season, calendar, student.plan_from),
        wanted=tuple(code for code in student.wishes.wanted if code in _codes(school)),
        about=(
            *(wish for wish in student.wishes.about if courses_of(wish) <= _codes(school)),
            *credits_in_seasons(file.credits_by_season, calendar, student.plan_from),
            *_places(file, school, calendar),
        ),
        preferences=tuple(p for p in student.wishes.preferences if p[0] in _codes(school)),
        toxic=tuple(p for p in student.wishes.toxic if {p[0], p[1]} <= _codes(school)),
    )
    faults = [*_money_faults(file, school), *_residence_faults(file, school)]
    is_own = student.program in (None, program.id)
    if student.program == program.id:
        attempts, record_faults = finished_attempts(file, school, calendar)
        faults += record_faults
        faults += faults_of_nodes(
            student.record.milestones,
            student.record.exceptions,
            program,
            RecordBinder(program, school, student.plan_from),
            place=file.place,
            on_record={line.course for line in file.finished},
        )
        record = replace(
            student.record, matriculation=student.matriculation, attempts=tuple(attempts)
        )
    else:
        record = Record(
            matriculation=student.matriculation if is_own else student.plan_from,
            approvals=student.record.approvals if is_own else (),
        )
        start = first_start(program, calendar, student.plan_from)
        applies = not is_own or student.matriculation >= student.plan_from
        if applies and start is not None and program.admission.starts is not None:
            student = replace(student, plan_from=start.start, matriculation=start.start)
            record = replace(record, matriculation=start.start)
    choices = declared(program)
    if is_own and student.program is not None:
        faults += _choice_faults(file, choices)
    if faults:
        raise StudentError(faults=faults)
    bound = replace(
        student,
        matriculation=student.matriculation if is_own else student.plan_from,
        choices=tuple(pair for pair in student.choices if pair[1] in choices.get(pair[0], ())),
        record=record,
        person=_seen_from(student.person, school),
        wishes=wishes,
    )
    return settled(bound)


def declared(program: Program) -> dict[str, tuple[str, ...]]:
    """Return the children of every `any` that the student declares, by its id."""
    return {
        str(node.header.id): tuple(_child_ids(node)) for node in _choices_in(program.tree) if node
    }


def _choices_in(item: object) -> Iterator[Any]:
    match item:
        case Any():
            if item.declare:
                yield item
            for child in item.children:
                yield from _choices_in(child)
        case All():
            for child in item.children:
                yield from _choices_in(child)
        case When():
            yield from _choices_in(item.then)
            yield from _choices_in(item.otherwise)
        case Reading():
            for _, option in item.options:
                yield from _choices_in(option)
        case _:
            return


def _child_ids(node: Any) -> Iterator[str]:
    for child in node.children:
        if not isinstance(child, When | Reading):
            yield str(child.header.id)


def _in_seasons(
    limits: Iterable[LimitByName], calendar: Calendar, since: dt.date
) -> tuple[LimitByRange, ...]:
    """Return limits by season as limits on the leaf periods of that season yet to end."""
    return tuple(
        LimitByRange(days=DayRange(first=leaf.start, last=leaf.end), limit=limit.limit)
        for limit in limits
        for leaf in calendar.leaves
        if leaf.end >= since
        and limit.name.lower() in (leaf.season.lower(), leaf.term.lower(), leaf.id.lower())
    )


def credits_in_seasons(
    limits: Iterable[CreditsByName], calendar: Calendar, since: dt.date
) -> Iterator[TermCredits]:
    """Yield credits by season as credits of the terms of that season yet to end."""
    for limit in limits:
        for term in calendar.terms:
            if term.end >= since and limit.name.lower() in (term.season.lower(), term.id.lower()):
                yield TermCredits(first=term.start, last=term.end, low=limit.low, high=limit.high)


def _places(file: StudentFile, school: School, calendar: Calendar) -> Iterator[Placed]:
    """Yield where courses are put; by the name of a period or by days."""
    for place in file.places_by_name:
        if place.course not in _codes(school):
            continue
        days = place.days or _days_of(place.name, calendar, file.student.plan_from)
        if days is not None:
            yield Placed(
                course=place.course,
                first=days.first,
                last=days.last,
                inside=place.is_inside,
                where=place.name,
            )


def _days_of(name: str, calendar: Calendar, since: dt.date) -> DayRange | None:
    """Return the days of a term or session by its name."""
    for period in (*calendar.terms, *calendar.leaves):
        if period.id.lower() == " ".join(name.split()).lower() and period.end >= since:
            return DayRange(first=period.start, last=period.end)
    return None


def _place_faults(file: StudentFile, calendars: Sequence[Calendar]) -> list[Fault]:
    """Return the faults of places that no calendar of these schools has, or that are past."""
    since = file.student.plan_from
    terms = [str(term.id) for one in calendars for term in one.terms if term.end >= since]
    return [
        Fault(
            code="STU-023",
            what=f"no calendar has a period '{place.name}' that is still to come",
            fix=f"write season and year, such as {terms[0] if terms else 'Fall 2027'}, or days",
            at=file.place(f"wishes.{'place' if place.is_inside else 'not_in'}"),
        )
        for place in file.places_by_name
        if place.days is None
        and not any(_days_of(place.name, calendar, since) for calendar in calendars)
    ]


def season_faults(file: StudentFile, schools: Iterable[School]) -> list[Fault]:
    """Return the faults of limits and places whose period no calendar of these schools has."""
    calendars = [calendar for school in schools for _, calendar in school.calendars]
    known = {
        name
        for calendar in calendars
        for leaf in calendar.leaves
        for name in (leaf.season, leaf.term, leaf.id)
    }
    lower = {name.lower() for name in known}
    seasons = sorted(name for name in known if " " not in name)
    faults = [
        Fault(
            code="STU-017",
            what=f"no calendar has a season '{limit.name}'",
            fix=nearest(limit.name, seasons, "write `usual`, a season, or a range of days"),
            at=file.place(f"{field}.{limit.name}"),
        )
        for field, limits in limits_by_season(file)
        for limit in limits
        if limit.name.lower() not in lower
    ]
    return faults + _place_faults(file, calendars)


def limits_by_season(
    file: StudentFile,
) -> Iterator[tuple[str, Sequence[LimitByName | CreditsByName]]]:
    """Yield the limits that name seasons, each with its field."""
    yield "hours_per_week", file.hours_by_season
    yield "courses_per_period", file.courses_by_season
    yield "wishes.credits_per_term", file.credits_by_season


def program_faults(file: StudentFile, known: Sequence[str]) -> list[Fault]:
    """Return the fault of a student's programme that the catalog does not have."""
    program = file.student.program
    if program is None or program in known:
        return []
    return [
        Fault(
            code="STU-020",
            what=f"there is no programme '{program}'",
            fix=nearest(program, known, f"use one of {', '.join(known)}, or add its --catalog"),
            on_page=nearest(program, known, "choose one of the list of programmes"),
            at=file.place("program"),
        )
    ]


def wanted_faults(file: StudentFile, schools: Iterable[School]) -> list[Fault]:
    """Return the faults of wanted and unwanted courses that none of these schools has."""
    known = sorted({code for school in schools for code in _codes(school)})
    return [
        Fault(
            code="STU-018",
            what=f"no programme asked about has the {word} course {code}",
            fix=nearest_course(code, known, "remove it, or name a programme that has it"),
            at=file.place(field),
        )
        for word, field, code in courses_named(file)
        if code not in known
    ]


def courses_named(file: StudentFile) -> Iterator[tuple[str, str, CourseCode]]:
    """Yield each course that a wish names: how it is named, the field, the course."""
    wishes = file.student.wishes
    yield from (("wanted", "wanted.courses", code) for code in wishes.wanted)
    yield from (("unwanted", "unwanted.courses", code) for code in wishes.unwanted)
    yield from (("named", f"wishes.{field}", code) for field, code in file.named)
    yield from (("named", "preferences", code) for code, _ in wishes.preferences)
    for one, other, _ in wishes.toxic:
        yield from (("named", "toxic_pairs", code) for code in (one, other))


def missing_wanted(file: StudentFile, school: School) -> tuple[CourseCode, ...]:
    """Return the wanted courses that this school does not have."""
    return tuple(code for code in file.student.wishes.wanted if code not in _codes(school))


def _choice_faults(file: StudentFile, choices: dict[str, tuple[str, ...]]) -> Iterator[Fault]:
    for node, child in file.student.choices:
        if node not in choices:
            yield Fault(
                code="STU-015",
                what=f"the programme has no choice '{node}'",
                fix=nearest(node, list(choices), "remove it"),
                at=file.place(f"choices.{node}"),
            )
        elif child not in choices[node]:
            yield Fault(
                code="STU-015",
                what=f"'{child}' is no choice of '{node}'",
                fix=nearest(child, choices[node], "remove it"),
                at=file.place(f"choices.{node}"),
            )


def _seen_from(person: Person, school: School) -> Person:
    """Return the person with a residence that the school's fees know.

    Whoever lives in none of the places that its fees name is out of state to it.
    """
    named = _residences(school)
    if not named or person.fact("residence") in (None, *named):
        return person
    facts = {**dict(person.facts), "residence": OUT_OF_STATE}
    return replace(person, facts=tuple(sorted(facts.items())))


def _residences(school: School) -> frozenset[str]:
    """Return the residences that some fee of the school names."""
    return frozenset(place for fee in school.fees for place in fee.residence)


def _residence_faults(file: StudentFile, school: School) -> Iterator[Fault]:
    residence, named = file.student.person.fact("residence"), _residences(school)
    if residence is not None and named and residence not in named and OUT_OF_STATE not in named:
        yield Fault(
            code="STU-016",
            what=f"the prices of {school.name} do not know the residence '{residence}'",
            fix=nearest(residence, named, f"write one of {', '.join(sorted(named))}"),
            at=file.place("residence"),
        )


def _money_faults(file: StudentFile, school: School) -> Iterator[Fault]:
    wishes = file.student.wishes
    amounts = [amount for _, amount in (*wishes.budget_by_year, *wishes.pocket_by_year)]
    amounts += [total for total in (wishes.budget_total, wishes.pocket_total) if total is not None]
    amounts += [] if wishes.aid is None else [wishes.aid.per_year]
    currency = next((a.currency for a in amounts if a.currency != school.currency), None)
    if currency is not None:
        yield Fault(
            code="STU-010",
            what=f"the money is given in {currency}; {school.name} bills {school.currency}",
            fix=f"give the amounts in {school.currency}, at the rate you expect",
            at=file.place("money"),
        )


def _codes(school: School) -> frozenset[CourseCode]:
    return frozenset(course.code for course in school.courses)
