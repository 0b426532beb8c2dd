"""Facts of the three bundled programmes that the planner has to reproduce."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from prospectus.catalogs.load import Catalog, load_catalog
from prospectus.domain.meaning import appraise, judge, readings, resolve
from prospectus.domain.plan import Standing
from prospectus.domain.program import Resolved
from prospectus.domain.record import Record
from prospectus.domain.student import Person, Student, Wishes
from prospectus.planning.result import PlanResult, PlanStatus
from prospectus.planning.solve import plan

TODAY = dt.date(2026, 8, 1)
TRACKS = ("ai", "cpr", "cg", "cs", "hci", "ml")


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    """Return the bundled catalog."""
    return load_catalog()


def resolved(catalog: Catalog, program: str) -> Resolved:
    found = catalog.program(program)
    person = Person(facts=(("residence", "out-of-state"),))
    first = readings(found)[0]
    return resolve(found, catalog.school(found.school), person, first, catalog.assumptions)[0]


def planned(rules: Resolved, track: str = "", **wishes: object) -> PlanResult:
    """Plan from Fall 2026 without an hour limit; every plan is judged and appraised."""
    wishes.setdefault("hours_per_week", None)
    student = Student(
        matriculation=TODAY,
        plan_from=TODAY,
        choices=(("specialization", track),) if track else (),
        wishes=Wishes(**wishes),  # type: ignore[arg-type]
    )
    first = rules.calendar.leaves[rules.calendar.first_leaf_from(TODAY)].start
    record = Record(matriculation=first)
    result = plan(rules, student, record, TODAY)
    if result.plan is not None:
        whole = replace(record, attempts=result.plan.attempts)
        verdict = judge(rules, whole, result.plan.witness, TODAY)
        assert verdict.is_legal, (verdict.faults, verdict.breaches)
        assert verdict.degree >= Standing.PENDING
        seen = appraise(rules, student, whole, result.plan.witness, TODAY)
        assert not seen.wishes_broken
        values = {level.level: level.value for level in result.levels}
        assert seen.cost is not None
        assert (seen.finish.toordinal(), seen.cost.minor) == (values["finish"], values["cost"])
        assert (seen.peak_hours, seen.credits) == (values["peak"], values["credits"])
    return result


def value(result: PlanResult, level: str) -> int:
    found = next(item for item in result.levels if item.level == level)
    assert found.is_proven
    assert found.value is not None
    return int(found.value)


def terms(rules: Resolved, result: PlanResult) -> list[str]:
    assert result.plan is not None
    places = {rules.calendar.leaf_index(a.periods[0]) for a in result.plan.attempts}
    leaves = (rules.calendar.leaves[place] for place in sorted(p for p in places if p is not None))
    return list(dict.fromkeys(leaf.term for leaf in leaves))


@pytest.mark.parametrize("track", TRACKS)
def test_omscs_takes_six_terms_from_fall_2026_and_costs_9300(catalog: Catalog, track: str) -> None:
    rules = resolved(catalog, "gatech-omscs")
    result = planned(rules, track)
    assert result.status is PlanStatus.OPTIMAL
    assert terms(rules, result) == [
        "Fall 2026",
        "Spring 2027",
        "Summer 2027",
        "Fall 2027",
        "Spring 2028",
        "Summer 2028",
    ]
    assert value(result, "cost") == 930_000
    assert value(result, "credits") == 30


def test_omscs_cannot_be_done_in_five_terms(catalog: Catalog) -> None:
    # 2 + 2 + 1 + 2 + 2 courses are nine, and ten are needed
    result = planned(resolved(catalog, "gatech-omscs"), "hci", deadline=dt.date(2028, 7, 1))
    assert result.status is PlanStatus.INFEASIBLE
    assert "deadline" in {item.id for item in result.conflict}


def test_omscs_tracks_with_graduate_algorithms_need_more_than_15_hours(catalog: Catalog) -> None:
    result = planned(resolved(catalog, "gatech-omscs"), "ml", hours_per_week=15)
    assert {item.id for item in result.conflict} == {"hours", "node ml-algorithms"}


def test_mads_takes_four_semesters_even_without_an_hour_limit(catalog: Catalog) -> None:
    rules = resolved(catalog, "umich-mads")
    result = planned(rules)
    assert result.status is PlanStatus.OPTIMAL
    assert len(terms(rules, result)) == 4
    assert value(result, "credits") == 34


def test_boulder_is_planned_with_thirty_credits(catalog: Catalog) -> None:
    result = planned(resolved(catalog, "cuboulder-msds"), hours_per_week=15)
    assert result.status is PlanStatus.OPTIMAL
    assert value(result, "credits") == 30
