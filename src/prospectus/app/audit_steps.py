"""What would change an audit: the next course, a better grade; and how many ways are left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from prospectus.app.audit_answers import GradeLine, StepLine, WaysLine
from prospectus.app.audit_check import Audited, run_audit
from prospectus.app.audit_words import labels_of, next_runs
from prospectus.audit.result import Reason
from prospectus.domain.course import CourseCode
from prospectus.domain.record import Attempt, AttemptStatus, Basis

MOST_STEPS = 5
_MOST_TRIED = 40
_BY_GRADE = (Reason.FLOOR, Reason.FAILED, Reason.NO_CREDIT)


def step_lines(found: Audited) -> tuple[StepLine, ...]:
    """Return the single courses that complete most, the best first."""
    if found.result.credits_left in (None, 0):
        return ()
    labels, lines = labels_of(found.resolved), []
    for code in _candidates(found):
        after = _with_course(found, code)
        if after.result.credits_left is None:
            continue
        course = found.resolved.courses[code]
        runs = next_runs((code,), found.resolved, found.today)
        lines.append(
            StepLine(
                course=str(code),
                title=course.title,
                credits_left=after.result.credits_left,
                completes=tuple(labels.get(node, node) for node in _gained(found, after)),
                next_run=runs[0] if runs else None,
            )
        )
    lines.sort(key=lambda line: (line.credits_left, -len(line.completes), line.course))
    telling = [line for line in lines if line.completes] or lines
    return tuple(telling[:MOST_STEPS])


def _candidates(found: Audited) -> list[CourseCode]:
    """Return the courses of the cheapest completion, then others that fit what is missing."""
    chosen = [item.course for item in found.result.witness.completion]
    others = [code for missing in found.result.missing for code in missing.one_of]
    return list(dict.fromkeys([*chosen, *others]))[:_MOST_TRIED]


def _with_course(found: Audited, code: CourseCode) -> Audited:
    attempt = Attempt(
        id=f"step: {code}",
        course=code,
        credits=found.resolved.courses[code].credits_low,
        status=AttemptStatus.PLANNED,
    )
    record = replace(found.record, attempts=(*found.record.attempts, attempt))
    return run_audit(found.resolved, record, found.today, found.choices, found.conferral)


def _gained(before: Audited, after: Audited) -> tuple[str, ...]:
    """Return the requirements that lacked courses before and do not after."""
    lacked = {str(one.node) for one in before.result.missing}
    return tuple(
        str(state.node)
        for state in after.result.nodes
        if str(state.node) in lacked
        and str(state.node) not in {str(one.node) for one in after.result.missing}
    )


def grade_lines(found: Audited) -> tuple[GradeLine, ...]:
    """Return for each attempt that its grade kept out the least better grade that changes much."""
    attempts = {attempt.id: attempt for attempt in found.record.attempts}
    lines = []
    for unused in found.result.unused:
        attempt = attempts[unused.attempt]
        if unused.reason not in _BY_GRADE or attempt.grade is None:
            continue
        line = next(_changes(found, attempt), None)
        if line is not None:
            lines.append(line)
    return tuple(lines)


def _changes(found: Audited, attempt: Attempt) -> Iterator[GradeLine]:
    """Yield what each better grade would have changed, the least grade first."""
    scale = found.resolved.scale
    rank = scale.rank(attempt.grade or "")
    if rank is None or attempt.basis is not Basis.LETTER or scale.grades[rank].points is None:
        return
    labels = labels_of(found.resolved)
    before = found.result.credits_left
    for grade in reversed(scale.grades[:rank]):
        if not grade.earns or grade.points is None:
            continue
        better = replace(attempt, grade=grade.name, status=AttemptStatus.PASSED)
        record = replace(
            found.record,
            attempts=tuple(
                better if one.id == attempt.id else one for one in found.record.attempts
            ),
        )
        after = run_audit(found.resolved, record, found.today, found.choices)
        gained = [node for node in after.result.met if node not in found.result.met]
        lost = [node for node in found.result.met if node not in after.result.met]
        if after.result.credits_left == before and not gained:
            continue
        yield GradeLine(
            attempt=attempt.id,
            course=str(attempt.course),
            grade=str(attempt.grade),
            better=grade.name,
            credits_left=after.result.credits_left,
            before=before,
            gained=tuple(labels.get(str(node), str(node)) for node in gained),
            lost=tuple(labels.get(str(node), str(node)) for node in lost),
        )


def ways_line(found: Audited) -> WaysLine | None:
    """Return how many cheapest sets of courses complete the degree, where the engine counts."""
    return None
