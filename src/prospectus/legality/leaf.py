"""One leaf: what it may hold, when it is met, and that nothing in it could be taken away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from prospectus.domain.errors import UnsupportedError
from prospectus.domain.requirement import Bound, Fill, Measure, Share
from prospectus.legality.compiled import Compiled, plain
from prospectus.legality.store import Lit, Store, Term
from prospectus.legality.uses import Use
from prospectus.legality.variables import Variables


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
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
        self._refuse_unplannable()
        for use in self.compiled.uses:
            if use.earns and variables.taken[use.index] is not False:
                self._open_spots(use, with_exceptions)

    def _refuse_unplannable(self) -> None:
        areas, minima = self.fill.areas, self._minima()
        if areas is not None and (areas.in_credits or minima or self.fill.credits is not None):
            raise UnsupportedError(
                "PLN-004",
                what=f"{self.fill.header.id}: areas that count credits or stand beside other "
                "minima cannot be planned yet",
                fix="count areas in courses and put other minima into measures beside the leaf",
            )
        for measure in self.fill.with_:
            if measure.distinct or measure.per or isinstance(measure.credits, Share):
                raise UnsupportedError(
                    "PLN-005",
                    what=f"{measure.header.id}: `distinct`, `per` and shares inside a leaf cannot "
                    "be planned yet",
                    fix="write the measure beside the leaf, with `in:` naming it",
                )

    def _open_spots(self, use: Use, with_exceptions: bool) -> None:
        allowed = self._eligible(use, with_exceptions)
        if allowed is False:
            return
        names = self._areas(use) if self.fill.areas is not None else [""]
        spots = [Spot(use=use, lit=self.store.new_bool(), area=name) for name in names]
        if not spots:
            return
        self.spots += spots
        self.store.at_most_one(spot.lit for spot in spots)
        for spot in spots:
            self.store.imply(spot.lit, allowed)
        self.by_use[use.index] = self.store.any_of([spot.lit for spot in spots])

    def _eligible(self, use: Use, with_exceptions: bool) -> Lit:
        """Return the literal under which the leaf may hold the use: taken, in a run that fits."""
        selecting = self.compiled.selecting
        admits = selecting.admits if with_exceptions else selecting.is_eligible
        if not use.is_candidate:
            if not admits(self.fill, use, self.compiled.occupied(use)):
                return False
            return self.variables.stands(use)
        if not selecting.depends_on_run(self.fill.from_):
            return self.variables.taken[use.index] if admits(self.fill, use) else False
        starts = self.variables.starts[use.index]
        fitting = [s.lit for s in starts if admits(self.fill, use, s.run.leaves)]
        if len(fitting) == len(starts):
            return self.variables.taken[use.index]
        return self.store.any_of(fitting)

    def _areas(self, use: Use) -> list[str]:
        assert self.fill.areas is not None
        occupied = self.compiled.occupied(use)
        selecting = self.compiled.selecting
        return [
            name
            for name, selector in self.fill.areas.areas
            if selecting.matches(selector, use, occupied) is True
        ]

    def counted(self, uses: Iterable[Use] | None = None) -> list[Term]:
        """Return the number of uses held, as a sum."""
        chosen = None if uses is None else {use.index for use in uses}
        return [(s.lit, 1) for s in self.spots if chosen is None or s.use.index in chosen]

    def credited(self) -> list[Term]:
        """Return the credits held, as a sum of steps."""
        return [(s.lit, self.compiled.steps(s.use.credits)) for s in self.spots]

    def measured(self, measure: Measure) -> list[tuple[Spot, int]]:
        """Return the spots that a measure counts, with their weights."""
        found: list[tuple[Spot, int]] = []
        sees_waivers = self.compiled.selecting.sees_waivers(measure.of)
        for spot in self.spots:
            if spot.use.is_waiver and not sees_waivers:
                continue
            occupied = self.compiled.occupied(spot.use)
            match = self.compiled.selecting.matches(measure.of, spot.use, occupied)
            if match is False or (match is None and measure.bound is Bound.AT_LEAST):
                continue
            if measure.courses is None:
                found.append((spot, self.compiled.steps(spot.use.credits)))
            else:
                found.append((spot, 1))
        return found

    def _minima(self) -> list[Measure]:
        return [measure for measure in self.fill.with_ if measure.bound is Bound.AT_LEAST]

    def require_met(self, given: Sequence[Lit]) -> None:
        """Require size, minima and areas wherever `given` holds."""
        if self.fill.courses is not None:
            low = int(plain(self.fill.courses).low)
            self.store.linear(self.counted(), low, None, given=given)
        if self.fill.credits is not None:
            low = self.compiled.steps(plain(self.fill.credits).low)
            self.store.linear(self.credited(), low, None, given=given)
        for measure in self._minima():
            terms = [(spot.lit, weight) for spot, weight in self.measured(measure)]
            self.store.linear(terms, self._size(measure), None, given=given)
        if self.fill.areas is not None:
            self._reach_shape(given)

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
                terms = [(spot.lit, weight) for spot, weight in self.measured(measure)]
                self.store.linear(terms, None, self._size(measure), given=given)

    def require_minimal(self) -> None:
        """Require that the leaf would not be met without any one of what it holds."""
        if self.fill.areas is not None:
            low = int(plain(self.fill.courses).low) if self.fill.courses is not None else 0
            most = max(low, int(sum(self.fill.areas.shape)))
            self.store.linear(self.counted(), None, most)
            return
        if self._size_is_reason_enough():
            self.store.linear(self.counted(), None, int(plain(self.fill.courses).low))
            return
        reasons: dict[object, Lit] = {}
        needed: dict[int, list[Lit]] = defaultdict(list)
        for key, spot, weight, terms, low in self._losses():
            # taking `weight` away breaks this minimum where the sum is under low + weight
            if (key, weight) not in reasons:
                lit = self.store.new_bool()
                self.store.linear(terms, None, low - 1 + weight, given=(lit,))
                reasons[key, weight] = lit
            needed[id(spot)].append(reasons[key, weight])
        for spot in self.spots:
            self.store.clause(needed[id(spot)], given=(spot.lit,))

    def _size_is_reason_enough(self) -> bool:
        """Return whether a met leaf is minimal exactly when it holds n courses.

        So where minima in courses together ask no more than n: a larger set has a spare one.
        """
        if self.fill.courses is None or self.fill.credits is not None:
            return False
        minima = self._minima()
        asked = sum(self._size(m) for m in minima)
        counted = all(m.courses is not None for m in minima)
        return counted and asked <= plain(self.fill.courses).low

    def _losses(self) -> Iterable[tuple[object, Spot, int, list[Term], int]]:
        """Yield (minimum, spot, weight, sum, low) for each minimum that a spot serves."""
        if self.fill.courses is not None:
            terms, low = self.counted(), int(plain(self.fill.courses).low)
            for spot in self.spots:
                yield "courses", spot, 1, terms, low
        if self.fill.credits is not None:
            terms, low = self.credited(), self.compiled.steps(plain(self.fill.credits).low)
            for spot, (_, weight) in zip(self.spots, terms, strict=True):
                if weight:
                    yield "credits", spot, weight, terms, low
        for measure in self._minima():
            found = self.measured(measure)
            terms = [(spot.lit, weight) for spot, weight in found]
            for spot, weight in found:
                if weight:
                    yield measure.header.id, spot, weight, terms, self._size(measure)

    def _size(self, measure: Measure) -> int:
        most = measure.bound is Bound.AT_MOST
        if measure.courses is not None:
            size = plain(measure.courses)
            return int(size.high if most and size.high is not None else size.low)
        size = plain(measure.credits)
        value: Fraction = size.high if most and size.high is not None else size.low
        return self.compiled.steps_down(value) if most else self.compiled.steps(value)

    def _reach_shape(self, given: Sequence[Lit]) -> None:
        """Give each count of the shape an area of its own that reaches it."""
        assert self.fill.areas is not None
        served: dict[str, list[Term]] = defaultdict(list)
        for spot in self.spots:
            served[spot.area].append((spot.lit, 1))
        chosen: dict[str, list[Lit]] = defaultdict(list)
        for count in self.fill.areas.shape:
            options: list[Lit] = []
            for area, terms in served.items():
                lit = self.store.reaches(terms, int(count))
                options.append(lit)
                chosen[area].append(lit)
            self.store.clause(options, given=given)
        for lits in chosen.values():
            self.store.at_most_one(lits)
