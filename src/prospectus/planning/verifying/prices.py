"""What planned pieces cost, as sums by calendar year."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction
from math import lcm

from prospectus.domain.fees import Fee, FeePer
from prospectus.domain.period import Period
from prospectus.domain.record import CreditSource
from prospectus.planning.verifying.facts import Facts, Piece
from prospectus.planning.verifying.program import Program, Sum

_BY_COURSE = (FeePer.CREDIT, FeePer.COURSE)
_FOR_ALL = (FeePer.PROGRAM, FeePer.ONCE, FeePer.TRANSFER_COURSE)


class Prices:
    """The least that each calendar year costs; `left_out` names fees that are not followed."""

    def __init__(
        self,
        facts: Facts,
        program: Program,
        taken: dict[int, int],
        left_out: set[str],
        growth: Fraction | None = None,
    ) -> None:
        self.growth = growth or Fraction(0)
        self.facts = facts
        self.program = program
        self.taken = taken
        self.left_out = left_out
        self.calendar = facts.resolved.calendar
        self.by_year: dict[int, Sum] = defaultdict(Sum)
        self.planned = [p for p in facts.planned if p.index in taken]
        self.by_term: dict[int, list[Piece]] = defaultdict(list)
        self.by_leaf: dict[int, list[Piece]] = defaultdict(list)
        for piece in self.planned:
            self.by_term[self.calendar.term_of[piece.leaves[0]]].append(piece)
            self.by_leaf[piece.leaves[0]].append(piece)
        self._used: dict[tuple[str, int], int] = {}
        self.unit = lcm(*(p.credits.denominator for p in (*self.planned, *facts.recorded)), 1)
        groups: dict[tuple[object, ...], list[Fee]] = defaultdict(list)
        for fee in facts.resolved.fees:
            groups[fee.id, fee.seasons, fee.delivery, fee.of].append(fee)
        for rows in groups.values():
            self._fee(rows)

    @property
    def total(self) -> Sum:
        """Return the least cost in all, in minor units."""
        found = Sum()
        for year in self.by_year.values():
            found.plus(year)
        return found

    def _valid(self, rows: list[Fee], day: dt.date) -> Fee:
        """Return the row valid on a day, else the nearest one before it, grown as said."""
        for fee in rows:
            if (fee.valid_from or day) <= day <= (fee.valid_to or day):
                return fee
        ended = [fee for fee in rows if fee.valid_to is not None and fee.valid_to < day]
        if ended:
            found = max(ended, key=lambda fee: fee.valid_to or day)
        else:
            found = min(rows, key=lambda fee: fee.valid_from or day)
        return found.grown(self.growth, day)

    def _fee(self, rows: list[Fee]) -> None:
        match rows[0].per:
            case FeePer.CREDIT | FeePer.COURSE:
                for term, pieces in sorted(self.by_term.items()):
                    self._each(rows, self.calendar.terms[term], pieces)
            case FeePer.SESSION:
                for leaf, pieces in sorted(self.by_leaf.items()):
                    period = self.calendar.leaves[leaf]
                    past = [p for p in self.facts.enrolled if p.leaves[0] == leaf]
                    self._period(rows, period, ("leaf", leaf), pieces, past)
            case FeePer.TERM | FeePer.MONTH:
                for term, pieces in sorted(self.by_term.items()):
                    period = self.calendar.terms[term]
                    past = self._past(term)
                    self._period(rows, period, ("term", term), pieces, past)
            case FeePer.YEAR:
                self._years(rows)
            case FeePer.PROGRAM | FeePer.ONCE | FeePer.TRANSFER_COURSE:
                self._once(rows)

    def _past(self, term: int) -> list[Piece]:
        return [p for p in self.facts.enrolled if self.calendar.term_of[p.leaves[0]] == term]

    def _each(self, rows: list[Fee], period: Period, pieces: Iterable[Piece]) -> None:
        fee = self._valid(rows, period.start)
        if not _in_season(fee, period):
            return
        for piece in pieces:
            if self.facts.matches(fee.of, piece) is not True or not self._is_taught(fee, piece):
                continue
            times = piece.credits if fee.per is FeePer.CREDIT else Fraction(1)
            amounts = [tier.amount.minor for tier in fee.tiers]
            if fee.amount is not None:
                amounts.append(fee.amount.minor)
            if not amounts:
                continue
            if fee.tiers:
                self.left_out.add(f"the tiers of fee {fee.id}")
                amounts = [min(amounts)] if fee.amount is not None else [0]
            due = min(amounts) * times
            if due.denominator != 1:
                self.left_out.add(f"the rounding of fee {fee.id}")
            self.by_year[_due(fee, period)].add(self.taken[piece.index], int(due // 1))

    def _is_taught(self, fee: Fee, piece: Piece) -> bool:
        return not fee.delivery or bool(self.facts.values("delivery", piece) & fee.delivery)

    def _state(self, name: str, number: int, pieces: Iterable[Piece]) -> int:
        """Return a column that is 1 where one of some pieces is taken."""
        if (name, number) not in self._used:
            column = self._used[name, number] = self.program.column()
            for piece in pieces:
                self.program.keep(Sum().add(column).add(self.taken[piece.index], -1), low=0)
        return self._used[name, number]

    def _period(
        self,
        rows: list[Fee],
        period: Period,
        place: tuple[str, int],
        pieces: list[Piece],
        past: list[Piece],
    ) -> None:
        """Add what a period costs where something planned begins in it, by its tiers."""
        fee = self._valid(rows, period.start)
        if fee.is_unknown or not _in_season(fee, period):
            return
        times = _months(period) if fee.per is FeePer.MONTH else 1
        used = self._state(*place, pieces)
        due = self.by_year[_due(fee, period)]
        credits = Sum(constant=sum((p.credits for p in past), Fraction(0)))
        for piece in pieces:
            credits.add(self.taken[piece.index], piece.credits)
        below = 0 if fee.amount is None else fee.amount.minor
        due.add(used, below * times)
        most = self.program.most(credits)
        for tier in sorted(fee.tiers, key=lambda tier: tier.from_credits):
            step = (tier.amount.minor - below) * times
            below = tier.amount.minor
            if most < tier.from_credits:
                continue
            reached = self.program.column()
            if step >= 0:
                room = most - tier.from_credits + Fraction(1, self.unit)
                gone = Sum().plus(credits).add(reached, -room).add(used, room)
                high = tier.from_credits - Fraction(1, self.unit) + room
                self.program.keep(gone, high=high)
            else:
                self.program.keep(Sum().plus(credits).add(reached, -tier.from_credits), low=0)
                self.program.keep(Sum().add(used).add(reached, -1), low=0)
            due.add(reached, step)

    def _years(self, rows: list[Fee]) -> None:
        """Add what a calendar year of terms costs: once, with the first term that is planned."""
        years: dict[int, list[int]] = defaultdict(list)
        for term in self.by_term:
            years[self.calendar.terms[term].start.year].append(term)
        for year, terms in sorted(years.items()):
            pieces = [piece for term in terms for piece in self.by_term[term]]
            self._first_of(rows, terms, ("year", year), pieces, 1)

    def _once(self, rows: list[Fee]) -> None:
        """Add what is paid once, with the first term that is planned."""
        if any(p.attempt.source is CreditSource.HOME for p in self.facts.recorded):
            return
        times = 1
        if rows[0].per is FeePer.TRANSFER_COURSE:
            brought = [p for p in self.facts.recorded if p.attempt.source is CreditSource.TRANSFER]
            times = sum(self.facts.matches(rows[0].of, p) is True for p in brought)
        self._first_of(rows, sorted(self.by_term), ("all", 0), self.planned, times)

    def _first_of(
        self,
        rows: list[Fee],
        terms: list[int],
        place: tuple[str, int],
        pieces: list[Piece],
        times: int,
    ) -> None:
        """Add a fee of the first term of some: the least of theirs, where they differ."""
        found: set[tuple[int, int]] = set()
        for term in terms:
            period = self.calendar.terms[term]
            fee = self._valid(rows, period.start)
            amount = 0
            if fee.tiers:
                self.left_out.add(f"the tiers of fee {fee.id}")
            elif fee.amount is not None and _in_season(fee, period):
                amount = fee.amount.minor * times
            found.add((amount, _due(fee, period)))
        if not found:
            return
        least = min(amount for amount, _ in found)
        if len({amount for amount, _ in found}) > 1:
            self.left_out.add(f"the first term of fee {rows[0].id}")
        used = self._state(*place, pieces)
        years = {year for _, year in found}
        if len(years) > 1:
            # due in one of several years: it counts in the total, and in none of them
            self.by_year[0].add(used, least)
        else:
            self.by_year[years.pop()].add(used, least)


def _in_season(fee: Fee, period: Period) -> bool:
    return not fee.seasons or period.season in fee.seasons


def _due(fee: Fee, period: Period) -> int:
    return (period.start + dt.timedelta(days=fee.due_days)).year


def _months(period: Period) -> int:
    return (period.end.year - period.start.year) * 12 + period.end.month - period.start.month + 1
