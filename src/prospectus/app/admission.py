"""Whether the person would be admitted, and by when to apply."""

from __future__ import annotations

import datetime as dt
from calendar import isleap
from dataclasses import replace

from prospectus.app.answers import Admission
from prospectus.app.words import condition_words, count, listed
from prospectus.catalogs.parts import expressions_in
from prospectus.compare.row import Admissible
from prospectus.domain.expression import Background, Expression
from prospectus.domain.meaning import eligibility
from prospectus.domain.period import Calendar, Period
from prospectus.domain.printer import long_day
from prospectus.domain.program import Deadline, Pathway, Program, School
from prospectus.domain.student import Person, Student

ASK = "ask: no source gives it"


def admission(program: Program, school: School, student: Student, today: dt.date) -> Admission:
    """Return the admission answer; a person whose record it is has been admitted.

    Who is not admitted outright, or not for certain, may still come by a performance pathway: then
    it depends on that, and the reasons name it.
    """
    rules = program.admission
    if student.program == program.id:
        return Admission(admissible=Admissible.YES, reasons=(), apply_by="already enrolled")
    answer, open_conditions = eligibility(rules.eligibility, student.person)
    reasons = tuple(condition_words(condition, {}) for condition in open_conditions)
    if rules.eligibility is None:
        admissible = Admissible.UNKNOWN
        reasons = ("no source gives the admission rule",)
    elif answer is None:
        admissible = Admissible.DEPENDS
    elif answer or _fails_even_if_learned(rules.eligibility, student.person):
        admissible = Admissible.YES if answer else Admissible.NO
    else:
        admissible = Admissible.DEPENDS
    if rules.pathways_only:
        # a condition beside the pathways can still shut somebody out
        if admissible is Admissible.YES:
            admissible = Admissible.DEPENDS
        reasons += (f"a pathway of courses first: {_labels(rules.pathways)}",)
    elif rules.pathways and admissible is not Admissible.YES:
        admissible = Admissible.DEPENDS
        reasons += (f"or a pathway of courses: {_labels(rules.pathways)}",)
    return Admission(
        admissible=admissible,
        reasons=reasons,
        apply_by=_apply_by(
            program, dict(school.calendars)[program.calendar], student.plan_from, today
        ),
        notes=rules.notes,
    )


def _fails_even_if_learned(expression: Expression, person: Person) -> bool:
    """Return whether a person stays shut out who knew every subject that is asked.

    Nobody lists all that they know: a subject that a student file leaves out is no refusal.
    """
    asked = {item.topic for item in expressions_in(expression) if isinstance(item, Background)}
    learned = replace(person, background=(person.background or frozenset()) | asked)
    return eligibility(expression, learned)[0] is False


def _labels(pathways: tuple[Pathway, ...]) -> str:
    return listed([pathway.label or pathway.id for pathway in pathways])


def pathway_words(pathway: Pathway) -> str:
    """Return a way in, in words."""
    months = pathway.within_months
    within = "" if months is None else f" (within {count(months, 'month')})"
    return f"{pathway.label or pathway.id}: {condition_words(pathway.needs, {})}{within}"


def first_start(program: Program, calendar: Calendar, day: dt.date) -> Period | None:
    """Return the first term from a day on in which one may begin; None beyond the calendar."""
    seasons = program.admission.starts
    for term in calendar.terms:
        if term.start >= day and (seasons is None or term.season in seasons):
            return term
    return None


def _apply_by(program: Program, calendar: Calendar, start_from: dt.date, today: dt.date) -> str:
    """Return by when to apply for the first term that the person could begin."""
    rules = program.admission
    for term, inside in zip(calendar.terms, calendar.leaves_by_term, strict=True):
        if term.start < start_from or (rules.starts and term.season not in rules.starts):
            continue
        leaves = {str(calendar.leaves[index].id) for index in inside}
        dated = [
            (deadline_day(deadline, term.start), deadline.round)
            for deadline in rules.deadlines_of(term.season, str(term.id), *leaves)
        ]
        still_open = sorted(pair for pair in dated if pair[0] >= today)
        if still_open:
            told = (long_day(by) + (f" ({round})" if round else "") for by, round in still_open)
            return f"{', '.join(told)} for {term.id}"
        if not rules.deadlines:
            break
    if not rules.rolling:
        return ASK
    start = first_start(program, calendar, start_from)
    known = rules.starts is not None and start is not None
    return f"any time (rolling) for {start.id}" if start and known else "any time (rolling)"


def deadline_day(deadline: Deadline, start: dt.date) -> dt.date:
    """Return the day of a deadline for a term that starts on a day."""
    if deadline.year is not None:
        return _day(deadline.year, deadline.month, deadline.day)
    this_year = _day(start.year, deadline.month, deadline.day)
    if this_year <= start:
        return this_year
    return _day(start.year - 1, deadline.month, deadline.day)


def _day(year: int, month: int, day: int) -> dt.date:
    """Return a day of a year; 29 February is the last of February in years without it."""
    if (month, day) == (2, 29) and not isleap(year):
        day = 28
    return dt.date(year, month, day)
