"""How much study each term can hold at most: by what is offered, hours, courses and loads."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cached_property
from math import lcm

from prospectus.domain.course import CourseCode
from prospectus.domain.expression import AnyCourse, Approval
from prospectus.domain.offering import Run
from prospectus.domain.rule import Load
from prospectus.domain.student import Wishes
from prospectus.domain.wish import TermCredits
from prospectus.legality.compiled import Compiled
from prospectus.legality.uses import Use
from prospectus.planning.packing import Item, most_in_hours, most_steps
from prospectus.planning.wishes import hours_of

_Starts = list[tuple[Use, list[Run]]]
"""What could be planned for credit in a term, with its runs there."""

_Choices = tuple[int, list[tuple[tuple[int, int], int]], list[int]]
"""A period, ((hours, share of credit), how often) of what runs there, and all shares."""

_Kinds = tuple[int, tuple[int, ...], list[Item]]
"""The first period of a term, the places of those something could run in, and what could."""


class Rooms:
    """The most credits of each term; never too few.

    With `as_wished`, wishes on the credits of a term count too, and long runs are laid side by
    side as they are instead of in parts.
    """

    def __init__(
        self,
        compiled: Compiled,
        wishes: Wishes,
        by_term: Mapping[CourseCode, Mapping[int, list[Run]]],
        *,
        as_wished: bool,
    ) -> None:
        self.compiled = compiled
        self.wishes = wishes
        self.calendar = compiled.resolved.calendar
        self._is_as_wished = as_wished
        self.most_hours: int | None = None
        self._spans = compiled.spans
        self._known: dict[int, Fraction] = {}
        self._known_hours: dict[tuple[int, int], int] = {}
        self._known_choices: dict[int, list[_Choices]] = {}
        self._known_kinds: dict[int, _Kinds] = {}
        self._items: dict[tuple[int, tuple[object, ...]], Item] = {}
        self._covered: dict[tuple[int, int], bool] = {}
        self._has_seminars = any(use.is_candidate and not use.earns for use in compiled.uses)
        self._by_term = self._starts_by_term(by_term)

    @cached_property
    def _parts(self) -> int:
        """Return a number that each run's number of periods divides."""
        return lcm(1, *{len(run.leaves) for _, runs in self.starts() for run in runs})

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
        if most != self.most_hours:
            self.most_hours = most
            self._known = {}

    def limit(self, start: dt.date, end: dt.date) -> int | None:
        """Return the most weekly hours that a period may have, None where nothing limits them."""
        limit = self.wishes.hours_limit(start, end)
        if self.most_hours is not None:
            limit = self.most_hours if limit is None else min(limit, self.most_hours)
        return limit

    def starts(self) -> Iterator[tuple[Use, list[Run]]]:
        """Yield what could be planned for credit, with its runs in one term."""
        for found in self._by_term.values():
            yield from found

    def _starts_by_term(
        self, by_term: Mapping[CourseCode, Mapping[int, list[Run]]]
    ) -> dict[int, _Starts]:
        found: dict[int, _Starts] = defaultdict(list)
        for use in self.compiled.uses:
            if use.is_candidate and use.earns:
                for term, runs in by_term.get(use.code, {}).items():
                    found[term].append((use, runs))
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
        if self._has_seminars:
            return {}
        terms = self.calendar.terms
        return {
            term: self.compiled.steps_down(self.room(term))
            for term in self._by_term
            if terms[term].start <= last_day
        }

    def _room(self, term: int, starts: _Starts) -> Fraction:
        """Return the most credits that one term can hold."""
        if self._is_as_wished and _has_long(starts):
            # whole courses side by side: never more than they come to in parts
            room = self._room_by_packing(term)
        else:
            room = min(self._room_by_hours(term), self._room_by_courses(term))
        for place, load in enumerate(self.compiled.resolved.program.enrolment.loads):
            if self._covers(place, load, term):
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
        if not starts or self._has_seminars:
            return len(self.compiled.uses)
        most = self._packed_into(term, counts=True)
        for place, load in enumerate(self.compiled.resolved.program.enrolment.loads):
            most_here = None if load.courses is None else load.courses.high
            if most_here is not None and self._covers(place, load, term):
                most = min(most, int(most_here))
        return most

    def _room_by_packing(self, term: int) -> Fraction:
        """Lay whole courses side by side: long runs do not share out as their parts would."""
        return Fraction(self._packed_into(term), self.compiled.unit)

    def _kinds_in(self, term: int) -> _Kinds:
        """Return what could run in a term, and the first of its periods."""
        found = self._known_kinds.get(term)
        if found is None:
            starts = self._by_term[term]
            base = min([run.leaves[0] for _, runs in starts for run in runs])
            places: dict[tuple[int, ...], tuple[tuple[int, ...], int]] = {}
            items: list[Item] = []
            steps = self.compiled.use_steps
            for use, runs in starts:
                for run in runs:
                    if run.leaves not in places:
                        leaves = tuple([leaf - base for leaf in run.leaves])
                        places[run.leaves] = (leaves, self._spans[run.leaves].weeks)
                # most terms are alike
                key = (use.index, tuple([places[run.leaves] for run in runs]))
                if key not in self._items:
                    mine = {
                        (place[0], self._hours(use, run))
                        for place, run in zip(key[1], runs, strict=True)
                    }
                    self._items[key] = Item(steps[use.index], tuple(sorted(mine)))
                items.append(self._items[key])
            found = self._known_kinds[term] = (
                base,
                tuple(sorted({place for leaves, _ in places.values() for place in leaves})),
                items,
            )
        return found

    def _packed_into(self, term: int, *, counts: bool = False) -> int:
        base, places, items = self._kinds_in(term)
        hours: dict[int, int | None] = {}
        courses: dict[int, int | None] = {}
        for place in places:
            leaf = self.calendar.leaves[base + place]
            hours[place] = self.limit(leaf.start, leaf.end)
            courses[place] = self.wishes.courses_limit(leaf.start, leaf.end)
        if counts:
            items = [Item(1, item.spans) for item in items]
        return most_steps(items, hours, courses)

    def bound_of(self, term: int) -> str:
        """Return what bounds the credits of a term: `offered`, `hours`, `courses` or `load`."""
        starts = self._by_term[term]
        room = self.room(term)
        if room >= sum(credits for credits in {u.code: u.credits for u, _ in starts}.values()):
            return "offered"
        if room == self._room_by_hours(term):
            return "hours"
        return "courses" if room == self._room_by_courses(term) else "load"

    def _room_by_load(self, load: Load, starts: _Starts) -> Fraction:
        found = [Fraction(10**6)]
        if load.credits is not None and load.credits.high is not None:
            found.append(load.credits.high)
        if load.courses is not None and load.courses.high is not None:
            steps = sorted([self.compiled.use_steps[use.index] for use, _ in starts])
            count = int(load.courses.high)
            most = sum(steps[-count:]) if count else 0
            found.append(Fraction(most, self.compiled.unit))
        return min(found)

    def _covers(self, place: int, load: Load, term: int) -> bool:
        """Return whether a load, by its place, bounds a whole term and all that could run in it."""
        key = (place, term)
        if key not in self._covered:
            self._covered[key] = self._is_covering(load, term)
        return self._covered[key]

    def _is_covering(self, load: Load, term: int) -> bool:
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
        if isinstance(load.of, AnyCourse):
            return True
        starts = self._by_term[term]
        by_run = selecting.depends_on_run(load.of)
        return all(
            selecting.matches(load.of, use, run.leaves) is not False
            for use, runs in starts
            for run in (runs if by_run else runs[:1])
        )

    def _room_by_hours(self, term: int) -> Fraction:
        """Fill each leaf by its hour limit as well as can be; a long run counts in part."""
        room = 0
        for leaf, choices, _ in self._choices_in(term):
            period = self.calendar.leaves[leaf]
            limit = self.limit(period.start, period.end)
            if limit is None:
                return Fraction(10**6)
            kinds = [(kind, count) for kind, count in choices if kind[0] <= limit]
            room += most_in_hours(tuple(kinds), limit)
        return Fraction(room, self.compiled.unit * self._parts)

    def _choices_in(self, term: int) -> list[_Choices]:
        """Return what could run in each period of a term."""
        found = self._known_choices.get(term)
        if found is None:
            kinds: dict[int, Counter[tuple[int, int]]] = defaultdict(Counter)
            shares: dict[int, list[int]] = defaultdict(list)
            steps = self.compiled.use_steps
            for use, runs in self._by_term[term]:
                # what begins at one time and lasts as long is one choice
                alike: dict[int, set[tuple[int, int, int]]] = defaultdict(set)
                for run in runs:
                    leaves = run.leaves
                    # the credits of one period, in parts of a step
                    share = steps[use.index] * self._parts // len(leaves)
                    choice = (leaves[0], self._hours(use, run), share)
                    for leaf in leaves:
                        alike[leaf].add(choice)
                        shares[leaf].append(share)
                for leaf, choices in alike.items():
                    for _, hours, share in choices:
                        kinds[leaf][hours, share] += 1
            found = self._known_choices[term] = [
                (leaf, sorted(kinds[leaf].items()), sorted(shares[leaf], reverse=True))
                for leaf in sorted(kinds)
            ]
        return found

    def _hours(self, use: Use, run: Run) -> int:
        # hours hang on the weeks of a run alone
        key = (use.index, self._spans[run.leaves].weeks)
        found = self._known_hours.get(key)
        if found is None:
            found = self._known_hours[key] = hours_of(use, run.leaves, self.compiled) or 0
        return found

    def _room_by_courses(self, term: int) -> Fraction:
        room = 0
        for leaf, _, shares in self._choices_in(term):
            period = self.calendar.leaves[leaf]
            limit = self.wishes.courses_limit(period.start, period.end)
            if limit is None:
                return Fraction(10**6)
            room += sum(shares[:limit])
        return Fraction(room, self.compiled.unit * self._parts)


def _has_long(starts: _Starts) -> bool:
    """Return whether some run takes more than one period."""
    return any(len(run.leaves) > 1 for _, runs in starts for run in runs)
