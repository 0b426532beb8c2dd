"""The requirement tree: chosen children, and which leaf holds which piece."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction

from prospectus.domain.requirement import All, Any, Fill, Node, NodeId, Range
from prospectus.planning.verifying.facts import Facts
from prospectus.planning.verifying.option import Option, options_of
from prospectus.planning.verifying.program import Program, Sum


class Tree:
    """The columns of one tree: children chosen, pieces held; `left_out` names rules not kept.

    `held[leaf][n]` is 1 where a leaf holds the n-th option, `parts` its credits where it may be
    split; `active` says which nodes bind, `excused` which are waived.
    """

    def __init__(
        self, facts: Facts, program: Program, taken: dict[int, int], left_out: set[str]
    ) -> None:
        self.facts = facts
        self.program = program
        self.taken = taken
        self.left_out = left_out
        self.options = options_of(facts, taken)
        self.active: dict[NodeId, Sum] = {}
        self.leaves: list[Fill] = []
        self.above: dict[NodeId, NodeId] = {}
        self.excused: set[NodeId] = set()
        self.held: dict[NodeId, dict[int, int]] = defaultdict(dict)
        self.parts: dict[tuple[NodeId, int], int] = {}
        self._together: dict[tuple[frozenset[NodeId], bool], dict[int, Sum]] = {}
        root = facts.tree
        self._open(root, Sum(constant=Fraction(1)), excused=False)
        for leaf in self.leaves:
            self._hold(leaf)

    def _open(self, node: Node, active: Sum, *, excused: bool) -> None:
        """Open a node: exactly n children of an `any` are chosen, every child of an `all`."""
        here = node.header.id
        self.active[here] = active
        excused = excused or self.facts.is_excepted(str(here))
        if excused:
            self.excused.add(here)
        if isinstance(node, Fill):
            self.leaves.append(node)
        if not isinstance(node, All | Any):
            return
        children = [child for child in node.children if isinstance(child, Node)]
        states = [active] * len(children)
        if isinstance(node, Any) and node.n < len(children):
            states = [Sum().add(self.program.column()) for _ in children]
            total = Sum().plus(active, -node.n)
            for state in states:
                total.plus(state)
                self.program.keep(Sum().plus(active).plus(state, -1), low=0)
            self.program.keep(total, low=0, high=0)
        for child, state in zip(children, states, strict=True):
            self.above[child.header.id] = here
            self._open(child, state, excused=excused)

    def _hold(self, leaf: Fill) -> None:
        """Open a column for each option that the leaf admits in some run."""
        here = leaf.header.id
        for number, option in enumerate(self.options):
            fitting = [p for p in option.pieces if self.facts.admits(leaf, p) is True]
            if not fitting:
                continue
            column = self.held[here][number] = self.program.column()
            self.program.under(column, option.taken_in(fitting, self.taken))
            if self.active[here].factors:
                self.program.under(column, self.active[here])
            if option.is_splittable and option.credits and _takes_parts(leaf):
                part = self.program.column(0, int(option.credits) + 1, is_whole=False)
                self.left_out.add("how the credits of a course are divided")
                self.parts[here, number] = part
                self.program.keep(Sum().add(column, option.credits).add(part, -1), low=0)

    def credits_in(self, leaf: NodeId, number: int) -> Sum:
        """Return the credits of an option that a leaf holds."""
        part = self.parts.get((leaf, number))
        if part is not None:
            return Sum().add(part)
        return Sum().add(self.held[leaf][number], self.options[number].credits)

    def counts(self, leaf: Fill) -> bool:
        """Return whether what a leaf holds counts in totals."""
        return self.facts.resolved.pool_counts.get(leaf.pool or "", True)

    def path(self, node: NodeId) -> Iterator[str]:
        """Yield the ids of a node and of all above it."""
        here: NodeId | None = node
        while here is not None:
            yield str(here)
            here = self.above.get(here)

    def total_above(self, leaf: NodeId) -> tuple[NodeId, Fraction | None]:
        """Return the innermost node with a total above a leaf, and its credits without waivers."""
        by_id = {node.header.id: node for node in self.nodes()}
        here: NodeId | None = leaf
        while here is not None:
            node = by_id[here]
            if isinstance(node, All) and node.total is not None:
                size = node.total.credits
                return here, None if size is None else plain(size).low
            here = self.above.get(here)
        return self.facts.tree.header.id, None

    def nodes(self) -> Iterator[Node]:
        """Yield every node of the tree."""
        stack: list[Node] = [self.facts.tree]
        while stack:
            node = stack.pop()
            yield node
            if isinstance(node, All | Any):
                stack.extend(child for child in node.children if isinstance(child, Node))

    def within(self, total: Sum, size: Range, node: NodeId) -> None:
        """Keep a size of a node: its least where it binds, its most always."""
        if node not in self.excused:
            self.program.keep(Sum().plus(total).plus(self.active[node], -size.low), low=0)
        if size.high is not None:
            self.program.keep(total, high=size.high)

    def total_credits(self, node: All) -> Fraction:
        """Return the credits that a total asks, waivers taken off."""
        assert node.total is not None
        asked = plain(node.total.credits).low
        if node.total.less_waived:
            asked -= self.facts.waived(str(node.header.id))
        return max(asked, Fraction(0))

    def below(self, node: NodeId, *, counting: bool) -> Iterator[NodeId]:
        """Yield the leaves at or below a node."""
        for leaf in self.leaves:
            if str(node) in self.path(leaf.header.id) and (not counting or self.counts(leaf)):
                yield leaf.header.id

    def together(self, leaves: frozenset[NodeId], *, in_credits: bool) -> dict[int, Sum]:
        """Return for each option what of it some leaves hold, once; 1 where it is whole."""
        if (leaves, in_credits) in self._together:
            return self._together[leaves, in_credits]
        found: dict[int, Sum] = {}
        for number, option in enumerate(self.options):
            mine = [leaf for leaf in sorted(leaves) if number in self.held[leaf]]
            if not mine:
                continue
            if in_credits and any((leaf, number) in self.parts for leaf in mine):
                found[number] = self._merged(option, number, mine)
                continue
            columns = [self.held[leaf][number] for leaf in mine]
            if len(columns) == 1:
                found[number] = Sum.of(columns)
                continue
            once = self.program.column()
            self.program.under(once, Sum.of(columns))
            for column in columns:
                self.program.keep(Sum().add(once).add(column, -1), low=0)
            found[number] = Sum().add(once)
        self._together[leaves, in_credits] = found
        return found

    def _merged(self, option: Option, number: int, leaves: list[NodeId]) -> Sum:
        """Return the share of a split use that leaves hold: no more than its parts, or than 1."""
        total = Sum()
        for leaf in leaves:
            total.plus(self.credits_in(leaf, number), 1 / option.credits)
        if len(leaves) == 1:
            return total
        share = self.program.column(is_whole=False)
        self.program.under(share, total)
        return Sum().add(share)


def plain(amount: object) -> Range:
    """Return a resolved size."""
    assert isinstance(amount, Range), "sizes are resolved before they are verified"
    return amount


def _takes_parts(leaf: Fill) -> bool:
    return leaf.courses is None and (leaf.areas is None or leaf.areas.in_credits)
