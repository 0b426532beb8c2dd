"""What plan, check and show say of a catalog that somebody has just written."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

import snippets
from prospectus.app.answers import PlanAnswer
from prospectus.app.catalog_views import show_program
from prospectus.app.checking import check_catalog
from prospectus.app.degree_plan import plan_degree
from prospectus.domain.errors import CatalogError, Fault, UsageError
from prospectus.planning.result import PlanStatus

TODAY = dt.date(2026, 8, 1)
PROGRAM = """\
requirements:
  total: {credits: 6}
  all:
    - {id: core, label: Core, note: "in the first year", fill: {courses: 1, from: CS 600}}
    - {id: more, label: More, fill: {credits: rest, from: [CS 610, 'approval("dean") of CS 620']}}
"""


def planned(root: Path, program: str, me: str = "", **files: str) -> PlanAnswer:
    """The plan of a programme of one's own."""
    snippets.catalog(root / "own", program, **files)
    path = root / "me.yaml"
    path.write_text(f"format: 1\nplan_from: 2026-08-20\n{me}", encoding="utf-8")
    return plan_degree(path, "ms", today=TODAY, catalogs=(root / "own",))


def faults(root: Path, program: str, **files: str) -> tuple[Fault, ...]:
    snippets.catalog(root, program, **files)
    return check_catalog([root], today=TODAY).faults


def told(root: Path, program: str, title: str, **files: str) -> list[str]:
    snippets.catalog(root, program, **files)
    sections = show_program("ms", today=TODAY, catalogs=(root,)).sections
    return [line.text for section in sections if section.title == title for line in section.lines]


def test_only_the_approvals_that_a_plan_needs_are_named(tmp_path: Path):
    rules = PROGRAM.replace("CS 610, ", "") + (
        "    - {id: idle, at_most: {courses: 9, of: 'approval(\"chair\") of CS 630'}}\n"
    )
    (track,) = planned(tmp_path, rules).tracks
    assert track.variants[0].status is PlanStatus.OPTIMAL
    assert track.variants[0].approvals == ("dean",)
    assert any("dean" in text for text in track.variants[0].row.obstacles)
    assert not any("chair" in text for text in track.variants[0].row.obstacles)


def test_an_approval_in_a_prerequisite_is_named_where_its_course_is_planned(tmp_path: Path):
    (track,) = planned(
        tmp_path,
        PROGRAM,
        courses="CS 600: {requires: 'approval(\"advisor\")'}\nCS 640: {requires: approval(x)}",
    ).tracks
    assert track.variants[0].approvals == ("advisor",)


def test_a_plan_that_needs_no_approval_names_none(tmp_path: Path):
    assert planned(tmp_path, PROGRAM).tracks[0].variants[0].approvals == ()


def test_a_note_names_what_is_recommended(tmp_path: Path):
    courses = "CS 600: {advises: background(calculus)}"
    answer = planned(tmp_path, PROGRAM, courses=courses, me="background: []\n")
    notes = answer.tracks[0].variants[0].notes
    assert "CS 600 starts before what is recommended for it: background in calculus" in notes


def test_no_plan_for_want_of_offerings_says_so(tmp_path: Path):
    (fault,) = [
        fault
        for fault in faults(tmp_path, PROGRAM, schedule="CS 600: unknown")
        if fault.code == "CAT-090"
    ]
    assert "no legal plan, for no offering of CS 600 is known" in fault.what
    assert "completeness: partial" in fault.fix


def test_the_check_counts_what_it_planned(tmp_path: Path):
    snippets.catalog(tmp_path, "completeness: partial\n" + PROGRAM)
    answer = check_catalog([tmp_path], today=TODAY)
    assert [(name, year) for name, year, _ in answer.not_planned] == [("ms", "2026-27")]
    assert (answer.n_programs, answer.n_solved) == (1, 0)


def test_a_partial_programme_says_which_year_and_what_is_missing(tmp_path: Path):
    rules = "completeness: partial\nunknown: [all prerequisites]\n" + PROGRAM.replace(
        "{id: core,", "{id: core, completeness: stub,"
    )
    with pytest.raises(UsageError) as caught:
        planned(tmp_path, rules)
    (fault,) = caught.value.faults
    assert fault.code == "USE-004"
    assert "the rules of ms of 2026-27 are encoded only in part (partial)" in fault.what
    assert "missing or unknown: Core (stub); all prerequisites" in fault.what


def test_a_catalog_that_check_refuses_is_not_planned(tmp_path: Path):
    with pytest.raises(CatalogError) as caught:
        planned(tmp_path, PROGRAM.replace("courses: 1, from: CS 600", "courses: 3, from: CS 600"))
    assert "CAT-081" in {fault.code for fault in caught.value.faults}


def test_an_own_catalog_sets_hours_per_credit_for_its_own_programmes(tmp_path: Path):
    quarter = (
        "  hours-per-credit: {text: A quarter credit asks 30 hours, value: 30, range: [20, 40], "
        "unit: hours per credit, reason: ten weeks of three hours, source: handbook}\n"
    )
    usual = planned(tmp_path / "a", PROGRAM).tracks[0].variants[0].periods[0]
    less = planned(tmp_path / "b", PROGRAM, assumptions=quarter).tracks[0].variants[0]
    assert usual.starts[0].hours_per_week == 8
    assert less.periods[0].starts[0].hours_per_week == 6
    assert [line.value for line in less.assumptions if line.id == "hours-per-credit"] == [
        "30 hours per credit"
    ]


def test_rules_are_told_with_notes_titles_and_what_does_not_count(tmp_path: Path):
    rules = """\
pools: {intro: {counts: no}}
min_grade: C
requirements:
  total: {credits: 6}
  all:
    - {id: intro, label: Intro, pool: intro, basis: [letter], note: a note, all: [CS 500]}
    - {id: core, label: Core, fill: {credits: 6, from: [CS 600, CS 610]}}
    - {id: exam, milestone: {kind: exam, hours: 3, attempts: 2}}
"""
    titles = "CS 600: {title: Learning}\nCS 500: {title: unknown}"
    lines = told(tmp_path, rules, "What the degree asks", courses=titles)
    assert lines == [
        "all of the following (6 credits in all)",
        "Intro: all of the following, taken for a letter grade (does not count in the total)",
        "note: a note",
        "CS 500",
        "Core: 6 credits from CS 600 (Learning) or CS 610 (CS 610)",
        "exam, 3 hours, at most 2 attempts",
        "where no other grade is named, each course with C or better",
    ]


def test_what_is_not_on_file_of_admission_is_told(tmp_path: Path):
    assert told(tmp_path, PROGRAM, "Admission") == [
        "conditions of admission: unknown",
        "in which seasons one can begin: unknown",
        "by when to apply: unknown",
    ]


def test_record_rules_and_credentials_are_told(tmp_path: Path):
    rules = PROGRAM + (
        "record_rules: {repeats: {use: newest, in_mean: all}, expires: {after: 6 years}, "
        "attempts: {at_most: 2}}\n"
        "credentials:\n"
        "  - {id: c, name: Certificate, requirements: {id: cert, all: [CS 600]}}\n"
    )
    assert told(tmp_path, rules, "Enrolment") == [
        "of a repeated course the newest attempt counts; the mean takes all",
        "credit expires after 72 months",
        "at most 2 attempts at each course, then the course is blocked",
    ]
    assert told(tmp_path, rules, "On the way: Certificate")[1:] == ["CS 600"]
