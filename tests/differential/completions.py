"""The oracle of reach: every legal schedule with every witness, judged by the definition."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from tests.differential.enumeration import held_by, joined, schedules, witnesses

from prospectus.domain.expression import And, Done, Expression, NOf, Or
from prospectus.domain.meaning import judge
from prospectus.domain.meaning.matching import nodes
from prospectus.domain.plan import Standing, Verdict
from prospectus.domain.program import Resolved
from prospectus.domain.record import Record
from prospectus.domain.requirement import DEGREE_POOL, Fill, Measure
from prospectus.domain.rule import Gate
from prospectus.domain.student import Student


@dataclass(frozen=True, slots=True)
class Completion:
    """The courses of one legal plan, those that its requirements hold, and those that count.

    What counts stands with its credits.
    """

    taken: frozenset[str]
    held: frozenset[str]
    counting: frozenset[tuple[str, Fraction]]


def completions(
    resolved: Resolved, student: Student, record: Record, today: dt.date
) -> Iterator[Completion]:
    """Yield each completion there is, by the courses taken and held, once."""
    by_courses: dict[tuple[object, ...], list[Record]] = {}
    for attempts in schedules(resolved, student, record):
        key = held_by(resolved, attempts)
        by_courses.setdefault(key, []).append(joined(record, attempts))
    seen: set[Completion] = set()
    leaves = {
        node.header.id
        for node in nodes(resolved.tree)
        if isinstance(node, Fill) and resolved.pool_counts.get(node.pool or DEGREE_POOL, True)
    }
    for records in by_courses.values():
        first = records[0]
        of = {attempt.id: (str(attempt.course), attempt.credits) for attempt in first.attempts}
        taken = frozenset(course for course, _ in of.values())
        for witness in witnesses(resolved, student, first, today):
            held = frozenset(of[place.attempt][0] for place in witness.placements)
            counting = frozenset(
                of[place.attempt] for place in witness.placements if place.leaf in leaves
            )
            found = Completion(taken, held, counting)
            if found in seen:
                continue
            if any(_is_plan(resolved, judge(resolved, r, witness, today)) for r in records):
                seen.add(found)
                yield found


def _is_plan(resolved: Resolved, verdict: Verdict) -> bool:
    if not verdict.is_legal or verdict.degree < Standing.PENDING:
        return False
    measures = {rule.header.id for rule in resolved.rules if isinstance(rule, Measure)}
    return not any(
        seen.node in measures and seen.standing is Standing.PENDING for seen in verdict.nodes
    )


def needed(completion: Completion, resolved: Resolved) -> frozenset[str]:
    """Return the courses held, and those taken that a prerequisite of one held names."""
    names = {str(code): _named(course.requisite) for code, course in resolved.courses.items()}
    gated = {
        name for rule in resolved.rules if isinstance(rule, Gate) for name in _named(rule.needs)
    }
    found: set[str] = set()
    stack = list(completion.held)
    while stack:
        for name in names[stack.pop()] | gated:
            if name not in found:
                found.add(name)
                stack += [name] if name in names else []
    return completion.held | (found & completion.taken)


def _named(item: Expression | None) -> frozenset[str]:
    match item:
        case Done():
            return frozenset({item.code})
        case And() | Or() | NOf():
            return frozenset[str]().union(*(_named(part) for part in item.items))
        case _:
            return frozenset()
