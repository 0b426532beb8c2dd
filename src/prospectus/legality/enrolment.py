"""Enrolment: loads by period, gaps, durations, a locked order."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property

from prospectus.domain.record import Attempt, AttemptStatus
from prospectus.domain.requirement import Range
from prospectus.domain.rule import Load
from prospectus.legality.conditions import Asking, Conditions
from prospectus.legality.store import Lit, Term, negate
from prospectus.legality.timing import months_after
from prospectus.legality.uses import Use, end_of, leaves_of, recorded, start_of
from prospectus.legality.variables import Start, Variables


class EnrolmentRules:
    """The constraints of a programme's enrolment block."""

    def __init__(self, variables: Variables, conditions: Conditions) -> None:
        self.variables = variables
        self.conditions = conditions
        self.store = variables.store
        self.compiled = variables.compiled
        self.rules = self.compiled.resolved.program.enrolment
        for load in self.rules.loads:
            self._load(load)
        if self.rules.gap_months is not None:
            self._gap(self.rules.gap_months)
        self._durations()
        self._locked_sequence()

    def _load(self, load: Load) -> None:
        if self.compiled.selecting.is_excepted(load.header.id):
            return
        guard = self.store.guard(f"load {load.header.id}", _words(load))
        of_load = {id(start) for start in self._starts_of(load)}
        past = self._recorded(load)
        is_least = any(size is not None and size.low > 0 for size in (load.courses, load.credits))
        for inside in self._periods(load):
            here = self._starts_in(inside, of_load)
            if not here and not (is_least and self._may_study_in(inside)):
                continue
            there = [attempt for attempt, leaves in past if inside & leaves]
            given = (guard, *self._unless(load, inside))
            self._bound(load.courses, inside, self._courses(here), len(there), given)
            steps = sum(self.compiled.steps(attempt.credits) for attempt in there)
            if load.credits is not None:
                credits = self._credits(here)
                self._bound(self._in_steps(load.credits), inside, credits, steps, given)

    def _may_study_in(self, inside: frozenset[int]) -> bool:
        """Return whether a period can lie within the course of study that is still ahead."""
        leaves = self.variables.calendar.leaves
        if min([leaves[index].start for index in inside]) < self.compiled.today:
            return False
        return max([leaves[index].end for index in inside]) <= self._last_day

    @cached_property
    def _last_day(self) -> dt.date:
        """Return the last day on which anything planned or running could end."""
        resolved = self.compiled.resolved
        ends = {start.last for start in self.variables.planned}
        ends |= {end_of(use.attempt, resolved) for use, _ in self.variables.open}
        return max(ends, default=dt.date.min)

    def _unless(self, load: Load, inside: frozenset[int]) -> tuple[Lit, ...]:
        """Return the literal that a load stands in a period, nothing excusing it."""
        if load.unless is None:
            return ()
        start = min(self.variables.calendar.leaves[index].start for index in inside)
        asking = Asking(before=start, lenient=False)
        return (negate(self.conditions.literal(load.unless, asking)),)

    def _starts_in(self, inside: frozenset[int], of_load: set[int]) -> list[Start]:
        """Return the starts of a load that occupy some leaf of a period, each once."""
        if len(inside) == 1:
            leaf = next(iter(inside))
            return [s for s in self.variables.occupying(leaf) if id(s) in of_load]
        found = {id(s): s for leaf in sorted(inside) for s in self.variables.occupying(leaf)}
        return [start for key, start in found.items() if key in of_load]

    def _starts_of(self, load: Load) -> list[Start]:
        """Return the starts that a load speaks of."""
        planned, selecting = self.variables.planned, self.compiled.selecting
        if selecting.depends_on_run(load.of):
            return [
                start
                for start in planned
                if selecting.matches(load.of, start.use, start.run.leaves) is not False
            ]
        matched = self.compiled.matched(load.of)
        return [start for start in planned if matched[start.use.index] is not False]

    def _recorded(self, load: Load) -> list[tuple[Attempt, frozenset[int]]]:
        resolved, names = self.compiled.resolved, self.compiled.names
        found = []
        for attempt in self.compiled.record.attempts:
            leaves = leaves_of(attempt, resolved)
            if not leaves or attempt.status is AttemptStatus.WITHDRAWN:
                continue
            use = recorded(-1, attempt, resolved, names)
            if self.compiled.selecting.matches(load.of, use, leaves) is not False:
                found.append((attempt, frozenset(leaves)))
        return found

    def _in_steps(self, size: Range) -> Range:
        unit = self.compiled.unit
        return Range(low=size.low * unit, high=None if size.high is None else size.high * unit)

    @staticmethod
    def _courses(here: list[Start]) -> list[Term]:
        return [(start.lit, 1) for start in here]

    def _credits(self, here: list[Start]) -> list[Term]:
        """Return the credits of some starts; a whole term's as its one variable."""
        terms = {self.variables.term_of(start.run) for start in here}
        if len(terms) == 1:
            term = next(iter(terms))
            if len(self.variables.in_term(term)) == len(here):
                return self.variables.planned_credits(term)
        return [(start.lit, self.compiled.use_steps[start.use.index]) for start in here]

    def _bound(
        self,
        size: Range | None,
        inside: frozenset[int],
        terms: list[Term],
        fixed: int,
        given: tuple[Lit, ...],
    ) -> None:
        if size is None:
            return
        if size.high is not None and terms:
            # what is registered already is no breach of a planned start by itself
            most = int(size.high // 1) - fixed
            if most < 0:
                for lit, _ in terms:
                    self.store.clause((negate(lit),), given=given)
            else:
                self.store.linear(terms, None, most, given=given)
        low = -int(-size.low // 1) - fixed
        if low > 0:
            self.store.linear(terms, low, None, given=(*given, *self._enrolled_in(inside)))

    def _enrolled_in(self, inside: frozenset[int]) -> tuple[Lit, ...]:
        """Return literals that together say that a period lies within the course of study."""
        leaves = self.variables.calendar.leaves
        start = min(leaves[i].start for i in inside)
        end = max(leaves[i].end for i in inside)
        if start < self.compiled.today:
            return (False,)
        lasting = self.variables.ends_after(end - dt.timedelta(days=1))
        return self.variables.starts_by(start), lasting

    def _periods(self, load: Load) -> Iterator[frozenset[int]]:
        """Yield the leaf indexes of each period that a load speaks of."""
        calendar = self.variables.calendar
        count = len(calendar.leaves)
        if load.per == "session":
            for index in range(count):
                if not load.seasons or calendar.leaves[index].season in load.seasons:
                    yield frozenset({index})
        elif load.per == "span":
            width = load.span or 1
            for first in range(count - width + 1):
                yield frozenset(range(first, first + width))
        elif load.per == "year":
            for year in sorted({leaf.start.year for leaf in calendar.leaves}):
                yield frozenset(i for i in range(count) if calendar.leaves[i].start.year == year)
        else:
            for place, term in enumerate(calendar.terms):
                if load.per in ("term", term.season) and (
                    not load.seasons or term.season in load.seasons
                ):
                    yield frozenset(calendar.leaves_by_term[place])

    def _gap(self, months: int) -> None:
        """Forbid a start so long after everything before it that the enrolment would end."""
        guard = self.store.guard("gap", f"no enrolment for {months} months ends it")
        resolved = self.compiled.resolved
        begun = [
            (start_of(attempt, resolved), end_of(attempt, resolved))
            for attempt in self.compiled.record.attempts
            if attempt.status is not AttemptStatus.WITHDRAWN and leaves_of(attempt, resolved)
        ]
        leaves = self.variables.calendar.leaves
        lasting = {
            index: months_after(leaves[index].end, months)
            for index in self.variables.leaves_between(dt.date.min, dt.date.max)
        }
        near_by_day: dict[dt.date, list[Lit]] = {}
        for start in self.variables.planned:
            if start.first not in near_by_day:
                since = months_after(start.first, -months)
                near: list[Lit] = [
                    self.variables.occupied(index)
                    for index, until in lasting.items()
                    if leaves[index].start < start.first < until and leaves[index].end >= since
                ]
                near += [
                    True
                    for first, last in begun
                    if first <= start.first < months_after(last, months)
                ]
                near_by_day[start.first] = near
            earlier: Lit = any(first < start.first for first, _ in begun)
            if not earlier:
                earlier = self.variables.starts_by(start.first - dt.timedelta(days=1))
            self.store.clause(near_by_day[start.first], given=(start.lit, earlier, guard))

    def _durations(self) -> None:
        start = self.compiled.matriculation
        if self.rules.max_months is not None:
            guard = self.store.guard("maximum", f"at most {self.rules.max_months} months of study")
            late = self.variables.ends_after(months_after(start, self.rules.max_months))
            self.store.clause((negate(late),), given=(guard,))
        if self.rules.min_months is not None:
            guard = self.store.guard("minimum", f"at least {self.rules.min_months} months of study")
            before = months_after(start, self.rules.min_months) - dt.timedelta(days=1)
            lasting = self.variables.ends_after(before)
            for planned in self.variables.planned:
                self.store.clause((lasting,), given=(planned.lit, guard))

    def _locked_sequence(self) -> None:
        """Let no step of a locked order start before an earlier one has ended."""
        steps = self.rules.locked_sequence
        place = {code: number for number, step in enumerate(steps) for code in step}
        if not place:
            return
        guard = self.store.guard("sequence", "the locked order of courses")
        uses: dict[int, list[Use]] = defaultdict(list)
        for use in self.compiled.uses:
            if use.code in place:
                uses[place[use.code]].append(use)
        for later in self.variables.planned:
            mine = place.get(later.use.code)
            if mine:
                late = self._late(uses, mine - 1, later.first)
                self.store.clause((negate(late),), given=(later.lit, guard))

    def _late(self, uses: dict[int, list[Use]], step: int, day: dt.date) -> Lit:
        """Return the literal that something of a step, or of one before it, ends after a day."""
        late = self.variables.one_ends_after(uses[step], day)
        return self.store.any_of([self._late(uses, step - 1, day), late]) if step else late


def _words(load: Load) -> str:
    """Return a load in words: its label, else its sizes and periods."""
    if load.header.label:
        return load.header.label
    sizes = []
    for size, unit in ((load.courses, "course"), (load.credits, "credit")):
        if size is not None and size.low > 0:
            sizes.append(f"at least {size.low} {unit}{'' if size.low == 1 else 's'}")
        if size is not None and size.high is not None:
            sizes.append(f"at most {size.high} {unit}{'' if size.high == 1 else 's'}")
    seasons = " or ".join(load.seasons)
    period = f"{load.span} periods in a row" if load.per == "span" else load.per
    return f"{' and '.join(sizes)} in each {seasons or period}"
