"""Positions: when courses may or must stand in the course of study."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from fractions import Fraction

from prospectus.domain.rule import Point, PointKind, Position
from prospectus.legality.expiry import has_expired
from prospectus.legality.leaf import Spot
from prospectus.legality.store import Lit, Term, negate
from prospectus.legality.timing import earliest_day, latest_day
from prospectus.legality.tree import Tree
from prospectus.legality.uses import Use, end_of, start_of
from prospectus.legality.variables import FAR, Start, Variables

_DATED = (PointKind.MATRICULATION, PointKind.CONFERRAL)


class Positions:
    """The constraints of the required positions; a recommended one forbids nothing."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.variables = tree.variables
        self.store = tree.store
        self.compiled = tree.compiled
        for rule in self.compiled.resolved.rules:
            excepted = self.compiled.selecting.is_excepted(rule.header.id)
            if isinstance(rule, Position) and rule.required and not excepted:
                self._position(rule)

    def _position(self, rule: Position) -> None:
        guard = self.store.guard(f"rule {rule.header.id}", f"rule {rule.header.name}")
        selecting = self.compiled.selecting
        for start in self.variables.planned:
            if selecting.matches(rule.of, start.use, start.run.leaves) is not True:
                continue
            given = (start.lit, guard)
            if rule.start_from is not None:
                self._starts_from(rule.start_from, start, given)
            if rule.by is not None:
                self._ends_by(rule.by, start, given)
            if rule.alone:
                self._alone(start, given)
            if rule.adjacent_to is not None:
                self._follows(rule.adjacent_to, start, given)

    def _starts_from(self, point: Point, start: Start, given: tuple[Lit, ...]) -> None:
        day = start.first
        if point.kind in _DATED:
            # the first conferral day for which this start would come too early
            for late in self._conferrals():
                first = earliest_day(
                    point, self.variables.calendar, self.compiled.matriculation, late
                )
                if day < first:
                    self._not_conferred_from(late, given)
                    return
        elif point.kind is PointKind.FINISHED:
            self._is_finished(point, start, given)
        elif point.kind is PointKind.NODE_END:
            for spot in self._spots(point, start.use):
                done = self.variables.done_by([spot.use], day)
                self.store.clause((negate(spot.lit), done), given=given)
        else:
            self._one_fits(point, start, given, lambda first, _: first <= day)

    def _ends_by(self, point: Point, start: Start, given: tuple[Lit, ...]) -> None:
        end = start.last
        if point.kind is PointKind.MATRICULATION:
            last = latest_day(point, self.variables.calendar, self.compiled.matriculation, FAR)
            if last is not None and end > last:
                self.store.clause((), given=given)
        elif point.kind is PointKind.CONFERRAL:
            enough = [day for day in self._conferrals() if (self._last(point, day) or FAR) >= end]
            if not enough:
                self.store.clause((), given=given)
                return
            one_day_less = enough[0] - dt.timedelta(days=1)
            self.store.clause((self.variables.ends_after(one_day_less),), given=given)
        elif point.kind is PointKind.FINISHED:
            high = self._wanted(point) - 1
            self.store.linear(
                finished_by(point, start.first, self.variables, but=start.use),
                None,
                high,
                given=given,
            )
        elif point.kind is PointKind.NODE_START:
            for spot in self._spots(point, start.use):
                self._starts_after(spot, start, given)
        else:
            self._one_fits(point, start, given, lambda _, last: last >= end)

    def _one_fits(
        self,
        point: Point,
        start: Start,
        given: tuple[Lit, ...],
        fits: Callable[[dt.date, dt.date], bool],
    ) -> None:
        """Require that one of what the node holds has fitting days, where it holds anything."""
        spots = self._spots(point, start.use)
        fitting: list[Lit] = []
        for spot in spots:
            if not spot.use.is_candidate:
                attempt, resolved = spot.use.attempt, self.compiled.resolved
                if fits(start_of(attempt, resolved), end_of(attempt, resolved)):
                    fitting.append(spot.lit)
                continue
            for other in self.variables.starts[spot.use.index]:
                if fits(other.first, other.last):
                    fitting.append(self.store.all_of([spot.lit, other.lit]))
        for spot in spots:
            self.store.clause((negate(spot.lit), *fitting), given=given)

    def _last(self, point: Point, day: dt.date) -> dt.date | None:
        return latest_day(point, self.variables.calendar, self.compiled.matriculation, day)

    def _conferrals(self) -> list[dt.date]:
        """Return the days on which a plan may end, in order."""
        days = {start.last for start in self.variables.planned}
        days |= {end_of(use.attempt, self.compiled.resolved) for use, _ in self.variables.open}
        return sorted(days)

    def _not_conferred_from(self, day: dt.date, given: tuple[Lit, ...]) -> None:
        """Require conferral before a day."""
        before = day - dt.timedelta(days=1)
        self.store.clause((negate(self.variables.ends_after(before)),), given=given)

    def _wanted(self, point: Point) -> int:
        if point.courses is not None:
            return point.courses
        return self.compiled.steps(point.credits or Fraction(0))

    def _is_finished(self, point: Point, start: Start, given: tuple[Lit, ...]) -> None:
        """Require that enough has ended before the start."""
        by_run = point.of is not None and self.compiled.selecting.depends_on_run(point.of)
        rules = self.compiled.resolved.program.record_rules
        if by_run or rules.expires_months is not None:
            terms = finished_by(point, start.first, self.variables, but=start.use)
            self.store.linear(terms, self._wanted(point), None, given=given)
            return
        selecting, mine = self.compiled.selecting, start.use.id

        def weight(use: Use) -> int:
            if use.id == mine or not use.earns or (use.is_waiver and point.courses is not None):
                return 0
            if point.of is not None:
                occupied = self.compiled.occupied(use)
                if selecting.matches(point.of, use, occupied) is not True:
                    return 0
            return 1 if point.courses is not None else self.compiled.use_steps[use.index]

        totals = self.variables.totals(("finished", point.of, point.courses is None, mine), weight)
        self.store.clause((totals.reaches(start.first, self._wanted(point)),), given=given)

    def _spots(self, point: Point, but: Use) -> list[Spot]:
        """Return what may be held at or below the point's node, but for the course itself."""
        assert point.node is not None
        return [
            spot
            for leaf_id, leaf in self.tree.leaves.items()
            if self.tree.is_below(leaf_id, point.node)
            for spot in leaf.spots
            if spot.use.id != but.id
        ]

    def _starts_after(self, spot: Spot, start: Start, given: tuple[Lit, ...]) -> None:
        """Require a held use to start on or after the end of the run."""
        end = start.last
        if not spot.use.is_candidate:
            self.store.clause((negate(spot.lit),), given=given)
            return
        for other in self.variables.starts[spot.use.index]:
            if other.first < end:
                self.store.clause((negate(spot.lit), negate(other.lit)), given=given)

    def _alone(self, start: Start, given: tuple[Lit, ...]) -> None:
        mine = set(start.run.leaves)
        for _, leaves in self.variables.open:
            if mine & set(leaves):
                self.store.clause((), given=given)
                return
        for other in self.variables.planned:
            if other.use.id != start.use.id and mine & set(other.run.leaves):
                self.store.clause((negate(other.lit),), given=given)

    def _follows(self, code: str, start: Start, given: tuple[Lit, ...]) -> None:
        """Require a run of `code` after which this is the next chance to take the course."""
        chances = sorted({run.leaves[0] for run in self.compiled.resolved.runs_of(start.use.code)})
        first = start.run.leaves[0]
        earlier = [leaf for leaf in chances if leaf < first]
        after = earlier[-1] if earlier else -1
        fitting: list[Lit] = []
        for use in self.variables.named(code):
            if use.is_candidate:
                for other in self.variables.starts[use.index]:
                    if after <= max(other.run.leaves) < first:
                        fitting.append(other.lit)
                    elif max(other.run.leaves) >= first:
                        # the last try before the course decides
                        self.store.clause((negate(other.lit),), given=given)
            elif self.compiled.occupied(use):
                last = max(self.compiled.occupied(use))
                if after <= last < first:
                    fitting.append(True)
        self.store.clause(fitting, given=given)


def finished_by(
    point: Point, day: dt.date, variables: Variables, *, but: Use | None = None
) -> list[Term]:
    """Return what counts of the point's selector and ends by a day, as a sum."""
    compiled = variables.compiled
    selecting = compiled.selecting
    terms: list[Term] = []
    for use in compiled.uses:
        if not use.earns or (but is not None and use.id == but.id):
            continue
        if use.is_waiver and point.courses is not None:
            continue
        weight = 1 if point.courses is not None else compiled.use_steps[use.index]
        runs: list[tuple[dt.date, tuple[int, ...], Lit]] = [
            (start.last, start.run.leaves, start.lit) for start in variables.starts[use.index]
        ]
        if not use.is_candidate:
            end = end_of(use.attempt, compiled.resolved)
            runs = [(end, compiled.occupied(use), variables.stands(use))]
        for last, leaves, lit in runs:
            if last > day:
                continue
            if point.of is None or selecting.matches(point.of, use, leaves) is True:
                expired = has_expired(use, last, leaves, variables)
                terms.append((variables.store.all_of([lit, negate(expired)]), weight))
    return terms
