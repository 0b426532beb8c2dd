"""From the path of a search to a solution: which use goes where, which courses are bought."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from prospectus.audit.problem import Entry
from prospectus.audit.search import Search
from prospectus.domain.course import CourseCode


class Held(NamedTuple):
    """A leaf (by its place among all) that holds an entry: as what area, in what part or -1."""

    leaf: int
    area: str = ""
    part: int = -1


_Tracks = list[list[Held]]
"""Where each of some alike entries stands."""
_Name = tuple[int, int, int, int]
"""A group, the leaves still open to it, those that hold it, and the units left."""
_Since = tuple[int, int]
"""The place of the order, and there the number, at which tracks came to stand as they do."""


@dataclass(slots=True, kw_only=True, eq=False)
class Solution:
    """Where each use goes (by its place among the board's entries), what is bought, its cost.

    `masks` are the leaves of each use as bits; `bought` has each course with its entry,
    `bought_masks` its leaves.
    """

    cost: int
    held: Mapping[int, tuple[Held, ...]]
    masks: Sequence[int]
    bought: Sequence[tuple[int, CourseCode, tuple[Held, ...]]]
    bought_masks: Sequence[int]

    def bought_in(self, bit: int) -> list[tuple[int, CourseCode]]:
        """Return the courses bought for a leaf, each with its entry."""
        pairs = zip(self.bought, self.bought_masks, strict=True)
        return [(entry, code) for (entry, code, _), mask in pairs if mask & bit]


@dataclass(slots=True, kw_only=True, eq=False)
class Finder:
    """A search with the entries of each of its groups."""

    search: Search
    entries: Sequence[Entry]
    n_uses: int
    members: Sequence[Sequence[int]]

    def solution(self, cost: int) -> Solution:
        """Return the path found as a solution; of alike entries the first get the first leaves."""
        places: dict[int, tuple[Held, ...]] = {}
        bought: list[tuple[int, CourseCode, tuple[Held, ...]]] = []
        bought_masks: list[int] = []
        masks = [0] * self.n_uses
        given: dict[object, int] = {}
        for group, found in self._stands().items():
            ordered = sorted(found, key=_by_leaves) if len(found) > 1 else found
            for entry, track in zip(self.members[group], ordered, strict=False):
                if not track:
                    continue
                if len(track) > 1:
                    track.sort(key=_leaf)
                stands = tuple(track)
                if entry < self.n_uses:
                    places[entry] = stands
                    masks[entry] = sum([1 << one.leaf for one in stands])
                else:
                    course = self.entries[entry]
                    whose = entry if course.twins is None else course.twins
                    copy = given[whose] = given.get(whose, -1) + 1
                    bought.append((entry, course.codes[copy], stands))
                    bought_masks.append(sum([1 << one.leaf for one in stands]))
        return Solution(
            cost=cost, held=places, masks=masks, bought=bought, bought_masks=bought_masks
        )

    def _stands(self) -> dict[int, list[list[Held]]]:
        """Return by group the leaves in which each of it stands, what stood first before."""
        path = self.search.path
        several = {
            item.slot[0] for _, taken in path for item in taken if item.slot[2] or item.part >= 0
        }
        found: dict[int, list[list[Held]]] = {}
        since: dict[int, _Since] = {}
        for at, taken in path:
            leaf = self.search.table.order[at].index
            for number, item in enumerate(taken):
                group = item.slot[0]
                if group not in several:
                    held = Held(leaf, item.area)
                    since.setdefault(group, (at, number))
                    found.setdefault(group, []).extend([[held] for _ in range(item.count)])
        if several:
            for (group, _, _, _), (when, tracks) in self._in_several(several).items():
                since.setdefault(group, when)
                found.setdefault(group, []).extend(tracks)
        return {group: found[group] for group in sorted(since, key=since.__getitem__)}

    def _in_several(self, groups: Collection[int]) -> Mapping[_Name, tuple[_Since, _Tracks]]:
        """Return where each of some groups stands that stand in several leaves, or in parts."""
        # what is held nowhere has no track
        fresh = Counter[int]()
        for _, taken in self.search.path:
            for item in taken:
                if item.slot[0] in groups:
                    fresh[item.slot[0]] += item.count
        tracks: dict[_Name, tuple[_Since, _Tracks]] = {}
        for number, (group, count) in enumerate(fresh.items()):
            allowed = self.search.table.opens[group]
            tracks[group, allowed, 0, -1] = (
                (-1, number),
                [[] for _ in range(min(count, len(self.members[group])))],
            )
        for at, taken in self.search.path:
            place = self.search.table.order[at]
            bit = place.leaf.bit
            moved: list[tuple[_Name, _Since, _Tracks]] = []
            for number, item in enumerate(taken):
                group, allowed, held, _, units = item.slot
                if group not in groups:
                    continue
                source = tracks[group, allowed, held, units][1]
                mine, source[:] = source[: item.count], source[item.count :]
                for track in mine:
                    track.append(Held(place.index, item.area, item.part))
                kind = self.search.table.kinds[group]
                left = units
                if item.part >= 0:
                    left = (kind.units if units < 0 else units) - item.part
                together = kind.together[place.index]
                open_ = place.open_after(item.slot, item.part, left, together)
                moved.append(((group, open_, held | bit, left), (at, number), mine))
            passed: dict[_Name, tuple[_Since, _Tracks]] = {}
            for key, (when, waiting) in tracks.items():
                if not waiting:
                    continue
                if key[1] & bit:
                    key = (key[0], key[1] & ~bit, key[2], key[3])
                passed.setdefault(key, (when, []))[1].extend(waiting)
            for key, when, mine in moved:
                passed.setdefault(key, (when, []))[1].extend(mine)
            tracks = passed
        return tracks


def _leaf(one: Held) -> int:
    return one.leaf


def _by_leaves(track: Sequence[Held]) -> tuple[int, ...]:
    """Return a key: the earliest leaves first, unused last."""
    return (*sorted(one.leaf for one in track), 1 << 30)
