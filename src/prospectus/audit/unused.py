"""Why an attempt on record is not used."""

from __future__ import annotations

from collections.abc import Iterator

from prospectus.audit.canonical import Answer
from prospectus.audit.problem import Entry
from prospectus.audit.requirements import Leaf
from prospectus.audit.result import Reason, Unused
from prospectus.audit.use import Use, meets_floor
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
    if use.beside is not None:
        holders = (use.beside.attempt.id,)
        return Unused(attempt=entry.id, reason=Reason.REPLACED, holders=holders)
    for leaf in rules.leaves:
        is_named = rules.selecting.test(leaf.fill.from_)(use, problem.given) is not False
        if leaf.counts and (is_named or entry.row.pieces[leaf.index]):
            reason = _lack(answer, leaf, use)
            if reason is Reason.CONFERRAL:
                for index, rule in enumerate(rules.overlaps):
                    if entry.elsewhere[index] & leaf.bit and not entry.allows[index]:
                        return _unused(answer, entry, Reason.SHARED, rule.header.id)
            return _unused(answer, entry, reason, leaf.id)
    return Unused(attempt=entry.id, reason=Reason.NOTHING)


def _lack(answer: Answer, leaf: Leaf, use: Use) -> Reason:
    """Return what a leaf that names a course asks more of it."""
    rules, fill = answer.board.problem.rules, leaf.fill
    if use.is_waiver:
        return Reason.WAIVER if fill.courses is None else Reason.CONFERRAL
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
    rules = board.problem.rules
    for place, rule in enumerate(rules.overlaps):
        shared = entry.elsewhere[place]
        if here & ~shared:
            continue
        others = [
            board.entries[i]
            for i, mask in enumerate(answer.solution.masks)
            if mask & board.entries[i].elsewhere[place]
        ]
        credits, courses = rule.at_most_credits, rule.at_most_courses
        units = sum(one.row.units for one in (*others, entry))
        if (credits is not None and units > credits * rules.unit) or (
            courses is not None and len(others) >= courses
        ):
            names = tuple(one.id for one in others)
            return _unused(answer, entry, Reason.SHARED, rule.header.id, names)
    leaf = rules.leaves[(here & -here).bit_length() - 1]
    holders = tuple(
        board.entries[i].id for i, mask in enumerate(answer.solution.masks) if mask & leaf.bit
    )
    if entry.row.pieces[leaf.index]:
        return _unused(answer, entry, Reason.PIECE, leaf.id)
    is_bought = any(
        one.leaf == leaf.index for _, _, tracks in answer.solution.bought for one in tracks
    )
    if is_bought and not board.is_filled(leaf, answer.solution):
        return _unused(answer, entry, Reason.RESERVED, leaf.id)
    return _unused(answer, entry, Reason.FULL, leaf.id, holders)


def _unused(
    answer: Answer, entry: Entry, reason: Reason, node: NodeId, holders: tuple[str, ...] = ()
) -> Unused:
    path = answer.board.problem.rules.path(node)
    return Unused(attempt=entry.id, reason=reason, node=node, path=path, holders=holders)
