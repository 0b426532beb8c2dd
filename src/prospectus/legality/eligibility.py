"""What a leaf may hold for certain: by its selector, floors and sources, or by a departure."""

from __future__ import annotations

from prospectus.domain.course import CourseCode
from prospectus.domain.expression import Approved, Both, CodeIs, Except, InSet, Selector, Union
from prospectus.domain.record import AuditException, ExceptionKind
from prospectus.domain.requirement import Fill
from prospectus.legality.floors import meets_floor
from prospectus.legality.selecting import Selecting, walk
from prospectus.legality.uses import Use, candidate


class Eligibility:
    """Which uses the leaves of a programme admit, for one person."""

    def __init__(self, selecting: Selecting) -> None:
        self.selecting = selecting
        self.resolved = selecting.resolved
        self.names = selecting.names
        self.record = selecting.record

    def admits(self, leaf: Fill, use: Use, leaves: tuple[int, ...] = ()) -> bool:
        """Return whether a leaf may hold a use for certain, approved departures included."""
        if self.is_eligible(leaf, use, leaves):
            return True
        given = self.record.exceptions
        return bool(given) and any(self._is_admitted(one, leaf, use) for one in given)

    def _is_admitted(self, given: AuditException, leaf: Fill, use: Use) -> bool:
        """Return whether a departure admits a use; a substitution does in every leaf below it."""
        if given.course is None or given.course not in use.names:
            return False
        if given.kind is ExceptionKind.INSERT:
            return given.node == leaf.header.id
        if given.kind is not ExceptionKind.SUBSTITUTE or given.replaces is None:
            return False
        node = next((n for n in walk(self.resolved.tree) if n.header.id == given.node), None)
        if node is None or all(n.header.id != leaf.header.id for n in walk(node)):
            return False
        return self._stands_for(leaf, given.replaces)

    def _stands_for(self, leaf: Fill, replaced: CourseCode) -> bool:
        course = self.resolved.courses.get(replaced)
        if course is None:
            return False
        return self.is_eligible(leaf, candidate(-1, course, course.credits_low, (), self.names))

    def is_eligible(self, leaf: Fill, use: Use, leaves: tuple[int, ...] = ()) -> bool:
        """Return whether selector, floor, basis and source admit a use for certain.

        A waiver stands only where the attempt that counts beside it cannot.
        """
        if not use.is_candidate:
            return self._is_eligible(leaf, use, leaves)
        return bool(self.selecting.row(leaf).get_or(use, leaves, self._is_eligible))

    def _is_eligible(self, leaf: Fill, use: Use, leaves: tuple[int, ...]) -> bool:
        if use.is_waiver and leaf.courses is None:
            return False
        if use.beside is not None and self.is_eligible(leaf, use.beside):
            return False
        match = self.selecting.matches(leaf.from_, use, leaves)
        if match is None or not (match or self.pieces_in(leaf, use)):
            return False
        if use.is_waiver:
            return True
        floor = self.entry_floor(leaf.from_, use) or leaf.min_grade
        if not meets_floor(use.attempt, floor, leaf.basis, self.resolved.scale):
            return False
        if leaf.basis and use.attempt.basis.value not in leaf.basis:
            return False
        return not leaf.source or use.attempt.source.value in leaf.source

    def pieces_in(self, leaf: Fill, use: Use) -> tuple[tuple[CourseCode, frozenset[str]], ...]:
        """Return the courses that a leaf names and the use is one of several pieces of."""
        return tuple(
            (code, pieces)
            for code, pieces in self.names.composites
            if use.names & pieces and self._names_whole(leaf, code)
        )

    def _names_whole(self, leaf: Fill, code: CourseCode) -> bool:
        course = self.resolved.courses.get(code)
        if course is None:
            return False
        whole = candidate(-1, course, course.credits_low, (), self.names)
        return self.selecting.matches(leaf.from_, whole) is True

    def entry_floor(self, selector: Selector, use: Use) -> str | None:
        """Return the floor that the selector's own entry for this course carries, if any."""
        match selector:
            case CodeIs():
                return selector.min_grade if selector.code in use.names else None
            case Union() | Both():
                floors = (self.entry_floor(item, use) for item in selector.items)
                return next((floor for floor in floors if floor is not None), None)
            case Except() | Approved():
                return self.entry_floor(selector.of, use)
            case InSet():
                return self.entry_floor(self.resolved.sets[selector.name], use)
            case _:
                return None
