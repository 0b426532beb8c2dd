"""Why an attempt on record is not used."""

from __future__ import annotations

from collections.abc import Iterator

from prospectus.audit.canonical import Answer
from prospectus.audit.problem import Entry
from prospectus.audit.requirements import Leaf
from prospectus.audit.result import Reason, Unused
from prospectus.audit.selecting import Use, meets_floor
from prospectus.domain.requirement import NodeId


def unused_in(answer: Answer) -> Iterator[Unused]:
    """Yield what no leaf of a counting pool holds, in record order."""
    board = answer.board
    problem, rules = board.problem, board.problem.rules
    entries = {entry.id: index for index, entry in enumerate(problem.uses)}
    for attempt in problem.record.attempts:
        lost = problem.reading.lost.get(attempt.id)
        if lost is not None:
            holders = () if lost.by is None else (lost.by,)
            yield Unused(attempt=attempt.id, reason=lost.reason, holders=holders)
            continue
        index = entries[attempt.id]
        if not answer.solution.masks[index] & rules.counting:
            yield _why(answer, index)


def _why(answer: Answer, index: int) -> Unused:
    board = answer.board
    problem, rules = board.problem, board.problem.rules
    entry = board.entries[index]
    here = board.open(index) & rules.counting
    if here:
        return _crowded_out(answer, index, here)
    elsewhere = entry.allowed & rules.counting
    if elsewhere:
        leaf = rules.leaves[(elsewhere & -elsewhere).bit_length() - 1]
        taken = {name for name, _ in board.scope.choices}
        choice = next((n for n in reversed(rules.path(leaf.id)) if n in taken), leaf.id)
        return _unused(answer, entry, Reason.CHOICE, choice)
    use = next(d.use for d in problem.reading.uses if d.use.attempt.id == entry.id)
    for leaf in rules.leaves:
        if leaf.counts and rules.selecting.test(leaf.fill.from_)(use, problem.given) is not False:
            return _unused(answer, entry, _lack(answer, leaf, use), leaf.id)
    return Unused(attempt=entry.id, reason=Reason.NOTHING)


def _lack(answer: Answer, leaf: Leaf, use: Use) -> Reason:
    """Return what a leaf that names a course asks more of it."""
    rules, fill = answer.board.problem.rules, leaf.fill
    floor = rules.selecting.entry_floor(fill.from_, use) or fill.min_grade
    if not meets_floor(use.attempt, floor, fill.basis, rules.resolved.scale):
        return Reason.FLOOR
    if fill.basis and use.attempt.basis.value not in fill.basis:
        return Reason.BASIS
    if fill.source and use.attempt.source.value not in fill.source:
        return Reason.SOURCE
    return Reason.CONFERRAL


def _crowded_out(answer: Answer, index: int, here: int) -> Unused:
    """Return the most that is reached, else the first leaf that takes it and what holds it."""
    board = answer.board
    entry = board.entries[index]
    for counted in board.limits:
        limit, amount = counted.limit, counted.amounts[index]
        if not limit.is_most or not amount or limit.distinct or here & ~limit.scope:
            continue
        scope, amounts = limit.scope, counted.amounts
        have = sum(amounts[i] for i, mask in enumerate(answer.solution.masks) if mask & scope)
        have += sum(
            amounts[i]
            for i, _, tracks in answer.solution.bought
            if any(scope >> one.leaf & 1 for one in tracks)
        )
        if have + amount > limit.bound and counted.name is not None:
            return _unused(answer, entry, Reason.CAP, counted.name)
    leaf = board.problem.rules.leaves[(here & -here).bit_length() - 1]
    holders = tuple(
        board.entries[i].id for i, mask in enumerate(answer.solution.masks) if mask & leaf.bit
    )
    found = _unused(answer, entry, Reason.FULL, leaf.id)
    return Unused(
        attempt=found.attempt,
        reason=found.reason,
        node=found.node,
        path=found.path,
        holders=holders,
    )


def _unused(answer: Answer, entry: Entry, reason: Reason, node: NodeId) -> Unused:
    path = answer.board.problem.rules.path(node)
    return Unused(attempt=entry.id, reason=reason, node=node, path=path)
