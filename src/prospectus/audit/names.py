"""The codes that an attempt answers to: renamed, cross-listed, standing for another course."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from prospectus.domain.course import Course, CourseCode, parse_code
from prospectus.domain.errors import DomainError
from prospectus.domain.expression import And, Done, Or
from prospectus.domain.program import Rename, Resolved

Key = tuple[str, str | None, dt.date | None]
"""A code, the topic and the day it was registered for: what its names depend on."""


class Names:
    """A school's names; every answer is computed once."""

    def __init__(self, resolved: Resolved) -> None:
        school = resolved.school
        self._courses = resolved.courses
        self._renames = [(r, _printed(r.old), _printed(r.new)) for r in school.renames]
        self._groups = [frozenset(map(_printed, group)) for group in school.cross_listed]
        self._stands_for: list[tuple[str, str]] = []
        self.composites: list[tuple[CourseCode, frozenset[str]]] = []
        for item in school.equivalents:
            if isinstance(item.met_by, And):
                pieces = (part.code for part in item.met_by.items if isinstance(part, Done))
                self.composites.append((item.course, frozenset(map(_printed, pieces))))
                continue
            single = item.met_by.items if isinstance(item.met_by, Or) else (item.met_by,)
            self._stands_for += [
                (_printed(one.code), item.course) for one in single if isinstance(one, Done)
            ]
        self.is_plain = not (self._renames or self._groups or self._stands_for)
        self._numbers: dict[Key, frozenset[str]] = {}
        self._all: dict[Key, frozenset[str]] = {}
        self._identities: dict[Key, str] = {}

    def numbers(self, key: Key) -> frozenset[str]:
        """Return the codes that the course itself had, has and will have."""
        if not self._renames:
            return frozenset({key[0]})
        if key not in self._numbers:
            _, topic, day = key
            found: set[str] = set()
            waiting = [key[0]]
            while waiting:
                code = waiting.pop()
                if code not in found:
                    found.add(code)
                    waiting += self._neighbours(code, topic, day)
            self._numbers[key] = frozenset(found)
        return self._numbers[key]

    def _neighbours(self, code: str, topic: str | None, day: dt.date | None) -> Iterator[str]:
        for rename, old, new in self._renames:
            later, earlier = _swapped(code, old, new), _swapped(code, new, old)
            if later is not None and _was_old(rename, topic, day):
                yield later
            if earlier is not None and _is_new(rename, day):
                yield earlier

    def names(self, key: Key) -> frozenset[str]:
        """Return every code that counts for it, those it merely stands for included."""
        if self.is_plain:
            return frozenset({key[0]})
        if key not in self._all:
            found = set(self._one_course(key))
            for piece, whole in self._stands_for:
                if piece in found:
                    found |= self._one_course((whole, None, key[2]))
            self._all[key] = frozenset(found)
        return self._all[key]

    def _one_course(self, key: Key) -> frozenset[str]:
        _, topic, day = key
        numbers = self.numbers(key)
        listed = numbers.union(*(group for group in self._groups if group & numbers))
        return listed.union(*(self.numbers((name, topic, day)) for name in listed))

    def identity(self, key: Key) -> str:
        """Return what all attempts of one course share: its newest number."""
        if self.is_plain:
            return key[0]
        known = self._identities.get(key)
        if known is None:
            known = self._identities[key] = self._least(key)
        return known

    def _least(self, key: Key) -> str:
        code, topic, day = key
        numbers = self.numbers(key)
        others = {name for group in self._groups if group & numbers for name in group} - numbers
        return min(self._newest(name, topic, day) for name in {*others, code})

    def _newest(self, code: str, topic: str | None, day: dt.date | None) -> str:
        for _ in self._renames:
            for rename, old, new in self._renames:
                later = _swapped(code, old, new)
                if later is not None and _was_old(rename, topic, day):
                    code = later
        return code

    def topics(self, key: Key) -> frozenset[str]:
        """Return the topics: the attempt's own, and those of which the course was renamed."""
        topic = key[1]
        own = frozenset() if topic is None else frozenset({topic})
        if not self._renames:
            return own
        numbers = self.numbers(key)
        return own | {r.topic for r, _, new in self._renames if r.topic and new in numbers}

    def course(self, key: Key) -> Course | None:
        """Return the catalogue course, whatever number it was registered under."""
        found = self._courses.get(CourseCode(key[0]))
        if found is not None or self.is_plain:
            return found
        for name in sorted(self._one_course(key)):
            if (found := self._courses.get(CourseCode(name))) is not None:
                return found
        return None


def _printed(code: str) -> str:
    try:
        return parse_code(code)
    except DomainError:
        return code


def _swapped(code: str, one: str, other: str) -> str | None:
    """Return a code under its other name: the course's, or its subject's."""
    if code == one:
        return other
    if " " not in one and " " not in other and code.startswith(f"{one} "):
        return other + code[len(one) :]
    return None


def _was_old(rename: Rename, topic: str | None, day: dt.date | None) -> bool:
    if rename.topic is not None and topic != rename.topic:
        return False
    return day is None or rename.valid_from is None or day < rename.valid_from


def _is_new(rename: Rename, day: dt.date | None) -> bool:
    if day is None:
        return True
    begun = rename.valid_from is None or rename.valid_from <= day
    return begun and (rename.valid_until is None or day <= rename.valid_until)
