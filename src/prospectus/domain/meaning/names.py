"""The names a course answers to: renamed, cross-listed, equivalent."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import TypeVar

from prospectus.domain.course import SUBJECT, CourseCode, parse_code
from prospectus.domain.errors import DomainError
from prospectus.domain.expression import And, Done, Or
from prospectus.domain.program import Rename, School

Key = tuple[str, str | None, dt.date | None]
"""A code, the topic and the day it was registered for: what its names depend on."""
Found = TypeVar("Found")

MOST_SCHOOLS = 64
MOST_KNOWN = 50_000
"""How many answers about names are remembered for one school."""

_SUBJECT = re.compile(SUBJECT)


def canonical(code: str) -> str:
    """Return the printed form of a code; a text that is none stays as it is."""
    try:
        return parse_code(code)
    except DomainError:
        return code


_known: dict[int, tuple[School, Names]] = {}


def names_of(school: School) -> Names:
    """Return the names of a school; those of the last few schools are kept."""
    found = _known.get(id(school))
    if found is None or found[0] is not school:
        if len(_known) >= MOST_SCHOOLS:
            _known.clear()
        found = _known[id(school)] = (school, Names(school))
    return found[1]


class Names:
    """A school's names, each rename read once."""

    def __init__(self, school: School) -> None:
        self._renames = [(r, canonical(r.old), canonical(r.new)) for r in school.renames]
        self._listed = [frozenset(canonical(c) for c in group) for group in school.cross_listed]
        self._stands_for: list[tuple[str, str]] = []
        self.composites: tuple[tuple[CourseCode, frozenset[str]], ...] = ()
        for equivalent in school.equivalents:
            met_by = equivalent.met_by
            if isinstance(met_by, And):
                pieces = frozenset(canonical(p.code) for p in met_by.items if isinstance(p, Done))
                self.composites += ((equivalent.course, pieces),)
                continue
            for item in met_by.items if isinstance(met_by, Or) else (met_by,):
                if isinstance(item, Done):
                    self._stands_for.append((canonical(item.code), equivalent.course))
        self.is_plain = not (self._renames or self._listed or self._stands_for)
        self._numbers: dict[Key, frozenset[str]] = {}
        self._all_names: dict[Key, frozenset[str]] = {}
        self._identities: dict[Key, str] = {}

    def numbers(self, code: str, topic: str | None, day: dt.date | None) -> frozenset[str]:
        """Return the numbers that a course registered on a day had, has and will have."""
        return _once(self._numbers, self._grown, (code, topic, day))

    def _grown(self, code: str, topic: str | None, day: dt.date | None) -> frozenset[str]:
        found = {code}
        grown = True
        while grown:
            grown = False
            for rename, old, new in self._renames:
                for known in tuple(found):
                    later = _swapped(known, old, new)
                    if later and _bore_old(rename, topic, day) and later not in found:
                        found.add(later)
                        grown = True
                    earlier = _swapped(known, new, old)
                    if earlier and _bore_new(rename, day) and earlier not in found:
                        found.add(earlier)
                        grown = True
        return frozenset(found)

    def topics(self, code: str, topic: str | None, day: dt.date | None) -> frozenset[str]:
        """Return the topics of an attempt: its own, and those of which the course was renamed."""
        if not self._renames:
            return frozenset() if topic is None else frozenset({topic})
        numbers = self.numbers(code, topic, day)
        implied = {r.topic for r, _, new in self._renames if r.topic and new in numbers}
        return frozenset(implied if topic is None else implied | {topic})

    def all_names(self, code: str, topic: str | None, day: dt.date | None) -> frozenset[str]:
        """Return every code that an attempt answers to."""
        if self.is_plain:
            return frozenset({code})
        return _once(self._all_names, self._with_stood_for, (code, topic, day))

    def _with_stood_for(self, code: str, topic: str | None, day: dt.date | None) -> frozenset[str]:
        names = set(self.one_course(code, topic, day))
        for piece, whole in self._stands_for:
            if piece in names:
                names |= self.one_course(whole, None, day)
        return frozenset(names)

    def identity(self, code: str, topic: str | None, day: dt.date | None) -> str:
        """Return what is the same for all attempts of one course: its newest number."""
        if self.is_plain:
            return code
        return _once(self._identities, self._least, (code, topic, day))

    def _least(self, code: str, topic: str | None, day: dt.date | None) -> str:
        numbers = self.numbers(code, topic, day)
        listed = {name for group in self._listed if group & numbers for name in group}
        return min(self._newest(name, topic, day) for name in {*(listed - numbers), code})

    def _newest(self, code: str, topic: str | None, day: dt.date | None) -> str:
        for _ in self._renames:
            for rename, old, new in self._renames:
                later = _swapped(code, old, new)
                if later and _bore_old(rename, topic, day):
                    code = later
        return code

    def _listed_with(self, code: str, topic: str | None, day: dt.date | None) -> frozenset[str]:
        numbers = self.numbers(code, topic, day)
        return numbers.union(*(group for group in self._listed if group & numbers))

    def one_course(self, code: str, topic: str | None, day: dt.date | None) -> frozenset[str]:
        """Return the codes of the course itself: renamed and cross-listed."""
        listed = self._listed_with(code, topic, day)
        return listed.union(*(self.numbers(name, topic, day) for name in listed))


def _once(
    known: dict[Key, Found], find: Callable[[str, str | None, dt.date | None], Found], key: Key
) -> Found:
    """Return what is known of a code, a topic and a day, found out once."""
    if key not in known:
        if len(known) >= MOST_KNOWN:
            known.clear()
        known[key] = find(*key)
    return known[key]


def _swapped(code: str, one: str, other: str) -> str | None:
    """Return `code` under its other name: the course's, or its subject's."""
    if code == one:
        return other
    if _SUBJECT.fullmatch(one) and _SUBJECT.fullmatch(other) and code.startswith(f"{one} "):
        return f"{other} {code.removeprefix(f'{one} ')}"
    return None


def _bore_old(rename: Rename, topic: str | None, day: dt.date | None) -> bool:
    """Return whether what was registered under the old number is the renamed course."""
    if rename.topic is not None and topic != rename.topic:
        return False
    return day is None or rename.valid_from is None or day < rename.valid_from


def _bore_new(rename: Rename, day: dt.date | None) -> bool:
    """Return whether what was registered under the new number is the renamed course."""
    if day is None:
        return True
    return (rename.valid_from is None or rename.valid_from <= day) and (
        rename.valid_until is None or day <= rename.valid_until
    )
