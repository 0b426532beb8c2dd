"""The sets that meet one leaf, from which nothing can be taken away."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from prospectus.audit.general import MOST_PARTS, General
from prospectus.audit.lacking import Bought, Least, leasts_of
from prospectus.audit.meeting import Meeting
from prospectus.audit.minima import Filling
from prospectus.audit.rooms import affordable, may_split, most_in, rooms_of, take
from prospectus.audit.sorts import before_in
from prospectus.audit.table import IMPOSSIBLE, Acc, By, Effort, Place, Slot, Table, Taken, amount_of

MOST_BITS = 1 << 18
"""Up to so many units the sums that a leaf can reach are worked out."""


@dataclass(slots=True, eq=False)
class Fills:
    """Finds what the leaves of one table may hold.

    `over` is told by how much a set that costs too much lies over what may be spent.
    """

    table: Table
    meeting: Meeting
    effort: Effort
    over: Callable[[int], None]

    def of(
        self,
        place: Place,
        here: list[Slot],
        accs: tuple[Acc, ...],
        room: int,
        sorts: Sequence[int] | None = None,
    ) -> Iterator[tuple[Taken, ...]]:
        """Return the sets that it may hold: enough and nothing to spare, dear courses last.

        Of groups of one sort (`sorts`) a later one is held only where all of an earlier is.
        """
        if len(here) > 1:
            here[:] = self._preferred(place, here)
        leaf = place.leaf
        if leaf.fill.rest:
            asked = leaf.rest_least
            if place.asks is not None:
                asked = max(
                    asked, self.table.limits[place.asks].bound - amount_of(accs[place.asks])
                )
            return self._by_credits(place, here, asked, accs, room, sorts)
        if place.by is By.COURSES:
            return self._by_courses(place, here, leaf.courses or 0, accs, room, sorts)
        if place.by is By.CREDITS:
            return self._by_credits(place, here, leaf.credits or 0, accs, room, sorts)
        if self._is_whole(place, here):
            rooms, takes = rooms_of(self.table, place, here, accs)
            return Filling(
                table=self.table,
                place=place,
                here=here,
                rooms=rooms,
                takes=takes,
                before=before_in(here, sorts),
                costs=[self.cost(slot) for slot in here],
                effort=self.effort,
                over=self.over,
            ).sets(room)
        return General(
            table=self.table,
            meeting=self.meeting,
            place=place,
            here=here,
            accs=accs,
            sorts=sorts,
            effort=self.effort,
            over=self.over,
        ).sets(room)

    def _preferred(self, place: Place, here: Sequence[Slot]) -> list[Slot]:
        """Return the slots in the order in which they are tried: what must stand here, then cheap.

        A course that must be bought had better serve other pools too.
        """
        bit, elsewhere, kinds, musts = place.bit, ~place.pool, self.table.kinds, self.table.musts
        ranked = []
        for slot in here:
            cost = 0 if slot[2] else kinds[slot[0]].cost
            pools = -(slot[1] & elsewhere).bit_count() if cost else 0
            ranked.append((not musts[slot[0]] & bit, cost, pools, slot))
        ranked.sort()
        return [slot for _, _, _, slot in ranked]

    def _is_whole(self, place: Place, here: Sequence[Slot]) -> bool:
        """Return whether a leaf asks sums alone, of uses that it holds whole."""
        return (
            not place.is_optional
            and not place.leaf.shape
            and not place.leaf.has_pieces
            and not any(
                slot[4] >= 0 or (self.table.kinds[slot[0]].splits and place.leaf.takes_parts)
                for slot in here
            )
        )

    def cost(self, slot: Slot) -> int:
        """Return what one of a slot costs here: nothing where it is held elsewhere already."""
        return 0 if slot[2] else self.table.kinds[slot[0]].cost

    def _by_courses(
        self,
        place: Place,
        here: list[Slot],
        asked: int,
        accs: tuple[Acc, ...],
        room: int,
        sorts: Sequence[int] | None,
    ) -> Iterator[tuple[Taken, ...]]:
        bit, kinds, look = place.bit, self.table.kinds, self.effort.look
        rooms, takes = rooms_of(self.table, place, here, accs)
        ahead = [0] * (len(here) + 1)
        for index in range(len(here) - 1, -1, -1):
            ahead[index] = ahead[index + 1] + here[index][3]
        before = None if sorts is None else before_in(here, sorts)
        used = [0] * len(here)
        leasts = [] if place.is_optional else leasts_of(self.table, place, here, accs)
        largest_size = max([kinds[slot[0]].units for slot in here], default=0) if leasts else 0
        musts = [self.table.musts[slot[0]] & bit for slot in here]
        chosen: list[Taken] = []

        def choose(index: int, left: int, budget: int) -> Iterator[tuple[Taken, ...]]:
            look()
            while index < len(here):
                look()
                slot = here[index]
                least = slot[3] if musts[index] else 0
                if not least and not left:
                    break
                if not place.is_optional and ahead[index] < left:
                    return
                if leasts and self._beyond(leasts, index, left * largest_size, left, budget):
                    return
                if before and before[index] >= 0 and used[before[index]] < here[before[index]][3]:
                    index += 1
                    continue
                cost = 0 if slot[2] else kinds[slot[0]].cost
                if cost > budget and not least:
                    # what comes after it is as dear
                    self.over(cost - budget)
                    break
                most = most_in(min(slot[3], left), takes[index], rooms)
                if cost and most * cost > budget:
                    most = affordable(cost, budget, self.over)
                for count in range(most, max(1, least) - 1, -1):
                    take(count, takes[index], rooms)
                    for one in leasts:
                        one.lack -= one.gives[index] * count
                    chosen.append(Taken(slot=slot, count=count))
                    used[index] = count
                    self.effort.go_down(len(chosen))
                    yield from choose(index + 1, left - count, budget - cost * count)  # noqa: F821
                    chosen.pop()
                    for one in leasts:
                        one.lack += one.gives[index] * count
                    take(-count, takes[index], rooms)
                used[index] = 0
                if least:
                    return
                index += 1
            if any(one.lack > 0 for one in leasts):
                return
            if left == 0 or place.is_optional:
                yield tuple(chosen)

        try:
            yield from choose(0, asked, room)
        finally:
            # a function that names itself would wait for the garbage collector (hence the F821)
            del choose

    def _by_credits(
        self,
        place: Place,
        here: list[Slot],
        asked: int,
        accs: tuple[Acc, ...],
        room: int,
        sorts: Sequence[int] | None,
    ) -> Iterator[tuple[Taken, ...]]:
        bit = place.bit
        most_credits = place.leaf.most_credits
        kinds = self.table.kinds
        ahead, free = [0] * (len(here) + 1), [0] * (len(here) + 1)
        sizes: set[int] = set()
        for index in range(len(here) - 1, -1, -1):
            slot = here[index]
            left = place.left_of(slot)
            kind = kinds[slot[0]]
            units = kind.units if left < 0 else left
            sizes.add(units)
            ahead[index] = ahead[index + 1] + units * slot[3]
            free[index] = free[index + 1] + (0 if kind.cost and not slot[2] else units * slot[3])
        smallest_size, largest_size = min(sizes - {0}, default=1), max(sizes, default=0)
        leasts = [] if place.is_optional else leasts_of(self.table, place, here, accs)
        bought = Bought([(self.cost(slot), slot[3]) for slot in here], room)
        sums: list[int] | None = None
        if most_credits is not None and not place.is_optional and ahead[0] <= MOST_BITS:
            sums = self._sums(place, here)
        rooms, takes = rooms_of(self.table, place, here, accs)
        before, used = before_in(here, sorts), [0] * len(here)
        chosen: list[Taken] = []

        def choose(
            index: int, have: int, smallest: int, budget: int
        ) -> Iterator[tuple[Taken, ...]]:
            self.effort.look()
            while index < len(here):
                self.effort.look()
                slot = here[index]
                least = slot[3] if self.table.musts[slot[0]] & bit else 0
                if not place.is_optional:
                    if have + ahead[index] < asked:
                        return
                    if have >= asked and not least:
                        break
                    dear = bought.over(index, asked - have - free[index], budget)
                    if dear:
                        if dear < IMPOSSIBLE:
                            self.over(dear)
                        return
                    if leasts and have < asked:
                        missing = asked - have
                        beyond = self._beyond(
                            leasts,
                            index,
                            missing + largest_size - 1,
                            -(-missing // smallest_size),
                            budget,
                        )
                        if beyond:
                            return
                if sums is not None and most_credits is not None:
                    window = (1 << max(0, most_credits - max(have, asked) + 1)) - 1
                    if not sums[index] >> max(0, asked - have) & window:
                        return
                if before[index] >= 0 and used[before[index]] < here[before[index]][3]:
                    index += 1
                    continue
                kind = kinds[slot[0]]
                left = place.left_of(slot)
                units = kind.units if left < 0 else left
                cost = self.cost(slot)
                if cost > budget and not least:
                    self.over(cost - budget)
                    break
                most = 0
                if units:
                    # one more than needed would leave one to spare
                    most = min(slot[3], max(0, -((have - asked) // units)) if have < asked else 0)
                elif place.is_optional and left < 0:
                    # an exception may put a waiver where credits are asked: it brings none
                    most = slot[3]
                most = most_in(most, takes[index], rooms)
                if cost and most * cost > budget:
                    most = affordable(cost, budget, self.over)
                for count in range(most, max(1, least) - 1, -1):
                    after = have + units * count
                    low = min(smallest, units)
                    if after - low < asked:
                        part = -1 if left < 0 else units
                        take(count, takes[index], rooms)
                        for one in leasts:
                            one.lack -= one.gives[index] * count
                        chosen.append(Taken(slot=slot, count=count, part=part))
                        used[index] = count
                        self.effort.go_down(len(chosen))
                        yield from choose(index + 1, after, low, budget - cost * count)  # noqa: F821
                        chosen.pop()
                        for one in leasts:
                            one.lack += one.gives[index] * count
                        take(-count, takes[index], rooms)
                used[index] = 0
                parts: list[int] = []
                if kind.splits and not cost and slot[3] == 1 and may_split(place, slot):
                    most_part = units if slot[4] < 0 else min(units, slot[4] + 1)
                    parts = self._parts(slot, most_part, asked - have, bit, accs)
                if parts and not least:
                    # what holds none of it comes before what holds a part
                    self.effort.go_down(index)
                    yield from choose(index + 1, have, smallest, budget)  # noqa: F821
                for part in parts:
                    chosen.append(Taken(slot=slot, count=1, part=part))
                    if have + part - min(smallest, part) < asked:
                        yield from choose(index + 1, have + part, min(smallest, part), budget)  # noqa: F821
                    chosen.pop()
                if least or parts:
                    return
                index += 1
            # free electives may be asked more than their own most
            if most_credits is not None and have > most_credits:
                return
            if any(one.lack > 0 for one in leasts):
                return
            is_smallest = not chosen or have - smallest < asked
            if is_smallest if have >= asked else place.is_optional:
                yield tuple(chosen)

        try:
            yield from choose(0, 0, IMPOSSIBLE, room)
        finally:
            # a function that names itself would wait for the garbage collector (hence the F821)
            del choose

    def _beyond(
        self, leasts: Sequence[Least], index: int, units: int, courses: int, budget: int
    ) -> bool:
        """Return whether some least cannot be reached any more within the budget.

        `units` and `courses` are the most that may still be held.
        """
        for one in leasts:
            beyond = one.over(index, units if one.by_credits else courses, budget)
            if beyond:
                if beyond < IMPOSSIBLE:
                    self.over(beyond)
                return True
        return False

    def _sums(self, place: Place, here: list[Slot]) -> list[int]:
        """Return, from each slot on, the sums of units that can be held, each as a bit."""
        sums = [1] * (len(here) + 1)
        for index in range(len(here) - 1, -1, -1):
            slot, found = here[index], sums[index + 1]
            kind = self.table.kinds[slot[0]]
            left = place.left_of(slot)
            units = kind.units if left < 0 else left
            if kind.splits:
                found = _spread(found, units)
            else:
                for _ in range(slot[3]):
                    found |= found << units
            sums[index] = found
        return sums

    def _parts(
        self, slot: Slot, units: int, missing: int, bit: int, accs: tuple[Acc, ...]
    ) -> list[int]:
        """Return the parts of a use that may be held, what fits into the last place first.

        Of a use of very many units only what fits into the last place, or under a most.
        """
        if units <= MOST_PARTS:
            return sorted(range(1, units), key=lambda part: (part != missing, -part))
        found = {missing}
        kind = self.table.kinds[slot[0]]
        for index, limit in enumerate(self.table.limits):
            if limit.is_most and limit.by_part and kind.amounts[index] and limit.scope & bit:
                found.add(limit.bound - amount_of(accs[index]))
        return sorted((part for part in found if 0 < part < units), reverse=True)


def _spread(sums: int, units: int) -> int:
    """Return the sums that come with none, some or all of so many units."""
    width = 1
    while width <= units:
        step = min(width, units + 1 - width)
        sums |= sums << step
        width += step
    return sums
