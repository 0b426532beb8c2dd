"""Which approvals a plan leans on, of those that nobody has granted yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from prospectus.catalogs.parts import expressions_in, nodes_in, selectors_in
from prospectus.domain.expression import Approval, Approved, Expression, InSet, Selector
from prospectus.domain.meaning.matching import matches
from prospectus.domain.meaning.setting import Setting
from prospectus.domain.plan import Verdict, Witness
from prospectus.domain.program import Resolved
from prospectus.domain.record import Record
from prospectus.domain.requirement import Fill
from prospectus.domain.rule import Gate


def approvals_used(
    resolved: Resolved,
    record: Record,
    witness: Witness,
    verdict: Verdict,
    waiting: tuple[str, ...],
    today: dt.date,
) -> tuple[str, ...]:
    """Return those of the approvals waited for by which the plan holds; all where none is found.

    A leaf needs one for a course that nothing else in it admits; a prerequisite or a gate where
    the verdict says that it is not yet certain.
    """
    if not waiting:
        return ()
    found = {
        *_by_leaves(resolved, record, witness, today),
        *_by_conditions(resolved, record, verdict),
    } & set(waiting)
    return tuple(sorted(found)) or waiting


def _by_leaves(
    resolved: Resolved, record: Record, witness: Witness, today: dt.date
) -> Iterator[str]:
    setting = Setting(resolved, record, today)
    attempts = {attempt.id: attempt for attempt in record.attempts}
    leaves = {node.header.id: node for node in nodes_in(resolved.tree) if isinstance(node, Fill)}
    for placement in witness.placements:
        leaf, attempt = leaves.get(placement.leaf), attempts.get(placement.attempt)
        if leaf is None or attempt is None:
            continue
        use = setting.use(attempt)
        if matches(leaf.from_, use, setting) is True:
            continue
        for part in _parts(leaf.from_, resolved.sets):
            if isinstance(part, Approved) and matches(part.of, use, setting) is not False:
                yield part.approval


def _parts(selector: Selector, sets: Mapping[str, Selector]) -> Iterator[Selector]:
    """Yield a selector and all inside it, through the sets that it names."""
    stack, seen = [selector], set[str]()
    while stack:
        for part in selectors_in(stack.pop()):
            yield part
            if isinstance(part, InSet) and part.name in sets and part.name not in seen:
                seen.add(part.name)
                stack.append(sets[part.name])


def _by_conditions(resolved: Resolved, record: Record, verdict: Verdict) -> Iterator[str]:
    unsure = {note.rule for note in verdict.notes}
    for attempt in record.attempts:
        course = resolved.courses.get(attempt.course)
        if course is not None and f"requisite {course.code}" in unsure:
            yield from _named(course.requisite)
    for rule in resolved.rules:
        if isinstance(rule, Gate) and str(rule.header.id) in unsure:
            yield from _named(rule.needs)


def _named(expression: Expression | None) -> Iterator[str]:
    for part in expressions_in(expression) if expression is not None else ():
        if isinstance(part, Approval):
            yield part.who
