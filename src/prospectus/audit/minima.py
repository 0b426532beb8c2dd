"""The smallest sets that meet a leaf with minima, or with two sizes, of uses held whole.

What is held is summed as it grows. A use stays only while something would be lacking without it,
since what is held later takes nothing away from what a least has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from prospectus.audit.rooms import Rooms, Takes, affordable, most_in, take
from prospectus.audit.table import IMPOSSIBLE, Effort, Place, Slot, Table, Taken

LOOK = 2
"""A look at a leaf with several leasts takes as long as so many others."""


@dataclass(slots=True)
class Sums:
    """What a leaf asks at least and at most, what each slot brings to each, and what is held.

    `gives` and `takes` are by slot; `free` and `bought` are, from each slot on, what all that come
    bring to each least without a cost and with one; `prices` what one of it costs at the least.
    """

    bounds: list[int]
    gives: list[tuple[int, ...]]
    have: list[int]
    rooms: list[int]
    takes: list[tuple[int, ...]]
    free: list[list[int]] = field(default_factory=list)
    bought: list[list[int]] = field(default_factory=list)
    prices: list[int] = field(default_factory=list)

    def add(self, index: int, count: int) -> None:
        """Hold so many of a slot more."""
        for k, amount in enumerate(self.gives[index]):
            self.have[k] += amount * count
        for k, amount in enumerate(self.takes[index]):
            self.rooms[k] -= amount * count

    def is_met(self) -> bool:
        """Return whether every least is reached."""
        return all(have >= bound for have, bound in zip(self.have, self.bounds, strict=True))

    def is_needed(self, index: int) -> bool:
        """Return whether some least would be lacking without one of a slot."""
        for amount, have, bound in zip(self.gives[index], self.have, self.bounds, strict=True):
            if amount and have - amount < bound:
                return True
        return False

    def most_needed(self, index: int) -> int:
        """Return how many of a slot may be held, each of them needed."""
        most = 0
        for amount, have, bound in zip(self.gives[index], self.have, self.bounds, strict=True):
            if amount and have < bound:
                most = max(most, -((have - bound) // amount))
        for amount, room in zip(self.takes[index], self.rooms, strict=True):
            if amount * most > room:
                most = max(0, room // amount)
        return most

    def over(self, index: int, budget: int) -> int:
        """Return by how much it costs more than the budget to meet all with slots from one on.

        IMPOSSIBLE where they cannot, 0 where they may.
        """
        worst = 0
        free, bought = self.free[index], self.bought[index]
        for k, bound in enumerate(self.bounds):
            short = bound - self.have[k] - free[k]
            if short > 0:
                if short > bought[k]:
                    return IMPOSSIBLE
                worst = max(worst, short * self.prices[k] - budget)
        return worst


def sums_of(table: Table, place: Place, here: Sequence[Slot]) -> Sums:
    """Return what a leaf asks, with what each slot brings."""
    leaf, kinds = place.leaf, [table.kinds[slot[0]] for slot in here]
    leasts: list[tuple[int, Sequence[int], bool]] = []
    mosts: list[tuple[int, Sequence[int]]] = []
    units, ones = [kind.units for kind in kinds], [1] * len(kinds)
    for bound, most, amounts, in_courses in (
        (leaf.courses, leaf.most_courses, ones, True),
        (leaf.credits, leaf.most_credits, units, False),
    ):
        if bound is not None:
            leasts.append((bound, amounts, in_courses))
        if most is not None:
            mosts.append((most, amounts))
    for index, minimum in enumerate(leaf.minima):
        mine = [kind.minima[place.index][index] for kind in kinds]
        if minimum.is_most:
            mosts.append((minimum.bound, mine))
        else:
            leasts.append((minimum.bound, mine, minimum.in_courses))
    found = Sums(
        bounds=[bound for bound, _, _ in leasts],
        gives=[tuple([mine[i] for _, mine, _ in leasts]) for i in range(len(here))],
        have=[0] * len(leasts),
        rooms=[bound for bound, _ in mosts],
        takes=[tuple([mine[i] for _, mine in mosts]) for i in range(len(here))],
        prices=[IMPOSSIBLE if in_courses else 1 for _, _, in_courses in leasts],
    )
    found.free, found.bought = ([[0] * len(leasts) for _ in range(len(here) + 1)] for _ in "ab")
    for index in range(len(here) - 1, -1, -1):
        slot, kind = here[index], kinds[index]
        cost = 0 if slot[2] else kind.cost
        found.free[index], found.bought[index] = (
            found.free[index + 1][:],
            found.bought[index + 1][:],
        )
        ahead = found.bought[index] if cost else found.free[index]
        for k, amount in enumerate(found.gives[index]):
            ahead[k] += amount * slot[3]
            if cost and amount and leasts[k][2]:
                found.prices[k] = min(found.prices[k], cost)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """One leaf of one state, to be filled.

    `takes` is what each slot takes of the room that mosts over several leaves leave (`rooms`),
    `before` the place of a slot of the same sort that goes first (-1: none), `costs` by slot.
    """

    table: Table
    place: Place
    here: Sequence[Slot]
    rooms: Rooms
    takes: Sequence[Takes]
    before: Sequence[int]
    costs: Sequence[int]
    effort: Effort
    over: Callable[[int], None]

    def sets(self, room: int) -> Iterator[tuple[Taken, ...]]:
        """Yield every smallest set that meets the leaf and costs at most so much."""
        here, sums = self.here, sums_of(self.table, self.place, self.here)
        musts = [bool(self.table.musts[slot[0]] & self.place.bit) for slot in here]
        used = [0] * len(here)
        chosen: list[tuple[int, Taken]] = []

        def choose(index: int, budget: int) -> Iterator[tuple[Taken, ...]]:
            self.effort.look(LOOK)
            while index < len(here):
                must = musts[index]
                if not must and sums.is_met():
                    break
                self.effort.look(LOOK)
                beyond = sums.over(index, budget)
                if beyond:
                    if beyond < IMPOSSIBLE:
                        self.over(beyond)
                    return
                slot, cost = here[index], self.costs[index]
                same = self.before[index]
                if same >= 0 and used[same] < here[same][3]:
                    index += 1
                    continue
                if cost > budget and not must:
                    # what comes after it is as dear
                    self.over(cost - budget)
                    return
                most = self._most(index, min(slot[3], sums.most_needed(index)), budget)
                for count in range(most, (slot[3] if must else 1) - 1, -1):
                    self._hold(sums, index, count)
                    if all(sums.is_needed(one) for one, _ in chosen):
                        chosen.append((index, Taken(slot=slot, count=count)))
                        used[index] = count
                        self.effort.go_down(len(chosen))
                        yield from choose(index + 1, budget - cost * count)  # noqa: F821
                        used[index] = 0
                        chosen.pop()
                    self._hold(sums, index, -count)
                if must:
                    return
                index += 1
            if sums.is_met():
                yield tuple([taken for _, taken in chosen])

        try:
            yield from choose(0, room)
        finally:
            # a function that names itself would wait for the garbage collector (hence the F821)
            del choose

    def _most(self, index: int, count: int, budget: int) -> int:
        """Return how many of a slot the mosts over several leaves and the budget leave room for."""
        count = most_in(count, self.takes[index], self.rooms)
        cost = self.costs[index]
        return affordable(cost, budget, self.over) if count * cost > budget else count

    def _hold(self, sums: Sums, index: int, count: int) -> None:
        sums.add(index, count)
        take(count, self.takes[index], self.rooms)
