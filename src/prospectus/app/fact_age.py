"""How old a fact is: the day of which it is may be a day, a month, a year or an academic year."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from prospectus.app.catalog_answers import RuleSection

_A_YEAR = dt.timedelta(days=365)
_END_OF_ACADEMIC_YEAR = (7, 31)
_ACADEMIC = re.compile(r"(\d{4})-(\d{2}|\d{4})")


def last_day(as_of: str) -> dt.date | None:
    """Return the last day of what `as_of` names; None for a source that bears no date.

    An academic year ends with July of its second year.
    """
    text = as_of.strip()
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        pass
    if re.fullmatch(r"\d{4}", text):
        return dt.date(int(text), 12, 31)
    academic = _ACADEMIC.fullmatch(text)
    if academic is None:
        return None
    first, second = int(academic[1]), academic[2]
    if len(second) == 2 and int(second) == (first + 1) % 100:
        return dt.date(first + 1, *_END_OF_ACADEMIC_YEAR)
    if len(second) == 2 and 1 <= int(second) <= 12:
        following = dt.date(first, int(second), 28) + dt.timedelta(days=4)
        return following - dt.timedelta(days=following.day)
    if len(second) == 4 and int(second) > first:
        return dt.date(int(second), *_END_OF_ACADEMIC_YEAR)
    return None


def is_old(as_of: str, today: dt.date) -> bool:
    """Return whether a fact is of a time more than a year back."""
    day = last_day(as_of)
    return day is not None and today - day > _A_YEAR


def aged(sections: Iterable[RuleSection], today: dt.date) -> tuple[RuleSection, ...]:
    """Return the sections with their old lines marked as such."""
    return tuple(
        replace(
            section,
            lines=tuple(replace(line, is_old=is_old(line.as_of, today)) for line in section.lines),
        )
        for section in sections
    )


def old_days(sections: Iterable[RuleSection]) -> tuple[tuple[str, int], ...]:
    """Return the days of which old lines are, the oldest first, with how many lines are of it."""
    found = Counter(line.as_of for section in sections for line in section.lines if line.is_old)
    return tuple(sorted(found.items(), key=lambda item: (last_day(item[0]) or dt.date.max, item)))


def n_undated(sections: Iterable[RuleSection]) -> int:
    """Return how many facts come from a source that bears no date."""
    return sum(
        bool(line.sources) and last_day(line.as_of) is None
        for section in sections
        for line in section.lines
    )
