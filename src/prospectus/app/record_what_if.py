"""What can be supposed of a kept record: what a form offers, and the texts that its fields mean."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from prospectus.app.declared_choices import Offered, declared_choices
from prospectus.app.library import Library

_PARTS = re.compile(r"[;\n]")
_COURSES = re.compile(r"[,;\n]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Offers:
    """What may be supposed under a programme: its courses, grades, years and declared choices."""

    courses: tuple[tuple[str, str], ...]
    grades: tuple[str, ...]
    years: tuple[str, ...]
    choices: tuple[tuple[str, Offered], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Supposed:
    """What the fields of the form say.

    Parameters
    ----------
    courses, grade
        Courses not taken, with a comma between, and the grade that they are to have.
    again, instead
        A course on record and the grade that it is to have instead.
    choices
        Choices as `id=child`.
    year, under
        A catalogue year, another programme.
    more
        Texts as the command line takes them, such as `add=CS 7641`.
    """

    courses: str = ""
    grade: str = ""
    again: str = ""
    instead: str = ""
    choices: tuple[str, ...] = ()
    year: str = ""
    under: str = ""
    more: tuple[str, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """Return what is supposed, as the command line takes it."""
        return tuple(self._texts())

    def _texts(self) -> Iterator[str]:
        for text in self.more:
            yield from _split(_PARTS, text)
        for course in _split(_COURSES, self.courses):
            yield f"add={course}={self.grade}" if self.grade else f"add={course}"
        if self.again or self.instead:
            yield f"regrade={self.again}={self.instead}"
        yield from (one for one in self.choices if one)
        if self.year:
            yield f"year={self.year}"
        if self.under:
            yield f"program={self.under}"


def offers(library: Library, program: str, year: str) -> Offers:
    """Return what may be supposed of a record under a programme in a year."""
    rules = library.program(program, year)
    school = library.school(rules)
    return Offers(
        courses=tuple((str(one.code), one.title) for one in school.courses),
        grades=tuple(one.name for one in school.grades.grades),
        years=tuple(library.years(program)),
        choices=tuple(declared_choices(rules).items()),
    )


def _split(by: re.Pattern[str], text: str) -> Sequence[str]:
    return [part.strip() for part in by.split(text) if part.strip()]
