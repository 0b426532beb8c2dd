"""Reach against full enumeration: what is in every, some and no legal completion."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest
from tests.differential.completions import Completion, completions, needed
from tests.differential.drawing import TODAY
from tests.differential.generation import generate

from prospectus.domain.course import CourseCode
from prospectus.domain.program import Resolved
from prospectus.domain.record import Record
from prospectus.domain.student import Student, Wishes
from prospectus.planning.reach import Contents, Reach, Reached, reach

CASES_PER_BATCH = 15
QUICK_BATCHES = 2
ALL_BATCHES = 20


def problem(seed: int) -> tuple[Resolved, Student, Record]:
    """Return the rules of a seed for a person who asks nothing, within the drawn deadline."""
    drawn = generate(seed)
    resolved = drawn.resolved
    deadline = drawn.student.wishes.deadline
    student = Student(
        matriculation=drawn.student.matriculation,
        plan_from=drawn.student.plan_from,
        choices=drawn.student.choices,
        wishes=Wishes(hours_per_week=None, hours_are_assumed=False, deadline=deadline),
    )
    return resolved, student, Record(matriculation=student.matriculation)


def contents_of(resolved: Resolved) -> Contents:
    """Return each course as a target of its own, pairs of neighbours, and some shares."""
    codes = sorted(resolved.courses)
    targets = {str(code): frozenset({code}) for code in codes}
    targets |= {f"{a} or {b}": frozenset({a, b}) for a, b in pairwise(codes)}
    return Contents(
        targets=targets,
        shares={code: Fraction(place % 4, 3) for place, code in enumerate(codes) if place % 5 != 4},
    )


def expected(
    target: frozenset[CourseCode],
    sure: list[Completion],
    unsure: list[Completion],
    resolved: Resolved,
) -> Reached:
    codes = {str(code) for code in target}
    if all(one.taken & codes for one in unsure):
        return Reached.GUARANTEED
    if any(needed(one, resolved) & codes for one in sure):
        return Reached.POSSIBLE
    if any(needed(one, resolved) & codes for one in unsure):
        return Reached.IF_RUN
    return Reached.IMPOSSIBLE


def check(seed: int) -> str:
    resolved, student, record = problem(seed)
    assert all(resolved.runs_of(code) for code in resolved.courses)
    anything = replace(student, wishes=replace(student.wishes, min_offering_share=Fraction(0)))
    sure = list(completions(resolved, student, record, TODAY))
    unsure = list(completions(resolved, anything, record, TODAY))
    contents = contents_of(resolved)
    got = reach(resolved, student, record, TODAY, contents)
    assert got.has_plan is bool(sure), f"seed {seed}"
    if not sure:
        return "no plan"
    wanted = {
        name: expected(codes, sure, unsure, resolved) for name, codes in contents.targets.items()
    }
    assert dict(got.states) == wanted, f"seed {seed}: {differences(got, wanted)}"
    for extreme, values in (
        (got.least, [-share for share in shares(sure, contents)]),
        (got.most, shares(sure, contents)),
    ):
        if not values:
            assert extreme is None, f"seed {seed}"
            continue
        assert extreme is not None, f"seed {seed}"
        assert extreme.is_proven, f"seed {seed}"
        assert extreme.value == abs(max(values)), f"seed {seed}"
    untagged = [
        sum((n for code, n in one.counting if code not in contents.shares), Fraction(0)) / total
        for one in sure
        if (total := sum((n for _, n in one.counting), Fraction(0)))
    ]
    found = None if got.unweighed is None else got.unweighed.value
    assert found == max(untagged, default=None), f"seed {seed}"
    return "plan"


def shares(found: list[Completion], contents: Contents) -> list[Fraction]:
    """Return the weighed part of what counts and is known, per completion that has any."""
    result = []
    for one in found:
        known = [
            (contents.shares[CourseCode(c)], n) for c, n in one.counting if c in contents.shares
        ]
        whole = sum((n for _, n in known), Fraction(0))
        if whole:
            result.append(sum((share * n for share, n in known), Fraction(0)) / whole)
    return result


def differences(got: Reach, wanted: dict[str, Reached]) -> list[str]:
    return [
        f"{name}: {got.states[name].value}, by enumeration {state.value}"
        for name, state in wanted.items()
        if got.states[name] is not state
    ]


def run_batch(batch: int, record_property: Callable[[str, object], None]) -> None:
    answers = Counter(
        check(seed) for seed in range(batch * CASES_PER_BATCH, (batch + 1) * CASES_PER_BATCH)
    )
    record_property("reach answers", dict(answers))
    assert answers["plan"] >= CASES_PER_BATCH / 4, answers


@pytest.mark.parametrize("batch", range(QUICK_BATCHES))
def test_reach_matches_enumeration(
    batch: int, record_property: Callable[[str, object], None]
) -> None:
    run_batch(batch, record_property)


@pytest.mark.slow
@pytest.mark.parametrize("batch", range(QUICK_BATCHES, ALL_BATCHES))
def test_reach_matches_enumeration_at_length(
    batch: int, record_property: Callable[[str, object], None]
) -> None:
    run_batch(batch, record_property)
