"""What rules ask about a person: of whom all answers are alike, the rules say the same."""

from __future__ import annotations

from dataclasses import fields, is_dataclass

from prospectus.domain.expression import (
    Background,
    Expression,
    GpaIs,
    HasDegree,
    Member,
    PersonIs,
    TestIs,
)
from prospectus.domain.meaning.conditions import static
from prospectus.domain.place import RESIDENCE
from prospectus.domain.student import Person

_QUESTIONS = (Background, GpaIs, HasDegree, Member, PersonIs, TestIs)

Answers = tuple[object, ...]


def facts_asked(*rules: object) -> tuple[Expression, ...]:
    """Return every question about the person that stands anywhere in rules, each once."""
    found: dict[Expression, None] = {}
    stack: list[object] = [*rules]
    while stack:
        item = stack.pop()
        if isinstance(item, _QUESTIONS):
            found[item] = None
        elif isinstance(item, tuple | list | frozenset):
            stack.extend(item)
        elif is_dataclass(item):
            stack.extend([getattr(item, one.name) for one in fields(item)])
    return tuple(found)


def answers_of(person: Person, asked: tuple[Expression, ...]) -> Answers:
    """Return what a person says to questions, and where they live: fees may hang on it."""
    return (person.fact(RESIDENCE), *[static(question, person) for question in asked])
