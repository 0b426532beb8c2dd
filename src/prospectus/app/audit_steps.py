"""What would change an audit: the next course; and how many ways are left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from prospectus.app.audit_answers import MissingLine, StepLine, WaysLine
from prospectus.app.audit_check import MOST_SEARCHED, Audited
from prospectus.app.audit_missing import next_runs
from prospectus.app.audit_words import labels_of
from prospectus.app.words import count
from prospectus.domain.meaning.holding import active_measures
from prospectus.domain.meaning.matching import matches
from prospectus.domain.meaning.sizes import amount, bound_of
from prospectus.domain.requirement import Bound, Over

MOST_STEPS = 5
_COUNT_STEPS = 4_000


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
        if lack <= 0:
            continue
        fitting = {
            code
            for code in courses
            if matches(measure.of, setting.hypothetical(code), setting) is True
        }
        for one in found.result.missing:
            if holding.is_below(one.node, above) and fitting.issuperset(one.one_of):
                more = dict(one.credits_of)
                lack -= sum((more.get(c, courses[c].credits_low) for c in one.chosen), Fraction(0))
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
