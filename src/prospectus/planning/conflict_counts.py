"""Conflicts that counting alone shows: a few members that leave too little room for the total.

"Five terms hold nine courses, ten are needed": no search is asked, and the whole calendar is
covered. What is counted is never too little, so that a conflict found here is one.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm

from prospectus.domain.course import CourseCode
from prospectus.domain.offering import Run
from prospectus.domain.rule import Load
from prospectus.domain.student import Student
from prospectus.legality.compiled import Compiled, plain
from prospectus.legality.timing import months_after
from prospectus.legality.uses import Use
from prospectus.planning.affordable import Affordable, limit_of
from prospectus.planning.conflict_words import order_of
from prospectus.planning.money import Tariff
from prospectus.planning.offers import Offers
from prospectus.planning.wishes import hours_of

DEADLINE = "deadline"
MAXIMUM = "maximum"
BUDGET = "budget"
BY_YEAR = "budget by year"

NEAR = 3
"""How many years after the deadline are counted before the whole calendar."""

YEARS_LATER = (1, 2, 3, 5, 8)
"""How long after a day members may take to leave room enough."""

Starts = list[tuple[Use, Run]]


class Counts:
    """What the members of a conflict leave room for, against the credits that the degree asks."""

    def __init__(
        self, compiled: Compiled, student: Student, offered: Offers, tariff: Tariff
    ) -> None:
        self.compiled = compiled
        self.wishes = student.wishes.hard
        self.offered = offered
        self.tariff = tariff
        self.calendar = compiled.resolved.calendar
        self.total = f"total {compiled.tree.header.id}"
        self.need = _needed(compiled)
        self.steps = {use.index: compiled.steps(use.credits) for use in compiled.uses}
        self._hours: dict[tuple[int, tuple[int, ...]], int] = {}
        self._rooms: dict[tuple[dt.date | None, frozenset[str]], _Room] = {}
        self._by_bans: dict[frozenset[str], dict[int, _Term]] = {}
        self.fillings: dict[tuple[tuple[tuple[int, int], ...], int], int] = {}

    def core(self) -> frozenset[str] | None:
        """Return a small conflict around the total in credits; None where counting shows none."""
        if self.need <= 0 or self._misses_a_course():
            return None
        kept = set(self._bounding)
        bans = self.bans
        if not self.is_too_little(kept | bans):
            return None
        unpriced = kept - {BUDGET, BY_YEAR}
        if not self.is_too_little(kept):
            kept |= bans
        elif self.is_too_little(unpriced):
            kept = unpriced
        for id_ in sorted(kept, key=order_of):
            days = (self.later(NEAR), None) if id_ == DEADLINE else (None,)
            if all(self.is_too_little(kept - {id_}, day) for day in days):
                kept.discard(id_)
        return frozenset({*kept, self.total})

    def later(self, years: int) -> dt.date | None:
        """Return a day so many years after the deadline."""
        deadline = self.wishes.deadline
        return deadline and deadline.replace(year=deadline.year + years, day=1)

    def enough_by(self, ids: Collection[str], day: dt.date) -> dt.date | None:
        """Return an end soon after a day by which these members leave room enough, if any does."""
        for years in YEARS_LATER:
            last_day = day.replace(year=day.year + years, day=1)
            if not self.is_too_little(ids, last_day):
                # money is counted too kindly: it leaves the fees of most terms out
                return last_day.replace(year=last_day.year + (BY_YEAR in ids))
        return None

    def _misses_a_course(self) -> bool:
        """Return whether a wanted course is never offered: that says more than any count."""
        return not all(
            any(
                code in use.names and (not use.is_candidate or self.offered.all.get(use.code))
                for use in self.compiled.uses
            )
            for code in self.wishes.wanted
        )

    def _members(self) -> Iterable[str]:
        """Yield the wishes and rules that bound how much can be taken."""
        wishes, enrolment = self.wishes, self.compiled.resolved.program.enrolment
        if wishes.deadline is not None:
            yield DEADLINE
        if enrolment.max_months is not None:
            yield MAXIMUM
        if wishes.hours_per_week is not None or wishes.hours_by_range:
            yield "hours"
        if wishes.courses_per_period is not None or wishes.courses_by_range:
            yield "courses"
        for load in enrolment.loads:
            if not self.compiled.selecting.is_excepted(load.header.id):
                yield f"load {load.header.id}"
        if not self.tariff.unknown:
            if wishes.budget_total is not None:
                yield BUDGET
            if wishes.budget_by_year and all(year is None for year, _ in wishes.budget_by_year):
                yield BY_YEAR

    def is_too_little(self, ids: Collection[str], last_day: dt.date | None = None) -> bool:
        """Return whether these members leave room for less than is asked, by a day if told."""
        room = self._room(self.end_under(ids, last_day), self._bans(ids))
        return room.most(ids) < self.need

    def end_under(self, ids: Collection[str], last_day: dt.date | None = None) -> dt.date | None:
        """Return the day, or an earlier one told, by which plans that keep these members end."""
        days = [] if last_day is None else [last_day]
        if DEADLINE in ids and self.wishes.deadline is not None:
            days.append(self.wishes.deadline)
        if MAXIMUM in ids:
            months = self.compiled.resolved.program.enrolment.max_months
            assert months is not None
            days.append(months_after(self.compiled.matriculation, months))
        return min(days, default=None)

    def starts_under(self, ids: Collection[str], last_day: dt.date | None) -> Starts:
        """Return what could be planned for credit by a day with these members."""
        return self._room(self.end_under(ids, last_day), self._bans(ids)).starts

    def knows(self, ids: Collection[str]) -> bool:
        """Return whether these members are all of a kind that is counted."""
        return self._bounding | self.bans | {self.total} >= set(ids)

    @cached_property
    def bans(self) -> frozenset[str]:
        """Return the wishes that rule out runs by themselves."""
        return frozenset(ban.id for found in self.offered.bans.values() for ban in found)

    def _bans(self, ids: Collection[str]) -> frozenset[str]:
        return self.bans.intersection(ids)

    @cached_property
    def _bounding(self) -> frozenset[str]:
        return frozenset(self._members())

    def hours(self, use: Use, run: Run) -> int:
        """Return the weekly hours of a use in a run."""
        key = (use.index, run.leaves)
        if key not in self._hours:
            self._hours[key] = hours_of(use, run.leaves, self.compiled) or 0
        return self._hours[key]

    def lightest(self, code: CourseCode, run: Run) -> int:
        """Return the least weekly hours that a course can take in a run."""
        return min([self.hours(use, run) for use in self._by_code[code]], default=0)

    @cached_property
    def _by_code(self) -> dict[CourseCode, list[Use]]:
        found: dict[CourseCode, list[Use]] = defaultdict(list)
        for use in self.compiled.uses:
            if use.is_candidate:
                found[use.code].append(use)
        return found

    def _room(self, last_day: dt.date | None, bans: frozenset[str]) -> _Room:
        key = (last_day, bans)
        if key not in self._rooms:
            day = last_day or dt.date.max
            terms = {term: one.until(day) for term, one in self._terms(bans).items()}
            here = {term: one for term, one in terms.items() if one.starts}
            self._rooms[key] = _Room(self, here)
        return self._rooms[key]

    def _terms(self, bans: frozenset[str]) -> dict[int, _Term]:
        """Return what could be planned for credit at any time in spite of these wishes, by term."""
        if bans not in self._by_bans:
            banned = {
                place for place, mine in self.offered.bans.items() if bans & {b.id for b in mine}
            }
            found: dict[int, Starts] = defaultdict(list)
            spans = self.compiled.spans
            for start in self._every:
                use, run = start
                if not banned or (use.code, run.leaves) not in banned:
                    found[spans[run.leaves].term].append(start)
            self._by_bans[bans] = {term: _Term(self, term, mine) for term, mine in found.items()}
        return self._by_bans[bans]

    @cached_property
    def _every(self) -> Starts:
        """Return what could be planned for credit at any time."""
        return [
            (use, run)
            for use in self.compiled.uses
            if use.is_candidate and use.earns
            for run in self.offered.all.get(use.code, ())
        ]

    @cached_property
    def unit(self) -> int:
        """Return into how many parts a step is cut, so that a long run's periods share it."""
        return lcm(1, *{len(run.leaves) for _, run in self._every})


@dataclass
class _Room:
    """The room that some runs leave: by term, and by what each year pays for; in steps."""

    counts: Counts
    terms: Mapping[int, _Term]

    @property
    def starts(self) -> Starts:
        """Return the runs, term after term."""
        return [start for one in self.terms.values() for start in one.starts]

    def most(self, ids: Collection[str]) -> int:
        """Return the most steps that can be taken with these members."""
        need = self.counts.need
        by_term = {term: one.most(ids) for term, one in self.terms.items()}
        total = min(need, sum(by_term.values()))
        if total < need:
            return total
        wishes, money = self.counts.wishes, self._affordable if self._is_priced(ids) else None
        if money is None or not money.is_known:
            return total
        if BUDGET in ids and wishes.budget_total is not None:
            total = min(total, money.in_all(wishes.budget_total.minor))
        if BY_YEAR in ids:
            years = {year: limit_of(wishes, year) for year in money.years}
            bought = {y: money.in_year(y, m) for y, m in years.items() if m is not None}
            total = min(total, sum(bought.values()))
            if self._year_of_term is not None:
                rooms: dict[int, int] = defaultdict(int)
                for term, room in by_term.items():
                    rooms[self._year_of_term[term]] += room
                total = min(total, sum(min(room, bought[year]) for year, room in rooms.items()))
        return total

    @staticmethod
    def _is_priced(ids: Collection[str]) -> bool:
        return BUDGET in ids or BY_YEAR in ids

    @cached_property
    def _affordable(self) -> Affordable:
        starts = [pair for one in self.terms.values() for pair in one.by_use]
        return Affordable(self.counts.tariff, starts, self.counts.need)

    @cached_property
    def _year_of_term(self) -> dict[int, int] | None:
        """Return the year to which the runs of each term are charged; None where it is not one."""
        years = {term: one.year for term, one in self.terms.items()}
        known = {term: year for term, year in years.items() if year is not None}
        return known if len(known) == len(years) else None


@dataclass
class _Term:
    """The runs that begin in one term, and the room that they leave; in steps."""

    counts: Counts
    term: int
    starts: Starts

    def until(self, day: dt.date) -> _Term:
        """Return the same without the runs that end after a day."""
        if self._last <= day:
            return self
        spans = self.counts.compiled.spans
        kept = [start for start in self.starts if spans[start[1].leaves].last <= day]
        return _Term(self.counts, self.term, kept)

    @cached_property
    def _last(self) -> dt.date:
        spans = self.counts.compiled.spans
        return max([spans[leaves].last for leaves in {run.leaves for _, run in self.starts}])

    @cached_property
    def by_use(self) -> list[tuple[Use, list[Run]]]:
        """Return each use with its runs."""
        found: dict[int, tuple[Use, list[Run]]] = {}
        for use, run in self.starts:
            found.setdefault(use.index, (use, []))[1].append(run)
        return [*found.values()]

    @cached_property
    def year(self) -> int | None:
        """Return the one year to which all of the runs are charged; None where there is none."""
        charges = [self.counts.tariff.of_run(use, run) for use, run in self.starts]
        years = {charge.year for mine in charges for charge in mine}
        return years.pop() if len(years) == 1 and all(charges) else None

    def most(self, ids: Collection[str]) -> int:
        """Return the most steps that the term can hold with these members."""
        limits = self._limits
        return min(limits["offered"], *(most for id_, most in limits.items() if id_ in ids), 10**9)

    @cached_property
    def _limits(self) -> dict[str, int]:
        return dict(self._bounds())

    def _bounds(self) -> Iterable[tuple[str, int]]:
        """Yield the most steps that a term holds by each member that bounds it alone."""
        counts, wishes, starts = self.counts, self.counts.wishes, self.starts
        offered = {use.index: counts.steps[use.index] for use, _ in starts}
        largest = max(offered.values())
        yield "offered", sum(offered.values())
        leaves = counts.calendar.leaves
        by_leaf: dict[int, Starts] = defaultdict(list)
        for use, run in starts:
            for leaf in run.leaves:
                by_leaf[leaf].append((use, run))
        for id_, limit_in, weight in (
            ("hours", wishes.hours_limit, counts.hours),
            ("courses", wishes.courses_limit, self._one),
        ):
            limits = {leaf: limit_in(leaves[leaf].start, leaves[leaf].end) for leaf in by_leaf}
            if all(limit is not None for limit in limits.values()):
                parts = [
                    self._filled([(weight(*one), self._share(*one)) for one in mine], limits[leaf])
                    for leaf, mine in by_leaf.items()
                ]
                yield id_, sum(parts) // counts.unit
        season = counts.calendar.terms[self.term].season
        for load in counts.compiled.resolved.program.enrolment.loads:
            if self._covers(load, season, starts):
                if load.credits is not None and load.credits.high is not None:
                    yield f"load {load.header.id}", counts.compiled.steps_down(load.credits.high)
                elif load.courses is not None and load.courses.high is not None:
                    yield f"load {load.header.id}", int(load.courses.high // 1) * largest

    def _covers(self, load: Load, season: str, starts: Starts) -> bool:
        """Return whether a load bounds the whole term and everything that could run in it."""
        if load.per not in ("term", season) or (load.seasons and season not in load.seasons):
            return False
        matches = self.counts.compiled.selecting.matches
        return load.unless is None and all(
            matches(load.of, use, run.leaves) is not False for use, run in starts
        )

    def _share(self, use: Use, run: Run) -> int:
        return self.counts.steps[use.index] * self.counts.unit // len(run.leaves)

    @staticmethod
    def _one(use: Use, run: Run) -> int:
        return 1

    def _filled(self, items: list[tuple[int, int]], limit: int | None) -> int:
        """Return the most parts of steps that fit into a limit: a knapsack."""
        assert limit is not None
        key = (tuple(sorted(items)), limit)
        known = self.counts.fillings
        if key not in known:
            kinds: dict[tuple[int, int], int] = defaultdict(int)
            for weight, share in items:
                kinds[weight, share] += weight <= limit
            best = [0] * (limit + 1)
            for (weight, share), count in kinds.items():
                for _ in range(min(count, limit // weight) if weight else count):
                    for room in range(limit, weight - 1, -1):
                        best[room] = max(best[room], best[room - weight] + share)
            known[key] = best[limit]
        return known[key]


def _needed(compiled: Compiled) -> int:
    """Return the steps of credit that the degree still asks; 0 without a total in credits."""
    tree = compiled.tree
    if tree.total is None or tree.total.credits is None:
        return 0
    asked = plain(tree.total.credits).low
    recorded = [use for use in compiled.uses if not use.is_candidate and use.earns]
    if tree.total.less_waived:
        waived = (u.course.credits_low for u in recorded if u.is_waiver and u.course)
        asked -= sum(waived, Fraction(0))
    asked -= sum((use.credits for use in recorded), Fraction(0))
    return int(-(-asked * compiled.unit // 1))
