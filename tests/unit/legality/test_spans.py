"""When runs are, by the periods they occupy."""

from __future__ import annotations

from tests.degrees import SESSIONS, calendar, degree, leaf

from prospectus.legality.spans import spans_of


def test_a_span_is_from_the_first_day_to_the_last_in_the_term_of_its_first_period() -> None:
    rules = degree(leaf("core", "any", 3), school={"calendar": calendar(SESSIONS)})
    days = rules.calendar
    term = next(place for place, leaves in enumerate(days.leaves_by_term) if len(leaves) > 1)
    leaves = days.leaves_by_term[term][:2]
    span = spans_of(rules)[leaves]
    first, last = (days.leaves[index] for index in leaves)
    assert (span.first, span.last) == (first.start, max(first.end, last.end))
    assert span.term == term
    assert span.weeks == first.n_weeks + last.n_weeks


def test_spans_are_kept_with_the_programme() -> None:
    rules = degree(leaf("core", "any", 3))
    assert spans_of(rules)[0,] is spans_of(rules)[0,]
