"""Deadlines of gates that block: what a gate needs is met by a day."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from prospectus.domain.record import AttemptStatus
from prospectus.domain.rule import Gate, OnMiss, Point, PointKind, TermsCount
from prospectus.legality.conditions import Asking, Conditions
from prospectus.legality.order import while_it_stands
from prospectus.legality.positions import finished_by
from prospectus.legality.store import Lit, Term, negate
from prospectus.legality.timing import first_term, latest_day
from prospectus.legality.tree import Tree
from prospectus.legality.uses import end_of, leaves_of, start_of
from prospectus.legality.variables import FAR


class Deadlines:
    """The constraints of all deadlines of gates; one that only warns forbids nothing."""

    def __init__(self, tree: Tree, conditions: Conditions) -> None:
        self.tree = tree
        self.conditions = conditions
        self.variables = tree.variables
        self.store = tree.store
        self.compiled = tree.compiled
        for gate in self.compiled.resolved.rules:
            if not isinstance(gate, Gate) or gate.on_miss is not OnMiss.BLOCK:
                continue
            if not self.compiled.selecting.is_excepted(gate.header.id):
                guard = self.store.guard(f"rule {gate.header.id}", f"rule {gate.header.name}")
                self._deadline(gate, guard)

    def _deadline(self, gate: Gate, guard: Lit) -> None:
        """Require the needs by the deadline, unless all study has ended before it."""
        terms = self.variables.calendar.terms
        if gate.by_terms is not None and gate.terms_count is TermsCount.ENROLLED:
            self._enrolled_deadline(gate, gate.by_terms, guard)
        elif gate.by_terms is not None:
            last = first_term(self.variables.calendar, self.compiled.matriculation)
            last += gate.by_terms - 1
            if last < len(terms):
                self._dated(gate, terms[last].end, guard)
        elif gate.by is not None and gate.by.kind is PointKind.MATRICULATION:
            day = latest_day(gate.by, self.variables.calendar, self.compiled.matriculation, FAR)
            if day is not None:
                self._dated(gate, day, guard)
        elif gate.by is not None:
            self._by_point(gate, gate.by, guard)

    def _by_point(self, gate: Gate, point: Point, guard: Lit) -> None:
        match point.kind:
            case PointKind.CONFERRAL:
                self._by_conferral(gate, point, guard)
            case PointKind.FINISHED:
                self._by_credit(gate, point, guard)
            case PointKind.NODE_START:
                self._by_start(gate, self._days(point), guard)
            case PointKind.NODE_END:
                self._by_end(gate, self._days(point), guard)

    def _dated(self, gate: Gate, day: dt.date, guard: Lit) -> None:
        self._met_by(gate, day, (guard, self._runs_until(day)))

    def _runs_until(self, day: dt.date) -> Lit:
        """Return the literal that study lasts to a day or beyond."""
        return self.variables.ends_after(day - dt.timedelta(days=1))

    def _ends(self) -> list[dt.date]:
        """Return the days on which something planned or open ends, in order."""
        days = {start.last for start in self.variables.planned}
        days |= {end_of(use.attempt, self.compiled.resolved) for use, _ in self.variables.open}
        return sorted(days)

    def _by_conferral(self, gate: Gate, point: Point, guard: Lit) -> None:
        for last in self._ends():
            day = latest_day(point, self.variables.calendar, self.compiled.matriculation, last)
            if day is not None and day <= last:
                ends = (self._runs_until(last), negate(self.variables.ends_after(last)))
                self._met_by(gate, day, (guard, *ends))

    def _by_credit(self, gate: Gate, point: Point, guard: Lit) -> None:
        """Require the needs whenever enough has ended: what is met by a day stays met."""
        compiled = self.compiled
        wanted = point.courses
        if wanted is None:
            wanted = compiled.steps(point.credits or Fraction(0))
        before = finished_by(point, compiled.today - dt.timedelta(days=1), self.variables)
        if sum(weight for lit, weight in before if lit is True) >= wanted:
            return
        past = self.store.reaches(before, wanted)
        for day in self._ends():
            if day < compiled.today:
                continue
            terms = finished_by(point, day, self.variables)
            met = self._met(gate, day)
            missed = (guard, negate(met), negate(past))
            self.store.linear(terms, None, wanted - 1, given=missed)

    def _days(self, point: Point) -> list[tuple[dt.date, dt.date, Lit]]:
        """Return what the node may hold: its first and last day, and the literal that it does."""
        assert point.node is not None
        resolved = self.compiled.resolved
        found: list[tuple[dt.date, dt.date, Lit]] = []
        for leaf_id, leaf in self.tree.leaves.items():
            if not self.tree.is_below(leaf_id, point.node):
                continue
            for spot in leaf.spots:
                attempt = spot.use.attempt
                if not spot.use.is_candidate:
                    days = (start_of(attempt, resolved), end_of(attempt, resolved))
                    found.append((*days, spot.lit))
                for start in self.variables.starts[spot.use.index]:
                    both = self.store.all_of([spot.lit, start.lit])
                    found.append((start.first, start.last, both))
        return found

    def _by_start(self, gate: Gate, days: list[tuple[dt.date, dt.date, Lit]], guard: Lit) -> None:
        past = [lit for first, _, lit in days if first < self.compiled.today]
        for day in sorted({first for first, _, _ in days if first >= self.compiled.today}):
            here: list[Lit] = [lit for first, _, lit in days if first == day]
            begun = self.store.any_of(here)
            self._met_by(gate, day, (guard, begun, *map(negate, past)))

    def _by_end(self, gate: Gate, days: list[tuple[dt.date, dt.date, Lit]], guard: Lit) -> None:
        for day in sorted({last for _, last, _ in days if last >= self.compiled.today}):
            ended = self.store.any_of([lit for _, last, lit in days if last == day])
            later = [negate(lit) for _, last, lit in days if last > day]
            self._met_by(gate, day, (guard, ended, *later))

    def _enrolled_deadline(self, gate: Gate, n_terms: int, guard: Lit) -> None:
        count: list[Term] = []
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
        if day >= self.compiled.today:
            self.store.clause((self._met(gate, day),), given=given)

    def _met(self, gate: Gate, day: dt.date) -> Lit:
        """Return a literal that may be true only where the gate is met or excused on a day."""
        met = self.conditions.literal(gate.needs, Asking(before=day))
        excused = [negate(lit) for lit in while_it_stands(gate, self.conditions, day)]
        return self.store.any_of([met, *excused]) if excused else met
