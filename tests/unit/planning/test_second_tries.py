"""A second try at a course on record: offered where the newest counts and one is allowed."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from tests.builders import Answer, plan_it
from tests.degrees import asks, course, degree, done, leaf, taken

from prospectus.catalogs.load import load_catalog
from prospectus.domain.course import CourseCode
from prospectus.domain.expression import AnyCourse, Approval, CodeIs, CoursesOf
from prospectus.domain.meaning import judge, readings, resolve
from prospectus.domain.plan import Standing
from prospectus.domain.record import Attempt, AttemptStatus, Record
from prospectus.domain.rule import RecordRules, Repeats, WhichAttempt
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


def again(rules: RecordRules, *past: Attempt, floor: str | None = "B") -> Answer:
    """Plan a degree of one leaf that asks AA 500 alone."""
    core = leaf("core", ["AA 500"], 1, min_grade=floor)
    return plan_it(degree(core, courses=[course("AA 500")], record_rules=rules), *past)


@pytest.mark.parametrize("use", [WhichAttempt.BEST, WhichAttempt.FIRST])
def test_no_second_try_is_planned_where_the_one_on_record_would_stand(use: WhichAttempt) -> None:
    found = again(RecordRules(repeats=Repeats(use=use)), taken("AA 500", "C"))
    assert found.result.status is PlanStatus.INFEASIBLE


def test_a_second_try_is_not_planned_where_the_first_is_good_enough() -> None:
    assert again(RecordRules(repeats=NEWEST), taken("AA 500", "B")).runs == {}


def test_a_second_try_earns_its_credits_once() -> None:
    core = leaf("core", ["AA 500"], 1, min_grade="B")
    rules = degree(
        core,
        leaf("free", credits="rest"),
        total=6,
        courses=[course("AA 500"), course("AA 501")],
        record_rules=RecordRules(repeats=NEWEST),
    )
    assert set(plan_it(rules, taken("AA 500", "C")).runs) == {"AA 500", "AA 501"}


def test_a_second_try_meets_no_condition_on_credit_beside_the_first() -> None:
    rules = degree(
        leaf("core", ["AA 500"], 1, min_grade="B"),
        leaf("last", ["AA 502"], 1),
        courses=[
            course("AA 500"),
            course("AA 501"),
            asks("AA 502", CoursesOf(courses=2, of=AnyCourse())),
        ],
        record_rules=RecordRules(repeats=NEWEST),
    )
    found = plan_it(rules, taken("AA 500", "C"))
    assert set(found.runs) == {"AA 500", "AA 501", "AA 502"}


def test_the_old_try_still_meets_a_prerequisite() -> None:
    rules = degree(
        leaf("both", ["AA 500", "AA 501"], 2, min_grade="B"),
        courses=[course("AA 500"), asks("AA 501", done("AA 500"))],
        record_rules=RecordRules(repeats=NEWEST),
    )
    found = plan_it(rules, taken("AA 500", "C"))
    assert found.runs == {"AA 500": "Fall 2026", "AA 501": "Fall 2026"}


def test_a_failed_try_counts_for_the_cap_on_repeats() -> None:
    rules = RecordRules(repeats=Repeats(use=WhichAttempt.NEWEST, cap=1))
    failed = taken("AA 500", "F", "Fall 2024", id="failed", status=AttemptStatus.FAILED)
    assert again(rules, failed).runs == {"AA 500": "Fall 2026"}
    assert again(rules, failed, taken("AA 500", "C")).result.status is PlanStatus.INFEASIBLE


def test_a_withdrawal_uses_up_neither_a_try_nor_a_repeat() -> None:
    left = taken("AA 500", None, "Fall 2024", id="left", status=AttemptStatus.WITHDRAWN)
    capped = RecordRules(repeats=Repeats(use=WhichAttempt.NEWEST, cap=1))
    limited = RecordRules(repeats=NEWEST, attempts_at_most=2)
    assert again(capped, left, taken("AA 500", "C")).runs == {"AA 500": "Fall 2026"}
    assert again(limited, left, taken("AA 500", "C")).runs == {"AA 500": "Fall 2026"}
    failed = taken("AA 500", "F", "Fall 2024", id="failed", status=AttemptStatus.FAILED)
    assert again(limited, failed, taken("AA 500", "C")).result.status is PlanStatus.INFEASIBLE


def test_a_limit_of_attempts_binds_only_the_courses_it_speaks_of() -> None:
    failed = taken("AA 500", "F", status=AttemptStatus.FAILED)
    for code, status in (("AA 500", PlanStatus.INFEASIBLE), ("AA 501", PlanStatus.OPTIMAL)):
        rules = RecordRules(attempts_at_most=1, attempts_of=CodeIs(code=CourseCode(code)))
        assert again(rules, failed).result.status is status


def test_a_course_passed_too_well_is_not_planned_again() -> None:
    for grade, status in (("C", PlanStatus.OPTIMAL), ("B", PlanStatus.INFEASIBLE)):
        rules = RecordRules(repeats=replace(NEWEST, only_below="B"))
        assert again(rules, taken("AA 500", grade), floor="A").result.status is status


def test_credit_passed_too_well_may_be_earned_again_once_it_has_expired() -> None:
    rules = RecordRules(repeats=replace(NEWEST, only_below="B"), expires_months=3)
    found = again(rules, taken("AA 500", "B", "Fall 2024"), floor="A")
    assert found.runs == {"AA 500": "Fall 2026"}


def test_no_more_repeats_are_planned_than_the_record_may_hold_in_all() -> None:
    core = leaf("core", ["AA 500", "AA 501"], 2, min_grade="B")
    past = [taken("AA 500", "C"), taken("AA 501", "C")]
    for most, status in ((2, PlanStatus.OPTIMAL), (1, PlanStatus.INFEASIBLE)):
        limited = RecordRules(repeats=replace(NEWEST, at_most_in_all=most))
        courses = [course("AA 500"), course("AA 501")]
        rules = degree(core, courses=courses, record_rules=limited)
        assert plan_it(rules, *past).result.status is status


def test_a_repeat_on_record_that_nobody_refused_counts() -> None:
    asked = Repeats(use=WhichAttempt.NEWEST, allowed=Approval(who="adviser"))
    rules = RecordRules(repeats=asked)
    assert again(rules, taken("AA 500", "B")).runs == {}
    both = (taken("AA 500", "C", "Fall 2024", id="first"), taken("AA 500", "B"))
    assert again(rules, *both).runs == {}
