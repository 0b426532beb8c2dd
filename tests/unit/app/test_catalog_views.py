"""What `show` says of a programme and of a course: each fact with source, day and place."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

import snippets
from prospectus.app.catalog_answers import RuleLine
from prospectus.app.catalog_views import show_course, show_program
from prospectus.app.fact_age import is_old, last_day
from prospectus.app.fact_counts import count_facts
from prospectus.domain.errors import UsageError
from prospectus.domain.facts import Certainty

TODAY = dt.date(2026, 11, 22)
PROGRAM = """\
accreditation: {bodies: [Higher Learning Commission], program: none}
delivery: {mode: sync, visits: required, zone: America/Chicago, notes: [Two weekends.]}
experiential: {kinds: [capstone, thesis], required: choice}
transfer: {notes: [At most six credits.], as_of: 2024-25}
notes: [Classes are small.]
admission:
  eligibility: degree(bachelor)
  starts: [Fall]
  rolling: no
  deadlines:
    - {start: Fall, by: 02-29, round: early}
    - {start: Fall 2027, by: 2027-06-01}
  pathways: [{id: first, label: First courses, needs: "CS 600 [B]", note: Once only.}]
requirements:
  total: {credits: 6}
  all:
    - {id: core, label: Core, as_of: 2023, fill: {courses: 1, from: CS 600}}
    - {id: terms, label: Terms, at_least: {courses: 2, of: any, distinct: season}}
    - {id: rest, fill: {credits: rest, from: any}}
rules:
  - {id: last, label: The end, position: {of: CS 620, from: conferral - 12 months}}
  - {id: twice, exclude: {course: CS 620, if: CS 610}}
enrolment:
  locked_sequence: [[CS 600], [CS 610, CS 620]]
"""
COURSES = """\
CS 600:
  title: Learning
  delivery: sync
  topics: [learning]
  areas: [theory]
  hours: {per_week: 12, quartiles: [10, 15], n: 40, certainty: reported, source: S1}
  difficulty:
    {median: 3.5, quartiles: [3, 4], scale: [1, 5], n: 30, certainty: reported, source: S1}
CS 610: {title: Vision, requires: "CS 600 [B]", advises: "background(\\"algebra\\")", credits: 1..3}
CS 620: {title: Robots, requires: not stated, topics: unknown}
"""
SCHEDULE = """\
CS 600:
  - history: {Fall: 4 of 5}
    certainty: reported
    delivery: in_person
    live: [{day: Mon, at: "18:00", minutes: 90, zone: America/Chicago, mandatory: yes}]
CS 610: {pattern: {seasons: [Spring], years: odd}, capacity: 40}
CS 620: {published: [Fall 2026]}
"""
FEES = """\
  - {id: tuition, per: credit, amount: 410, valid: 2026-08-01..2027-07-31, residence: [state]}
  - {id: online, per: term, seasons: [Fall], tiers: {0: 212, 4: 531.50}}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    snippets.catalog(tmp_path, PROGRAM, courses=COURSES, schedule=SCHEDULE, fees=FEES)
    return tmp_path


def lines(root: Path, title: str, course: str | None = None) -> tuple[RuleLine, ...]:
    answer = (
        show_program("ms", today=TODAY, catalogs=(root,))
        if course is None
        else show_course("ms", course, today=TODAY, catalogs=(root,))
    )
    return next(section.lines for section in answer.sections if section.title == title)


def test_each_fact_names_its_source_its_day_and_the_line_it_stands_in(root: Path) -> None:
    answer = show_program("ms", today=TODAY, catalogs=(root,))
    text = (root / "schools/school/programs/ms/2026-27.yaml").read_text().splitlines()
    told = [line for section in answer.sections for line in section.lines if line.id == "core"]
    (core,) = told
    assert core.sources == ("S1",)
    assert core.as_of == "2023"
    assert core.certainty is Certainty.STATED
    assert core.at.file.endswith("2026-27.yaml")
    assert core.at.line is not None
    assert "id: core" in text[core.at.line - 1]
    assert {source.id for source in answer.sources} >= {"S1", "fees:S1", "calendar:S1"}


def test_facts_older_than_a_year_are_marked_and_counted(root: Path) -> None:
    answer = show_program("ms", today=TODAY, catalogs=(root,))
    old = {line.as_of for part in answer.sections for line in part.lines if line.is_old}
    assert old == {"2023", "2024-25"}
    assert answer.old == (("2023", 1), ("2024-25", 1))
    earlier = show_program("ms", today=dt.date(2024, 6, 1), catalogs=(root,))
    assert earlier.old == ()


@pytest.mark.parametrize(
    ("as_of", "day"),
    [
        ("2026-08-19", dt.date(2026, 8, 19)),
        ("2026-02", dt.date(2026, 2, 28)),
        ("2024-12", dt.date(2024, 12, 31)),
        ("2024", dt.date(2024, 12, 31)),
        ("2023-24", dt.date(2024, 7, 31)),
        ("2099-00", dt.date(2100, 7, 31)),
        ("unknown", None),
        ("", None),
        ("some day", None),
    ],
)
def test_the_day_of_a_fact_ends_what_it_names(as_of: str, day: dt.date | None) -> None:
    assert last_day(as_of) == day


def test_a_fact_is_old_after_a_year_and_one_without_a_day_never() -> None:
    assert not is_old("2025-11-22", TODAY)
    assert is_old("2025-11-21", TODAY)
    assert not is_old("unknown", TODAY)


def test_what_is_known_beside_the_rules_is_told(root: Path) -> None:
    assert [line.text for line in lines(root, "The programme")] == [
        "the institution is accredited by Higher Learning Commission; "
        "no body is named that accredits the programme itself",
        "online, live; visits to the campus are required; "
        "its live sessions are on the clocks of America/Chicago",
        "note: Two weekends.",
        "capstone or thesis: one of them is required",
        "credit from elsewhere: At most six credits.",
        "Classes are small.",
    ]
    assert [line.text for line in lines(root, "Admission")] == [
        "a bachelor degree",
        "or First courses: CS 600 with B or better",
        "note: Once only.",
        "one begins in Fall",
        "for Fall apply by 29 February (early)",
        "for Fall 2027 apply by 1 June 2027",
    ]
    assert [line.text for line in lines(root, "Prices")] == [
        "tuition: USD 410 per credit for residents of state, charged from 2026-08-01 to 2027-07-31",
        "online: USD 212 from 0 credits; USD 531.50 from 4 credits per term in Fall",
    ]
    assert lines(root, "Terms")[0].text == "Spring: about 16 weeks from 10 January"


def test_rules_of_order_and_of_different_values_are_told(root: Path) -> None:
    assert "Terms: at least 2 different seasons of any course" in [
        line.text for line in lines(root, "What the degree asks")
    ]
    assert "in fixed steps, each ended before the next begins: CS 600; then CS 610 and CS 620" in [
        line.text for line in lines(root, "Enrolment")
    ]


def test_a_course_is_told_in_full(root: Path) -> None:
    assert [line.text for line in lines(root, "The course", "cs600")] == [
        "3 credits, level 600, taught sync",
        "about learning",
        "areas: theory",
        "12 hours a week while it runs (half of the reports lie in 10 to 15), "
        "the median of 40 reports",
        "difficulty 3.5 on a scale of 1 to 5 (half of the reports lie in 3 to 4), "
        "the median of 30 reports",
    ]
    assert [line.text for line in lines(root, "When it runs", "CS 600")] == [
        "Fall: seen in 4 of 5, taught in person; live Mondays 18:00 (America/Chicago), "
        "90 minutes, attendance is required"
    ]
    assert [line.text for line in lines(root, "What it counts for", "CS-600")] == ["Core", "rest"]


def test_what_comes_before_a_course_and_what_it_excludes_is_told(root: Path) -> None:
    assert [line.text for line in lines(root, "What comes before it", "CS 610")] == [
        "requires CS 600 with B or better",
        "advised only: background in algebra",
    ]
    assert [line.text for line in lines(root, "When it runs", "CS 610")] == [
        "expected every Spring of odd years; 40 seats"
    ]
    assert [line.text for line in lines(root, "What comes before it", "CS 620")] == [
        "prerequisites: unknown"
    ]
    assert [line.text for line in lines(root, "What it counts for", "CS 620")] == [
        "rest",
        "The end: its place is fixed",
        "no credit after CS 610",
    ]


def test_an_unknown_course_is_one_clear_fault_with_the_nearest(root: Path) -> None:
    with pytest.raises(UsageError) as error:
        show_course("ms", "CS 601", today=TODAY, catalogs=(root,))
    (fault,) = error.value.faults
    assert fault.code == "USE-001"
    assert "CS 601" in fault.what
    assert "CS 6" in fault.fix


def test_facts_are_counted_by_how_sure_they_are(root: Path) -> None:
    answer = count_facts("ms", today=TODAY, catalogs=(root,))
    course = next(dict(line.counts) for line in answer.lines if line.title == "The course")
    assert course[Certainty.REPORTED] == 2
    assert course[Certainty.UNKNOWN] == 3  # hours of two courses, topics of one
    before = next(
        dict(line.counts) for line in answer.lines if line.title == "What comes before it"
    )
    assert before[Certainty.UNKNOWN] == 1
