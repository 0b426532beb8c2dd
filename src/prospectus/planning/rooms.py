"""How much study each term can hold at most: by what is offered, hours, courses and loads."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import lcm

from prospectus.domain.course import CourseCode
from prospectus.domain.expression import Approval
from prospectus.domain.offering import Run
from prospectus.domain.rule import Load
from prospectus.domain.student import Wishes
from prospectus.domain.wish import TermCredits
from prospectus.legality.compiled import Compiled
from prospectus.legality.uses import Use
from prospectus.planning.packing import Item, most_steps
from prospectus.planning.wishes import hours_of

_Spans = dict[int, set[tuple[tuple[int, ...], int]]]
"""By use, the runs it could take in a term, as places of its periods, and their weekly hours."""


class Rooms:
    """The most credits of each term; never too few.

    With `as_wished`, wishes on the credits of a term count too, and long runs are laid side by
    side as they are instead of in parts.
    """

    def __init__(
        self,
        compiled: Compiled,
        wishes: Wishes,
        runs: Mapping[CourseCode, tuple[Run, ...]],
        *,
        as_wished: bool,
    ) -> None:
        self.compiled = compiled
        self.wishes = wishes
        self.calendar = compiled.resolved.calendar
        self._is_as_wished = as_wished
        self._most_hours: int | None = None
        self._filled: dict[tuple[tuple[tuple[int, int, int], ...], int], int] = {}
        self._packed: dict[object, int] = {}
        self._known: dict[int, Fraction] = {}
        self._known_hours: dict[tuple[int, int], int] = {}
        self._weeks: dict[tuple[int, ...], int] = {}
        self._known_spans: dict[int, _Spans] = {}
        self._by_term = self._starts_by_term(runs)
        lengths = {len(run.leaves) for mine in runs.values() for run in mine}
        self._unit = compiled.unit * lcm(1, *lengths)

    @property
    def by_term(self) -> dict[int, Fraction]:
        """Return the most credits that each term can hold."""
        return {term: self.room(term) for term in self._by_term}

    def room(self, term: int) -> Fraction:
        """Return the most credits that a term can hold."""
        if term not in self._known:
            starts = self._by_term.get(term, [])
            self._known[term] = self._room(term, starts) if starts else Fraction(0)
        return self._known[term]

    def hold_hours(self, most: int | None) -> None:
        """Let no period have more weekly hours than this, for the answers that follow."""
        if most != self._most_hours:
            self._most_hours = most
            self._known = {}

    def limit(self, start: dt.date, end: dt.date) -> int | None:
        """Return the most weekly hours that a period may have, None where nothing limits them."""
        limit = self.wishes.hours_limit(start, end)
        if self._most_hours is not None:
            limit = self._most_hours if limit is None else min(limit, self._most_hours)
        return limit

    def starts(self) -> Iterator[tuple[Use, Run]]:
        """Yield what could be planned for credit, and when."""
        for found in self._by_term.values():
            yield from found

    def _starts_by_term(
        self, runs: Mapping[CourseCode, tuple[Run, ...]]
    ) -> dict[int, list[tuple[Use, Run]]]:
        found: dict[int, list[tuple[Use, Run]]] = defaultdict(list)
        for use in self.compiled.uses:
            if use.is_candidate and use.earns:
                for run in runs.get(use.code, ()):
                    found[self.calendar.term_of[run.leaves[0]]].append((use, run))
        return found

    def terms(self) -> tuple[int, ...]:
        """Return the terms in which something that earns credit could run."""
        return tuple(self._by_term)

    def least_terms(self, needed: Fraction) -> int:
        """Return how many terms so many credits take at least."""
        count = 0
        for room in sorted(self.by_term.values(), reverse=True):
            if needed <= 0:
                break
            needed -= room
            count += 1
        return count

    def in_steps(self, last_day: dt.date) -> dict[int, int]:
        """Return the most steps of credit that each term begun by a day can hold.

        None where a seminar could run: a course that earns nothing fills hours but no room.
        """
        if any(use.is_candidate and not use.earns for use in self.compiled.uses):
            return {}
        terms = self.calendar.terms
        return {
            term: self.compiled.steps_down(self.room(term))
            for term in self._by_term
            if terms[term].start <= last_day
        }

    def _room(self, term: int, starts: list[tuple[Use, Run]]) -> Fraction:
        """Return the most credits that one term can hold."""
        if self._is_as_wished and any(len(run.leaves) > 1 for _, run in starts):
            # whole courses side by side: never more than they come to in parts
            room = self._room_by_packing(starts)
        else:
            room = min(self._room_by_hours(starts), self._room_by_courses(starts))
        for load in self.compiled.resolved.program.enrolment.loads:
            if self._covers(load, term, starts):
                room = min(room, self._room_by_load(load, starts))
        if self._is_as_wished:
            room = min(room, self._room_by_wish(term))
        return room

    def _room_by_wish(self, term: int) -> Fraction:
        period = self.calendar.terms[term]
        found = [
            wish.high
            for wish in self.wishes.about
            if isinstance(wish, TermCredits)
            and wish.high is not None
            and wish.covers(period.start, period.end)
        ]
        return min(found, default=Fraction(10**6))

    def most_courses(self, term: int) -> int:
        """Return the most courses that a term can hold by hours and by courses at once."""
        starts = self._by_term.get(term, [])
        if not starts or any(use.is_candidate and not use.earns for use in self.compiled.uses):
            return len(self.compiled.uses)
        most = self._packed_into(starts, counts=True)
        for load in self.compiled.resolved.program.enrolment.loads:
            most_here = None if load.courses is None else load.courses.high
            if most_here is not None and self._covers(load, term, starts):
                most = min(most, int(most_here))
        return most

    def _room_by_packing(self, starts: list[tuple[Use, Run]]) -> Fraction:
        """Lay whole courses side by side: long runs do not share out as their parts would."""
        return Fraction(self._packed_into(starts), self.compiled.unit)

    def _spans(self, starts: list[tuple[Use, Run]], base: int) -> _Spans:
        """Return what could run in the term that begins with a period."""
        if base not in self._known_spans:
            spans: _Spans = defaultdict(set)
            for use, run in starts:
                leaves = tuple([leaf - base for leaf in run.leaves])
                spans[use.index].add((leaves, self._hours(use, run)))
            self._known_spans[base] = spans
        return self._known_spans[base]

    def _packed_into(self, starts: list[tuple[Use, Run]], *, counts: bool = False) -> int:
        base = min([run.leaves[0] for _, run in starts])
        spans = self._spans(starts, base)
        places = {leaf for mine in spans.values() for leaves, _ in mine for leaf in leaves}
        hours: dict[int, int | None] = {}
        courses: dict[int, int | None] = {}
        for place in sorted(places):
            leaf = self.calendar.leaves[base + place]
            hours[place] = self.limit(leaf.start, leaf.end)
            courses[place] = self.wishes.courses_limit(leaf.start, leaf.end)
        items = tuple(
            Item(
                steps=1 if counts else self.compiled.steps(self.compiled.uses[index].credits),
                spans=(*sorted(mine),),
            )
            for index, mine in spans.items()
        )
        # most terms are alike
        key = (items, (*hours.items(),), (*courses.items(),))
        if key not in self._packed:
            self._packed[key] = most_steps(items, hours, courses)
        return self._packed[key]

    def bound_of(self, term: int) -> str:
        """Return what bounds the credits of a term: `offered`, `hours`, `courses` or `load`."""
        starts = self._by_term[term]
        room = self.room(term)
        if room >= sum(credits for credits in {u.code: u.credits for u, _ in starts}.values()):
            return "offered"
        if room == self._room_by_hours(starts):
            return "hours"
        return "courses" if room == self._room_by_courses(starts) else "load"

    def _room_by_load(self, load: Load, starts: list[tuple[Use, Run]]) -> Fraction:
        found = [Fraction(10**6)]
        if load.credits is not None and load.credits.high is not None:
            found.append(load.credits.high)
        if load.courses is not None and load.courses.high is not None:
            credits = sorted({use.index: use.credits for use, _ in starts}.values())
            count = int(load.courses.high)
            found.append(sum(credits[-count:], Fraction(0)) if count else Fraction(0))
        return min(found)

    def _covers(self, load: Load, term: int, starts: list[tuple[Use, Run]]) -> bool:
        """Return whether a load bounds the whole term and everything that could run in it."""
        season = self.calendar.terms[term].season
        if load.per not in ("term", season) or (load.seasons and season not in load.seasons):
            return False
        selecting = self.compiled.selecting
        if selecting.is_excepted(load.header.id):
            return False
        if isinstance(load.unless, Approval):
            # an approval not yet granted excuses nobody
            if selecting.approval(load.unless.who) is True:
                return False
        elif load.unless is not None:
            return False
        return all(selecting.matches(load.of, use, run.leaves) is not False for use, run in starts)

    def _room_by_hours(self, starts: list[tuple[Use, Run]]) -> Fraction:
        """Fill each leaf by its hour limit as well as can be; a long run counts in part."""
        room = Fraction(0)
        for leaf in sorted({index for _, run in starts for index in run.leaves}):
            period = self.calendar.leaves[leaf]
            limit = self.limit(period.start, period.end)
            if limit is None:
                return Fraction(10**6)
            here = {
                (use.index, run.leaves[0], self._hours(use, run), len(run.leaves))
                for use, run in starts
                if leaf in run.leaves
            }
            items = sorted((hours, index, length) for index, _, hours, length in here)
            key = (tuple(items), limit)
            if key not in self._filled:
                self._filled[key] = self._fill(items, limit)
            room += Fraction(self._filled[key], self._unit)
        return room

    def _hours(self, use: Use, run: Run) -> int:
        weeks = self._weeks.get(run.leaves)
        if weeks is None:
            periods = self.calendar.leaves
            weeks = self._weeks[run.leaves] = sum([periods[leaf].n_weeks for leaf in run.leaves])
        # hours hang on the weeks of a run alone
        key = (use.index, weeks)
        found = self._known_hours.get(key)
        if found is None:
            found = self._known_hours[key] = hours_of(use, run.leaves, self.compiled) or 0
        return found

    def _fill(self, items: list[tuple[int, int, int]], limit: int) -> int:
        """Return the most credits that fit into a limit of hours, in units: a knapsack."""
        by_kind: dict[tuple[int, int], int] = defaultdict(int)
        for hours, index, length in items:
            share = int(self.compiled.uses[index].credits * self._unit) // length
            if hours <= limit:
                by_kind[hours, share] += 1
        best = [0] * (limit + 1)
        for (hours, share), count in by_kind.items():
            # more of a kind than fit at once add nothing
            for _ in range(min(count, limit // hours) if hours else count):
                for room in range(limit, hours - 1, -1):
                    best[room] = max(best[room], best[room - hours] + share)
        return best[limit]

    def _room_by_courses(self, starts: list[tuple[Use, Run]]) -> Fraction:
        room = Fraction(0)
        for leaf in sorted({index for _, run in starts for index in run.leaves}):
            period = self.calendar.leaves[leaf]
            limit = self.wishes.courses_limit(period.start, period.end)
            if limit is None:
                return Fraction(10**6)
            shares = sorted(
                (use.credits / len(run.leaves) for use, run in starts if leaf in run.leaves),
                reverse=True,
            )
            room += sum(shares[:limit], Fraction(0))
        return room
