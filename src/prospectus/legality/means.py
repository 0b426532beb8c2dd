"""Means: a plan is ruled out only where even the best grades could not reach one."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import lcm

from prospectus.domain.record import CreditSource
from prospectus.domain.requirement import Gpa, Over
from prospectus.legality.store import Lit, Term, negate
from prospectus.legality.tree import Tree
from prospectus.legality.uses import Use, end_of, leaves_of


class Means:
    """The constraints of all means of a tree, with planned courses at the best grade."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.store = tree.store
        self.compiled = tree.compiled
        self.variables = tree.variables
        points = [g.points for g in self.compiled.resolved.scale.grades if g.points is not None]
        self.best = points[0] if points else None
        self.sign = -1 if len(points) > 1 and points[0] < points[-1] else 1
        for node_id, active in tree.active.items():
            node = self.compiled.nodes[node_id]
            if isinstance(node, Gpa):
                self._mean(node, active)
        for rule in self.compiled.resolved.rules:
            if isinstance(rule, Gpa):
                self._mean(rule, True)

    def _mean(self, rule: Gpa, active: Lit) -> None:
        if self.compiled.selecting.is_excepted(rule.header.id):
            return
        found = self._attempted(rule) if rule.over is Over.ATTEMPTED else self._applied(rule)
        weights: list[tuple[Lit, Fraction]] = []
        for use, lit in found:
            points = self._points(use)
            if points is not None and self._averages(rule, use):
                weights.append((lit, self.sign * (points - rule.at_least) * use.credits))
        if all(weight >= 0 for _, weight in weights):
            return
        unit = lcm(*(weight.denominator for _, weight in weights))
        terms: list[Term] = [(lit, int(weight * unit)) for lit, weight in weights]
        text = f"a mean of {float(rule.at_least):.2f} within reach"
        guard = self.store.guard(f"rule {rule.header.id}", text)
        self.store.linear(terms, 0, None, given=(active, guard))

    def _points(self, use: Use) -> Fraction | None:
        """Return the points a use brings at best, None where it does not enter a mean."""
        if use.attempt.is_open:
            return self.best
        name = use.attempt.grade
        grade = None if name is None else self.compiled.resolved.scale.get(name)
        return grade.points if grade is not None and grade.in_mean else None

    def _averages(self, rule: Gpa, use: Use) -> bool:
        home = use.attempt.source is CreditSource.HOME or self.compiled.selecting.says_wider(
            rule.of
        )
        occupied = leaves_of(use.attempt, self.compiled.resolved)
        return home and self.compiled.selecting.matches(rule.of, use, occupied) is not False

    def _applied(self, rule: Gpa) -> Iterator[tuple[Use, Lit]]:
        for index, lit in self.tree.held_within(rule.within).items():
            yield self.compiled.uses[index], lit

    def _attempted(self, rule: Gpa) -> Iterator[tuple[Use, Lit]]:
        """Yield every attempt since matriculation; one that is replaced leaves the mean."""
        repeats = self.compiled.resolved.program.record_rules.repeats
        drops = repeats is not None and repeats.mean_uses_all is False
        again: dict[str, list[Lit]] = {}
        for use in self.variables.candidates():
            if use.earns:
                again.setdefault(use.identity, []).append(self.variables.taken[use.index])
                yield use, self.variables.taken[use.index]
        past = [
            use
            for use in self.compiled.attempted(rule.of)
            if (use.course is None or use.course.counts_credit)
            and use.id not in self.compiled.barred
        ]
        for use in self._kept(past) if drops else past:
            drops_this = drops and not self._stays(use)
            retaken = self.store.any_of(again.get(use.identity, [])) if drops_this else False
            yield use, negate(retaken)

    def _stays(self, use: Use) -> bool:
        """Return whether an attempt is graded too well to leave the mean when replaced."""
        repeats = self.compiled.resolved.program.record_rules.repeats
        grade = use.attempt.grade
        if grade is None or repeats is None or repeats.mean_keeps is None:
            return False
        return self.compiled.resolved.scale.at_least(grade, repeats.mean_keeps)

    def _kept(self, past: list[Use]) -> list[Use]:
        """Return the attempt of each course that counts: the one used, else the newest."""
        used = {use.id for use in self.compiled.uses if not use.is_candidate and use.earns}
        kept: dict[str, Use] = {}
        for use in sorted(past, key=lambda use: end_of(use.attempt, self.compiled.resolved)):
            repeatable = use.course is not None and use.course.repeatable is not None
            name = use.id if repeatable else use.identity
            if name not in kept or kept[name].id not in used or use.id in used:
                kept[name] = use
        chosen = {use.id for use in kept.values()}
        return [use for use in past if use.id in chosen or self._stays(use)]
