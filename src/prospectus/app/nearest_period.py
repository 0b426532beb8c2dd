"""The period nearest to one that a calendar does not have: the season first, in the same year."""

from __future__ import annotations

import difflib
import re

from prospectus.app.nearest import nearest
from prospectus.app.words import listed
from prospectus.domain.period import Calendar

_YEAR = re.compile(r"(?:19|20)\d\d")
_SAME = {"autumn": "fall", "fall": "autumn"}
"""Two words for one season; a calendar has one of them."""


def nearest_period(name: str, calendar: Calendar) -> str:
    """Return how to mend a period that a calendar does not have.

    A season that the year has is proposed where the word comes near to it; else those that the
    year has are told, or, where the calendar has no such year, how far it goes.
    """
    years = [int(text) for text in _YEAR.findall(name)]
    if len(years) != 1:
        known = [term.id for term in calendar.terms] + [leaf.id for leaf in calendar.leaves]
        return nearest(name, known, "write season and year, such as Fall 2025")
    terms = [term for term in calendar.terms if term.year == years[0]]
    if not terms:
        known_years = [term.year for term in calendar.terms]
        if not known_years:
            return "leave the period out: the calendar has none"
        return (
            f"correct the year: the calendar goes from {min(known_years)} to {max(known_years)}; "
            "of what is older leave the period out, or give the day on which it `ended`"
        )
    leaves = [leaf for leaf in calendar.leaves if leaf.year == years[0]]
    word = " ".join(_YEAR.sub(" ", name).split()).casefold()
    by_word = {_word(one.id): one.id for one in (*leaves, *terms)}
    by_word |= {_SAME[known]: name for known, name in list(by_word.items()) if known in _SAME}
    near = difflib.get_close_matches(word, by_word, n=1, cutoff=0.6)
    if near:
        return f"did you mean {by_word[near[0]]}? Otherwise write season and year"
    return f"the periods of {years[0]} are {listed([term.id for term in terms], 'and')}"


def _word(period: str) -> str:
    return " ".join(_YEAR.sub(" ", period).split()).casefold()
