"""Order rules bind planned starts: prerequisites and gates; and exclusions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from prospectus.domain.errors import UnsupportedError
from prospectus.domain.expression import And, Done, Expression, Or, Timing
from prospectus.domain.record import AttemptStatus
from prospectus.domain.requirement import All
from prospectus.domain.rule import Exclude, Gate, OnMiss, PointKind, TermsCount
from prospectus.legality.conditions import Asking, Conditions, selectors_of
from prospectus.legality.exclusions import exclusions, is_done, unsupported
from prospectus.legality.store import Lit, negate
from prospectus.legality.timing import first_term, latest_day
from prospectus.legality.uses import Use, leaves_of, start_of
from prospectus.legality.variables import FAR, Start, Variables


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
        if gate.on_miss is OnMiss.BLOCK:
            self._deadline(gate, guard)

    def _unlock(self, gate: Gate, start: Start, guard: Lit) -> None:
        given = (guard, *self._unless(gate, start.first, start))
        self.conditions.require(gate.needs, start, given=given, graded=gate.after_grades)

    def _unless(self, gate: Gate, day: dt.date, start: Start | None = None) -> tuple[Lit, ...]:
        """Return the literal that the gate stands on a day, nothing excusing it."""
        if gate.unless is None:
            return ()
        asking = Asking(
            before=day,
            use=None if start is None else start.use,
            run=None if start is None else start.run,
            lenient=False,
        )
        return (negate(self.conditions.literal(gate.unless, asking)),)

    def _is_locked(self, gate: Gate, start: Start) -> bool:
        selecting, use, leaves = self.compiled.selecting, start.use, start.run.leaves
        if gate.free is not None and selecting.matches(gate.free, use, leaves) is True:
            return False
        if gate.locks is not None:
            return selecting.matches(gate.locks, use, leaves) is True
        named = selectors_of(gate.needs, selecting)
        return not any(selecting.matches(s, use, leaves) is True for s in named)

    def _deadline(self, gate: Gate, guard: Lit) -> None:
        """Require the needs by the deadline, unless all study has ended before it."""
        terms = self.variables.calendar.terms
        if gate.by_terms is not None and gate.terms_count is TermsCount.ENROLLED:
            self._enrolled_deadline(gate, gate.by_terms, guard)
            return
        day: dt.date | None = None
        if gate.by_terms is not None:
            last = first_term(self.variables.calendar, self.compiled.matriculation)
            last += gate.by_terms - 1
            day = terms[last].end if last < len(terms) else None
        elif gate.by is not None:
            if gate.by.kind is not PointKind.MATRICULATION:
                raise UnsupportedError(
                    "PLN-008",
                    what=f"{gate.header.id}: a gate's deadline can be planned from matriculation "
                    "only",
                    fix="write `by: matriculation + ...` or a number of terms",
                )
            day = latest_day(gate.by, self.variables.calendar, self.compiled.matriculation, FAR)
        if day is not None:
            self._met_by(gate, day, (guard, self._runs_until(day)))

    def _runs_until(self, day: dt.date) -> Lit:
        """Return the literal that study lasts to a day or beyond."""
        return self.variables.ends_after(day - dt.timedelta(days=1))

    def _enrolled_deadline(self, gate: Gate, n_terms: int, guard: Lit) -> None:
        count: list[tuple[Lit, int]] = []
        for index, term in enumerate(self.variables.calendar.terms):
            enrolled = self._enrolled(index)
            if enrolled is False:
                continue
            count.append((enrolled, 1))
            if len(count) < n_terms:
                continue
            # the term is the last one allowed where neither fewer nor more are enrolled by then
            fewer = self.store.new_bool()
            self.store.linear(count, None, n_terms - 1, given=(fewer,))
            more = self.store.reaches(count, n_terms + 1)
            last_one = (enrolled, negate(fewer), negate(more))
            self._met_by(gate, term.end, (guard, *last_one, self._runs_until(term.end)))

    def _enrolled(self, term: int) -> Lit:
        leaves = [i for i, t in enumerate(self.variables.calendar.term_of) if t == term]
        return self.variables.either(("enrolled", term), [self._begun_in(leaf) for leaf in leaves])

    def _begun_in(self, leaf: int) -> Lit:
        """Return the literal that something since matriculation is registered in a leaf."""
        resolved = self.compiled.resolved
        for attempt in self.compiled.record.attempts:
            leaves = leaves_of(attempt, resolved)
            if attempt.status is AttemptStatus.WITHDRAWN or leaf not in leaves:
                continue
            if start_of(attempt, resolved) >= self.compiled.matriculation:
                return True
        return self.variables.occupied(leaf)

    def _met_by(self, gate: Gate, day: dt.date, given: tuple[Lit, ...]) -> None:
        """Require the needs by a day; one that has passed was missed by what is past."""
        if day < self.compiled.today:
            return
        met = self.conditions.literal(gate.needs, Asking(before=day))
        self.store.clause((met,), given=(*given, *self._unless(gate, day)))


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
