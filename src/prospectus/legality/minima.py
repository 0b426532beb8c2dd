"""What a leaf asks of what it holds, and why a use in it could not be taken away."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Mapping, Sequence

from prospectus.legality.counting import by_value
from prospectus.legality.store import Lit, Store, Term, negate
from prospectus.legality.uses import Use
from prospectus.legality.variables import Variables


class Minimum(ABC):
    """A least that a leaf has to reach."""

    @abstractmethod
    def require(self, given: Sequence[Lit]) -> None:
        """Require the least wherever `given` holds."""

    @abstractmethod
    def reasons(self, place: int) -> list[Lit]:
        """Return literals, each of which says that the least breaks without one spot's use."""


class SumMinimum(Minimum):
    """A least sum; `weights` of what counts, by the place of its spot."""

    def __init__(
        self, store: Store, counted: Mapping[int, tuple[Lit, int]], low: int, spots: Sequence[Lit]
    ) -> None:
        self.store = store
        self.counted = counted
        self.low = low
        self.spots = spots
        self.terms: list[Term] = [*counted.values()]
        self._spare: dict[int, Lit] = {}

    def require(self, given: Sequence[Lit]) -> None:
        """Require the sum."""
        self.store.linear(self.terms, self.low, None, given=given)

    def reasons(self, place: int) -> list[Lit]:
        """Return the literal that the sum without the spot falls short."""
        lit, weight = self.counted.get(place, (False, 0))
        if not weight or lit is False:
            return []
        if weight not in self._spare:
            # taking `weight` away breaks this least where the sum is under low + weight
            self._spare[weight] = self.store.new_bool()
            self.store.linear(self.terms, None, self.low - 1 + weight, given=(self._spare[weight],))
        spare = self._spare[weight]
        return [spare if lit is self.spots[place] else self.store.all_of([spare, lit])]


class CountMinimum(Minimum):
    """A least number of courses, where several pieces together stand for one.

    `wholes` are the spots that count each, `together` the literals that all pieces of a course are
    held, with the places of those pieces.
    """

    def __init__(
        self,
        store: Store,
        wholes: Mapping[int, Lit],
        together: Sequence[tuple[Lit, frozenset[int]]],
        low: int,
    ) -> None:
        self.store = store
        self.wholes = wholes
        self.together = together
        self.low = low
        self.terms: list[Term] = [(lit, 1) for lit in wholes.values()]
        self.terms += [(lit, 1) for lit, _ in together]

    def require(self, given: Sequence[Lit]) -> None:
        """Require the number of courses."""
        self.store.linear(self.terms, self.low, None, given=given)

    def reasons(self, place: int) -> list[Lit]:
        """Return the literal that too few courses are left without the spot."""
        lost = [lit for lit, pieces in self.together if place in pieces]
        if place in self.wholes:
            lost.append(self.wholes[place])
        if not lost:
            return []
        reason = self.store.new_bool()
        left: list[Term] = [*self.terms, *((lit, -1) for lit in lost)]
        self.store.linear(left, None, self.low - 1, given=(reason,))
        return [reason]


class DistinctMinimum(Minimum):
    """A least number of distinct values."""

    def __init__(
        self,
        variables: Variables,
        attribute: str,
        counted: Sequence[tuple[int, Use, Lit]],
        low: int,
    ) -> None:
        self.store = variables.store
        self.low = low
        self.groups = _groups(variables, attribute, counted)
        self.seen = {
            value: self.store.any_of([lit for _, lit in group])
            for value, group in self.groups.items()
        }

    def require(self, given: Sequence[Lit]) -> None:
        """Require the number of values."""
        self.store.linear([(lit, 1) for lit in self.seen.values()], self.low, None, given=given)

    def reasons(self, place: int) -> list[Lit]:
        """Return the literal that too few values are left without the spot."""
        terms: list[Term] = [(lit, 1) for lit in self.seen.values()]
        alone: list[Term] = []
        for group in self.groups.values():
            mine = [lit for other, lit in group if other == place]
            if mine:
                only = self.store.new_bool()
                self.store.imply(only, self.store.any_of(mine))
                for other, lit in group:
                    if other != place:
                        self.store.imply(only, negate(lit))
                alone.append((only, -1))
        if not alone:
            return []
        reason = self.store.new_bool()
        self.store.linear([*terms, *alone], None, self.low - 1, given=(reason,))
        return [reason]


class PerMinimum(Minimum):
    """A least sum for each value that is there."""

    def __init__(
        self,
        variables: Variables,
        attribute: str,
        counted: Sequence[tuple[int, Use, Lit]],
        weights: Mapping[int, int],
        low: int,
    ) -> None:
        self.store = variables.store
        self.low = low
        self.weights = weights
        self.groups = _groups(variables, attribute, counted)

    def require(self, given: Sequence[Lit]) -> None:
        """Require some value, and of each value enough."""
        if self.low <= 0:
            return
        for group in self.groups.values():
            some = self.store.any_of([lit for _, lit in group])
            self.store.linear(self._sum(group), self.low, None, given=(*given, some))
        self.store.clause((lit for group in self.groups.values() for _, lit in group), given=given)

    def _sum(self, group: Sequence[tuple[int, Lit]]) -> list[Term]:
        return [(lit, self.weights[place]) for place, lit in group]

    def reasons(self, place: int) -> list[Lit]:
        """Return the literals that a value falls short, or that none is left, without the spot."""
        if self.low <= 0:
            return []
        found: list[Lit] = []
        there: list[Lit] = []
        for group in self.groups.values():
            mine = [lit for other, lit in group if other == place]
            if not mine:
                continue
            there += mine
            reason = self.store.new_bool()
            self.store.clause([lit for other, lit in group if other != place], given=(reason,))
            self.store.imply(reason, self.store.any_of(mine))
            most = self.low - 1 + self.weights[place]
            self.store.linear(self._sum(group), None, most, given=(reason,))
            found.append(reason)
        if there:
            last = self.store.new_bool()
            self.store.imply(last, self.store.any_of(there))
            for group in self.groups.values():
                for other, lit in group:
                    if other != place:
                        self.store.imply(last, negate(lit))
            found.append(last)
        return found


class ShapeMinimum(Minimum):
    """Counts that some distinct areas reach: as many areas reach each count as counts ask it."""

    def __init__(
        self,
        store: Store,
        areas: Mapping[str, Sequence[tuple[int, Lit, int]]],
        shape: Sequence[int],
    ) -> None:
        self.store = store
        self.area_of = {place: name for name, held in areas.items() for place, _, _ in held}
        self.weight_of = {place: weight for held in areas.values() for place, _, weight in held}
        self.sums: dict[str, list[Term]] = {
            name: [(lit, weight) for _, lit, weight in held] for name, held in areas.items()
        }
        self.asked = {
            count: sum(other >= count for other in shape) for count in sorted(set(shape)) if count
        }
        self._reached: dict[tuple[str, int], Lit] = {}

    def _reaches(self, area: str, count: int) -> Lit:
        """Return the literal exact for `the area reaches the count`."""
        if (area, count) not in self._reached:
            result = self.store.reaches(self.sums[area], count)
            self.store.linear(self.sums[area], None, count - 1, given=(negate(result),))
            self._reached[area, count] = result
        return self._reached[area, count]

    def _reaching(self, count: int) -> list[Term]:
        return [(self._reaches(area, count), 1) for area in self.sums]

    def require(self, given: Sequence[Lit]) -> None:
        """Require for each count as many areas that reach it as counts ask it or more."""
        for count, n_areas in self.asked.items():
            self.store.linear(self._reaching(count), n_areas, None, given=given)

    def reasons(self, place: int) -> list[Lit]:
        """Return the literals that too few areas reach some count without the spot."""
        area = self.area_of.get(place)
        weight = self.weight_of.get(place, 0)
        found: list[Lit] = []
        for count, n_areas in self.asked.items() if area is not None and weight else ():
            assert area is not None
            reason = self.store.new_bool()
            self.store.imply(reason, self._reaches(area, count))
            self.store.linear(self.sums[area], None, count - 1 + weight, given=(reason,))
            self.store.linear(self._reaching(count), None, n_areas, given=(reason,))
            found.append(reason)
        return found


def _groups(
    variables: Variables, attribute: str, counted: Sequence[tuple[int, Use, Lit]]
) -> dict[str, list[tuple[int, Lit]]]:
    """Return what each value covers, by the place of its spot."""
    covered = by_value(variables, attribute, [(use, lit) for _, use, lit in counted])
    groups: dict[str, list[tuple[int, Lit]]] = defaultdict(list)
    for value, group in covered.items():
        groups[value] = [(counted[at][0], lit) for at, lit in group]
    return groups
