"""Order rules bind planned starts: prerequisites and gates; and exclusions."""

from __future__ import annotations

import datetime as dt

from prospectus.domain.expression import (
    And,
    CoursesOf,
    CreditsOf,
    Expression,
    GpaIs,
    NodeDone,
    NOf,
    Or,
)
from prospectus.domain.rule import Gate
from prospectus.legality.conditions import Asking, Conditions, selectors_of
from prospectus.legality.on_record import Known, OnRecord
from prospectus.legality.store import Lit, negate
from prospectus.legality.variables import Start, Variables


class Order:
    """The constraints of prerequisites and gates."""

    def __init__(self, variables: Variables, conditions: Conditions) -> None:
        self.variables = variables
        self.conditions = conditions
        self.store = variables.store
        self.compiled = variables.compiled
        self._prerequisites_precede()
        self._repeats_are_allowed()
        for rule in self.compiled.resolved.rules:
            if isinstance(rule, Gate):
                self._gate(rule)

    def _prerequisites_precede(self) -> None:
        for use in self.variables.candidates():
            requisite = None if use.course is None else use.course.requisite
            if requisite is None:
                continue
            guard = self.store.guard(f"requisite {use.code}", f"the prerequisites of {use.code}")
            for start in self.variables.starts[use.index]:
                self.conditions.require(requisite, start, given=(guard,))

    def _repeats_are_allowed(self) -> None:
        """Require the condition on repeats of what would stand in the place of a try on record."""
        rule = self.compiled.resolved.program.record_rules.repeats
        if rule is None or rule.allowed is None:
            return
        again = {index for indexes in self.compiled.retakes.values() for index in indexes}
        guard = self.store.guard("rule repeats", "the condition on repeats")
        for index in sorted(again):
            for start in self.variables.starts[index]:
                allowed = self._allows(rule.allowed, start)
                self.store.clause((allowed,), given=(start.lit, guard))

    def _allows(self, item: Expression, start: Start) -> Lit:
        """Return a literal that may be true only where a repeat is allowed.

        Sums and means look at the tries of the course alone.
        """
        match item:
            case And():
                return self.store.all_of([self._allows(part, start) for part in item.items])
            case Or():
                return self.store.any_of([self._allows(part, start) for part in item.items])
            case NOf():
                terms = [(self._allows(part, start), 1) for part in item.items]
                return self.store.reaches(terms, item.n)
            case CreditsOf() | CoursesOf() | GpaIs() | NodeDone():
                tries = self.compiled.tries_before(start.use)
                known = Known(uses=tries, seen=(), before=start.first, asking=start.use)
                return OnRecord(self.compiled.selecting).holds(item, known) is not False
            case _:
                asking = Asking(before=start.first, use=start.use, run=start.run)
                return self.conditions.literal(item, asking)

    def _gate(self, gate: Gate) -> None:
        if self.compiled.selecting.is_excepted(gate.header.id):
            return
        guard = self.store.guard(f"rule {gate.header.id}", f"rule {gate.header.name}")
        for start in self.variables.planned:
            if self._is_locked(gate, start):
                self._unlock(gate, start, guard)

    def _unlock(self, gate: Gate, start: Start, guard: Lit) -> None:
        given = (guard, *while_it_stands(gate, self.conditions, start.first, start))
        self.conditions.require(gate.needs, start, given=given, graded=gate.after_grades)

    def _is_locked(self, gate: Gate, start: Start) -> bool:
        selecting, use, leaves = self.compiled.selecting, start.use, start.run.leaves
        if gate.free is not None and selecting.matches(gate.free, use, leaves) is True:
            return False
        if gate.locks is not None:
            return selecting.matches(gate.locks, use, leaves) is True
        named = selectors_of(gate.needs, selecting)
        return not any(selecting.matches(s, use, leaves) is True for s in named)


def while_it_stands(
    gate: Gate, conditions: Conditions, day: dt.date, start: Start | None = None
) -> tuple[Lit, ...]:
    """Return the literal that a gate stands on a day, nothing excusing it."""
    if gate.unless is None:
        return ()
    asking = Asking(
        before=day,
        use=None if start is None else start.use,
        run=None if start is None else start.run,
        lenient=False,
    )
    return (negate(conditions.literal(gate.unless, asking)),)
