"""How far ahead a plan has to look: runs that can be reached, and a least number of days."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import lcm

from prospectus.domain.course import CourseCode
from prospectus.domain.expression import (
    And,
    Approval,
    Done,
    Expression,
    NodeDone,
    NOf,
    Or,
    Selector,
    Timing,
)
from prospectus.domain.offering import Run
from prospectus.domain.rule import Gate, Load
from prospectus.domain.student import Student
from prospectus.domain.wish import Placed, TermCredits
from prospectus.legality.compiled import Compiled, plain
from prospectus.legality.conditions import selectors_of
from prospectus.legality.nodes_done import eligible_uses, plain_leaves
from prospectus.legality.timing import months_after
from prospectus.legality.uses import Use, end_of
from prospectus.planning.packing import Item, most_steps
from prospectus.planning.wishes import hours_of
from prospectus.planning.wishes_about import is_had

NEVER = dt.date.max
ALWAYS = dt.date.min


class Horizon:
    """The runs that can be reached at all, and the days on which a plan may end.

    `days` starts with the day on which study ends when nothing is planned.
    """

    def __init__(
        self,
        compiled: Compiled,
        student: Student,
        runs: Mapping[CourseCode, tuple[Run, ...]],
        *,
        as_wished: bool = False,
    ) -> None:
        self.compiled = compiled
        self.wishes = student.wishes.hard
        self.calendar = compiled.resolved.calendar
        self.runs = dict(runs)
        self._ends: dict[tuple[int, ...], dt.date] = {}
        self._is_as_wished = as_wished
        last_days = [day for day in (self.wishes.deadline, self._longest()) if day is not None]
        if last_days:
            self.runs = self._until(min(last_days))
        self._pinned_until = ALWAYS
        if as_wished:
            self._keep_places()
        self._most_hours: int | None = None
        self._drop_unreachable()
        self._filled: dict[tuple[tuple[tuple[int, int, int], ...], int], int] = {}
        self._packed: dict[object, int] = {}
        self._by_term = self._starts_by_term()
        if as_wished and self._drop_too_heavy():
            self._drop_unreachable()
        self.days = self._days()
        self._known: dict[int, Fraction] = {}
        lengths = {len(run.leaves) for mine in self.runs.values() for run in mine}
        self._unit = compiled.unit * lcm(1, *lengths)
        firsts = [run.leaves[0] for mine in self.runs.values() for run in mine]
        self.first_leaf = min(firsts, default=0)

    def runs_until(self, last_day: dt.date) -> dict[CourseCode, tuple[Run, ...]]:
        """Return the runs that end by a day."""
        return self._until(last_day)

    @property
    def rooms(self) -> dict[int, Fraction]:
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

    def terms(self) -> tuple[int, ...]:
        """Return the terms in which something that earns credit could run."""
        return tuple(self._by_term)

    def least_terms(self) -> int:
        """Return how many terms a plan takes at least."""
        needed, count = self.needed(), 0
        for room in sorted(self.rooms.values(), reverse=True):
            if needed <= 0:
                break
            needed -= room
            count += 1
        return count

    def _keep_places(self) -> None:
        """Drop the runs outside the days to which a course is pinned; no plan ends before those."""
        for wish in self.wishes.about:
            if not isinstance(wish, Placed):
                continue
            ends: list[dt.date] = []
            uses = (use for use in self.compiled.uses if use.is_candidate)
            for code in {use.code for use in uses if wish.course in use.names}:
                kept = [
                    run
                    for run in self.runs.get(code, ())
                    if (wish.first <= self._start(run) <= wish.last) is wish.inside
                ]
                self.runs[code] = tuple(kept)
                ends += [self.end_of(run) for run in kept]
            if wish.inside and ends and not is_had(self.compiled, wish.course):
                self._pinned_until = max(self._pinned_until, min(ends))

    def _longest(self) -> dt.date | None:
        """Return the last day on which study may end, where the programme bounds how long."""
        months = self.compiled.resolved.program.enrolment.max_months
        return None if months is None else months_after(self.compiled.matriculation, months)

    def _drop_too_heavy(self) -> bool:
        """Drop runs that alone break the hours asked; return whether there were any."""
        leaves = self.calendar.leaves
        limits = [self._limit(leaf.start, leaf.end) for leaf in leaves]
        if not any(limit is not None for limit in limits):
            return False
        weeks = [leaf.n_weeks for leaf in leaves]
        hours: dict[tuple[int, int], int] = {}

        def hours_in(use: Use, run: Run) -> int:
            # hours hang on the weeks of a run alone
            key = (use.index, sum([weeks[leaf] for leaf in run.leaves]))
            if key not in hours:
                hours[key] = self._hours(use, run)
            return hours[key]

        uses: dict[CourseCode, list[Use]] = defaultdict(list)
        for use in self.compiled.uses:
            if use.is_candidate:
                uses[use.code].append(use)
        dropped = False
        for code, options in uses.items():
            mine = self.runs.get(code, ())
            kept = tuple(
                run
                for run in mine
                if any(self._fits(hours_in(use, run), run, limits) for use in options)
            )
            if len(kept) < len(mine):
                self.runs[code] = kept
                dropped = True
        return dropped

    @staticmethod
    def _fits(hours: int, run: Run, limits: list[int | None]) -> bool:
        """Return whether a run by itself keeps the hours asked in each of its periods."""
        return all((limit := limits[leaf]) is None or hours <= limit for leaf in run.leaves)

    def _limit(self, start: dt.date, end: dt.date) -> int | None:
        limit = self.wishes.hours_limit(start, end)
        if self._most_hours is not None:
            limit = self._most_hours if limit is None else min(limit, self._most_hours)
        return limit

    def rooms_in_steps(self, last_day: dt.date = NEVER) -> dict[int, int]:
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

    def _until(self, last_day: dt.date) -> dict[CourseCode, tuple[Run, ...]]:
        return {
            code: tuple(run for run in mine if self.end_of(run) <= last_day)
            for code, mine in self.runs.items()
        }

    def _start(self, run: Run) -> dt.date:
        return self.calendar.leaves[run.leaves[0]].start

    def end_of(self, run: Run) -> dt.date:
        """Return the last day of a run."""
        leaves = run.leaves
        found = self._ends.get(leaves)
        if found is None:
            found = max([self.calendar.leaves[index].end for index in leaves])
            self._ends[leaves] = found
        return found

    def _days(self) -> list[dt.date]:
        resolved = self.compiled.resolved
        open_ends = [
            end_of(use.attempt, resolved)
            for use in self.compiled.uses
            if not use.is_candidate and use.attempt.is_open
        ]
        base = max(open_ends, default=self.compiled.today)
        later = {self.end_of(run) for mine in self.runs.values() for run in mine}
        return [base, *sorted(day for day in later if day > base)]

    def _drop_unreachable(self) -> None:
        """Drop runs that start before what they need could be over.

        The first possible start of each course is raised until nothing changes.
        """
        self._named: dict[str, list[Use]] = defaultdict(list)
        for use in self.compiled.uses:
            for name in use.names:
                self._named[name].append(use)
        self._eligible: dict[str, list[tuple[list[Use], int]]] = {}
        self._from: dict[CourseCode, dt.date] = {}
        needs = self._needs()
        changed = True
        while changed:
            changed = False
            days: dict[Expression, dt.date] = {}
            for code, items in needs.items():
                for item in items:
                    if item not in days:
                        days[item] = self._earliest(item)
                first = max(days[item] for item in items)
                if first > self._from.get(code, ALWAYS):
                    self._from[code] = first
                    changed = True
        for code, first in self._from.items():
            kept = (run for run in self.runs[code] if self._start(run) >= first)
            self.runs[code] = tuple(kept)

    def _needs(self) -> dict[CourseCode, list[Expression]]:
        """Return what every run of each course needs: its requisite and the gates that lock it."""
        gates = [
            (rule, [*selectors_of(rule.needs, self.compiled.selecting)])
            for rule in self.compiled.resolved.rules
            if isinstance(rule, Gate) and rule.unless is None
        ]
        found: dict[CourseCode, list[Expression]] = {}
        for use in self.compiled.uses:
            if not use.is_candidate or not self.runs.get(use.code):
                continue
            items: list[Expression] = []
            if use.course is not None and use.course.requisite is not None:
                items.append(use.course.requisite)
            items += [gate.needs for gate, named in gates if self._is_locked(gate, named, use)]
            if items:
                found[use.code] = items
        return found

    def _is_locked(self, gate: Gate, named: list[Selector], use: Use) -> bool:
        """Return whether a gate locks every run of a course for certain."""
        selecting = self.compiled.selecting
        asked = [*named, *([gate.free] if gate.free else []), *([gate.locks] if gate.locks else [])]
        if any(selecting.depends_on_run(selector) for selector in asked):
            return False
        if gate.free is not None and selecting.matches(gate.free, use) is True:
            return False
        if gate.locks is not None:
            return selecting.matches(gate.locks, use) is True
        return not any(selecting.matches(selector, use) is True for selector in named)

    def _earliest(self, item: Expression) -> dt.date:
        """Return a day before which the expression cannot hold."""
        match item:
            case Done():
                return self._earliest_done(item)
            case And():
                return max((self._earliest(part) for part in item.items), default=ALWAYS)
            case Or():
                return min((self._earliest(part) for part in item.items), default=ALWAYS)
            case NOf():
                return sorted(self._earliest(part) for part in item.items)[item.n - 1]
            case NodeDone():
                return self._earliest_node(item.node)
            case _:
                return ALWAYS

    def _earliest_done(self, item: Done) -> dt.date:
        named = self._named.get(item.code, [])
        if any(not use.is_candidate for use in named) or item.part is not None:
            return ALWAYS
        if not named and self.compiled.names.course(item.code) is None:
            return ALWAYS
        before = item.timing is Timing.BEFORE
        days = [self._first_end(use) if before else self._first_start(use) for use in named]
        return min(days, default=NEVER)

    def _earliest_node(self, node_id: str) -> dt.date:
        if node_id not in self._eligible:
            root = self.compiled.selecting.nodes.get(node_id)  # type: ignore[call-overload]
            leaves = None if root is None else plain_leaves(root, self.compiled)
            self._eligible[node_id] = [
                (eligible_uses(leaf, self.compiled), int(plain(leaf.courses).low))
                for leaf in leaves or ()
                if leaf.courses is not None
            ]
        days = [ALWAYS]
        for uses, need in self._eligible[node_id]:
            if need:
                ends = sorted(self._first_end(use) for use in uses)
                days.append(ends[need - 1] if len(ends) >= need else NEVER)
        return max(days)

    def _first_end(self, use: Use) -> dt.date:
        if not use.is_candidate:
            return end_of(use.attempt, self.compiled.resolved)
        first = self._from.get(use.code, ALWAYS)
        ends = self._ends_from(use.code, first)
        return ends if ends is not None else NEVER

    def _ends_from(self, code: CourseCode, first: dt.date) -> dt.date | None:
        """Return the earliest end of a run that starts on or after a day."""
        best: dt.date | None = None
        for run in self.runs.get(code, ()):
            start = self._start(run)
            if best is not None and start > best:
                break
            if start >= first and (best is None or self.end_of(run) < best):
                best = self.end_of(run)
        return best

    def _first_start(self, use: Use) -> dt.date:
        first = self._from.get(use.code, ALWAYS)
        starts = (self._start(run) for run in self.runs.get(use.code, ()))
        return next((day for day in starts if day >= first), NEVER)

    def first_guess(self) -> int:
        """Return the place of the first day by which enough credits could be had at all.

        Terms are bounded by loads and by hours taken fractionally: never too late a day.
        """
        needed = self.needed()
        first = bisect_left(self.days, self._pinned_until)
        if needed <= 0:
            return first
        gained = Fraction(0)
        term = 0
        for place, day in enumerate(self.days):
            while term < len(self.calendar.terms) and self.calendar.terms[term].start <= day:
                gained += self.room(term)
                term += 1
            if gained >= needed:
                return max(place, first)
        return len(self.days)

    def starts(self) -> Iterator[tuple[Use, Run]]:
        """Yield what could be planned for credit, and when."""
        for found in self._by_term.values():
            yield from found

    def _starts_by_term(self) -> dict[int, list[tuple[Use, Run]]]:
        found: dict[int, list[tuple[Use, Run]]] = defaultdict(list)
        for use in self.compiled.uses:
            if use.is_candidate and use.earns:
                for run in self.runs.get(use.code, ()):
                    found[self.calendar.term_of[run.leaves[0]]].append((use, run))
        return found

    def needed(self) -> Fraction:
        """Return the credits that the degree still asks; 0 where it has no total in credits."""
        total = self.compiled.tree.total
        if total is None or total.credits is None:
            return Fraction(0)
        asked = plain(total.credits).low
        recorded = [use for use in self.compiled.uses if not use.is_candidate and use.earns]
        if total.less_waived:
            asked -= sum(
                (u.course.credits_low for u in recorded if u.is_waiver and u.course), Fraction(0)
            )
        return asked - sum((use.credits for use in recorded), Fraction(0))

    def _room(self, term: int, starts: list[tuple[Use, Run]]) -> Fraction:
        """Return the most credits that one term can hold."""
        room = min(self._room_by_hours(starts), self._room_by_courses(starts))
        for load in self.compiled.resolved.program.enrolment.loads:
            if self._covers(load, term, starts):
                room = min(room, self._room_by_load(load, starts))
        if self._is_as_wished:
            room = min(room, self._room_by_wish(term))
            if any(len(run.leaves) > 1 for _, run in starts):
                room = min(room, self._room_by_packing(starts))
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
        if any(use.is_candidate and not use.earns for use in self.compiled.uses):
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

    def _packed_into(self, starts: list[tuple[Use, Run]], *, counts: bool = False) -> int:
        base = min(run.leaves[0] for _, run in starts)
        spans: dict[int, set[tuple[tuple[int, ...], int]]] = defaultdict(set)
        for use, run in starts:
            leaves = tuple([leaf - base for leaf in run.leaves])
            spans[use.index].add((leaves, self._hours(use, run)))
        places = {leaf for mine in spans.values() for leaves, _ in mine for leaf in leaves}
        hours: dict[int, int | None] = {}
        courses: dict[int, int | None] = {}
        for place in sorted(places):
            leaf = self.calendar.leaves[base + place]
            hours[place] = self._limit(leaf.start, leaf.end)
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
            limit = self._limit(period.start, period.end)
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
        return hours_of(use, run.leaves, self.compiled) or 0

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
