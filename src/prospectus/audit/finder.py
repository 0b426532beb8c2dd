"""From the path of a search to a solution: which use goes where, which courses are bought."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
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
        tracks: dict[tuple[int, int, int, int], list[list[Held]]] = {}
        # what is held nowhere has no track
        fresh = Counter[int]()
        for _, taken in self.search.path:
            for item in taken:
                fresh[item.slot[0]] += item.count
        for group, count in fresh.items():
            allowed = self.search.table.opens[group]
            tracks[group, allowed, 0, -1] = [
                [] for _ in range(min(count, len(self.members[group])))
            ]
        for at, taken in self.search.path:
            place = self.search.table.order[at]
            bit = place.leaf.bit
            moved: list[tuple[tuple[int, int, int, int], list[list[Held]]]] = []
            for item in taken:
                group, allowed, held, _, units = item.slot
                source = tracks[group, allowed, held, units]
                mine, source[:] = source[: item.count], source[item.count :]
                for track in mine:
                    track.append(Held(place.index, item.area, item.part))
                kind = self.search.table.kinds[group]
                left = units
                if item.part >= 0:
                    left = (kind.units if units < 0 else units) - item.part
                together = kind.together[place.index]
                open_ = place.open_after(item.slot, item.part, left, together)
                moved.append(((group, open_, held | bit, left), mine))
            passed: dict[tuple[int, int, int, int], list[list[Held]]] = {}
            for (group, allowed, held, units), waiting in tracks.items():
                if not waiting:
                    continue
                name = (group, allowed & ~bit, held, units)
                passed.setdefault(name, []).extend(waiting)
            for key, mine in moved:
                passed.setdefault(key, []).extend(mine)
            tracks = passed
        by_group: dict[int, list[list[Held]]] = {}
        for (group, _, _, _), waiting in tracks.items():
            by_group.setdefault(group, []).extend(waiting)
        places: dict[int, tuple[Held, ...]] = {}
        bought: list[tuple[int, CourseCode, tuple[Held, ...]]] = []
        bought_masks: list[int] = []
        masks = [0] * self.n_uses
        given: dict[object, int] = {}
        for group, found in by_group.items():
            ordered = sorted(found, key=_by_leaves)
            for entry, track in zip(self.members[group], ordered, strict=False):
                if not track:
                    continue
                stands = tuple(sorted(track, key=lambda one: one.leaf))
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


def _by_leaves(track: Sequence[Held]) -> tuple[int, ...]:
    """Return a key: the earliest leaves first, unused last."""
    return (*sorted(one.leaf for one in track), 1 << 30)
