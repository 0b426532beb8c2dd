"""The sets that meet one leaf, from which nothing can be taken away."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from prospectus.audit.requirements import Leaf
from prospectus.audit.table import IMPOSSIBLE, Acc, By, Effort, Place, Slot, Table, Taken, amount_of
from prospectus.domain.course import CourseCode

MOST_PARTS = 60
"""Uses of up to so many units are tried in every part."""


@dataclass(frozen=True, slots=True)
class Fills:
    """Finds what the leaves of one table may hold.

    `over` is told by how much a set that costs too much lies over what may be spent.
    """

    table: Table
    effort: Effort
    over: Callable[[int], None]

    def of(
        self, place: Place, here: list[Slot], accs: tuple[Acc, ...], room: int
    ) -> Iterator[tuple[Taken, ...]]:
        """Yield what the leaf may hold: enough and nothing to spare, dear courses last."""
        bit = place.bit
        musts = self.table.musts

        def preference(slot: Slot) -> tuple[bool, int, int, Slot]:
            # a course that must be bought had better serve other pools too
            cost = self.cost(slot)
            elsewhere = (slot[1] & ~place.pool).bit_count() if cost else 0
            return not musts[slot[0]] & bit, cost, -elsewhere, slot

        here.sort(key=preference)
        leaf = place.leaf
        if leaf.fill.rest:
            asked = leaf.rest_least
            if place.asks is not None:
                asked = max(
                    asked, self.table.limits[place.asks].bound - amount_of(accs[place.asks])
                )
            yield from self._by_credits(place, here, asked, accs, room)
        elif place.by is By.COURSES:
            yield from self._by_courses(place, here, leaf.courses or 0, room)
        elif place.by is By.CREDITS:
            yield from self._by_credits(place, here, leaf.credits or 0, accs, room)
        else:
            yield from self._in_general(place, here, room)

    def cost(self, slot: Slot) -> int:
        """Return what one of a slot costs here: nothing where it is held elsewhere already."""
        return 0 if slot[2] else self.table.kinds[slot[0]].cost

    def _by_courses(
        self, place: Place, here: list[Slot], asked: int, room: int
    ) -> Iterator[tuple[Taken, ...]]:
        bit = place.bit
        ahead = [0] * (len(here) + 1)
        for index in range(len(here) - 1, -1, -1):
            ahead[index] = ahead[index + 1] + here[index][3]
        chosen: list[Taken] = []

        def choose(index: int, left: int, budget: int) -> Iterator[tuple[Taken, ...]]:
            self.effort.look()
            if index == len(here):
                if left == 0 or place.is_optional:
                    yield tuple(chosen)
                return
            if not place.is_optional and ahead[index] < left:
                return
            slot = here[index]
            cost = self.cost(slot)
            most = min(slot[3], left)
            if cost and most * cost > budget:
                most = self._affordable(cost, budget)
            least = slot[3] if self.table.musts[slot[0]] & bit else 0
            for count in range(most, least - 1, -1):
                if count:
                    chosen.append(Taken(slot=slot, count=count))
                yield from choose(index + 1, left - count, budget - cost * count)
                if count:
                    chosen.pop()

        yield from choose(0, asked, room)

    def _affordable(self, cost: int, budget: int) -> int:
        """Return how many courses of a cost the budget allows; one more is noted."""
        count = budget // cost
        self.over(cost * (count + 1) - budget)
        return count

    def _by_credits(
        self, place: Place, here: list[Slot], asked: int, accs: tuple[Acc, ...], room: int
    ) -> Iterator[tuple[Taken, ...]]:
        bit = place.bit
        most_credits = place.leaf.most_credits
        kinds = self.table.kinds
        ahead = [0] * (len(here) + 1)
        for index in range(len(here) - 1, -1, -1):
            slot = here[index]
            left = place.left_of(slot)
            units = kinds[slot[0]].units if left < 0 else left
            ahead[index] = ahead[index + 1] + units * slot[3]
        chosen: list[Taken] = []

        def choose(
            index: int, have: int, smallest: int, budget: int
        ) -> Iterator[tuple[Taken, ...]]:
            self.effort.look()
            if index == len(here):
                # free electives may be asked more than their own most
                if most_credits is not None and have > most_credits:
                    return
                is_smallest = not chosen or have - smallest < asked
                if is_smallest if have >= asked else place.is_optional:
                    yield tuple(chosen)
                return
            if not place.is_optional and have + ahead[index] < asked:
                return
            slot = here[index]
            kind = kinds[slot[0]]
            left = place.left_of(slot)
            units = kind.units if left < 0 else left
            cost = self.cost(slot)
            least = slot[3] if self.table.musts[slot[0]] & bit else 0
            most = 0
            if units:
                # one more than needed would leave one to spare
                most = min(slot[3], max(0, -((have - asked) // units)) if have < asked else 0)
            elif place.is_optional and left < 0:
                # an exception may put a waiver where credits are asked: it brings none
                most = slot[3]
            if cost and most * cost > budget:
                most = self._affordable(cost, budget)
            for count in range(most, least - 1, -1):
                if not count:
                    yield from choose(index + 1, have, smallest, budget)
                    continue
                part = -1 if left < 0 else units
                chosen.append(Taken(slot=slot, count=count, part=part))
                after = have + units * count
                low = min(smallest, units)
                if after - low < asked:
                    yield from choose(index + 1, after, low, budget - cost * count)
                chosen.pop()
            if kind.splits and not cost and slot[3] == 1 and self._may_split(place, slot):
                most_part = units if slot[4] < 0 else min(units, slot[4] + 1)
                for part in self._parts(slot, most_part, asked - have, bit, accs):
                    chosen.append(Taken(slot=slot, count=1, part=part))
                    if have + part - min(smallest, part) < asked:
                        yield from choose(index + 1, have + part, min(smallest, part), budget)
                    chosen.pop()

        yield from choose(0, 0, IMPOSSIBLE, room)

    @staticmethod
    def _may_split(place: Place, slot: Slot) -> bool:
        """Return whether no other pool that counts holds a use whole already."""
        return not slot[2] & ~(place.within | place.bit | place.views)

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

    def _in_general(self, place: Place, here: list[Slot], room: int) -> Iterator[tuple[Taken, ...]]:
        """Yield every smallest set that meets a leaf with minima, areas, pieces or two sizes."""
        bit = place.bit
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
            if (
                left < 0
                and kind.splits
                and place.leaf.courses is None
                and self._may_split(place, slot)
            ):
                most_part = kind.units - 1 if slot[4] < 0 else min(kind.units - 1, slot[4])
                parts += range(min(most_part, MOST_PARTS), 0, -1)
            options += [(slot, area, part) for area in areas for part in parts]
        chosen: list[Taken] = []
        used: dict[Slot, int] = {}

        def has_all_musts() -> bool:
            return all(
                used.get(slot, 0) == slot[3] for slot in here if self.table.musts[slot[0]] & bit
            )

        def choose(index: int, budget: int) -> Iterator[tuple[Taken, ...]]:
            self.effort.step()
            if not self._is_within(place, chosen):
                return
            if self.is_met(place, chosen):
                if has_all_musts() and self._is_smallest(place, chosen):
                    yield tuple(chosen)
                return
            if index == len(options):
                if place.is_optional and has_all_musts():
                    yield tuple(chosen)
                return
            if not self._can_be_met(place, chosen, options[index:], used):
                return
            slot, area, part = options[index]
            cost = self.cost(slot)
            left = slot[3] - used.get(slot, 0)
            most = left
            if area and not in_credits:
                # more than the largest count of the shape would be one to spare
                most = min(most, shape[0] - sum(t.count for t in chosen if t.area == area))
            if cost and most * cost > budget:
                most = self._affordable(cost, budget)
            for count in range(most, -1, -1):
                if not count:
                    yield from choose(index + 1, budget)
                    continue
                chosen.append(Taken(slot=slot, count=count, area=area, part=part))
                used[slot] = used.get(slot, 0) + count
                yield from choose(index + 1, budget - cost * count)
                used[slot] -= count
                chosen.pop()

        yield from choose(0, room)

    def _n_courses(self, place: Place, held: list[Taken]) -> int:
        """Return the courses held; pieces that stand for a course together count once, as it."""
        whole = 0
        have: dict[CourseCode, frozenset[str]] = {}
        asked: dict[CourseCode, frozenset[str]] = {}
        for item in held:
            pieces = self.table.kinds[item.slot[0]].pieces[place.index]
            if not pieces:
                whole += item.count
            for course, mine, needed in pieces:
                have[course] = have.get(course, frozenset()) | mine
                asked[course] = needed
        return whole + sum(have[course] == asked[course] for course in have)

    def _units(self, held: list[Taken]) -> int:
        return sum(
            t.count * (self.table.kinds[t.slot[0]].units if t.part < 0 else t.part) for t in held
        )

    def is_met(self, place: Place, held: list[Taken]) -> bool:
        """Return whether what a leaf holds meets its sizes, minima and areas."""
        leaf = place.leaf
        if leaf.courses is not None and self._n_courses(place, held) < leaf.courses:
            return False
        if leaf.credits is not None and self._units(held) < leaf.credits:
            return False
        if leaf.shape and not self._has_shape(leaf, held):
            return False
        return all(
            self._minimum(place, index, held) >= minimum.bound
            for index, minimum in enumerate(leaf.minima)
            if not minimum.is_most
        )

    def _has_shape(self, leaf: Leaf, held: list[Taken]) -> bool:
        assert leaf.fill.areas is not None
        have: dict[str, int] = {}
        for item in held:
            if item.area:
                units = item.part if item.part >= 0 else self.table.kinds[item.slot[0]].units
                units = units if leaf.fill.areas.in_credits else 1
                have[item.area] = have.get(item.area, 0) + item.count * units
        counts = sorted(have.values(), reverse=True)
        return len(counts) >= len(leaf.shape) and all(
            mine >= asked for mine, asked in zip(counts, leaf.shape, strict=False)
        )

    def _minimum(self, place: Place, index: int, held: list[Taken]) -> int:
        in_courses = place.leaf.minima[index].in_courses
        have = 0
        for item in held:
            amount = self.table.kinds[item.slot[0]].minima[place.index][index]
            is_part = item.part >= 0 and not in_courses
            have += min(amount, item.part) if is_part else amount * item.count
        return have

    def _is_within(self, place: Place, held: list[Taken]) -> bool:
        leaf = place.leaf
        if leaf.most_courses is not None and self._n_courses(place, held) > leaf.most_courses:
            return False
        if leaf.most_credits is not None and self._units(held) > leaf.most_credits:
            return False
        return all(
            self._minimum(place, index, held) <= minimum.bound
            for index, minimum in enumerate(leaf.minima)
            if minimum.is_most
        )

    def _is_smallest(self, place: Place, held: list[Taken]) -> bool:
        """Return whether nothing can be taken away."""
        for index, item in enumerate(held):
            fewer = [*held[:index], *held[index + 1 :]]
            if item.count > 1:
                one_less = Taken(slot=item.slot, count=item.count - 1, area=item.area)
                fewer.append(one_less)
            if self.is_met(place, fewer):
                return False
        return True

    def _can_be_met(
        self,
        place: Place,
        held: list[Taken],
        options: list[tuple[Slot, str, int]],
        used: dict[Slot, int],
    ) -> bool:
        """Return whether all that is left to choose would meet the sizes and minima."""
        leaf = place.leaf
        if place.is_optional:
            return True
        ahead = {slot: slot[3] - used.get(slot, 0) for slot, _, _ in options}
        if leaf.courses is not None and not leaf.has_pieces:
            have = sum(t.count for t in held)
            if have + sum(ahead.values()) < leaf.courses:
                return False
        if leaf.credits is not None:
            coming = sum(n * self.table.kinds[slot[0]].units for slot, n in ahead.items())
            if self._units(held) + coming < leaf.credits:
                return False
        for index, minimum in enumerate(leaf.minima):
            if minimum.is_most:
                continue
            coming = sum(
                n * self.table.kinds[slot[0]].minima[place.index][index]
                for slot, n in ahead.items()
            )
            if self._minimum(place, index, held) + coming < minimum.bound:
                return False
        return True


def _only_shaped(leaf: Leaf) -> bool:
    """Return whether a use without an area would always be one to spare."""
    asked = leaf.courses or 0
    assert leaf.fill.areas is not None
    if leaf.fill.areas.in_credits or leaf.credits is not None or leaf.minima:
        return False
    return asked <= sum(leaf.shape)
