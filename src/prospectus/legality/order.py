"""Order rules bind planned starts: prerequisites and gates; and exclusions."""

from __future__ import annotations

import datetime as dt

from prospectus.domain.rule import Gate
from prospectus.legality.conditions import Asking, Conditions, selectors_of
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
