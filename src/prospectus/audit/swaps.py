"""What is left once a course is taken, told from the cheapest completion at hand.

Whoever takes a course that could stand in that completion has so much less left to take. What
would be found with it on record is found before as well, with the course still to take; so where
no use on record would move for it, all else stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from prospectus.audit.board import Board
from prospectus.audit.kinds import counts
from prospectus.audit.problem import Entry
from prospectus.audit.requirements import Leaf
from prospectus.audit.result import AuditResult
from prospectus.domain.course import CourseCode
from prospectus.domain.requirement import NodeId

_Name = tuple[CourseCode, Fraction | None]
"""A course of the catalogue, with its credits where they are not its least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Swapped:
    """The units that are left once a course is taken, and the nodes that lack nothing then."""

    units: int
    completes: tuple[NodeId, ...]


class Swaps:
    """The completion of a result in which one course after the other takes another's place.

    `board` is that of the result.
    """

    def __init__(self, board: Board, result: AuditResult) -> None:
        problem, place = board.problem, board.problem.rules.place
        self._board = board
        _, self._numbers, self._kinds = board.kinds()
        self._held = [0] * board.n_uses
        self._bought: dict[_Name, int] = {}
        ids = {entry.id: index for index, entry in enumerate(problem.uses)}
        for placed in result.witness.placements:
            self._held[ids[placed.attempt]] |= 1 << place[placed.leaf]
        self._entry_of = {
            (code, board.entries[index].credits): index
            for index in range(board.n_uses, len(board.entries))
            for code in board.entries[index].codes
        }
        for item in result.witness.completion:
            name = (item.course, item.credits)
            self._bought[name] = self._bought.get(name, 0) | 1 << place[item.leaf]
        self._apart = frozenset[CourseCode]().union(
            problem.conflicts.again, *problem.conflicts.apart
        )
        self._met = sum(leaf.bit for leaf in board.leaves if leaf.id in result.met)
        self._lacking = {missing.node: 1 << place[missing.node] for missing in result.missing}
        self._units = int((result.credits_left or 0) * problem.rules.unit)
        self._looking_on = [leaf for leaf in board.leaves if self._is_looking_on(leaf)]
        self._views = sum(leaf.bit for leaf in self._looking_on)
        self.is_possible = self._is_possible(result) and self._is_settled()

    def _is_possible(self, result: AuditResult) -> bool:
        """Return whether anything can be told: all is proven, held whole, and nothing is waived."""
        problem = self._board.problem
        return (
            result.is_proven
            and result.is_only
            and result.is_completion_sure
            and not problem.excepted
            and not problem.conflicts.is_open
            and not any(entry.row.splits for entry in problem.uses)
            and self._bought.keys() <= self._entry_of.keys()
        )

    def _is_settled(self) -> bool:
        """Return whether the uses held decide in which leaves courses are bought.

        They do in every leaf but one for the rest: how much that takes is decided only where each
        of the others that count lacks a certain number of courses of one size, none of them shared.
        """
        board, rules = self._board, self._board.problem.rules
        rest = [leaf for leaf in board.leaves if leaf.fill.rest]
        if not rest:
            return True
        lacking = sum(self._lacking.values()) & rules.counting & ~sum(leaf.bit for leaf in rest)
        others = [leaf for leaf in board.leaves if leaf.bit & lacking]
        kinds = {self._numbers[index] for index in range(board.n_uses, len(board.entries))}
        return (
            len(rest) == 1
            and all(self._has_one_size(leaf) for leaf in others)
            and not any(
                self._kinds[number].together[leaf.index] & lacking
                for number in kinds
                for leaf in others
            )
        )

    def _is_looking_on(self, leaf: Leaf) -> bool:
        """Return whether what a leaf holds touches no other: each course may stand in it beside."""
        board, rules = self._board, self._board.problem.rules
        everywhere = board.scope.leaves
        return (
            not leaf.bit & rules.counting
            and leaf.is_plain
            and leaf.courses is not None
            and not rules.overlaps
            and all(
                counted.limit.scope in (everywhere, counted.limit.scope & ~leaf.bit)
                for counted in board.limits
            )
            and all(not everywhere & ~leaf.bit & ~kind.together[leaf.index] for kind in self._kinds)
        )

    def _has_one_size(self, leaf: Leaf) -> bool:
        """Return whether all that meets a leaf with nothing to spare lacks as many credits.

        Beyond the courses that it asks it holds only what a least in it cannot do without.
        """
        board = self._board
        here = [i for i in range(len(board.entries)) if board.open(i) & leaf.bit]
        if len({board.entries[i].row.units for i in here if i >= board.n_uses}) != 1:
            return False
        if leaf.shape or leaf.has_pieces or (leaf.courses is None) == (leaf.credits is None):
            return False
        if leaf.courses is None:
            return not leaf.minima
        units = min(board.entries[i].row.units for i in here)
        needed = 0
        for minimum in leaf.minima:
            if not minimum.is_most:
                if not (minimum.in_courses or units):
                    return False
                needed += minimum.bound if minimum.in_courses else -(-minimum.bound // units)
        return needed <= leaf.courses

    def taken(self, code: CourseCode, use: Entry) -> Swapped | None:
        """Return what is left once a course is taken; None where that is not certain.

        `use` is the course as it stands on record then.
        """
        index = self._entry_of.get((code, None))
        if index is None or code in self._apart or not self._is_same(index, use):
            return None
        options = list(self._places(index, (code, None)))
        first = min((_leaves(mask) for mask, _ in options), default=())
        for mask, other in options:
            if _leaves(mask) == first and self._is_first(index, use, mask):
                completes = self._completed(index, other)
                if completes is not None:
                    return Swapped(units=self._units - use.row.units, completes=completes)
        return None

    def _completed(self, index: int, other: _Name) -> tuple[NodeId, ...] | None:
        """Return the nodes that lack nothing once a course has the place of another.

        None where the completion does no longer do for a leaf that looks on.
        """
        board, still = self._board, 0
        remaining = [name for name in self._bought if name != other]
        for name in remaining:
            still |= self._bought[name]
        for leaf in self._looking_on:
            if leaf.id not in self._lacking:
                continue
            here = sum(1 for mask in self._held if mask & leaf.bit)
            here += bool(board.open(index) & leaf.bit)
            able = sum(1 for name in remaining if board.open(self._entry_of[name]) & leaf.bit)
            lack = (leaf.courses or 0) - here
            if able < lack:
                return None
            still = still | leaf.bit if lack > 0 else still & ~leaf.bit
        return tuple(node for node, bit in self._lacking.items() if not still & bit)

    def _is_same(self, index: int, use: Entry) -> bool:
        """Return whether a course is the same to every rule once it is planned."""
        old, scope = self._board.entries[index], self._board.scope.leaves
        mine, its = use.row, old.row
        return (
            use.allowed & scope == self._board.open(index) == use.sure & scope
            and use.allows == old.allows
            and use.elsewhere == old.elsewhere
            and mine.units == its.units
            and mine.measured == its.measured
            and mine.values == its.values
            and mine.areas == its.areas
            and old.twins is None
            and its.units > 0
            and not any(its.pieces)
            and not any(mine.pieces)
            and not mine.is_waiver
            and not mine.splits
        )

    def _places(self, index: int, name: _Name) -> Iterator[tuple[int, _Name]]:
        """Yield the leaves that a course may have in the completion, with whose place it takes."""
        here = self._bought.get(name)
        if here is not None:
            yield here & ~self._views, name
        for other, whole in self._bought.items():
            mask = whole & ~self._views
            if other == name or mask & ~self._board.open(index):
                continue
            old = self._entry_of[other]
            if here is None:
                may = self._may_stand_for(index, other, mask)
            else:
                # both are bought: they change places
                is_alike = self._numbers[index] == self._numbers[old]
                may = is_alike and not here & ~self._views & ~self._board.open(old)
            if may:
                yield mask, other

    def _may_stand_for(self, index: int, other: _Name, mask: int) -> bool:
        """Return whether the completion holds as well with a course in the place of another."""
        board, old = self._board, self._entry_of[other]
        if self._numbers[index] == self._numbers[old]:
            return True
        mine, its = self._kinds[self._numbers[index]], self._kinds[self._numbers[old]]
        if (mine.units, mine.together, mine.shares, mine.values) != (
            its.units,
            its.together,
            its.shares,
            its.values,
        ):
            return False
        for counted in board.limits:
            change = counted.amounts[index] - counted.amounts[old]
            limit = counted.limit
            if not change or not mask & limit.scope:
                continue
            if limit.distinct or not (limit.is_most or limit.is_required):
                return False
            have = change + self._counted(counted.amounts, limit.scope)
            if (have > limit.bound) if limit.is_most else (have < limit.bound):
                return False
        return all(self._is_held(leaf, index, old) for leaf in board.leaves if leaf.bit & mask)

    def _counted(self, amounts: Sequence[int], scope: int) -> int:
        """Return what the uses and the completion count in some leaves."""
        total = sum(amounts[i] for i, mask in enumerate(self._held) if mask & scope)
        return total + sum(
            amounts[self._entry_of[code]] for code, mask in self._bought.items() if mask & scope
        )

    def _is_held(self, leaf: Leaf, new: int, old: int) -> bool:
        """Return whether a leaf is as well met, and no more than met, with another course."""
        board = self._board
        mine, its = self._kinds[self._numbers[new]], self._kinds[self._numbers[old]]
        if leaf.shape or leaf.has_pieces:
            return False
        if not leaf.minima or mine.minima[leaf.index] == its.minima[leaf.index]:
            return True
        here = [i for i, mask in enumerate(self._held) if mask & leaf.bit]
        here += [self._entry_of[code] for code, mask in self._bought.items() if mask & leaf.bit]
        here[here.index(old)] = new
        if leaf.courses is None or leaf.credits is not None or len(here) != leaf.courses:
            return False
        for minimum in leaf.minima:
            have = sum(counts(board.entries[i].row, minimum) for i in here)
            if (have > minimum.bound) if minimum.is_most else (have < minimum.bound):
                return False
        return True

    def _is_first(self, index: int, use: Entry, mask: int) -> bool:
        """Return whether no leaf that comes earlier would take the course in stead of another.

        Uses go to the earliest leaves, in code order: those before it stay where they are.
        """
        board = self._board
        together = self._kinds[self._numbers[index]].together
        before = sum((one.code, one.id) < (use.code, use.id) for one in board.problem.uses)
        for leaf in board.leaves:
            if not leaf.bit & board.open(index) & ~mask & ~self._met & ~self._views:
                continue
            if mask & (leaf.bit - 1) & ~together[leaf.index]:
                continue
            if leaf.fill.rest or not leaf.is_plain:
                return False
            fixed = [board.entries[i].row.units for i in range(before) if self._held[i] & leaf.bit]
            if leaf.credits is None:
                if len(fixed) < (leaf.courses or 0):
                    return False
            elif sum(fixed) < leaf.credits:
                return False
        return True


def _leaves(mask: int) -> tuple[int, ...]:
    """Return a key: the earliest leaves first."""
    return (*(place for place in range(mask.bit_length()) if mask >> place & 1), 1 << 30)
