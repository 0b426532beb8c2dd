"""A second try at a course on record: offered where the newest counts and one is allowed."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from tests.degrees import taken

from prospectus.catalogs.load import load_catalog
from prospectus.domain.meaning import judge, readings, resolve
from prospectus.domain.plan import Standing
from prospectus.domain.record import Record
from prospectus.domain.rule import Repeats, WhichAttempt
from prospectus.domain.student import Person, Student, Wishes
from prospectus.planning.result import PlanStatus
from prospectus.planning.solve import plan

TODAY = dt.date(2026, 8, 1)
NEWEST = Repeats(use=WhichAttempt.NEWEST)


def test_omscs_plans_a_second_try_at_a_core_course_passed_below_its_floor() -> None:
    catalog = load_catalog()
    program = catalog.program("gatech-omscs")
    person = Person(facts=(("residence", "out-of-state"),))
    rules = resolve(
        program, catalog.school("gatech"), person, readings(program)[0], catalog.assumptions
    )[0]
    past = (
        taken("CS 6515", "C"),
        taken("CS 7641", "A"),
        taken("CS 6601", "A", "Spring 2026"),
        taken("CS 7646", "B", "Spring 2026"),
    )
    record = Record(matriculation=dt.date(2025, 8, 18), attempts=past)
    student = Student(
        matriculation=dt.date(2025, 8, 18),
        plan_from=TODAY,
        record=record,
        choices=(("specialization", "ml"),),
        wishes=Wishes(hours_per_week=None),
    )
    result = plan(rules, student, record, TODAY)
    assert result.status is PlanStatus.OPTIMAL
    assert result.plan is not None
    codes = [attempt.course for attempt in result.plan.attempts]
    assert "CS 6515" in codes
    # 21 credits and the second try: the old one earns nothing beside it
    assert len(codes) == 7
    whole = replace(record, attempts=record.attempts + result.plan.attempts)
    verdict = judge(rules, whole, result.plan.witness, TODAY)
    assert verdict.is_legal, (verdict.faults, verdict.breaches)
    assert verdict.degree >= Standing.PENDING
    assert "CS 6515" not in {place.attempt for place in result.plan.witness.placements}


