"""The entry of the audit: from resolved rules and a record to the canonical answer."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from prospectus.audit.boards import keep_board
from prospectus.audit.buying import keeping_apart, lost_by_buying
from prospectus.audit.canonical import Answer, canonical, waived_leaves
from prospectus.audit.cheapest import Found, cheapest
from prospectus.audit.parts import has_untried_parts
from prospectus.audit.problem import (
    MOST_SCOPES,
    Problem,
    Scope,
    problem_of,
    scopes,
)
from prospectus.audit.reporting import counted, result_of
from prospectus.audit.result import AuditResult, Tie
from prospectus.audit.rules import rules_of
from prospectus.audit.table import Effort
from prospectus.domain.errors import UnsupportedError
from prospectus.domain.program import Resolved
from prospectus.domain.record import Record
from prospectus.domain.requirement import NodeId

STEPS = 100_000
"""After so many steps of the search the best answer found is given, and said not to be proven."""
STEPS_A_SECOND = 10_000
"""For each second allowed; where states are small there are more of them in one."""

MOST_ROUNDS = 40
"""So often a search begins again because an exclusion takes credit from what it bought."""


def audit(
    resolved: Resolved,
    record: Record,
    today: dt.date,
    *,
    choices: Mapping[str, str] | None = None,
    conferral: dt.date | None = None,
    steps: int | None = None,
    seconds: float | None = None,
    is_short: bool = False,
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
        `status` limit and the bound that was proven. Where `steps` is not given, more than
        10 seconds allow more of them in proportion.
    is_short
        Whether what is left, met and chosen is all that is asked: then the uses stand where the
        search left them, and nothing is said of what is unused or missing.

    Raises
    ------
    UnsupportedError
        AUD-..., for the few kinds of rule that the audit cannot search (docs/errors.md).
    StudentError
        AUD-..., where `choices` names no child of that node.
    """
    rules = rules_of(resolved, record)
    problem = problem_of(rules, record, today, conferral)
    return audit_of(
        problem,
        choices=choices,
        conferral=conferral,
        steps=steps,
        seconds=seconds,
        is_short=is_short,
    )


def audit_of(
    problem: Problem,
    *,
    choices: Mapping[str, str] | None = None,
    conferral: dt.date | None = None,
    steps: int | None = None,
    seconds: float | None = None,
    is_short: bool = False,
) -> AuditResult:
    """Return the canonical audit of a record that was made ready; see `audit`."""
    if steps is None:
        steps = STEPS if seconds is None else max(STEPS, int(STEPS_A_SECOND * seconds))
    effort = Effort(steps, None if seconds is None else time.monotonic() + seconds)
    declared = dict(choices or {})
    active = scopes(problem.rules, declared)
    if len(active) > MOST_SCOPES:
        raise UnsupportedError(
            "AUD-005",
            what=f"{problem.rules.resolved.program.id}: its choices combine in more than "
            f"{MOST_SCOPES} ways",
            fix="declare some of the choices",
        )
    found, answer, ties = _searched(problem, active, declared, effort, is_short=is_short)
    bound = found.bound
    if not found.is_proven:
        answer = replace(answer, is_proven=False)
    if has_untried_parts(problem) and not _is_all_met(answer, found):
        answer, bound = replace(answer, is_proven=False), 0
    result = result_of(
        answer,
        bound,
        ties,
        conferral,
        effort.done,
        is_only=len(found.cheapest) == 1,
        is_short=is_short,
    )
    keep_board(problem, result, answer.board)
    return result


def _searched(
    problem: Problem,
    active: Sequence[Scope],
    declared: Mapping[str, str],
    effort: Effort,
    *,
    is_short: bool,
) -> tuple[Found, Answer, tuple[Tie, ...]]:
    """Return the best answer of which no exclusion takes any credit.

    Exclusions that ask more than the codes of courses are held against what is bought. Where they
    take credit, courses that lose it together are kept apart, and the search begins again.
    """
    bound = 0
    is_certain = True
    for _ in range(MOST_ROUNDS):
        found = cheapest(problem, active, effort)
        bound = max(bound, found.bound) if is_certain else bound
        answer, ties = _best(problem, found, declared, effort, is_short=is_short)
        entries = answer.board.entries
        sizes = {code: entries[i].credits for i, code, _ in answer.solution.bought}
        lost = lost_by_buying(problem, sizes)
        if not lost:
            proven = found.is_proven and is_certain
            return replace(found, bound=bound, is_proven=proven), answer, ties
        # of a mean nobody knows whether more courses would not have mended it
        is_certain = is_certain and not problem.conflicts.is_wavering
        if effort.is_spent:
            break
        problem = keeping_apart(problem, lost)
    nothing = replace(problem, courses=())
    found = replace(cheapest(nothing, active, effort), bound=bound, is_proven=False)
    answer, ties = _best(nothing, found, declared, effort, is_short=is_short)
    return found, answer, ties


def _is_all_met(answer: Answer, found: Found) -> bool:
    """Return whether nothing is left and every node is met now, so that nothing is better."""
    board, rules = answer.board, answer.board.problem.rules
    names = {leaf.id for leaf in board.leaves}
    names |= {b.measure.header.id for b in rules.bounds if b.in_tree} & board.scope.active
    names |= {b.measure.header.id for b in rules.bounds if not b.in_tree}
    names |= {NodeId(f"{t.node} total") for t in rules.totals if t.node in board.scope.active}
    return not found.is_partial and not answer.solution.cost and names <= answer.met


def _best(
    problem: Problem,
    found: Found,
    declared: Mapping[str, str],
    effort: Effort,
    *,
    is_short: bool,
) -> tuple[Answer, tuple[Tie, ...]]:
    """Return the best of the cheapest answers, and what was tied at declared choices."""
    open_names = [
        node.header.id
        for node in problem.rules.anys
        if node.declare and node.header.id not in declared
    ]
    # where the uses stand decides between answers that cost as much
    is_placed = not is_short or len(found.cheapest) > 1
    answers: list[Answer] = []
    for board, solution in found.cheapest:
        if answers and effort.is_spent:
            break
        answers.append(
            canonical(board, solution, effort, is_cheapest=found.is_proven, is_placed=is_placed)
        )
    kept = answers
    as_good: dict[NodeId, list[tuple[NodeId, ...]]] = {}
    for name in open_names:
        groups: dict[tuple[NodeId, ...] | None, list[Answer]] = {}
        for answer in kept:
            picked = dict(answer.board.scope.choices).get(name)
            groups.setdefault(picked, []).append(answer)
        held = {
            picked: max(_held_below(answer, name) for answer in group)
            for picked, group in groups.items()
        }
        # the children stand in file order, and the first of the best is taken
        most = max(held.values())
        best = [picked for picked, units in held.items() if units == most]
        kept = groups[best[0]]
        as_good[name] = [picked for picked in best[1:] if picked is not None]
    chosen = min(kept, key=_order) if len(kept) > 1 else kept[0]
    # Whoever was cut short might have come out better: then nothing is proven of the one chosen.
    is_proven = all(a.is_proven for a in answers) and len(answers) == len(found.cheapest)
    chosen = replace(chosen, is_proven=is_proven)
    return chosen, tuple(_ties(problem, found, as_good, chosen))


def _held_below(answer: Answer, name: NodeId) -> int:
    """Return the units on record that the leaves under a choice hold, each use once."""
    board = answer.board
    below, total = board.problem.rules.below[name] & board.scope.leaves, 0
    for index, tracks in answer.solution.held.items():
        mine = [one for one in tracks if below >> one.leaf & 1]
        if mine:
            total += counted(mine, board.entries[index].row.units)
    return total


def _order(
    answer: Answer,
) -> tuple[tuple[bool, ...], tuple[bool, ...], tuple[tuple[int, ...], ...]]:
    """Return a key: what is waived and bought for, nodes met in file order, uses in code order."""
    board, rules = answer.board, answer.board.problem.rules
    waived = {leaf.index for leaf in waived_leaves(board)}
    bought = {rules.leaves[i].id for i in waived if answer.solution.bought_in(1 << i)}
    tree = [node.header.id for node in rules.nodes]
    beside = [b.measure.header.id for b in rules.bounds if not b.in_tree]
    totals = [NodeId(f"{total.node} total") for total in rules.totals]
    met = tuple(name not in answer.met for name in (*tree, *beside, *totals))
    last = 1 << 30
    after = len(rules.leaves)
    where = tuple(
        (
            *sorted(
                one.leaf + after * (one.leaf in waived) for one in answer.solution.held.get(i, ())
            ),
            last,
        )
        for i in range(board.n_uses)
    )
    return tuple(leaf.id in bought for leaf in rules.leaves), met, where


def _ties(
    problem: Problem,
    found: Found,
    as_good: Mapping[NodeId, Sequence[tuple[NodeId, ...]]],
    chosen: Answer,
) -> list[Tie]:
    unit = problem.rules.unit
    taken = dict(chosen.board.scope.choices)
    ties: list[Tie] = []
    for name, tied in as_good.items():
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
        ties.append(
            Tie(
                node=name,
                taken=taken[name],
                credits=tuple(
                    (child, None if cost is None else Fraction(cost, unit))
                    for child, cost in by_child.items()
                ),
                tied=tuple(tied),
            )
        )
    return ties
