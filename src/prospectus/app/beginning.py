"""Whether one can still begin when a plan does: what is known of starts and deadlines."""

from __future__ import annotations

import datetime as dt

from prospectus.app.admission import deadline_day, first_start
from prospectus.app.answers import Beginning
from prospectus.app.words import count
from prospectus.domain.period import Calendar, Period
from prospectus.domain.printer import long_day
from prospectus.domain.program import Program, School
from prospectus.domain.student import Student

_SOON = dt.timedelta(days=183)
"""A start that is further off than this leaves time to ask for its deadline."""


def beginning(
    program: Program, school: School, student: Student, start: dt.date, today: dt.date
) -> Beginning | None:
    """Return what is doubtful about a plan's first day; None where nothing is.

    Parameters
    ----------
    program, school, student
        Who would begin what; who is enrolled already begins nothing.
    start
        The first day of the plan.
    today
        The day on which it is asked.
    """
    calendar = dict(school.calendars)[program.calendar]
    term = next((one for one in calendar.terms if one.start <= start <= one.end), None)
    if term is None or student.program == program.id:
        return None
    said = _doubt(program, calendar, term, start, today)
    if not said:
        return None
    next_term = first_start(program, calendar, max(term.start, today) + dt.timedelta(days=1))
    later = None if next_term is None else next_term.start
    return Beginning(said=said, later=later)


def _doubt(
    program: Program, calendar: Calendar, term: Period, start: dt.date, today: dt.date
) -> str:
    rules = program.admission
    inside = dict(zip(calendar.terms, calendar.leaves_by_term, strict=True))[term]
    leaves = [str(calendar.leaves[index].id) for index in inside]
    deadlines = rules.deadlines_of(term.season, str(term.id), *leaves)
    days = [deadline_day(one, term.start) for one in deadlines]
    if rules.rolling or any(day >= today for day in days):
        return ""
    if days:
        return f"The deadline to apply for {term.id} is past: it was {long_day(max(days))}."
    if start - today > _SOON:
        return ""
    away = f"in {count((start - today).days, 'day')}" if start > today else "and has begun"
    return (
        f"{term.id} begins on {long_day(start)}, {away}; no source gives the deadline to apply, "
        "so it may be past."
    )
