"""Facts of the Analytics degree's files against the numbers of their sources."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest
from bundled_records import TODAY, attempt, judged, leaf, node, passed, planned

from prospectus.catalogs.load import Catalog
from prospectus.domain.course import CourseCode
from prospectus.domain.expression import CodeIs, Selector, Union
from prospectus.domain.facts import Certainty, Completeness, Money
from prospectus.domain.meaning import appraise, readings
from prospectus.domain.plan import Standing, Witness
from prospectus.domain.printer import print_expression
from prospectus.domain.program import Resolved
from prospectus.domain.record import Attempt, Record
from prospectus.domain.requirement import All
from prospectus.domain.student import Student

PRACTICUM = ("ISYE 6748", "CSE 6748", "MGT 6748")


@pytest.fixture(scope="module")
def omsa(resolved_for: Callable[..., Resolved]) -> Resolved:
    """OMSA, ISYE 6740 used once, for somebody from outside Georgia."""
    return resolved_for("gatech-omsa", ("isye-6740", "once"), facts=[("residence", "out-of-state")])


def codes(selector: Selector) -> set[str]:
    """Return the codes that a plain list names."""
    items = selector.items if isinstance(selector, Union) else (selector,)
    return {item.code for item in items if isinstance(item, CodeIs)}


def test_it_is_complete_and_disputed_in_one_point(catalog: Catalog) -> None:
    program = catalog.program("gatech-omsa")
    assert program.completeness is Completeness.COMPLETE
    assert readings(program) == ((("isye-6740", "once"),), (("isye-6740", "twice"),))
    assert program.min_grade is None


def test_thirty_six_courses_have_a_section_and_the_practicum_six_credits(
    omsa: Resolved,
) -> None:
    own = [code for code in omsa.courses if not code.startswith("~")]
    assert len(own) == 36
    assert {c.credits_low for code, c in omsa.courses.items() if code in PRACTICUM} == {6}
    assert all(omsa.courses[CourseCode(c)].credits_low == 3 for c in own if c not in PRACTICUM)
    assert set(omsa.courses) - set(own) == {"~applied-analytics-internship"}
    assert "CS 7641" not in omsa.courses


def test_the_lists_hold_what_students_label_so(omsa: Resolved) -> None:
    sizes = {name: len(codes(chosen)) for name, chosen in omsa.sets.items()}
    assert sizes["statistics"] == 6
    assert codes(omsa.sets["operations-research"]) == {"ISYE 6644", "ISYE 6650", "ISYE 6669"}
    assert sizes["business"] == 9
    assert sizes["computing"] == 13


@pytest.mark.parametrize("track", ["analytical-tools", "business-analytics"])
def test_a_track_restates_thirty_six_credits_in_a_pool_that_does_not_count(
    omsa: Resolved, track: str
) -> None:
    below = node(omsa, track)
    assert isinstance(below, All)
    leaves = [leaf(omsa, child.header.id) for child in below.children]
    assert {fill.pool for fill in leaves} == {"track"}
    assert not omsa.pool_counts["track"]
    sizes = [fill.credits.low if fill.credits else 3 * fill.courses.low for fill in leaves]
    assert sum(sizes) + 3 == 36  # the practicum is one course of six credits


@pytest.mark.parametrize(
    ("code", "history"),
    [
        ("CSE 6242", {"Fall": (5, 5), "Spring": (5, 5), "Summer": (0, 5)}),
        ("CSE 6040", {"Fall": (5, 5), "Spring": (5, 5), "Summer": (1, 5)}),
        ("MGT 6748", {"Fall": (5, 5), "Spring": (5, 5), "Summer": (5, 5)}),
        ("CS 6601", {"Fall": (2, 5), "Spring": (5, 5), "Summer": (1, 5)}),
        # first listed in Spring 2023 and in Fall 2023
        ("CS 7280", {"Fall": (2, 2), "Spring": (3, 3), "Summer": (3, 3)}),
        ("ISYE 6650", {"Fall": (2, 2), "Spring": (2, 2), "Summer": (1, 2)}),
        # with its terms under the former number
        ("ISYE 6525", {"Fall": (5, 5), "Spring": (4, 5), "Summer": (5, 5)}),
        ("MGT 6033", {"Fall": (2, 2), "Spring": (1, 2), "Summer": (2, 2)}),
    ],
)
def test_sections_are_counted_from_the_registrars_listing(
    omsa: Resolved, code: str, history: dict[str, tuple[int, int]]
) -> None:
    mine = {o.season: (o.share, o.n_observed) for o in omsa.offerings if o.course == code}
    assert mine == {season: (Fraction(*n), n[1]) for season, n in history.items()}


def cost(resolved: Resolved, *attempts: Attempt) -> Money | None:
    student = Student(matriculation=dt.date(2026, 8, 24), plan_from=dt.date(2026, 8, 24))
    return appraise(resolved, student, Record(attempts=attempts), Witness(), TODAY).cost


@pytest.mark.parametrize(
    ("period", "taken", "price"),
    [
        ("Fall 2026", ["CSE 6040"], 1202),
        ("Fall 2026", ["CSE 6040", "ISYE 6501"], 2511),
        ("Spring 2027", ["CSE 6748"], 2511),
        ("Summer 2027", ["ISYE 6501"], 1173),
        ("Summer 2027", ["CSE 6748"], 2435),
    ],
)
def test_a_term_costs_what_the_rate_sheet_gives(
    omsa: Resolved, period: str, taken: list[str], price: int
) -> None:
    attempts = [planned(c, period, credits=6 if c in PRACTICUM else 3) for c in taken]
    assert cost(omsa, *attempts) == Money(minor=100 * price, currency="USD")


def test_that_everyone_pays_the_in_state_column_is_assumed(
    omsa: Resolved, resolved_for: Callable[..., Resolved]
) -> None:
    here = resolved_for("gatech-omsa", ("isye-6740", "once"), facts=[("residence", "in-state")])
    (stated,) = [fee for fee in here.fees if fee.id == "omsa-tuition"]
    (assumed,) = [fee for fee in omsa.fees if fee.id == "omsa-tuition"]
    assert stated.provenance.certainty is Certainty.STATED
    assert assumed.provenance.assumption == "omsa-one-price"


def test_only_the_practicum_has_a_prerequisite_that_binds(omsa: Resolved) -> None:
    binding = {code: c.requisite for code, c in omsa.courses.items() if c.requisite is not None}
    assert set(binding) == set(PRACTICUM)
    assert {print_expression(found) for found in binding.values()} == {
        'CSE 6242 or with CSE 6242 and approval("practicum appeal")'
    }


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        ("ISYE 7406", "recommended(ISYE 6414) and helps(ISYE 6413)"),
        ("MGT 6203", "helps(MGT 6500)"),
        ("ISYE 6650", "helps(ISYE 2027)"),
    ],
)
def test_a_prerequisite_that_names_a_campus_course_is_advice(
    omsa: Resolved, code: str, advice: str
) -> None:
    found = omsa.courses[CourseCode(code)].advisory
    assert found is not None
    assert print_expression(found) == advice


def test_a_campus_course_is_missed_by_nobody_and_one_of_the_degree_is(omsa: Resolved) -> None:
    attempts = (planned("ISYE 7406", "Spring 2027"), planned("ISYE 6650", "Spring 2027"))
    verdict = judged(omsa, Record(attempts=attempts), {}, ("track", "analytical-tools"))
    assert not verdict.breaches
    assert {note.rule for note in verdict.notes} == {"advice ISYE 7406"}


def test_mgt_8833_was_privacy_until_2021_and_unstructured_data_until_2025(omsa: Resolved) -> None:
    choice = ("track", "business-analytics")
    held = {"business-business": ["MGT 8833", "MGT 6727"]}
    for topic, n_uses in (("privacy", 1), ("unstructured data", 2)):
        first = replace(attempt("MGT 8833", "Spring 2021", grade="B"), topic=topic)
        record = Record(attempts=(first, *passed("MGT 6727").attempts))
        verdict = judged(omsa, record, held, choice)
        assert verdict.is_valid is (n_uses == 2)


def test_a_reported_hour_is_a_median_of_reviews_of_the_same_course(omsa: Resolved) -> None:
    hours = {code: omsa.courses[CourseCode(code)].hours for code in PRACTICUM}
    assert {(h.hours_per_week, h.provenance.n_reports) for h in hours.values() if h} == {(12, 9)}
    none = {code for code, course in omsa.courses.items() if course.hours is None}
    assert none == {"MGT 6033", "MGT 6059", "MGT 6655", "~applied-analytics-internship"}


def test_it_begins_in_fall_or_spring_and_judges_low_means_case_by_case(catalog: Catalog) -> None:
    admission = catalog.program("gatech-omsa").admission
    assert admission.eligibility is not None
    text = print_expression(admission.eligibility)
    assert 'approval("admissions")' in text
    assert 'background("linear algebra")' in text
    assert admission.starts == ("Fall", "Spring")


def test_an_internship_replaces_the_practicum_once_it_is_approved(omsa: Resolved) -> None:
    record = Record(attempts=(attempt("~applied-analytics-internship", credits=6, grade="B"),))
    held = {"practicum": "~applied-analytics-internship"}
    verdict = judged(omsa, record, held, ("track", "analytical-tools"))
    assert verdict.is_valid
    assert verdict.standing("practicum") is Standing.PENDING
