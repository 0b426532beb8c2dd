"""The scopes of a problem that are cheapest to complete, each with a solution, within a limit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from prospectus.audit.board import Board
from prospectus.audit.finder import Finder, Solution
from prospectus.audit.places import Fit
from prospectus.audit.problem import Choices, Problem, Scope
from prospectus.audit.table import Effort, OutOfSteps

FILLING_STEPS = 20_000
"""The steps in which some filling of leaves that need not be met is looked for."""
DIVE_STEPS = 5_000
"""The steps in which some solution is looked for once the search has reached its limit."""
ENTRIES_A_STEP = 8
"""Making so many entries of a board ready takes as long as a step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The scopes with a cheapest solution, the cost of each, and what was proven of it.

    `costs` leaves out scopes that are dearer than others with the same declared children.
    """

    cheapest: Sequence[tuple[Board, Solution]]
    costs: Mapping[int, int | None]
    scopes: Sequence[Scope]
    bound: int
    is_proven: bool
    is_partial: bool = False


def cheapest(problem: Problem, scopes: Sequence[Scope], effort: Effort) -> Found:
    """Return the scopes that are cheapest to complete.

    First with courses that certainly fit, then with those that may; where no courses complete
    any scope, with nothing bought at all.
    """
    is_open = any(entry.allowed & ~entry.sure for entry in problem.courses)
    for unsure in (False, True):
        found = _Comparing(problem, scopes, effort, unsure=unsure).found()
        if found.cheapest or not found.is_proven or not is_open:
            break
    if found.cheapest:
        return found
    if not found.is_proven and is_open and not unsure:
        # courses that may fit were not looked at, and could complete it for less
        found = replace(found, bound=0)
    return _partial(problem, found, effort)


def _partial(problem: Problem, found: Found, effort: Effort) -> Found:
    """Return fillings of every scope where nothing has to be met and nothing is bought."""
    boards, is_whole = _boards(problem, found.scopes, effort, is_partial=True)
    filling = Effort(steps=FILLING_STEPS, until=effort.until)
    partial = [(board, _some_filling(board, filling)) for board in boards]
    is_proven = found.is_proven and is_whole
    return replace(found, cheapest=partial, is_partial=True, is_proven=is_proven)


def _boards(
    problem: Problem,
    scopes: Sequence[Scope],
    effort: Effort,
    *,
    is_partial: bool = False,
    unsure: bool = False,
) -> tuple[list[Board], bool]:
    """Return the boards of the scopes, and whether half of the effort is enough for all."""
    building = effort.half()
    boards: list[Board] = []
    fits: dict[int, Fit] = {}
    try:
        for scope in scopes:
            board = Board(problem, scope, is_partial=is_partial, unsure=unsure, fits=fits)
            boards.append(board)
            if len(scopes) > 1:
                building.step(1 + len(board.entries) // ENTRIES_A_STEP)
    except OutOfSteps:
        return boards, len(boards) == len(scopes)
    finally:
        effort.done += building.done
    return boards, True


def _some_filling(board: Board, effort: Effort) -> Solution:
    """Return what leaves may hold where nothing has to be met; nothing at all if that is hard."""
    try:
        solution = board.solve(board.nothing_wanted(), effort, 0)
    except OutOfSteps:
        solution = None
    return solution or Solution(
        cost=0, held={}, masks=[0] * board.n_uses, bought=(), bought_masks=()
    )


class _Comparing:
    """Solves scope after scope, those with the lowest bound first."""

    def __init__(
        self, problem: Problem, scopes: Sequence[Scope], effort: Effort, *, unsure: bool
    ) -> None:
        self.scopes = scopes
        self.effort = effort
        self.boards, self.is_proven = _boards(problem, scopes, effort, unsure=unsure)
        self.declaring = {node.header.id for node in problem.rules.anys if node.declare}
        self.costs: dict[int, int | None] = {}
        self.solutions: dict[int, Solution] = {}
        self.best: int | None = None
        # of scopes that were not even looked at nothing is known
        self.least: list[int] = [] if self.is_proven else [0]
        self._diving = Effort(steps=DIVE_STEPS)
        self._by_pick: dict[object, int] = {}

    def found(self) -> Found:
        """Return what is cheapest of all scopes."""
        finders: list[tuple[int, int, Finder]] = []
        for index, board in enumerate(self.boards):
            finder = board.search(board.nothing_wanted(), self.effort)
            if finder is not None:
                finders.append((finder.search.least(), index, finder))
        for least, index, finder in sorted(finders, key=lambda item: item[:2]):
            most = self._most(self.scopes[index].choices)
            if most is None or least <= most:
                self._solve(index, finder, most)
        best = self.best
        mine = [(self.boards[i], self.solutions[i]) for i in sorted(self.solutions)]
        bounds = self.least if best is None else [*self.least, best]
        return Found(
            cheapest=[pair for pair in mine if pair[1].cost == best],
            costs=self.costs,
            scopes=self.scopes,
            bound=min(bounds, default=0),
            is_proven=self.is_proven,
        )

    def _most(self, choices: Choices) -> int | None:
        """Return the cost above which a scope is the cheapest for none of its declared children."""
        picks = [pair for pair in choices if pair[0] in self.declaring]
        known = [self._by_pick.get(pair) for pair in picks] or [self.best]
        costs = [cost for cost in known if cost is not None]
        return max(costs) if len(costs) == len(known) else None

    def _solve(self, index: int, finder: Finder, most: int | None) -> None:
        try:
            cost = finder.search.solve(most)
            solution = None if cost is None else finder.solution(cost)
        except OutOfSteps:
            self.is_proven = False
            self.least.append(finder.search.reached)
            solution = self._some_solution(index)
            cost = None if solution is None else solution.cost
        self.costs[index] = cost
        if solution is None or cost is None:
            return
        self.solutions[index] = solution
        if self.best is None or cost < self.best:
            self.best = cost
        for pair in self.scopes[index].choices:
            if pair[0] in self.declaring:
                self._by_pick[pair] = min(cost, self._by_pick.get(pair, cost))

    def _some_solution(self, index: int) -> Solution | None:
        """Return some solution, found by a dive that does not look at the cost."""
        board = self.boards[index]
        if self._diving.is_spent:
            return None
        finder = board.search(board.nothing_wanted(), self._diving)
        if finder is None:
            return None
        try:
            cost = finder.search.dive()
        except OutOfSteps:
            return None
        return None if cost is None else finder.solution(cost)
