"""The active leaves of one set of choices with everything that may go into them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from prospectus.audit.finder import Finder, Held, Solution
from prospectus.audit.problem import Entry, Problem, Scope, asked_of
from prospectus.audit.rules import Bounding, Leaf, Minimum, Total, plain
from prospectus.audit.search import Search
from prospectus.audit.table import By, Effort, Kind, Limit, Place, Sharing, Table, Taken
from prospectus.domain.course import CourseCode
from prospectus.domain.requirement import Bound, NodeId, Share


@dataclass(frozen=True, slots=True)
class Counted:
    """A limit and what each entry counts in it; `values` where it counts distinct ones."""

    limit: Limit
    amounts: tuple[int, ...]
    values: tuple[frozenset[str] | None, ...] | None = None
    name: NodeId | None = None


@dataclass(slots=True)
class Wanted:
    """What is asked of a solution beyond the rules.

    `must` and `allowed` are masks of leaves by entry; `met` are leaves that must be met by what
    is passed; `more` are further leasts; `most` says how many courses of an entry may be bought.
    """

    must: list[int]
    allowed: list[int]
    met: int = 0
    more: tuple[Counted, ...] = ()
    most: dict[int, int] = field(default_factory=dict)

    def copy(self) -> Wanted:
        """Return the same wants, to be changed apart."""
        return Wanted(list(self.must), list(self.allowed), self.met, self.more, dict(self.most))


class Board:
    """One scope of one problem, ready to be searched again and again.

    `is_partial`: nothing has to be met and nothing is bought. `unsure`: the completion may lean on
    what is not known or not yet granted.
    """

    def __init__(
        self, problem: Problem, scope: Scope, *, is_partial: bool = False, unsure: bool = False
    ) -> None:
        self.problem = problem
        self.scope = scope
        self.is_partial = is_partial
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
        self._asks: dict[NodeId, int] = {}
        self.limits: list[Counted] = []
        self._add_totals()
        for bounding in rules.bounds:
            self._add_measure(bounding)
        self._sharings, self._shares = self._overlaps()
        self._bases: dict[
            int, tuple[tuple[Counted, ...], list[Counted], list[int], list[Kind]]
        ] = {}
        self._pools = self._pool_masks()
        self.order = self._order()
        self._likely: frozenset[int] = frozenset()

    def prefer(self, solution: Solution) -> None:
        """Try first, from now on, the courses that a solution buys."""
        self._likely = frozenset(entry for entry, _, _ in solution.bought)

    def is_waived_below(self, node: str) -> bool:
        """Return whether a node or one above it is waived or set met."""
        return self.is_partial or any(
            self.problem.is_excepted(name) for name in self.problem.rules.path(node)
        )

    def nothing_wanted(self) -> Wanted:
        """Return the wants that ask nothing."""
        return Wanted([0] * len(self._open), list(self._open))

    def open(self, entry: int) -> int:
        """Return the leaves that may hold an entry."""
        return self._open[entry]

    def asked(self, total: Total) -> int | None:
        """Return the units that a total asks of this person."""
        return asked_of(self.problem, total)

    # ----------------------------------------------------------------- limits

    def _add_totals(self) -> None:
        for total in self.problem.rules.totals:
            if total.node not in self.scope.active:
                continue
            scope = total.scope & self.scope.leaves
            units = tuple(entry.row.units for entry in self.entries)
            courses = tuple(int(not entry.row.is_waiver) for entry in self.entries)
            required = not self.is_waived_below(total.node)
            asked = asked_of(self.problem, total)
            if asked is not None:
                self._asks[total.node] = len(self.limits)
                self.limits.append(
                    Counted(
                        Limit(scope=scope, bound=asked, is_most=False, is_required=required), units
                    )
                )
            if total.courses is not None and required:
                limit = Limit(scope=scope, bound=total.courses, is_most=False, by_part=False)
                self.limits.append(Counted(limit, courses))
            mosts = ((total.most_credits, True, units), (total.most_courses, False, courses))
            for most, by_part, amounts in mosts:
                if most is not None:
                    limit = Limit(
                        scope=scope, bound=most, is_most=True, by_part=by_part, is_required=False
                    )
                    self.limits.append(Counted(limit, amounts, name=total.node))

    def _add_measure(self, bounding: Bounding) -> None:
        measure = bounding.measure
        name = measure.header.id
        if bounding.in_tree and name not in self.scope.active:
            return
        is_most = measure.bound is Bound.AT_MOST
        above = bounding.above if bounding.in_tree else self.problem.rules.root
        if self.problem.is_excepted(name) or (not is_most and self.is_waived_below(above)):
            return
        scope = bounding.scope & self.scope.leaves
        by_credits = measure.credits is not None
        limit = Limit(
            scope=scope,
            bound=self.bound_of(bounding),
            is_most=is_most,
            by_part=by_credits,
            distinct=measure.distinct is not None,
            is_required=not is_most,
        )
        amounts = self.amounts(bounding, sure=False)
        place = bounding.index
        if measure.distinct is not None:
            self.limits.append(Counted(limit, amounts, self._values(place, amounts)))
        elif measure.per is not None:
            found = [entry.row.values[place] or frozenset() for entry in self.entries]
            for value in sorted(frozenset[str]().union(*found)):
                mine = tuple(
                    amount if value in values else 0
                    for amount, values in zip(amounts, found, strict=True)
                )
                self.limits.append(Counted(limit, mine, name=name))
        else:
            self.limits.append(Counted(limit, amounts, name=name))

    def amounts(self, bounding: Bounding, *, sure: bool) -> tuple[int, ...]:
        """Return what each entry counts; `sure`: only where it is known to be selected."""
        place = bounding.index
        in_credits = bounding.measure.credits is not None
        found = []
        for entry in self.entries:
            selected = entry.row.measured[place]
            counts = selected is True if sure else selected is not False
            found.append((entry.row.units if in_credits else 1) if counts else 0)
        return tuple(found)

    def _values(self, place: int, amounts: Sequence[int]) -> tuple[frozenset[str] | None, ...]:
        """Return the distinct values of each entry; what is not known may be a new one."""
        found: list[frozenset[str] | None] = []
        for index, (entry, amount) in enumerate(zip(self.entries, amounts, strict=True)):
            values = entry.row.values[place]
            if entry.is_new and not values:
                values = frozenset({f"?{index}"})
            found.append(values if amount else None)
        return tuple(found)

    def bound_of(self, bounding: Bounding) -> int:
        """Return the bound of a measure in units or courses."""
        measure, rules = bounding.measure, self.problem.rules
        is_most = measure.bound is Bound.AT_MOST
        if isinstance(measure.credits, Share):
            node = rules.total_above(bounding.above)
            asked = 0
            if node is not None:
                total = next(total for total in rules.totals if total.node == node)
                asked = asked_of(self.problem, total) or 0
            share = measure.credits.share * asked
            return int(share // 1) if is_most else -int(-share // 1)
        amount = measure.credits if measure.credits is not None else measure.courses
        assert amount is not None
        size = plain(amount)
        number = size.high if is_most and size.high is not None else size.low
        if measure.distinct is not None or measure.credits is None:
            return int(number) if is_most else -int(-number // 1)
        scaled: Fraction = number * rules.unit
        return int(scaled // 1) if is_most else -int(-scaled // 1)

    def _overlaps(self) -> tuple[list[Sharing], list[tuple[tuple[bool, int], ...]]]:
        rules = self.problem.rules
        sharings: list[Sharing] = []
        which: list[int] = []
        for index, rule in enumerate(rules.overlaps):
            groups = tuple(rules.members(name) & self.scope.leaves for name in rule.between)
            most = rule.at_most_courses
            if most is not None:
                sharings.append(Sharing(groups=groups, most=most, by_credits=False))
                which.append(index)
            if rule.at_most_credits is not None:
                most = int(rule.at_most_credits * rules.unit)
                sharings.append(Sharing(groups=groups, most=most, by_credits=True))
                which.append(index)
        shares = [
            tuple((entry.allows[i], entry.elsewhere[i]) for i in which) for entry in self.entries
        ]
        return sharings, shares

    # ------------------------------------------------------------------ order

    def _pool_masks(self) -> list[tuple[int, int]]:
        """Return the leaves of each pool, with the units that sharing may save in it.

        Where nothing bounds what is shared, only the first group of those that share is looked at.
        """
        rules = self.problem.rules
        dropped, saved = 0, 0
        largest = max((entry.row.units for entry in self.entries), default=0)
        for index, rule in enumerate(rules.overlaps):
            if not any(entry.allows[index] for entry in self.entries):
                continue
            named = [rules.members(name) & self.scope.leaves for name in rule.between]
            bounds = []
            if rule.at_most_courses is not None:
                bounds.append(rule.at_most_courses * largest)
            if rule.at_most_credits is not None:
                bounds.append(int(rule.at_most_credits * rules.unit))
            if bounds:
                saved += min(bounds) * max(1, len(named) - 1)
            else:
                for mask in named[1:]:
                    dropped |= mask
        pools: dict[str, int] = {}
        for leaf in self.leaves:
            name = leaf.fill.pool or ""
            pools[name] = pools.get(name, 0) | (leaf.bit & ~dropped)
        return [(mask, saved) for mask in pools.values() if mask]

    def _order(self) -> list[Place]:
        """Return the leaves, those with the least to spare first, free electives last."""
        places = [self._place(leaf) for leaf in self.leaves]

        def key(place: Place) -> tuple[bool, int, int, int]:
            leaf = place.leaf
            fitting = sum(
                len(entry.codes)
                for entry, mask in zip(self.entries, self._open, strict=True)
                if mask & leaf.bit
            )
            asked = leaf.courses or 1
            return (
                leaf.fill.rest,
                -len(leaf.above) if leaf.fill.rest else 0,
                (fitting - asked),
                leaf.index,
            )

        return sorted(places, key=key)

    def _place(self, leaf: Leaf) -> Place:
        here = [e for e, mask in zip(self.entries, self._open, strict=True) if mask & leaf.bit]
        sizes = {entry.row.units for entry in here if not entry.row.is_waiver}
        has_parts = any(entry.row.splits and not entry.is_new for entry in here)
        least, most = min(sizes, default=0), max(sizes, default=0)
        round_to = least if least == most and least and not has_parts else 1
        low = high = 0
        asks = None
        if leaf.fill.rest:
            asks = None if leaf.total_node is None else self._asks.get(leaf.total_node)
            bound = 0 if asks is None else self.limits[asks].limit.bound
            high = most + max(bound, leaf.rest_least)
            low = -(-leaf.rest_least // round_to) * round_to
        else:
            credits = -(-(leaf.credits or 0) // round_to) * round_to
            courses = leaf.courses or 0
            extra = sum(minimum.bound for minimum in leaf.minima) + sum(leaf.shape)
            low = max(credits, 0 if leaf.has_pieces else courses * least)
            high = courses * most + extra * most
            if credits:
                high += credits if round_to > 1 or least == most == 1 else credits + most - 1
            if leaf.has_pieces:
                high += sum(entry.row.units for entry in self.entries[: self.n_uses]) + 9 * most
        within = 0
        if not leaf.fill.rest:
            # free electives share with no leaf of their pool, not even by parts
            within = sum(
                other.bit
                for other in self.leaves
                if other.fill.pool == leaf.fill.pool
                and not other.fill.rest
                and other.courses is None
            )
        views = sum(
            other.bit
            for other in self.leaves
            if not (other.counts and leaf.counts) and other.fill.pool != leaf.fill.pool
        )
        return Place(
            pool=sum(o.bit for o in self.leaves if o.fill.pool == leaf.fill.pool),
            views=views,
            leaf=leaf,
            index=leaf.index,
            bit=leaf.bit,
            by=_by(leaf, here, least),
            is_optional=self.is_waived_below(leaf.id),
            low=low,
            high=high,
            round_to=round_to,
            asks=asks,
            within=within,
        )

    # ----------------------------------------------------------------- search

    def _base(self, limits: Sequence[Counted]) -> tuple[list[int], list[Kind]]:
        """Return, for each entry, the number of its kind, and the kinds (without leaves)."""
        rules = self.problem.rules
        numbers: dict[object, int] = {}
        kinds: list[Kind] = []
        found: list[int] = []
        minima = [leaf for leaf in self.leaves if leaf.minima]
        shaped = [leaf for leaf in self.leaves if leaf.shape]
        pieced = [leaf for leaf in self.leaves if leaf.has_pieces]
        n_leaves = len(rules.leaves)
        for index, entry in enumerate(self.entries):
            row = entry.row
            splits = row.splits and not entry.is_new
            amounts = tuple([counted.amounts[index] for counted in limits])
            values = tuple(
                [None if c.values is None else c.values[index] for c in limits if c.values]
            )
            counted = tuple(
                tuple(self.counts(entry, minimum) for minimum in leaf.minima) for leaf in minima
            )
            areas = tuple(row.areas[leaf.index] for leaf in shaped)
            pieces = tuple(
                tuple(
                    (course, entry.names & needed, needed)
                    for course, needed in row.pieces[leaf.index]
                )
                for leaf in pieced
            )
            shares = self._shares[index]
            key = (
                row.units,
                entry.is_new,
                index if splits else -1,
                amounts,
                values,
                counted,
                areas,
                pieces,
                shares,
                entry.allows,
                row.is_waiver,
            )
            number = numbers.get(key)
            if number is None:
                number = numbers[key] = len(kinds)
                by_leaf: list[tuple[int, ...]] = [()] * n_leaves
                for leaf, values_ in zip(minima, counted, strict=True):
                    by_leaf[leaf.index] = values_
                in_areas: list[frozenset[str]] = [frozenset()] * n_leaves
                for leaf, names in zip(shaped, areas, strict=True):
                    in_areas[leaf.index] = names
                of_pieces: list[tuple[tuple[CourseCode, frozenset[str], frozenset[str]], ...]] = [
                    ()
                ] * n_leaves
                for leaf, mine in zip(pieced, pieces, strict=True):
                    of_pieces[leaf.index] = mine
                kinds.append(
                    Kind(
                        units=row.units,
                        cost=row.units if entry.is_new else 0,
                        splits=splits,
                        together=rules.together(entry.allows),
                        amounts=amounts,
                        touches=tuple(pair for pair in enumerate(amounts) if pair[1]),
                        values=tuple(None if c.values is None else c.values[index] for c in limits),
                        minima=tuple(by_leaf),
                        areas=tuple(in_areas),
                        pieces=tuple(of_pieces),
                        shares=shares,
                        is_waiver=row.is_waiver,
                    )
                )
            found.append(number)
        return found, kinds

    @staticmethod
    def counts(entry: Entry, minimum: Minimum) -> int:
        """Return what an entry counts inside a leaf; the unknown counts towards a most alone."""
        selected = entry.row.measured[minimum.index]
        if selected is False or (selected is None and not minimum.is_most):
            return 0
        return 1 if minimum.in_courses else entry.row.units

    def search(self, wanted: Wanted, effort: Effort) -> Finder | None:
        """Return what finds a solution; None where an entry must go where it may not."""
        known = self._bases.get(len(wanted.more))
        if known is None or known[0] is not wanted.more:
            limits = [*self.limits, *wanted.more]
            known = self._bases[len(wanted.more)] = (wanted.more, limits, *self._base(limits))
        _, limits, numbers, bases = known
        groups: dict[tuple[int, int, int], list[int]] = {}
        met = wanted.met
        for index, entry in enumerate(self.entries):
            allowed, must = wanted.allowed[index], wanted.must[index]
            if met:
                allowed &= ~met | (entry.sure if entry.is_met else 0)
            if must & ~allowed:
                return None
            if allowed and wanted.most.get(index, 1):
                members = groups.setdefault((numbers[index], allowed, must), [])
                members += [index] * wanted.most.get(index, len(entry.codes))
        ordered = sorted(groups.items(), key=lambda item: self._rank(item[0], item[1], bases))
        order: Sequence[Place] = self.order
        if met:
            order = [
                replace(p, is_optional=False) if met & p.bit and p.is_optional else p for p in order
            ]
        return Finder(
            entries=self.entries,
            n_uses=self.n_uses,
            members=[entries for _, entries in ordered],
            search=Search(
                Table(
                    order=order,
                    limits=[counted.limit for counted in limits],
                    sharings=self._sharings,
                    kinds=[bases[number] for (number, _, _), _ in ordered],
                    counts=[len(entries) for _, entries in ordered],
                    opens=[allowed for (_, allowed, _), _ in ordered],
                    musts=[must for (_, _, must), _ in ordered],
                    pools=self._pools,
                ),
                effort,
            ),
        )

    def _rank(
        self, key: tuple[int, int, int], entries: list[int], bases: list[Kind]
    ) -> tuple[int, int, int, int, int]:
        """Return a key: what is on record in code order, then cheap courses of use in few leaves.

        Of these first what counts towards the most leasts.
        """
        number, allowed, _ = key
        base = bases[number]
        if entries[0] < self.n_uses:
            return 0, 0, entries[0], 0, 0
        helps = sum(
            1 if amount and not counted.limit.is_most else -1 if amount else 0
            for amount, counted in zip(base.amounts, self.limits, strict=False)
        )
        is_new = self._likely.isdisjoint(entries)
        return 1 + is_new, base.cost, allowed.bit_count(), -helps, entries[0]

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
        return finder.search.fills.is_met(place, held)

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

    def solve(self, wanted: Wanted, effort: Effort, most: int | None) -> Solution | None:
        """Return a cheapest solution that costs at most so much, None where there is none."""
        finder = self.search(wanted, effort)
        if finder is None:
            return None
        cost = finder.search.solve(most)
        return None if cost is None else finder.solution(cost)


def _by(leaf: Leaf, here: Sequence[Entry], least: int) -> By:
    """Return by which size a leaf is filled: of two sizes one may always be the stricter."""
    if leaf.minima or leaf.shape or leaf.has_pieces:
        return By.ALL
    if leaf.courses is None:
        return By.CREDITS
    if leaf.credits is None:
        return By.COURSES
    is_whole = not any(entry.row.is_waiver for entry in here)
    if is_whole and leaf.courses * least >= leaf.credits and leaf.most_credits is None:
        return By.COURSES
    return By.ALL
