"""What each use is to every rule of a programme, computed once for alike uses."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from prospectus.audit.names import Names
from prospectus.audit.requirements import Leaf, Row
from prospectus.audit.selecting import Selecting, Test
from prospectus.audit.use import Approvals, Tri, Use, meets_floor
from prospectus.audit.uses import Reader
from prospectus.domain.course import CourseCode
from prospectus.domain.program import Resolved
from prospectus.domain.requirement import Measure
from prospectus.domain.rule import Overlap

MOST_ROWS = 50_000
"""How many different uses are remembered for one programme."""


class Rows:
    """The rows of one programme's rules."""

    def __init__(
        self,
        resolved: Resolved,
        names: Names,
        reader: Reader,
        leaves: Sequence[Leaf],
        measures: Sequence[Measure],
        overlaps: Sequence[Overlap],
        unit: int,
    ) -> None:
        self._resolved = resolved
        self._names = names
        self._reader = reader
        self._leaves = leaves
        self._overlaps = overlaps
        self._unit = unit
        self._selecting: Selecting = reader.selecting
        self._tests = [self._selecting.test(measure.of) for measure in measures]
        self._readers = [
            None if name is None else self._selecting.reader(name)
            for name in (measure.distinct or measure.per for measure in measures)
        ]
        self._sees_waivers = [self._selecting.sees_waivers(measure.of) for measure in measures]
        self._fits = [self._fitting(leaf) for leaf in leaves]
        # only what has been compiled by now tells
        self._asks_approvals = self._selecting.asks_approvals
        self._known: dict[object, Row] = {}
        self._alike: dict[Row, Row] = {}

    def row(self, use: Use, given: Approvals) -> Row:
        """Return what a use is to every rule; alike uses get the same object."""
        attempt = use.attempt
        key = (
            attempt.course,
            attempt.credits,
            attempt.status,
            attempt.topic,
            attempt.periods,
            attempt.grade,
            attempt.expected_grade,
            attempt.basis,
            attempt.source,
            attempt.counted_in,
            attempt.instructor,
            attempt.delivery,
            attempt.campus,
            attempt.school,
            attempt.ended,
            use.standing,
            None if use.beside is None else use.beside.attempt,
            tuple(given.items()) if self._asks_approvals else (),
        )
        known = self._known.get(key)
        if known is None:
            if len(self._known) > MOST_ROWS:
                self._known.clear()
                self._alike.clear()
            row = self._row(use, given)
            known = self._known[key] = self._alike.setdefault(row, row)
        return known

    def _row(self, use: Use, given: Approvals) -> Row:
        course = use.course
        pieces = [self._pieces(leaf, use, given) for leaf in self._leaves]
        fits = [fit(use, given) for fit in self._fits]
        measured: list[Tri] = [
            False if use.is_waiver and not sees else test(use, given)
            for test, sees in zip(self._tests, self._sees_waivers, strict=True)
        ]
        test = self._selecting.test
        return Row(
            units=-int(-use.attempt.credits * self._unit // 1),
            is_waiver=use.is_waiver,
            standing=use.standing,
            splits=course is not None
            and (course.split or course.credits_low != course.credits_high),
            fits=tuple(fits),
            measured=tuple(measured),
            areas=tuple(
                frozenset()
                if leaf.fill.areas is None
                else frozenset(
                    name for name, of in leaf.fill.areas.areas if test(of)(use, given) is True
                )
                for leaf in self._leaves
            ),
            overlaps=tuple(test(rule.of)(use, given) for rule in self._overlaps),
            values=tuple(None if read is None else read(use) for read in self._readers),
            pieces=tuple(pieces),
        )

    def _pieces(
        self, leaf: Leaf, use: Use, given: Approvals
    ) -> tuple[tuple[CourseCode, frozenset[str]], ...]:
        if not leaf.has_pieces:
            return ()
        test = self._selecting.test(leaf.fill.from_)
        if test(use, given) is not False:
            return ()
        courses = self._resolved.courses
        return tuple(
            (course, pieces)
            for course, pieces in self._names.composites
            if use.names & pieces
            and course in courses
            and test(self._reader.planned(courses[course]), given) is True
        )

    def _fitting(self, leaf: Leaf) -> Callable[[Use, Approvals], Tri]:
        """Return the function that tells whether a leaf may hold a use."""
        fill, selecting, scale = leaf.fill, self._selecting, self._resolved.scale
        test: Test = selecting.test(fill.from_)
        own_floors = selecting.has_floors(fill.from_)

        def fits(use: Use, given: Approvals) -> Tri:
            attempt = use.attempt
            if use.is_waiver and fill.courses is None:
                return False
            if use.beside is not None and fits(use.beside, given) is not False:
                # the course fills one place, and the attempt at it may stand there
                return False
            selected = test(use, given)
            if selected is False:
                if not self._pieces(leaf, use, given):
                    return False
                selected = True
            if use.is_waiver:
                return selected
            floor = selecting.entry_floor(fill.from_, use) if own_floors else None
            if not meets_floor(attempt, floor or fill.min_grade, fill.basis, scale):
                return False
            if fill.basis and attempt.basis.value not in fill.basis:
                return False
            return selected if not fill.source or attempt.source.value in fill.source else False

        return fits
