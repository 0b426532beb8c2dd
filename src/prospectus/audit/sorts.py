"""Which groups of alike uses are one to all that is still to be filled.

Groups may differ in what no longer matters: in the minima of a leaf that is filled, or in a most
that all there is could not break. States in which such groups change places are one state, and
where one of them fails in a leaf the others fail there too.
"""

from __future__ import annotations

from collections.abc import Sequence

from prospectus.audit.table import Acc, Limit, Place, Slot, Table

Key = tuple[int, tuple[tuple[int, int, int, int, int], ...], tuple[Acc, ...]]
"""A place of the order, what is still to be had by sort, and what the limits have counted."""


class Sorts:
    """The sorts of the groups of one table, from each place of its order on."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._binding = [
            (index, limit)
            for index, limit in enumerate(table.limits)
            if not limit.is_most or limit.distinct or self._can_break(index, limit)
        ]
        self._known: dict[int, list[int]] = {}
        self._telling_limits: dict[int, list[int]] = {}
        self._minima = {
            place.index: self._telling(place) for place in table.order if place.leaf.minima
        }

    def _can_break(self, index: int, limit: Limit) -> bool:
        """Return whether all there is would break a most."""
        table = self._table
        there = zip(table.kinds, table.counts, table.opens, strict=True)
        most = sum(kind.amounts[index] * n for kind, n, open_ in there if open_ & limit.scope)
        return most > limit.bound

    def _telling(self, place: Place) -> list[int]:
        """Return the minima of a leaf that tell groups apart: leasts, and mosts that can break."""
        table, found = self._table, []
        for index, minimum in enumerate(place.leaf.minima):
            there = zip(table.kinds, table.counts, table.opens, strict=True)
            most = sum(
                kind.minima[place.index][index] * n for kind, n, open_ in there if open_ & place.bit
            )
            if not minimum.is_most or most > minimum.bound:
                found.append(index)
        return found

    def of(self, at: int) -> list[int]:
        """Return the sort of each group, the same for those that are one from a place on."""
        known = self._known.get(at)
        if known is None:
            known = self._known[at] = self._sorted(at)
        return known

    def _sorted(self, at: int) -> list[int]:
        table = self._table
        rest = table.order[at:]
        open_ = sum(place.bit for place in rest)
        limits = [pair for pair in self._binding if pair[1].scope & open_]
        minima = [(p.index, self._minima[p.index]) for p in rest if p.leaf.minima]
        places = [place.index for place in rest]
        numbers: dict[object, int] = {}
        found = []
        for group, kind in enumerate(table.kinds):
            key = (
                kind.units,
                kind.cost,
                group if kind.splits else -1,
                kind.is_waiver,
                kind.together,
                kind.shares,
                table.musts[group],
                tuple([kind.values[i] if one.distinct else kind.amounts[i] for i, one in limits]),
                tuple([tuple([kind.minima[leaf][i] for i in some]) for leaf, some in minima]),
                tuple([(kind.areas[leaf], kind.pieces[leaf]) for leaf in places]),
            )
            found.append(numbers.setdefault(key, len(numbers)))
        return found

    def key(
        self, at: int, slots: tuple[Slot, ...], accs: tuple[Acc, ...], budget: int
    ) -> tuple[Key, int | None]:
        """Return what tells a state from others, and the least cost for which it may not.

        More of what must be bought than a budget can pay for makes no difference within it.
        """
        sorts, kinds = self.of(at), self._table.kinds
        counts: dict[tuple[int, int, int, int], int] = {}
        beyond: int | None = None
        for group, open_, held, count, units in slots:
            name = (sorts[group], open_, held, units)
            counts[name] = count = counts.get(name, 0) + count
            cost = 0 if held else kinds[group].cost
            if cost and count > (most := budget // cost + 1):
                counts[name] = most
                dear = (most + 1) * cost
                beyond = dear if beyond is None else min(beyond, dear)
        telling = self._telling_limits.get(at)
        if telling is None:
            telling = self._telling_limits[at] = self._limits_from(at)
        return (
            at,
            tuple(sorted([(*name, n) for name, n in counts.items()])),
            tuple([accs[index] for index in telling]),
        ), beyond

    def _limits_from(self, at: int) -> list[int]:
        """Return the limits whose count still matters, with all on sharing."""
        table = self._table
        open_ = sum(place.bit for place in table.order[at:])
        found = [i for i, one in self._binding if not one.is_most or one.scope & open_]
        return [*found, *range(len(table.limits), len(table.limits) + len(table.sharings))]


def before_in(here: Sequence[Slot], sorts: Sequence[int] | None) -> list[int]:
    """Return for each slot the place of the last one before it that is one with it, or -1."""
    if sorts is None:
        return [-1] * len(here)
    last: dict[tuple[int, int, int, int], int] = {}
    found = []
    for index, (group, open_, held, _, units) in enumerate(here):
        name = (sorts[group], open_, held, units)
        found.append(last.get(name, -1))
        last[name] = index
    return found


def before_options(
    options: Sequence[tuple[Slot, str, int]], sorts: Sequence[int] | None
) -> list[Slot | None]:
    """Return for each option the last slot before it that may stand there as well, if any."""
    if sorts is None:
        return [None] * len(options)
    last: dict[tuple[object, ...], Slot] = {}
    found: list[Slot | None] = []
    for slot, area, part in options:
        name = (sorts[slot[0]], slot[1], slot[2], slot[4], area, part)
        found.append(last.get(name))
        last[name] = slot
    return found
