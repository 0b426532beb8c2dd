"""Levels of the objective beyond finish, cost, peak and topics: their sums and their values."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations

from prospectus.domain.course import CourseCode
from prospectus.domain.offering import Run
from prospectus.domain.student import Level, Student
from prospectus.legality.compiled import Compiled
from prospectus.legality.store import Lit, Term, negate
from prospectus.legality.uses import Use
from prospectus.legality.variables import Start, Variables
from prospectus.planning.offers import codes_named
from prospectus.planning.wishes import WishRules, hours_of
from prospectus.planning.wishes_about import is_had

Planned = Sequence[tuple[Use, Run]]
"""The uses of a finished plan with their runs."""

_DAYS = 7


class MoreLevels:
    """The sums of these levels over one model."""

    def __init__(self, variables: Variables, wishes: WishRules, student: Student) -> None:
        self.variables = variables
        self.store = variables.store
        self.compiled = variables.compiled
        self.loads = wishes.loads
        self.student = student

    def terms(self, level: Level) -> list[Term]:
        """Return the sum of a level."""
        match level:
            case Level.HOURS:
                return self._each(lambda use, run: work(use, run, self.compiled))
            case Level.LIVE:
                return self._each(lambda use, run: live_minutes(run, self.compiled))
            case Level.PREFERENCE:
                return self._preference()
            case Level.SPARE:
                return self._spare()
            case Level.SPREAD:
                return self._spread()
            case Level.DISTANCE:
                return self._distance()
            case Level.CHANGE:
                return self._change()
            case _:
                return self._toxic()

    def _each(self, weight: Callable[[Use, Run], int]) -> list[Term]:
        return [(start.lit, weight(start.use, start.run)) for start in self.variables.planned]

    def _preference(self) -> list[Term]:
        terms: list[Term] = []
        for code, points in self.student.wishes.preferences:
            if is_had(self.compiled, code):
                continue
            uses = [use for use in self.variables.named(code) if use.is_candidate]
            taken = self.store.any_of([self.variables.taken[use.index] for use in uses])
            terms.append((negate(taken) if points > 0 else taken, abs(points)))
        return terms

    def _spare(self) -> list[Term]:
        """Return what is not free of the usual hours in the fullest period that is touched."""
        wishes, leaves = self.student.wishes, self.variables.calendar.leaves
        usual = wishes.hours_per_week
        if usual is None:
            return []
        most = max((sum(hours for _, hours in terms) for terms in self.loads.values()), default=0)
        taken = self.store.new_int(0, usual + most)
        for leaf, terms in self.loads.items():
            limit = wishes.hours_limit(leaves[leaf].start, leaves[leaf].end)
            if limit is not None:
                given = (self._touched(leaf),)
                self.store.linear([(taken, 1), *negative(terms)], usual - limit, None, given=given)
        return [(taken, 1)]

    def _spread(self) -> list[Term]:
        most = max((sum(hours for _, hours in terms) for terms in self.loads.values()), default=0)
        high, low = self.store.new_int(0, most), self.store.new_int(0, most)
        self.store.linear([(high, 1), (low, -1)], 0, None)
        for leaf, terms in self.loads.items():
            given = (self._touched(leaf),)
            self.store.linear([(high, 1), *negative(terms)], 0, None, given=given)
            self.store.linear([*terms, (low, -1)], 0, None, given=given)
        return [(high, 1), (low, -1)]

    def _touched(self, leaf: int) -> Lit:
        """Return the literal that something planned runs in a leaf period."""
        lits = [start.lit for start in self.variables.occupying(leaf)]
        return self.variables.either(("touched", leaf), lits)

    def _distance(self) -> list[Term]:
        terms: list[Term] = []
        candidates = [use for use in self.compiled.uses if use.is_candidate]
        span = len(self.variables.calendar.terms)
        for use in candidates:
            names = names_needed(use)
            for other in candidates:
                if other.identity == use.identity or not other.names & names:
                    continue
                apart = self.store.new_int(0, span)
                both = (self.variables.taken[use.index], self.variables.taken[other.index])
                mine = [(s.lit, self._term(s)) for s in self.variables.starts[use.index]]
                before = [(s.lit, -self._term(s)) for s in self.variables.starts[other.index]]
                self.store.linear([(apart, -1), *mine, *before], None, 0, given=both)
                terms.append((apart, 1))
        return terms

    def _term(self, start: Start) -> int:
        return self.variables.term_of(start.run)

    def _change(self) -> list[Term]:
        previous, leaves = self.student.wishes.previous, self.variables.calendar.leaves
        terms: list[Term] = []
        for code, period in previous:
            kept = [
                start.lit
                for use in self.variables.named(code)
                for start in self.variables.starts[use.index]
                if leaves[start.run.leaves[0]].id == period
            ]
            terms.append((negate(self.store.any_of(kept)), 1))
        codes = {str(code) for code, _ in previous}
        new = (use for use in self.variables.candidates() if not use.names & codes)
        return terms + [(self.variables.taken[use.index], 1) for use in new]

    def _toxic(self) -> list[Term]:
        terms: list[Term] = []
        for one, other, weight in self.student.wishes.toxic:
            both = self.store.new_bool()
            for leaf in self.loads:
                here = self._in_leaf(one, leaf), self._in_leaf(other, leaf)
                self.store.clause((both,), given=here)
            terms.append((both, weight))
        return terms

    def _in_leaf(self, code: CourseCode, leaf: int) -> Lit:
        lits = [s.lit for s in self.variables.occupying(leaf) if code in s.use.names]
        return self.variables.either(("in leaf", code, leaf), lits)


def level_values(
    plan: Planned,
    loads: Mapping[int, int],
    variables: Variables,
    student: Student,
    known: Mapping[Level, int | None],
) -> dict[Level, int | None]:
    """Return every level of a finished plan, computed without the solver.

    `loads` are the weekly hours by leaf period, of what runs included; `known` the values of
    goals, finish, cost, peak and topics.
    """
    compiled, wishes = variables.compiled, student.wishes
    touched = sorted({leaf for _, run in plan for leaf in run.leaves})
    here = [loads.get(leaf, 0) for leaf in touched]
    names = {name for use, _ in plan for name in use.names}
    found = {
        **known,
        Level.HOURS: sum(work(use, run, compiled) for use, run in plan),
        Level.LIVE: sum(live_minutes(run, compiled) for _, run in plan),
        Level.PREFERENCE: sum(
            abs(points)
            for code, points in wishes.preferences
            if (code in names) is not (points > 0) and not is_had(compiled, code)
        ),
        Level.SPARE: _not_spare(touched, loads, variables, student),
        Level.SPREAD: max(here) - min(here) if here else 0,
        Level.DISTANCE: sum(_distances(plan, variables)),
        Level.TOXIC: _toxic(plan, student),
        Level.CHANGE: _changes(plan, variables, student),
    }
    found[Level.TRADE] = _trade(found, student)
    return found


def _trade(found: Mapping[Level, int | None], student: Student) -> int | None:
    total = 0
    for level, worth in student.wishes.trade:
        value = found[level]
        if value is None:
            return None
        total += worth * (value - traded_from(level, student))
    return total


def traded_from(level: Level, student: Student) -> int:
    """Return the value from which a traded level is counted: for the finish the first day."""
    return student.plan_from.toordinal() if level is Level.FINISH else 0


def work(use: Use, run: Run, compiled: Compiled) -> int:
    """Return the hours of work of a planned course in all."""
    leaves = compiled.resolved.calendar.leaves
    weeks = sum(leaves[leaf].n_weeks for leaf in run.leaves)
    return (hours_of(use, run.leaves, compiled) or 0) * weeks


def live_minutes(run: Run, compiled: Compiled) -> int:
    """Return the minutes of mandatory live sessions of a run in all."""
    leaves = compiled.resolved.calendar.leaves
    return sum(
        session.minutes * _meetings(session.weekday, leaves[leaf].start, leaves[leaf].end)
        for session in run.live
        if session.mandatory
        for leaf in run.leaves
    )


def _meetings(weekday: int, first: dt.date, last: dt.date) -> int:
    days = (first + dt.timedelta(days=n) for n in range((last - first).days + 1))
    return sum(day.weekday() == weekday for day in days)


def _not_spare(
    touched: Sequence[int], loads: Mapping[int, int], variables: Variables, student: Student
) -> int:
    usual, leaves = student.wishes.hours_per_week, variables.calendar.leaves
    if usual is None:
        return 0
    least = usual
    for leaf in touched:
        limit = student.wishes.hours_limit(leaves[leaf].start, leaves[leaf].end)
        if limit is not None:
            least = min(least, limit - loads.get(leaf, 0))
    return usual - least


def names_needed(use: Use) -> frozenset[str]:
    """Return the courses that the requisite of a use's course names."""
    requisite = None if use.course is None else use.course.requisite
    return frozenset() if requisite is None else codes_named(requisite)


def _distances(plan: Planned, variables: Variables) -> Iterator[int]:
    for use, run in plan:
        names = names_needed(use)
        for other, before in plan if names else ():
            if other.identity != use.identity and other.names & names:
                yield max(0, variables.term_of(run) - variables.term_of(before))


def _toxic(plan: Planned, student: Student) -> int:
    together: dict[tuple[str, str], bool] = defaultdict(bool)
    for (one, first), (other, second) in combinations(plan, 2):
        if set(first.leaves) & set(second.leaves):
            for a in one.names:
                for b in other.names:
                    together[a, b] = together[b, a] = True
    return sum(weight for a, b, weight in student.wishes.toxic if together[a, b])


def _changes(plan: Planned, variables: Variables, student: Student) -> int:
    previous, leaves = student.wishes.previous, variables.calendar.leaves
    begun = {(name, str(leaves[run.leaves[0]].id)) for use, run in plan for name in use.names}
    codes = {str(code) for code, _ in previous}
    moved = sum((code, period) not in begun for code, period in previous)
    return moved + sum(not use.names & codes for use, _ in plan)


def negative(terms: Sequence[Term]) -> list[Term]:
    """Return a sum with its sign turned."""
    return [(lit, -weight) for lit, weight in terms]
