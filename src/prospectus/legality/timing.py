"""Days that rules speak of: months on from a day, the first term, points of a fixed date."""

from __future__ import annotations

import calendar as months
import datetime as dt

from prospectus.domain.period import Calendar
from prospectus.domain.rule import Point, PointKind, Span, SpanUnit

NO_SPAN = Span(n=0, unit=SpanUnit.MONTH)


def months_after(day: dt.date, n: int) -> dt.date:
    """Return the same day n months on (or back), cut to the month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    return dt.date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))


def in_months(span: Span) -> int:
    """Return a span of months or years in months."""
    return span.n * (12 if span.unit is SpanUnit.YEAR else 1)


def first_term(calendar: Calendar, matriculation: dt.date) -> int:
    """Return the index of the first term of study."""
    leaf = min(calendar.first_leaf_from(matriculation), len(calendar.leaves) - 1)
    return calendar.term_of[leaf]


def term_at(calendar: Calendar, day: dt.date) -> int:
    """Return the index of the last term that starts on or before a day."""
    return max((i for i, term in enumerate(calendar.terms) if term.start <= day), default=0)


def leaf_at(calendar: Calendar, day: dt.date) -> int:
    """Return the index of the last leaf that starts on or before a day."""
    return max((i for i, leaf in enumerate(calendar.leaves) if leaf.start <= day), default=0)


def earliest_day(
    point: Point, calendar: Calendar, matriculation: dt.date, conferral: dt.date
) -> dt.date:
    """Return the first day on which something `from` a dated point may start."""
    span = point.span or NO_SPAN
    if point.kind is PointKind.MATRICULATION:
        if span.unit is SpanUnit.TERM:
            place = first_term(calendar, matriculation) + span.n
            return calendar.terms[min(place, len(calendar.terms) - 1)].start
        if span.unit is SpanUnit.SESSION:
            place = calendar.first_leaf_from(matriculation) + span.n
            return calendar.leaves[min(place, len(calendar.leaves) - 1)].start
        return months_after(matriculation, in_months(span))
    if span.unit is SpanUnit.TERM:
        return calendar.terms[max(0, term_at(calendar, conferral) - span.n + 1)].start
    if span.unit is SpanUnit.SESSION:
        return calendar.leaves[max(0, leaf_at(calendar, conferral) - span.n + 1)].start
    return months_after(conferral, -in_months(span))


def latest_day(
    point: Point, calendar: Calendar, matriculation: dt.date, conferral: dt.date
) -> dt.date | None:
    """Return the last day on which something `by` a dated point may end; None: no limit."""
    span = point.span or NO_SPAN
    if point.kind is PointKind.MATRICULATION:
        if span.unit is SpanUnit.TERM:
            place = first_term(calendar, matriculation) + span.n - 1
            return calendar.terms[place].end if 0 <= place < len(calendar.terms) else None
        if span.unit is SpanUnit.SESSION:
            place = calendar.first_leaf_from(matriculation) + span.n - 1
            return calendar.leaves[place].end if 0 <= place < len(calendar.leaves) else None
        return months_after(matriculation, in_months(span))
    if span.unit is SpanUnit.TERM:
        place = term_at(calendar, conferral) - span.n
        return calendar.terms[place].end if place >= 0 else dt.date.min
    if span.unit is SpanUnit.SESSION:
        place = leaf_at(calendar, conferral) - span.n
        return calendar.leaves[place].end if place >= 0 else dt.date.min
    return months_after(conferral, -in_months(span))
