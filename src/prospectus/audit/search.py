"""The search: leaf by leaf, by groups of alike uses, bounded by flow.

A state is what is still to be had when some leaves are filled: for each group of alike uses how
many are left and where they may go, and what the limits have counted. `solve` raises the credits
allowed step by step (the bound first), so the first answer is the cheapest.
"""

from __future__ import annotations

from collections.abc import Sequence

from prospectus.audit.bound import Bound
from prospectus.audit.fills import Fills
from prospectus.audit.meeting import Meeting
from prospectus.audit.sorts import Key, Sorts
from prospectus.audit.table import (
    IMPOSSIBLE,
    Acc,
    Costs,
    Effort,
    Place,
    Slot,
    Table,
    Taken,
    amount_of,
    size_of,
)

LOOKS_A_FILLING = 4
"""Working out what one filling of a leaf leaves takes as long as so many looks."""
FIRST_STATES = 8
"""So many states are searched before it pays to find out which groups are one."""


class Search:
    """Searches one table. `path` is the answer found: places of the order with what they hold."""

    def __init__(self, table: Table, effort: Effort) -> None:
        self.table = table
        self.effort = effort
        self.path: list[tuple[int, tuple[Taken, ...]]] = []
        self.meeting = Meeting(table)
        self._costs = Costs()
        self.fills = Fills(table, self.meeting, effort, self._costs.over)
        bound = Bound(table)
        self._bound, self._made_up, self._is_short = bound.least, bound.made_up, bound.is_short
        self._failed: dict[Key, int] = {}
        self._sorted: Sorts | None = None
        self._width = 4 + len(table.limits) + len(table.pools)
        self._least: int | None = None
        self._n_states = 0

    @property
    def _sorts(self) -> Sorts:
        """Return the sorts of groups, made where a first way down does not do."""
        if self._sorted is None:
            self._sorted = Sorts(self.table)
        return self._sorted

    def _start(self) -> tuple[tuple[Slot, ...], tuple[Acc, ...]]:
        pairs = zip(self.table.opens, self.table.counts, strict=True)
        slots = tuple([(index, open_, 0, n, -1) for index, (open_, n) in enumerate(pairs)])
        accs: list[Acc] = [frozenset() if one.distinct else 0 for one in self.table.limits]
        return slots, (*accs, *([0] * len(self.table.sharings)))

    def least(self) -> int:
        """Return a proven least cost; IMPOSSIBLE where there is no answer at all."""
        if self._least is None:
            self._least = self._bound(0, *self._start())
        return self._least

    def dive(self) -> int | None:
        """Return the cost of some answer, found without looking at the cost."""
        slots, accs = self._start()
        self._costs.budget = IMPOSSIBLE
        self._failed.clear()
        self.path.clear()
        if not self._run(0, slots, accs, 0):
            return None
        self.path.reverse()
        return sum(self._cost(taken) for _, taken in self.path)

    def solve(self, most: int | None, at_least: int = 0, *, is_hopeful: bool = True) -> int | None:
        """Return the least cost up to `most`, None where there is none; `path` tells how.

        No answer is known to cost less than `at_least`. Where there is probably none (not
        `is_hopeful`) the first way down is not tried, but whether there is enough of all.
        """
        start, accs = self._start()
        costs = self._costs
        if not is_hopeful:
            self.effort.step(1)
            if self._is_short(start, accs):
                costs.budget = IMPOSSIBLE
                return None
        budget = max(self.least(), at_least)
        if budget < IMPOSSIBLE and budget:
            budget = self._made_up(budget, start)
        costs.budget = budget
        while budget < IMPOSSIBLE and (most is None or budget <= most):
            if is_hopeful and self._descends(start, accs):
                return budget
            self._failed.clear()
            self.path.clear()
            costs.next = None
            if self._run(0, start, accs, 0):
                self.path.reverse()
                return budget
            if costs.next is None:
                return None
            # what is bought costs a sum of what there is
            costs.budget = budget = self._made_up(costs.next, start)
        return None

    @property
    def reached(self) -> int:
        """Return the cost below which there is proven to be no answer."""
        return self._costs.budget

    # ---------------------------------------------------------------- search

    def _descends(self, slots: tuple[Slot, ...], accs: tuple[Acc, ...]) -> bool:
        """Return whether each leaf takes the first that fits it, without ever looking back.

        That is the answer the search would come to; bounds would only say so once more.
        """
        self.path.clear()
        spent = 0
        for at, place in enumerate(self.table.order):
            self.effort.go_down(at)
            self.effort.step(1 + len(slots) * self._width // 1024)
            here = [slot for slot in slots if slot[1] & place.bit]
            room = self._costs.budget - spent
            for taken in self.fills.of(place, here, accs, room):
                self.effort.look(LOOKS_A_FILLING)
                cost = self._cost(taken)
                after = None if cost > room else self._counted(taken, place.bit, accs)
                left = None if after is None else self._left(here, taken, place)
                if after is not None and left is not None:
                    break
            else:
                return False
            others = [slot for slot in slots if not slot[1] & place.bit]
            slots, accs, spent = _merged(others, left), after, spent + cost
            self.path.append((at, taken))
        return self._is_enough(accs)

    def _cost(self, taken: tuple[Taken, ...]) -> int:
        kinds = self.table.kinds
        return sum([one.count * kinds[one.slot[0]].cost for one in taken if not one.slot[2]])

    def _run(self, at: int, slots: tuple[Slot, ...], accs: tuple[Acc, ...], spent: int) -> bool:
        self.effort.go_down(at)
        # a state of a large table takes longer than one of a small one
        self.effort.step(1 + len(slots) * self._width // 1024)
        if at == len(self.table.order):
            return self._is_enough(accs)
        costs, room = self._costs, self._costs.budget - spent
        key: Key | None = None
        sorts: Sequence[int] | None = None
        self._n_states += 1
        if self._n_states > FIRST_STATES:
            key, beyond = self._sorts.key(at, slots, accs, costs.budget)
            if beyond is not None:
                costs.note(beyond)
            if self._failed.get(key, -1) >= room:
                return False
            sorts = self._sorts.of(at)
        # the first state is searched with no less than its bound
        bound = self._bound(at, slots, accs) if at else 0
        if bound > room:
            if bound < IMPOSSIBLE:
                costs.note(spent + bound)
            return False
        place = self.table.order[at]
        bit = place.bit
        here = [slot for slot in slots if slot[1] & bit]
        others = [slot for slot in slots if not slot[1] & bit]
        for taken in self.fills.of(place, here, accs, room, sorts):
            self.effort.look(LOOKS_A_FILLING)
            cost = self._cost(taken)
            if cost > room:
                costs.note(spent + cost)
                continue
            after = self._counted(taken, bit, accs)
            if after is None:
                continue
            left = self._left(here, taken, place)
            if left is None:
                continue
            if self._run(at + 1, _merged(others, left), after, spent + cost):
                self.path.append((at, taken))
                return True
        if key is not None:
            self._failed[key] = room
        return False

    def _is_enough(self, accs: tuple[Acc, ...]) -> bool:
        return all(
            not limit.is_required or size_of(acc) >= limit.bound
            for limit, acc in zip(self.table.limits, accs, strict=False)
        )

    def _left(self, here: list[Slot], taken: tuple[Taken, ...], place: Place) -> list[Slot] | None:
        """Return what is left of the slots at a leaf, and what is held there but may be shared.

        None where a use could no longer go where it must.
        """
        bit, kinds, musts = place.bit, self.table.kinds, self.table.musts
        used: dict[Slot, int] = {}
        found: list[Slot] = []
        for item in taken:
            group, open_, held, _, units = item.slot
            used[item.slot] = used.get(item.slot, 0) + item.count
            kind = kinds[group]
            if item.part >= 0:
                units = (kind.units if units < 0 else units) - item.part
                open_ = place.open_after(item.slot, item.part, units, kind.together[place.index])
            else:
                open_ &= kind.together[place.index] & ~bit
            if musts[group] & ~(held | bit | open_):
                return None
            if open_:
                found.append((group, open_, held | bit, item.count, units))
        for slot in here:
            rest = slot[3] - used.get(slot, 0)
            if rest and slot[1] & ~bit:
                found.append((slot[0], slot[1] & ~bit, slot[2], rest, slot[4]))
        return found

    def _counted(
        self, taken: tuple[Taken, ...], bit: int, accs: tuple[Acc, ...]
    ) -> tuple[Acc, ...] | None:
        """Return what the limits have counted after a leaf is filled, None where one is broken."""
        after = list(accs)
        limits, sharings, kinds = self.table.limits, self.table.sharings, self.table.kinds
        for item in taken:
            group, _, held, _, _ = item.slot
            kind = kinds[group]
            for index, amount in kind.touches:
                limit = limits[index]
                if not limit.scope & bit:
                    continue
                is_new = not limit.scope & held
                if limit.distinct:
                    seen = after[index]
                    assert isinstance(seen, frozenset)
                    after[index] = seen | (kind.values[index] or frozenset())
                elif amount and item.part >= 0 and limit.by_part:
                    after[index] = amount_of(after[index]) + item.part
                elif amount and is_new:
                    after[index] = amount_of(after[index]) + amount * item.count
                else:
                    continue
                if limit.is_most:
                    if size_of(after[index]) > limit.bound:
                        return None
                elif not limit.distinct:
                    # more than the least makes no difference, so such states are one
                    after[index] = min(amount_of(after[index]), limit.bound)
            for index, sharing in enumerate(sharings):
                may, elsewhere = kind.shares[index]
                place = len(limits) + index
                if not may or sharing.is_shared(held, elsewhere):
                    continue
                if sharing.is_shared(held | bit, elsewhere):
                    amount = kind.units if sharing.by_credits else 1
                    after[place] = amount_of(after[place]) + amount * item.count
                    if sharing.most is not None and amount_of(after[place]) > sharing.most:
                        return None
        return tuple(after)


def _merged(others: list[Slot], left: list[Slot]) -> tuple[Slot, ...]:
    """Return the slots in one order, those that are alike counted together.

    `others` are slots that have stood in that order before.
    """
    if not left:
        return tuple(others)
    moved = {slot[0] for slot in left}
    found: dict[tuple[int, int, int, int], int] = {}
    for group, allowed, held, count, units in left:
        key = (group, allowed, held, units)
        found[key] = found.get(key, 0) + count
    if not moved.isdisjoint([slot[0] for slot in others]):
        for group, allowed, held, count, units in others:
            if group in moved:
                key = (group, allowed, held, units)
                found[key] = found.get(key, 0) + count
        others = [slot for slot in others if slot[0] not in moved]
    mine = [(g, a, h, n, u) for (g, a, h, u), n in sorted(found.items())]
    # of one group all are among those that moved, or none is
    return tuple(sorted([*others, *mine], key=_group))


def _group(slot: Slot) -> int:
    return slot[0]
