"""Every best plan audits as complete, and without any one of its courses as incomplete.

There is a plan for every complete programme, each child of its declared choices and each reading of
its rules: those of `test_bundled_plans`, and for the others the courses alone, in one file. After a
change that is meant to change plans: `make test ARGS="tests/golden --update-golden"`, and read the
diff. The courses are audited without periods: what is missing is counted without the calendar.
"""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from test_bundled_plans import CASES, CATALOG, GOLDEN, RESIDENT, START, TODAY

from prospectus.app.audit_check import Audited, run_audit
from prospectus.app.options import Variant, all_readings
from prospectus.app.tree_walk import walk
from prospectus.domain.course import CourseCode
from prospectus.domain.facts import Completeness
from prospectus.domain.meaning import resolve
from prospectus.domain.plan import Standing
from prospectus.domain.program import Program, Resolved
from prospectus.domain.record import Attempt, AttemptStatus, Record
from prospectus.domain.requirement import Any
from prospectus.domain.student import Student, Wishes
from prospectus.planning.result import PlanStatus
from prospectus.planning.solve import plan

COURSES = GOLDEN / "courses-of-further-plans.json"
Choices = tuple[tuple[str, str], ...]
Way = tuple[str, str, Choices, Variant]
"""One way through a programme: its id and year, what is declared, how its rules are read."""


def ways(program: Program) -> list[Way]:
    """Return the ways through a programme: every child of its choices, under every reading."""
    choices: list[Choices] = [()]
    for node, _ in walk(program.tree):
        if isinstance(node, Any) and node.declare:
            children = [str(child.header.id) for child in node.children]  # type: ignore[union-attr]
            name = str(node.header.id)
            choices = [(*known, (name, child)) for known in choices for child in children]
    found = [(known, reading) for known in choices for reading in all_readings(program)]
    return [(program.id, program.catalog_year, known, reading) for known, reading in found]


EVERY = {
    way: program
    for program in CATALOG.programs
    if program.completeness is Completeness.COMPLETE
    for way in ways(program)
}


def way_of(resolved: Resolved, student: Student) -> Way:
    program = resolved.program
    return program.id, program.catalog_year, tuple(sorted(student.choices)), resolved.readings


def further_cases() -> dict[str, tuple[Resolved, Student]]:
    """Return the rules and the student of every way for which no whole plan is on file."""
    held = {way_of(*case) for case in CASES.values()}
    found: dict[str, tuple[Resolved, Student]] = {}
    for way, program in EVERY.items():
        if way in held:
            continue
        known = CATALOG.assumptions_of(program)
        school = CATALOG.school(program.school)
        student = Student(
            matriculation=START,
            plan_from=START,
            record=Record(matriculation=START),
            person=RESIDENT,
            choices=way[2],
            wishes=Wishes(hours_per_week=24, hours_are_assumed=False),
        )
        options = (option for _, option in (*way[2], *way[3]))
        name = "-".join((program.id, program.catalog_year, *options))
        found[name] = (resolve(program, school, RESIDENT, way[3], known)[0], student)
    return found


FURTHER = further_cases()
ALL = {**CASES, **FURTHER}


def courses_of(name: str) -> list[str]:
    """Return the courses of a plan on file."""
    if name in CASES:
        held = json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
        return list(held["courses"])
    return list(json.loads(COURSES.read_text(encoding="utf-8"))[name])


def attempts_of(name: str) -> tuple[Attempt, ...]:
    """Return the courses of a plan on file as planned attempts."""
    resolved, _ = ALL[name]
    courses = courses_of(name)
    return tuple(
        Attempt(
            id=f"plan {place}: {code}",
            course=CourseCode(code),
            credits=resolved.courses[CourseCode(code)].credits_low,
            status=AttemptStatus.PLANNED,
        )
        for place, code in enumerate(courses)
    )


def audit_of(name: str, attempts: tuple[Attempt, ...]) -> Audited:
    resolved, student = ALL[name]
    record = replace(student.record, attempts=attempts)
    return run_audit(resolved, record, TODAY, dict(student.choices))


@pytest.mark.parametrize("name", sorted(ALL))
def test_a_plan_audits_as_complete_and_needs_each_of_its_courses(name: str) -> None:
    attempts = attempts_of(name)
    whole = audit_of(name, attempts)
    assert whole.result.is_proven
    assert whole.result.credits_left == 0
    assert whole.result.unused == ()
    assert whole.verdict.degree >= Standing.PENDING
    for one in attempts:
        fewer = audit_of(name, tuple(other for other in attempts if other is not one))
        assert fewer.result.credits_left != 0, one.course
        assert fewer.verdict.degree is Standing.UNMET


def test_every_way_through_every_complete_programme_has_a_plan_on_file() -> None:
    assert {way_of(*case) for case in ALL.values()} == EVERY.keys()
    assert json.loads(COURSES.read_text(encoding="utf-8")).keys() == FURTHER.keys()


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(FURTHER))
def test_the_courses_on_file_are_those_of_the_best_plan(
    name: str, pytestconfig: pytest.Config
) -> None:
    resolved, student = FURTHER[name]
    result = plan(resolved, student, student.record, TODAY)
    assert result.status is PlanStatus.OPTIMAL
    assert result.plan is not None
    got = sorted(str(attempt.course) for attempt in result.plan.attempts)
    if pytestconfig.getoption("--update-golden"):
        held = json.loads(COURSES.read_text(encoding="utf-8")) if COURSES.exists() else {}
        held = {one: courses for one, courses in {**held, name: got}.items() if one in FURTHER}
        text = json.dumps(dict(sorted(held.items())), indent=1) + "\n"
        COURSES.write_text(text, encoding="utf-8")
    assert got == courses_of(name)
