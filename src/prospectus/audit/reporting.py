"""From a solution to the result: the witness, how nodes stand, what is unused and missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from prospectus.audit.board import Board
from prospectus.audit.canonical import Answer
from prospectus.audit.finder import Held
from prospectus.audit.missing import missing_in
from prospectus.audit.requirements import Bounding, Leaf
from prospectus.audit.result import AuditResult, AuditStatus, NodeState, Tie
from prospectus.audit.unused import unused_in
from prospectus.domain.plan import Completion, Placement, Standing, Witness
from prospectus.domain.requirement import All, Any, Bound, Fill, Measure, Node, NodeId

_LEVELS = (Standing.MET, Standing.IN_PROGRESS, Standing.PLANNED)


def result_of(
    answer: Answer,
    bound: int,
    ties: tuple[Tie, ...],
    conferral: dt.date | None,
    searched: int,
    *,
    is_only: bool,
    is_short: bool = False,
) -> AuditResult:
    """Return the result of an answer; a short one without what is unused and missing."""
    board = answer.board
    unit = board.problem.rules.unit
    states = _states(answer)
    left = None if board.is_partial else Fraction(answer.solution.cost, unit)
    return AuditResult(
        witness=witness_of(answer, conferral),
        credits_left=left,
        bound=Fraction(bound, unit),
        status=AuditStatus.PROVEN if answer.is_proven else AuditStatus.LIMIT,
        met=tuple(state.node for state in states if state.standing is Standing.MET),
        nodes=tuple(states),
        unused=() if is_short else tuple(unused_in(answer)),
        missing=() if is_short else tuple(missing_in(answer)),
        ties=ties,
        is_completion_sure=_is_bought_surely(board, answer),
        is_sure=_is_sure(answer),
        searched=searched,
        is_only=is_only,
    )


def _is_bought_surely(board: Board, answer: Answer) -> bool:
    return all(
        board.entries[entry].sure >> one.leaf & 1
        for entry, _, tracks in answer.solution.bought
        for one in tracks
    )


def _is_sure(answer: Answer) -> bool:
    """Return whether neither a leaf nor a least of a completion leans on what nobody knows."""
    board = answer.board
    if board.is_partial:
        return True
    if not _is_bought_surely(board, answer):
        return False
    if any(mask & ~board.entries[i].sure for i, mask in enumerate(answer.solution.masks)):
        return False
    return all(
        _is_surely_reached(answer, bounding)
        for bounding in board.problem.rules.bounds
        if _must_be_reached(board, bounding)
    )


def _must_be_reached(board: Board, bounding: Bounding) -> bool:
    name = bounding.measure.header.id
    return (
        bounding.measure.bound is Bound.AT_LEAST
        and (name in board.scope.active or not bounding.in_tree)
        and not board.problem.is_excepted(name)
        and not board.is_waived_below(bounding.above)
    )


def _is_surely_reached(answer: Answer, bounding: Bounding) -> bool:
    """Return whether what certainly counts reaches a least, the completion included."""
    measure, board = bounding.measure, answer.board
    if measure.distinct is not None:
        # when, where and by whom a missing course will be taken is not known
        return True
    scope = bounding.scope & board.scope.leaves
    amounts = board.amounts(bounding, sure=True)
    in_credits = measure.credits is not None
    have = _amount(answer, scope, amounts, Standing.UNMET, in_credits=in_credits)
    have += sum(
        amounts[entry]
        for entry, _, tracks in answer.solution.bought
        if any(scope >> one.leaf & 1 for one in tracks)
    )
    return have >= board.bound_of(bounding)


def witness_of(answer: Answer, conferral: dt.date | None) -> Witness:
    """Return the witness: placements, choices, the completion, the day judged."""
    board = answer.board
    leaves, unit = board.problem.rules.leaves, board.problem.rules.unit
    placements: list[Placement] = []
    completion: list[Completion] = []
    for index, tracks in answer.solution.held.items():
        entry = board.entries[index]
        for one in tracks:
            leaf = leaves[one.leaf].id
            part = None if one.part < 0 else Fraction(one.part, unit)
            placements.append(Placement(attempt=entry.id, leaf=leaf, area=one.area, part=part))
    for index, code, tracks in answer.solution.bought:
        credits = board.entries[index].credits
        for one in tracks:
            leaf = leaves[one.leaf].id
            completion.append(Completion(course=code, leaf=leaf, area=one.area, credits=credits))
    place = board.problem.rules.place
    return Witness(
        placements=tuple(sorted(placements, key=lambda p: (place[p.leaf], p.attempt))),
        choices=board.scope.choices,
        completion=tuple(sorted(completion, key=lambda c: (place[c.leaf], c.course))),
        conferral=conferral,
    )


def _states(answer: Answer) -> list[NodeState]:
    """Return how the active nodes stand by courses alone, in file order."""
    found: dict[NodeId, NodeState] = {}
    problem, rules = answer.board.problem, answer.board.problem.rules
    top = _stand(answer, rules.resolved.tree, found)
    beside = []
    for bounding in rules.bounds:
        if not bounding.in_tree:
            name = bounding.measure.header.id
            beside.append(NodeState(node=name, standing=_measured(answer, name)))
    if top is not None and not problem.is_excepted(rules.root):
        # rules over the whole bind the degree as its own children do
        top = min([top, *(state.standing for state in beside if state.standing is not None)])
        found[rules.root] = replace(found[rules.root], standing=top)
    return [found[n.header.id] for n in rules.nodes if n.header.id in found] + beside


def _stand(answer: Answer, node: Node, found: dict[NodeId, NodeState]) -> Standing | None:
    board, name = answer.board, node.header.id
    held: tuple[str, ...] = ()
    standing: Standing | None = None
    match node:
        case Fill():
            leaf = board.problem.rules.leaves[board.problem.rules.place[name]]
            held, standing = _leaf(answer, leaf)
        case All() | Any():
            below = [
                _stand(answer, child, found)  # type: ignore[arg-type]  # resolved
                for child in node.children
                if child.header.id in board.scope.active  # type: ignore[union-attr]
            ]
            known = [one for one in below if one is not None]
            if isinstance(node, All):
                known += _totals(answer, name)
            standing = min(known, default=Standing.MET)
        case Measure():
            standing = _measured(answer, name)
        case _:
            standing = None
    if board.problem.is_excepted(name):
        standing = Standing.MET
    found[name] = NodeState(node=name, standing=standing, held=held)
    return standing


def _leaf(answer: Answer, leaf: Leaf) -> tuple[tuple[str, ...], Standing]:
    board = answer.board
    bit, entries = leaf.bit, board.entries
    here = [i for i, mask in enumerate(answer.solution.masks) if mask & bit]
    held = tuple([entries[i].id for i in here])
    if not board.is_filled(leaf, answer.solution):
        return held, Standing.UNMET
    standing = min([entries[i].row.standing for i in here], default=Standing.MET)
    bought = [entry for entry, _ in answer.solution.bought_in(bit)]
    if any([bit & ~entries[i].sure for i in (*here, *bought)]):
        standing = min(standing, Standing.PENDING)
    return held, standing


def _totals(answer: Answer, name: NodeId) -> list[Standing]:
    board = answer.board
    found: list[Standing] = []
    for total in board.problem.rules.totals:
        if total.node != name:
            continue
        scope = total.scope & board.scope.leaves
        everything = [entry.row.units for entry in board.problem.uses]
        if (asked := board.asked(total)) is not None:
            found.append(_reaches(answer, scope, asked, everything, in_credits=True))
        if total.courses is not None:
            courses = [int(not entry.row.is_waiver) for entry in board.problem.uses]
            found.append(_reaches(answer, scope, total.courses, courses, in_credits=False))
    return found


def _amount(
    answer: Answer, scope: int, amounts: Sequence[int], least: Standing, *, in_credits: bool
) -> int:
    """Return what the uses of a standing or better count in a scope, each once."""
    found = _amounts(answer, scope, amounts, in_credits=in_credits)
    return sum([amount for standing, amount in found if standing >= least])


def _amounts(
    answer: Answer, scope: int, amounts: Sequence[int], *, in_credits: bool
) -> list[tuple[Standing, int]]:
    """Return what each use that a scope holds counts there, with how it stands."""
    entries, found = answer.board.entries, []
    for index, tracks in answer.solution.held.items():
        if not amounts[index] or not answer.solution.masks[index] & scope:
            continue
        amount = amounts[index]
        if in_credits:
            amount = counted([one for one in tracks if scope >> one.leaf & 1], amount)
        found.append((entries[index].row.standing, amount))
    return found


def counted(tracks: Sequence[Held], whole: int) -> int:
    """Return the units held of a use: all where it stands whole anywhere, else the parts' sum."""
    if any(one.part < 0 for one in tracks):
        return whole
    return min(whole, sum(one.part for one in tracks))


def _reaches(
    answer: Answer, scope: int, asked: int, amounts: Sequence[int], *, in_credits: bool
) -> Standing:
    found = _amounts(answer, scope, amounts, in_credits=in_credits)
    for level in _LEVELS:
        if sum([amount for standing, amount in found if standing >= level]) >= asked:
            return level
    return Standing.UNMET


def _measured(answer: Answer, name: NodeId) -> Standing | None:
    """Return how a measure over what is applied stands; None for one over what was attempted."""
    board, rules = answer.board, answer.board.problem.rules
    if board.problem.is_excepted(name):
        return Standing.MET
    bounding = next((b for b in rules.bounds if b.measure.header.id == name), None)
    if bounding is None:
        return None
    if bounding.measure.bound is Bound.AT_MOST:
        return Standing.MET
    scope, bound = bounding.scope & board.scope.leaves, board.bound_of(bounding)
    if bounding.measure.distinct is not None:
        for level in _LEVELS:
            if _n_values(answer, scope, bounding.index, level) >= bound:
                return level
        n_hoped = _n_values(answer, scope, bounding.index, Standing.UNMET, sure=False)
        return Standing.PENDING if n_hoped >= bound else Standing.UNMET
    in_credits = bounding.measure.credits is not None
    sure = board.amounts(bounding, sure=True)
    standing = _reaches(answer, scope, bound, sure, in_credits=in_credits)
    if standing is Standing.UNMET:
        hoped = board.amounts(bounding, sure=False)
        if _amount(answer, scope, hoped, Standing.UNMET, in_credits=in_credits) >= bound:
            return Standing.PENDING
    return standing


def _n_values(answer: Answer, scope: int, place: int, least: Standing, *, sure: bool = True) -> int:
    board = answer.board
    seen: set[str] = set()
    for index in range(board.n_uses):
        entry = board.entries[index]
        is_here = answer.solution.masks[index] & scope and entry.row.standing >= least
        selected = entry.row.measured[place]
        if is_here and (selected is True or (selected is None and not sure)):
            seen |= entry.row.values[place] or frozenset()
    return len(seen)
