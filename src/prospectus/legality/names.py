"""Every code that a course answers to: renamed, cross-listed, equivalent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

from prospectus.domain.course import Course, CourseCode, parse_code
from prospectus.domain.errors import DomainError
from prospectus.domain.expression import And, Done, Or
from prospectus.domain.program import Rename, Resolved
from prospectus.domain.record import Attempt

if TYPE_CHECKING:
    from prospectus.legality.uses import Use


MOST_KNOWN = 50_000
"""How many answers about names are remembered for one programme."""


class Names:
    """The names of a school's courses, each rename read once."""

    def __init__(self, resolved: Resolved) -> None:
        self._courses = resolved.courses
        school = resolved.school
        self._renames = [
            (rename, _printed(rename.old), _printed(rename.new)) for rename in school.renames
        ]
        self._listed = [frozenset(map(_printed, group)) for group in school.cross_listed]
        self._stands_for: list[tuple[str, str]] = []
        self.composites: tuple[tuple[CourseCode, frozenset[str]], ...] = ()
        for equivalent in school.equivalents:
            met_by = equivalent.met_by
            if isinstance(met_by, And):
                pieces = (_printed(item.code) for item in met_by.items if isinstance(item, Done))
                self.composites += ((equivalent.course, frozenset(pieces)),)
                continue
            for item in met_by.items if isinstance(met_by, Or) else (met_by,):
                if isinstance(item, Done):
                    self._stands_for.append((_printed(item.code), equivalent.course))
        self.is_plain = not (self._renames or self._listed or self._stands_for)
        self.candidates: dict[object, Use] = {}
        self._known: dict[tuple[str, str | None, dt.date | None], frozenset[str]] = {}

    def of(self, attempt: Attempt, day: dt.date | None = None) -> frozenset[str]:
        """Return every code that an attempt registered on a day answers to."""
        if self.is_plain:
            return frozenset({str(attempt.course)})
        names = set(self._same_course(attempt.course, attempt.topic, day))
        for piece, whole in self._stands_for:
            if piece in names:
                names |= self._same_course(whole, None, day)
        return frozenset(names)

    def numbers(self, attempt: Attempt, day: dt.date | None = None) -> frozenset[str]:
        """Return the codes that the course itself had, has and will have."""
        if self.is_plain:
            return frozenset({str(attempt.course)})
        return frozenset(self._numbers(attempt.course, attempt.topic, day))

    def topics(self, attempt: Attempt, day: dt.date | None = None) -> frozenset[str]:
        """Return the topics of an attempt, one that the course was renamed for included."""
        own = frozenset() if attempt.topic is None else frozenset({attempt.topic})
        if self.is_plain:
            return own
        numbers = self._numbers(attempt.course, attempt.topic, day)
        return own | {r.topic for r, _, new in self._renames if r.topic and new in numbers}

    def identity(self, attempt: Attempt, day: dt.date | None = None) -> str:
        """Return what all attempts of one course have in common, whatever its number was."""
        if self.is_plain:
            return attempt.course
        return min(self._same_course(attempt.course, attempt.topic, day))

    def course(self, code: str) -> Course | None:
        """Return the catalogue course of a code, or of another name of it."""
        return self._course(code, None, None)

    def course_of(self, attempt: Attempt, day: dt.date | None = None) -> Course | None:
        """Return the catalogue course that an attempt is of."""
        return self._course(attempt.course, attempt.topic, day)

    def _course(self, code: str, topic: str | None, day: dt.date | None) -> Course | None:
        found = self._courses.get(CourseCode(code))
        if found is not None or self.is_plain:
            return found
        for name in sorted(self._same_course(code, topic, day)):
            if (found := self._courses.get(CourseCode(name))) is not None:
                return found
        return None

    def _same_course(self, code: str, topic: str | None, day: dt.date | None) -> set[str]:
        """Return the codes of the course itself: renamed and cross-listed."""
        numbers = self._numbers(code, topic, day)
        listed = numbers.union(*(group for group in self._listed if group & numbers))
        return listed.union(*(self._numbers(name, topic, day) for name in listed))

    def _numbers(self, code: str, topic: str | None, day: dt.date | None) -> set[str]:
        key = (code, topic, day)
        known = self._known.get(key)
        if known is None:
            found: set[str] = set()
            waiting = [code]
            while waiting:
                name = waiting.pop()
                if name not in found:
                    found.add(name)
                    waiting.extend(self._neighbours(name, topic, day))
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            self._known[key] = frozenset(found)
            return found
        return set(known)

    def _neighbours(self, code: str, topic: str | None, day: dt.date | None) -> Iterator[str]:
        for rename, old, new in self._renames:
            later, earlier = _swapped(code, old, new), _swapped(code, new, old)
            if later is not None and _was_old(rename, topic, day):
                yield later
            if earlier is not None and _is_new(rename, day):
                yield earlier


def names_of(resolved: Resolved) -> Names:
    """Return the names of a resolved programme's courses, read once."""
    found = resolved.memo.get(Names)
    if not isinstance(found, Names):
        found = resolved.memo[Names] = Names(resolved)
    return found


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
