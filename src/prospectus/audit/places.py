"""The leaves of a board in the order in which they are filled, with what they hold at most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from prospectus.audit.kinds import Counted
from prospectus.audit.problem import MOST_SCOPES, Entry, Scope
from prospectus.audit.requirements import Leaf
from prospectus.audit.rules import Rules
from prospectus.audit.table import By, Place
from prospectus.domain.requirement import NodeId


@dataclass(frozen=True, slots=True, kw_only=True)
class Spots:
    """The leaves of a board with what may stand in them.

    `opens` are masks of leaves by entry, `optional` one of the leaves that need not be met; `asks`
    gives the limit that counts the total of a node, `fits` what is known to fit a leaf already,
    `around` the other leaves of each.
    """

    leaves: Sequence[Leaf]
    entries: Sequence[Entry]
    n_uses: int
    opens: Sequence[int]
    limits: Sequence[Counted]
    asks: Mapping[NodeId, int]
    optional: int
    fits: dict[int, Fit]
    around: Mapping[int, Around]


@dataclass(frozen=True, slots=True)
class Around:
    """The leaves around one: of its pool, those among which a use may be split, other pools."""

    pool: int
    within: int
    views: int


_around: WeakKeyDictionary[Rules, dict[int, dict[int, Around]]] = WeakKeyDictionary()
"""What stands around the leaves of rules, by the leaves that are active."""


def around_of(rules: Rules, scope: Scope) -> Mapping[int, Around]:
    """Return what stands around each active leaf, worked out once for all records."""
    known = _around.setdefault(rules, {})
    if scope.leaves not in known:
        if len(known) > MOST_SCOPES:
            known.clear()
        leaves = [leaf for leaf in rules.leaves if leaf.bit & scope.leaves]
        known[scope.leaves] = {leaf.index: _around_leaf(leaf, leaves) for leaf in leaves}
    return known[scope.leaves]


def _around_leaf(leaf: Leaf, leaves: Sequence[Leaf]) -> Around:
    within = 0
    if not leaf.fill.rest:
        # free electives share with no leaf of their pool, not even by parts
        within = sum(
            other.bit
            for other in leaves
            if other.fill.pool == leaf.fill.pool and not other.fill.rest and other.takes_parts
        )
    return Around(
        pool=sum(other.bit for other in leaves if other.fill.pool == leaf.fill.pool),
        within=within,
        views=sum(
            other.bit
            for other in leaves
            if not (other.counts and leaf.counts) and other.fill.pool != leaf.fill.pool
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """What fits a leaf: how many entries of it, their credits, whether all have some."""

    count: int
    least: int
    most: int
    has_parts: bool
    is_whole: bool


def order_of(spots: Spots) -> list[Place]:
    """Return the leaves, those with the least to spare first, free electives last."""
    places = [_place(spots, leaf) for leaf in spots.leaves]

    def key(place: Place) -> tuple[bool, int, int, int]:
        leaf = place.leaf
        asked = leaf.courses or 1
        return (
            leaf.fill.rest,
            -len(leaf.above) if leaf.fill.rest else 0,
            spots.fits[leaf.index].count - asked,
            leaf.index,
        )

    return sorted(places, key=key)


def _fit(spots: Spots, leaf: Leaf) -> Fit:
    """Return what fits a leaf; worked out once for all boards of one problem."""
    known = spots.fits.get(leaf.index)
    if known is None:
        bit = leaf.bit
        here = [e for e, mask in zip(spots.entries, spots.opens, strict=True) if mask & bit]
        sizes = {entry.row.units for entry in here if not entry.row.is_waiver}
        known = spots.fits[leaf.index] = Fit(
            count=sum([len(entry.codes) for entry in here]),
            least=min(sizes, default=0),
            most=max(sizes, default=0),
            has_parts=True in [entry.row.splits and not entry.is_new for entry in here],
            is_whole=True not in [entry.row.is_waiver for entry in here],
        )
    return known


def _place(spots: Spots, leaf: Leaf) -> Place:
    fit = _fit(spots, leaf)
    least, most = fit.least, fit.most
    round_to = least if least == most and least and not fit.has_parts else 1
    low = high = 0
    asks = None
    if leaf.fill.rest:
        asks = None if leaf.total_node is None else spots.asks.get(leaf.total_node)
        bound = 0 if asks is None else spots.limits[asks].limit.bound
        high = most + max(bound, leaf.rest_least)
        low = -(-leaf.rest_least // round_to) * round_to
    else:
        credits = -(-(leaf.credits or 0) // round_to) * round_to
        courses = leaf.courses or 0
        low = max(credits, 0 if leaf.has_pieces else courses * least)
        high = (max(courses, _needed(leaf, fit)) + sum(leaf.shape)) * most
        if credits:
            high += credits if round_to > 1 or least == most == 1 else credits + most - 1
        if leaf.has_pieces:
            high += sum(entry.row.units for entry in spots.entries[: spots.n_uses]) + 9 * most
    around = spots.around[leaf.index]
    return Place(
        pool=around.pool,
        views=around.views,
        leaf=leaf,
        index=leaf.index,
        bit=leaf.bit,
        by=_by(leaf, fit),
        is_optional=bool(spots.optional & leaf.bit),
        low=low,
        high=high,
        round_to=round_to,
        asks=asks,
        within=around.within,
    )


def _needed(leaf: Leaf, fit: Fit) -> int:
    """Return how many courses the minima inside a leaf may need at most, none of them to spare."""
    found = 0
    for minimum in leaf.minima:
        if minimum.is_most:
            continue
        if minimum.in_courses or not fit.least or fit.has_parts:
            found += minimum.bound
        else:
            found += -(-minimum.bound // fit.least)
    return found


def _by(leaf: Leaf, fit: Fit) -> By:
    """Return by which size a leaf is filled: of two sizes one may always be the stricter."""
    if leaf.minima or leaf.shape or leaf.has_pieces:
        return By.ALL
    if leaf.courses is None:
        return By.CREDITS
    if leaf.credits is None:
        return By.COURSES
    if fit.is_whole and leaf.courses * fit.least >= leaf.credits and leaf.most_credits is None:
        return By.COURSES
    return By.ALL
