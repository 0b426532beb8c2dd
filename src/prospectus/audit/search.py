"""The search: leaf by leaf, by groups of alike uses, bounded by flow.

A state is what is still to be had when some leaves are filled: for each group of alike uses how
many are left and where they may go, and what the measures have counted. `solve` raises the credits
allowed step by step (the bound of the flow first), so the first answer is the cheapest.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum

from prospectus.audit.flow import covered
from prospectus.audit.rules import Leaf
from prospectus.domain.course import CourseCode

Values = frozenset[str]
Slot = tuple[int, int, int, int, int]
"""Group, leaves still open, leaves that hold it, how many, units left (-1 unless in parts)."""


class OutOfSteps(Exception):  # it is no error: the limit ends the search
    """The limit of steps or of time is reached."""


@dataclass(slots=True)
class Effort:
    """How far the search may go and has gone."""

    steps: int
    until: float | None = None
    done: int = 0

    def step(self) -> None:
        """Count a step.

        Raises
        ------
        OutOfSteps
            When there is none left.
        """
        self.done += 1
        if self.done > self.steps:
            raise OutOfSteps
        if self.until is not None and self.done % 64 == 0 and time.monotonic() > self.until:
            raise OutOfSteps


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A most or a least over what some leaves hold, each use once.

    `distinct`: values are counted, not uses. `by_part`: a part counts as a part (credits);
    otherwise whatever is held counts as one. A least that is not required only counts, for the
    free electives that ask the rest of it; a most has `is_required` False.
    """

    scope: int
    bound: int
    is_most: bool
    by_part: bool = True
    distinct: bool = False
    is_required: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """A limit on what stands in two named groups of leaves (or here and in another award)."""

    groups: tuple[int, ...]
    most: int | None
    by_credits: bool

    def is_shared(self, held: int, elsewhere: int) -> bool:
        """Return whether a use in these leaves is shared."""
        if held & elsewhere:
            return True
        for place, one in enumerate(self.groups):
            for other in self.groups[place + 1 :]:
                mine, theirs = held & one, held & other
                if mine and theirs and (mine | theirs).bit_count() > 1:
                    return True
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What alike uses have in common; `cost` is 0 for what is on record.

    `together` gives, per leaf of the order, the leaves that may hold it too. `amounts` per limit,
    `minima` per leaf with minima, `areas` per leaf with areas, `pieces` per leaf.
    """

    units: int
    cost: int
    splits: bool
    together: tuple[int, ...]
    amounts: tuple[int, ...]
    values: tuple[Values | None, ...]
    minima: tuple[tuple[int, ...], ...]
    areas: tuple[frozenset[str], ...]
    pieces: tuple[tuple[tuple[CourseCode, frozenset[str], frozenset[str]], ...], ...]
    shares: tuple[tuple[bool, int], ...]
    is_waiver: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """So many of a slot put into a leaf, as what area, in what part."""

    slot: Slot
    count: int
    area: str = ""
    part: int = -1


class By(Enum):
    """How the sets that meet a leaf are found: by one size alone, or in general."""

    COURSES = "courses"
    CREDITS = "credits"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A leaf of the order, with what the search must know of it.

    `index` is its place in the tuples of a `Kind`. `is_optional` leaves need not be met. `low`
    and `high` are the credits that it holds at least and at most when it is met; `asks` is the
    limit whose rest it asks, for free electives.
    """

    leaf: Leaf
    index: int
    bit: int
    by: By
    is_optional: bool
    low: int
    high: int
    round_to: int
    asks: int | None = None
    within: int = 0


@dataclass(slots=True)
class Search:
    """One set of leaves, limits and groups of uses."""

    order: Sequence[Place]
    limits: Sequence[Limit]
    sharings: Sequence[Sharing]
    kinds: Sequence[Kind]
    counts: Sequence[int]
    opens: Sequence[int]
    musts: Sequence[int]
    effort: Effort
    pools: Sequence[tuple[int, int]]
    path: list[tuple[int, tuple[Taken, ...]]] = field(default_factory=list)
    _failed: dict[object, int] = field(default_factory=dict)
    _next: int | None = None
    _budget: int = 0

    def _start(self) -> tuple[tuple[Slot, ...], tuple[object, ...]]:
        slots = tuple(
            (index, open_, 0, count, -1)
            for index, (open_, count) in enumerate(zip(self.opens, self.counts, strict=True))
        )
        accs = (frozenset() if limit.distinct else 0 for limit in self.limits)
        return slots, (*accs, *(0 for _ in self.sharings))

    def least(self) -> int:
        """Return a proven least cost; IMPOSSIBLE where there is no answer at all."""
        slots, accs = self._start()
        return self._bound(0, slots, accs)

    def dive(self) -> int | None:
        """Return the cost of some answer, found without looking at the cost."""
        slots, accs = self._start()
        self._budget = IMPOSSIBLE
        self._failed.clear()
        self.path.clear()
        if not self._run(0, slots, accs, 0):
            return None
        self.path.reverse()
        return sum(
            item.count * self.kinds[item.slot[0]].cost
            for _, taken in self.path
            for item in taken
            if not item.slot[2]
        )

    def solve(self, most: int | None) -> int | None:
        """Return the least cost up to `most`, None where there is none; `path` tells how."""
        start, accs = self._start()
        self._budget = self._bound(0, start, accs)
        while self._budget < IMPOSSIBLE and (most is None or self._budget <= most):
            self._failed.clear()
            self.path.clear()
            self._next = None
            if self._run(0, start, accs, 0):
                self.path.reverse()
                return self._budget
            if self._next is None:
                return None
            self._budget = self._next
        return None

    @property
    def reached(self) -> int:
        """Return the cost below which there is proven to be no answer."""
        return self._budget

    # ---------------------------------------------------------------- search

    def _run(self, at: int, slots: tuple[Slot, ...], accs: tuple[object, ...], spent: int) -> bool:
        self.effort.step()
        if at == len(self.order):
            return self._is_enough(accs)
        key = (at, slots, accs)
        room = self._budget - spent
        if self._failed.get(key, -1) >= room:
            return False
        bound = self._bound(at, slots, accs)
        if bound > room:
            if bound < IMPOSSIBLE:
                self._note(spent + bound)
            return False
        place = self.order[at]
        bit = place.bit
        here = [slot for slot in slots if slot[1] & bit]
        others = [slot for slot in slots if not slot[1] & bit]
        for taken in self._fills(place, here, accs, room):
            cost = sum(t.count * self.kinds[t.slot[0]].cost for t in taken if not t.slot[2])
            if cost > room:
                self._note(spent + cost)
                continue
            after = self._counted(taken, bit, accs)
            if after is None:
                continue
            left = self._left(here, taken, place)
            if left is None:
                continue
            if self._run(at + 1, _merged(others + left), after, spent + cost):
                self.path.append((at, taken))
                return True
        self._failed[key] = room
        return False

    def _note(self, cost: int) -> None:
        if cost > self._budget and (self._next is None or cost < self._next):
            self._next = cost

    def _is_enough(self, accs: tuple[object, ...]) -> bool:
        return all(
            not limit.is_required or _size(acc) >= limit.bound
            for limit, acc in zip(self.limits, accs, strict=False)
        )

    def _left(self, here: list[Slot], taken: tuple[Taken, ...], place: Place) -> list[Slot] | None:
        """Return what is left of the slots at a leaf, and what is held there but may be shared.

        None where a use could no longer go where it must.
        """
        bit = place.bit
        used: dict[Slot, int] = {}
        found: list[Slot] = []
        for item in taken:
            group, allowed, held, _, units = item.slot
            used[item.slot] = used.get(item.slot, 0) + item.count
            kind = self.kinds[group]
            if item.part >= 0:
                remaining = (kind.units if units < 0 else units) - item.part
                open_ = allowed & place.within & ~bit if remaining else 0
                if self.musts[group] & ~(held | bit | open_):
                    return None
                if open_:
                    found.append((group, open_, held | bit, 1, remaining))
                continue
            open_ = allowed & kind.together[place.index] & ~bit
            if self.musts[group] & ~(held | bit | open_):
                return None
            if open_:
                found.append((group, open_, held | bit, item.count, units))
        for slot in here:
            rest = slot[3] - used.get(slot, 0)
            if rest and slot[1] & ~bit:
                found.append((slot[0], slot[1] & ~bit, slot[2], rest, slot[4]))
        return found

    def _counted(
        self, taken: tuple[Taken, ...], bit: int, accs: tuple[object, ...]
    ) -> tuple[object, ...] | None:
        """Return what the limits have counted after a leaf is filled, None where one is broken."""
        after = list(accs)
        for item in taken:
            group, _, held, _, _ = item.slot
            kind = self.kinds[group]
            for index, amount in enumerate(kind.amounts):
                limit = self.limits[index]
                if not limit.scope & bit:
                    continue
                is_new = not limit.scope & held
                if limit.distinct:
                    seen = after[index]
                    assert isinstance(seen, frozenset)
                    after[index] = seen | (kind.values[index] or frozenset())
                elif amount and item.part >= 0 and limit.by_part:
                    after[index] = _int(after[index]) + item.part
                elif amount and is_new:
                    after[index] = _int(after[index]) + amount * item.count
                else:
                    continue
                if limit.is_most:
                    if _size(after[index]) > limit.bound:
                        return None
                elif not limit.distinct:
                    # more than the least makes no difference, so such states are one
                    after[index] = min(_int(after[index]), limit.bound)
            for index, sharing in enumerate(self.sharings):
                may, elsewhere = kind.shares[index]
                place = len(self.limits) + index
                if not may or sharing.is_shared(held, elsewhere):
                    continue
                if sharing.is_shared(held | bit, elsewhere):
                    amount = kind.units if sharing.by_credits else 1
                    after[place] = _int(after[place]) + amount * item.count
                    if sharing.most is not None and _int(after[place]) > sharing.most:
                        return None
        return tuple(after)

    # ----------------------------------------------------------------- bound

    def _bound(self, at: int, slots: tuple[Slot, ...], accs: tuple[object, ...]) -> int:
        """Return a least cost of all that is still to be filled."""
        rest = self.order[at:]
        free = [slot for slot in slots if not self.kinds[slot[0]].cost or slot[2]]
        open_ = 0
        for place in rest:
            open_ |= place.bit
        capped = self._capped(free, accs, open_)
        best = 0
        for pool, slack in self.pools:
            demands = [
                (place.bit, asked)
                for place in rest
                if place.bit & pool and (asked := self._asked(place, rest, accs))
            ]
            if not demands:
                continue
            asked = sum(amount for _, amount in demands) - slack
            missing = asked - covered([(s[1], self._brings(s, rest)) for s in free], demands)
            if capped and missing > best:
                best = missing
            if capped:
                missing = asked - covered(self._supplies(free, capped, rest), demands)
            if missing > best:
                best = missing
        for place in rest:
            if place.leaf.minima and not place.is_optional:
                best = max(best, self._minima_short(place, slots))
        for index, limit in enumerate(self.limits):
            if limit.is_required and not limit.distinct:
                have = _int(accs[index])
                best = max(best, self._short(index, limit, slots, have, open_, capped))
        return best

    def _capped(
        self, free: list[Slot], accs: tuple[object, ...], open_: int
    ) -> dict[Slot, tuple[int, int]]:
        """Return, for what is free, the most that binds it: its limit and the room left there."""
        found: dict[Slot, tuple[int, int]] = {}
        for index, limit in enumerate(self.limits):
            if not limit.is_most or limit.distinct:
                continue
            room = limit.bound - _int(accs[index])
            mine = [
                slot
                for slot in free
                if self.kinds[slot[0]].amounts[index]
                and slot not in found
                and slot[4] < 0
                and not slot[2]
                and not slot[1] & open_ & ~limit.scope
            ]
            if sum(self.kinds[slot[0]].amounts[index] * slot[3] for slot in mine) > room:
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
            most = room if self.limits[index].by_part else room * largest
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
                kind = self.kinds[slot[0]]
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
            kind = self.kinds[slot[0]]
            amount = kind.amounts[index]
            if not amount or not slot[1] & scope or limit.scope & slot[2]:
                continue
            if kind.cost and not slot[2]:
                bought += amount * slot[3]
                cheapest = min(cheapest, kind.cost)
            elif slot in capped:
                cap, room = capped[slot]
                largest = amount
                if self.limits[cap].by_part:
                    # at most so many units of it: as many of the least even if all are small
                    largest = 1 if limit.by_part else amount * slot[3]
                total, most = bound_by.get(cap, (0, 0))
                bound_by[cap] = total + amount * slot[3], max(most, room * largest)
            else:
                short -= (slot[4] if slot[4] >= 0 and limit.by_part else amount) * slot[3]
        short -= sum(min(total, most) for total, most in bound_by.values())
        if short <= 0:
            return 0
        if bought < short:
            return IMPOSSIBLE
        return short if limit.by_part else short * cheapest

    def _brings(self, slot: Slot, rest: Sequence[Place]) -> int:
        """Return the most units that a slot brings to leaves; a waiver fills a whole place."""
        kind = self.kinds[slot[0]]
        units = kind.units if slot[4] < 0 else slot[4]
        if units == 0:
            units = max((place.high for place in rest if slot[1] & place.bit), default=0)
        return units * slot[3]

    def _asked(self, place: Place, rest: Sequence[Place], accs: tuple[object, ...]) -> int:
        """Return the least units that a leaf still asks, whatever the others hold."""
        if place.is_optional:
            return 0
        if place.asks is None:
            return place.low
        least = place.leaf.rest_least
        limit = self.limits[place.asks]
        short = limit.bound - _int(accs[place.asks])
        for other in rest:
            if other is not place and limit.scope & other.bit:
                short -= other.high
        return -(-max(short, least) // place.round_to) * place.round_to

    # ----------------------------------------------------------------- fills

    def _fills(
        self, place: Place, here: list[Slot], accs: tuple[object, ...], room: int
    ) -> Iterator[tuple[Taken, ...]]:
        """Yield what the leaf may hold: enough and nothing to spare, dear courses last."""
        bit = place.bit
        kinds = self.kinds
        here.sort(
            key=lambda s: (
                not self.musts[s[0]] & bit,
                0 if s[2] else kinds[s[0]].cost,
                s[0],
                s[1],
                s[2],
            )
        )
        leaf = place.leaf
        if leaf.fill.rest:
            asked = leaf.rest_least
            if place.asks is not None:
                asked = max(asked, self.limits[place.asks].bound - _int(accs[place.asks]))
            yield from self._by_credits(place, here, asked, accs, room)
        elif place.by is By.COURSES:
            yield from self._by_courses(place, here, leaf.courses or 0, room)
        elif place.by is By.CREDITS:
            yield from self._by_credits(place, here, leaf.credits or 0, accs, room)
        else:
            yield from self._in_general(place, here, room)

    def _cost(self, slot: Slot) -> int:
        return 0 if slot[2] else self.kinds[slot[0]].cost

    def _by_courses(
        self, place: Place, here: list[Slot], asked: int, room: int
    ) -> Iterator[tuple[Taken, ...]]:
        bit = place.bit
        ahead = [0] * (len(here) + 1)
        for index in range(len(here) - 1, -1, -1):
            ahead[index] = ahead[index + 1] + here[index][3]
        chosen: list[Taken] = []

        def choose(index: int, left: int, budget: int) -> Iterator[tuple[Taken, ...]]:
            if index == len(here):
                if left == 0 or place.is_optional:
                    yield tuple(chosen)
                return
            if not place.is_optional and ahead[index] < left:
                return
            slot = here[index]
            cost = self._cost(slot)
            most = min(slot[3], left)
            if cost and most * cost > budget:
                most = self._affordable(cost, budget)
            least = slot[3] if self.musts[slot[0]] & bit else 0
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
        self._note(self._budget + cost * (count + 1) - budget)
        return count

    def _by_credits(
        self, place: Place, here: list[Slot], asked: int, accs: tuple[object, ...], room: int
    ) -> Iterator[tuple[Taken, ...]]:
        bit = place.bit
        most_credits = place.leaf.most_credits
        kinds = self.kinds
        ahead = [0] * (len(here) + 1)
        for index in range(len(here) - 1, -1, -1):
            slot = here[index]
            units = kinds[slot[0]].units if slot[4] < 0 else slot[4]
            ahead[index] = ahead[index + 1] + units * slot[3]
        chosen: list[Taken] = []

        def choose(
            index: int, have: int, smallest: int, budget: int
        ) -> Iterator[tuple[Taken, ...]]:
            if index == len(here):
                if have >= asked and (not chosen or have - smallest < asked):
                    if most_credits is None or have <= most_credits:
                        yield tuple(chosen)
                elif have < asked and place.is_optional:
                    yield tuple(chosen)
                return
            if not place.is_optional and have + ahead[index] < asked:
                return
            slot = here[index]
            kind = kinds[slot[0]]
            units = kind.units if slot[4] < 0 else slot[4]
            cost = self._cost(slot)
            least = slot[3] if self.musts[slot[0]] & bit else 0
            most = 0
            if units:
                # one more than needed would leave one to spare
                most = min(slot[3], max(0, -((have - asked) // units)) if have < asked else 0)
            if cost and most * cost > budget:
                most = self._affordable(cost, budget)
            for count in range(most, least - 1, -1):
                if not count:
                    yield from choose(index + 1, have, smallest, budget)
                    continue
                part = -1 if slot[4] < 0 else units
                chosen.append(Taken(slot=slot, count=count, part=part))
                after = have + units * count
                low = min(smallest, units)
                if after - low < asked:
                    yield from choose(index + 1, after, low, budget - cost * count)
                chosen.pop()
            if kind.splits and not cost and slot[3] == 1:
                for part in self._parts(slot, units, asked - have, bit, accs):
                    chosen.append(Taken(slot=slot, count=1, part=part))
                    if have + part - min(smallest, part) < asked:
                        yield from choose(index + 1, have + part, min(smallest, part), budget)
                    chosen.pop()

        yield from choose(0, 0, IMPOSSIBLE, room)

    def _parts(
        self, slot: Slot, units: int, missing: int, bit: int, accs: tuple[object, ...]
    ) -> list[int]:
        """Return the parts of a use that fit: into the last place, or under a most."""
        found = {missing}
        kind = self.kinds[slot[0]]
        for index, limit in enumerate(self.limits):
            if limit.is_most and limit.by_part and kind.amounts[index] and limit.scope & bit:
                found.add(limit.bound - _int(accs[index]))
        return sorted((part for part in found if 0 < part < units), reverse=True)

    def _in_general(self, place: Place, here: list[Slot], room: int) -> Iterator[tuple[Taken, ...]]:
        """Yield every smallest set that meets a leaf with minima, areas, pieces or two sizes."""
        bit = place.bit
        shape = place.leaf.shape
        in_credits = place.leaf.fill.areas is not None and place.leaf.fill.areas.in_credits
        options: list[tuple[Slot, str]] = []
        for slot in here:
            areas: list[str] = [""]
            if shape:
                areas = sorted(self.kinds[slot[0]].areas[place.index])
                if place.is_optional or not _only_shaped(place.leaf):
                    areas.append("")
            options += [(slot, area) for area in areas]
        chosen: list[Taken] = []
        used: dict[Slot, int] = {}

        def has_all_musts() -> bool:
            return all(used.get(slot, 0) == slot[3] for slot in here if self.musts[slot[0]] & bit)

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
            slot, area = options[index]
            cost = self._cost(slot)
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
                chosen.append(Taken(slot=slot, count=count, area=area))
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
            pieces = self.kinds[item.slot[0]].pieces[place.index]
            if not pieces:
                whole += item.count
            for course, mine, needed in pieces:
                have[course] = have.get(course, frozenset()) | mine
                asked[course] = needed
        return whole + sum(have[course] == asked[course] for course in have)

    def _units(self, held: list[Taken]) -> int:
        return sum(t.count * (self.kinds[t.slot[0]].units if t.part < 0 else t.part) for t in held)

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
                units = self.kinds[item.slot[0]].units if leaf.fill.areas.in_credits else 1
                have[item.area] = have.get(item.area, 0) + item.count * units
        counts = sorted(have.values(), reverse=True)
        return len(counts) >= len(leaf.shape) and all(
            mine >= asked for mine, asked in zip(counts, leaf.shape, strict=False)
        )

    def _minimum(self, place: Place, index: int, held: list[Taken]) -> int:
        return sum(t.count * self.kinds[t.slot[0]].minima[place.index][index] for t in held)

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
        options: list[tuple[Slot, str]],
        used: dict[Slot, int],
    ) -> bool:
        """Return whether all that is left to choose would meet the sizes and minima."""
        leaf = place.leaf
        if place.is_optional:
            return True
        ahead = {slot: slot[3] - used.get(slot, 0) for slot, _ in options}
        if leaf.courses is not None and not leaf.has_pieces:
            have = sum(t.count for t in held)
            if have + sum(ahead.values()) < leaf.courses:
                return False
        if leaf.credits is not None:
            coming = sum(n * self.kinds[slot[0]].units for slot, n in ahead.items())
            if self._units(held) + coming < leaf.credits:
                return False
        for index, minimum in enumerate(leaf.minima):
            if minimum.is_most:
                continue
            coming = sum(
                n * self.kinds[slot[0]].minima[place.index][index] for slot, n in ahead.items()
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


IMPOSSIBLE = 1 << 50
"""A cost that says that there is no answer at all."""


def _int(acc: object) -> int:
    assert isinstance(acc, int)
    return acc


def _size(acc: object) -> int:
    return acc if isinstance(acc, int) else len(acc)  # type: ignore[arg-type]


def _merged(slots: list[Slot]) -> tuple[Slot, ...]:
    """Return the slots in one order, those that are alike counted together."""
    found: dict[tuple[int, int, int, int], int] = {}
    for group, allowed, held, count, units in slots:
        key = (group, allowed, held, units)
        found[key] = found.get(key, 0) + count
    return tuple((g, a, h, n, u) for (g, a, h, u), n in sorted(found.items()))
