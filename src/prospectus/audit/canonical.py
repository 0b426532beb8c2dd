"""The levels of the canonical answer: cost, then nodes met now, then uses in code order.

Of answers that cost the same, those come first that buy nothing for what is waived; what is
waived comes last of the places of a use.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from prospectus.audit.board import Board
from prospectus.audit.board_groups import Wanted
from prospectus.audit.finder import Solution
from prospectus.audit.kinds import Counted
from prospectus.audit.requirements import Leaf
from prospectus.audit.table import Effort, Limit, OutOfSteps
from prospectus.domain.requirement import Bound, NodeId


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The canonical solution of a board, the nodes met now, and whether all of it is proven."""

    board: Board
    solution: Solution
    met: frozenset[NodeId]
    is_proven: bool


def canonical(
    board: Board,
    first: Solution,
    effort: Effort,
    *,
    is_cheapest: bool = False,
    is_placed: bool = True,
) -> Answer:
    """Return the canonical answer, given a solution and whether it is known to be a cheapest.

    Where it is not `is_placed`, the last level is left out: where the uses stand.
    """
    levels = _Levels(board, first, effort, first.cost if is_cheapest else 0)
    is_proven = True
    try:
        levels.spare_waived()
        levels.meet_nodes()
        if is_placed:
            levels.place_uses()
    except OutOfSteps:
        is_proven = False
    return Answer(
        board=board, solution=levels.solution, met=frozenset(levels.met), is_proven=is_proven
    )


def waived_leaves(board: Board) -> list[Leaf]:
    """Return the active leaves that are waived or set met, or stand below a node that is."""
    problem = board.problem
    if not problem.excepted:
        return []
    return [
        leaf
        for leaf in board.leaves
        if any(problem.is_excepted(name) for name in problem.rules.path(leaf.id))
    ]


class _Levels:
    """Improves a solution level by level, never giving up an earlier one."""

    def __init__(self, board: Board, first: Solution, effort: Effort, at_least: int) -> None:
        self.board = board
        self.solution = first
        self.effort = effort
        self.at_least = at_least
        self.wanted = board.nothing_wanted()
        board.prefer(first)
        self.met: set[NodeId] = set()

    def _try(self, wanted: Wanted) -> bool:
        """Take over a solution with these wants, if there is one as cheap."""
        found = self.board.solve(wanted, self.effort, self.solution.cost, self.at_least)
        if found is None:
            return False
        self.solution, self.wanted = found, wanted
        self.board.prefer(found)
        return True

    # ------------------------------------------------------------- first level

    def spare_waived(self) -> None:
        """Buy nothing for what is waived, and so met, where all else is completed as cheaply."""
        waived = waived_leaves(self.board)
        if not waived or not self.solution.bought:
            return
        everything = sum(leaf.bit for leaf in waived)
        if not self._buy_nothing_in(everything):
            for leaf in waived:
                self._buy_nothing_in(leaf.bit)

    def _buy_nothing_in(self, mask: int) -> bool:
        wanted = self.wanted.copy()
        for index in range(self.board.n_uses, len(wanted.allowed)):
            wanted.allowed[index] &= ~mask
        if not self.solution.bought_in(mask):
            self.wanted = wanted
            return True
        return self._try(wanted)

    # ------------------------------------------------------------ second level

    def meet_nodes(self) -> None:
        """Meet as many nodes now as possible, in file order, the totals last."""
        board, rules = self.board, self.board.problem.rules
        bounds = {bounding.measure.header.id: bounding for bounding in rules.bounds}
        leaves = {leaf.id: leaf for leaf in board.leaves}
        beside = [b.measure.header.id for b in rules.bounds if not b.in_tree]
        for name in [*(node.header.id for node in rules.nodes), *beside]:
            if board.problem.is_excepted(name):
                if name in board.scope.active:
                    self.met.add(name)
            elif name in leaves:
                self._meet_leaf(leaves[name])
            elif name in bounds and (name in board.scope.active or name in beside):
                bounding = bounds[name]
                if bounding.measure.bound is Bound.AT_MOST:
                    self.met.add(name)
                else:
                    bound = board.bound_of(bounding)
                    amounts = board.amounts(bounding, sure=True)
                    values = None
                    if bounding.measure.distinct is not None:
                        values = tuple(
                            entry.row.values[bounding.index] if amount else None
                            for entry, amount in zip(board.entries, amounts, strict=True)
                        )
                    self._reach(
                        name,
                        bounding.scope & board.scope.leaves,
                        bound,
                        amounts,
                        values,
                        by_part=bounding.measure.credits is not None,
                    )
        for total in rules.totals:
            if total.node in board.scope.active and not board.problem.is_excepted(total.node):
                scope = total.scope & board.scope.leaves
                units = tuple([entry.row.units for entry in board.entries])
                asked = board.asked(total)
                name = NodeId(f"{total.node} total")
                both, before = True, self.wanted
                if asked is not None:
                    both = self._reach(name, scope, asked, units, None, by_part=True)
                if both and total.courses is not None:
                    courses = tuple([int(not entry.row.is_waiver) for entry in board.entries])
                    both = self._reach(name, scope, total.courses, courses, None, by_part=False)
                if not both:
                    # half of a total is no node met: nothing rests on it
                    self.met.discard(name)
                    self.wanted = before

    def _meet_leaf(self, leaf: Leaf) -> None:
        board = self.board
        here = [i for i, mask in enumerate(self.solution.masks) if mask & leaf.bit]
        bought = self.solution.bought_in(leaf.bit)
        wanted = self.wanted.copy()
        wanted.met |= leaf.bit
        is_met = (
            not bought
            and not self._is_optional(leaf)
            and all(board.entries[i].is_met and board.entries[i].sure & leaf.bit for i in here)
        )
        if is_met:
            self.wanted = wanted
            self.met.add(leaf.id)
            return
        able = [
            entry.row.units
            for entry in board.entries[: board.n_uses]
            if entry.is_met and entry.sure & leaf.bit
        ]
        if len(able) < (leaf.courses or 0) and not leaf.has_pieces:
            return
        # what is waived fills a place without a credit, but none of free electives
        least = board.least_in(leaf) if leaf.fill.rest else leaf.credits or 0
        if sum(able) < least:
            return
        if self._try(wanted):
            self.met.add(leaf.id)

    def _is_optional(self, leaf: Leaf) -> bool:
        return next(place.is_optional for place in self.board.order if place.leaf is leaf)

    def _reach(
        self,
        name: NodeId,
        scope: int,
        bound: int,
        amounts: Sequence[int],
        values: Sequence[frozenset[str] | None] | None,
        *,
        by_part: bool,
    ) -> bool:
        """Let what is passed reach a least, if that costs nothing."""
        board = self.board
        passed = (
            *[
                amount if e.is_met else 0
                for e, amount in zip(board.problem.uses, amounts, strict=False)
            ],
            *[0] * (len(amounts) - board.n_uses),
        )
        if values is not None:
            values = tuple(
                one if amount else None for one, amount in zip(values, passed, strict=True)
            )
            possible = len(frozenset[str]().union(*(one for one in values if one)))
        else:
            possible = sum(passed[i] for i in range(board.n_uses) if board.open(i) & scope)
        if possible < bound:
            return False
        limit = Limit(
            scope=scope, bound=bound, is_most=False, by_part=by_part, distinct=values is not None
        )
        wanted = self.wanted.copy()
        more = Counted(limit, passed, None if values is None else tuple(values))
        wanted.more = (*wanted.more, more)
        if self._reaches(more):
            self.wanted = wanted
            self.met.add(name)
            return True
        if self._try(wanted):
            self.met.add(name)
            return True
        return False

    def _reaches(self, more: Counted) -> bool:
        """Return whether the solution at hand reaches a least already."""
        limit, seen, have = more.limit, frozenset[str](), 0
        for index, tracks in self.solution.held.items():
            mine = [one for one in tracks if limit.scope >> one.leaf & 1]
            if not mine or not more.amounts[index]:
                continue
            if more.values is not None:
                seen |= more.values[index] or frozenset()
            elif limit.by_part and all(one.part >= 0 for one in mine):
                have += sum(one.part for one in mine)
            else:
                have += more.amounts[index]
        return max(have, len(seen)) >= limit.bound

    # ------------------------------------------------------------- third level

    def place_uses(self) -> None:
        """Put each use, in code order, into the earliest leaves that may hold it.

        What is waived is met without it, so such a leaf comes after all others.
        """
        waived = sum(leaf.bit for leaf in waived_leaves(self.board))
        for index in range(self.board.n_uses):
            open_ = self.wanted.allowed[index]
            chosen = 0
            while open_:
                first = open_ & ~waived or open_
                bit = first & -first
                open_ &= ~bit
                if self.solution.masks[index] & bit:
                    chosen |= bit
                    self.wanted.must[index] = chosen
                    continue
                if self._may_join(index, chosen, bit):
                    wanted = self.wanted.copy()
                    wanted.must[index] = chosen | bit
                    if self._try(wanted):
                        chosen |= bit
                        continue
                self.wanted.allowed[index] &= ~bit

    def _may_join(self, index: int, chosen: int, bit: int) -> bool:
        """Return whether nothing plain speaks against a use in one more leaf."""
        board, leaf = self.board, self.board.problem.rules.leaves[bit.bit_length() - 1]
        entry = board.entries[index]
        together = board.problem.rules.together(entry.allows)[leaf.index]
        if chosen & ~together and not entry.row.splits:
            return False
        if self.wanted.met & bit and not (entry.is_met and entry.sure & bit):
            return False
        fixed = [i for i in range(index) if self.wanted.must[i] and not board.entries[i].row.splits]
        if not entry.row.splits and self._is_over_a_most(index, chosen, bit, fixed):
            return False
        here = [board.entries[i].row.units for i in fixed if self.wanted.must[i] & bit]
        if leaf.fill.rest:
            return entry.row.splits or not self._is_full(leaf, [*here, entry.row.units])
        if not leaf.is_plain:
            return True
        if leaf.credits is None:
            return len(here) < (leaf.courses or 0)
        return sum(here) < (leaf.credits or 0)

    def _is_over_a_most(self, index: int, chosen: int, bit: int, fixed: Sequence[int]) -> bool:
        """Return whether a use is one too many beside those that are placed already."""
        for counted in self.board.limits:
            limit, mine = counted.limit, counted.amounts[index]
            if not (limit.is_most and mine and limit.scope & bit) or limit.distinct:
                continue
            if limit.scope & chosen:
                continue
            held = sum(counted.amounts[i] for i in fixed if self.wanted.must[i] & limit.scope)
            if held + mine > limit.bound:
                return True
        return False

    def _is_full(self, leaf: Leaf, units: Sequence[int]) -> bool:
        """Return whether free electives would have one to spare."""
        most = self.board.most_asked(leaf)
        return most is not None and sum(units) - min(units) >= most
