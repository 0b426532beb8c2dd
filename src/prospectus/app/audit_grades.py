"""What a better grade would have changed: attempts that their grade stops at something."""

from __future__ import annotations

from dataclasses import dataclass, replace

from prospectus.app.audit_answers import GradeLine
from prospectus.app.audit_check import Audited, audit_again, is_apart
from prospectus.app.audit_unused import is_kept_out
from prospectus.app.audit_words import labels_of
from prospectus.audit.result import AuditResult, Reason
from prospectus.domain.meaning.judging import standings
from prospectus.domain.plan import NodeVerdict, Standing
from prospectus.domain.record import Attempt, AttemptStatus, Basis, CreditSource
from prospectus.domain.requirement import Gpa

_MOST_GRADES = 8
_BY_GRADE = (Reason.FLOOR, Reason.FAILED, Reason.NO_CREDIT)


def grade_lines(found: Audited) -> tuple[GradeLine, ...]:
    """Return, for each attempt that is graded too low for something, what more would have done."""
    if not found.result.is_proven:
        return ()
    lines = (grade_line(found, attempt) for attempt in _graded_too_low(found)[:_MOST_GRADES])
    return tuple(line for line in lines if line is not None)


def _graded_too_low(found: Audited) -> list[Attempt]:
    """Return the attempts that their grade keeps out of something, or that weigh on a mean."""
    out = {one.attempt for one in found.result.unused if one.reason in _BY_GRADE}
    lacking = {one.node for one in found.result.missing}
    leaves = [leaf for leaf in found.holding.leaves() if leaf.header.id in lacking]
    standings = {node.node: node.standing for node in found.verdict.nodes}
    means = [
        node
        for node in (*found.holding.active.values(), *found.resolved.rules)
        if isinstance(node, Gpa) and standings.get(node.header.id, Standing.MET) < Standing.PLANNED
    ]
    best = found.resolved.scale.grades[0].name
    return [
        attempt
        for attempt in found.record.attempts
        if attempt.grade not in (None, best)
        and attempt.basis is Basis.LETTER
        and attempt.source is CreditSource.HOME
        and (attempt.id in out or means or any(is_kept_out(found, attempt, x) for x in leaves))
    ]


def grade_line(found: Audited, attempt: Attempt) -> GradeLine | None:
    """Return the least better grade that would have changed something; None where none would."""
    scale, labels = found.resolved.scale, labels_of(found.resolved)
    rank, before = scale.rank(attempt.grade or ""), found.result.credits_left
    if rank is None:
        return None
    asked, latest = found, attempt
    for grade in reversed(scale.grades[:rank]):
        if not grade.earns or grade.points is None:
            continue
        better = replace(attempt, grade=grade.name, status=AttemptStatus.PASSED)
        after = _with_another(asked, latest, better)
        if after is None:
            continue
        if isinstance(after, Audited):
            # what is the same as with this grade is not searched again
            asked, latest = after, better
        gained = _raised(found, after)
        lost = _fallen(found, after)
        left = after.result.credits_left
        # what one requirement gains and another loses, with as much left, is no change
        if left == before and (lost or not gained):
            continue
        return GradeLine(
            attempt=attempt.id,
            course=str(attempt.course),
            grade=str(attempt.grade),
            better=grade.name,
            credits_left=left,
            before=before,
            gained=tuple(labels.get(node, node) for node in gained),
            lost=tuple(labels.get(node, node) for node in lost),
            is_proven=after.result.is_proven,
        )
    return None


def _with_another(found: Audited, attempt: Attempt, better: Attempt) -> Audited | _Judged | None:
    """Return the audit with another attempt in the place of one; None where it is the same.

    Where the attempt is alike to every rule of courses, only means and what was attempted may
    stand otherwise, so that the answer at hand is judged anew.
    """
    # The engine is loaded by this command alone.
    from prospectus.audit.regrade import is_alike

    attempts = tuple(better if one.id == attempt.id else one for one in found.record.attempts)
    record = replace(found.record, attempts=attempts)
    conferral, pair = found.result.witness.conferral, (attempt, better)
    if not is_alike(found.resolved, found.record, found.today, conferral, found.choices, pair):
        return audit_again(found, record=record, conferral=conferral)
    every = (*found.holding.active.values(), *found.resolved.rules)
    apart = {node.header.id for node in every if is_apart(node)}
    if all(one.standing is Standing.MET for one in found.verdict.nodes if one.node in apart):
        return None
    nodes = standings(found.resolved, record, found.result.witness, found.today)
    return _Judged(result=found.result, nodes=nodes)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    """An answer that holds for another record too, and how the nodes stand there."""

    result: AuditResult
    nodes: tuple[NodeVerdict, ...]


def _nodes(found: Audited | _Judged) -> tuple[NodeVerdict, ...]:
    return found.nodes if isinstance(found, _Judged) else found.verdict.nodes


def _raised(before: Audited | _Judged, after: Audited | _Judged) -> tuple[str, ...]:
    """Return the nodes that stand met after and did not before."""
    old = {one.node for one in _nodes(before) if one.standing is Standing.MET}
    return tuple(
        str(one.node)
        for one in _nodes(after)
        if one.standing is Standing.MET and one.node not in old
    )


def _fallen(before: Audited | _Judged, after: Audited | _Judged) -> tuple[str, ...]:
    """Return the nodes that had all they ask before, at least planned, and have it no longer."""
    new = {one.node: one.standing for one in _nodes(after)}
    return tuple(
        str(one.node)
        for one in _nodes(before)
        if one.standing >= Standing.PLANNED > new.get(one.node, Standing.MET)
    )
