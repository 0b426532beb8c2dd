"""Measures: bounds on credits, courses or distinct values of what nodes or the degree hold."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

from prospectus.domain.requirement import All, Any, Bound, Measure, Node, NodeId, Over, Share
from prospectus.planning.verifying.facts import Piece
from prospectus.planning.verifying.option import Option
from prospectus.planning.verifying.program import Sum
from prospectus.planning.verifying.tree import Tree, plain


class Measures:
    """The rows of the measures in the tree and beside it."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        for node in tree.nodes():
            if isinstance(node, Measure):
                here = node.header.id
                self._measure(node, tree.above.get(here, here))
        for rule in tree.facts.resolved.rules:
            if isinstance(rule, Measure):
                self._measure(rule, tree.facts.tree.header.id)

    def of_leaf(self, measure: Measure, leaf: NodeId, number: int) -> Sum:
        """Return what a measure counts of an option in a leaf: 1 where it is whole."""
        if measure.courses is None and (leaf, number) in self.tree.parts:
            return Sum().plus(
                self.tree.credits_in(leaf, number), 1 / self.tree.options[number].credits
            )
        return Sum().add(self.tree.held[leaf][number])

    def _measure(self, measure: Measure, above: NodeId) -> None:
        if measure.over is Over.ATTEMPTED:
            self.tree.left_out.add(str(measure.header.id))
            return
        if self.tree.facts.is_excepted(str(measure.header.id)):
            return
        if measure.within:
            leaves = {
                leaf for node in measure.within for leaf in self.tree.below(node, counting=False)
            }
        else:
            leaves = set(self.tree.below(self.tree.facts.tree.header.id, counting=True))
        node = measure.header.id if measure.header.id in self.tree.active else above
        each = self.tree.together(frozenset(leaves), in_credits=measure.courses is None)
        self.bounded(measure, each, node, self._share_of(above))

    def _share_of(self, node: NodeId) -> Fraction:
        """Return the credits of the innermost total that encloses a node."""
        path = set(self.tree.path(node))
        found = Fraction(0)
        stack: list[Node] = [self.tree.facts.tree]
        while stack:
            item = stack.pop()
            if isinstance(item, All | Any) and str(item.header.id) in path:
                if isinstance(item, All) and item.total is not None:
                    has = item.total.credits is not None
                    found = self.tree.total_credits(item) if has else Fraction(0)
                stack = [child for child in item.children if isinstance(child, Node)]
        return found

    def bounded(
        self, measure: Measure, each: dict[int, Sum], node: NodeId, total: Fraction
    ) -> None:
        """Keep a measure of what is held; `each` says what of an option is."""
        is_most = measure.bound is Bound.AT_MOST
        if isinstance(measure.credits, Share):
            bound = measure.credits.share * total
        else:
            size = plain(measure.credits if measure.credits is not None else measure.courses)
            bound = size.high if is_most and size.high is not None else size.low
        active = self.tree.active[node]
        if not is_most and node in self.tree.excused:
            return
        seen = {
            number: state
            for number, state in each.items()
            if self._is_seen(measure, self.tree.options[number], is_most=is_most)
        }
        if measure.distinct is not None:
            self._distinct(measure, seen, active, bound, is_most=is_most)
            return
        groups: dict[str, Sum] = defaultdict(Sum)
        for number, state in seen.items():
            weight = self.tree.options[number].credits if measure.courses is None else Fraction(1)
            for name in self._groups(measure, self.tree.options[number]):
                groups[name].plus(state, weight)
        if measure.per is not None and not is_most:
            self.tree.left_out.add(str(measure.header.id))
            return
        if measure.per is None and not groups:
            groups[""] = Sum()
        for have in groups.values():
            if is_most:
                # a cap binds while its node is active; what else is held may exceed it
                room = max(Fraction(0), self.tree.program.most(have) - bound)
                free = Sum(constant=Fraction(1)).plus(active, -1)
                self.tree.program.keep(Sum().plus(have).plus(free, -room), high=bound)
            else:
                self.tree.program.keep(Sum().plus(have).plus(active, -bound), low=0)

    def _is_seen(self, measure: Measure, option: Option, *, is_most: bool) -> bool:
        if option.is_waiver and not self.tree.facts.sees_waivers(measure.of):
            return False
        answers = [self.tree.facts.matches(measure.of, piece) for piece in option.pieces]
        if is_most:
            if all(answer is not False for answer in answers):
                return True
            if any(answer is not False for answer in answers):
                self.tree.left_out.add(f"{measure.header.id}, where it depends on the period")
            return False
        seen = [answer is True for answer in answers]
        if any(seen) and not all(seen):
            self.tree.left_out.add(f"{measure.header.id}, where it depends on the period")
        return any(seen)

    def _groups(self, measure: Measure, option: Option) -> frozenset[str]:
        if measure.per is None:
            return frozenset({""})
        return frozenset().union(*(self.tree.facts.values(measure.per, p) for p in option.pieces))

    def _distinct(
        self, measure: Measure, seen: dict[int, Sum], active: Sum, bound: Fraction, *, is_most: bool
    ) -> None:
        if is_most or measure.distinct is None:
            self.tree.left_out.add(str(measure.header.id))
            return
        self.tree.left_out.add(f"{measure.header.id}: whether what is taken is held")
        by_value: dict[str, Sum] = defaultdict(Sum)
        for number, state in seen.items():
            for piece in self.tree.options[number].pieces:
                for value in self.tree.facts.values(measure.distinct, piece):
                    by_value[value].plus(self._in_run(piece, state))
        total = Sum()
        for have in by_value.values():
            value_seen = self.tree.program.column()
            self.tree.program.under(value_seen, have)
            total.add(value_seen)
        self.tree.program.keep(total.plus(active, -bound), low=0)

    def _in_run(self, piece: Piece, state: Sum) -> Sum:
        """Return a sum that is positive where a piece is held: whether it is taken."""
        column = self.tree.taken.get(piece.index)
        return Sum().plus(state) if column is None else Sum().add(column)
