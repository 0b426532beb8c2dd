"""The names a course answers to: renamed, cross-listed, equivalent."""

from __future__ import annotations

import datetime as dt
import re

from prospectus.domain.course import SUBJECT, CourseCode, parse_code
from prospectus.domain.errors import DomainError
from prospectus.domain.expression import And, Done, Or
from prospectus.domain.program import Rename, School

_SUBJECT = re.compile(SUBJECT)


def canonical(code: str) -> str:
    """Return the printed form of a code; a text that is none stays as it is."""
    try:
        return parse_code(code)
    except DomainError:
        return code


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

    def numbers(self, code: str, topic: str | None, day: dt.date | None) -> frozenset[str]:
        """Return the numbers that a course registered on a day had, has and will have."""
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
        names = set(self.one_course(code, topic, day))
        for piece, whole in self._stands_for:
            if piece in names:
                names |= self.one_course(whole, None, day)
        return frozenset(names)

    def identity(self, code: str, topic: str | None, day: dt.date | None) -> str:
        """Return what is the same for all attempts of one course: its newest number."""
        if self.is_plain:
            return code
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
