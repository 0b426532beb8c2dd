"""The active leaves of one set of choices with everything that may go into them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from prospectus.audit.board_groups import Base, Group, Wanted, closed_by, given_first, no_more
from prospectus.audit.board_limits import Limits
from prospectus.audit.finder import Finder, Held, Solution
from prospectus.audit.flow import covered
from prospectus.audit.kinds import Counted, kinds_of
from prospectus.audit.places import Fit, Spots, around_of, order_of
from prospectus.audit.problem import Entry, Problem, Scope, asked_of
from prospectus.audit.requirements import Bounding, Leaf, Total
from prospectus.audit.search import Search
from prospectus.audit.sharing import overlaps, pool_masks
from prospectus.audit.table import Effort, Kind, Place, Rest, Table, Taken


class Board:
    """One scope of one problem, ready to be searched again and again.

    `is_partial`: nothing has to be met and nothing is bought. `unsure`: the completion may lean on
    what is not known or not yet granted. Boards of the same kind may share what is worked out of
    what fits a leaf (`fits`).
    """

    def __init__(
        self,
        problem: Problem,
        scope: Scope,
        *,
        is_partial: bool = False,
        unsure: bool = False,
        fits: dict[int, Fit] | None = None,
    ) -> None:
        self.problem = problem
        self.scope = scope
        self.is_partial = is_partial
        self.is_unsure = unsure
        rules = problem.rules
        self.leaves = [leaf for leaf in rules.leaves if leaf.bit & scope.leaves]
        self.entries: list[Entry] = [*problem.uses]
        self._open: list[int] = [entry.allowed & scope.leaves for entry in problem.uses]
        for entry in () if is_partial else problem.courses:
            mask = (entry.allowed if unsure else entry.sure) & scope.leaves
            if mask:
                self.entries.append(entry)
                self._open.append(mask)
        self.n_uses = len(problem.uses)
        self._sizes = [len(entry.codes) for entry in self.entries]
        self._passed = [entry.sure if entry.is_met else 0 for entry in problem.uses]
        self._limits = Limits(problem, scope, self.entries, is_partial=is_partial)
        self.limits, self._asks = self._limits.found, self._limits.asks
        self._sharings, self._shares = overlaps(problem.rules, scope, self.entries)
        self._bases: dict[int, Base] = {}
        self._pools = pool_masks(problem.rules, scope, self.leaves, self.entries)
        self.order = order_of(
            Spots(
                leaves=self.leaves,
                entries=self.entries,
                n_uses=self.n_uses,
                opens=self._open,
                limits=self.limits,
                asks=self._asks,
                optional=self._optional(),
                fits={} if fits is None else fits,
                around=around_of(rules, scope),
            )
        )
        self._orders: dict[int, tuple[Sequence[Place], dict[int, Rest]]] = {0: (self.order, {})}
        self._likely: frozenset[int] = frozenset()

    def _optional(self) -> int:
        """Return the leaves that need not be met."""
        if self.is_partial:
            return self.scope.leaves
        if not self.problem.excepted:
            return 0
        return sum(leaf.bit for leaf in self.leaves if self.is_waived_below(leaf.id))

    def prefer(self, solution: Solution) -> None:
        """Try first, from now on, the courses that a solution buys."""
        self._likely = frozenset(entry for entry, _, _ in solution.bought)

    def forget(self) -> None:
        """Prefer nothing any more."""
        self._likely = frozenset()

    def nothing_wanted(self) -> Wanted:
        """Return the wants that ask nothing."""
        return Wanted([0] * len(self._open), list(self._open))

    def open(self, entry: int) -> int:
        """Return the leaves that may hold an entry."""
        return self._open[entry]

    def asked(self, total: Total) -> int | None:
        """Return the units that a total asks of this person."""
        return asked_of(self.problem, total)

    def is_waived_below(self, node: str) -> bool:
        """Return whether a node or one above it is waived or set met."""
        return self._limits.is_waived_below(node)

    def amounts(self, bounding: Bounding, *, sure: bool) -> tuple[int, ...]:
        """Return what each entry counts; `sure`: only where it is known to be selected."""
        return self._limits.amounts(bounding, sure=sure)

    def bound_of(self, bounding: Bounding) -> int:
        """Return the bound of a measure in units or courses."""
        return self._limits.bound_of(bounding)

    # ----------------------------------------------------------------- search

    def kinds(self, more: tuple[Counted, ...] = ()) -> tuple[list[Counted], list[int], list[Kind]]:
        """Return the limits, for each entry the number of its kind under them, and the kinds."""
        base = self._base(more)
        return base.counted, base.numbers, base.kinds

    def _base(self, more: tuple[Counted, ...]) -> Base:
        known = self._bases.get(len(more))
        if known is None or known.more is not more:
            counted = [*self.limits, *more]
            numbers, kinds = kinds_of(
                self.problem.rules,
                self.leaves,
                self.entries,
                counted,
                self._shares,
                len(self.limits),
            )
            limits = [one.limit for one in counted]
            known = self._bases[len(more)] = Base(
                more=more,
                counted=counted,
                limits=limits,
                numbers=numbers,
                kinds=kinds,
                closed=[closed_by(kind, limits) for kind in kinds],
            )
        return known

    def search(self, wanted: Wanted, effort: Effort) -> Finder | None:
        """Return what finds a solution; None where an entry must go where it may not."""
        base = self._base(wanted.more)
        groups = self._groups(wanted, base)
        bought = None if groups is None else self._bought(wanted, base)
        if groups is None or bought is None:
            return None
        if wanted.met and self._is_short(wanted.met, groups):
            return None
        ordered = [*groups.items(), *bought]
        order, rests = self._order_for(wanted.met)
        return Finder(
            entries=self.entries,
            n_uses=self.n_uses,
            members=[entries for _, entries in ordered],
            search=Search(
                Table(
                    order=order,
                    limits=base.limits,
                    sharings=self._sharings,
                    kinds=[base.kind(number) for (number, _, _), _ in ordered],
                    counts=[len(entries) for _, entries in ordered],
                    opens=[allowed for (_, allowed, _), _ in ordered],
                    musts=[must for (_, _, must), _ in ordered],
                    pools=self._pools,
                    rests=rests,
                ),
                effort,
            ),
        )

    def _groups(self, wanted: Wanted, base: Base) -> dict[Group, list[int]] | None:
        """Return what is on record by kind and by the leaves that may and must hold it."""
        groups: dict[Group, list[int]] = {}
        for index in range(self.n_uses):
            allowed, must = wanted.allowed[index], wanted.must[index]
            allowed &= ~base.closed[base.numbers[index]]
            if wanted.met:
                allowed &= ~wanted.met | self._passed[index]
            if must:
                if must & ~allowed:
                    return None
                allowed &= must | self._beside(index, must)
            if allowed:
                groups.setdefault((base.numbers[index], allowed, must), []).append(index)
        return groups

    def _beside(self, index: int, must: int) -> int:
        """Return the leaves that may hold a use beside all those that must."""
        entry = self.entries[index]
        if entry.row.splits:
            return ~0
        together = self.problem.rules.together(entry.allows)
        found = ~0
        while must:
            bit = must & -must
            must &= ~bit
            found &= together[bit.bit_length() - 1]
        return found

    def _bought(self, wanted: Wanted, base: Base) -> list[tuple[Group, list[int]]] | None:
        """Return what may be bought by kind and leaves, what a solution bought before first."""
        n = self.n_uses
        key = wanted.met, tuple(wanted.allowed[n:]), tuple(wanted.must[n:])
        known = base.bought.get(key)
        if known is None:
            groups: dict[Group, list[int]] = {}
            for index in range(n, len(self.entries)):
                allowed, must = wanted.allowed[index] & ~wanted.met, wanted.must[index]
                allowed &= ~base.closed[base.numbers[index]]
                if must & ~allowed:
                    return None
                if allowed:
                    group = (base.numbers[index], allowed, must)
                    groups.setdefault(group, []).extend([index] * self._sizes[index])
            known = sorted(
                groups.items(), key=lambda item: self._rank(item[0], item[1], base.kinds)
            )
            base.bought[key] = known
        if wanted.most:
            known = [(g, some) for g, all_ in known if (some := no_more(all_, wanted.most))]
        if wanted.given:
            return given_first(known, wanted.given, len(base.kinds))
        if not self._likely:
            return known
        likely = [one for one in known if not self._likely.isdisjoint(one[1])]
        return [*likely, *(one for one in known if self._likely.isdisjoint(one[1]))]

    def _is_short(self, met: int, groups: Mapping[Group, Sequence[int]]) -> bool:
        """Return whether what is passed cannot fill the leaves that must be met by it."""
        places = [place for place in self.order if place.bit & met]
        least = {place.bit: self._least_in(place) for place in places}
        for pool, slack in self._pools:
            demands = [pair for pair in least.items() if pair[0] & pool and pair[1]]
            if not demands:
                continue
            most = max(place.high for place in places)
            supplies = [
                (allowed & met, (self.entries[members[0]].row.units or most) * len(members))
                for (_, allowed, _), members in groups.items()
                if allowed & met
            ]
            if sum(low for _, low in demands) - covered(supplies, demands) > slack:
                return True
        return False

    def least_in(self, leaf: Leaf) -> int:
        """Return the least credits that a leaf holds when it is met."""
        return self._least_in(next(place for place in self.order if place.leaf is leaf))

    def _least_in(self, place: Place) -> int:
        if place.asks is None:
            return place.low
        limit = self.limits[place.asks].limit
        short = limit.bound - sum(
            other.high for other in self.order if other is not place and limit.scope & other.bit
        )
        return max(place.low, -(-short // place.round_to) * place.round_to)

    def most_asked(self, leaf: Leaf) -> int | None:
        """Return the most that free electives may ask, None where that is not plain to tell."""
        place = next(place for place in self.order if place.leaf is leaf)
        if self.problem.rules.overlaps or any(e.row.is_waiver for e in self.problem.uses):
            return None
        if place.asks is None:
            return leaf.rest_least
        limit = self.limits[place.asks].limit
        others = [p for p in self.order if limit.scope & p.bit and not p.is_optional]
        return max(leaf.rest_least, limit.bound - sum(p.low for p in others if p is not place))

    def _order_for(self, met: int) -> tuple[Sequence[Place], dict[int, Rest]]:
        """Return the order where some leaves must be met, with what is worked out of it."""
        known = self._orders.get(met)
        if known is None:
            # what must be met first: that it cannot be shows before all else is tried
            order = sorted(
                [
                    replace(p, is_optional=False) if p.is_optional and met & p.bit else p
                    for p in self.order
                ],
                key=lambda p: (p.leaf.fill.rest, p.is_optional and not p.leaf.fill.rest),
            )
            known = self._orders[met] = order, {}
        return known

    def _rank(
        self, group: Group, entries: list[int], kinds: list[Kind]
    ) -> tuple[int, int, int, int]:
        """Return a key: cheap courses of use in few leaves, first what helps the most leasts."""
        number, allowed, _ = group
        kind = kinds[number]
        return kind.cost, allowed.bit_count(), -kind.helps, entries[0]

    def is_filled(self, leaf: Leaf, solution: Solution) -> bool:
        """Return whether what is on record alone meets a leaf."""
        here = [
            (index, one)
            for index in range(self.n_uses)
            for one in solution.held.get(index, ())
            if one.leaf == leaf.index
        ]
        if leaf.fill.rest:
            node = leaf.total_node
            asked = leaf.rest_least
            if node is not None and node in self._asks:
                limit = self.limits[self._asks[node]].limit
                asked = max(asked, limit.bound - self._elsewhere(leaf, limit.scope, solution))
            return sum(self._part(index, one) for index, one in here) >= asked
        if leaf.is_plain:
            if leaf.courses is not None:
                return len(here) >= leaf.courses
            return sum(self._part(index, one) for index, one in here) >= (leaf.credits or 0)
        finder = self.search(self.nothing_wanted(), Effort(steps=0))
        assert finder is not None
        group_of = {entry: g for g, members in enumerate(finder.members) for entry in members}
        place = next(place for place in self.order if place.leaf is leaf)
        held = [
            Taken(slot=(group_of[index], 0, 0, 1, -1), count=1, area=one.area, part=one.part)
            for index, one in here
        ]
        return finder.search.meeting.is_met(place, held)

    def _part(self, entry: int, held: Held) -> int:
        return self.entries[entry].row.units if held.part < 0 else held.part

    def _elsewhere(self, leaf: Leaf, scope: int, solution: Solution) -> int:
        """Return the units that other leaves of a total hold, each entry once."""
        total = 0
        bought = ((entry, tracks) for entry, _, tracks in solution.bought)
        for index, tracks in (*solution.held.items(), *bought):
            mine = [one for one in tracks if scope >> one.leaf & 1 and one.leaf != leaf.index]
            if any(one.part < 0 for one in mine):
                total += self.entries[index].row.units
            else:
                total += min(self.entries[index].row.units, sum(one.part for one in mine))
        return total

    def solve(
        self,
        wanted: Wanted,
        effort: Effort,
        most: int | None,
        at_least: int = 0,
        *,
        is_hopeful: bool = True,
    ) -> Solution | None:
        """Return a cheapest solution that costs at most so much, None where there is none.

        No solution is known to cost less than `at_least`; `is_hopeful`: there probably is one.
        """
        finder = self.search(wanted, effort)
        if finder is None:
            return None
        cost = finder.search.solve(most, at_least, is_hopeful=is_hopeful)
        return None if cost is None else finder.solution(cost)
