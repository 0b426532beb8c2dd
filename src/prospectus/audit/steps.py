"""Which single course completes most: what would be left once it is taken."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from prospectus.audit.alike import Alike
from prospectus.audit.problem import (
    Problem,
    problem_of,
    touching,
    with_one_more,
)
from prospectus.audit.result import AuditResult, Step
from prospectus.audit.rules import rules_of
from prospectus.audit.solve import audit_of
from prospectus.audit.swaps import Swapped, Swaps
from prospectus.audit.ways import board_of
from prospectus.domain.course import CourseCode
from prospectus.domain.program import Resolved
from prospectus.domain.record import Attempt, AttemptStatus, Record

STEPS = 20_000
"""How far each course is searched."""


def next_steps(
    resolved: Resolved,
    record: Record,
    today: dt.date,
    result: AuditResult,
    *,
    choices: Mapping[str, str] | None = None,
) -> tuple[Step, ...]:
    """Return each course that is missing somewhere with what is left once it is taken.

    The one that completes most comes first: the fewest credits left, the most nodes completed,
    then code order. Of courses that are alike to every rule that binds here only the first is
    asked about, and the others follow with its answer: nothing but the order of codes, by which
    the canonical answer breaks ties, tells them apart. Empty where nothing is missing or nothing
    completes.
    """
    if result.credits_left is None:
        return ()
    conferral = result.witness.conferral
    problem = problem_of(rules_of(resolved, record), record, today, conferral)
    wanted = {code for missing in result.missing for code in missing.one_of}
    lacking = {missing.node for missing in result.missing}
    steps: list[Step] = []
    touched = touching(problem)
    swaps = Swaps(board_of(problem, result), result)
    for codes in alike_courses(problem, wanted, choices or {}, touched):
        taken, more = _with(problem, codes[0])
        if codes[0] in touched:
            ready, swapped = problem_of(problem.rules, more, today, conferral), None
        else:
            ready = with_one_more(problem, taken, more)
            swapped = _swapped(swaps, ready, taken)
        if swapped is not None:
            left = Fraction(swapped.units, problem.rules.unit)
            steps += [
                Step(course=code, credits_left=left, completes=swapped.completes) for code in codes
            ]
            continue
        after = audit_of(ready, choices=choices, conferral=conferral, steps=STEPS)
        if after.credits_left is None:
            continue
        open_ = {missing.node for missing in after.missing}
        completed = tuple(
            state.node for state in after.nodes if state.node in lacking and state.node not in open_
        )
        steps += [
            Step(
                course=code,
                credits_left=after.credits_left,
                completes=completed,
                is_proven=after.is_proven,
            )
            for code in codes
        ]
    return tuple(sorted(steps, key=lambda s: (s.credits_left, -len(s.completes), s.course)))


def _swapped(swaps: Swaps, ready: Problem, taken: Attempt) -> Swapped | None:
    """Return what the completion at hand says of a course; None where that is not certain."""
    if not swaps.is_possible:
        return None
    use = next(entry for entry in ready.uses if entry.id == taken.id)
    return swaps.taken(taken.course, use)


def _with(problem: Problem, code: CourseCode) -> tuple[Attempt, Record]:
    """Return a course planned for the day judged, and the record with it."""
    course = problem.rules.resolved.courses[code]
    taken = Attempt(
        id=f"next:{code}",
        course=code,
        credits=course.credits_low,
        status=AttemptStatus.PLANNED,
        delivery=course.delivery,
        ended=problem.reading.conferral,
    )
    return taken, replace(problem.record, attempts=(*problem.record.attempts, taken))


def alike_courses(
    problem: Problem,
    wanted: set[CourseCode],
    choices: Mapping[str, str],
    touched: frozenset[CourseCode],
) -> Iterator[tuple[CourseCode, ...]]:
    """Yield the courses wanted, those together that are alike to every rule of some scope.

    `touched` are those that may change what others are: each stands alone.
    """
    alike = Alike(problem.rules, choices)
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
