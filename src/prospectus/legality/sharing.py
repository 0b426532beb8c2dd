"""Sharing: a use in one leaf of a pool, unless an overlap permits; limits between pools."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import combinations

from prospectus.domain.expression import Expression
from prospectus.domain.requirement import Fill, NodeId
from prospectus.domain.rule import Overlap
from prospectus.legality.facts import static
from prospectus.legality.leaf import Leaf
from prospectus.legality.store import Lit, Term
from prospectus.legality.tree import Tree
from prospectus.legality.uses import Use


class Sharing:
    """The constraints on a use that several leaves could hold."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.store = tree.store
        self.compiled = tree.compiled
        self.rules = [r for r in self.compiled.resolved.rules if isinstance(r, Overlap)]
        self.members = {
            rule.header.id: [self._members(name) for name in rule.between] for rule in self.rules
        }
        by_use: dict[int, list[Leaf]] = defaultdict(list)
        for leaf in tree.leaves.values():
            for index in leaf.by_use:
                by_use[index].append(leaf)
        shared: dict[NodeId, list[tuple[Use, Lit]]] = defaultdict(list)
        for index, leaves in by_use.items():
            self._separate(self.compiled.uses[index], leaves)
            for rule in self.rules:
                lit = self._shared(rule, self.compiled.uses[index], leaves)
                if lit is not False:
                    shared[rule.header.id].append((self.compiled.uses[index], lit))
        for rule in self.rules:
            self._cap(rule, shared[rule.header.id])

    def _members(self, name: str) -> frozenset[NodeId]:
        """Return the leaves that a name in `between` stands for: leaf, node or pool."""
        below = {leaf.header.id for leaf in self.compiled.selecting.leaves(name)}
        by_pool = {i for i, leaf in self.tree.leaves.items() if leaf.fill.pool == name}
        return frozenset(by_pool | (below & set(self.tree.leaves)))

    def _separate(self, use: Use, leaves: list[Leaf]) -> None:
        """Keep a use out of every two leaves that may not share it."""
        pools: dict[str, list[Leaf]] = defaultdict(list)
        for leaf in leaves:
            pools[leaf.fill.pool or ""].append(leaf)
        for mine in pools.values():
            pairs = list(combinations(mine, 2))
            barred = [pair for pair in pairs if not self._may_share(*pair, use)]
            self._bar(use, mine, pairs, barred)
        for one, other in combinations(leaves, 2):
            if one.fill.pool != other.fill.pool and not self._may_share(one, other, use):
                self.store.at_most_one((one.by_use[use.index], other.by_use[use.index]))

    def _bar(
        self,
        use: Use,
        mine: list[Leaf],
        pairs: list[tuple[Leaf, Leaf]],
        barred: list[tuple[Leaf, Leaf]],
    ) -> None:
        if len(barred) == len(pairs):
            self.store.at_most_one(leaf.by_use[use.index] for leaf in mine)
            return
        for one, other in barred:
            self.store.at_most_one((one.by_use[use.index], other.by_use[use.index]))

    def _may_share(self, one: Leaf, other: Leaf, use: Use) -> bool:
        first, second = one.fill, other.fill
        naming = [rule for rule in self.rules if self._names(rule, first, second)]
        allowing = any(self._allows(rule, use) for rule in naming)
        if first.pool == second.pool:
            return allowing and not (first.rest or second.rest)
        if first.rest or second.rest:
            both = self.tree.counts(first) and self.tree.counts(second)
            if (first.rest and self.tree.counts(second)) or (
                second.rest and self.tree.counts(first)
            ):
                return not both
        return allowing or not naming

    def _names(self, rule: Overlap, one: Fill, other: Fill) -> bool:
        groups = self.members[rule.header.id]
        return any(
            (one.header.id in first and other.header.id in second)
            or (one.header.id in second and other.header.id in first)
            for first, second in combinations(groups, 2)
        )

    def _allows(self, rule: Overlap, use: Use) -> bool:
        occupied = self.compiled.occupied(use)
        if self.compiled.selecting.matches(rule.of, use, occupied) is not True:
            return False
        return rule.condition is None or self._holds(rule.condition)

    def _holds(self, condition: Expression) -> bool:
        """Return whether the person's side of an overlap holds; it never looks at the plan."""
        return static(condition, self.compiled.resolved.person) is True

    def _shared(self, rule: Overlap, use: Use, leaves: list[Leaf]) -> Lit:
        """Return the literal that two leaves named by the rule share the use."""
        awards = bool(use.attempt.counted_in & set(rule.between))
        if awards:
            if self._allows(rule, use):
                return self.store.any_of([leaf.by_use[use.index] for leaf in leaves])
            for leaf in leaves:
                self.store.clause((), given=(leaf.by_use[use.index],))
            return False
        if not self._allows(rule, use):
            return False
        both = [
            self.store.all_of([one.by_use[use.index], other.by_use[use.index]])
            for one, other in combinations(leaves, 2)
            if self._names(rule, one.fill, other.fill)
        ]
        return self.store.any_of(both)

    def _cap(self, rule: Overlap, shared: Iterable[tuple[Use, Lit]]) -> None:
        guard = self.store.guard(f"rule {rule.header.id}", f"rule {rule.header.name} on sharing")
        uses = list(shared)
        if rule.at_most_courses is not None:
            counted: list[Term] = [(lit, 1) for _, lit in uses]
            self.store.linear(counted, None, rule.at_most_courses, given=(guard,))
        if rule.at_most_credits is not None:
            credits: list[Term] = [(lit, self.compiled.steps(u.credits)) for u, lit in uses]
            most = self.compiled.steps_down(rule.at_most_credits)
            self.store.linear(credits, None, most, given=(guard,))
