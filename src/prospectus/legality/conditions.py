"""Expressions as clauses: what has to be true of a plan where a condition is asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple, assert_never

from prospectus.domain.expression import (
    And,
    Approval,
    Background,
    CodeIs,
    CoursesOf,
    CreditsOf,
    Done,
    Expression,
    GpaIs,
    HasDegree,
    Member,
    NodeDone,
    NOf,
    Not,
    Or,
    PersonIs,
    Selector,
    Soft,
    TestIs,
    Timing,
)
from prospectus.domain.offering import Run
from prospectus.domain.record import Basis
from prospectus.legality.facts import static
from prospectus.legality.floors import meets_floor
from prospectus.legality.nodes_done import At, NodeConditions
from prospectus.legality.selecting import Selecting, Tri
from prospectus.legality.store import Lit
from prospectus.legality.uses import Use, start_of, stated_grade
from prospectus.legality.variables import Start, Variables

Clauses = list[list[Lit]]
"""A conjunction of clauses: none is true, one empty clause is false."""

TRUE: Clauses = []
FALSE: Clauses = [[]]


class Asking(NamedTuple):
    """Who asks a condition and when: `before` is the first day, `run` the run of a course.

    `lenient`: what is not known does not block (prerequisites); else it does (gates).
    """

    before: dt.date
    use: Use | None = None
    run: Run | None = None
    graded: bool = False
    lenient: bool = True


class Conditions:
    """Compiles expressions over the variables of one horizon."""

    def __init__(self, variables: Variables, nodes: NodeConditions) -> None:
        self.variables = variables
        self.store = variables.store
        self.compiled = variables.compiled
        self.nodes = nodes
        self._asked: dict[object, tuple[Expression, Clauses]] = {}
        self._meant: dict[int, tuple[Done, list[Use], list[Use]]] = {}

    def clauses(self, item: Expression, asking: Asking) -> Clauses:
        """Return clauses that hold only where the expression does."""
        match item:
            case Done():
                return [self._done(item, asking)]
            case CreditsOf():
                weights = self._weights(item.of, by_credits=True)
                low = self.compiled.steps(item.credits)
                totals = self.variables.totals(("credits", item.of), weights, graded=asking.graded)
                return [[totals.reaches(asking.before, low)]]
            case CoursesOf():
                weights = self._weights(item.of, by_credits=False, school=item.at)
                key = ("courses", item.of, item.at)
                totals = self.variables.totals(key, weights, graded=asking.graded)
                return [[totals.reaches(asking.before, item.courses)]]
            case GpaIs():
                return self._known(self._mean(item, asking), asking)
            case NodeDone():
                lit = self._node(item.node, asking)
                return self._known(None, asking) if lit is None else [[lit]]
            case And():
                return [clause for part in item.items for clause in self.clauses(part, asking)]
            case Or():
                return [[lit for part in item.items for lit in self._single(part, asking)]]
            case NOf():
                terms = [(self._literal(part, asking), 1) for part in item.items]
                return [[self.store.reaches(terms, item.n)]]
            case Approval():
                answer = self.compiled.selecting.approval(item.who)
                # an approval not yet granted is used by no plan, unless taken as granted
                return TRUE if answer is True else FALSE
            case Soft():
                return TRUE
            case Not() | Member() | HasDegree() | TestIs() | Background() | PersonIs():
                return self._known(static(item, self.compiled.resolved.person), asking)
            case _:
                assert_never(item)

    def require(
        self,
        item: Expression,
        start: Start,
        *,
        given: Sequence[Lit],
        graded: bool = False,
        lenient: bool = True,
    ) -> None:
        """Require the expression at the start of a run, where the plan takes that run."""
        if any(lit is False for lit in given):
            return
        # but for what runs beside it, runs that begin on one day ask the same
        key = (id(item), start.use.index, start.first, graded, lenient)
        known = self._asked.get(key)
        if known is None:
            asking = Asking(start.first, start.use, start.run, graded, lenient)
            known = (item, self.clauses(item, asking))
            if not _looks_beside(item):
                self._asked[key] = known
        for clause in known[1]:
            self.store.clause(clause, given=(start.lit, *given))

    def literal(self, item: Expression, asking: Asking) -> Lit:
        """Return a literal that may be true only where the expression holds."""
        return self._literal(item, asking)

    def _node(self, node_id: str, asking: Asking) -> Lit | None:
        at = At(day=asking.before, graded=asking.graded, lenient=asking.lenient)
        same = Asking(before=at.day, graded=at.graded, lenient=at.lenient)
        return self.nodes.done(node_id, at, lambda item: self._literal(item, same))

    @staticmethod
    def _known(answer: Tri, asking: Asking) -> Clauses:
        if answer is None:
            return TRUE if asking.lenient else FALSE
        return TRUE if answer else FALSE

    def _single(self, item: Expression, asking: Asking) -> list[Lit]:
        """Return the expression as literals of which one has to be true."""
        clauses = self.clauses(item, asking)
        return clauses[0] if len(clauses) == 1 else [self._combine(clauses)]

    def _literal(self, item: Expression, asking: Asking) -> Lit:
        clauses = self.clauses(item, asking)
        if len(clauses) == 1 and len(clauses[0]) == 1:
            return clauses[0][0]
        return self._combine(clauses)

    def _combine(self, clauses: Clauses) -> Lit:
        if all(any(lit is True for lit in clause) for clause in clauses):
            return True
        if any(all(lit is False for lit in clause) for clause in clauses):
            return False
        result = self.store.new_bool()
        for clause in clauses:
            self.store.clause(clause, given=(result,))
        return result

    def _done(self, item: Done, asking: Asking) -> list[Lit]:
        """Return literals of which one says that a course is done, or runs beside, as asked."""
        if id(item) not in self._meant:
            fitting = [use for use in self.variables.named(item.code) if self._fits(use, item)]
            passing = [use for use in fitting if self._passes(use, item)]
            self._meant[id(item)] = (item, fitting, passing)
        _, named, passing = self._meant[id(item)]
        lits: list[Lit] = []
        if item.timing is not Timing.WITH:
            lits += self._over(passing, item, asking)
        if item.timing is not Timing.BEFORE and asking.run is not None:
            lits += self._beside(named, item, asking)
        return lits

    def _fits(self, use: Use, item: Done) -> bool:
        if item.topic is not None and item.topic not in use.topics:
            return False
        if use.attempt.basis is Basis.AUDIT:
            return False
        if use.is_candidate or item.since is None:
            return True
        return start_of(use.attempt, self.compiled.resolved) >= item.since

    def _passes(self, use: Use, item: Done) -> bool:
        name = stated_grade(use.attempt)
        grade = None if name is None else self.compiled.resolved.scale.get(name)
        if grade is not None and not grade.earns:
            return False
        return meets_floor(use.attempt, item.min_grade, (), self.compiled.resolved.scale)

    def _over(self, passing: list[Use], item: Done, asking: Asking) -> list[Lit]:
        """Return the literals that a passing course (or its part) is over by the moment.

        The asking course itself is no requisite of its own.
        """
        others = [use for use in passing if asking.use is None or use.index != asking.use.index]
        if not others:
            return []
        if item.since is None or all(not use.is_candidate for use in others):
            done = self.variables.done_by(
                others, asking.before, part=item.part, graded=asking.graded
            )
            return [done]
        late = [
            start.lit
            for use in others
            for start in self.variables.starts[use.index]
            if start.first >= item.since and start.last <= asking.before
        ]
        recorded = [use for use in others if not use.is_candidate]
        return [*late, self.variables.done_by(recorded, asking.before, graded=asking.graded)]

    def _beside(self, named: list[Use], item: Done, asking: Asking) -> list[Lit]:
        """Return the literals of runs that overlap with the asking run, started no later."""
        assert asking.run is not None
        mine = set(asking.run.leaves)
        found: list[Lit] = []
        for use in named:
            if asking.use is not None and use.index == asking.use.index:
                continue
            options: list[tuple[tuple[int, ...], Lit]]
            if use.is_candidate:
                options = [(s.run.leaves, s.lit) for s in self.variables.starts[use.index]]
            else:
                options = [(self.compiled.occupied(use), True)]
            for leaves, lit in options:
                if not mine & set(leaves):
                    continue
                if item.since is not None and self._first_day(leaves) < item.since:
                    continue
                if item.timing is Timing.WITH or min(leaves) <= min(mine):
                    found.append(lit)
        return found

    def _first_day(self, leaves: tuple[int, ...]) -> dt.date:
        return self.variables.calendar.leaves[leaves[0]].start

    def _weights(
        self, of: Selector | None, *, by_credits: bool, school: str | None = None
    ) -> Callable[[Use], int]:
        selecting = self.compiled.selecting

        def weight(use: Use) -> int:
            if not use.earns or (use.is_waiver and not by_credits):
                return 0
            occupied = self.compiled.occupied(use)
            if school is not None and school not in (
                selecting.values("school", use, occupied) or ()
            ):
                return 0
            if of is not None and selecting.matches(of, use, occupied) is not True:
                return 0
            return self.compiled.use_steps[use.index] if by_credits else 1

        return weight

    def _mean(self, item: GpaIs, asking: Asking) -> Tri:
        points = credits = Fraction(0)
        resolved = self.compiled.resolved
        for use in self.compiled.uses:
            if use.is_candidate or not use.earns or use.attempt.grade is None:
                continue
            grade = resolved.scale.get(use.attempt.grade)
            occupied = self.compiled.occupied(use)
            matches = self.compiled.selecting.matches
            if item.of is not None and matches(item.of, use, occupied) is not True:
                continue
            if grade is None or grade.points is None:
                continue
            points += grade.points * use.credits
            credits += use.credits
        return None if not credits else points / credits >= item.at_least


def _looks_beside(item: Expression) -> bool:
    """Return whether an expression hangs on what runs at the same time as the course that asks."""
    match item:
        case Done():
            return item.timing is not Timing.BEFORE
        case And() | Or() | NOf():
            return any(_looks_beside(part) for part in item.items)
        case Not() | Soft():
            return _looks_beside(item.item)
        case _:
            return False


def selectors_of(item: Expression, selecting: Selecting) -> Iterable[Selector]:
    """Yield the selectors that an expression names: what a gate that locks the rest leaves open."""
    match item:
        case Done():
            yield CodeIs(code=item.code, topic=item.topic)
        case CreditsOf():
            if item.of is not None:
                yield item.of
        case CoursesOf():
            yield item.of
        case NodeDone():
            yield from (leaf.from_ for leaf in selecting.leaves(item.node))
        case And() | Or() | NOf():
            for part in item.items:
                yield from selectors_of(part, selecting)
        case Not() | Soft():
            yield from selectors_of(item.item, selecting)
        case _:
            return
