"""Enrolment: registered loads, durations, locked sequences."""

from __future__ import annotations

import calendar
import datetime as dt
from collections import defaultdict
from fractions import Fraction

from prospectus.domain.rule import Load
from prospectus.planning.verifying.facts import Piece
from prospectus.planning.verifying.order import Order
from prospectus.planning.verifying.program import Sum


class Loads:
    """The rows of the enrolment rules."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.facts = order.facts
        self.program = order.program
        self.taken = order.taken
        self.planned = order.planned
        self.left_out = order.left_out
        self._enrolment()

    def _enrolment(self) -> None:
        rules = self.facts.resolved.program.enrolment
        for load in rules.loads:
            if not self.facts.is_excepted(str(load.header.id)):
                self._load(load)
        if rules.gap_months is not None:
            self.left_out.add("the longest gap")
        if rules.min_months is not None:
            self.left_out.add("the least duration")
        if rules.max_months is not None:
            self._duration(rules.max_months)
        place = {code: n for n, step in enumerate(rules.locked_sequence) for code in step}
        ordered = [piece for piece in self.planned if piece.code in place]
        for later in ordered:
            total = Sum().add(self.taken[later.index])
            by_code: dict[str, list[int]] = defaultdict(list)
            for earlier in ordered:
                if place[earlier.code] < place[later.code] and earlier.end > later.start:
                    by_code[earlier.code].append(self.taken[earlier.index])
            for columns in by_code.values():
                self.program.keep(Sum().plus(total).plus(Sum.of(columns)), high=1)

    def _duration(self, months: int) -> None:
        if self.facts.matriculation is None:
            self.left_out.add("the longest duration")
            return
        last = _months_after(self.facts.matriculation, months)
        for piece in self.planned:
            if piece.end > last:
                self.program.keep(Sum().add(self.taken[piece.index]), high=0)

    def _load(self, load: Load) -> None:
        leaves = self.facts.resolved.calendar.leaves
        mine = [p for p in self.planned if self.facts.matches(load.of, p) is not False]
        past = [p for p in self.facts.enrolled if self.facts.matches(load.of, p) is not False]
        by_leaf: dict[int, list[Piece]] = defaultdict(list)
        for piece in mine:
            for leaf in piece.leaves:
                by_leaf[leaf].append(piece)
        for inside in self.facts.periods_of(load):
            here = {p.index: p for leaf in inside for p in by_leaf[leaf]}
            before = [p for p in past if set(p.leaves) & inside]
            start = min(leaves[leaf].start for leaf in inside)
            end = max(leaves[leaf].end for leaf in inside)
            free: Sum | bool = False
            if load.unless is not None and (here or self._binds_least(load, start)):
                free = self.order.ask(load.unless, start)
            if free is True:
                continue
            for size, in_credits in ((load.credits, True), (load.courses, False)):
                if size is None:
                    continue
                total = Sum()
                for piece in (*before, *here.values()):
                    column = self.taken.get(piece.index)
                    total.add(column, piece.credits if in_credits else 1)
                if size.high is not None:
                    self._at_most(total, size.high, free)
                if size.low > 0 and start >= self.facts.today:
                    self._at_least(total, size.low, start, end, free)

    def _binds_least(self, load: Load, start: dt.date) -> bool:
        lows = (size.low for size in (load.credits, load.courses) if size is not None)
        return any(low > 0 for low in lows) and start >= self.facts.today

    def _at_most(self, total: Sum, high: Fraction, free: Sum | bool) -> None:
        """Keep a most; what is on record already leaves no less than no room."""
        room = max(Fraction(0), high - total.constant)
        planned = Sum(factors=dict(total.factors))
        if isinstance(free, Sum):
            state = self.program.column()
            self.program.under(state, free)
            planned.add(state, -max(Fraction(0), self.program.most(planned) - room))
        self.program.keep(planned, high=room)

    def _at_least(
        self, total: Sum, low: Fraction, start: dt.date, end: dt.date, free: Sum | bool
    ) -> None:
        """Keep a least in a period between the first start and conferral."""
        asked = Sum(constant=-low)
        begun = any(piece.start <= start for piece in self.facts.enrolled)
        goes_on = self.facts.ends_alone >= end and bool(self.facts.recorded)
        for is_sure, pieces in (
            (begun, [p for p in self.planned if p.start <= start]),
            (goes_on, [p for p in self.planned if p.end >= end]),
        ):
            if is_sure:
                asked.add(None, low)
                continue
            state = self.program.column()
            for piece in pieces:
                column = self.taken[piece.index]
                self.program.keep(Sum().add(state).add(column, -1), low=0)
            asked.add(state, low)
        if isinstance(free, Sum):
            state = self.program.column()
            self.program.under(state, free)
            asked.add(state, -low)
        self.program.keep(Sum().plus(total).plus(asked, -1), low=0)


def _months_after(day: dt.date, months: int) -> dt.date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, last))
