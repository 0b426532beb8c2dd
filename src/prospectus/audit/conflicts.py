"""Courses that a completion cannot hold together: one course twice, or what exclusions forbid."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from prospectus.audit.conditions import Dated
from prospectus.audit.rules import Rules
from prospectus.audit.uses import Reading
from prospectus.domain.course import CourseCode
from prospectus.domain.expression import (
    And,
    Approval,
    Background,
    Done,
    Expression,
    GpaIs,
    HasDegree,
    Member,
    NOf,
    Not,
    Or,
    PersonIs,
    Soft,
    TestIs,
)
from prospectus.domain.record import Record

MOST_SETS = 200
"""Of an exclusion that more sets of courses make true, what is bought is looked at afterwards."""

Codes = frozenset[CourseCode]
_FACTS = (Approval, Background, HasDegree, Member, PersonIs, Soft, TestIs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflicts:
    """What may not be bought together.

    `apart` are sets of which not all may be bought, `barred` courses that may not be bought at
    all. `is_open`: an exclusion asks more than these sets say, so that what is bought has to be
    looked at afterwards. `is_wavering`: buying more may make its condition false again. Of the
    courses `again`, which were tried before, no more than `most_again` may be bought.
    """

    apart: tuple[Codes, ...] = ()
    barred: Codes = frozenset()
    is_open: bool = False
    is_wavering: bool = False
    again: Codes = frozenset()
    most_again: int = 0


class _TooMany(Exception):  # it is no error: such a rule is looked at afterwards
    """More sets of courses make a condition true than are listed."""


def conflicts_of(
    rules: Rules, record: Record, reading: Reading, codes: Collection[CourseCode]
) -> Conflicts:
    """Return the conflicts among courses that may each be bought."""
    found = [
        frozenset(pair)
        for group in rules.same_course
        for pair in combinations([code for code in group if code in codes], 2)
        if not all(rules.resolved.courses[code].repeatable is not None for code in pair)
    ]
    most, again = _repeats(rules, record, codes)
    if not rules.reader.exclusions(record):
        return Conflicts(apart=tuple(found), again=again, most_again=most)
    excluding = _Excluding(rules, record, reading, codes)
    found += [one for one in excluding.sets() if excluding.is_lost(one)]
    smallest = [one for one in found if not any(other < one for other in found)]
    return Conflicts(
        apart=tuple(dict.fromkeys(one for one in smallest if len(one) > 1)),
        barred=frozenset().union(*(one for one in smallest if len(one) == 1)),
        is_open=excluding.is_open,
        is_wavering=excluding.is_wavering,
        again=again,
        most_again=most,
    )


def _repeats(rules: Rules, record: Record, codes: Collection[CourseCode]) -> tuple[int, Codes]:
    """Return the courses that were tried before, where more may be had than may be repeated."""
    left = rules.reader.repeats_left(record)
    if left is None:
        return 0, frozenset()
    most, tried = left
    courses = rules.resolved.courses
    again = frozenset(
        code
        for code in codes
        if courses[code].repeatable is None and rules.names.identity((code, None, None)) in tried
    )
    return (most, again) if len(again) > most else (0, frozenset())


class _Excluding:
    """The sets of courses by which the exclusions of one record would take some credit."""

    def __init__(
        self, rules: Rules, record: Record, reading: Reading, codes: Iterable[CourseCode]
    ) -> None:
        self.reader = rules.reader
        self.record = record
        self.reading = reading
        self.is_open = False
        self.is_wavering = False
        self._bought = {code: self.reader.bought(rules.resolved.courses[code]) for code in codes}
        self._everything = [self.reader.dated(attempt) for attempt in record.attempts]
        self._earning = self.reader.earning(record, reading)
        self._given = dict(record.approvals)

    def is_lost(self, codes: Codes) -> bool:
        """Return whether some credit is lost where these are bought."""
        bought = [self._bought[code] for code in sorted(codes)]
        return bool(self.reader.lost_by_buying(self.record, self.reading, bought))

    def sets(self) -> Iterator[Codes]:
        """Yield the sets that may do so, each more than nothing."""
        for rule in self.reader.exclusions(self.record):
            own = [code for code, d in self._bought.items() if rule.course in d.use.names]
            held = [d for d in self._earning if rule.course in d.use.names]
            for dated, mine in (
                *((d, frozenset[CourseCode]()) for d in held),
                *((self._bought[code], frozenset({code})) for code in own),
            ):
                for known in self._known(dated):
                    try:
                        found = self._true(rule.condition, known, mine)
                    except _TooMany:
                        self.is_open = True
                        continue
                    yield from (one | mine for one in found if one | mine)

    def _known(self, dated: Dated) -> Iterator[list[Dated]]:
        """Yield the other attempts, and these without waivers, which come after what is bought."""
        name = dated.use.attempt.id
        others = [one for one in self._everything if one.use.attempt.id != name]
        yield others
        graded = [one for one in others if not one.use.is_waiver]
        if len(graded) < len(others):
            yield graded

    def _true(self, item: Expression, known: Sequence[Dated], mine: Codes) -> list[Codes]:
        """Return the smallest sets of courses that make a condition true beside what is known."""

        def sets(part: Expression) -> list[Codes]:
            return self._true(part, known, mine)

        match item:
            case Not() if isinstance(item.item, _FACTS):
                return [frozenset()] if self._holds(item, known) else []
            case And():
                return _all_of([sets(part) for part in item.items])
            case Or():
                return _smallest([one for part in item.items for one in sets(part)])
            case NOf():
                parts = [sets(part) for part in item.items]
                picked = (_all_of(some) for some in combinations(parts, item.n))
                return _smallest([one for found in picked for one in found])
        if self._holds(item, known):
            return [frozenset()]
        if isinstance(item, Done):
            return [
                frozenset({code})
                for code, dated in self._bought.items()
                if code not in mine and self._holds(item, [dated])
            ]
        if not isinstance(item, _FACTS):
            self.is_open = True
            self.is_wavering = self.is_wavering or isinstance(item, GpaIs | Not)
        return []

    def _holds(self, item: Expression, known: Sequence[Dated]) -> bool:
        names = {dated.use.attempt.id for dated in self._earning}
        earning = [dated for dated in known if dated.use.attempt.id in names]
        return self.reader.scene(known, earning, self._given).holds(item) is True


def _all_of(parts: Sequence[Sequence[Codes]]) -> list[Codes]:
    found: list[Codes] = [frozenset()]
    for part in parts:
        found = _smallest([one | other for one in found for other in part])
    return found


def _smallest(found: Sequence[Codes]) -> list[Codes]:
    if len(found) > MOST_SETS:
        raise _TooMany
    once = list(dict.fromkeys(found))
    return [one for one in once if not any(other < one for other in once)]


def smallest_lost(codes: Codes, is_lost: Callable[[Codes], bool]) -> Codes:
    """Return courses of a set that lose some credit together, none of which can be left out."""
    for code in sorted(codes):
        if is_lost(codes - {code}):
            codes -= {code}
    return codes
