"""Measures: bounds on what counts, on what a node holds, or on everything attempted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from prospectus.domain.requirement import Bound, Measure, NodeId, Over, Range, Share
from prospectus.legality.counting import limits_of, require_measure
from prospectus.legality.selecting import Tri
from prospectus.legality.store import Lit
from prospectus.legality.tree import Tree, measures_of
from prospectus.legality.uses import Use, leaves_of


class Measures:
    """The constraints of all measures of a tree."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.store = tree.store
        self.compiled = tree.compiled
        self.variables = tree.variables
        for measure, active, above in measures_of(tree):
            if self.compiled.selecting.is_excepted(measure.header.id):
                continue
            guard = self.store.guard(f"rule {measure.header.id}", _words(measure))
            if measure.over is Over.ATTEMPTED:
                self._attempted(measure, above, (active, guard))
            else:
                self._applied(measure, above, (active, guard))

    def _applied(self, measure: Measure, above: NodeId, given: Sequence[Lit]) -> None:
        held = self.tree.held_within(measure.within)
        self._bound(measure, above, self._counted(measure, held), given)

    def _attempted(self, measure: Measure, above: NodeId, given: Sequence[Lit]) -> None:
        """Bound every attempt since matriculation, planned ones included."""
        taken = {use.index: self.variables.taken[use.index] for use in self.variables.candidates()}
        counted = [*self._counted(measure, taken), *self._recorded(measure)]
        self._bound(measure, above, counted, given)

    def _counted(self, measure: Measure, lits: Mapping[int, Lit]) -> list[tuple[Use, Lit]]:
        """Return what counts of some uses, with the literals that it does."""
        uses = self.compiled.uses
        if not self.compiled.selecting.depends_on_run(measure.of):
            matched = self.compiled.matched(measure.of)
            return [
                (uses[index], lit)
                for index, lit in lits.items()
                if lit is not False and self._is_counted(measure, matched[index])
            ]
        return [
            (uses[index], match)
            for index, lit in lits.items()
            if (match := self._matching(measure, index, lit)) is not False
        ]

    def _recorded(self, measure: Measure) -> list[tuple[Use, Lit]]:
        found: list[tuple[Use, Lit]] = []
        for use in self.compiled.attempted(measure.of):
            occupied = leaves_of(use.attempt, self.compiled.resolved)
            match = self.compiled.selecting.matches(measure.of, use, occupied)
            if self._is_counted(measure, match):
                found.append((use, True))
        return found

    @staticmethod
    def _is_counted(measure: Measure, match: Tri) -> bool:
        """Return whether a match counts: an unknown one towards a most, not towards a least."""
        return match is True or (match is None and measure.bound is Bound.AT_MOST)

    def _matching(self, measure: Measure, index: int, lit: Lit) -> Lit:
        """Return the literal that the use is in the set and the selector selects it."""
        use, selecting = self.compiled.uses[index], self.compiled.selecting
        if not use.is_candidate:
            match = selecting.matches(measure.of, use, self.compiled.occupied(use))
            return lit if self._is_counted(measure, match) else False
        runs = [
            start.lit
            for start in self.variables.starts[index]
            if self._is_counted(measure, selecting.matches(measure.of, use, start.run.leaves))
        ]
        return self.store.all_of([lit, self.store.any_of(runs)])

    def _bound(
        self,
        measure: Measure,
        above: NodeId,
        counted: list[tuple[Use, Lit]],
        given: Sequence[Lit],
    ) -> None:
        if not self.compiled.selecting.sees_waivers(measure.of):
            counted = [(use, lit) for use, lit in counted if not use.is_waiver]
        total = Fraction(0)
        if isinstance(measure.credits, Share):
            enclosing = self.tree.enclosing_total(above)
            total = Fraction(0) if enclosing is None else enclosing[1]
        limits = limits_of(self.compiled, measure, total)
        require_measure(self.variables, measure, counted, limits, given)


def _words(measure: Measure) -> str:
    how = "at most" if measure.bound is Bound.AT_MOST else "at least"
    unit = "courses" if measure.courses is not None else "credits"
    size = measure.courses if measure.credits is None else measure.credits
    if isinstance(size, Range):
        number = size.high if how == "at most" and size.high is not None else size.low
        return f"rule {measure.header.name}: {how} {number} {measure.distinct or unit}"
    return f"rule {measure.header.name}"
