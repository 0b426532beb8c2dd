"""Variables: which course runs when, and what is true by a day."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from prospectus.domain.course import CourseCode
from prospectus.domain.offering import Run
from prospectus.domain.record import AttemptStatus
from prospectus.legality.chains import Chain, Totals
from prospectus.legality.compiled import Compiled
from prospectus.legality.store import Lit, Store, Term, negate, sums_of
from prospectus.legality.uses import Use, end_of, start_of

FAR = dt.date(9999, 12, 31)
MOST_STEPS = 10**6


class Start(NamedTuple):
    """One run of a use, its first and last day, and the literal that the plan takes it."""

    use: Use
    run: Run
    lit: Lit
    first: dt.date
    last: dt.date


class Variables:
    """The literals of one horizon, and the literals derived from them, each made once.

    `rooms` bounds the steps of credit that a term can hold, where that is known. `losses` are,
    per use on record, the literals under which an exclusion takes its credit.
    """

    def __init__(
        self,
        store: Store,
        compiled: Compiled,
        runs: Mapping[CourseCode, Sequence[Run]],
        rooms: Mapping[int, int],
    ) -> None:
        self.store = store
        self.compiled = compiled
        self.calendar = compiled.resolved.calendar
        self.starts: dict[int, list[Start]] = {}
        self.taken: dict[int, Lit] = {}
        self.losses: dict[int, list[Lit]] = defaultdict(list)
        self._chains: dict[object, Chain] = {}
        self._sums: dict[object, Totals] = {}
        self._cache: dict[object, Lit] = {}
        self._spans = compiled.spans
        self._named: dict[str, list[Use]] = defaultdict(list)
        for use in compiled.uses:
            for name in use.names:
                self._named[name].append(use)
        self.rooms = rooms
        self._credits: dict[int, list[Term]] = {}
        self._credit_sums: dict[int, list[int]] = {}
        for use in compiled.uses:
            self._make(use, runs)
        self.planned = [s for starts in self.starts.values() for s in starts]
        self._by_leaf: dict[int, list[Start]] = defaultdict(list)
        self._by_term: dict[int, list[Start]] = defaultdict(list)
        for start in self.planned:
            leaves = start.run.leaves
            self._by_term[self._spans[leaves].term].append(start)
            for leaf in leaves:
                self._by_leaf[leaf].append(start)
        self.open = [
            (use, compiled.occupied(use))
            for use in compiled.uses
            if not use.is_candidate and use.attempt.is_open
        ]
        self._one_of_each()
        self._few_repeats()

    def _make(self, use: Use, runs: Mapping[CourseCode, Sequence[Run]]) -> None:
        if not use.is_candidate:
            self.taken[use.index] = True
            self.starts[use.index] = []
            return
        mine = runs.get(use.code, ())
        if self.compiled.bars and use.course is not None:
            mine = [run for run in mine if not self.compiled.is_barred(use.course, run)]
        spans, new_bool = self._spans, self.store.new_bool
        starts: list[Start] = []
        for run in mine:
            span = spans[run.leaves]
            starts.append(Start(use, run, new_bool(), span.first, span.last))
        self.starts[use.index] = starts
        lits = [start.lit for start in starts]
        if len(lits) < 2:
            self.taken[use.index] = lits[0] if lits else False
            return
        taken = self.store.new_bool()
        self.taken[use.index] = taken
        self.store.linear([*((lit, 1) for lit in lits), (taken, -1)], 0, 0)

    def _one_of_each(self) -> None:
        """Plan a course once: one option of its credits, one name; copies in distinct runs."""
        groups: dict[str, list[Use]] = defaultdict(list)
        for use in self.candidates():
            groups[use.identity].append(use)
        for uses in groups.values():
            copies: dict[str, list[Use]] = defaultdict(list)
            for use in uses:
                copies[use.id].append(use)
            for same in copies.values():
                self.store.at_most_one(self.taken[use.index] for use in same)
            ordered = list(copies.values())
            if len(ordered) > 1:
                self._distinct_runs(ordered)

    def _few_repeats(self) -> None:
        """Plan no more repeats than the whole record may hold."""
        left = self.compiled.repeats_left()
        if left is None:
            return
        again: list[Term] = [
            (self.taken[use.index], 1) for use in self.candidates() if self.compiled.is_repeat(use)
        ]
        guard = self.store.guard("rule repeats", "the limit of repeats in all")
        self.store.linear(again, None, left, given=(guard,))

    def _distinct_runs(self, copies: list[list[Use]]) -> None:
        is_repeat = all(use.course and use.course.repeatable for same in copies for use in same)
        if not is_repeat:
            self.store.at_most_one(self.taken[use.index] for same in copies for use in same)
            return
        by_run: dict[tuple[int, ...], list[Lit]] = defaultdict(list)
        for same in copies:
            for use in same:
                for start in self.starts[use.index]:
                    by_run[start.run.leaves].append(start.lit)
        for lits in by_run.values():
            self.store.at_most_one(lits)
        for one, other in pairwise(copies):
            first = [self.taken[use.index] for use in one]
            for use in other:
                self.store.clause(first, given=(self.taken[use.index],))

    def candidates(self) -> Iterable[Use]:
        """Return the uses that a plan may add."""
        return (use for use in self.compiled.uses if use.is_candidate)

    def named(self, code: str) -> tuple[Use, ...]:
        """Return the uses that answer to a code."""
        return tuple(self._named.get(code, ()))

    def leaves_between(self, after: dt.date, before: dt.date) -> list[int]:
        """Return the leaf periods in which something could run that overlap two days."""
        leaves = self.calendar.leaves
        found = {*self._by_leaf, *(leaf for _, mine in self.open for leaf in mine)}
        return sorted(i for i in found if leaves[i].end >= after and leaves[i].start < before)

    def term_of(self, run: Run) -> int:
        """Return the index of the term that a run is registered in."""
        return self._spans[run.leaves].term

    def planned_credits(self, term: int) -> list[Term]:
        """Return the steps of credit planned in a term, as one variable."""
        if term not in self._credits:
            starts = self.in_term(term)
            self._credits[term] = []
            if starts:
                total = self.store.new_sum(self.credit_sums(term))
                steps = self.compiled.use_steps
                terms: list[Term] = [(s.lit, steps[s.use.index]) for s in starts]
                self.store.linear([*terms, (total, -1)], 0, 0)
                self._credits[term] = [(total, 1)]
        return self._credits[term]

    def credit_sums(self, term: int) -> list[int]:
        """Return the steps of credit that can be planned in a term, ascending from 0."""
        if term not in self._credit_sums:
            steps = self.compiled.use_steps
            by_use = {s.use.index: steps[s.use.index] for s in self.in_term(term)}
            most = min(sum(by_use.values()), self.rooms.get(term, MOST_STEPS))
            self._credit_sums[term] = sums_of(by_use.values(), most)
        return self._credit_sums[term]

    def terms_planned(self) -> list[int]:
        """Return the indexes of the terms in which something can be planned."""
        return sorted(self._by_term)

    def done_by(
        self, uses: Sequence[Use], day: dt.date, *, part: int | None = None, graded: bool = False
    ) -> Lit:
        """Return the literal that one of these uses is over by a day (grades known, if asked)."""
        key = ("done", tuple(use.index for use in uses), part, graded)
        chain = self._chains.get(key)
        if chain is None:
            events: list[tuple[dt.date, Lit]] = []
            for use in uses:
                events += self._ends(use, part, graded)
            chain = self._chains[key] = Chain(self.store, events)
        return chain.by(day)

    def _ends(self, use: Use, part: int | None, graded: bool) -> list[tuple[dt.date, Lit]]:
        if not use.is_candidate:
            return [(self._recorded_end(use, part, graded), True)]
        return [(self._day(s.run.leaves, part, graded), s.lit) for s in self.starts[use.index]]

    def _recorded_end(self, use: Use, part: int | None, graded: bool) -> dt.date:
        leaves = self.compiled.occupied(use)
        if not leaves:
            return end_of(use.attempt, self.compiled.resolved)
        return self._day(leaves, part, graded)

    def _day(self, leaves: tuple[int, ...], part: int | None, graded: bool) -> dt.date:
        periods = self.calendar.leaves
        if graded and part is None:
            return periods[leaves[-1]].grades_known
        if part is not None and part <= len(leaves):
            return periods[leaves[part - 1]].end
        return self._spans[leaves].last

    def stands(self, use: Use) -> Lit:
        """Return the literal that nothing planned takes the credit of a use on record away."""
        losses = self.lost_to(use)
        return negate(self.either(("lost", use.index), losses)) if losses else True

    def lost_to(self, use: Use) -> list[Lit]:
        """Return the literals of which each takes the credit of a use on record away."""
        again = [self.taken[index] for index in self.compiled.retakes.get(use.index, ())]
        return [*again, *self.losses.get(use.index, ())]

    def totals(
        self,
        key: object,
        weights: Callable[[Use], int],
        *,
        graded: bool = False,
        lasting: Container[int] = (),
    ) -> Totals:
        """Return the running total of a weight over what is over by a day.

        What a second try replaces counts no more, but for the uses that are `lasting`.
        """
        found = self._sums.get((key, graded))
        if found is None:
            events: list[tuple[dt.date, int, Lit]] = []
            for use in self.compiled.uses:
                weight = weights(use)
                if weight:
                    stands = True if use.index in lasting else self.stands(use)
                    for day, lit in self._ends(use, None, graded):
                        events.append((day, weight, stands if lit is True else lit))
            found = self._sums[key, graded] = Totals(self.store, events)
        return found

    def ends_after(self, day: dt.date) -> Lit:
        """Return the literal that some planned or open attempt ends after a day."""
        chain = self._chains.get("late")
        if chain is None:
            # running backwards: by the day FAR - (end), "has ended after" grows with earlier days
            events = [(_mirror(s.last), s.lit) for s in self.planned]
            events += [
                (_mirror(end_of(use.attempt, self.compiled.resolved)), True) for use, _ in self.open
            ]
            chain = self._chains["late"] = Chain(self.store, events)
        return chain.by(_mirror(day + dt.timedelta(days=1)))

    def one_ends_after(self, uses: Sequence[Use], day: dt.date) -> Lit:
        """Return the literal that one of these uses ends after a day."""
        key = ("late", *(use.index for use in uses))
        chain = self._chains.get(key)
        if chain is None:
            events = [(_mirror(s.last), s.lit) for use in uses for s in self.starts[use.index]]
            events += [
                (_mirror(end_of(use.attempt, self.compiled.resolved)), True)
                for use in uses
                if self.compiled.occupied(use)
            ]
            chain = self._chains[key] = Chain(self.store, events)
        return chain.by(_mirror(day + dt.timedelta(days=1)))

    def starts_by(self, day: dt.date) -> Lit:
        """Return the literal that some attempt here has started by a day."""
        chain = self._chains.get("begun")
        if chain is None:
            events = [(s.first, s.lit) for s in self.planned]
            resolved = self.compiled.resolved
            events += [
                (start_of(attempt, resolved), True)
                for attempt in self.compiled.record.attempts
                if attempt.periods and attempt.status is not AttemptStatus.WITHDRAWN
            ]
            chain = self._chains["begun"] = Chain(self.store, events)
        return chain.by(day)

    def occupying(self, leaf: int) -> list[Start]:
        """Return the starts that occupy a leaf period."""
        return self._by_leaf.get(leaf, [])

    def in_term(self, term: int) -> list[Start]:
        """Return the starts that are registered in a term."""
        return self._by_term.get(term, [])

    def occupied(self, leaf: int) -> Lit:
        """Return the literal that something planned or open runs in a leaf period."""
        if ("occupied", leaf) not in self._cache:
            lits: list[Lit] = [start.lit for start in self.occupying(leaf)]
            lits += [True for _, leaves in self.open if leaf in leaves]
            self._cache["occupied", leaf] = self.store.any_of(lits)
        return self._cache["occupied", leaf]

    def planned_in_term(self, term: int) -> Lit:
        """Return the literal that something planned is registered in a term."""
        if ("term", term) not in self._cache:
            lits = [start.lit for start in self.in_term(term)]
            self._cache["term", term] = self.store.any_of(lits)
        return self._cache["term", term]

    def planned_in_leaf(self, leaf: int) -> Lit:
        """Return the literal that something planned is registered in a session."""
        if ("leaf", leaf) not in self._cache:
            lits = [s.lit for s in self.occupying(leaf) if s.run.leaves[0] == leaf]
            self._cache["leaf", leaf] = self.store.any_of(lits)
        return self._cache["leaf", leaf]

    def either(self, key: object, lits: Sequence[Lit]) -> Lit:
        """Return a literal exact for `any of lits`, made once per key."""
        if key not in self._cache:
            self._cache[key] = self.store.any_of(lits)
        return self._cache[key]


def _mirror(day: dt.date) -> dt.date:
    """Return a day counted backwards, so that later days come first."""
    return dt.date.fromordinal(max(1, FAR.toordinal() - day.toordinal()))
