"""The sets that meet a leaf with areas, pieces or parts, from which nothing can be taken away."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from prospectus.audit.meeting import Meeting
from prospectus.audit.requirements import Leaf
from prospectus.audit.rooms import affordable, may_split, most_in, rooms_of, take
from prospectus.audit.sorts import before_options
from prospectus.audit.table import Acc, Effort, Place, Slot, Table, Taken

MOST_PARTS = 60
"""Uses of up to so many units are tried in every part."""
GENERAL_LOOK = 4
"""A look at a leaf with minima, areas or two sizes takes as long as so many others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class General:
    """One leaf of one state, to be filled in any way; `sorts` are those of groups, where known."""

    table: Table
    meeting: Meeting
    place: Place
    here: Sequence[Slot]
    accs: tuple[Acc, ...]
    sorts: Sequence[int] | None
    effort: Effort
    over: Callable[[int], None]

    def sets(self, room: int) -> Iterator[tuple[Taken, ...]]:
        """Yield every smallest set that meets the leaf and costs at most so much."""
        place, here = self.place, self.here
        bit = place.bit
        rooms, found = rooms_of(self.table, place, here, self.accs)
        takes = dict(zip(here, found, strict=True))
        shape = place.leaf.shape
        in_credits = place.leaf.fill.areas is not None and place.leaf.fill.areas.in_credits
        options: list[tuple[Slot, str, int]] = []
        for slot in here:
            areas: list[str] = [""]
            if shape:
                areas = sorted(self.table.kinds[slot[0]].areas[place.index])
                if place.is_optional or not _only_shaped(place.leaf):
                    areas.append("")
            kind = self.table.kinds[slot[0]]
            left = place.left_of(slot)
            parts = [-1] if left < 0 else list(range(min(left, MOST_PARTS), 0, -1))
            if left < 0 and kind.splits and place.leaf.takes_parts and may_split(place, slot):
                most_part = kind.units - 1 if slot[4] < 0 else min(kind.units - 1, slot[4])
                parts += range(min(most_part, MOST_PARTS), 0, -1)
            options += [(slot, area, part) for area in areas for part in parts]
        before = before_options(options, self.sorts)
        chosen: list[Taken] = []
        used: dict[Slot, int] = {}

        def has_all_musts() -> bool:
            return all(
                used.get(slot, 0) == slot[3] for slot in here if self.table.musts[slot[0]] & bit
            )

        def choose(index: int, budget: int) -> Iterator[tuple[Taken, ...]]:
            self.effort.look(GENERAL_LOOK)
            if not self.meeting.is_within(place, chosen):
                return
            if self.meeting.is_met(place, chosen):
                if has_all_musts() and self.meeting.is_smallest(place, chosen):
                    yield tuple(chosen)
                return
            while index < len(options):
                self.effort.look(GENERAL_LOOK + (len(options) - index) // 4)
                if not self.meeting.can_be_met(place, chosen, options[index:], used):
                    return
                slot, area, part = options[index]
                same = before[index]
                if same is not None and used.get(same, 0) < same[3]:
                    index += 1
                    continue
                cost = 0 if slot[2] else self.table.kinds[slot[0]].cost
                left = slot[3] - used.get(slot, 0)
                most = left
                if area and not in_credits:
                    # more than the largest count of the shape would be one to spare
                    most = min(most, shape[0] - sum(t.count for t in chosen if t.area == area))
                mine = () if part >= 0 else takes[slot]
                most = most_in(most, mine, rooms)
                if cost and most * cost > budget:
                    most = affordable(cost, budget, self.over)
                for count in range(most, 0, -1):
                    chosen.append(Taken(slot=slot, count=count, area=area, part=part))
                    self.effort.go_down(len(chosen))
                    used[slot] = used.get(slot, 0) + count
                    take(count, mine, rooms)
                    yield from choose(index + 1, budget - cost * count)  # noqa: F821
                    take(-count, mine, rooms)
                    used[slot] -= count
                    chosen.pop()
                index += 1
            if place.is_optional and has_all_musts():
                yield tuple(chosen)

        try:
            yield from choose(0, room)
        finally:
            # a function that names itself would wait for the garbage collector (hence the F821)
            del choose


def _only_shaped(leaf: Leaf) -> bool:
    """Return whether a use without an area would always be one to spare."""
    asked = leaf.courses or 0
    assert leaf.fill.areas is not None
    if leaf.fill.areas.in_credits or leaf.credits is not None or leaf.minima:
        return False
    return asked <= sum(leaf.shape)
