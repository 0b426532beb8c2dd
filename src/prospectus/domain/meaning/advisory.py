"""Prerequisites that cannot be had inside the programme: advice, for a plan cannot meet them."""

from __future__ import annotations

from prospectus.domain.expression import (
    And,
    Background,
    Done,
    Expression,
    NOf,
    Or,
    Soft,
    Softness,
)
from prospectus.domain.program import School


def obtainable(codes: frozenset[str], school: School) -> frozenset[str]:
    """Return the codes of courses that can be had: those, and every name that they answer to."""
    found = set(codes)
    for rename in school.renames:
        if found & {rename.old, rename.new}:
            found |= {rename.old, rename.new}
    for group in school.cross_listed:
        if found & set(group):
            found |= set(group)
    for equivalent in school.equivalents:
        if _can_be_had(equivalent.met_by, frozenset(found)):
            found.add(equivalent.course)
    return frozenset(found)


def binding(requisite: Expression, codes: frozenset[str]) -> Expression:
    """Return a requisite whose parts that nobody can meet inside the programme are advice.

    Courses outside `codes` and background cannot be had. As one of several alternatives such a
    part stays, met only by what is on record; where it stands alone, or beside others that all
    have to hold, it becomes soft.
    """
    if not _can_be_had(requisite, codes) and not isinstance(requisite, And):
        return Soft(kind=Softness.RECOMMENDED, item=requisite)
    match requisite:
        case And():
            return And(items=tuple(binding(part, codes) for part in requisite.items))
        case Or() | NOf():
            parts = tuple(
                binding(part, codes) if _can_be_had(part, codes) else part
                for part in requisite.items
            )
            if isinstance(requisite, Or):
                return Or(items=parts)
            return NOf(n=requisite.n, items=parts)
        case _:
            return requisite


def _can_be_had(item: Expression, codes: frozenset[str]) -> bool:
    match item:
        case Done():
            return item.code in codes
        case Background():
            return False
        case And():
            return all(_can_be_had(part, codes) for part in item.items)
        case Or():
            return any(_can_be_had(part, codes) for part in item.items)
        case NOf():
            return sum(_can_be_had(part, codes) for part in item.items) >= item.n
        case _:
            return True
