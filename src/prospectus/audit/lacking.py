"""What leasts still lack that one leaf alone can bring them, while that leaf is filled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from prospectus.audit.table import IMPOSSIBLE, Acc, Place, Slot, Table, amount_of

MOST_SUM = 1 << 14
"""Up to so many units the sums that can be bought are worked out."""


@dataclass(slots=True)
class Least:
    """What one least lacks; `gives` is what one of each slot brings it.

    `free` and `bought` are what all slots from one on bring that cost nothing and that do,
    `cheapest` what one unit of it costs at least.
    """

    lack: int
    by_credits: bool
    cheapest: int
    gives: Sequence[int]
    free: Sequence[int]
    bought: Sequence[int]

    def over(self, index: int, space: int, budget: int) -> int:
        """Return by how much it costs more than the budget to reach it with slots from one on.

        At most `space` more of it is held. IMPOSSIBLE where it cannot be reached, 0 where it may.
        """
        if self.lack <= 0:
            return 0
        if self.lack > min(space, self.free[index] + self.bought[index]):
            return IMPOSSIBLE
        return max(0, (self.lack - self.free[index]) * self.cheapest - budget)


def leasts_of(
    table: Table, place: Place, here: Sequence[Slot], accs: tuple[Acc, ...]
) -> list[Least]:
    """Return the leasts that lack something and that no leaf after this one can help."""
    kinds = table.kinds
    later = -1
    found: list[Least] = []
    for index, limit in enumerate(table.limits):
        if not limit.is_required or limit.distinct or not limit.scope & place.bit:
            continue
        if amount_of(accs[index]) >= limit.bound:
            continue
        if later < 0:
            later = _after(table, place)
        if limit.scope & later:
            continue
        if any(slot[4] >= 0 or kinds[slot[0]].splits for slot in here):
            # a part brings a part
            return []
        gives = [0 if limit.scope & slot[2] else kinds[slot[0]].amounts[index] for slot in here]
        free, bought = [0] * (len(here) + 1), [0] * (len(here) + 1)
        cheapest = IMPOSSIBLE
        for at in range(len(here) - 1, -1, -1):
            slot, brings = here[at], gives[at] * here[at][3]
            costs = bool(kinds[slot[0]].cost) and not slot[2]
            free[at] = free[at + 1] + (0 if costs else brings)
            bought[at] = bought[at + 1] + (brings if costs else 0)
            if costs and brings:
                cheapest = min(cheapest, kinds[slot[0]].cost)
        found.append(
            Least(
                lack=limit.bound - amount_of(accs[index]),
                by_credits=limit.by_part,
                cheapest=1 if limit.by_part else cheapest,
                gives=gives,
                free=free,
                bought=bought,
            )
        )
    return found


def _after(table: Table, place: Place) -> int:
    """Return the leaves that are filled after one."""
    later = 0
    for other in reversed(table.order):
        if other is place:
            break
        later |= other.bit
    return later


class Bought:
    """The sums that what must be bought can make, from each slot of a leaf on.

    `slots` are the cost of one of a slot and how many there are. Sums far above what may be spent
    are not worked out.
    """

    def __init__(self, slots: Sequence[tuple[int, int]], room: int) -> None:
        self._slots = slots
        dearest = max([cost for cost, _ in slots], default=0)
        self._most = min(room, MOST_SUM) + dearest
        self._sums: list[int] = []
        self._whole: list[int] = []

    def over(self, index: int, asked: int, budget: int) -> int:
        """Return by how much what must be bought costs more than the budget, 0 where it may not.

        IMPOSSIBLE where all there is is not enough.
        """
        if asked <= 0:
            return 0
        if asked > self._most:
            return max(0, asked - budget)
        if not self._sums:
            self._make()
        enough = self._sums[index] >> asked
        if not enough:
            # sums above the most were not made
            is_all = self._whole[index] <= self._most
            return IMPOSSIBLE if is_all else max(0, self._most + 1 - budget)
        return max(0, asked + (enough & -enough).bit_length() - 1 - budget)

    def _make(self) -> None:
        self._sums, self._whole = [1] * (len(self._slots) + 1), [0] * (len(self._slots) + 1)
        for index in range(len(self._slots) - 1, -1, -1):
            cost, count = self._slots[index]
            self._whole[index] = self._whole[index + 1] + cost * count
            self._sums[index] = sums_with(self._sums[index + 1], cost, count, self._most)


def sums_with(sums: int, cost: int, count: int, most: int) -> int:
    """Return the sums up to a most, each as a bit, that so many of a cost make with some before."""
    if cost:
        for _ in range(min(count, most // cost)):
            sums |= sums << cost
    return sums & ((1 << (most + 1)) - 1)
