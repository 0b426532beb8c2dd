"""Uses on record and courses of the catalogue as entries: what may go where, kept for later."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from prospectus.audit.conditions import Dated
from prospectus.audit.requirements import Leaf, Row
from prospectus.audit.use import Approvals, Tri, Use
from prospectus.domain.course import CourseCode
from prospectus.domain.plan import Standing
from prospectus.domain.record import AuditException, ExceptionKind

if TYPE_CHECKING:
    from prospectus.audit.rules import Rules

MOST_KEPT = 2_000
"""How many entries, and how many sets of courses that may be bought, are remembered."""

Codes = frozenset[CourseCode]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A use on record, or (`is_new`) courses of the catalogue that are alike to every rule.

    Courses of variable credits make one entry for each number of credits; these bear the same
    `twins` (None where there is one), and each course is bought as one of them only. `credits` is
    the number where it is not their least. `allowed` are the leaves that may hold it, `sure` those
    that certainly may. `allows` tells per overlap whether it may be shared, `elsewhere` the leaves
    in which it counts as shared with another award.
    """

    id: str
    codes: tuple[CourseCode, ...]
    row: Row
    names: frozenset[str]
    is_new: bool
    allowed: int
    sure: int
    allows: tuple[bool, ...]
    elsewhere: tuple[int, ...]
    twins: CourseCode | None = None
    credits: Fraction | None = None

    @property
    def code(self) -> CourseCode:
        """Return the first code."""
        return self.codes[0]

    @property
    def is_met(self) -> bool:
        """Return whether it is passed."""
        return not self.is_new and self.row.standing is Standing.MET

    @property
    def is_certain(self) -> bool:
        """Return whether it is known where it may go and what it counts as there."""
        return self.allowed == self.sure and None not in self.row.measured


@dataclass(frozen=True, slots=True)
class _Course:
    """A course of the catalogue, and as taken for more than its least credits."""

    place: int
    code: CourseCode
    sizes: tuple[tuple[Use, Row], ...]


@dataclass(frozen=True, slots=True)
class _Alike:
    """Courses that are alike to every rule, in code order."""

    courses: tuple[_Course, ...]
    codes: Codes


_Bought = tuple[int, tuple[Entry, ...]]
"""The place of the first course among all, and the entries of those that go with it."""


class Entries:
    """The entries of one programme under some approvals, with some overlaps open.

    `departures` are the exceptions on the record that name a course.
    """

    def __init__(
        self,
        rules: Rules,
        given: Approvals,
        open_overlaps: Sequence[bool],
        departures: Sequence[AuditException] = (),
    ) -> None:
        self._rules = rules
        self._given = dict(given)
        self._open = tuple(open_overlaps)
        self._departures = departures
        self._uses: dict[int, tuple[Use, Entry]] = {}
        self._made: dict[CourseCode, tuple[Entry, ...]] = {}
        self._known: dict[tuple[int, Codes, Codes], list[_Bought]] = {}
        self._groups = self._grouped()
        self._whole = [self._entries_of(one, one.codes, frozenset()) for one in self._groups]

    def use(self, dated: Dated) -> Entry:
        """Return a use on record as an entry."""
        known = self._uses.get(id(dated.use))
        if known is None:
            if len(self._uses) >= MOST_KEPT:
                self._uses.clear()
            row = self._rules.row(dated.use, self._given)
            known = self._uses[id(dated.use)] = (dated.use, self._entry(dated.use, row))
        return known[1]

    # -------------------------------------------------------------- catalogue

    def courses(self, left_out: Codes, lonely: Codes) -> tuple[Entry, ...]:
        """Return the courses that may be bought, alike ones together but for the lonely."""
        touched = left_out | lonely
        found: list[_Bought] = []
        for number, group in enumerate(self._groups):
            if touched.isdisjoint(group.codes):
                found += self._whole[number]
                continue
            key = (number, group.codes & left_out, group.codes & lonely)
            known = self._known.get(key)
            if known is None:
                if len(self._known) >= MOST_KEPT:
                    self._known.clear()
                known = self._known[key] = self._entries_of(group, group.codes - left_out, lonely)
            found += known
        found.sort(key=lambda one: one[0])
        return tuple([entry for _, entries in found for entry in entries])

    def _grouped(self) -> list[_Alike]:
        special = {given.course for given in self._departures}
        groups: dict[object, list[_Course]] = {}
        for place, (code, use, row) in enumerate(self._rules.catalogue_rows(self._given)):
            larger = self._rules.larger_rows(code, self._given)
            is_apart = any(row.pieces) or not special.isdisjoint(use.names)
            key = (id(row), *(id(more) for _, more in larger)), code if is_apart else None
            groups.setdefault(key, []).append(_Course(place, code, ((use, row), *larger)))
        return [
            _Alike(tuple(some), frozenset(one.code for one in some)) for some in groups.values()
        ]

    def _entries_of(self, group: _Alike, codes: Codes, lonely: Codes) -> list[_Bought]:
        found: list[_Bought] = []
        together = [one for one in group.courses if one.code in codes and one.code not in lonely]
        if together:
            found.append((together[0].place, self._made_of(together)))
        found += [
            (one.place, self._made_of([one]))
            for one in group.courses
            if one.code in codes and one.code in lonely
        ]
        return found

    def _made_of(self, alike: Sequence[_Course]) -> tuple[Entry, ...]:
        first = alike[0]
        made = self._made.get(first.code)
        if made is None:
            made = self._made[first.code] = tuple(
                replace(
                    self._entry(use, row, is_new=True),
                    twins=first.code if len(first.sizes) > 1 else None,
                    credits=None if use is first.sizes[0][0] else use.attempt.credits,
                )
                for use, row in first.sizes
            )
        if len(alike) == 1:
            return made
        codes = tuple(one.code for one in alike)
        return tuple(replace(entry, codes=codes) for entry in made)

    # ------------------------------------------------------------------ entry

    def _entry(self, use: Use, row: Row, *, is_new: bool = False) -> Entry:
        rules = self._rules
        fits: Sequence[Tri] = row.fits
        if self._departures:
            fits = [
                True if fit is not True and self._is_admitted(leaf, use.names) else fit
                for leaf, fit in zip(rules.leaves, fits, strict=True)
            ]
        allowed = sum(1 << place for place, fit in enumerate(fits) if fit is not False)
        allows = tuple(
            is_open and selected is True
            for is_open, selected in zip(self._open, row.overlaps, strict=True)
        )
        elsewhere = [0] * len(rules.overlaps)
        if use.attempt.counted_in:
            for index, rule in enumerate(rules.overlaps):
                if not use.attempt.counted_in & set(rule.between):
                    continue
                here = [name for name in rule.between if name not in use.attempt.counted_in]
                mask = (1 << len(rules.leaves)) - 1
                if here and rules.resolved.program.id not in here:
                    mask = 0
                    for name in here:
                        mask |= rules.members(name)
                elsewhere[index] = mask
                if not allows[index]:
                    allowed &= ~mask
        return Entry(
            id=use.attempt.id,
            codes=(use.attempt.course,),
            row=row,
            names=use.names,
            is_new=is_new,
            allowed=allowed,
            sure=allowed & sum(1 << place for place, fit in enumerate(fits) if fit is True),
            allows=allows,
            elsewhere=tuple(elsewhere),
        )

    def _is_admitted(self, leaf: Leaf, names: Container[str | None]) -> bool:
        return any(self._admits(given, leaf, names) for given in self._departures)

    def _admits(self, given: AuditException, leaf: Leaf, names: Container[str | None]) -> bool:
        """Return whether an approved insertion or substitution lets a leaf hold a course."""
        rules = self._rules
        if given.course not in names:
            return False
        if given.kind is ExceptionKind.INSERT:
            return given.node == leaf.id
        if given.kind is not ExceptionKind.SUBSTITUTE or given.replaces is None:
            return False
        if not rules.below.get(given.node, 0) & leaf.bit:
            return False
        course = rules.resolved.courses.get(given.replaces)
        if course is None:
            return False
        return rules.row(rules.reader.planned(course), self._given).fits[leaf.index] is True
