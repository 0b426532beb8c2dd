"""What would change an audit: the next course, a better grade; and how many ways are left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from prospectus.app.audit_answers import GradeLine, StepLine, WaysLine
from prospectus.app.audit_check import Audited, audit_again
from prospectus.app.audit_lines import is_kept_out
from prospectus.app.audit_words import labels_of, next_runs
from prospectus.audit.result import Reason
from prospectus.domain.course import CourseCode
from prospectus.domain.plan import Standing
from prospectus.domain.record import Attempt, AttemptStatus, Basis, CreditSource
from prospectus.domain.requirement import Gpa

MOST_STEPS = 5
_MOST_TRIED = 12
_MOST_GRADES = 8
_BY_GRADE = (Reason.FLOOR, Reason.FAILED, Reason.NO_CREDIT)


def step_lines(found: Audited) -> tuple[StepLine, ...]:
    """Return the single courses that complete most, the best first.

    A course cannot take away more than its own credits, as each of the cheapest completion does;
    so those are tried, and others that fit where few do.
    """
    if found.result.credits_left in (None, 0) or not found.result.is_proven:
        return ()
    labels, lines = labels_of(found.resolved), []
    for code in _candidates(found):
        after = _with_course(found, code)
        if after.result.credits_left is None:
            continue
        runs = next_runs((code,), found.resolved, found.today)
        lines.append(
            StepLine(
                course=str(code),
                title=found.resolved.courses[code].title,
                credits_left=after.result.credits_left,
                completes=tuple(labels.get(node, node) for node in _completed(found, after)),
                next_run=runs[0] if runs else None,
            )
        )
    lines.sort(key=lambda line: (line.credits_left, -len(line.completes), line.course))
    telling = [line for line in lines if line.completes] or lines
    return tuple(telling[:MOST_STEPS])


def _candidates(found: Audited) -> list[CourseCode]:
    """Return the courses of the cheapest completion, then others where few fit."""
    chosen = [item.course for item in found.result.witness.completion]
    few = [one.one_of for one in found.result.missing if len(one.one_of) <= _MOST_TRIED]
    others = [code for codes in few for code in codes]
    return list(dict.fromkeys([*chosen, *others]))[:_MOST_TRIED]


def _with_course(found: Audited, code: CourseCode) -> Audited:
    attempt = Attempt(
        id=f"step: {code}",
        course=code,
        credits=found.resolved.courses[code].credits_low,
        status=AttemptStatus.PLANNED,
    )
    record = replace(found.record, attempts=(*found.record.attempts, attempt))
    return audit_again(found, record=record, conferral=found.conferral)


def _completed(before: Audited, after: Audited) -> tuple[str, ...]:
    """Return the requirements that lacked courses before and do not after."""
    lacked = [str(one.node) for one in before.result.missing]
    still = {str(one.node) for one in after.result.missing}
    active = {str(state.node) for state in after.result.nodes}
    return tuple(node for node in lacked if node in active - still)


def grade_lines(found: Audited) -> tuple[GradeLine, ...]:
    """Return, for each attempt that is graded too low for something, what more would have done."""
    if not found.result.is_proven:
        return ()
    lines = []
    for attempt in _graded_too_low(found)[:_MOST_GRADES]:
        line = next(_changes(found, attempt), None)
        if line is not None:
            lines.append(line)
    return tuple(lines)


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


def _changes(found: Audited, attempt: Attempt) -> Iterator[GradeLine]:
    """Yield what each better grade would have changed, the least grade first."""
    scale, labels = found.resolved.scale, labels_of(found.resolved)
    rank, before = scale.rank(attempt.grade or ""), found.result.credits_left
    if rank is None:
        return
    for grade in reversed(scale.grades[:rank]):
        if not grade.earns or grade.points is None:
            continue
        better = replace(attempt, grade=grade.name, status=AttemptStatus.PASSED)
        others = found.record.attempts
        attempts = tuple(better if one.id == attempt.id else one for one in others)
        record = replace(found.record, attempts=attempts)
        after = audit_again(found, record=record)
        gained, lost = _raised(found, after), _raised(after, found)
        if after.result.credits_left == before and not gained:
            continue
        yield GradeLine(
            attempt=attempt.id,
            course=str(attempt.course),
            grade=str(attempt.grade),
            better=grade.name,
            credits_left=after.result.credits_left,
            before=before,
            gained=tuple(labels.get(node, node) for node in gained),
            lost=tuple(labels.get(node, node) for node in lost),
        )


def _raised(before: Audited, after: Audited) -> tuple[str, ...]:
    """Return the nodes that stand met after and did not before."""
    old = {node.node for node in before.verdict.nodes if node.standing is Standing.MET}
    return tuple(
        str(node.node)
        for node in after.verdict.nodes
        if node.standing is Standing.MET and node.node not in old
    )


def ways_line(found: Audited) -> WaysLine | None:
    """Return how many cheapest sets of courses complete the degree, where the engine counts."""
    return None
