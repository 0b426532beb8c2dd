"""Sharing: a use in one leaf of a pool, unless an overlap permits; limits between pools."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations

from prospectus.domain.requirement import Fill, NodeId
from prospectus.domain.rule import Overlap
from prospectus.planning.verifying.option import Option
from prospectus.planning.verifying.program import Sum
from prospectus.planning.verifying.tree import Tree


class Sharing:
    """The rows that keep a use from being held twice."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self._share()

    def _share(self) -> None:
        """Keep a use in one leaf of a pool, and out of counting leaves where `rest` holds it."""
        overlaps = [rule for rule in self.tree.facts.resolved.rules if isinstance(rule, Overlap)]
        groups = {
            rule.header.id: [self._members(name) for name in rule.between] for rule in overlaps
        }
        shared: dict[NodeId, dict[int, int]] = defaultdict(dict)
        by_use: dict[str, list[int]] = defaultdict(list)
        for number, option in enumerate(self.tree.options):
            by_use[option.use].append(number)
        for numbers in by_use.values():
            places = [
                (leaf, number)
                for leaf in self.tree.leaves
                for number in numbers
                if number in self.tree.held[leaf.header.id]
            ]
            free = {
                (a, b)
                for a, b in combinations(range(len(places)), 2)
                if self._may_share(places[a], places[b], overlaps, groups, shared)
            }
            self._exclusive(places, free)
            for number in numbers:
                self._parts_within(number)
        for rule in overlaps:
            self._cap_shared(rule, shared[rule.header.id])

    def _exclusive(self, places: list[tuple[Fill, int]], free: set[tuple[int, int]]) -> None:
        """Keep at most one of the places that may not be shared: by groups, then by pairs."""
        columns = [self.tree.held[leaf.header.id][number] for leaf, number in places]
        groups: list[list[int]] = []
        for place in range(len(columns)):
            fitting = (g for g in groups if all((other, place) not in free for other in g))
            group = next(fitting, None)
            if group is None:
                groups.append([place])
            else:
                group.append(place)
        covered: set[tuple[int, int]] = set()
        for group in groups:
            covered |= set(combinations(group, 2))
            if len(group) > 1:
                self.tree.program.keep(Sum.of(columns[place] for place in group), high=1)
        for a, b in combinations(range(len(columns)), 2):
            if (a, b) not in free and (a, b) not in covered:
                self.tree.program.keep(Sum.of((columns[a], columns[b])), high=1)

    def _may_share(
        self,
        one: tuple[Fill, int],
        other: tuple[Fill, int],
        overlaps: list[Overlap],
        groups: dict[NodeId, list[frozenset[NodeId]]],
        shared: dict[NodeId, dict[int, int]],
    ) -> bool:
        """Return whether two leaves may hold one use; what an overlap counts is noted."""
        (a, first), (b, second) = one, other
        if a.header.id == b.header.id:
            return False
        in_one_pool = a.pool == b.pool
        if (a.rest or b.rest) and (in_one_pool or (self.tree.counts(a) and self.tree.counts(b))):
            return False
        if not in_one_pool and (a.rest or b.rest):
            return True
        option = self.tree.options[first]
        naming = [rule for rule in overlaps if _names(groups[rule.header.id], a, b)]
        allowing = [rule for rule in naming if self._allows(rule, option)]
        if first == second:
            for rule in allowing:
                both = shared[rule.header.id].setdefault(first, self.tree.program.column())
                total = Sum.of(
                    (self.tree.held[a.header.id][first], self.tree.held[b.header.id][first])
                )
                self.tree.program.keep(total.add(both, -1), high=1)
            parts = (a.header.id, first) in self.tree.parts and (
                b.header.id,
                first,
            ) in self.tree.parts
            if in_one_pool and parts:
                return True
        elif allowing or not in_one_pool:
            # two tries at one course: which of them stands is not followed
            return True
        return bool(allowing) or (not in_one_pool and not naming)

    def _allows(self, rule: Overlap, option: Option) -> bool:
        if rule.condition is not None:
            # it may hold: taking it as kept leaves more open
            self.tree.left_out.add(f"{rule.header.id}: its condition")
        return any(self.tree.facts.matches(rule.of, piece) is True for piece in option.pieces)

    def _members(self, name: str) -> frozenset[NodeId]:
        return frozenset(
            leaf.header.id
            for leaf in self.tree.leaves
            if leaf.pool == name or name in self.tree.path(leaf.header.id)
        )

    def _parts_within(self, number: int) -> None:
        """Keep the parts of a split use, in the leaves of a pool, within its credits."""
        option = self.tree.options[number]
        by_pool: dict[str | None, Sum] = defaultdict(Sum)
        for leaf in self.tree.leaves:
            if number in self.tree.held[leaf.header.id] and option.is_splittable:
                by_pool[leaf.pool].plus(self.tree.credits_in(leaf.header.id, number))
        if any(isinstance(rule, Overlap) for rule in self.tree.facts.resolved.rules):
            return
        for total in by_pool.values():
            most = option.taken_in(option.pieces, self.tree.taken)
            self.tree.program.keep(Sum().plus(most, option.credits).plus(total, -1), low=0)

    def _cap_shared(self, rule: Overlap, shared: dict[int, int]) -> None:
        if rule.at_most_courses is not None:
            self.tree.program.keep(Sum.of(shared.values()), high=rule.at_most_courses)
        if rule.at_most_credits is not None:
            total = Sum()
            for number, column in shared.items():
                total.add(column, self.tree.options[number].credits)
            self.tree.program.keep(total, high=rule.at_most_credits)


def _names(groups: list[frozenset[NodeId]], one: Fill, other: Fill) -> bool:
    return any(
        one.header.id in first and other.header.id in second
        for place, first in enumerate(groups)
        for at, second in enumerate(groups)
        if at != place
    )
