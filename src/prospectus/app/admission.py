"""Whether the person would be admitted, and by when to apply."""

from __future__ import annotations

import datetime as dt

from prospectus.app.answers import Admission
from prospectus.app.words import condition_words
from prospectus.compare.cells import long_day
from prospectus.compare.row import Admissible
from prospectus.domain.meaning import eligibility
from prospectus.domain.period import Calendar
from prospectus.domain.program import Deadline, Program, School
from prospectus.domain.student import Student

ASK = "ask: no source gives it"


def admission(program: Program, school: School, student: Student, today: dt.date) -> Admission:
    """Return the admission answer; a person whose record it is has been admitted."""
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
    else:
        admissible = Admissible.YES if answer else Admissible.NO
    return Admission(
        admissible=admissible,
        reasons=reasons,
        apply_by=_apply_by(
            program, dict(school.calendars)[program.calendar], student.plan_from, today
        ),
        notes=rules.notes,
    )


def _apply_by(program: Program, calendar: Calendar, start_from: dt.date, today: dt.date) -> str:
    """Return by when to apply for the first term that the person could begin."""
    rules = program.admission
    for term, inside in zip(calendar.terms, calendar.leaves_by_term, strict=True):
        if term.start < start_from:
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
    return "any time (rolling)" if rules.rolling else ASK


def deadline_day(deadline: Deadline, start: dt.date) -> dt.date:
    """Return the day of a deadline for a term that starts on a day."""
    if deadline.year is not None:
        return dt.date(deadline.year, deadline.month, deadline.day)
    return _on_or_before(start, deadline.month, deadline.day)


def _on_or_before(start: dt.date, month: int, day: int) -> dt.date:
    """Return the last day of that month and day that is not after `start`."""
    this_year = dt.date(start.year, month, day)
    return this_year if this_year <= start else dt.date(start.year - 1, month, day)
