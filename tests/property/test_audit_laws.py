"""Laws of the audit on drawn rules: order, one more use, exceptions."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import pytest
from tests.degrees import TODAY
from tests.differential.audit_drawing import Case, draw
from tests.differential.audit_oracle import TooLarge, meetable

from prospectus.audit import AuditResult, audit
from prospectus.domain.expression import And, Done, Expression, NOf, Or
from prospectus.domain.meaning import uses
from prospectus.domain.meaning.conditions import codes_named
from prospectus.domain.meaning.judging import last_day
from prospectus.domain.meaning.matching import nodes
from prospectus.domain.meaning.setting import Setting
from prospectus.domain.plan import Standing
from prospectus.domain.record import (
    Attempt,
    AttemptStatus,
    AuditException,
    CreditSource,
    ExceptionKind,
    Record,
)
from prospectus.domain.requirement import (
    All,
    Any,
    Bound,
    Fill,
    Gpa,
    Measure,
    Milestone,
    Node,
    NodeId,
    Over,
)
from prospectus.domain.rule import Exclude

SEEDS = range(20_000, 20_240)
EXCEPTIONS = 3
"""How many exceptions of a kind are tried on each record."""
WITNESSES = 200
"""The most witnesses of a record of which all are tried."""


def left(result: AuditResult) -> Fraction:
    """Return the credits left; what cannot be completed lies above all numbers."""
    return Fraction(10**9) if result.credits_left is None else result.credits_left


def audited(case: Case, record: Record) -> AuditResult:
    result = audit(
        case.resolved, record, TODAY, choices=dict(case.choices), conferral=case.conferral
    )
    assert result.is_proven
    return result


def uses_of(case: Case, record: Record) -> set[str]:
    """Return the attempts of a record that can earn credit."""
    setting = Setting(case.resolved, record, TODAY)
    return {use.id for use in uses(setting, case.conferral or last_day(setting))}


def one_less(case: Case) -> Iterator[tuple[Attempt, Record]]:
    """Yield each attempt that is one use more, with the record without it.

    An attempt may also take the use of another away, by the rules on repeats and exclusions.
    """
    whole = uses_of(case, case.record)
    for attempt in case.record.attempts:
        others = tuple(other for other in case.record.attempts if other is not attempt)
        fewer = replace(case.record, attempts=others)
        if whole == uses_of(case, fewer) | {attempt.id} and attempt.id in whole:
            yield attempt, fewer


def is_plain(attempt: Attempt, case: Case) -> bool:
    """Return whether an attempt is at least as good as the course still to be taken would be."""
    item = case.resolved.courses.get(attempt.course)
    school = case.resolved.school
    return (
        item is not None
        and attempt.status is AttemptStatus.PASSED
        and attempt.grade == case.resolved.scale.grades[0].name
        and attempt.source is CreditSource.HOME
        and attempt.credits == item.credits_low
        and not attempt.counted_in
        and item.repeatable is None
        # it may have been taught otherwise, or by somebody of whom a rule speaks
        and not item.formerly
        and "per" not in case.kinds
        and all(attempt.course not in group for group in school.cross_listed)
        and not school.renames
    )


def is_named(attempt: Attempt, case: Case) -> bool:
    """Return whether some exclusion may ask for an attempt: it then may bar another course."""
    for rule in case.resolved.rules:
        if isinstance(rule, Exclude):
            codes = codes_named(rule.condition)
            if not codes or attempt.course in codes or attempt.course == rule.course:
                return True
            if any(not isinstance(part, Done) for part in _parts(rule.condition)):
                return True
    return False


def _parts(condition: Expression) -> Iterator[Expression]:
    if isinstance(condition, And | Or | NOf):
        for item in condition.items:
            yield from _parts(item)
    else:
        yield condition


@pytest.mark.parametrize("batch", range(3))
def test_the_order_of_the_lines_of_a_record_never_matters(batch: int) -> None:
    for seed in SEEDS[batch::3]:
        case = draw(seed)
        rng = random.Random(seed)
        record = case.record
        there = replace(
            record,
            attempts=tuple(rng.sample(record.attempts, len(record.attempts))),
            exceptions=tuple(rng.sample(record.exceptions, len(record.exceptions))),
        )
        before, after = audited(case, record), audited(case, there)
        assert before.witness == after.witness, seed
        assert before.nodes == after.nodes, seed
        assert before.missing == after.missing, seed
        assert set(before.unused) == set(after.unused), seed


@pytest.mark.parametrize("batch", range(3))
def test_one_more_use_never_raises_what_is_left_nor_unmeets_a_degree(batch: int) -> None:
    tried = 0
    for seed in SEEDS[batch::3]:
        case = draw(seed)
        more = audited(case, case.record)
        for attempt, record in one_less(case):
            if not is_plain(attempt, case):
                continue
            less = audited(case, record)
            # what is not bought may bar what is; a completion that buys it has stood its test
            bought = {one.course for one in less.witness.completion}
            if is_named(attempt, case) and attempt.course not in bought:
                continue
            tried += 1
            assert left(more) <= left(less), (seed, attempt.id)
            if less.nodes[0].standing is Standing.MET:
                assert more.nodes[0].standing is Standing.MET, (seed, attempt.id)
    assert tried > 15


def is_monotone(node: Node) -> bool:
    """Return whether more uses can only help a node; caps bind what is applied."""
    if isinstance(node, All | Any):
        return all(is_monotone(child) for child in node.children)  # type: ignore[arg-type]
    if isinstance(node, Measure):
        return node.over is Over.APPLIED and node.bound is Bound.AT_LEAST
    return not isinstance(node, Gpa | Milestone)


@pytest.mark.parametrize("batch", [0, *(pytest.param(n, marks=pytest.mark.slow) for n in (1, 2))])
def test_one_more_use_never_unmeets_a_monotone_node_judged_alone(batch: int) -> None:
    """Judged alone: some witness of the whole tree meets the node, whatever becomes of others."""
    tried = 0
    for seed in SEEDS[batch::3]:
        case = draw(seed)
        monotone = {n.header.id for n in nodes(case.resolved.tree) if is_monotone(n)}
        try:
            after = meetable(case.resolved, case.record, case.choices, case.conferral, WITNESSES)
        except TooLarge:
            continue
        for attempt, record in one_less(case):
            before = meetable(case.resolved, record, case.choices, case.conferral)
            tried += len(before & monotone)
            assert before & monotone <= after, (seed, attempt.id, before & monotone - after)
    assert tried > 50


@pytest.mark.parametrize("batch", range(3))
def test_one_more_use_never_unmeets_a_leaf_that_is_audited_alone(batch: int) -> None:
    tried = 0
    for seed in SEEDS[batch::3]:
        case = draw(seed)
        for node in case.resolved.tree.children:
            if not isinstance(node, Fill) or node.rest:
                continue
            tree = replace(case.resolved.tree, children=(node,), total=None)
            only = replace(case, resolved=replace(case.resolved, tree=tree, rules=()), choices=())
            after = audited(only, case.record).standing(node.header.id)
            for attempt, record in one_less(only):
                tried += 1
                before = audited(only, record).standing(node.header.id)
                if before is Standing.MET:
                    assert after is Standing.MET, (seed, node.header.id, attempt.id)
    assert tried > 50


def excepting(kind: ExceptionKind, case: Case, rng: random.Random) -> AuditException:
    """Return an exception of a kind, at any node that it may concern."""
    every = list(nodes(case.resolved.tree))
    places: list[NodeId] = [node.header.id for node in every]
    codes = sorted({*case.resolved.courses, *(one.course for one in case.record.attempts)})
    if kind is ExceptionKind.INSERT:
        places = [node.header.id for node in every if isinstance(node, Fill)]
    elif kind is not ExceptionKind.SUBSTITUTE:
        places += [r.header.id for r in case.resolved.rules if isinstance(r, Measure)]
    by_course = kind in (ExceptionKind.INSERT, ExceptionKind.SUBSTITUTE)
    return AuditException(
        kind=kind,
        node=rng.choice(places),
        who="dean",
        when=TODAY,
        why="",
        course=rng.choice(codes) if by_course else None,
        replaces=rng.choice(codes) if kind is ExceptionKind.SUBSTITUTE else None,
    )


@pytest.mark.parametrize("kind", list(ExceptionKind))
def test_an_exception_never_hurts(kind: ExceptionKind) -> None:
    for seed in SEEDS[::2]:
        case = draw(seed)
        rng = random.Random(seed)
        before = audited(case, case.record)
        for _ in range(EXCEPTIONS):
            given = excepting(kind, case, rng)
            excepted = replace(case.record, exceptions=(*case.record.exceptions, given))
            after = audited(case, excepted)
            assert left(after) <= left(before), (seed, given)
            if before.nodes[0].standing is Standing.MET:
                assert after.nodes[0].standing is Standing.MET, (seed, given)
