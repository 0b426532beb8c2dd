"""One allocation of a tree used as a condition: what its leaves hold in a pool of its own."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import lcm

from prospectus.domain.expression import Selector
from prospectus.domain.requirement import (
    All,
    Any,
    Bound,
    Fill,
    Gpa,
    Header,
    Measure,
    Milestone,
    Node,
    NodeId,
    Over,
    Range,
)
from prospectus.legality.choosing import nodes
from prospectus.legality.compiled import plain
from prospectus.legality.counting import limits_of, require_measure
from prospectus.legality.leaf import Leaf, Spot
from prospectus.legality.selecting import walk
from prospectus.legality.store import Lit, Term
from prospectus.legality.uses import Use
from prospectus.legality.variables import Variables


class Allocation:
    """The literals of what each leaf below a node holds, and that they meet it (`met`).

    `held` are the uses with the literals that they are held. Means over what was attempted, and
    milestones, hang on the day: they stand in `attempted` and `milestones` with the literal under
    which they bind; `is_certain` is False where a mean is judged by grades still to come.
    """

    def __init__(self, variables: Variables, root: Node) -> None:
        self.variables = variables
        self.store = variables.store
        self.compiled = variables.compiled
        self.root = root
        self.met = self.store.new_bool()
        self.leaves: list[Leaf] = []
        self.held: list[tuple[Use, Lit]] = []
        self.attempted: list[tuple[Gpa, Lit]] = []
        self.milestones: list[tuple[Milestone, Lit]] = []
        self.is_certain = True
        self._looking: list[tuple[All | Measure | Gpa, Fraction | None, Lit]] = []
        self._require(root, self.met, None)
        for node, total, met in self._looking:
            self._look(node, total, met)
        self._hold_once()

    def spots(self) -> Iterable[tuple[Fill, Spot]]:
        """Yield every spot with its leaf."""
        for leaf in self.leaves:
            for spot in leaf.spots:
                yield leaf.fill, spot

    def _hold_once(self) -> None:
        by_use: dict[int, list[Lit]] = {}
        for _, spot in self.spots():
            by_use.setdefault(spot.use.index, []).append(spot.lit)
        for index, lits in by_use.items():
            self.store.at_most_one(lits)
            self.held.append((self.compiled.uses[index], self.store.any_of(lits)))

    def _require(self, node: Node, met: Lit, total: Fraction | None) -> None:
        """Require a node where `met` holds; `total` are the credits of the total around it."""
        if self.compiled.selecting.is_excepted(node.header.id):
            return
        match node:
            case Fill():
                self._fill(node, met, total)
            case All():
                if node.total is not None:
                    self._looking.append((node, total, met))
                    if node.total.credits is not None:
                        total = plain(node.total.credits).low
                for child in nodes(node):
                    self._require(child, met, total)
            case Any():
                options = [(self.store.new_bool(), child) for child in nodes(node)]
                self.store.linear([(lit, 1) for lit, _ in options], node.n, None, given=(met,))
                for lit, child in options:
                    self._require(child, lit, total)
            case Measure():
                self._looking.append((node, total, met))
            case Gpa():
                self.is_certain = False
                if node.over is Over.ATTEMPTED:
                    self.attempted.append((node, met))
                else:
                    self._looking.append((node, total, met))
            case Milestone():
                self.milestones.append((node, met))

    def _fill(self, fill: Fill, met: Lit, total: Fraction | None) -> None:
        leaf = Leaf(self.variables, fill, with_exceptions=False)
        self.leaves.append(leaf)
        for spot in leaf.spots:
            self.store.imply(spot.lit, met)
        if not fill.rest:
            leaf.require_met((met,))
        elif total is None:
            self.store.clause((), given=(met,))
        elif fill.rest_within is not None:
            low = self.compiled.steps(fill.rest_within.low)
            self.store.linear(leaf.credited(), low, None, given=(met,))

    def _below(self, within: tuple[NodeId, ...]) -> list[Leaf]:
        """Return the leaves below the named nodes; none named: all of them."""
        if not within:
            return self.leaves
        names = {
            below.header.id
            for node in walk(self.root)
            if node.header.id in within
            for below in walk(node)
        }
        return [leaf for leaf in self.leaves if leaf.fill.header.id in names]

    def _look(self, node: All | Measure | Gpa, total: Fraction | None, met: Lit) -> None:
        match node:
            case All():
                self._total(node, met)
            case Measure():
                found = [leaf.measured(node) for leaf in self._below(node.within)]
                counted = [(use, lit) for held in found for _, use, lit in held]
                limits = limits_of(self.compiled, node, total or Fraction(0))
                require_measure(self.variables, node, counted, limits, (met,))
            case Gpa():
                every = matching(node.of)
                found = [leaf.measured(every) for leaf in self._below(node.within)]
                counted = [(use, lit) for held in found for _, use, lit in held]
                self.store.linear(self.mean(node, counted), 0, None, given=(met,))

    def _total(self, node: All, met: Lit) -> None:
        assert node.total is not None
        held = [spot for leaf in self._below((node.header.id,)) for spot in leaf.spots]
        if node.total.credits is not None:
            terms = [(spot.lit, self.compiled.steps(spot.use.credits)) for spot in held]
            low = self.compiled.steps(plain(node.total.credits).low)
            self.store.linear(terms, low, None, given=(met,))
        if node.total.courses is not None:
            counted: list[Term] = [(s.lit, 1) for s in held if not s.use.is_waiver]
            self.store.linear(counted, int(plain(node.total.courses).low), None, given=(met,))

    def mean(self, rule: Gpa, counted: Iterable[tuple[Use, Lit]]) -> list[Term]:
        """Return a sum that is not negative where the best grades to come reach the mean."""
        scale = self.compiled.resolved.scale
        points = [grade.points for grade in scale.grades if grade.points is not None]
        sign = -1 if len(points) > 1 and points[0] < points[-1] else 1
        weights: list[tuple[Lit, Fraction]] = []
        for use, lit in counted:
            attempt = use.attempt
            name = scale.grades[0].name if attempt.is_open else attempt.grade
            grade = None if name is None else scale.get(name)
            if grade is not None and grade.points is not None and grade.in_mean:
                weights.append((lit, sign * (grade.points - rule.at_least) * use.credits))
        unit = lcm(*(weight.denominator for _, weight in weights))
        return [(lit, int(weight * unit)) for lit, weight in weights]


def matching(selector: Selector) -> Measure:
    """Return a measure that counts what a selector selects for certain."""
    header = Header(id=NodeId(""))
    return Measure(header=header, bound=Bound.AT_LEAST, of=selector, credits=Range(low=Fraction(0)))
