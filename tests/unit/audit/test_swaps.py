"""What is left once a course is taken is read off the completion where that is certain."""

from __future__ import annotations

import pytest
from tests.degrees import TODAY, at_most, degree, leaf, planned, record, taken
from tests.differential.audit_explained import steps_one_by_one

from prospectus.audit import AuditResult, audit
from prospectus.audit import steps as steps_module
from prospectus.audit.explain import next_steps
from prospectus.domain.program import Resolved
from prospectus.domain.record import Record


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the courses with which a whole audit is asked for."""
    found: list[str] = []
    whole = steps_module.audit_of

    def counting(problem, **more: object) -> AuditResult:  # type: ignore[no-untyped-def]
        found.append(problem.record.attempts[-1].course)
        return whole(problem, **more)

    monkeypatch.setattr(steps_module, "audit_of", counting)
    return found


def told(rules: Resolved, whole: Record) -> None:
    """Compare the next courses with one whole audit for each."""
    result = audit(rules, whole, TODAY)
    steps = next_steps(rules, whole, TODAY, result)
    expected = steps_one_by_one(rules, whole, TODAY, result, {})
    assert {s.course: (s.credits_left, s.completes) for s in steps} == expected


LISTS = degree(
    leaf("core", ["CS 600", "CS 610"], 1),
    leaf("list", ["CS 600", "CS 610", "CS 620", "CS 630"], 2),
    leaf("rest", "any", credits="rest"),
    total=12,
)


def test_a_course_of_the_cheapest_completion_asks_no_audit(asked: list[str]) -> None:
    told(LISTS, record(taken("CS 620"), taken("MATH 500")))
    assert asked == []


def test_a_course_before_which_another_would_give_way_is_audited(asked: list[str]) -> None:
    told(LISTS, record(planned("CS 610")))
    assert "CS 600" in asked


def test_a_leaf_that_looks_on_takes_the_course_too(asked: list[str]) -> None:
    rules = degree(
        leaf("core", ["CS 600", "CS 610"], 1),
        leaf("start", ["CS 610", "CS 620"], 1, pool="view"),
        leaf("rest", "any", credits="rest"),
        total=6,
        pools={"view": False},
    )
    told(rules, record(taken("MATH 500")))
    assert set(asked) <= {"CS 600", "CS 620"}


def test_a_most_that_is_reached_lets_no_course_stand_for_another(asked: list[str]) -> None:
    rules = degree(
        leaf("core", ["CS 600", "CS 610"], 1),
        leaf("rest", "any", credits="rest"),
        at_most("outside", ["MATH 500", "MATH 510"], credits=3),
        total=9,
    )
    told(rules, record(taken("MATH 500")))
    assert "MATH 510" in asked
