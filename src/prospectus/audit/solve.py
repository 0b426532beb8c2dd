"""The entry of the audit: from resolved rules and a record to the canonical answer."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice

from prospectus.audit.board import Board
from prospectus.audit.canonical import Answer, canonical
from prospectus.audit.finder import Solution
from prospectus.audit.parts import has_untried_parts
from prospectus.audit.problem import Problem, Scope, problem_of, scopes
from prospectus.audit.reporting import result_of
from prospectus.audit.result import AuditResult, Tie
from prospectus.audit.rules import rules_of
from prospectus.audit.table import Effort, OutOfSteps
from prospectus.domain.errors import UnsupportedError
from prospectus.domain.program import Resolved
from prospectus.domain.record import Record
from prospectus.domain.requirement import NodeId

STEPS = 200_000
"""After so many steps of the search the best answer found is given, and said not to be proven."""
FILLING_STEPS = 20_000
"""The steps in which some filling of leaves that need not be met is looked for."""
MOST_SCOPES = 4_000
"""The most combinations of choices that one audit compares."""


def audit(
    resolved: Resolved,
    record: Record,
    today: dt.date,
    *,
    choices: Mapping[str, str] | None = None,
    conferral: dt.date | None = None,
    steps: int = STEPS,
    seconds: float | None = None,
) -> AuditResult:
    """Return the canonical audit of a record under the rules of one person.

    Parameters
    ----------
    resolved
        The rules without `when` and `reading`; compiled once and kept with the object.
    record
        What was taken; planned attempts count as planned.
    today
        The day on which is judged.
    choices
        Declared choices: id of an `any` -> id of the child chosen.
    conferral
        The day of conferral judged; by default the end of the last attempt.
    steps, seconds
        Limits of the search. Where one is reached, the best answer found is returned with
        `status` limit and the bound that was proven.

    Raises
    ------
    UnsupportedError
        AUD-..., for the few kinds of rule that the audit cannot search (docs/errors.md).
    StudentError
        AUD-..., where `choices` names no child of that node.
    """
    rules = rules_of(resolved, record)
    problem = problem_of(rules, record, today, conferral)
    effort = Effort(steps, None if seconds is None else time.monotonic() + seconds)
    declared = dict(choices or {})
    active = list(islice(scopes(rules, declared), MOST_SCOPES + 1))
    if len(active) > MOST_SCOPES:
        raise UnsupportedError(
            "AUD-005",
            what=f"{resolved.program.id}: its choices combine in more than {MOST_SCOPES} ways",
            fix="declare some of the choices",
        )
    found = _cheapest(problem, active, effort)
    answer, ties = _best(problem, found, declared, effort)
    bound = found.bound
    if not found.is_proven:
        answer = replace(answer, is_proven=False)
    if has_untried_parts(problem) and not _is_all_met(answer, found):
        answer, bound = replace(answer, is_proven=False), 0
    return result_of(answer, bound, ties, conferral, effort.done)


def _is_all_met(answer: Answer, found: _Found) -> bool:
    """Return whether nothing is left and every node is met now, so that nothing is better."""
    board, rules = answer.board, answer.board.problem.rules
    names = {leaf.id for leaf in board.leaves}
    names |= {b.measure.header.id for b in rules.bounds if b.in_tree} & board.scope.active
    names |= {b.measure.header.id for b in rules.bounds if not b.in_tree}
    names |= {NodeId(f"{t.node} total") for t in rules.totals if t.node in board.scope.active}
    return not found.is_partial and not answer.solution.cost and names <= answer.met


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """The scopes with a cheapest solution, the cost of each, and what was proven of it."""

    cheapest: Sequence[tuple[Board, Solution]]
    costs: Mapping[int, int | None]
    scopes: Sequence[Scope]
    bound: int
    is_proven: bool
    is_partial: bool = False


def _cheapest(problem: Problem, all_scopes: Sequence[Scope], effort: Effort) -> _Found:
    """Return the scopes that are cheapest to complete.

    First with courses that certainly fit, then with those that may; where no courses complete
    any scope, with nothing bought at all.
    """
    for unsure in (False, True):
        boards = [Board(problem, scope, unsure=unsure) for scope in all_scopes]
        found = _compared(boards, all_scopes, effort)
        if found.cheapest or not found.is_proven:
            break
        if not any(entry.allowed & ~entry.sure for entry in problem.courses):
            break
    if found.cheapest:
        return found
    boards = [Board(problem, scope, is_partial=True) for scope in all_scopes]
    partial = [(board, _some_filling(board)) for board in boards]
    return replace(found, cheapest=partial, is_partial=True)


def _some_filling(board: Board) -> Solution:
    """Return what leaves may hold where nothing has to be met; nothing at all if that is hard."""
    try:
        solution = board.solve(board.nothing_wanted(), Effort(steps=FILLING_STEPS), 0)
    except OutOfSteps:
        solution = None
    return solution or Solution(cost=0, held={}, masks=[0] * board.n_uses, bought=())


def _compared(boards: Sequence[Board], all_scopes: Sequence[Scope], effort: Effort) -> _Found:
    costs: dict[int, int | None] = {}
    solutions: dict[int, Solution] = {}
    best: int | None = None
    is_proven = True
    least: list[int] = []
    finders = [(board.search(board.nothing_wanted(), effort), i) for i, board in enumerate(boards)]
    order = sorted((f.search.least(), i) for f, i in finders if f is not None)
    for _, index in order:
        finder = finders[index][0]
        assert finder is not None
        try:
            cost = finder.search.solve(None)
        except OutOfSteps:
            is_proven = False
            least.append(finder.search.reached)
            solution = _any_solution(boards[index], best)
            cost = None if solution is None else solution.cost
        else:
            solution = None if cost is None else finder.solution(cost)
        costs[index] = cost
        if solution is not None and cost is not None:
            solutions[index] = solution
            if best is None or cost < best:
                best = cost
    cheapest = [(boards[i], solutions[i]) for i in sorted(solutions) if costs[i] == best]
    bound = min([*least, best] if best is not None else least, default=0)
    return _Found(
        cheapest=cheapest, costs=costs, scopes=all_scopes, bound=bound, is_proven=is_proven
    )


def _any_solution(board: Board, best: int | None) -> Solution | None:
    """Return some solution, found by a dive that does not look at the cost."""
    effort = Effort(steps=5_000)
    finder = board.search(board.nothing_wanted(), effort)
    if finder is None:
        return None
    try:
        cost = finder.search.dive()
    except OutOfSteps:
        return None
    return None if cost is None else finder.solution(cost)


def _best(
    problem: Problem, found: _Found, declared: Mapping[str, str], effort: Effort
) -> tuple[Answer, tuple[Tie, ...]]:
    """Return the best of the cheapest answers, and what was tied at declared choices."""
    open_names = [
        node.header.id
        for node in problem.rules.anys
        if node.declare and node.header.id not in declared
    ]
    answers = [canonical(board, solution, effort) for board, solution in found.cheapest]
    kept = answers
    for name in open_names:
        groups: dict[tuple[NodeId, ...] | None, list[Answer]] = {}
        for answer in kept:
            picked = dict(answer.board.scope.choices).get(name)
            groups.setdefault(picked, []).append(answer)
        # the children stand in file order, and the first of the best is taken
        best = max(groups.values(), key=lambda group: max(_held_below(a, name) for a in group))
        kept = best
    chosen = min(kept, key=_order)
    # Whoever was cut short might have come out better: then nothing is proven of the one chosen.
    chosen = replace(chosen, is_proven=all(answer.is_proven for answer in answers))
    return chosen, tuple(_ties(problem, found, open_names, chosen, answers))


def _held_below(answer: Answer, name: NodeId) -> int:
    """Return the units on record that the leaves under a choice hold."""
    board = answer.board
    below = board.problem.rules.below[name] & board.scope.leaves
    return sum(
        board.entries[i].row.units for i in range(board.n_uses) if answer.solution.masks[i] & below
    )


def _order(answer: Answer) -> tuple[tuple[bool, ...], tuple[tuple[int, ...], ...]]:
    """Return a key: nodes met in file order, totals last, then uses in code order."""
    board, rules = answer.board, answer.board.problem.rules
    tree = [node.header.id for node in rules.nodes]
    beside = [b.measure.header.id for b in rules.bounds if not b.in_tree]
    totals = [NodeId(f"{total.node} total") for total in rules.totals]
    met = tuple(name not in answer.met for name in (*tree, *beside, *totals))
    last = 1 << 30
    where = tuple(
        (*(one.leaf for one in answer.solution.held.get(i, ())), last) for i in range(board.n_uses)
    )
    return met, where


def _ties(
    problem: Problem,
    found: _Found,
    open_names: Sequence[NodeId],
    chosen: Answer,
    answers: Sequence[Answer],
) -> list[Tie]:
    unit = problem.rules.unit
    taken = dict(chosen.board.scope.choices)
    ties: list[Tie] = []
    for name in open_names:
        if name not in taken:
            continue
        by_child: dict[tuple[NodeId, ...], int | None] = {}
        for index, scope in enumerate(found.scopes):
            picked = dict(scope.choices).get(name)
            cost = None if found.is_partial else found.costs.get(index)
            if picked is None:
                continue
            known = by_child.get(picked)
            if known is None or (cost is not None and cost < known):
                by_child[picked] = cost
        also = {dict(answer.board.scope.choices).get(name) for answer in answers}
        ties.append(
            Tie(
                node=name,
                taken=taken[name],
                credits=tuple(
                    (child, None if cost is None else Fraction(cost, unit))
                    for child, cost in by_child.items()
                ),
                tied=tuple(child for child in by_child if child in also and child != taken[name]),
            )
        )
    return ties
