"""The requirement tree: which options are taken, what leaves hold, totals and free electives."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from fractions import Fraction

from prospectus.domain.printer import print_number
from prospectus.domain.requirement import All, Any, Fill, Measure, Node, NodeId, Range
from prospectus.legality.choosing import nodes
from prospectus.legality.compiled import Compiled, plain
from prospectus.legality.expiry import has_expired
from prospectus.legality.leaf import Leaf
from prospectus.legality.store import Lit, Store, Term, negate
from prospectus.legality.uses import end_of
from prospectus.legality.variables import Variables


class Tree:
    """The literals of the degree's tree and the constraints that make every node met."""

    def __init__(self, variables: Variables) -> None:
        self.variables = variables
        self.store: Store = variables.store
        self.compiled: Compiled = variables.compiled
        self.active: dict[NodeId, Lit] = {}
        self.above: dict[NodeId, All | Any | None] = {}
        self.leaves: dict[NodeId, Leaf] = {}
        self.choices: list[tuple[Any, list[tuple[NodeId, Lit]]]] = []
        self._held: dict[object, dict[int, Lit]] = {}
        self._activate(self.compiled.tree, True, None)
        for leaf in self.leaves.values():
            self._leaf(leaf)
        self._totals()

    def _activate(self, node: Node, lit: Lit, above: All | Any | None) -> None:
        self.active[node.header.id] = lit
        self.above[node.header.id] = above
        match node:
            case All():
                for child in nodes(node):
                    self._activate(child, lit, node)
            case Any():
                self._choose(node, lit)
            case Fill():
                self.leaves[node.header.id] = Leaf(self.variables, node)
            case _:
                return

    def _choose(self, node: Any, lit: Lit) -> None:
        children = nodes(node)
        options: list[tuple[NodeId, Lit]]
        if len(children) == node.n:
            options = [(child.header.id, lit) for child in children]
        else:
            options = [(child.header.id, self.store.new_bool()) for child in children]
            terms: list[Term] = [(option, 1) for _, option in options]
            self.store.linear([*terms, (negate(lit), node.n)], node.n, node.n)
        self.choices.append((node, options))
        for child, (_, option) in zip(children, options, strict=True):
            self._activate(child, option, node)
        wanted = self.compiled.choices.get(node.header.id)
        for child_id, option in options:
            if child_id == wanted:
                self.store.clause((option,), given=(lit,))

    def _leaf(self, leaf: Leaf) -> None:
        node = leaf.fill
        active = self.active[node.header.id]
        for spot in leaf.spots:
            self.store.imply(spot.lit, active)
        if self._is_excepted(node.header.id):
            for spot in leaf.spots:
                self.store.clause((negate(spot.lit),))
            return
        guard = self.store.guard(f"node {node.header.id}", f"requirement {node.header.name}")
        given = (active, guard)
        if node.rest:
            self._rest(leaf, given)
            return
        leaf.require_met(given)
        leaf.require_within(given)
        leaf.require_minimal()

    def _is_excepted(self, node_id: NodeId) -> bool:
        """Return whether the node, or one above it, is waived or set met."""
        here: NodeId | None = node_id
        while here is not None:
            if self.compiled.selecting.is_excepted(here):
                return True
            above = self.above[here]
            here = None if above is None else above.header.id
        return False

    def _rest(self, leaf: Leaf, given: Sequence[Lit]) -> None:
        """Ask the total minus what the other leaves below it hold, within its bounds, no more."""
        total = self.enclosing_total(leaf.fill.header.id)
        within = leaf.fill.rest_within or Range(low=Fraction(0))
        if total is None and not within.low:
            for spot in leaf.spots:
                self.store.clause((negate(spot.lit),))
            return
        node, asked = total or (self.compiled.tree, Fraction(0))
        others = self.held_below(node.header.id, but=leaf.fill.header.id)
        rest = self._sum(leaf.credited())
        elsewhere = self._sum(self._credits_of(others))
        both: list[Term] = [*rest, *elsewhere]
        low = self.compiled.steps(asked)
        self.store.linear(both, low, None, given=given)
        least = self.compiled.steps(within.low)
        most = None if within.high is None else self.compiled.steps(within.high)
        if least or most is not None:
            self.store.linear(rest, least, most, given=given)
        by_weight: dict[int, list[Lit]] = defaultdict(list)
        for spot in leaf.spots:
            by_weight[self.compiled.use_steps[spot.use.index]].append(spot.lit)
        for weight, lits in by_weight.items():
            some = self.store.any_of(lits)
            if not least:
                self.store.linear(both, None, low - 1 + weight, given=(some,))
                continue
            for_total = self.store.new_bool()
            self.store.linear(both, None, low - 1 + weight, given=(some, for_total))
            self.store.linear(rest, None, least - 1 + weight, given=(some, negate(for_total)))

    def _sum(self, terms: list[Term]) -> list[Term]:
        """Return a sum as one variable, so that it can be used often."""
        if len(terms) < 3:
            return terms
        variable = self.store.new_int(0, sum(weight for _, weight in terms))
        self.store.linear([*terms, (variable, -1)], 0, 0)
        return [(variable, 1)]

    def enclosing_total(self, node_id: NodeId) -> tuple[All, Fraction] | None:
        """Return the innermost node with a total around a node, and the credits it asks.

        None where that total asks no credits, or where there is none.
        """
        here: NodeId | None = node_id
        while here is not None:
            node = self.compiled.nodes[here]
            if isinstance(node, All) and node.total is not None:
                if node.total.credits is None:
                    return None
                asked = plain(node.total.credits).low
                if node.total.less_waived:
                    asked -= self._waived(here)
                return node, max(asked, Fraction(0))
            above = self.above[here]
            here = None if above is None else above.header.id
        return None

    def _waived(self, node_id: NodeId) -> Fraction:
        """Return the credits of waived courses that counting leaves below a node would take."""
        selecting, admits = self.compiled.selecting, self.compiled.eligibility.admits
        counting = [leaf for leaf in selecting.leaves(node_id) if self.counts(leaf)]
        waived = (
            use.course
            for use in self.compiled.uses
            if use.is_waiver and use.earns and any(admits(x, use) for x in counting)
        )
        return sum((course.credits_low for course in waived if course), Fraction(0))

    def _total_words(self, node: All) -> str:
        assert node.total is not None
        root = node.header.id == self.compiled.tree.header.id
        name = "the degree" if root else node.header.name
        size = node.total.credits if node.total.credits is not None else node.total.courses
        unit = "credits" if node.total.credits is not None else "courses"
        return f"the {print_number(plain(size).low)} {unit} of {name}"

    def _totals(self) -> None:
        for node_id, active in self.active.items():
            node = self.compiled.nodes[node_id]
            if not isinstance(node, All) or node.total is None or self._is_excepted(node_id):
                continue
            held = self.held_below(node_id)
            guard = self.store.guard(f"total {node_id}", self._total_words(node))
            given = (active, guard)
            if node.total.credits is not None:
                enclosing = self.enclosing_total(node_id)
                assert enclosing is not None
                low = self.compiled.steps(enclosing[1])
                self._within_total(self._credits_of(held), low, node.total.credits, given)
                if node_id == self.compiled.tree.header.id:
                    self._plan_enough(low, given)
            if node.total.courses is not None:
                terms: list[Term] = [
                    (lit, 1)
                    for index, lit in held.items()
                    if not self.compiled.uses[index].is_waiver
                ]
                size = plain(node.total.courses)
                high = None if size.high is None else int(size.high)
                self.store.linear(terms, int(size.low), high, given=given)

    def _plan_enough(self, low: int, given: Sequence[Lit]) -> None:
        """Say that what is planned makes up the total: implied, but it bounds cost at once."""
        terms: list[Term] = []
        for term in self.variables.terms_planned():
            terms += self.variables.planned_credits(term)
        for use in self.compiled.uses:
            steps = self.compiled.use_steps[use.index]
            if use.is_candidate and not use.earns:
                terms.append((self.variables.taken[use.index], -steps))
            elif not use.is_candidate and use.earns:
                terms.append((True, steps))
        self.store.linear(terms, low, None, given=given)

    def _within_total(
        self, terms: list[Term], low: int, size: object, given: Sequence[Lit]
    ) -> None:
        assert isinstance(size, Range)
        high = None if size.high is None else self.compiled.steps_down(size.high)
        self.store.linear(terms, low, high, given=given)

    def _credits_of(self, held: dict[int, Lit]) -> list[Term]:
        steps = self.compiled.use_steps
        return [(lit, steps[index]) for index, lit in held.items()]

    def counts(self, leaf: Fill) -> bool:
        """Return whether the leaf's pool counts in the total."""
        return self.compiled.resolved.pool_counts.get(leaf.pool or "", True)

    def is_below(self, node_id: NodeId, ancestor: NodeId) -> bool:
        """Return whether a node is the ancestor or stands below it."""
        here: NodeId | None = node_id
        while here is not None:
            if here == ancestor:
                return True
            above = self.above[here]
            here = None if above is None else above.header.id
        return False

    def held_below(self, ancestor: NodeId, *, but: NodeId | None = None) -> dict[int, Lit]:
        """Return, per use, the literal that a counting leaf below a node holds it."""
        chosen = [
            leaf
            for leaf_id, leaf in self.leaves.items()
            if leaf_id != but and self.counts(leaf.fill) and self.is_below(leaf_id, ancestor)
        ]
        return self._held_by(("below", ancestor, but), chosen)

    def held_within(self, within: tuple[NodeId, ...]) -> dict[int, Lit]:
        """Return, per use, the literal that the named nodes hold it; none named: that it counts."""
        if not within:
            return self.held_below(self.compiled.tree.header.id)
        chosen = [
            leaf
            for leaf_id, leaf in self.leaves.items()
            if any(self.is_below(leaf_id, node) for node in within)
        ]
        return self._held_by(("within", within), chosen)

    def _held_by(self, key: object, leaves: list[Leaf]) -> dict[int, Lit]:
        if key not in self._held:
            by_use: dict[int, list[Lit]] = defaultdict(list)
            for leaf in leaves:
                for index, lit in leaf.by_use.items():
                    by_use[index].append(lit)
            names = tuple(leaf.fill.header.id for leaf in leaves)
            self._held[key] = {
                index: self.variables.either(("held", names, index), lits)
                for index, lits in by_use.items()
            }
        return self._held[key]

    def expire(self) -> None:
        """Let a use count only where conferral comes before it expires."""
        if self.compiled.resolved.program.record_rules.expires_months is None:
            return
        for index, lit in self._held_by("all", list(self.leaves.values())).items():
            use = self.compiled.uses[index]
            if not use.is_candidate:
                end = end_of(use.attempt, self.compiled.resolved)
                expired = has_expired(use, end, self.compiled.occupied(use), self.variables)
                self.store.clause((negate(expired),), given=(lit,))
            for start in self.variables.starts[index]:
                expired = has_expired(use, start.last, start.run.leaves, self.variables)
                self.store.clause((negate(expired),), given=(lit, start.lit))


def measures_of(tree: Tree) -> Iterable[tuple[Measure, Lit, NodeId]]:
    """Yield the measures that stand in the tree or beside it, with where their total is."""
    compiled = tree.compiled
    for node_id, active in tree.active.items():
        node = compiled.nodes[node_id]
        if isinstance(node, Measure):
            above = tree.above[node_id]
            yield node, active, node_id if above is None else above.header.id
    for rule in compiled.resolved.rules:
        if isinstance(rule, Measure):
            yield rule, True, compiled.tree.header.id
