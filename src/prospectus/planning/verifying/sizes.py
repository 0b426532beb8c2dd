"""Sizes: what leaves and totals ask, and that a leaf holds nothing that could be taken away."""

from __future__ import annotations

from fractions import Fraction
from math import lcm

from prospectus.domain.requirement import All, Areas, Bound, Fill, Range
from prospectus.planning.verifying.measures import Measures
from prospectus.planning.verifying.program import Sum
from prospectus.planning.verifying.tree import Tree, plain


class Sizes:
    """The rows of the sizes of leaves, of their areas, and of totals."""

    def __init__(self, tree: Tree, measures: Measures) -> None:
        self.tree = tree
        self.measures = measures
        self._rests: list[Fill] = []
        for leaf in tree.leaves:
            self._size(leaf)
        for leaf in self._rests:
            self._rest_needs_each(leaf)
        for node in tree.nodes():
            if isinstance(node, All) and node.total is not None:
                self._total(node)

    def _size(self, leaf: Fill) -> None:
        """Keep the least and the most of a leaf, its areas and the measures of what it holds."""
        here = leaf.header.id
        held = self.tree.held[here]
        credits, courses = Sum(), Sum.of(held.values())
        for number in held:
            credits.plus(self.tree.credits_in(here, number))
        if leaf.rest_within is not None:
            self.tree.within(credits, leaf.rest_within, here)
        if leaf.credits is not None:
            self.tree.within(credits, plain(leaf.credits), here)
        if leaf.courses is not None:
            if self.tree.facts.resolved.school.equivalents:
                self.tree.left_out.add(f"{here}: courses that stand for others")
            else:
                self.tree.within(courses, plain(leaf.courses), here)
        if leaf.areas is not None:
            self._areas(leaf, leaf.areas)
        for measure in leaf.with_:
            each = {number: self.measures.of_leaf(measure, here, number) for number in held}
            self.measures.bounded(measure, each, here, Fraction(0))
        self._spare_nothing(leaf, credits, courses)

    def _spare_nothing(self, leaf: Fill, credits: Sum, courses: Sum) -> None:
        """Keep a leaf from holding what could be taken away, where it asks for one thing only."""
        here = leaf.header.id
        is_odd = bool(leaf.areas) or any(m.bound is Bound.AT_LEAST for m in leaf.with_)
        is_odd |= leaf.credits is not None and leaf.courses is not None
        is_odd |= here in self.tree.excused or bool(self.tree.facts.resolved.school.equivalents)
        if is_odd or any((here, number) in self.tree.parts for number in self.tree.held[here]):
            self.tree.left_out.add(f"that nothing could be taken away from {here}")
            return
        if leaf.courses is not None:
            self.tree.program.keep(courses, high=plain(leaf.courses).low)
            return
        if leaf.rest:
            self._rests.append(leaf)
            return
        self._needs_each(leaf, credits, plain(leaf.credits).low)

    def _rest_needs_each(self, leaf: Fill) -> None:
        """Keep free electives from holding what the total does not need."""
        here = leaf.header.id
        node, total = self.tree.total_above(here)
        if leaf.rest_within is not None or total is None:
            self.tree.left_out.add(f"that nothing could be taken away from {here}")
            return
        credits = Sum()
        others = frozenset(other for other in self.tree.below(node, counting=True) if other != here)
        for number, state in self.tree.together(others, in_credits=True).items():
            credits.plus(state, self.tree.options[number].credits)
        for number in self.tree.held[here]:
            credits.plus(self.tree.credits_in(here, number))
        self._needs_each(leaf, credits, total)

    def _needs_each(self, leaf: Fill, credits: Sum, low: Fraction) -> None:
        """Keep a leaf from reaching a size without one of those that it holds."""
        here = leaf.header.id
        step = Fraction(
            1, lcm(low.denominator, *(o.credits.denominator for o in self.tree.options))
        )
        most = self.tree.program.most(credits)
        for number, column in self.tree.held[here].items():
            room = max(Fraction(0), most - low)
            mine = min(self.tree.options[number].credits - step, room)
            # without this one it holds less than it asks
            self.tree.program.keep(Sum().plus(credits).add(column, room - mine), high=low + room)

    def _areas(self, leaf: Fill, areas: Areas) -> None:
        """Keep the shape: the k-th count is reached by an area of its own."""
        here = leaf.header.id
        if here in self.tree.excused:
            return
        served: dict[str, Sum] = {name: Sum() for name, _ in areas.areas}
        for number, column in self.tree.held[here].items():
            mine = Sum()
            for name, selector in areas.areas:
                pieces = self.tree.options[number].pieces
                answers = [self.tree.facts.matches(selector, piece) is True for piece in pieces]
                if any(answers) and not all(answers):
                    self.tree.left_out.add(f"{here}: areas that depend on the period")
                if any(answers):
                    serves = self.tree.program.column()
                    mine.add(serves)
                    weight = self.tree.options[number].credits if areas.in_credits else 1
                    served[name].add(serves, weight)
            self.tree.program.keep(Sum().add(column).plus(mine, -1), low=0)
        chosen: dict[str, Sum] = {name: Sum() for name in served}
        for count in areas.shape:
            one = Sum()
            for name, have in served.items():
                reaches = self.tree.program.column()
                one.add(reaches)
                chosen[name].add(reaches)
                self.tree.program.keep(Sum().plus(have).add(reaches, -count), low=0)
            self.tree.program.keep(Sum().plus(one).plus(self.tree.active[here], -1), low=0)
        for total in chosen.values():
            self.tree.program.keep(total, high=1)

    def _total(self, node: All) -> None:
        assert node.total is not None
        here = node.header.id
        leaves = frozenset(self.tree.below(here, counting=True))
        credits, courses = Sum(), Sum()
        for number, state in self.tree.together(leaves, in_credits=True).items():
            credits.plus(state, self.tree.options[number].credits)
        for number, state in self.tree.together(leaves, in_credits=False).items():
            if not self.tree.options[number].is_waiver:
                courses.plus(state)
        if node.total.credits is not None:
            size = plain(node.total.credits)
            asked = self.tree.total_credits(node)
            self.tree.within(credits, Range(low=asked, high=None), here)
            if size.high is not None:
                self.tree.program.keep(credits, high=size.high)
        if node.total.courses is not None:
            self.tree.within(courses, plain(node.total.courses), here)
