"""Exclusions in the tables of a batch: what attempts that one speaks of take from each other.

All attempts that one exclusion speaks of are of one family, so that what a record holds of it is
one attempt, or a pair, of which the exact engine is asked once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from prospectus.audit.conflicts import Codes
from prospectus.audit.problem import Entry, Problem, problem_of
from prospectus.domain.course import CourseCode
from prospectus.domain.expression import And, Done, Expression, NOf, Or
from prospectus.domain.record import Record
from prospectus.domain.rule import Exclude


class Excluding:
    """The exclusions of one programme.

    Parameters
    ----------
    empty
        The problem of a record with nothing on it.
    catalogue
        The courses that may be bought, by place.
    today
        The day on which is judged.
    """

    def __init__(self, empty: Problem, catalogue: Sequence[Entry], today: dt.date) -> None:
        self._rules = empty.rules
        self._today = today
        self._apart = frozenset(empty.conflicts.apart)
        self._place = _places(catalogue)
        self._groups: list[frozenset[str]] = [
            frozenset({rule.course, *_codes(rule.condition)})
            for rule in self._rules.resolved.rules
            if isinstance(rule, Exclude)
        ]

    def kin(self, names: Collection[str]) -> frozenset[str]:
        """Return the codes of which an exclusion speaks together with some names."""
        return frozenset[str]().union(
            *(group for group in self._groups if not group.isdisjoint(names))
        )

    def gone(self, record: Record) -> tuple[int, ...] | None:
        """Return the places of the courses that cannot be bought after a record.

        None where the record changes which courses cannot be bought together.
        """
        problem = problem_of(self._rules, record, self._today, None)
        left = frozenset(code for entry in problem.courses for code in entry.codes)
        apart: frozenset[Codes] = frozenset(one for one in self._apart if one <= left)
        if problem.conflicts.is_open or frozenset(problem.conflicts.apart) != apart:
            return None
        return tuple(
            sorted(
                place
                for code, places in self._place.items()
                if code not in left
                for place in places
            )
        )


def _places(catalogue: Sequence[Entry]) -> dict[CourseCode, list[int]]:
    found: dict[CourseCode, list[int]] = {}
    for place, entry in enumerate(catalogue):
        found.setdefault(entry.code, []).append(place)
    return found


def _codes(condition: Expression) -> list[str]:
    """Return the codes that a condition names; others are not compiled (`Reader.excludes`)."""
    match condition:
        case And() | Or() | NOf():
            return [code for part in condition.items for code in _codes(part)]
        case Done():
            return [condition.code]
        case _:
            return []
