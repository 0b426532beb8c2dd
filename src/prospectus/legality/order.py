"""Order rules bind planned starts: prerequisites and gates; and exclusions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from prospectus.domain.expression import And, Done, Expression, Or, Timing
from prospectus.domain.requirement import All
from prospectus.domain.rule import Exclude, Gate
from prospectus.legality.conditions import Asking, Conditions, selectors_of
from prospectus.legality.exclusions import exclusions, is_done, unsupported
from prospectus.legality.store import Lit, negate
from prospectus.legality.uses import Use
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


class Exclusions:
    """Plans no course beside what would take its credit away.

    A waiver without a date gives way to all: it loses, and the course is planned.
    """

    def __init__(self, variables: Variables) -> None:
        self.variables = variables
        self.store = variables.store
        self.selecting = variables.compiled.selecting
        for rule in exclusions(variables.compiled.resolved):
            self._exclude(rule)

    def _exclude(self, rule: Exclude) -> None:
        guard = self.store.guard(f"rule {rule.header.id}", f"rule {rule.header.name}")
        yielding = [use for use in self.variables.compiled.uses if self._gives_way(use)]
        for use in self.variables.named(rule.course):
            taken = self.variables.taken[use.index]
            if use in yielding:
                held = self._ever(rule.condition, [use], rule)
                if held is not True:
                    self.variables.losses[use.index].append(held)
                continue
            held = self._ever(rule.condition, [use, *yielding], rule)
            if not use.earns or (held is True and taken is True):
                continue
            self.store.clause((negate(taken), negate(held)), given=(guard,))
            for waiver in yielding:
                if taken is not True and waiver.names & _codes(rule.condition):
                    self.variables.losses[waiver.index].append(taken)

    def _gives_way(self, use: Use) -> bool:
        """Return whether a use on record is a waiver that loses to all, and no total knows it."""
        compiled = self.variables.compiled
        totals = (node.total for node in compiled.nodes.values() if isinstance(node, All))
        if any(total is not None and total.less_waived for total in totals):
            return False
        undated = use.attempt.ended is None and not compiled.occupied(use)
        return use.is_waiver and use.earns and undated

    def _ever(self, item: Expression, but: Sequence[Use], rule: Exclude) -> Lit:
        """Return a literal that is true wherever the condition holds at any time."""
        match item:
            case And():
                return self.store.all_of([self._ever(part, but, rule) for part in item.items])
            case Or():
                return self.store.any_of([self._ever(part, but, rule) for part in item.items])
            case Done() if item.timing is Timing.BEFORE:
                return self.store.any_of(
                    [
                        self.variables.taken[use.index]
                        for use in self.variables.named(item.code)
                        if use not in but and is_done(use, item, self.selecting)
                    ]
                )
            case _:
                raise unsupported(rule)


def _codes(item: Expression) -> frozenset[str]:
    """Return the codes that the condition of an exclusion names."""
    match item:
        case Done():
            return frozenset({item.code})
        case And() | Or():
            return frozenset[str]().union(*(_codes(part) for part in item.items))
        case _:
            return frozenset()
