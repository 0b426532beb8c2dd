"""The levels of the objective as sums over the second formulation."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

from prospectus.domain.expression import And, Done, Expression, NOf, Not, Or, Soft
from prospectus.domain.student import Level, Wishes
from prospectus.planning.verifying.facts import Facts, Piece
from prospectus.planning.verifying.prices import Prices
from prospectus.planning.verifying.program import Program, Sum

CREDITS = "credits"
"""The level after the person's own: the fewest credits."""

_NAMES = frozenset({CREDITS, *(level.value for level in Level)})


class Levels:
    """Sums whose least value is a least value of each level."""

    def __init__(
        self,
        facts: Facts,
        program: Program,
        taken: dict[int, int],
        wishes: Wishes,
        prices: Prices,
    ) -> None:
        self.facts = facts
        self.program = program
        self.taken = taken
        self.wishes = wishes
        self.prices = prices
        self.leaves = facts.resolved.calendar.leaves
        self.planned = [p for p in facts.planned if p.index in taken]
        self.by_leaf: dict[int, list[Piece]] = defaultdict(list)
        for piece in self.planned:
            for leaf in piece.leaves:
                self.by_leaf[leaf].append(piece)
        self._touched: dict[int, int] = {}
        self._known: dict[str, Sum | None] = {}

    def of(self, level: str) -> Sum | None:
        """Return the sum of a level, None where this formulation does not have it."""
        if level not in self._known:
            self._known[level] = self._of(level)
        return self._known[level]

    def _of(self, level: str) -> Sum | None:
        if level not in _NAMES:
            return None
        if level == CREDITS:
            return self._each({p.index: p.credits for p in self.planned})
        match Level(level):
            case Level.COST:
                return self.prices.total
            case Level.PEAK:
                return self._peak()
            case Level.TOPICS:
                return self._topics()
            case Level.HOURS:
                return self._each({p.index: self._work(p) for p in self.planned})
            case Level.LIVE:
                return self._each({p.index: Fraction(p.live_minutes) for p in self.planned})
            case Level.PREFERENCE:
                return self._preference()
            case Level.SPARE:
                return self._spare()
            case Level.SPREAD:
                return self._spread()
            case Level.TOXIC:
                return self._toxic()
            case Level.CHANGE:
                return self._change()
            case Level.DISTANCE:
                return self._distance()
            case Level.TRADE:
                return self._trade()
            case _:
                return None

    def _each(self, weights: dict[int, Fraction]) -> Sum:
        total = Sum()
        for index, weight in weights.items():
            total.add(self.taken[index], weight)
        return total

    def _work(self, piece: Piece) -> Fraction:
        return Fraction((piece.hours or 0) * sum(self.leaves[i].n_weeks for i in piece.leaves))

    def _load(self, leaf: int) -> Sum:
        """Return the weekly hours of a leaf period, of what runs included."""
        running = (p.hours or 0 for p in self.facts.running if leaf in p.leaves)
        total = Sum(constant=Fraction(sum(running)))
        for piece in self.by_leaf[leaf]:
            total.add(self.taken[piece.index], piece.hours or 0)
        return total

    def _most_hours(self) -> int:
        mosts = [self.program.most(self._load(leaf)) for leaf in list(self.by_leaf)]
        return int(max(mosts, default=Fraction(0)))

    def _peak(self) -> Sum:
        occupied = {leaf for piece in self.facts.running for leaf in piece.leaves}
        peak = self.program.column(0, self._most_hours() + self._running_most())
        for leaf in occupied | set(self.by_leaf):
            self.program.keep(Sum().add(peak).plus(self._load(leaf), -1), low=0)
        return Sum().add(peak)

    def _running_most(self) -> int:
        return sum(piece.hours or 0 for piece in self.facts.running)

    def _topics(self) -> Sum:
        total = Sum()
        for topic in self.wishes.wanted_topics:
            word = topic.casefold()
            if any(p.might_earn and word in p.topics for p in self.facts.recorded):
                continue
            covering = [p for p in self.planned if p.earns and word in p.topics]
            missing = self.program.column()
            total.add(missing)
            covered = Sum.of(self.taken[p.index] for p in covering)
            self.program.keep(covered.add(missing), low=1)
        return total

    def _preference(self) -> Sum:
        total = Sum()
        for code, points in self.wishes.preferences:
            if self.facts.had(code):
                continue
            mine = [self.taken[p.index] for p in self.planned if code in p.names]
            state = self.program.column()
            total.add(state, abs(points))
            if points > 0:
                self.program.keep(Sum.of(mine).add(state), low=1)
            else:
                for column in mine:
                    self.program.keep(Sum().add(state).add(column, -1), low=0)
        return total

    def _touch(self, leaf: int) -> int:
        """Return a column that is 1 where something planned runs in a leaf period."""
        if leaf not in self._touched:
            column = self._touched[leaf] = self.program.column()
            for piece in self.by_leaf[leaf]:
                self.program.keep(Sum().add(column).add(self.taken[piece.index], -1), low=0)
        return self._touched[leaf]

    def _spare(self) -> Sum:
        usual = self.wishes.hours_per_week
        if usual is None:
            return Sum()
        full = self.program.column(0, usual + self._most_hours())
        for leaf in list(self.by_leaf):
            limit = self.wishes.hours_limit(self.leaves[leaf].start, self.leaves[leaf].end)
            if limit is None:
                continue
            load = self._load(leaf)
            fixed = load.constant + usual - limit
            load.constant = Fraction(0)
            if fixed > 0:
                load.add(self._touch(leaf), fixed)
            else:
                load.add(None, fixed)
            self.program.keep(Sum().add(full).plus(load, -1), low=0)
        return Sum().add(full)

    def _spread(self) -> Sum:
        most = self._most_hours()
        high, low = self.program.column(0, most), self.program.column(0, most)
        self.program.keep(Sum().add(high).add(low, -1), low=0)
        for leaf in list(self.by_leaf):
            load, touched = self._load(leaf), self._touch(leaf)
            free = Sum().add(None, most).add(touched, -most)
            self.program.keep(Sum().add(high).plus(load, -1).plus(free), low=0)
            self.program.keep(Sum().plus(load).add(low, -1).plus(free), low=0)
        return Sum().add(high).add(low, -1)

    def _toxic(self) -> Sum:
        total = Sum()
        for one, other, weight in self.wishes.toxic:
            both = self.program.column()
            total.add(both, weight)
            for pieces in self.by_leaf.values():
                first = [p for p in pieces if one in p.names]
                second = [p for p in pieces if other in p.names]
                for a in first:
                    for b in second:
                        if a.identity != b.identity:
                            columns = (self.taken[a.index], self.taken[b.index])
                            self.program.keep(Sum.of(columns).add(both, -1), high=1)
        return total

    def _change(self) -> Sum:
        """Return the courses of an earlier plan that begin otherwise, and the new ones."""
        previous = self.wishes.previous
        codes = {str(code) for code, _ in previous}
        total = Sum(constant=Fraction(len(previous)))
        for code, period in previous:
            same = self.program.column()
            kept = [p for p in self.planned if code in p.names and p.attempt.periods[0] == period]
            self.program.under(same, Sum.of(self.taken[p.index] for p in kept))
            total.add(same, -1)
        for piece in self.planned:
            if not piece.names & codes:
                total.add(self.taken[piece.index])
        return total

    def _distance(self) -> Sum | None:
        """Return the terms between courses and what their requisites name, where both are taken."""
        if any(piece.is_repeatable for piece in self.planned):
            return None
        by_code: dict[str, list[Piece]] = defaultdict(list)
        for piece in self.planned:
            by_code[piece.code].append(piece)
        term_of = self.facts.resolved.calendar.term_of
        terms = {p.index: term_of[p.leaves[0]] for p in self.planned}
        first, last = min(terms.values(), default=0), max(terms.values(), default=0)
        total = Sum()
        for code, mine in by_code.items():
            named = _named(mine[0].requisite)
            for other, theirs in by_code.items():
                if other == code or not theirs[0].names & named:
                    continue
                apart = self.program.column(0, last - first)
                row = Sum(constant=Fraction(last - first)).add(apart)
                for piece in mine:
                    row.add(self.taken[piece.index], first - terms[piece.index])
                for piece in theirs:
                    row.add(self.taken[piece.index], terms[piece.index] - last)
                self.program.keep(row, low=0)
                total.add(apart)
        return total

    def _trade(self) -> Sum | None:
        """Return what levels are worth together; the finish in days from the first day planned."""
        total = Sum()
        for level, worth in self.wishes.trade:
            own = self._days() if level is Level.FINISH else self.of(level.value)
            if own is None and worth:
                return None
            if own is not None:
                total.plus(own, worth)
        return total

    def _days(self) -> Sum:
        origin = self.facts.student.plan_from
        ends = [(piece.end - origin).days for piece in self.planned]
        alone = (self.facts.ends_alone - origin).days
        base = alone if self.facts.recorded else min([alone, *ends])
        last = self.program.column(base, max([base, *ends]))
        for piece in self.planned:
            days = (piece.end - origin).days
            row = Sum().add(last).add(None, -base).add(self.taken[piece.index], base - days)
            self.program.keep(row, low=0)
        return Sum().add(last)


def _named(item: Expression | None) -> frozenset[str]:
    """Return the course codes that an expression names outright."""
    match item:
        case Done():
            return frozenset({item.code})
        case And() | Or() | NOf():
            return frozenset[str]().union(*(_named(part) for part in item.items))
        case Not() | Soft():
            return _named(item.item)
        case _:
            return frozenset()
