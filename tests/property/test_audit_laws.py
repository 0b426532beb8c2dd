"""Laws of the audit on drawn rules: order, one more use, exceptions."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction

import pytest
from tests.degrees import TODAY
from tests.differential.audit_drawing import Case, draw

from prospectus.audit import AuditResult, audit
from prospectus.domain.plan import Standing
from prospectus.domain.record import (
    Attempt,
    AttemptStatus,
    AuditException,
    CreditSource,
    ExceptionKind,
    Record,
)
from prospectus.domain.rule import Exclude

SEEDS = range(20_000, 20_150)


def left(result: AuditResult) -> Fraction:
    """Return the credits left; what cannot be completed lies above all numbers."""
    return Fraction(10**9) if result.credits_left is None else result.credits_left


def audited(case: Case, record: Record) -> AuditResult:
    result = audit(case.resolved, record, TODAY)
    assert result.is_proven
    return result


def is_plain(attempt: Attempt, case: Case, attempts: tuple[Attempt, ...]) -> bool:
    """Return whether an attempt is at least as good as the course still to be taken would be."""
    item = case.resolved.courses[attempt.course]
    twins = case.resolved.school.cross_listed
    return (
        attempt.status is AttemptStatus.PASSED
        and attempt.grade == case.resolved.scale.grades[0].name
        and attempt.source is CreditSource.HOME
        and attempt.credits == item.credits_low
        and not attempt.counted_in
        and item.repeatable is None
        and all(attempt.course not in group for group in twins)
        and sum(other.course == attempt.course for other in attempts) == 1
    )


@pytest.mark.parametrize("batch", range(3))
def test_the_order_of_the_lines_of_a_record_never_matters(batch: int) -> None:
    for seed in SEEDS[batch::3]:
        case = draw(seed)
        attempts = list(case.record.attempts)
        random.Random(seed).shuffle(attempts)
        here = audited(case, case.record)
        there = audited(case, replace(case.record, attempts=tuple(attempts)))
        assert here.witness == there.witness, seed
        assert here.nodes == there.nodes, seed
        assert set(here.unused) == set(there.unused), seed


@pytest.mark.parametrize("batch", range(3))
def test_one_more_use_never_raises_what_is_left_nor_unmeets_a_degree(batch: int) -> None:
    tried = 0
    for seed in SEEDS[batch::3]:
        case = draw(seed)
        if any(isinstance(rule, Exclude) for rule in case.resolved.rules):
            continue
        attempts = case.record.attempts
        more = audited(case, case.record)
        for attempt in attempts:
            if not is_plain(attempt, case, attempts):
                continue
            tried += 1
            fewer = tuple(other for other in attempts if other is not attempt)
            less = audited(case, replace(case.record, attempts=fewer))
            assert left(more) <= left(less), (seed, attempt.id)
            if less.nodes[0].standing is Standing.MET:
                assert more.nodes[0].standing is Standing.MET, (seed, attempt.id)
    assert tried > 15


@pytest.mark.parametrize("kind", [ExceptionKind.WAIVE, ExceptionKind.FORCE, ExceptionKind.INSERT])
def test_an_exception_never_hurts(kind: ExceptionKind) -> None:
    for seed in SEEDS[::3]:
        case = draw(seed)
        rng = random.Random(seed)
        before = audited(case, case.record)
        given = AuditException(
            kind=kind,
            node=rng.choice([state.node for state in before.nodes]),
            who="dean",
            when=TODAY,
            why="",
            course=rng.choice(sorted(case.resolved.courses))
            if kind is ExceptionKind.INSERT
            else None,
        )
        excepted = replace(case.record, exceptions=(*case.record.exceptions, given))
        assert left(audited(case, excepted)) <= left(before), (seed, given)
