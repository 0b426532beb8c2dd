"""What would change an audit: the next course; and how many ways are left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from prospectus.app.audit_answers import MissingLine, StepLine, WaysLine
from prospectus.app.audit_check import MOST_SEARCHED, Audited
from prospectus.app.audit_kept import kept
from prospectus.app.audit_missing import next_runs
from prospectus.app.audit_words import labels_of
from prospectus.app.words import count
from prospectus.domain.course import CourseCode
from prospectus.domain.meaning.holding import active_measures
from prospectus.domain.meaning.matching import matches
from prospectus.domain.meaning.sizes import amount, bound_of
from prospectus.domain.program import Resolved
from prospectus.domain.requirement import Bound, Measure, NodeId, Over

MOST_STEPS = 5
_COUNT_STEPS = 7_000
_NO_REPEATS: frozenset[str] = frozenset()


def with_measures(
    lines: Sequence[MissingLine], found: Audited, again: frozenset[str] = _NO_REPEATS
) -> tuple[MissingLine, ...]:
    """Return what is missing, with the leasts that no part of it would reach by itself.

    What a least lacks beyond the parts that meet it whatever is taken is asked of the one part
    that may do otherwise, or of all that is still to take where several may. The attempts `again`
    are still to take too.
    """
    if found.result.credits_left is None:
        return tuple(lines)
    told = list(lines)
    for least in _lacking(found, again):
        places = [
            place
            for place, line in enumerate(told)
            if any(code in least.courses for code in line.one_of)
        ]
        if places:
            widest = max(places, key=lambda place: len(told[place].one_of))
            line = told[widest]
            is_alone = line.id in least.open_parts and len(least.open_parts) == 1
            whose = "of them" if is_alone else f"of all that is still to take{least.where}"
            credits = count(least.beyond if is_alone else least.lack, "credit")
            text = f"at least {credits} {whose} must count for '{least.label}'"
            told[widest] = replace(line, text=f"{line.text}; {text}")
    return tuple(told)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lacking:
    """A least in credits that is not reached.

    `lack` credits are still to be taken for it, `beyond` of them in the parts that may be filled
    without it, `open_parts`; `courses` count for it.
    """

    label: str
    where: str
    lack: Fraction
    beyond: Fraction
    open_parts: frozenset[str]
    courses: frozenset[str]


def _lacking(found: Audited, again: frozenset[str]) -> Iterator[_Lacking]:
    """Yield each least in credits that what is missing would not reach whatever is taken."""
    holding, setting, courses = found.holding, found.setting, found.resolved.courses
    labels = labels_of(found.resolved)
    root = found.resolved.tree.header.id
    views = {leaf.header.id for leaf in holding.leaves() if not holding.counts(leaf)}
    for measure, above in active_measures(holding):
        if measure.bound is not Bound.AT_LEAST or measure.over is not Over.APPLIED:
            continue
        if measure.credits is None or measure.within or measure.distinct or measure.per:
            continue
        on_record = [item for item in holding.applied() if not item.use.hypothetical]
        done = [item for item in on_record if item.use.id not in again]
        total = holding.total_of(above)[1] or Fraction(0)
        lack = bound_of(measure, total) - amount(measure, done, setting)
        beyond = bound_of(measure, total) - amount(measure, on_record, setting)
        fitting = _fitting(found, measure)
        open_parts = set()
        for one in found.result.missing:
            if not holding.is_below(one.node, above) or one.node in views:
                continue
            if fitting.issuperset(one.one_of):
                more = dict(one.credits_of)
                credits = (more.get(c, courses[c].credits_low) for c in one.chosen)
                beyond -= sum(credits, Fraction(0))
            elif not fitting.isdisjoint(one.one_of):
                open_parts.add(str(one.node))
        if beyond > 0 and fitting:
            label = labels.get(str(measure.header.id), str(measure.header.id))
            yield _Lacking(
                label=label,
                where="" if above == root else f" for '{labels.get(str(above), str(above))}'",
                lack=lack,
                beyond=beyond,
                open_parts=frozenset(open_parts),
                courses=frozenset(str(code) for code in fitting),
            )


def _fitting(found: Audited, measure: Measure) -> frozenset[CourseCode]:
    """Return the courses of the catalogue that count for a measure.

    Found once where nobody's approval decides it.
    """
    if found.record.approvals:
        return _selected(found, measure)
    known = kept(found.resolved, _nothing_fits)
    name = measure.header.id
    if name not in known:
        known[name] = _selected(found, measure)
    return known[name]


def _nothing_fits(_: Resolved) -> dict[NodeId, frozenset[CourseCode]]:
    return {}


def _selected(found: Audited, measure: Measure) -> frozenset[CourseCode]:
    setting = found.setting
    return frozenset(
        code
        for code in found.resolved.courses
        if matches(measure.of, setting.hypothetical(code), setting) is True
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
        found.resolved,
        found.record,
        found.today,
        found.result,
        choices=found.choices,
        most=MOST_STEPS,
    )
    labels = labels_of(found.resolved)
    lines = []
    for step in steps:
        runs = next_runs((step.course,), found.resolved, found.today)
        lines.append(
            StepLine(
                course=str(step.course),
                title=found.resolved.courses[step.course].title,
                credits_left=step.credits_left,
                completes=tuple(labels.get(str(node), str(node)) for node in step.completes),
                next_run=runs[0] if runs else None,
                is_proven=step.is_proven,
            )
        )
    return tuple(lines)


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
