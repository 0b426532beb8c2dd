"""What would change an audit: the next course, a better grade; and how many ways are left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from prospectus.app.audit_answers import GradeLine, MissingLine, StepLine, WaysLine
from prospectus.app.audit_check import MOST_SEARCHED, Audited, audit_again
from prospectus.app.audit_lines import is_kept_out
from prospectus.app.audit_words import labels_of, next_runs
from prospectus.app.words import count
from prospectus.audit.result import Reason
from prospectus.domain.meaning.holding import active_measures
from prospectus.domain.meaning.matching import matches
from prospectus.domain.meaning.sizes import amount, bound_of
from prospectus.domain.plan import Standing
from prospectus.domain.record import Attempt, AttemptStatus, Basis, CreditSource
from prospectus.domain.requirement import Bound, Gpa, Over

MOST_STEPS = 5
_COUNT_STEPS = 4_000
_MOST_GRADES = 8
_BY_GRADE = (Reason.FLOOR, Reason.FAILED, Reason.NO_CREDIT)


def with_measures(lines: Sequence[MissingLine], found: Audited) -> tuple[MissingLine, ...]:
    """Return what is missing, with the leasts that no part of it would reach by itself.

    What a least lacks beyond the parts that meet it whatever is taken is asked of the widest part.
    """
    if found.result.credits_left is None:
        return tuple(lines)
    told = list(lines)
    for measure, text in _lacking(found):
        places = [
            place for place, line in enumerate(told) if any(code in measure for code in line.one_of)
        ]
        if places:
            widest = max(places, key=lambda place: len(told[place].one_of))
            line = told[widest]
            told[widest] = replace(line, text=f"{line.text}; {text}")
    return tuple(told)


def _lacking(found: Audited) -> Iterator[tuple[frozenset[str], str]]:
    """Yield, for each least in credits not reached, the courses that count for it and the words."""
    holding, setting, courses = found.holding, found.setting, found.resolved.courses
    labels = labels_of(found.resolved)
    for measure, above in active_measures(holding):
        if measure.bound is not Bound.AT_LEAST or measure.over is not Over.APPLIED:
            continue
        if measure.credits is None or measure.within or measure.distinct or measure.per:
            continue
        on_record = [item for item in holding.applied() if not item.use.hypothetical]
        total = holding.total_of(above)[1] or Fraction(0)
        lack = bound_of(measure, total) - amount(measure, on_record, setting)
        fitting = {
            code
            for code in courses
            if matches(measure.of, setting.hypothetical(code), setting) is True
        }
        for one in found.result.missing:
            if holding.is_below(one.node, above) and fitting.issuperset(one.one_of):
                lack -= sum((courses[code].credits_low for code in one.chosen), Fraction(0))
        if lack > 0 and fitting:
            label = labels.get(str(measure.header.id), str(measure.header.id))
            yield (
                frozenset(str(code) for code in fitting),
                f"at least {count(lack, 'credit')} of them must count for '{label}'",
            )


def step_lines(found: Audited) -> tuple[StepLine, ...]:
    """Return the single courses that complete most, the best first."""
    if found.result.credits_left in (None, 0) or not found.result.is_proven:
        return ()
    if found.result.searched > MOST_SEARCHED:
        return ()
    # The engine is loaded by this command alone.
    from prospectus.audit.explain import next_steps

    steps = next_steps(
        found.resolved, found.record, found.today, found.result, choices=found.choices
    )
    labels = labels_of(found.resolved)
    lines = []
    for step in [one for one in steps if one.completes][:MOST_STEPS] or steps[:MOST_STEPS]:
        runs = next_runs((step.course,), found.resolved, found.today)
        lines.append(
            StepLine(
                course=str(step.course),
                title=found.resolved.courses[step.course].title,
                credits_left=step.credits_left,
                completes=tuple(labels.get(str(node), str(node)) for node in step.completes),
                next_run=runs[0] if runs else None,
            )
        )
    return tuple(lines)


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
    """Return how many cheapest sets of courses complete the degree; None where none does."""
    if found.result.credits_left in (None, 0) or not found.result.is_proven:
        return None
    from prospectus.audit.explain import MOST_WAYS, ways_left

    ways = ways_left(found.resolved, found.record, found.today, found.result, steps=_COUNT_STEPS)
    if ways.is_exact:
        return WaysLine(count=ways.count, is_exact=True)
    # where the count stopped depends on how it was made; beyond the bound it says no more
    return WaysLine(count=min(ways.count, MOST_WAYS), is_exact=False)
