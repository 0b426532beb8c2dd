"""Explanations of an audit found the slow way: one whole audit for every question."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import product
from math import comb, prod

from prospectus.app.audit_answers import GradeLine
from prospectus.app.audit_check import Audited, audit_again
from prospectus.app.audit_words import labels_of
from prospectus.audit import AuditResult, audit
from prospectus.audit.board import Board
from prospectus.audit.problem import Scope, problem_of
from prospectus.audit.rules import rules_of
from prospectus.audit.table import Effort
from prospectus.domain.course import CourseCode
from prospectus.domain.plan import Standing
from prospectus.domain.program import Resolved
from prospectus.domain.record import Attempt, AttemptStatus, Record
from prospectus.domain.requirement import NodeId

Steps = dict[CourseCode, tuple[Fraction, tuple[NodeId, ...]]]


def steps_one_by_one(
    resolved: Resolved,
    record: Record,
    today: dt.date,
    result: AuditResult,
    choices: Mapping[str, str],
) -> Steps:
    """Return what is left, and what is completed, with each course: each audited by itself."""
    found: Steps = {}
    judged = result.witness.conferral
    conferral = problem_of(rules_of(resolved, record), record, today, judged).reading.conferral
    lacking = {one.node for one in result.missing}
    for code in {code for one in result.missing for code in one.one_of}:
        course = resolved.courses[code]
        taken = Attempt(
            id=f"next:{code}",
            course=code,
            credits=course.credits_low,
            status=AttemptStatus.PLANNED,
            delivery=course.delivery,
            ended=conferral,
        )
        more = replace(record, attempts=(*record.attempts, taken))
        after = audit(resolved, more, today, choices=choices, conferral=judged, steps=20_000)
        if after.credits_left is None:
            continue
        still = {one.node for one in after.missing}
        done = tuple(
            one.node for one in after.nodes if one.node in lacking and one.node not in still
        )
        found[code] = (after.credits_left, done)
    return found


def grade_one_by_one(found: Audited, attempt: Attempt) -> GradeLine | None:
    """Return the least better grade that changes something: each grade audited by itself.

    What is gained is met then and was not; what is lost had at least its courses planned. As much
    left and something lost is no change for the better.
    """
    scale, labels = found.resolved.scale, labels_of(found.resolved)
    rank = scale.rank(attempt.grade or "")
    met, had = _reaching(found, Standing.MET), _reaching(found, Standing.PLANNED)
    for grade in reversed(scale.grades[: rank or 0]):
        if not grade.earns or grade.points is None:
            continue
        better = replace(attempt, grade=grade.name, status=AttemptStatus.PASSED)
        others = tuple(better if one.id == attempt.id else one for one in found.record.attempts)
        again = audit_again(found, record=replace(found.record, attempts=others))
        gained = [node for node in _reaching(again, Standing.MET) if node not in met]
        still = {str(one.node) for one in again.verdict.nodes if one.standing < Standing.PLANNED}
        lost = [node for node in had if node in still]
        is_as_much = again.result.credits_left == found.result.credits_left
        if is_as_much and (lost or not gained):
            continue
        return GradeLine(
            attempt=attempt.id,
            course=str(attempt.course),
            grade=str(attempt.grade),
            better=grade.name,
            credits_left=again.result.credits_left,
            before=found.result.credits_left,
            gained=tuple(labels.get(node, node) for node in gained),
            lost=tuple(labels.get(node, node) for node in lost),
            is_proven=again.result.is_proven,
        )
    return None


def _reaching(found: Audited, least: Standing) -> list[str]:
    return [str(one.node) for one in found.verdict.nodes if one.standing >= least]


def ways_one_by_one(
    resolved: Resolved, record: Record, today: dt.date, result: AuditResult
) -> int | None:
    """Return how many sets complete it as cheaply: each choice of numbers searched by itself.

    None where courses of variable credits make the sets and the choices differ.
    """
    rules = rules_of(resolved, record)
    ids = frozenset(one.node for one in result.nodes)
    leaves = sum(leaf.bit for leaf in rules.leaves if leaf.id in ids)
    scope = Scope(choices=result.witness.choices, active=ids, leaves=leaves)
    problem = problem_of(rules, record, today, result.witness.conferral)
    board = Board(problem, scope, unsure=not result.is_completion_sure)
    assert result.credits_left is not None
    cost = int(result.credits_left * rules.unit)
    bought = range(board.n_uses, len(board.entries))
    if any(board.entries[index].twins is not None for index in bought):
        return None
    sizes = [len(board.entries[index].codes) for index in bought]
    units = [board.entries[index].row.units for index in bought]
    count = 0
    for counts in product(*(range(size + 1) for size in sizes)):
        if sum(n * each for n, each in zip(counts, units, strict=True)) != cost:
            continue
        if any(n and not each for n, each in zip(counts, units, strict=True)):
            continue
        wanted = board.nothing_wanted()
        wanted.most.update(zip(bought, counts, strict=True))
        if board.solve(wanted, Effort(100_000), cost) is not None:
            count += prod(comb(size, n) for size, n in zip(sizes, counts, strict=True))
    return count
