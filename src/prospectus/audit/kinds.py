"""The entries of a board grouped by what they are to its rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from prospectus.audit.problem import Entry
from prospectus.audit.requirements import Leaf, Minimum, Row
from prospectus.audit.rules import Rules
from prospectus.audit.table import Kind, Limit
from prospectus.domain.course import CourseCode
from prospectus.domain.requirement import NodeId

_Pieces = tuple[tuple[CourseCode, frozenset[str], frozenset[str]], ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """A limit and what each entry counts in it; `values` where it counts distinct ones."""

    limit: Limit
    amounts: tuple[int, ...]
    values: tuple[frozenset[str] | None, ...] | None = None
    name: NodeId | None = None


MOST_KNOWN = 5_000
"""How many kinds are remembered for one programme."""

_kinds: WeakKeyDictionary[Rules, dict[object, Kind]] = WeakKeyDictionary()
"""The kinds of rules, by the leaves that are active, the limits, and what tells entries apart."""


def kinds_of(
    rules: Rules,
    leaves: Sequence[Leaf],
    entries: Sequence[Entry],
    limits: Sequence[Counted],
    shares: Sequence[tuple[tuple[bool, int], ...]],
    n_own: int,
) -> tuple[list[int], list[Kind]]:
    """Return, for each entry, the number of its kind, and the kinds.

    `shares` tells of each entry what it is to each limit on sharing; `n_own` of the limits are
    those of the rules, which come first.
    """
    numbers: dict[object, int] = {}
    kinds: list[Kind] = []
    found: list[int] = []
    minima = [leaf for leaf in leaves if leaf.minima]
    shaped = [leaf for leaf in leaves if leaf.shape]
    pieced = [leaf for leaf in leaves if leaf.has_pieces]
    distinct = [one for one in limits if one.values]
    by_row: dict[int, tuple[tuple[int, ...], ...]] = {}
    n_leaves = len(rules.leaves)
    known = _kinds.setdefault(rules, {})
    scene = (
        tuple([leaf.index for leaf in leaves]),
        tuple([(one.limit.is_most, one.limit.distinct) for one in limits]),
        n_own,
    )
    each = [*zip(*[counted.amounts for counted in limits], strict=True)] or [()] * len(entries)
    for index, (entry, amounts) in enumerate(zip(entries, each, strict=True)):
        row = entry.row
        splits = row.splits and not entry.is_new
        values = tuple([c.values[index] for c in distinct if c.values]) if distinct else ()
        # alike uses have one row
        counted = by_row.get(id(row))
        if counted is None:
            counted = by_row[id(row)] = tuple(
                [tuple([counts(row, minimum) for minimum in leaf.minima]) for leaf in minima]
            )
        areas = tuple([row.areas[leaf.index] for leaf in shaped]) if shaped else ()
        pieces = _pieces(entry, pieced) if pieced else ()
        shared = shares[index]
        key = (
            row.units,
            entry.is_new,
            index if splits else -1,
            amounts,
            values,
            counted,
            areas,
            pieces,
            shared,
            entry.allows,
            row.is_waiver,
        )
        number = numbers.get(key)
        if number is None:
            number = numbers[key] = len(kinds)
            kind = known.get((scene, key))
            if kind is not None:
                kinds.append(kind)
                found.append(number)
                continue
            by_leaf: list[tuple[int, ...]] = [()] * n_leaves
            for leaf, values_ in zip(minima, counted, strict=True):
                by_leaf[leaf.index] = values_
            in_areas: list[frozenset[str]] = [frozenset()] * n_leaves
            for leaf, names in zip(shaped, areas, strict=True):
                in_areas[leaf.index] = names
            of_pieces: list[_Pieces] = [()] * n_leaves
            for leaf, mine in zip(pieced, pieces, strict=True):
                of_pieces[leaf.index] = mine
            kind = Kind(
                units=row.units,
                cost=row.units if entry.is_new else 0,
                splits=splits,
                together=rules.together(entry.allows),
                amounts=amounts,
                touches=tuple(pair for pair in enumerate(amounts) if pair[1]),
                capped=tuple(
                    pair
                    for pair, counted_ in zip(enumerate(amounts), limits, strict=True)
                    if pair[1] and counted_.limit.is_most and not counted_.limit.distinct
                ),
                helps=sum(
                    -1 if counted_.limit.is_most else 1
                    for amount, counted_ in zip(amounts[:n_own], limits, strict=False)
                    if amount
                ),
                values=tuple(None if c.values is None else c.values[index] for c in limits),
                minima=tuple(by_leaf),
                areas=tuple(in_areas),
                pieces=tuple(of_pieces),
                shares=shared,
                is_waiver=row.is_waiver,
            )
            if len(known) >= MOST_KNOWN:
                known.clear()
            known[scene, key] = kind
            kinds.append(kind)
        found.append(number)
    return found, kinds


def _pieces(entry: Entry, pieced: Sequence[Leaf]) -> tuple[_Pieces, ...]:
    """Return, for each leaf that takes pieces, the courses of which an entry is one."""
    return tuple(
        tuple(
            (course, entry.names & needed, needed)
            for course, needed in entry.row.pieces[leaf.index]
        )
        for leaf in pieced
    )


def counts(row: Row, minimum: Minimum) -> int:
    """Return what an entry counts inside a leaf; the unknown counts towards a most alone."""
    selected = row.measured[minimum.index]
    if selected is False or (selected is None and not minimum.is_most):
        return 0
    return 1 if minimum.in_courses else row.units
