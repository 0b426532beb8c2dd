"""Facts of the Boulder files against the numbers of their sources."""

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise

import pytest
from bundled_records import TODAY, judged, leaf, node, passed, planned

from prospectus.catalogs.load import Catalog
from prospectus.domain.course import CourseCode
from prospectus.domain.expression import CodeIs, InSet, Soft, Softness, Union
from prospectus.domain.facts import Certainty
from prospectus.domain.meaning import appraise
from prospectus.domain.offering import OfferingKind
from prospectus.domain.plan import Standing, Witness
from prospectus.domain.program import Resolved
from prospectus.domain.record import Record
from prospectus.domain.requirement import Any
from prospectus.domain.student import Student

CORE = {
    "algorithms": 3,
    "inference": 3,
    "vital-skills": 4,
    "data-mining": 3,
    "modeling": 3,
    "machine-learning": 3,
    "databases": 2,
}


@pytest.fixture(scope="module")
def msds(resolved_for: Callable[..., Resolved]) -> Resolved:
    """The degree of 2023-24."""
    return resolved_for("cuboulder-msds")


def listed(resolved: Resolved, id: str) -> set[str]:
    chosen = leaf(resolved, id).from_
    if isinstance(chosen, InSet):
        chosen = resolved.sets[chosen.name]
    assert isinstance(chosen, Union)
    return {item.code for item in chosen.items if isinstance(item, CodeIs)}


def test_its_forty_seven_courses_have_one_credit_each(msds: Resolved) -> None:
    own = listed(msds, "electives").union(*(listed(msds, id) for id in CORE))
    assert len(own) == 47
    assert {msds.courses[CourseCode(code)].credits_low for code in own} == {1}
    assert {msds.courses[CourseCode(code)].credits_high for code in own} == {1}
    assert {code for code in own if code.startswith("~")} == {
        "~cv-1",
        "~ibm-capstone-1",
        "~project-management-1",
        "~project-management-2",
        "~project-management-3",
    }


def test_twenty_one_core_courses_are_all_required(msds: Resolved) -> None:
    for id, size in CORE.items():
        fill = leaf(msds, id)
        assert fill.courses is not None
        assert len(listed(msds, id)) == fill.courses.low == size
    assert sum(CORE.values()) == 21


def test_nine_credits_come_from_twenty_six_electives_outside_the_core(msds: Resolved) -> None:
    fill = leaf(msds, "electives")
    assert fill.credits is not None
    assert fill.credits.low == 9
    electives = listed(msds, "electives")
    core = {code for id in CORE for code in listed(msds, id)}
    assert len(electives) == 26
    assert electives | core < set(msds.courses)
    assert not electives & core
    assert msds.tree.total is not None
    assert msds.tree.total.credits is not None
    assert msds.tree.total.credits.low == 30


def test_a_pathway_is_a_view_of_the_core(msds: Resolved) -> None:
    assert isinstance(node(msds, "pathway"), Any)
    assert msds.pool_counts["admission"] is False
    path = ["DTSA 5501", "DTSA 5502", "DTSA 5503"]
    held = {"algorithms": path, "pathway-algorithms": path}
    verdict = judged(msds, passed(*path, credits=1), held, ("pathway", "pathway-algorithms"))
    assert verdict.is_valid
    assert verdict.standing("pathway") is Standing.MET


def test_every_course_is_expected_in_each_of_six_sessions_a_year(msds: Resolved) -> None:
    assert {offering.kind for offering in msds.offerings} == {OfferingKind.EXPECTED}
    year = [i for i, period in enumerate(msds.calendar.leaves) if period.year == 2027]
    assert len(year) == 6
    for code in msds.courses:
        assert {(i,) for i in year} <= {run.leaves for run in msds.runs_of(code)}


def test_a_session_has_eight_weeks_and_assumed_days(msds: Resolved) -> None:
    leaves = msds.calendar.leaves
    assert {period.n_weeks for period in leaves} == {8}
    assert {period.provenance.assumption for period in leaves} == {"boulder-session-dates"}
    assert all(one.end < next_one.start for one, next_one in pairwise(leaves))


def test_prerequisites_are_none_and_the_order_of_a_series_only_helps(msds: Resolved) -> None:
    assert all(c.requisite is None and c.requisite_stated for c in msds.courses.values())
    advice = msds.courses[CourseCode("DTSA 5511")].advisory
    assert isinstance(advice, Soft)
    assert advice.kind is Softness.HELPS


@pytest.mark.parametrize(
    ("code", "per_week", "n"),
    [("DTSA 5511", 8, 9), ("DTSA 5301", 1, 3), ("DTSA 5501", 4, 1), ("DTSA 5842", 8, 1)],
)
def test_hours_are_a_course_s_total_over_eight_weeks(
    msds: Resolved, code: str, per_week: int, n: int
) -> None:
    hours = msds.courses[CourseCode(code)].hours
    assert hours is not None
    assert hours.hours_per_week == per_week
    assert hours.provenance.certainty is Certainty.REPORTED
    assert hours.provenance.n_reports == n
    assert hours.provenance.assumption is None


def test_that_every_course_runs_in_every_session_is_assumed(msds: Resolved) -> None:
    assert {o.provenance.assumption for o in msds.offerings} == {"boulder-every-session"}


def test_the_price_is_the_sister_degree_s_and_assumed(msds: Resolved) -> None:
    record = Record(attempts=(planned("DTSA 5001", "Fall 2026 S1", credits=1),))
    student = Student(matriculation=TODAY, plan_from=TODAY)
    found = appraise(msds, student, record, Witness(), TODAY)
    assert found.cost is not None
    assert found.cost.minor == 66_700
    assert "boulder-price" in found.assumptions
    assert all(due.assumed for due in found.dues)


def test_the_cap_on_a_pair_of_sessions_is_assumed(msds: Resolved) -> None:
    (cap,) = msds.program.enrolment.loads
    assert cap.per == "term"
    assert cap.credits is not None
    assert cap.credits.high == Fraction(15)
    assert cap.header.provenance.assumption == "boulder-pair-cap"


def test_grade_floors_are_unknown_and_not_none(catalog: Catalog) -> None:
    program = catalog.program("cuboulder-msds")
    assert program.min_grade is None
    assert "the grade that a course must reach" in program.unknown


def test_thirty_courses_in_four_sessions_are_a_legal_plan_and_in_two_are_not(
    msds: Resolved,
) -> None:
    path = sorted(listed(msds, "algorithms"))
    core = {id: sorted(listed(msds, id)) for id in CORE}
    electives = sorted(listed(msds, "electives"))[:9]
    codes = [code for group in (*core.values(), electives) for code in group]
    held = core | {"electives": electives, "pathway-algorithms": path}
    sessions = ["Fall 2026 S1", "Fall 2026 S2", "Spring 2027 S1", "Spring 2027 S2"]

    def plan(n_sessions: int) -> Record:
        return Record(
            attempts=tuple(
                planned(code, sessions[i * n_sessions // 30], credits=1)
                for i, code in enumerate(codes)
            )
        )

    choice = ("pathway", "pathway-algorithms")
    verdict = judged(msds, plan(4), held, choice)
    assert verdict.is_legal
    assert verdict.degree is Standing.PLANNED
    crowded = judged(msds, plan(2), held, choice)
    assert [breach.rule for breach in crowded.breaches] == ["session-pair-cap"]
