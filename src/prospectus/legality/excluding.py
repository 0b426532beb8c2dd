"""Exclusions in a plan: nothing is planned beside what would take its credit away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import lcm

from prospectus.domain.expression import (
    And,
    Approval,
    CoursesOf,
    CreditsOf,
    Done,
    Expression,
    GpaIs,
    NOf,
    Or,
    Selector,
    Soft,
    Timing,
)
from prospectus.domain.requirement import All
from prospectus.domain.rule import Exclude
from prospectus.legality.exclusions import exclusions
from prospectus.legality.facts import static
from prospectus.legality.on_record import mean_weight, names_it, passes
from prospectus.legality.store import Lit, Term, negate
from prospectus.legality.uses import Use, start_of
from prospectus.legality.variables import Variables


class Exclusions:
    """Plans no course beside what would take its credit away.

    A waiver without a date gives way to all: it loses, and the course is planned.
    """

    def __init__(self, variables: Variables) -> None:
        self.variables = variables
        self.store = variables.store
        self.compiled = variables.compiled
        self.selecting = variables.compiled.selecting
        for rule in exclusions(self.selecting):
            self._exclude(rule)

    def _exclude(self, rule: Exclude) -> None:
        guard = self.store.guard(f"rule {rule.header.id}", f"rule {rule.header.name}")
        yielding = [use for use in self.variables.compiled.uses if self._gives_way(use)]
        waived = frozenset(use.id for use in yielding)
        for use in self.variables.named(rule.course):
            taken = self.variables.taken[use.index]
            mine = frozenset({use.id})
            if use.id in waived:
                held = self._ever(rule.condition, mine)
                if held is not True:
                    self.variables.losses[use.index].append(held)
                continue
            held = self._ever(rule.condition, mine | waived)
            if not use.earns or (held is True and taken is True):
                continue
            self.store.clause((negate(taken), negate(held)), given=(guard,))
            if not waived or taken is True:
                continue
            with_waivers = self.store.all_of([taken, self._ever(rule.condition, mine)])
            for waiver in yielding:
                if waiver.names & _codes(rule.condition):
                    self.variables.losses[waiver.index].append(with_waivers)

    def _gives_way(self, use: Use) -> bool:
        """Return whether a use on record is a waiver that loses to all, and no total knows it."""
        compiled = self.variables.compiled
        totals = (node.total for node in compiled.nodes.values() if isinstance(node, All))
        if any(total is not None and total.less_waived for total in totals):
            return False
        undated = use.attempt.ended is None and not compiled.occupied(use)
        return use.is_waiver and use.earns and undated

    def _ever(self, item: Expression, but: frozenset[str]) -> Lit:
        """Return a literal exact for the condition, read once on all that is taken."""
        match item:
            case And():
                return self.store.all_of([self._ever(part, but) for part in item.items])
            case Or():
                return self.store.any_of([self._ever(part, but) for part in item.items])
            case NOf():
                return self._reached([(self._ever(part, but), 1) for part in item.items], item.n)
            case Done():
                return self.store.any_of(list(self._done(item, but)))
            case CreditsOf():
                steps = self.compiled.steps
                found = self._counted(item.of, but)
                terms = [(lit, steps(use.credits)) for use, lit in found]
                return self._reached(terms, steps(item.credits))
            case CoursesOf():
                found = self._counted(item.of, but, item.at)
                return self._reached(
                    [(lit, 1) for u, lit in found if not u.is_waiver], item.courses
                )
            case GpaIs():
                return self._mean(item, but)
            case Approval():
                return self.selecting.approval(item.who) is True
            case Soft():
                return True
            case _:
                return static(item, self.compiled.resolved.person) is True

    def _reached(self, terms: Sequence[Term], low: int) -> Lit:
        """Return a literal exact for `the sum reaches low`."""
        fixed = sum(weight for lit, weight in terms if lit is True)
        if fixed >= low:
            return True
        if sum(weight for lit, weight in terms if lit is not False) < low:
            return False
        result = self.store.reaches(terms, low)
        self.store.linear(terms, None, low - 1, given=(negate(result),))
        return result

    def _done(self, item: Done, but: frozenset[str]) -> Iterator[Lit]:
        """Yield the literals of what the item names; all of it is over in the end."""
        for use in self.variables.named(item.code):
            if use.id in but or not names_it(use, item) or not passes(use, item, self.selecting):
                continue
            if item.timing is Timing.WITH:
                continue
            since = item.since
            if since is None:
                yield self.variables.taken[use.index]
            elif not use.is_candidate:
                yield start_of(use.attempt, self.compiled.resolved) >= since
            else:
                yield from (s.lit for s in self.variables.starts[use.index] if s.first >= since)

    def _counted(
        self, of: Selector | None, but: frozenset[str], school: str | None = None
    ) -> Iterator[tuple[Use, Lit]]:
        """Yield what counts of a selector, whatever exclusions take away, with its literals."""
        selecting = self.selecting

        def fits(use: Use, leaves: tuple[int, ...]) -> bool:
            found = selecting.values("school", use, leaves) if school is not None else None
            if school is not None and school not in (found or frozenset()):
                return False
            return of is None or selecting.matches(of, use, leaves) is True

        for use in self.compiled.uses:
            if not use.earns or use.id in but:
                continue
            if not use.is_candidate:
                again = self.compiled.retakes.get(use.index, ())
                retaken = self.store.any_of([self.variables.taken[index] for index in again])
                if fits(use, self.compiled.occupied(use)):
                    yield use, negate(retaken)
            for start in self.variables.starts[use.index]:
                if fits(use, start.run.leaves):
                    yield use, start.lit

    def _mean(self, item: GpaIs, but: frozenset[str]) -> Lit:
        """Return a literal exact for the mean with the grades to come as usual."""
        weights = [
            (lit, weight)
            for use, lit in self._counted(item.of, but)
            if (weight := mean_weight(use, item, self.selecting)) is not None
        ]
        unit = lcm(*(weight.denominator for _, weight in weights))
        terms = [(lit, int(weight * unit)) for lit, weight in weights]
        enough = self.store.reaches(terms, 0)
        self.store.linear(terms, None, -1, given=(negate(enough),))
        return self.store.all_of([enough, self.store.any_of([lit for lit, _ in weights])])


def _codes(item: Expression) -> frozenset[str]:
    """Return the codes that the condition of an exclusion names."""
    match item:
        case Done():
            return frozenset({item.code})
        case And() | Or() | NOf():
            return frozenset[str]().union(*(_codes(part) for part in item.items))
        case _:
            return frozenset()
