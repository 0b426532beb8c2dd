"""When OMSCS courses run, and what reviewers say of them, against the numbers of the sources."""

from collections.abc import Callable
from fractions import Fraction

import pytest
from bundled_records import judged, planned

from prospectus.domain.course import CourseCode
from prospectus.domain.facts import Certainty
from prospectus.domain.offering import OfferingKind
from prospectus.domain.printer import print_expression
from prospectus.domain.program import Resolved
from prospectus.domain.record import Record


@pytest.fixture(scope="module")
def omscs(resolved_for: Callable[..., Resolved]) -> Resolved:
    """OMSCS of 2026-27."""
    return resolved_for("gatech-omscs")


def seen(resolved: Resolved, code: str) -> dict[str | None, tuple[Fraction | None, int | None]]:
    """Return the share and the number of seasons in which a course was looked for."""
    mine = [offering for offering in resolved.offerings if offering.course == code]
    return {offering.season: (offering.share, offering.n_observed) for offering in mine}


def test_every_window_is_a_history(omscs: Resolved) -> None:
    assert {offering.kind for offering in omscs.offerings} == {OfferingKind.LIKELY}
    assert {o.provenance.certainty for o in omscs.offerings} == {Certainty.REPORTED}
    assert {"schedule:S18", "schedule:S5"} <= set(omscs.offerings[0].provenance.sources)


@pytest.mark.parametrize(
    ("code", "fall", "spring", "summer"),
    [
        # long run: five Falls, six Springs, five Summers of the listing and one of the school's own
        ("CS 6200", (5, 5), (6, 6), (6, 6)),
        ("CS 6476", (5, 5), (6, 6), (0, 6)),
        ("CSE 6242", (5, 5), (6, 6), (0, 6)),
        ("CS 7641", (5, 5), (6, 6), (3, 6)),
        ("CS 6601", (5, 5), (6, 6), (5, 6)),
        # the school's own counts contradict the listing
        ("CS 6400", (5, 5), (6, 6), (5, 5)),
        ("CS 6440", (5, 5), (6, 6), (0, 5)),
        # counted from the first term on
        ("CS 6150", (1, 4), (5, 5), (0, 5)),
        ("CS 6264", (5, 5), (1, 5), (4, 5)),
        ("CS 6491", (1, 1), (2, 2), (2, 2)),
        ("CS 7650", (3, 3), (3, 3), (4, 4)),
        ("MGT 8813", (3, 3), (3, 3), (3, 3)),
        # counted from the first term under a former number on
        ("CS 6435", (3, 3), (4, 4), (3, 4)),
        ("CS 7400", (4, 4), (4, 4), (4, 4)),
        ("ISYE 6525", (5, 5), (6, 6), (6, 6)),
        # not in the listing: the school's own counts, four of each
        ("CS 8803 ORO", (0, 4), (1, 4), (1, 4)),
    ],
)
def test_a_course_ran_as_often_as_the_registrar_lists_it(
    omscs: Resolved,
    code: str,
    fall: tuple[int, int],
    spring: tuple[int, int],
    summer: tuple[int, int],
) -> None:
    counts = zip(("Fall", "Spring", "Summer"), (fall, spring, summer), strict=True)
    assert seen(omscs, code) == {season: (Fraction(*count), count[1]) for season, count in counts}


@pytest.mark.parametrize("code", ["CS 7711", "CS 8803 O27"])
def test_a_season_that_has_not_come_round_since_the_first_term_is_left_out(
    omscs: Resolved, code: str
) -> None:
    assert seen(omscs, code) == {"Spring": (1, 1), "Summer": (1, 1)}


def test_courses_without_any_history(omscs: Resolved) -> None:
    without = set(omscs.courses) - {offering.course for offering in omscs.offerings}
    assert without == {"CS 6271", "CS 8803 O25", "ISYE 6414", "CS 8001"}


def test_sections_of_the_analytics_degree_are_not_for_these_students(
    omscs: Resolved, resolved_for: Callable[..., Resolved]
) -> None:
    omsa = resolved_for("gatech-omsa", ("isye-6740", "once"))
    assert seen(omsa, "ISYE 6414")["Summer"] == (1, 5)
    assert seen(omscs, "CS 6750")["Fall"] == (1, 5)
    assert seen(omsa, "CS 6750")["Fall"] == (Fraction(2, 5), 5)
    assert "CSE 6040" not in omscs.courses


@pytest.mark.parametrize(
    ("code", "hours", "n_hours", "difficulty", "n_difficulty"),
    [
        ("CS 7641", (16, 20, 25), 440, (4, 4, 5), 445),
        ("CS 6035", (6, 10, 12), 462, (2, 2, 3), 467),
        ("ISYE 6525", (15, 16, 20), 39, (4, 4, 5), 39),  # reviewed as ISYE 8803
    ],
)
def test_hours_and_difficulty_are_medians_and_quartiles_with_their_reports(
    omscs: Resolved,
    code: str,
    hours: tuple[int, int, int],
    n_hours: int,
    difficulty: tuple[int, int, int],
    n_difficulty: int,
) -> None:
    course = omscs.courses[CourseCode(code)]
    work, felt = course.hours, course.difficulty
    assert work is not None
    assert felt is not None
    assert (work.lower_quartile, work.hours_per_week, work.upper_quartile) == hours
    assert (felt.lower_quartile, felt.median, felt.upper_quartile) == difficulty
    assert (felt.low, felt.high) == (1, 5)
    assert (work.provenance.n_reports, felt.provenance.n_reports) == (n_hours, n_difficulty)
    assert work.provenance.certainty is felt.provenance.certainty is Certainty.REPORTED


def test_where_only_a_mean_was_found_it_is_called_one_and_no_difficulty_is_given(
    omscs: Resolved,
) -> None:
    means = set()
    for code, course in omscs.courses.items():
        if course.hours is not None and course.hours.provenance.note == "mean":
            means.add(code)
            assert course.hours.lower_quartile is None
            assert course.difficulty is None
    assert means == {"CS 6422", "CS 6435", "CS 6491", "CS 7295", "CS 7496", "CS 8803 O24"}


def test_hours_are_unknown_where_there_are_no_reviews(omscs: Resolved) -> None:
    assert {code for code, course in omscs.courses.items() if course.hours is None} == {
        "CS 6271",
        "CS 7240",
        "CS 7711",
        "CS 8803 O20",
        "CS 8803 O25",
        "CS 8803 O27",
        "CS 8803 ORO",
        "CS 8001",
    }


@pytest.mark.parametrize("code", ["CSE 6242", "ISYE 6644", "CS 7643", "CSE 6250"])
def test_what_the_registrar_prints_as_prerequisites_neither_blocks_nor_warns(
    omscs: Resolved, code: str
) -> None:
    course = omscs.courses[CourseCode(code)]
    assert course.requisite is None
    assert course.advisory is not None
    assert "helps(" in print_expression(course.advisory)
    record = Record(attempts=(planned(code, "Spring 2028"),))
    verdict = judged(omscs, record, {}, ("specialization", "ml"))
    assert not any(breach.rule == f"requisite {code}" for breach in verdict.breaches)
