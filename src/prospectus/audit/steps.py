"""Which single course completes most: what would be left once it is taken."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from prospectus.audit.alike import alike_of
from prospectus.audit.boards import board_of
from prospectus.audit.problem import (
    Problem,
    is_one_more,
    one_more,
    problem_of,
    touching,
    with_one_more,
)
from prospectus.audit.result import AuditResult, Step
from prospectus.audit.rules import rules_of
from prospectus.audit.solve import audit_of
from prospectus.audit.swaps import Swapped, Swaps
from prospectus.domain.course import CourseCode
from prospectus.domain.program import Resolved
from prospectus.domain.record import Attempt, Record
from prospectus.domain.requirement import NodeId

STEPS = 20_000
"""How far each course is searched."""


def next_steps(
    resolved: Resolved,
    record: Record,
    today: dt.date,
    result: AuditResult,
    *,
    choices: Mapping[str, str] | None = None,
    most: int | None = None,
) -> tuple[Step, ...]:
    """Return each course that is missing somewhere with what is left once it is taken.

    The one that completes most comes first: the fewest credits left, the most nodes completed,
    then code order. Of courses that are alike to every rule that binds here only the first is
    asked about, and the others follow with its answer: nothing but the order of codes, by which
    the canonical answer breaks ties, tells them apart. Empty where nothing is missing or nothing
    completes. At `most` so many are returned, where any completes something of those alone.
    """
    if result.credits_left is None:
        return ()
    conferral = result.witness.conferral
    problem = problem_of(rules_of(resolved, record), record, today, conferral)
    wanted = {code for missing in result.missing for code in missing.one_of}
    lacking = {missing.node for missing in result.missing}
    # the units left, less of them first, then what is completed, then the code
    found: list[tuple[int, int, CourseCode, Fraction, tuple[NodeId, ...], bool]] = []
    touched = touching(problem)
    swaps = Swaps(board_of(problem, result), result)
    for codes in alike_courses(problem, wanted, choices or {}, touched):
        taken = _taken(problem, codes[0])
        ready: Problem | None = None
        if codes[0] in touched:
            ready = problem_of(problem.rules, _with(problem, taken), today, conferral)
        is_apart = ready is None or is_one_more(ready, problem, taken)
        swapped = _swapped(swaps, problem, taken) if is_apart else None
        if swapped is not None:
            units, completes = swapped.units, swapped.completes
            left = Fraction(units, problem.rules.unit)
            found += [(units, -len(completes), code, left, completes, True) for code in codes]
            continue
        if ready is None:
            ready = with_one_more(problem, taken, _with(problem, taken))
        after = audit_of(ready, choices=choices, conferral=conferral, steps=STEPS)
        if after.credits_left is None:
            continue
        open_ = {missing.node for missing in after.missing}
        completed = tuple(
            state.node for state in after.nodes if state.node in lacking and state.node not in open_
        )
        left, proven = after.credits_left, after.is_proven
        units = left.numerator * problem.rules.unit // left.denominator
        found += [(units, -len(completed), code, left, completed, proven) for code in codes]
    found.sort()
    if most is not None:
        found = [one for one in found if one[4]][:most] or found[:most]
    return tuple(
        Step(course=code, credits_left=left, completes=completes, is_proven=is_proven)
        for _, _, code, left, completes, is_proven in found
    )


def _swapped(swaps: Swaps, problem: Problem, taken: Attempt) -> Swapped | None:
    """Return what the completion at hand says of a course; None where that is not certain."""
    if not swaps.is_possible:
        return None
    return swaps.taken(taken.course, one_more(problem, taken))


def _taken(problem: Problem, code: CourseCode) -> Attempt:
    """Return a course planned for the day judged; the same object for the same day."""
    return problem.rules.reader.planned_on(code, problem.reading.conferral)


def _with(problem: Problem, taken: Attempt) -> Record:
    return replace(problem.record, attempts=(*problem.record.attempts, taken))


def alike_courses(
    problem: Problem,
    wanted: set[CourseCode],
    choices: Mapping[str, str],
    touched: frozenset[CourseCode],
) -> Iterator[tuple[CourseCode, ...]]:
    """Yield the courses wanted, those together that are alike to every rule of some scope.

    `touched` are those that may change what others are: each stands alone.
    """
    alike = alike_of(problem.rules, choices)
    groups: dict[object, list[CourseCode]] = {}
    for entry in problem.courses:
        if entry.credits is not None:
            # what is taken is taken with its least credits
            continue
        key = alike.entry(entry)
        for code in entry.codes:
            if code in wanted:
                apart = code if code in touched else None
                groups.setdefault((key, entry.twins, apart), []).append(code)
    for codes in groups.values():
        yield tuple(sorted(codes))
