"""Wishes on single courses, terms and days as constraints."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from prospectus.domain.course import Course, CourseCode, Delivery
from prospectus.domain.offering import Run
from prospectus.domain.program import Resolved, Visits
from prospectus.domain.record import AttemptStatus
from prospectus.domain.student import Wishes
from prospectus.domain.wish import (
    Apart,
    Avoid,
    Before,
    Buffer,
    CourseWish,
    FewHeavy,
    Placed,
    StartIn,
    TermCredits,
    Together,
    TopicBy,
    last_day_with_buffer,
)
from prospectus.legality.compiled import Compiled
from prospectus.legality.expiry import lasting
from prospectus.legality.store import Lit, Term, negate
from prospectus.legality.uses import Use, end_of, start_of
from prospectus.legality.variables import Start, Variables

Guard = Callable[[str, str], Lit]
"""The literal under which one wish, by its id and in words, is kept."""

HoursOf = Callable[[Use, tuple[int, ...]], int | None]
"""The weekly hours of a use in the leaf periods it occupies."""


class AboutRules:
    """The constraints of the wishes `about`, each under a guard."""

    def __init__(
        self, variables: Variables, wishes: Wishes, guard: Guard, hours_of: HoursOf
    ) -> None:
        self.variables = variables
        self.store = variables.store
        self.compiled = variables.compiled
        self.calendar = variables.calendar
        self.deadline = wishes.deadline
        self.guard = guard
        self.hours_of = hours_of
        for wish in wishes.about:
            self._add(wish)

    def _add(self, wish: CourseWish) -> None:
        match wish:
            case Apart():
                self._at_once(wish, 1)
            case FewHeavy():
                self._at_once(wish, wish.at_most)
            case Together():
                self._together(wish)
            case Before():
                self._before(wish)
            case TermCredits():
                self._term_credits(wish)
            case Avoid():
                self._visits(wish)
            case TopicBy():
                self._topic(wish)
            case StartIn():
                self._start(wish)
            case Placed():
                self._placed(wish)
            case Buffer():
                self._buffer(wish)

    def _guarded(self, wish: CourseWish) -> Lit:
        return self.guard(wish.id, wish.text)

    def _at_once(self, wish: Apart | FewHeavy, most: int) -> None:
        """Let no period that the plan touches hold more than so many of the wish's courses."""
        moving: dict[int, list[Lit]] = defaultdict(list)
        fixed: dict[int, int] = defaultdict(int)
        for start in self.variables.planned:
            if self._concerns(wish, start.use, start.run.leaves):
                for leaf in start.run.leaves:
                    moving[leaf].append(start.lit)
        for use, leaves in self.variables.open:
            if self._concerns(wish, use, leaves):
                for leaf in leaves:
                    fixed[leaf] += 1
        if not any(len(lits) + fixed[leaf] > most for leaf, lits in moving.items()):
            return
        guard = self._guarded(wish)
        for leaf, lits in moving.items():
            left = most - fixed[leaf]
            if left <= 0:
                for lit in lits:
                    self.store.clause((), given=(lit, guard))
            elif left == 1:
                self.store.at_most_one(lits, given=(guard,))
            elif len(lits) > left:
                self.store.linear([(lit, 1) for lit in lits], None, left, given=(guard,))

    def _concerns(self, wish: Apart | FewHeavy, use: Use, leaves: tuple[int, ...]) -> bool:
        if use.names & set(wish.courses):
            return True
        if isinstance(wish, Apart) or wish.hours_from is None:
            return False
        hours = self.hours_of(use, leaves)
        return hours is None or hours >= wish.hours_from

    def _starts(self, code: CourseCode) -> list[Start]:
        return [
            start
            for use in self.variables.named(code)
            if use.is_candidate
            for start in self.variables.starts[use.index]
        ]

    def _together(self, wish: Together) -> None:
        starts = {code: self._starts(code) for code in wish.courses}
        asked = [code for code in wish.courses if starts[code] or not is_had(self.compiled, code)]
        guard = self._guarded(wish)
        for code in asked:
            for start in starts[code]:
                for other in asked:
                    if other == code:
                        continue
                    leaf = start.run.leaves[0]
                    same = [one.lit for one in starts[other] if one.run.leaves[0] == leaf]
                    if is_had(self.compiled, other):
                        # a second try at what was had starts along, or not at all
                        same.append(self._none(starts[other]))
                    self.store.clause(same, given=(start.lit, guard))

    def _none(self, starts: Sequence[Start]) -> Lit:
        return negate(self.store.any_of([start.lit for start in starts]))

    def _before(self, wish: Before) -> None:
        first, then = self._spans(wish.first), self._spans(wish.then)
        pairs = [
            (one, other)
            for _, end, one in first
            for begin, _, other in then
            if begin <= end and not (one is True and other is True)
        ]
        if pairs:
            guard = self._guarded(wish)
            for one, other in pairs:
                self.store.clause((), given=(one, other, guard))

    def _spans(self, code: CourseCode) -> list[tuple[dt.date, dt.date, Lit]]:
        """Return first day, last day and literal of each planned or running attempt."""
        resolved = self.compiled.resolved
        spans: list[tuple[dt.date, dt.date, Lit]] = [
            (start.first, start.last, start.lit) for start in self._starts(code)
        ]
        for use, _ in self.variables.open:
            if code in use.names:
                attempt = use.attempt
                spans.append((start_of(attempt, resolved), end_of(attempt, resolved), True))
        return spans

    def _term_credits(self, wish: TermCredits) -> None:
        steps = self.compiled.steps
        low = None if wish.low is None else steps(wish.low)
        high = None if wish.high is None else self.compiled.steps_down(wish.high)
        for place in self.variables.terms_planned():
            term = self.calendar.terms[place]
            if not wish.covers(term.start, term.end):
                continue
            running = sum(
                steps(use.attempt.credits)
                for use, leaves in self.variables.open
                if leaves and self.calendar.term_of[leaves[0]] == place
            )
            terms: list[Term] = [*self.variables.planned_credits(place), (True, running)]
            studied = self.variables.planned_in_term(place)
            guard = self._guarded(wish)
            is_least = low is not None and not wish.last_may_be_less
            self.store.linear(terms, low if is_least else None, high, given=(studied, guard))
            if low is not None and wish.last_may_be_less:
                later = self.variables.ends_after(term.end)
                self.store.linear(terms, low, None, given=(studied, later, guard))

    def _visits(self, wish: Avoid) -> None:
        """Refuse a programme that asks one to come; runs to avoid are not offered at all."""
        about = self.compiled.resolved.program.delivery
        if wish.visits and about is not None and about.visits is Visits.REQUIRED:
            planned = self.store.any_of([start.lit for start in self.variables.planned])
            self.store.clause((), given=(planned, self._guarded(wish)))

    def _topic(self, wish: TopicBy) -> None:
        covering = (use for use in self.compiled.uses if use.earns and carries(use, wish.topic))
        lits = [
            lit for use in covering for end, lit in lasting(use, self.variables) if end <= wish.by
        ]
        self.store.clause(lits, given=(self._guarded(wish),))

    def _start(self, wish: StartIn) -> None:
        given_up = AttemptStatus.WITHDRAWN
        if any(a.periods and a.status is not given_up for a in self.compiled.record.attempts):
            return
        starts = self.variables.planned
        guard = self._guarded(wish)
        for start in starts:
            if start.first < wish.first:
                self.store.clause((), given=(start.lit, guard))
        in_time = [start.lit for start in starts if wish.first <= start.first <= wish.last]
        planned = self.store.any_of([start.lit for start in starts])
        self.store.clause(in_time, given=(planned, guard))

    def _placed(self, wish: Placed) -> None:
        guard = self._guarded(wish)
        starts = self._starts(wish.course)
        for start in starts:
            if (wish.first <= start.first <= wish.last) is not wish.inside:
                self.store.clause((), given=(start.lit, guard))
        if wish.inside and not is_had(self.compiled, wish.course):
            self.store.clause([start.lit for start in starts], given=(guard,))

    def _buffer(self, wish: Buffer) -> None:
        if self.deadline is None:
            return
        terms = [(term.start, term.end) for term in self.calendar.terms]
        last = last_day_with_buffer(terms, self.deadline, wish.terms)
        text = f"deadline {self.deadline}"
        # without a deadline nothing would have to be left before it
        both = (self._guarded(wish), self.store.guard("deadline", text, is_wish=True))
        self.store.clause((), given=(self.variables.ends_after(last), *both))


def is_had(compiled: Compiled, code: CourseCode) -> bool:
    """Return whether a course is passed, or running, on record."""
    return any(
        code in compiled.names.of(attempt)
        for attempt in compiled.record.attempts
        if attempt.is_open or attempt.status is AttemptStatus.PASSED
    )


def carries(use: Use, topic: str) -> bool:
    """Return whether a use carries a topic: its own, its course's or an area, in any case."""
    words = use.topics
    if use.course is not None:
        words |= use.course.topics | use.course.areas
    return topic.casefold() in {text.casefold() for text in words}


def is_avoided(wish: Avoid, course: Course, run: Run, resolved: Resolved) -> bool:
    """Return whether a run is of a kind that the person avoids; the unknown is not."""
    if wish.attributes & course.attributes:
        return True
    about = resolved.program.delivery
    told: Iterable[Delivery | None] = (
        run.delivery,
        None if course.delivery is Delivery.UNKNOWN else course.delivery,
        None if about is None else about.mode,
    )
    return wish.refuses(next((one for one in told if one is not None), Delivery.UNKNOWN))
