"""How far ahead a plan has to look: runs that can be reached, and a least number of days."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction

from prospectus.domain.course import CourseCode
from prospectus.domain.expression import (
    And,
    Done,
    Expression,
    NodeDone,
    NOf,
    Or,
    Selector,
    Timing,
)
from prospectus.domain.offering import Run
from prospectus.domain.rule import Gate
from prospectus.domain.student import Student
from prospectus.domain.wish import Placed
from prospectus.legality.compiled import Compiled, plain
from prospectus.legality.conditions import selectors_of
from prospectus.legality.nodes_done import eligible_uses, plain_leaves
from prospectus.legality.timing import months_after
from prospectus.legality.uses import Use, end_of
from prospectus.planning.rooms import Rooms
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
        self._spans = compiled.spans
        last_days = [day for day in (self.wishes.deadline, self._longest()) if day is not None]
        if last_days:
            self.runs = self._until(min(last_days))
        self._pinned_until = ALWAYS
        if as_wished:
            self._keep_places()
        self._drop_unreachable()
        if as_wished and self._drop_too_heavy():
            self._drop_unreachable()
        self.is_blocked = as_wished and any(
            isinstance(wish, Placed) and self._has_no_place(wish) for wish in self.wishes.about
        )
        """Whether a course that has to be somewhere can be nowhere there: there is no plan."""
        self.days = self._days()
        self.by_term = {code: self._in_terms(mine) for code, mine in self.runs.items()}
        """The runs of each course by the term they are registered in."""
        self.rooms = Rooms(compiled, self.wishes, self.by_term, as_wished=as_wished)
        firsts = [mine[0].leaves[0] for mine in self.runs.values() if mine]
        self.first_leaf = min(firsts, default=0)

    def runs_until(self, last_day: dt.date) -> dict[CourseCode, tuple[Run, ...]]:
        """Return the runs that end by a day."""
        return self._until(last_day)

    def _in_terms(self, runs: tuple[Run, ...]) -> dict[int, list[Run]]:
        found: dict[int, list[Run]] = {}
        spans = self._spans
        for run in runs:
            term = spans[run.leaves].term
            if term in found:
                found[term].append(run)
            else:
                found[term] = [run]
        return found

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

    def _has_no_place(self, wish: Placed) -> bool:
        if not wish.inside or is_had(self.compiled, wish.course):
            return False
        uses = (use for use in self.compiled.uses if use.is_candidate)
        return not any(self.runs.get(use.code) for use in uses if wish.course in use.names)

    def _longest(self) -> dt.date | None:
        """Return the last day on which study may end, where the programme bounds how long."""
        months = self.compiled.resolved.program.enrolment.max_months
        return None if months is None else months_after(self.compiled.matriculation, months)

    def _drop_too_heavy(self) -> bool:
        """Drop runs that alone break the hours asked; return whether there were any."""
        leaves = self.calendar.leaves
        limits = [self.wishes.hours_limit(leaf.start, leaf.end) for leaf in leaves]
        if not any(limit is not None for limit in limits):
            return False
        weeks: dict[int, tuple[int, ...]] = {}
        mosts: dict[tuple[int, ...], int] = {}
        for each in {run.leaves for mine in self.runs.values() for run in mine}:
            weeks.setdefault(self._spans[each].weeks, each)
            known = [most for leaf in each if (most := limits[leaf]) is not None]
            if known:
                mosts[each] = min(known)
        heavy: dict[tuple[int, ...], set[tuple[int, ...]]] = {}
        uses: dict[CourseCode, list[Use]] = defaultdict(list)
        for use in self.compiled.uses:
            if use.is_candidate:
                uses[use.code].append(use)
        dropped = False
        for code, options in uses.items():
            # hours hang on the weeks of a run alone
            hours = {
                length: min([hours_of(use, each, self.compiled) or 0 for use in options])
                for length, each in weeks.items()
            }
            key = (*hours.values(),)
            if key not in heavy:
                heavy[key] = {
                    each for each, most in mosts.items() if hours[self._spans[each].weeks] > most
                }
            if heavy[key]:
                mine = self.runs.get(code, ())
                kept = tuple([run for run in mine if run.leaves not in heavy[key]])
                if len(kept) < len(mine):
                    self.runs[code] = kept
                    dropped = True
        return dropped

    def _until(self, last_day: dt.date) -> dict[CourseCode, tuple[Run, ...]]:
        spans, start = self._spans, self._start
        found: dict[CourseCode, tuple[Run, ...]] = {}
        for code, mine in self.runs.items():
            begun = mine[: bisect_right(mine, last_day, key=start)]
            found[code] = tuple([run for run in begun if spans[run.leaves].last <= last_day])
        return found

    def _start(self, run: Run) -> dt.date:
        return self._spans[run.leaves].first

    def end_of(self, run: Run) -> dt.date:
        """Return the last day of a run."""
        return self._spans[run.leaves].last

    def _days(self) -> list[dt.date]:
        resolved = self.compiled.resolved
        open_ends = [
            end_of(use.attempt, resolved)
            for use in self.compiled.uses
            if not use.is_candidate and use.attempt.is_open
        ]
        base = max(open_ends, default=self.compiled.today)
        leaves = {run.leaves for mine in self.runs.values() for run in mine}
        later = {self._spans[each].last for each in leaves}
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
            mine = self.runs[code]
            self.runs[code] = mine[bisect_left(mine, first, key=self._start) :]

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
        mine = self.runs.get(code, ())
        for run in mine[bisect_left(mine, first, key=self._start) :]:
            span = self._spans[run.leaves]
            if best is not None and span.first > best:
                break
            if best is None or span.last < best:
                best = span.last
        return best

    def _first_start(self, use: Use) -> dt.date:
        first = self._from.get(use.code, ALWAYS)
        mine = self.runs.get(use.code, ())
        place = bisect_left(mine, first, key=self._start)
        return self._start(mine[place]) if place < len(mine) else NEVER

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
                gained += self.rooms.room(term)
                term += 1
            if gained >= needed:
                return max(place, first)
        return len(self.days)

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
