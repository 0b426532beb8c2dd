"""A programme as rows: what every completion takes, named places, and all that is left out."""

from __future__ import annotations

from pathlib import Path

import pytest

import snippets
from prospectus.app.exporting import ExportAnswer, export_curriculum
from prospectus.exchange.curriculum import Curriculum
from prospectus.exchange.curriculum_reader import parse_curriculum


def exported(root: Path, program: str, track: str | None = None, **files: str) -> ExportAnswer:
    catalog = snippets.catalog(root, program, **files)
    return export_curriculum(catalog.program("ms"), catalog.school("school"), track)


def curriculum(
    root: Path, program: str, track: str | None = None, **files: str
) -> tuple[Curriculum, dict[str, int]]:
    answer = exported(root, program, track, **files)
    found = parse_curriculum(answer.text, "c.csv").curriculum
    return found, {loss.what: loss.n for loss in answer.dropped}


def rows(found: Curriculum) -> list[tuple[str, str]]:
    return [(course.name, str(course.credits)) for course in found.courses]


def test_required_courses_have_rows_and_open_leaves_a_place_for_each_course(tmp_path: Path):
    found, _ = curriculum(
        tmp_path,
        """\
requirements:
  total: {credits: 21}
  all:
    - CS 600
    - {id: core, label: Core, fill: {courses: 2, from: [CS 610, CS 611]}}
    - {id: list, label: One of three, fill: {courses: 2, from: [CS 620, CS 621, CS 622]}}
    - {id: free, label: Free, fill: {credits: rest, from: any}}
""",
    )
    assert rows(found) == [
        ("CS 600", "3"),
        ("CS 610", "3"),
        ("CS 611", "3"),
        ("One of three (1 of 2)", "3"),
        ("One of three (2 of 2)", "3"),
        ("Free (1 of 2)", "3"),
        ("Free (2 of 2)", "3"),
    ]
    assert [(course.prefix, course.number) for course in found.courses[:1]] == [("CS", "600")]


TRACKS = """\
main_choice: track
requirements:
  total: {credits: 12}
  all:
    - id: track
      label: Track
      declare: yes
      any:
        - {id: a, label: A, min_grade: B, all: [CS 600, CS 610]}
        - {id: b, label: B, all: [CS 600, CS 620, CS 621]}
    - {id: free, label: Free, fill: {credits: rest, from: any}}
"""


def test_an_open_choice_is_what_its_ways_share_and_one_place(tmp_path: Path):
    found, dropped = curriculum(tmp_path, TRACKS)
    assert rows(found) == [
        ("CS 600", "3"),
        ("Track", "3"),
        ("Free (1 of 2)", "3"),
        ("Free (2 of 2)", "3"),
    ]
    assert any("credits of the least" in what for what in dropped)


def test_a_track_settles_the_main_choice_and_what_is_said_of_it(tmp_path: Path):
    found, dropped = curriculum(tmp_path, TRACKS, "b")
    assert [name for name, _ in rows(found)] == ["CS 600", "CS 620", "CS 621", "Free"]
    assert not any(what.startswith(("choices", "grade floors")) for what in dropped)
    _, floors = curriculum(tmp_path, TRACKS, "a")
    assert floors["grade floors of requirements"] == 1


def test_lists_that_restate_other_courses_have_no_rows_of_their_own(tmp_path: Path):
    found, dropped = curriculum(
        tmp_path,
        """\
pools: {seen: {counts: no}}
requirements:
  all:
    - CS 600
    - {id: view, label: View, fill: {courses: 1, from: [CS 600, CS 610], pool: seen}}
""",
    )
    assert [name for name, _ in rows(found)] == ["CS 600"]
    assert dropped["lists that restate courses counted elsewhere"] == 1


def test_a_course_that_counts_twice_and_one_that_counts_nowhere_are_told(tmp_path: Path):
    found, dropped = curriculum(
        tmp_path,
        """\
pools: {track: {counts: yes}, before: {counts: no}}
requirements:
  total: {credits: 6}
  all:
    - CS 600
    - CS 610
    - {id: named, label: Named, fill: {courses: 1, from: [CS 600, CS 611], pool: track}}
    - {id: first, label: First, fill: {courses: 1, from: CS 500, pool: before}}
""",
    )
    assert [name for name, _ in rows(found)] == ["CS 600", "CS 610", "CS 500", "Named"]
    assert any(what.startswith("the sum of rows is more than the total") for what in dropped)
    assert dropped["rows beside the total: courses outside it, or that fill an open place too"] == 1


def test_of_disputed_sizes_the_least_is_written(tmp_path: Path):
    found, dropped = curriculum(
        tmp_path,
        """\
disputes: {size: {readings: {"6": one page, "9": another page}, why: two pages differ}}
requirements:
  total: {credits: {reading: {id: size, "6": 6, "9": 9}}}
  all:
    - CS 600
    - {id: free, label: Free, fill: {credits: rest, from: any}}
""",
    )
    assert rows(found) == [("CS 600", "3"), ("Free", "3")]
    assert dropped["sizes that depend on the person or on how a text is read: the least is written"]


LEAF = """\
requirements:
  all: [{{id: x, label: X, fill: {{{size}, from: [CS 600, CS 610, CS 620]}}}}]
"""


def test_credits_that_courses_do_not_divide_stand_in_one_row(tmp_path: Path):
    found, _ = curriculum(
        tmp_path,
        LEAF.format(size="credits: 7"),
    )
    assert rows(found) == [("X", "7")]


def test_sizes_that_nobody_knows_are_written_as_0_and_told(tmp_path: Path):
    found, dropped = curriculum(
        tmp_path,
        LEAF.format(size="courses: unknown"),
    )
    assert rows(found) == [("X", "0")]
    assert dropped["credits of open places that nobody knows: written as 0"] == 1


REQUISITES = """\
CS 600: {{}}
CS 610: {{}}
CS 620: {{requires: '{text}'}}
"""


@pytest.mark.parametrize(
    ("text", "columns", "lost"),
    [
        ("CS 600", ("1", "", ""), None),
        ("CS 600 and CS 610", ("1;2", "", ""), None),
        ("concurrent CS 600 and with CS 610", ("", "1", "2"), None),
        ("2 of (CS 600, CS 610)", ("1;2", "", ""), None),
        ("CS 600 [B] and CS 610", ("1;2", "", ""), "grade floors of requisites"),
        ("CS 600 since 2016-08-01", ("1", "", ""), "topics, days and parts of requisites"),
        ("CS 600 or CS 610", ("", "", ""), "alternatives (or) among requisites, left out"),
        (
            'CS 600 and background("sql")',
            ("1", "", ""),
            "conditions that are not about a course",
        ),
        ("CS 600 and CS 699", ("1", "", ""), "requisites that are not in the file"),
        ("CS 600 and recommended(CS 610)", ("1", "", ""), "advice that blocks nobody"),
    ],
)
def test_requisites_are_joined_by_and_and_the_rest_is_told(
    tmp_path: Path, text: str, columns: tuple[str, str, str], lost: str | None
):
    found, dropped = curriculum(
        tmp_path,
        "requirements: {all: [CS 600, CS 610, CS 620]}",
        courses=REQUISITES.format(text=text) + "CS 699: {}\n",
    )
    course = found.courses[2]
    asked = (course.before, course.beside, course.together)
    assert tuple(";".join(map(str, ids)) for ids in asked) == columns
    known = {
        "grade floors of requisites",
        "topics, days and parts of requisites",
        "alternatives (or) among requisites, left out",
        "conditions that are not about a course",
        "requisites that are not in the file",
        "advice that blocks nobody",
    }
    assert {what: n for what, n in dropped.items() if what in known} == ({lost: 1} if lost else {})


def test_every_rule_that_is_left_out_is_counted(tmp_path: Path):
    _, dropped = curriculum(
        tmp_path,
        """\
min_grade: C
requirements:
  total: {credits: 6}
  all:
    - {id: core, min_grade: B, all: [CS 600, CS 610]}
    - {id: cap, at_most: {credits: 3, of: CS 610}}
    - {id: mean, gpa: {at_least: 3.0, over: attempted, of: any}}
    - {id: exam, label: Exam, milestone: {kind: exam}}
rules:
  - {id: gate, gate: {needs: CS 600, locks: everything_else}}
  - {id: last, position: {of: CS 610, from: conferral - 12 months}}
  - {id: twin, exclude: {course: CS 610, if: CS 620}}
enrolment:
  loads: [{id: regular, per: term, credits: 0..9}]
  maximum: 6 years
credentials:
  - {id: cert, name: Certificate, requirements: {id: certificate, all: [CS 600]}}
""",
        fees="  - {id: tuition, per: credit, amount: 100}\n",
    )
    expected = {
        "milestones, which earn no credit": 1,
        "grade floors of requirements": 1,
        "caps and minima": 1,
        "grade averages": 1,
        "gates: what must be done before other courses open": 1,
        "rules on when a course may stand": 1,
        "courses that lose their credit beside others": 1,
        "limits on how much is taken at once": 1,
        "limits of time": 1,
        "the grade floor of the programme": 1,
        "certificates and exit awards": 1,
        "how courses are delivered": 2,
        "sources and days of facts": 2,
        "when courses are offered": 2,
        "prices": 1,
        "the unit of credits: the format knows semesters and quarters": 1,
    }
    assert {what: dropped.get(what) for what in expected} == expected


def test_variable_credits_and_thirds_are_told(tmp_path: Path):
    found, dropped = curriculum(
        tmp_path,
        "requirements: {all: [CS 600, CS 610]}",
        courses='CS 600: {credits: 1..3}\nCS 610: {credits: "8/3"}\n',
    )
    assert rows(found) == [("CS 600", "1"), ("CS 610", "2667/1000")]
    assert dropped["variable credits: the least is written"] == 1
    assert dropped["credits rounded to three places"] == 1


def test_a_title_like_a_formula_is_disarmed_and_told_with_its_place(tmp_path: Path):
    answer = exported(
        tmp_path,
        "requirements: {all: [CS 600]}",
        courses="CS 600: {title: '=HYPERLINK(\"http://x\")'}\n",
    )
    assert "\n1,\"'=HYPERLINK" in answer.text
    (warning,) = answer.warnings
    assert warning.code == "EXC-020"
    assert warning.at.file.endswith("courses.yaml")
    assert warning.at.line is not None
