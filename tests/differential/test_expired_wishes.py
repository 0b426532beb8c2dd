"""Wishes that rest on credit which expires before the plan ends, against full enumeration."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.differential.generation import Problem, generate
from tests.differential.test_planner import check

from prospectus.domain.wish import TopicBy

SHORT = ((394, 8), (458, 5), (1020, 5), (1100, 5), (1396, 5))
"""Seeds of which a wanted course or a topic is had on record, and the months that credit lasts."""


def drawn(seed: int, months: int) -> Problem:
    """Return the problem of a seed, with credit that lasts so many months."""
    problem = generate(seed)
    program = problem.resolved.program
    rules = replace(program.record_rules, expires_months=months)
    program = replace(program, record_rules=rules)
    return replace(problem, resolved=replace(problem.resolved, program=program))


@pytest.mark.parametrize(("seed", "months"), SHORT)
def test_what_has_expired_fulfils_no_wish(seed: int, months: int) -> None:
    problem = drawn(seed, months)
    wishes = problem.student.wishes
    topics = any(isinstance(wish, TopicBy) for wish in wishes.about) or wishes.wanted_topics
    assert wishes.wanted or topics
    check(problem)
