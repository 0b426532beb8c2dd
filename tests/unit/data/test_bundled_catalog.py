"""What holds for every bundled programme."""

from itertools import pairwise

from prospectus.catalogs.check import check
from prospectus.catalogs.load import Catalog, bundled_root
from prospectus.domain.errors import Severity
from prospectus.domain.facts import Certainty, Completeness

ENGINE_ASSUMPTIONS = {"hours-per-credit", "hours-per-week", "rates-held-flat"}


def test_three_programmes_ship_and_all_are_complete(catalog: Catalog) -> None:
    assert [(p.id, p.catalog_year) for p in catalog.programs] == [
        ("cuboulder-msds", "2023-24"),
        ("gatech-omscs", "2026-27"),
        ("umich-mads", "2023-24"),
    ]
    assert {p.completeness for p in catalog.programs} == {Completeness.COMPLETE}


def test_every_course_offering_and_fee_has_a_source_and_a_date(catalog: Catalog) -> None:
    for school in catalog.schools:
        for fact in (*school.courses, *school.offerings, *school.fees):
            assert fact.provenance.sources, fact
            assert fact.provenance.as_of, fact


def test_every_reported_hour_names_its_source(catalog: Catalog) -> None:
    for school in catalog.schools:
        for course in school.courses:
            if course.hours is not None:
                assert course.hours.provenance.certainty is Certainty.REPORTED
                assert course.hours.provenance.sources


def test_every_assumption_is_used_and_says_why(catalog: Catalog) -> None:
    text = "".join(
        path.read_text(encoding="utf-8") for path in (bundled_root() / "schools").rglob("*.yaml")
    )
    for id, assumption in catalog.assumptions.items():
        assert assumption.reason
        assert assumption.source
        assert id in ENGINE_ASSUMPTIONS or f"assumption: {id}" in text


def test_every_programme_asks_the_school_something(catalog: Catalog) -> None:
    assert all(program.questions for program in catalog.programs)


def test_terms_of_a_calendar_follow_each_other(catalog: Catalog) -> None:
    for school in catalog.schools:
        for _, calendar in school.calendars:
            assert all(one.end < after.start for one, after in pairwise(calendar.leaves))


def test_the_check_warns_of_nothing_but_courses_that_may_not_run() -> None:
    faults = check([bundled_root()])
    assert {fault.code for fault in faults} == {"CAT-077"}
    assert {fault.severity for fault in faults} == {Severity.WARNING}
    assert len(faults) == 1
    assert (
        "that CS 6271, CS 7711, CS 8803 O25, CS 8803 O27, CS 8803 ORO, ECE 8843, ISYE 6414, "
        "CS 8001 will run" in faults[0].what
    )
