"""One leaf: what it may hold, when it is met, and that nothing in it could be taken away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from math import ceil, floor
from typing import NamedTuple

from prospectus.domain.course import CourseCode
from prospectus.domain.requirement import Bound, Fill, Measure
from prospectus.legality.compiled import Compiled, plain
from prospectus.legality.counting import require_measure
from prospectus.legality.minima import (
    CountMinimum,
    DistinctMinimum,
    Minimum,
    PerMinimum,
    ShapeMinimum,
    SumMinimum,
)
from prospectus.legality.selecting import Tri
from prospectus.legality.store import Lit, Store, Term
from prospectus.legality.uses import Use
from prospectus.legality.variables import Variables


class Spot(NamedTuple):
    """A use that a leaf may hold (in an area), and the literal that says that it does."""

    use: Use
    lit: Lit
    area: str = ""


class Leaf:
    """The literals of one leaf and the constraints on what it holds.

    `with_exceptions` also admits what approved departures admit.
    """

    def __init__(self, variables: Variables, fill: Fill, *, with_exceptions: bool = True) -> None:
        self.variables = variables
        self.store: Store = variables.store
        self.compiled: Compiled = variables.compiled
        self.fill = fill
        self.spots: list[Spot] = []
        self.by_use: dict[int, Lit] = {}
        self._made: list[Minimum] | None = None
        self._pieces: list[tuple[Lit, frozenset[int]]] | None = None
        by_run = self.compiled.selecting.depends_on_run(fill.from_)
        for use in self.compiled.fitting(fill, with_exceptions=with_exceptions):
            if variables.taken[use.index] is not False:
                allowed = self._allowed(use, with_exceptions, by_run)
                if allowed is not False:
                    self._open_spots(use, allowed)

    def _open_spots(self, use: Use, allowed: Lit) -> None:
        if self.fill.areas is None:
            lit = self.by_use[use.index] = self.store.new_bool()
            self.spots.append(Spot(use, lit))
            self.store.imply(lit, allowed)
            return
        names = self._areas(use)
        spots = [Spot(use=use, lit=self.store.new_bool(), area=name) for name in names]
        if not spots:
            return
        self.spots += spots
        self.store.at_most_one(spot.lit for spot in spots)
        for spot in spots:
            self.store.imply(spot.lit, allowed)
        self.by_use[use.index] = self.store.any_of([spot.lit for spot in spots])

    def _allowed(self, use: Use, with_exceptions: bool, by_run: bool) -> Lit:
        """Return the literal under which the leaf may hold the use: taken, in a run that fits."""
        if not use.is_candidate:
            return self.variables.stands(use)
        if not by_run:
            return self.variables.taken[use.index]
        eligibility = self.compiled.eligibility
        admits = eligibility.admits if with_exceptions else eligibility.is_eligible
        starts = self.variables.starts[use.index]
        fitting = [s.lit for s in starts if admits(self.fill, use, s.run.leaves)]
        if len(fitting) == len(starts):
            return self.variables.taken[use.index]
        return self.store.any_of(fitting)

    def _areas(self, use: Use) -> list[str]:
        assert self.fill.areas is not None
        occupied = self.compiled.occupied(use)
        selecting = self.compiled.selecting
        named = [
            name
            for name, selector in self.fill.areas.areas
            if selecting.matches(selector, use, occupied) is True
        ]
        # what serves no area may still serve a size or another minimum
        return named if self._is_only_shaped() else [*named, ""]

    def counted(self) -> list[Term]:
        """Return the number of courses held, as a sum; pieces of a course count together."""
        loose = self._loose()
        wholes: list[Term] = [(s.lit, 1) for i, s in enumerate(self.spots) if i not in loose]
        return [*wholes, *((lit, 1) for lit, _ in self._together())]

    def _loose(self) -> frozenset[int]:
        """Return the places of what the leaf may hold only as a piece of a course it names."""
        selecting, pieces_in = self.compiled.selecting, self.compiled.eligibility.pieces_in
        if not self.compiled.names.composites:
            return frozenset()
        return frozenset(
            place
            for place, spot in enumerate(self.spots)
            if pieces_in(self.fill, spot.use)
            and selecting.matches(self.fill.from_, spot.use, self.compiled.occupied(spot.use))
            is False
        )

    def _together(self) -> list[tuple[Lit, frozenset[int]]]:
        """Return the literals that all pieces of a course are held, with their places."""
        if self._pieces is None:
            groups: dict[CourseCode, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
            needed: dict[CourseCode, frozenset[str]] = {}
            for place in sorted(self._loose()):
                use = self.spots[place].use
                for code, pieces in self.compiled.eligibility.pieces_in(self.fill, use):
                    needed[code] = pieces
                    for piece in use.names & pieces:
                        groups[code][piece].append(place)
            self._pieces = []
            for code, held in groups.items():
                if set(held) == needed[code]:
                    parts = [
                        self.store.any_of([self.spots[place].lit for place in places])
                        for places in held.values()
                    ]
                    places = frozenset(place for found in held.values() for place in found)
                    self._pieces.append((self.store.all_of(parts), places))
        return self._pieces

    def credited(self) -> list[Term]:
        """Return the credits held, as a sum of steps."""
        steps = self.compiled.use_steps
        return [(s.lit, steps[s.use.index]) for s in self.spots]

    def measured(self, measure: Measure) -> list[tuple[int, Use, Lit]]:
        """Return what a measure counts: the place of its spot, its use, and when it counts."""
        selecting = self.compiled.selecting
        sees_waivers = selecting.sees_waivers(measure.of)
        matched = None
        if not selecting.depends_on_run(measure.of):
            matched = self.compiled.matched(measure.of)
        found: list[tuple[int, Use, Lit]] = []
        for place, spot in enumerate(self.spots):
            if spot.use.is_waiver and not sees_waivers:
                continue
            if matched is None:
                match = self._matching(measure, spot)
            else:
                match = spot.lit if _is_counted(measure, matched[spot.use.index]) else False
            if match is not False:
                found.append((place, spot.use, match))
        return found

    def _matching(self, measure: Measure, spot: Spot) -> Lit:
        """Return the literal that the spot is taken in a run that the measure counts."""
        use, selecting = spot.use, self.compiled.selecting
        if not use.is_candidate:
            match = selecting.matches(measure.of, use, self.compiled.occupied(use))
            return spot.lit if _is_counted(measure, match) else False
        starts = self.variables.starts[use.index]
        fitting = [
            s.lit
            for s in starts
            if _is_counted(measure, selecting.matches(measure.of, use, s.run.leaves))
        ]
        if len(fitting) == len(starts):
            return spot.lit
        return self.store.all_of([spot.lit, self.store.any_of(fitting)])

    def _weight(self, measure: Measure, use: Use) -> int:
        return 1 if measure.courses is not None else self.compiled.use_steps[use.index]

    def minima(self) -> list[Minimum]:
        """Return every least that the leaf has to reach."""
        if self._made is None:
            self._made = list(self._minima())
        return self._made

    def _minima(self) -> Iterator[Minimum]:
        lits = [spot.lit for spot in self.spots]
        if self.fill.courses is not None:
            yield self._count(lits, int(plain(self.fill.courses).low))
        if self.fill.credits is not None:
            credits = {
                place: (spot.lit, self.compiled.use_steps[spot.use.index])
                for place, spot in enumerate(self.spots)
            }
            low = self.compiled.steps(plain(self.fill.credits).low)
            yield SumMinimum(self.store, credits, low, lits)
        for measure in self._leasts():
            yield self._minimum(measure, lits)
        if self.fill.areas is not None:
            yield self._shape()

    def _count(self, lits: list[Lit], low: int) -> Minimum:
        loose = self._loose()
        if not loose:
            ones = {place: (lit, 1) for place, lit in enumerate(lits)}
            return SumMinimum(self.store, ones, low, lits)
        wholes = {place: lit for place, lit in enumerate(lits) if place not in loose}
        return CountMinimum(self.store, wholes, self._together(), low)

    def _minimum(self, measure: Measure, lits: list[Lit]) -> Minimum:
        counted = self.measured(measure)
        weights = {place: self._weight(measure, use) for place, use, _ in counted}
        low = self._size(measure)
        if measure.distinct is not None:
            return DistinctMinimum(self.variables, measure.distinct, counted, low)
        if measure.per is not None:
            return PerMinimum(self.variables, measure.per, counted, weights, low)
        sums = {place: (lit, weights[place]) for place, _, lit in counted}
        return SumMinimum(self.store, sums, low, lits)

    def _shape(self) -> Minimum:
        assert self.fill.areas is not None
        in_credits, steps = self.fill.areas.in_credits, self.compiled.steps
        held: dict[str, list[tuple[int, Lit, int]]] = defaultdict(list)
        for place, spot in enumerate(self.spots):
            if spot.area:
                weight = steps(spot.use.credits) if in_credits else 1
                held[spot.area].append((place, spot.lit, weight))
        shape = [steps(count) if in_credits else int(count) for count in self.fill.areas.shape]
        return ShapeMinimum(self.store, held, shape)

    def _leasts(self) -> list[Measure]:
        return [measure for measure in self.fill.with_ if measure.bound is Bound.AT_LEAST]

    def require_met(self, given: Sequence[Lit]) -> None:
        """Require size, minima and areas wherever `given` holds."""
        for minimum in self.minima():
            minimum.require(given)

    def require_within(self, given: Sequence[Lit]) -> None:
        """Require the mosts: n..m and the caps of `with`."""
        if self.fill.courses is not None:
            high = plain(self.fill.courses).high
            if high is not None:
                self.store.linear(self.counted(), None, int(high), given=given)
        if self.fill.credits is not None:
            high = plain(self.fill.credits).high
            if high is not None:
                most = self.compiled.steps_down(high)
                self.store.linear(self.credited(), None, most, given=given)
        for measure in self.fill.with_:
            if measure.bound is Bound.AT_MOST:
                counted = [(use, lit) for _, use, lit in self.measured(measure)]
                limits = (None, self._size(measure))
                require_measure(self.variables, measure, counted, limits, given)

    def require_minimal(self) -> None:
        """Require that the leaf would not be met without any one of what it holds."""
        most = self._largest_size()
        if most is not None:
            self.store.linear(self.counted(), None, most)
            return
        for place, spot in enumerate(self.spots):
            reasons = [lit for minimum in self.minima() for lit in minimum.reasons(place)]
            self.store.clause(reasons, given=(spot.lit,))

    def _is_only_shaped(self) -> bool:
        """Return whether the shape of areas counted in courses asks all that the leaf asks."""
        areas = self.fill.areas
        if areas is None or areas.in_credits or self.fill.credits is not None or self._leasts():
            return False
        low = int(plain(self.fill.courses).low) if self.fill.courses is not None else 0
        return low <= sum(areas.shape)

    def _largest_size(self) -> int | None:
        """Return the number of courses at which a met leaf is minimal, where one says it all.

        So for a leaf of n courses whose minima, or areas, in courses together ask no more: a
        larger set has a spare one.
        """
        if self.fill.credits is not None or self._loose():
            return None
        low = int(plain(self.fill.courses).low) if self.fill.courses is not None else 0
        leasts = self._leasts()
        if self.fill.areas is not None:
            is_plain = not self.fill.areas.in_credits and not leasts
            return max(low, int(sum(self.fill.areas.shape))) if is_plain else None
        if self.fill.courses is None or any(m.distinct or m.per for m in leasts):
            return None
        counted = all(m.courses is not None for m in leasts)
        return low if counted and sum(self._size(m) for m in leasts) <= low else None

    def _size(self, measure: Measure) -> int:
        """Return the bound of a measure: in courses, in values or in steps of credit."""
        most = measure.bound is Bound.AT_MOST
        size = plain(measure.courses if measure.courses is not None else measure.credits)
        value = size.high if most and size.high is not None else size.low
        if measure.courses is not None or measure.distinct is not None:
            return floor(value) if most else ceil(value)
        return self.compiled.steps_down(value) if most else self.compiled.steps(value)


def _is_counted(measure: Measure, match: Tri) -> bool:
    """Return whether a match counts: an unknown one towards a most, not towards a least."""
    return match is True or (match is None and measure.bound is Bound.AT_MOST)
