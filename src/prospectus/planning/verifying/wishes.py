"""The person's musts: pieces that they rule out, and rows that they keep."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise

from prospectus.domain.program import Visits
from prospectus.domain.student import Wishes
from prospectus.domain.wish import (
    Apart,
    Avoid,
    Before,
    Buffer,
    CourseWish,
    FewHeavy,
    IfApproved,
    Placed,
    StartIn,
    TermCredits,
    Together,
    TopicBy,
    last_day_with_buffer,
)
from prospectus.planning.verifying.facts import Facts, Piece
from prospectus.planning.verifying.prices import Prices
from prospectus.planning.verifying.program import Program, Sum


def is_open(piece: Piece, facts: Facts, wishes: Wishes) -> bool:
    """Return whether no must rules a piece out by itself."""
    leaves = [facts.resolved.calendar.leaves[index] for index in piece.leaves]
    unwanted = {text.casefold() for text in wishes.unwanted_topics}
    limits = [wishes.hours_limit(leaf.start, leaf.end) for leaf in leaves]
    return not (
        any(wishes.is_paused(leaf.start, leaf.end) for leaf in leaves)
        or piece.names & set(wishes.unwanted)
        or piece.topics & unwanted
        or piece.share < wishes.min_offering_share
        or (wishes.free is not None and not piece.fits_live)
        or (wishes.deadline is not None and piece.end > wishes.deadline)
        or (piece.hours is None and any(limit is not None for limit in limits))
        or any(_rules_out(wish, piece, facts, wishes) for wish in wishes.about)
    )


def _rules_out(wish: object, piece: Piece, facts: Facts, wishes: Wishes) -> bool:
    match wish:
        case Avoid():
            about = facts.resolved.program.delivery
            on_site = about is not None and about.visits is Visits.REQUIRED
            if wish.visits and on_site:
                return True
            return bool(wish.attributes & piece.attributes) or wish.refuses(piece.delivery)
        case Placed():
            inside = wish.first <= piece.start <= wish.last
            return wish.course in piece.names and inside is not wish.inside
        case Buffer():
            if wishes.deadline is None:
                return False
            terms = [(term.start, term.end) for term in facts.resolved.calendar.terms]
            return piece.end > last_day_with_buffer(terms, wishes.deadline, wish.terms)
        case StartIn():
            return not _has_begun(facts) and piece.start < wish.first
        case IfApproved():
            return wish.course in piece.names and not wish.is_granted
        case IfApproved():
            return wish.course in piece.names and not wish.is_granted
        case _:
            return False


def _has_begun(facts: Facts) -> bool:
    return any(bool(piece.attempt.periods) for piece in facts.enrolled)


class Musts:
    """The rows of the wishes that may not be missed."""

    def __init__(
        self,
        facts: Facts,
        program: Program,
        taken: dict[int, int],
        wishes: Wishes,
        prices: Prices,
        left_out: set[str],
    ) -> None:
        self.facts = facts
        self.program = program
        self.taken = taken
        self.wishes = wishes
        self.left_out = left_out
        self.leaves = facts.resolved.calendar.leaves
        self.planned = [p for p in facts.planned if p.index in taken]
        self.by_leaf: dict[int, list[Piece]] = defaultdict(list)
        for piece in self.planned:
            for leaf in piece.leaves:
                self.by_leaf[leaf].append(piece)
        self._limits()
        self._wanted()
        self._budget(prices)
        for wish in wishes.about:
            self._about(wish)

    def sum_of(self, pieces: Iterable[Piece]) -> Sum:
        """Return how many of some planned pieces are taken."""
        return Sum.of(self.taken[piece.index] for piece in pieces)

    def _limits(self) -> None:
        for leaf, pieces in self.by_leaf.items():
            start, end = self.leaves[leaf].start, self.leaves[leaf].end
            running = [p for p in self.facts.running if leaf in p.leaves]
            hours = self.wishes.hours_limit(start, end)
            if hours is not None:
                room = max(0, hours - sum(p.hours or 0 for p in running))
                total = Sum()
                for piece in pieces:
                    total.add(self.taken[piece.index], piece.hours or 0)
                self.program.keep(total, high=room)
            courses = self.wishes.courses_limit(start, end)
            if courses is not None:
                self.program.keep(self.sum_of(pieces), high=max(0, courses - len(running)))

    def _wanted(self) -> None:
        for code in self.wishes.wanted:
            has_it = any(code in p.names and p.might_earn for p in self.facts.recorded)
            if not has_it and not self.facts.had(code):
                self.program.keep(self.sum_of(self._named(code)), low=1)

    def _named(self, code: str) -> list[Piece]:
        return [piece for piece in self.planned if code in piece.names]

    def _budget(self, prices: Prices) -> None:
        if self.wishes.limits_pocket:
            self.left_out.add("out_of_pocket")
        if self.wishes.budget_total is not None:
            self.program.keep(prices.total, high=self.wishes.budget_total.minor)
        if self.wishes.budget_by_year and 0 in prices.by_year:
            self.left_out.add("fees due in one of several years")
        for year, due in prices.by_year.items():
            for limited, most in self.wishes.budget_by_year:
                if year and limited in (None, year):
                    self.program.keep(due, high=most.minor)

    def _about(self, wish: CourseWish) -> None:
        match wish:
            case Apart():
                self._at_once(frozenset(wish.courses), None, 1)
            case FewHeavy():
                self._at_once(wish.courses, wish.hours_from, wish.at_most)
            case Together():
                self._together(wish)
            case Before():
                self._before(wish)
            case TermCredits():
                self._term_credits(wish)
            case TopicBy():
                self._topic_by(wish)
            case StartIn():
                self._start_in(wish)
            case Placed():
                if wish.inside and not self.facts.had(wish.course):
                    self.program.keep(self.sum_of(self._named(wish.course)), low=1)
            case Avoid() | Buffer() | IfApproved():
                # they speak of single pieces, which are closed already
                return
            case _:
                self.left_out.add(wish.id)

    def _at_once(self, courses: Iterable[str], hours_from: int | None, most: int) -> None:
        named = set(courses)

        def concerns(piece: Piece) -> bool:
            if piece.names & named:
                return True
            return hours_from is not None and (piece.hours is None or piece.hours >= hours_from)

        for leaf, pieces in self.by_leaf.items():
            mine = [piece for piece in pieces if concerns(piece)]
            running = sum(leaf in p.leaves and concerns(p) for p in self.facts.running)
            self.program.keep(self.sum_of(mine), high=max(0, most - running))

    def _together(self, wish: Together) -> None:
        asked = [code for code in wish.courses if not self.facts.had(code)]
        pieces = {code: self._named(code) for code in asked}
        everything = [piece for mine in pieces.values() for piece in mine]
        is_odd = any(p.is_repeatable for p in everything) or len(
            {p.index for p in everything}
        ) < len(everything)
        if is_odd or len(asked) < len(wish.courses):
            self.left_out.add(wish.id)
            return
        for leaf in sorted({piece.leaves[0] for piece in everything}):
            here = [self.sum_of(p for p in pieces[code] if p.leaves[0] == leaf) for code in asked]
            for one, other in pairwise(here):
                self.program.keep(Sum().plus(one).plus(other, -1), low=0, high=0)

    def _before(self, wish: Before) -> None:
        running = self.facts.running
        first, then = self._named(wish.first), self._named(wish.then)
        if any(piece.is_repeatable for piece in (*first, *then)):
            self.left_out.add(wish.id)
            return
        for other in then:
            if any(wish.first in p.names and p.end >= other.start for p in running):
                self.program.keep(self.sum_of([other]), high=0)
            late: dict[str, list[Piece]] = defaultdict(list)
            for one in first:
                if one.end >= other.start and one.identity != other.identity:
                    late[one.identity].append(one)
            for pieces in late.values():
                self.program.keep(self.sum_of([other, *pieces]), high=1)
        for one in first:
            if any(wish.then in p.names and p.start <= one.end for p in running):
                self.program.keep(self.sum_of([one]), high=0)

    def _term_credits(self, wish: TermCredits) -> None:
        term_of = self.facts.resolved.calendar.term_of
        for index, term in enumerate(self.facts.resolved.calendar.terms):
            here = [p for p in self.planned if term_of[p.leaves[0]] == index]
            if not here or not wish.covers(term.start, term.end):
                continue
            past = sum(
                (
                    p.credits
                    for p in self.facts.running
                    if p.leaves and term_of[p.leaves[0]] == index
                ),
                Fraction(0),
            )
            credits = Sum()
            for piece in here:
                credits.add(self.taken[piece.index], piece.credits)
            if wish.high is not None:
                self.program.keep(credits, high=max(Fraction(0), wish.high - past))
            if wish.low is not None:
                self._at_least(credits, wish.low - past, here, term.end, wish)

    def _at_least(
        self, credits: Sum, low: Fraction, here: list[Piece], end: dt.date, wish: TermCredits
    ) -> None:
        if low <= 0:
            return
        used = self.any_of(here)
        total = Sum().plus(credits).add(used, -low)
        goes_on = any(piece.end > end for piece in self.facts.running)
        if wish.last_may_be_less and not goes_on:
            later = self.any_of([p for p in self.planned if p.end > end])
            total.add(None, low).add(later, -low)
        self.program.keep(total, low=0)

    def any_of(self, pieces: Iterable[Piece]) -> int:
        """Return a column that is 1 where one of some pieces is taken."""
        column = self.program.column()
        for piece in pieces:
            self.program.keep(Sum().add(column).add(self.taken[piece.index], -1), low=0)
        return column

    def _topic_by(self, wish: TopicBy) -> None:
        topic = wish.topic.casefold()
        past = (p for p in self.facts.recorded if p.might_earn and p.end <= wish.by)
        if any(topic in piece.topics for piece in past):
            return
        mine = [p for p in self.planned if p.earns and topic in p.topics and p.end <= wish.by]
        self.program.keep(self.sum_of(mine), low=1)

    def _start_in(self, wish: StartIn) -> None:
        if _has_begun(self.facts):
            return
        early = [piece for piece in self.planned if piece.start <= wish.last]
        late = self.any_of([piece for piece in self.planned if piece.start > wish.last])
        self.program.keep(self.sum_of(early).add(late, -1), low=0)
