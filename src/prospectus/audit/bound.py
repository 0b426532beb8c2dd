"""A proven least cost of all that is still to be filled, by flow and by what leasts lack."""

from __future__ import annotations

from collections.abc import Sequence

from prospectus.audit.flow import covered, merged
from prospectus.audit.lacking import MOST_SUM, sums_with
from prospectus.audit.table import IMPOSSIBLE, Acc, Limit, Place, Rest, Slot, Table, amount_of


class Bound:
    """Bounds the states of one table."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self._rests = table.rests
        self._sums: dict[object, int] = {}
        limits = [pair for pair in enumerate(table.limits) if not pair[1].distinct]
        self._required = [pair for pair in limits if pair[1].is_required]
        self._mosts = [pair for pair in limits if pair[1].is_most]

    def is_short(self, slots: tuple[Slot, ...], accs: tuple[Acc, ...]) -> bool:
        """Return whether all that there is cannot fill the leaves, whatever it costs."""
        rest = self._rest(0)
        supplies = merged([(slot[1], self._brings(slot, rest.places)) for slot in slots])
        for places, slack in rest.pools:
            demands = [(place.bit, self._asked(place, rest.places, accs)) for place in places]
            demands = [pair for pair in demands if pair[1]]
            if demands and sum([n for _, n in demands]) - covered(supplies, demands) > slack:
                return True
        return False

    def _rest(self, at: int) -> Rest:
        known = self._rests.get(at)
        if known is not None:
            return known
        rest = self.table.order[at:]
        pools = []
        for pool, slack in self.table.pools:
            mine = [p for p in rest if p.bit & pool and not p.is_optional]
            if mine:
                pools.append((mine, slack))
        found = self._rests[at] = Rest(
            places=rest,
            open=sum(place.bit for place in rest),
            pools=pools,
            minima=[p for p in rest if p.leaf.minima and not p.is_optional],
        )
        return found

    def least(self, at: int, slots: tuple[Slot, ...], accs: tuple[Acc, ...]) -> int:
        """Return a least cost of all that is still to be filled."""
        rest = self._rest(at)
        kinds = self.table.kinds
        free = [slot for slot in slots if not kinds[slot[0]].cost or slot[2]]
        capped = self._capped(free, accs, rest.open) if self._mosts else {}
        plain = merged([(slot[1], self._brings(slot, rest.places)) for slot in free])
        together = merged(self._supplies(free, capped, rest.places)) if capped else plain
        best = 0
        for places, slack in rest.pools:
            demands = []
            asked = -slack
            for place in places:
                if mine := self._asked(place, rest.places, accs):
                    demands.append((place.bit, mine))
                    asked += mine
            if asked <= best:
                continue
            best = max(best, asked - covered(plain, demands))
            if capped and asked > best:
                best = max(best, asked - covered(together, demands))
        for place in rest.minima:
            best = max(best, self._minima_short(place, slots))
        for index, limit in self._required:
            have = amount_of(accs[index])
            if have < limit.bound:
                best = max(best, self._short(index, limit, slots, have, rest.open, capped))
        return self.made_up(best, slots) if 0 < best < MOST_SUM else best

    def made_up(self, least: int, slots: Sequence[Slot]) -> int:
        """Return the least sum, no less than this, that the costs of what can be bought make."""
        counts: dict[int, int] = {}
        kinds = self.table.kinds
        for group, _, held, count, _ in slots:
            cost = kinds[group].cost
            if cost and not held:
                counts[cost] = counts.get(cost, 0) + count
        if not counts:
            return IMPOSSIBLE
        if len(counts) == 1:
            cost = next(iter(counts))
            return -(-least // cost) * cost
        most = least + max(counts)
        key = (least, *sorted([(cost, min(n, most // cost)) for cost, n in counts.items()]))
        known = self._sums.get(key)
        if known is None:
            sums = 1
            for cost, count in counts.items():
                sums = sums_with(sums, cost, count, most)
            enough = sums >> least
            # where these are too few to make it more may be missing than their number
            known = least + (enough & -enough).bit_length() - 1 if enough else IMPOSSIBLE
            self._sums[key] = known
        return known

    def _capped(
        self, free: list[Slot], accs: tuple[Acc, ...], open_: int
    ) -> dict[Slot, tuple[int, int]]:
        """Return, for what is free, the most that binds it: its limit and the room left there."""
        found: dict[Slot, tuple[int, int]] = {}
        for index, limit in self._mosts:
            room = limit.bound - amount_of(accs[index])
            mine = [
                slot
                for slot in free
                if self.table.kinds[slot[0]].amounts[index]
                and slot not in found
                and slot[4] < 0
                and not slot[2]
                and not slot[1] & open_ & ~limit.scope
            ]
            if sum(self.table.kinds[slot[0]].amounts[index] * slot[3] for slot in mine) > room:
                for slot in mine:
                    found[slot] = index, room
        return found

    def _supplies(
        self, free: list[Slot], capped: dict[Slot, tuple[int, int]], rest: Sequence[Place]
    ) -> list[tuple[int, int]]:
        """Return what the free brings where what one most binds comes together, up to its room."""
        supplies: list[tuple[int, int]] = []
        together: dict[int, tuple[int, int, int, int]] = {}
        for slot in free:
            brings = self._brings(slot, rest)
            if slot not in capped:
                supplies.append((slot[1], brings))
                continue
            index, room = capped[slot]
            mask, total, largest, _ = together.get(index, (0, 0, 0, 0))
            largest = max(largest, brings // slot[3])
            together[index] = (mask | slot[1], total + brings, largest, room)
        for index, (mask, total, largest, room) in together.items():
            most = room if self.table.limits[index].by_part else room * largest
            supplies.append((mask, min(total, most)))
        return supplies

    def _minima_short(self, place: Place, slots: tuple[Slot, ...]) -> int:
        """Return the least cost of the minimum inside a leaf that lacks the dearest."""
        best = 0
        for index, minimum in enumerate(place.leaf.minima):
            if minimum.is_most:
                continue
            short, bought, cheapest = minimum.bound, 0, IMPOSSIBLE
            for slot in slots:
                kind = self.table.kinds[slot[0]]
                if not slot[1] & place.bit or not (amount := kind.minima[place.index][index]):
                    continue
                if kind.cost and not slot[2]:
                    bought += amount * slot[3]
                    cheapest = min(cheapest, kind.cost)
                else:
                    short -= amount * slot[3]
            if short > 0:
                if bought < short:
                    return IMPOSSIBLE
                best = max(best, short * cheapest if minimum.in_courses else short)
        return best

    def _short(
        self,
        index: int,
        limit: Limit,
        slots: tuple[Slot, ...],
        have: int,
        open_: int,
        capped: dict[Slot, tuple[int, int]],
    ) -> int:
        """Return the least cost of what a least still lacks when all that is free is counted."""
        short = limit.bound - have
        if short <= 0:
            return 0
        scope = limit.scope & open_
        bought, cheapest = 0, IMPOSSIBLE
        bound_by: dict[int, tuple[int, int]] = {}
        for slot in slots:
            kind = self.table.kinds[slot[0]]
            amount = kind.amounts[index]
            is_held = bool(limit.scope & slot[2])
            in_parts = is_held and slot[4] >= 0 and limit.by_part
            if not amount or not slot[1] & scope or (is_held and not in_parts):
                continue
            if kind.cost and not slot[2]:
                bought += amount * slot[3]
                cheapest = min(cheapest, kind.cost)
            elif slot in capped:
                cap, room = capped[slot]
                largest = amount
                if self.table.limits[cap].by_part:
                    # at most so many units of it: as many of the least even if all are small
                    largest = 1 if limit.by_part else amount * slot[3]
                total, most = bound_by.get(cap, (0, 0))
                bound_by[cap] = total + amount * slot[3], max(most, room * largest)
            else:
                short -= (slot[4] if in_parts else amount) * slot[3]
        short -= sum(min(total, most) for total, most in bound_by.values())
        if short <= 0:
            return 0
        if bought < short:
            return IMPOSSIBLE
        return short if limit.by_part else short * cheapest

    def _brings(self, slot: Slot, rest: Sequence[Place]) -> int:
        """Return the most units that a slot brings to leaves; a waiver fills a whole place."""
        kind = self.table.kinds[slot[0]]
        # what is left of a use in parts stands whole in pools that do not count
        units = kind.units
        if units == 0:
            units = max((place.high for place in rest if slot[1] & place.bit), default=0)
        return units * slot[3]

    def _asked(self, place: Place, rest: Sequence[Place], accs: tuple[Acc, ...]) -> int:
        """Return the least units that a leaf still asks, whatever the others hold."""
        if place.is_optional:
            return 0
        if place.asks is None:
            return place.low
        least = place.leaf.rest_least
        limit = self.table.limits[place.asks]
        short = limit.bound - amount_of(accs[place.asks])
        for other in rest:
            if other is not place and limit.scope & other.bit:
                short -= other.high
        return -(-max(short, least) // place.round_to) * place.round_to
