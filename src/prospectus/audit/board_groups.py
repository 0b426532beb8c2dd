"""What is asked of a solution, and the groups of alike entries that a search looks at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from prospectus.audit.kinds import Counted
from prospectus.audit.table import Kind, Limit


@dataclass(slots=True)
class Wanted:
    """What is asked of a solution beyond the rules.

    `must` and `allowed` are masks of leaves by entry; `met` are leaves that must be met by what
    is passed; `more` are further leasts; `most` says how many courses of an entry may be bought;
    what is `given` of them costs nothing.
    """

    must: list[int]
    allowed: list[int]
    met: int = 0
    more: tuple[Counted, ...] = ()
    most: dict[int, int] = field(default_factory=dict)
    given: frozenset[int] = frozenset()

    def copy(self) -> Wanted:
        """Return the same wants, to be changed apart."""
        return Wanted(
            list(self.must), list(self.allowed), self.met, self.more, dict(self.most), self.given
        )


Group = tuple[int, int, int]
"""The number of a kind, the leaves that may hold it, those that must."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """The limits with some more, for each entry the number of its kind under them, and the kinds.

    `closed` are, by kind, the leaves in which one of it would break a most already; `bought` keeps
    the groups of what may be bought, `given` the kinds of what costs nothing.
    """

    more: tuple[Counted, ...]
    counted: list[Counted]
    limits: list[Limit]
    numbers: list[int]
    kinds: list[Kind]
    closed: list[int]
    bought: dict[object, list[tuple[Group, list[int]]]] = field(default_factory=dict)
    given: dict[int, Kind] = field(default_factory=dict)

    def kind(self, number: int) -> Kind:
        """Return a kind; numbers beyond all are those of what is given."""
        if number < len(self.kinds):
            return self.kinds[number]
        known = self.given.get(number)
        if known is None:
            known = self.given[number] = replace(self.kinds[number - len(self.kinds)], cost=0)
        return known


def no_more(members: Sequence[int], most: Mapping[int, int]) -> list[int]:
    """Return the entries of a group, each no more often than it may be bought."""
    if most.keys().isdisjoint(members):
        return list(members)
    found: list[int] = []
    latest, left = -1, 0
    for index in members:
        if index != latest:
            latest, left = index, most.get(index, len(members))
        if left:
            left -= 1
            found.append(index)
    return found


def given_first(
    groups: Sequence[tuple[Group, list[int]]], given: frozenset[int], n_kinds: int
) -> list[tuple[Group, list[int]]]:
    """Return groups with those apart that are given, which come first and cost nothing."""
    free: list[tuple[Group, list[int]]] = []
    rest: list[tuple[Group, list[int]]] = []
    for (number, allowed, must), members in groups:
        mine = [index for index in members if index in given]
        others = [index for index in members if index not in given]
        if mine:
            free.append(((number + n_kinds, allowed, must), mine))
        if others:
            rest.append(((number, allowed, must), others))
    return [*free, *rest]


def closed_by(kind: Kind, limits: Sequence[Limit]) -> int:
    """Return the leaves in which one of a kind breaks a most, whatever else is held."""
    closed = 0
    for index, amount in kind.capped:
        limit = limits[index]
        if amount > limit.bound and not (kind.splits and limit.by_part):
            closed |= limit.scope
    return closed
