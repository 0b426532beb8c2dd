"""Static facts of the person, three-valued."""

from __future__ import annotations

from prospectus.domain.expression import (
    And,
    Background,
    Expression,
    HasDegree,
    Member,
    NOf,
    Not,
    Or,
    PersonIs,
    TestIs,
)
from prospectus.domain.student import Person
from prospectus.legality.selecting import Tri, all_of, any_of


def static(item: Expression, person: Person) -> Tri:
    """Return whether a fact of the person holds; None when the person has not said."""
    match item:
        case Member():
            return item.program in person.memberships
        case HasDegree():
            if person.degrees is None:
                return None
            fields = [field for level, field in person.degrees if level == item.level]
            return any(item.field is None or item.field == field for field in fields)
        case TestIs():
            if person.tests is None:
                return None
            return any(n == item.name and score >= item.at_least for n, score in person.tests)
        case Background():
            return None if person.background is None else item.topic in person.background
        case PersonIs():
            value = person.fact(item.fact)
            return None if value is None else value == item.value
        case And():
            return all_of(static(part, person) for part in item.items)
        case Or():
            return any_of(static(part, person) for part in item.items)
        case NOf():
            answers = [static(part, person) for part in item.items]
            if sum(answer is True for answer in answers) >= item.n:
                return True
            return None if sum(answer is not False for answer in answers) >= item.n else False
        case Not():
            inner = static(item.item, person)
            return None if inner is None else not inner
        case _:
            return None
