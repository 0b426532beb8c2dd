"""What a leaf has room for: under mosts over several leaves, within a budget, and in parts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from prospectus.audit.table import Acc, Place, Slot, Table, amount_of

Rooms = dict[int, int]
"""What is left under each most that binds here."""
Takes = tuple[tuple[int, int], ...]
"""What one of a slot takes of them."""


def rooms_of(
    table: Table, place: Place, here: Sequence[Slot], accs: tuple[Acc, ...]
) -> tuple[Rooms, list[Takes]]:
    """Return the room that mosts leave for this leaf, and what one of each slot takes of it."""
    rooms: Rooms = {}
    takes: list[Takes] = []
    limits, kinds, bit = table.limits, table.kinds, place.bit
    for slot in here:
        capped = kinds[slot[0]].capped
        if not capped or slot[4] >= 0:
            takes.append(())
            continue
        mine: list[tuple[int, int]] = []
        for index, amount in capped:
            scope = limits[index].scope
            if scope & bit and not scope & slot[2]:
                mine.append((index, amount))
                rooms[index] = limits[index].bound - amount_of(accs[index])
        takes.append(tuple(mine))
    return rooms, takes


def most_in(count: int, takes: Takes, rooms: Rooms) -> int:
    """Return how many of a slot the mosts leave room for."""
    for index, amount in takes:
        if amount * count > rooms[index]:
            count = max(0, rooms[index] // amount)
    return count


def take(count: int, takes: Takes, rooms: Rooms) -> None:
    """Hold so many of a slot more."""
    for index, amount in takes:
        rooms[index] -= amount * count


def affordable(cost: int, budget: int, over: Callable[[int], None]) -> int:
    """Return how many courses of a cost the budget allows; `over` is told of one more."""
    count = budget // cost
    over(cost * (count + 1) - budget)
    return count


def may_split(place: Place, slot: Slot) -> bool:
    """Return whether no other pool that counts holds a use whole already."""
    return not slot[2] & ~(place.within | place.bit | place.views)
