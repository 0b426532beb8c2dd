"""The use cases on the bundled catalog, with the real planner."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from prospectus.app.comparing import compare_programs, process_pool
from prospectus.app.degree_plan import plan_degree
from prospectus.compare.row import Outcome
from prospectus.domain.course import CourseCode
from prospectus.domain.facts import Money
from prospectus.planning.result import PlanStatus

EXAMPLES = Path(__file__).parents[3] / "examples"
TODAY = dt.date(2026, 8, 1)


@pytest.fixture
def me(tmp_path: Path) -> Path:
    """A person without a limit on hours who begins in Fall 2026."""
    path = tmp_path / "me.yaml"
    text = "format: 1\nplan_from: 2026-08-20\nhours_per_week: no limit\nresidence: US-CO\n"
    path.write_text(text, encoding="utf-8")
    return path


def test_omscs_takes_six_terms_and_9300_dollars_with_every_level_proven(me: Path):
    answer = plan_degree(me, "gatech-omscs", "ml", today=TODAY)
    (variant,) = answer.tracks[0].variants
    assert variant.status is PlanStatus.OPTIMAL
    assert all(level.is_proven for level in variant.levels)
    assert [period.id for period in variant.periods] == [
        "Fall 2026",
        "Spring 2027",
        "Summer 2027",
        "Fall 2027",
        "Spring 2028",
        "Summer 2028",
    ]
    assert variant.cost == Money(minor=930_000, currency="USD")
    assert sum(len(period.starts) for period in variant.periods) == 10
    assert all(course.meets for period in variant.periods for course in period.starts)
    assert "rates-held-flat" in {item.id for item in variant.assumptions}
    assert not variant.periods[0].is_projected
    assert variant.finish_is_projected


def test_the_record_of_the_mid_way_student_shortens_the_plan():
    answer = plan_degree(EXAMPLES / "omscs-midway.yaml", today=TODAY)
    (variant,) = answer.tracks[0].variants
    planned = {course.code for period in variant.periods for course in period.starts}
    assert len(planned) == 5
    assert CourseCode("CS 7643") in planned
    assert CourseCode("CS 7210") not in planned
    assert answer.admission.apply_by == "already enrolled"
    held = {line.label: line.standing for line in variant.requirements}
    assert held["Machine Learning Core"] == "in progress"


def test_a_comparison_in_processes_equals_one_without(me: Path):
    alone = compare_programs(me, ["cuboulder-msds"], today=TODAY)
    with process_pool(2) as pool:
        assert compare_programs(me, ["cuboulder-msds"], today=TODAY, executor=pool) == alone
    (shown,) = alone.rows
    assert shown.row.outcome is Outcome.PROVEN
    assert shown.row.figures is not None
    assert shown.row.figures.cost == Money(minor=2_001_000, currency="USD")
    assert "boulder-price" in shown.row.assumptions
    assert len(shown.sentences) >= 2
