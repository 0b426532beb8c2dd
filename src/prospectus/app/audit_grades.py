"""What a better grade would have changed: attempts that their grade stops at something."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from prospectus.app.audit_answers import GradeLine
from prospectus.app.audit_check import Audited, is_apart, recheck
from prospectus.app.audit_unused import is_kept_out
from prospectus.app.audit_words import labels_of
from prospectus.audit.result import AuditResult, Reason
from prospectus.domain.meaning.holding import Holding
from prospectus.domain.meaning.judging import standings
from prospectus.domain.meaning.means import averaged, mean_verdict
from prospectus.domain.meaning.setting import Setting
from prospectus.domain.plan import NodeVerdict, Standing
from prospectus.domain.record import Attempt, AttemptStatus, Basis, CreditSource, Record
from prospectus.domain.requirement import Gpa, Milestone, Node, Over
from prospectus.domain.rule import Rule

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
    result, latest = found.result, attempt
    asked = found.record
    for grade in reversed(scale.grades[:rank]):
        if not grade.earns or grade.points is None:
            continue
        better = replace(attempt, grade=grade.name, status=AttemptStatus.PASSED)
        record = _with(asked, better)
        is_same = _is_alike(found, asked, result, (latest, better))
        if not is_same:
            # what is the same as with this grade is not searched again
            result, asked, latest = _searched(found, record, result), record, better
        left = result.credits_left
        if left == before and _brings_nothing(found, result, record):
            continue
        if is_same:
            nodes = standings(found.resolved, record, result.witness, found.today)
        else:
            # what is shown is held against the definition of the rules
            again = recheck(found.resolved, record, found.today, result, found.choices)
            nodes = again.verdict.nodes
        gained = _raised(found.verdict.nodes, nodes)
        lost = _fallen(found.verdict.nodes, nodes)
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
            is_proven=result.is_proven,
        )
    return None


def _with(record: Record, better: Attempt) -> Record:
    attempts = tuple(better if one.id == better.id else one for one in record.attempts)
    return replace(record, attempts=attempts)


def _searched(found: Audited, record: Record, before: AuditResult) -> AuditResult:
    """Return the engine's answer for another record, on the day that was judged."""
    # The engine is loaded by this command alone.
    from prospectus.audit.conferring import audit_to_come

    return audit_to_come(
        found.resolved,
        record,
        found.today,
        choices=found.choices,
        conferral=before.witness.conferral,
        seconds=found.seconds,
    )


def _is_alike(
    found: Audited, record: Record, result: AuditResult, pair: tuple[Attempt, Attempt]
) -> bool:
    """Return whether an attempt with another grade is the same to every rule of courses."""
    from prospectus.audit.regrade import is_alike

    day, bought = result.witness.conferral, (item.course for item in result.witness.completion)
    return is_alike(
        found.resolved, record, found.today, day, found.choices, pair, frozenset(bought)
    )


def _brings_nothing(found: Audited, result: AuditResult, record: Record) -> bool:
    """Return whether no node stands met that did not before: neither by courses nor by a mean."""
    before = {one.node: one.standing for one in found.result.nodes}
    if before.keys() != {one.node for one in result.nodes}:
        return False
    if any(one.standing is Standing.MET is not before[one.node] for one in result.nodes):
        return False
    stood = {one.node: one.standing for one in found.verdict.nodes}
    waiting = [
        node
        for node in (*found.holding.active.values(), *found.resolved.rules)
        if is_apart(node) and stood[node.header.id] is not Standing.MET
    ]
    if not waiting:
        return True
    holding = replace(found.holding, setting=Setting(found.resolved, record, found.today))
    return not any(_may_rise(holding, node) for node in waiting)


def _may_rise(holding: Holding, node: Node | Rule) -> bool:
    """Return whether what the search leaves aside may stand met with these grades."""
    if isinstance(node, Milestone):
        # it has no grades
        return False
    repeats = holding.setting.resolved.program.record_rules.repeats
    if not isinstance(node, Gpa) or node.over is not Over.ATTEMPTED:
        return True
    if repeats is not None and repeats.mean_uses_all is False:
        # which attempts are in the mean is read off what is used
        return True
    if any(use.attempt.is_open and use.attempt.grade is None for use in averaged(holding, node)):
        # a mean stands no better than what is under way
        return False
    return mean_verdict(holding, node).standing is Standing.MET


def _raised(before: Sequence[NodeVerdict], after: Sequence[NodeVerdict]) -> tuple[str, ...]:
    """Return the nodes that stand met after and did not before."""
    old = {one.node for one in before if one.standing is Standing.MET}
    return tuple(
        str(one.node) for one in after if one.standing is Standing.MET and one.node not in old
    )


def _fallen(before: Sequence[NodeVerdict], after: Sequence[NodeVerdict]) -> tuple[str, ...]:
    """Return the nodes that had all they ask before, at least planned, and have it no longer."""
    new = {one.node: one.standing for one in after}
    return tuple(
        str(one.node)
        for one in before
        if one.standing >= Standing.PLANNED > new.get(one.node, Standing.MET)
    )
