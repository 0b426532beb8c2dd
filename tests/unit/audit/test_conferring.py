"""The day of conferral judged where nobody states one."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.degrees import TODAY, degree, leaf, planned, record, running, taken

from prospectus.audit.conferring import audit_to_come
from prospectus.audit.result import AuditResult, Reason
from prospectus.domain.record import Attempt
from prospectus.domain.rule import RecordRules, Repeats, WhichAttempt

RULES = degree(leaf("core", ["CS 600", "CS 610"], 2), record_rules=RecordRules(expires_months=12))
OLD = taken("CS 600", when="Fall 2023")


def _audit(*attempts: Attempt, conferral: dt.date | None = None) -> AuditResult:
    return audit_to_come(RULES, record(*attempts), TODAY, conferral=conferral)


def test_what_has_expired_by_today_counts_for_no_degree_that_is_still_open() -> None:
    found = _audit(OLD)
    assert [(one.attempt, one.reason) for one in found.unused] == [("CS 600", Reason.EXPIRED)]
    assert found.credits_left == 6
    assert found.witness.conferral == TODAY


def test_a_finished_degree_keeps_the_day_on_which_it_was_finished() -> None:
    found = _audit(OLD, taken("CS 610", when="Fall 2023"))
    assert found.credits_left == 0
    assert found.witness.conferral is None


def test_a_day_that_is_stated_is_the_day_judged() -> None:
    day = dt.date(2024, 6, 1)
    found = _audit(OLD, conferral=day)
    assert found.credits_left == 3
    assert found.witness.conferral == day


def test_a_course_under_way_without_a_date_ends_no_earlier_than_today() -> None:
    found = _audit(OLD, planned("CS 610", ""))
    assert [one.attempt for one in found.unused] == ["CS 600"]


@pytest.mark.parametrize("repeats", [None, Repeats(), Repeats(use=WhichAttempt.BEST)])
@pytest.mark.parametrize("expected", [None, "A"])
def test_a_retake_under_way_stands_before_a_grade_below_the_floor(
    repeats: Repeats | None, expected: str | None
) -> None:
    rules = degree(
        leaf("core", "CS 600", 1, min_grade="B"), record_rules=RecordRules(repeats=repeats)
    )
    again = running("CS 600", id="again", expected_grade=expected)
    found = audit_to_come(rules, record(taken("CS 600", "C", id="old"), again), TODAY)
    assert [(one.attempt, one.leaf) for one in found.witness.placements] == [("again", "core")]
    assert found.credits_left == 0
