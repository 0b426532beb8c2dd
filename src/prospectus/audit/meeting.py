"""Whether what a leaf with minima, areas, pieces or two sizes holds meets it."""

from __future__ import annotations

from dataclasses import dataclass

from prospectus.audit.requirements import Leaf
from prospectus.audit.table import Place, Slot, Table, Taken
from prospectus.domain.course import CourseCode


@dataclass(slots=True, eq=False)
class Meeting:
    """Judges what the leaves of one table may hold."""

    table: Table

    def n_courses(self, place: Place, held: list[Taken]) -> int:
        """Return the courses held; pieces that stand for a course together count once, as it."""
        whole = 0
        have: dict[CourseCode, frozenset[str]] = {}
        asked: dict[CourseCode, frozenset[str]] = {}
        for item in held:
            pieces = self.table.kinds[item.slot[0]].pieces[place.index]
            if not pieces:
                whole += item.count
            for course, mine, needed in pieces:
                have[course] = have.get(course, frozenset()) | mine
                asked[course] = needed
        return whole + sum(have[course] == asked[course] for course in have)

    def units(self, held: list[Taken]) -> int:
        """Return the units held."""
        return sum(
            t.count * (self.table.kinds[t.slot[0]].units if t.part < 0 else t.part) for t in held
        )

    def is_met(self, place: Place, held: list[Taken]) -> bool:
        """Return whether what a leaf holds meets its sizes, minima and areas."""
        leaf = place.leaf
        if leaf.courses is not None and self.n_courses(place, held) < leaf.courses:
            return False
        if leaf.credits is not None and self.units(held) < leaf.credits:
            return False
        if leaf.shape and not self.has_shape(leaf, held):
            return False
        return all(
            self.minimum(place, index, held) >= minimum.bound
            for index, minimum in enumerate(leaf.minima)
            if not minimum.is_most
        )

    def has_shape(self, leaf: Leaf, held: list[Taken]) -> bool:
        """Return whether some distinct areas reach the counts of the shape."""
        assert leaf.fill.areas is not None
        have: dict[str, int] = {}
        for item in held:
            if item.area:
                units = item.part if item.part >= 0 else self.table.kinds[item.slot[0]].units
                units = units if leaf.fill.areas.in_credits else 1
                have[item.area] = have.get(item.area, 0) + item.count * units
        counts = sorted(have.values(), reverse=True)
        return len(counts) >= len(leaf.shape) and all(
            mine >= asked for mine, asked in zip(counts, leaf.shape, strict=False)
        )

    def minimum(self, place: Place, index: int, held: list[Taken]) -> int:
        """Return what a measure inside a leaf counts."""
        in_courses = place.leaf.minima[index].in_courses
        have = 0
        for item in held:
            amount = self.table.kinds[item.slot[0]].minima[place.index][index]
            is_part = item.part >= 0 and not in_courses
            have += min(amount, item.part) if is_part else amount * item.count
        return have

    def is_within(self, place: Place, held: list[Taken]) -> bool:
        """Return whether what a leaf holds keeps its mosts."""
        leaf = place.leaf
        if leaf.most_courses is not None and self.n_courses(place, held) > leaf.most_courses:
            return False
        if leaf.most_credits is not None and self.units(held) > leaf.most_credits:
            return False
        return all(
            self.minimum(place, index, held) <= minimum.bound
            for index, minimum in enumerate(leaf.minima)
            if minimum.is_most
        )

    def is_smallest(self, place: Place, held: list[Taken]) -> bool:
        """Return whether nothing can be taken away."""
        for index, item in enumerate(held):
            fewer = [*held[:index], *held[index + 1 :]]
            if item.count > 1:
                one_less = Taken(slot=item.slot, count=item.count - 1, area=item.area)
                fewer.append(one_less)
            if self.is_met(place, fewer):
                return False
        return True

    def can_be_met(
        self,
        place: Place,
        held: list[Taken],
        options: list[tuple[Slot, str, int]],
        used: dict[Slot, int],
    ) -> bool:
        """Return whether all that is left to choose would meet the sizes and minima."""
        leaf = place.leaf
        if place.is_optional:
            return True
        ahead = {slot: slot[3] - used.get(slot, 0) for slot, _, _ in options}
        if leaf.courses is not None and not leaf.has_pieces:
            have = sum(t.count for t in held)
            if have + sum(ahead.values()) < leaf.courses:
                return False
        if leaf.credits is not None:
            coming = sum(n * self.table.kinds[slot[0]].units for slot, n in ahead.items())
            if self.units(held) + coming < leaf.credits:
                return False
        for index, minimum in enumerate(leaf.minima):
            if minimum.is_most:
                continue
            coming = sum(
                n * self.table.kinds[slot[0]].minima[place.index][index]
                for slot, n in ahead.items()
            )
            if self.minimum(place, index, held) + coming < minimum.bound:
                return False
        return True
