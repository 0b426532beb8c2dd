"""What explains an audit is what one whole audit for every question says."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping
from functools import cache

import pytest
from tests.degrees import TODAY
from tests.differential.audit_drawing import draw
from tests.differential.audit_explained import (
    grade_one_by_one,
    steps_one_by_one,
    ways_one_by_one,
)

from prospectus.app.audit_check import MOST_SEARCHED, run_audit
from prospectus.app.audit_grades import grade_line
from prospectus.app.library import open_library
from prospectus.app.options import all_readings
from prospectus.audit import AuditResult
from prospectus.audit.explain import next_steps, ways_left
from prospectus.audit.problem import problem_of, touching
from prospectus.audit.rules import rules_of
from prospectus.audit.steps import alike_courses
from prospectus.domain.course import CourseCode
from prospectus.domain.facts import Completeness
from prospectus.domain.meaning import resolve
from prospectus.domain.program import Resolved
from prospectus.domain.record import Attempt, AttemptStatus, CreditSource, Record
from prospectus.domain.requirement import Any
from prospectus.domain.student import Person

PROGRAMS = ("gatech-omscs", "gatech-omsa", "uiuc-mcs-online", "utaustin-msai")
BUNDLED_TODAY = dt.date(2026, 7, 1)
MOST_COURSES = 14
"""How many courses each choice of numbers is searched for by itself at most."""


@cache
def rules(name: str) -> Resolved:
    """Return the newest rules of a bundled programme."""
    library = open_library()
    program = library.program(name, library.years(name)[-1])
    known = library.assumptions_of(program)
    reading = all_readings(program)[0]
    return resolve(program, library.school(program), Person(), reading, known)[0]


def complete() -> list[str]:
    """Return the bundled programmes whose newest rules are complete."""
    library = open_library()
    newest = {name: library.program(name, library.years(name)[-1]) for name in library.ids()}
    return [n for n, rules_ in newest.items() if rules_.completeness is Completeness.COMPLETE]


def drawn(name: str, seed: int) -> tuple[Record, dict[str, str]]:
    """Return a record of every status with a declared track."""
    resolved, rng = rules(name), random.Random(f"{name} {seed}")
    codes = sorted(code for code, item in resolved.courses.items() if item.counts_credit)
    grades = [one.name for one in resolved.scale.grades if one.earns]
    attempts = []
    for code in rng.sample(codes, rng.randint(0, 11)):
        status = rng.choice([AttemptStatus.PASSED] * 4 + list(AttemptStatus))
        source = rng.choice([CreditSource.HOME] * 8 + [CreditSource.TRANSFER])
        is_graded = status is AttemptStatus.PASSED and source is CreditSource.HOME
        attempts.append(
            Attempt(
                id=str(code),
                course=code,
                credits=resolved.courses[code].credits_low,
                status=status,
                grade=rng.choice(grades[:5]) if is_graded else None,
                source=source,
                ended=dt.date(2025, 12, 15),
            )
        )
    choices = {
        str(child.header.id): str(rng.choice(child.children).header.id)  # type: ignore[union-attr]
        for child in resolved.tree.children
        if isinstance(child, Any) and child.header.id == resolved.program.main_choice
    }
    return Record(matriculation=dt.date(2023, 8, 1), attempts=tuple(attempts)), choices


def asked_about(
    resolved: Resolved,
    record: Record,
    today: dt.date,
    result: AuditResult,
    choices: Mapping[str, str],
) -> list[CourseCode]:
    """Return the first course of each kind that is missing somewhere."""
    rules_ = rules_of(resolved, record)
    problem = problem_of(rules_, record, today, result.witness.conferral)
    wanted = {code for one in result.missing for code in one.one_of}
    return [codes[0] for codes in alike_courses(problem, wanted, choices, touching(problem))]


def check(
    resolved: Resolved, record: Record, today: dt.date, choices: Mapping[str, str], name: str
) -> None:
    """Compare every explanation of one audit with its slow twin."""
    found = run_audit(resolved, record, today, choices)
    result = found.result
    if not result.is_proven:
        return
    steps = next_steps(resolved, record, today, result, choices=choices)
    if result.credits_left is not None:
        expected = steps_one_by_one(resolved, record, today, result, choices)
        left = {code: credits for code, (credits, _) in expected.items()}
        assert {step.course: step.credits_left for step in steps} == left, name
        # the others of its kind follow the first, from which only the order of codes tells them
        completes = {step.course: step.completes for step in steps}
        for code in asked_about(resolved, record, today, result, choices):
            if code in expected:
                assert completes[code] == expected[code][1], (name, code)
        assert all(step.is_proven for step in steps), name
    for attempt in record.attempts:
        if attempt.grade is not None:
            assert grade_line(found, attempt) == grade_one_by_one(found, attempt), (name, attempt)


def check_ways(
    resolved: Resolved, record: Record, today: dt.date, choices: Mapping[str, str], name: str
) -> None:
    """Compare the ways left with those counted one by one, where these are few enough."""
    result = run_audit(resolved, record, today, choices).result
    if result.is_proven and result.credits_left is not None:
        ways = ways_left(resolved, record, today, result, most=10**9)
        expected = ways_one_by_one(resolved, record, today, result)
        if ways.is_exact and expected is not None:
            assert ways.count == expected, name


@pytest.mark.parametrize("seed", range(60))
def test_drawn_rules_are_explained_as_by_one_audit_for_every_question(seed: int) -> None:
    case = draw(seed, parts=seed % 5 == 0)
    check(case.resolved, case.record, TODAY, {}, f"seed {seed}")
    if len(case.resolved.courses) <= MOST_COURSES:
        check_ways(case.resolved, case.record, TODAY, {}, f"seed {seed}")


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("name", PROGRAMS)
def test_bundled_programmes_are_explained_as_by_one_audit_for_every_question(
    name: str, seed: int
) -> None:
    record, choices = drawn(name, seed)
    check(rules(name), record, BUNDLED_TODAY, choices, f"{name} {seed}")


@pytest.mark.parametrize("name", complete())
def test_next_courses_of_every_complete_programme_are_those_of_one_audit_each(name: str) -> None:
    record, choices = drawn(name, 200)
    result = run_audit(rules(name), record, BUNDLED_TODAY, choices).result
    if result.is_proven and result.searched < MOST_SEARCHED:
        check(rules(name), record, BUNDLED_TODAY, choices, name)


@pytest.mark.slow
@pytest.mark.parametrize("batch", range(20))
def test_drawn_rules_are_explained_alike_at_length(batch: int) -> None:
    for seed in range(100 + 20 * batch, 120 + 20 * batch):
        case = draw(seed, parts=seed % 5 == 0)
        check(case.resolved, case.record, TODAY, {}, f"seed {seed}")
        if len(case.resolved.courses) <= MOST_COURSES:
            check_ways(case.resolved, case.record, TODAY, {}, f"seed {seed}")


@pytest.mark.slow
@pytest.mark.parametrize("batch", range(8))
@pytest.mark.parametrize("name", PROGRAMS)
def test_bundled_programmes_are_explained_alike_at_length(name: str, batch: int) -> None:
    for seed in range(10 + 10 * batch, 20 + 10 * batch):
        record, choices = drawn(name, seed)
        check(rules(name), record, BUNDLED_TODAY, choices, f"{name} {seed}")
