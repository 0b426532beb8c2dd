"""What makes uses alike under one declared child, and where a signature counts them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from prospectus.audit.problem import Entry, scopes
from prospectus.audit.requirements import Leaf
from prospectus.audit.rules import Rules
from prospectus.domain.course import CourseCode

N_WORDS = 16
"""How many words of eight classes a signature has at most."""

_MOST_OF_A_KIND = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Kinship:
    """What makes uses or courses one class under one child: alike to every rule active there.

    `apart` are the sets, by their numbers, that a course may not be bought together with. `names`
    are those of a course that is like no other: of variable credits, or a piece of another course.
    """

    units: int
    splits: bool
    is_new: bool
    is_met: bool
    is_waiver: bool
    allowed: int
    sure: int
    measured: tuple[bool | None, ...]
    areas: tuple[frozenset[str], ...]
    values: tuple[frozenset[str] | None, ...]
    allows: tuple[bool, ...]
    elsewhere: tuple[int, ...]
    apart: tuple[int, ...] = ()
    names: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """Where a signature counts a class, and how far: more than `most` makes no difference.

    Of a course of the catalogue what is counted is how many of `total` are gone; the first `spare`
    make no difference. Nothing is counted where `most` is 0.
    """

    kinship: Kinship
    most: int
    byte: int
    total: int = 0

    @property
    def spare(self) -> int:
        """Return how many courses may be gone without a difference."""
        return self.total - self.most


class Child:
    """The rules under one declared child: its classes of uses and of catalogue courses."""

    def __init__(
        self,
        rules: Rules,
        choices: Mapping[str, str],
        base: Sequence[Entry],
        even: int | None,
        apart: Sequence[frozenset[CourseCode]] = (),
        *,
        never_scarce: int,
    ) -> None:
        self.rules = rules
        self.even = even
        self.choices = dict(choices)
        self.scopes = list(scopes(rules, self.choices))
        self.leaves = 0
        active: set[str] = set()
        for scope in self.scopes:
            self.leaves |= scope.leaves
            active |= scope.active
        self.here = [leaf for leaf in rules.leaves if leaf.bit & self.leaves]
        self.measures = sorted(
            {minimum.index for leaf in self.here for minimum in leaf.minima}
            | {b.index for b in rules.bounds if not b.in_tree or b.measure.header.id in active}
        )
        self.views = sum(leaf.bit for leaf in self.here if self._is_view(leaf))
        self.rest_most = self._rest_most()
        self.n_bytes = 1
        """How many bytes of a signature are in use; the first is the child's number."""
        self.uses: dict[Kinship, Field | None] = {}
        self.courses: list[Field] = []
        self.supply: list[int] = []
        self.class_of: dict[int, int] = {}
        self.is_full = False
        here = {entry.code for entry in base if entry.allowed & self.leaves}
        self.apart = [codes for codes in apart if codes <= here]
        self._read_catalogue(base, never_scarce)

    def _rest_most(self) -> int:
        """Return the most that free electives ask: totals less what the other leaves must hold.

        Where courses differ in credits a leaf of courses may hold few credits, so that only the
        total bounds it.
        """
        most = max((total.credits or 0 for total in self.rules.totals), default=0)
        totals = [t for t in self.rules.totals if t.credits is not None]
        if self.even is None or len(self.scopes) > 1 or len(totals) != 1 or self.rules.overlaps:
            return most
        pools = {leaf.fill.pool for leaf in self.here if leaf.counts}
        if len(pools) != 1:
            return most
        held = sum(
            (leaf.courses or 0) * self.even
            for leaf in self.here
            if leaf.bit & totals[0].scope and not leaf.fill.rest
        )
        return max(0, most - held)

    def _is_view(self, leaf: Leaf) -> bool:
        """Return whether a leaf holds uses beside all others and nothing else looks at it."""
        rules = self.rules
        if rules.overlaps or leaf.counts or leaf.minima or leaf.shape or leaf.has_pieces:
            return False
        scoped = [bounding.scope for bounding in rules.bounds]
        scoped += [total.scope for total in rules.totals]
        return (
            leaf.courses is not None
            and leaf.credits is None
            and not any(scope & leaf.bit for scope in scoped)
            and not any(o is not leaf and o.fill.pool == leaf.fill.pool for o in self.here)
        )

    def kinships(self, entry: Entry) -> list[Kinship]:
        """Return what a use counts as: once for each view that it serves, once for the rest."""
        whole = self.kinship(entry, ~self.views)
        found = [] if whole is None else [whole]
        for leaf in self.here:
            if leaf.bit & self.views & entry.allowed:
                found.append(
                    Kinship(
                        units=entry.row.units,
                        splits=entry.row.splits,
                        is_new=False,
                        is_met=entry.is_met,
                        is_waiver=entry.row.is_waiver,
                        allowed=leaf.bit,
                        sure=entry.sure & leaf.bit,
                        measured=(),
                        areas=(),
                        values=(),
                        allows=(),
                        elsewhere=(),
                    )
                )
        return found

    def kinship(self, entry: Entry, among: int = -1) -> Kinship | None:
        """Return what an entry is to some leaves here; None where none of them may hold it."""
        allowed = entry.allowed & self.leaves & among
        if not allowed:
            return None
        row = entry.row
        return Kinship(
            units=row.units,
            splits=row.splits,
            is_new=entry.is_new,
            is_met=entry.is_met,
            is_waiver=row.is_waiver,
            allowed=allowed,
            sure=entry.sure & allowed,
            measured=tuple(row.measured[i] for i in self.measures),
            areas=tuple(row.areas[leaf.index] for leaf in self.here if leaf.shape),
            values=tuple(row.values[i] for i in self.measures),
            allows=entry.allows,
            elsewhere=tuple(mask & self.leaves for mask in entry.elsewhere),
            apart=tuple(
                number
                for number, codes in enumerate(self.apart)
                if entry.is_new and entry.code in codes
            ),
            names=entry.names if entry.twins is not None or any(row.pieces) else frozenset(),
        )

    def field(self, kinship: Kinship) -> Field | None:
        """Return where uses of a class are counted; None where there is no room left."""
        if kinship not in self.uses:
            self.uses[kinship] = self._allot(kinship, self.most(kinship))
        return self.uses[kinship]

    def most(self, kinship: Kinship) -> int:
        """Return the most of a class that leaves filled with nothing to spare can hold.

        Of uses that can be held in part any number can serve, each with a little.
        """
        if kinship.splits and not kinship.is_new:
            return _MOST_OF_A_KIND
        found = sum(
            self._most_in(leaf, kinship) for leaf in self.here if kinship.allowed & leaf.bit
        )
        return min(found, _MOST_OF_A_KIND)

    def _most_in(self, leaf: Leaf, kinship: Kinship) -> int:
        """Return the most of a class that one leaf holds: each is needed for some size."""
        units = kinship.units
        if leaf.fill.rest:
            asked = max(self.rest_most, leaf.rest_least)
            return -(-asked // units) if units else 0
        found = leaf.courses or 0
        if leaf.credits:
            found += -(-leaf.credits // units) if units else 0
        for minimum in leaf.minima:
            if not minimum.is_most:
                found += (
                    minimum.bound if minimum.in_courses or not units else -(-minimum.bound // units)
                )
        return found + sum(leaf.shape)

    def _allot(self, kinship: Kinship, most: int, total: int = 0) -> Field | None:
        if not most:
            return Field(kinship=kinship, most=0, byte=0, total=total)
        if self.n_bytes >= 8 * N_WORDS:
            self.is_full = True
            return None
        self.n_bytes += 1
        return Field(kinship=kinship, most=most, byte=self.n_bytes - 1, total=total)

    def _read_catalogue(self, base: Sequence[Entry], never_scarce: int) -> None:
        totals: dict[Kinship, list[int]] = {}
        for place, entry in enumerate(base):
            kinship = self.kinship(entry)
            if kinship is not None:
                totals.setdefault(kinship, []).append(place)
        for kinship, places in totals.items():
            most = min(self.most(kinship), len(places))
            self.supply.append(most)
            spare = len(places) - most >= never_scarce
            made = self._allot(kinship, 0 if spare else most, len(places))
            if made is None:
                return
            for place in places:
                self.class_of[place] = len(self.courses)
            self.courses.append(made)
