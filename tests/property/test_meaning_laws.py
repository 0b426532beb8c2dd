"""Laws of the definition over generated programmes, records, plans and witnesses."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, replace
from functools import lru_cache

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.differential.drawing import TODAY
from tests.differential.generation import Problem, generate

from prospectus.domain.course import CourseCode
from prospectus.domain.meaning import appraise, judge, uses
from prospectus.domain.meaning.holding import admits, hold
from prospectus.domain.meaning.matching import nodes
from prospectus.domain.meaning.setting import Setting
from prospectus.domain.meaning.sizes import Held, is_met
from prospectus.domain.plan import Placement, Standing, Verdict, Witness
from prospectus.domain.record import (
    Attempt,
    AttemptStatus,
    AuditException,
    CreditSource,
    ExceptionKind,
    Record,
)
from prospectus.domain.requirement import Any, Bound, Fill, Measure, Milestone, Over

SEEDS = st.integers(min_value=0, max_value=5000)
LAW = settings(deadline=None, max_examples=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A generated problem with some plan of it and some witness, good or bad."""

    problem: Problem
    record: Record
    witness: Witness

    def verdict(self, record: Record | None = None, witness: Witness | None = None) -> Verdict:
        """The verdict on another record or under another witness."""
        return judge(self.problem.resolved, record or self.record, witness or self.witness, TODAY)


@lru_cache(maxsize=256)
def case(seed: int) -> Case:
    problem = generate(seed)
    rng = random.Random(seed)
    record = replace(problem.record, attempts=problem.record.attempts + _planned(problem, rng))
    choices = tuple(
        (node.header.id, tuple(child.header.id for child in rng.sample(node.children, node.n)))  # type: ignore[union-attr]
        for node in nodes(problem.resolved.tree)
        if isinstance(node, Any)
    )
    setting = Setting(problem.resolved, record, TODAY)
    found = uses(setting)
    active = hold(setting, Witness(choices=choices), found)
    placements: list[Placement] = []
    taken: set[tuple[str, str | None]] = set()
    for leaf in active.leaves():
        held: list[Held] = []
        for use in rng.sample(found, len(found)):
            if is_met(leaf, held, active.rest_asks(leaf), setting):
                break
            shared = rng.random() < 0.05
            if admits(leaf, use, setting) is True and (shared or (use.id, leaf.pool) not in taken):
                area = rng.choice([""] if leaf.areas is None else [n for n, _ in leaf.areas.areas])
                held.append(Held(use=use, area=area))
                taken.add((use.id, leaf.pool))
        placements += [Placement(attempt=h.use.id, leaf=leaf.header.id, area=h.area) for h in held]
    witness = Witness(placements=tuple(placements), choices=choices)
    return Case(problem=problem, record=record, witness=witness)


def _planned(problem: Problem, rng: random.Random) -> tuple[Attempt, ...]:
    """Some courses that are not on record, each in one of its runs."""
    known = {attempt.course for attempt in problem.record.attempts}
    found = []
    for code, course in problem.resolved.courses.items():
        runs = [
            run
            for run in problem.resolved.runs_of(code)
            if problem.resolved.calendar.leaves[run.leaves[0]].start > TODAY
        ]
        if code in known or not runs or rng.random() < 0.3:
            continue
        run = rng.choice(runs[:4])
        found.append(
            Attempt(
                id=f"plan:{code}",
                course=code,
                credits=course.credits_low,
                status=AttemptStatus.PLANNED,
                periods=tuple(problem.resolved.calendar.leaves[i].id for i in run.leaves),
            )
        )
    return tuple(found)


def shuffled(items: tuple[Attempt, ...], seed: int) -> tuple[Attempt, ...]:
    return tuple(random.Random(seed).sample(items, len(items)))


def standings(verdict: Verdict) -> dict[str, Standing]:
    return {node.node: node.standing for node in verdict.nodes}


@LAW
@given(SEEDS)
def test_judge_is_deterministic(seed: int) -> None:
    one = case(seed)
    assert one.verdict() == one.verdict()


@LAW
@given(SEEDS, st.integers(0, 99))
def test_the_order_of_attempts_in_the_record_never_changes_a_verdict(seed: int, order: int) -> None:
    one = case(seed)
    before = one.verdict()
    after = one.verdict(replace(one.record, attempts=shuffled(one.record.attempts, order)))
    assert after.nodes == before.nodes
    assert after.assumed_grades == before.assumed_grades
    for said in ("faults", "breaches", "notes"):
        assert set(getattr(after, said)) == set(getattr(before, said)), said


@LAW
@given(SEEDS, st.integers(0, 99))
def test_the_order_of_placements_never_changes_a_standing(seed: int, order: int) -> None:
    one = case(seed)
    placements = tuple(
        random.Random(order).sample(one.witness.placements, len(one.witness.placements))
    )
    other = one.verdict(witness=replace(one.witness, placements=placements))
    assert standings(other) == standings(one.verdict())
    assert other.is_valid == one.verdict().is_valid
    assert other.breaches == one.verdict().breaches


@LAW
@given(SEEDS, st.sampled_from(list(ExceptionKind)), st.integers(0, 99))
def test_an_exception_never_lowers_a_standing_nor_forbids_anything(
    seed: int, kind: ExceptionKind, pick: int
) -> None:
    one = case(seed)
    rng = random.Random(pick)
    rules = one.problem.resolved
    courses = list(rules.courses)
    exception = AuditException(
        kind=kind,
        node=rng.choice([node.header.id for node in nodes(rules.tree)]),
        who="registrar",
        when=dt.date(2026, 6, 1),
        why="approved",
        course=rng.choice(courses),
        replaces=rng.choice(courses),
    )
    before = one.verdict()
    after = one.verdict(replace(one.record, exceptions=(exception,)))
    for node, standing in standings(before).items():
        assert standings(after)[node] >= standing, node
    assert set(after.breaches) <= set(before.breaches)
    assert set(after.faults) <= set(before.faults)


def is_monotone(node: object) -> bool:
    """Whether a node can only gain by one more use."""
    if isinstance(node, Measure):
        return node.bound is Bound.AT_LEAST and node.over is Over.APPLIED
    return isinstance(node, Fill | Milestone)


@LAW
@given(SEEDS, st.sampled_from([CreditSource.HOME, CreditSource.TRANSFER]))
def test_a_use_that_is_not_placed_never_makes_a_met_monotone_node_unmet(
    seed: int, source: CreditSource
) -> None:
    one = case(seed)
    more = Attempt(
        id="more",
        course=CourseCode("ZZ 999"),
        credits=next(iter(one.problem.resolved.courses.values())).credits_low,
        status=AttemptStatus.PASSED,
        grade=one.problem.resolved.scale.grades[0].name,
        source=source,
    )
    before = one.verdict()
    after = one.verdict(replace(one.record, attempts=(*one.record.attempts, more)))
    for node in nodes(one.problem.resolved.tree):
        name = node.header.id
        if is_monotone(node) and name in standings(before):
            assert standings(after)[name] >= standings(before)[name], name
    assert set(after.faults) == set(before.faults)


@LAW
@given(SEEDS, st.integers(0, 99))
def test_passing_a_planned_course_never_lowers_a_standing(seed: int, pick: int) -> None:
    one = case(seed)
    plans = [attempt for attempt in one.record.attempts if attempt.is_planned]
    if not plans:
        return
    chosen = random.Random(pick).choice(plans)
    best = one.problem.resolved.scale.grades[0].name
    attempts = tuple(
        replace(a, status=AttemptStatus.PASSED, grade=best) if a.id == chosen.id else a
        for a in one.record.attempts
    )
    before = one.verdict()
    after = one.verdict(replace(one.record, attempts=attempts))
    for node, standing in standings(before).items():
        assert standings(after)[node] >= standing, node


@LAW
@given(SEEDS)
def test_the_weakest_child_sets_the_standing_of_the_degree(seed: int) -> None:
    one = case(seed)
    verdict = one.verdict()
    assert verdict.degree <= min(node.standing for node in verdict.nodes)


@LAW
@given(SEEDS)
def test_an_appraisal_adds_up_and_does_not_depend_on_the_placements(seed: int) -> None:
    one = case(seed)
    problem = one.problem
    full = appraise(problem.resolved, problem.student, one.record, one.witness, TODAY)
    bare = appraise(problem.resolved, problem.student, one.record, Witness(), TODAY)
    assert full == bare
    assert full.cost is not None
    assert full.cost.minor == sum(due.amount.minor for due in full.dues)
    assert full.peak_hours == max((load for _, load in full.hours), default=0)


@LAW
@given(SEEDS, st.integers(0, 99))
def test_taking_a_planned_course_away_never_costs_more_hours(seed: int, pick: int) -> None:
    one = case(seed)
    problem = one.problem
    plans = [attempt for attempt in one.record.attempts if attempt.is_planned]
    if not plans:
        return
    chosen = random.Random(pick).choice(plans)
    fewer = tuple(a for a in one.record.attempts if a.id != chosen.id)
    full = appraise(problem.resolved, problem.student, one.record, Witness(), TODAY)
    less = appraise(
        problem.resolved, problem.student, replace(one.record, attempts=fewer), Witness(), TODAY
    )
    assert less.peak_hours <= full.peak_hours
    assert less.credits == full.credits - chosen.credits
