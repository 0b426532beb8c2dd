"""What is handed to other programs: plans as CSV and calendar, dates of a programme."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import icalendar
import pytest

import snippets
from prospectus.app.exporting import ExportAnswer, ExportFormat, export_program
from prospectus.domain.errors import NoPlanError, UsageError
from prospectus.exchange.curriculum_reader import parse_curriculum

TODAY = dt.date(2026, 8, 1)
PROGRAM = """\
main_choice: track
admission:
  rolling: no
  deadlines:
    - {start: Fall, by: 03-15, round: priority}
    - {start: Fall, by: 06-15, round: final, note: noon}
    - {start: Spring, by: 10-01}
requirements:
  total: {credits: 9}
  all:
    - CS 600
    - id: track
      declare: yes
      any:
        - {id: a, label: Track A, all: [CS 610, CS 620]}
        - {id: b, label: Track B, all: [CS 611, CS 620]}
"""
FILES = {
    "courses": "CS 610: {requires: CS 600}\nCS 620: {requires: CS 600 or CS 699}\nCS 699: {}\n",
    "schedule": """\
CS 600:
  - pattern: {seasons: [Fall]}
    live: [{day: Wed, at: "18:00", minutes: 90, zone: America/New_York, mandatory: yes}]
""",
    "fees": """\
  - {id: tuition, per: credit, amount: 100, due_days: -7, valid: 2026-01-01..2026-12-31}
""",
}
ME = "format: 1\nname: Ada\nplan_from: 2026-08-15\nhours_per_week: 100\n"


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalog of one programme with two tracks."""
    root = tmp_path_factory.mktemp("exported") / "own"
    snippets.catalog(root, PROGRAM, **FILES)
    return root


def exported(own: Path, form: ExportFormat, me: str | None = ME, **named: str) -> ExportAnswer:
    student = None
    if me is not None:
        student = own.parent / "me.yaml"
        student.write_text(me, encoding="utf-8")
    return export_program(
        "ms",
        form,
        student=student,
        today=TODAY,
        catalogs=(own,),
        track=named.get("track"),
        year=named.get("year"),
    )


def events(answer: ExportAnswer) -> dict[str, icalendar.Event]:
    calendar = icalendar.Calendar.from_ical(answer.text)
    return {str(event["SUMMARY"]): event for event in calendar.walk("VEVENT")}


def test_a_degree_plan_settles_alternatives_and_numbers_its_terms(own: Path):
    answer = exported(own, ExportFormat.CURRICULAR_ANALYTICS, track="a")
    plan = parse_curriculum(answer.text, "p.csv").curriculum
    assert plan.plan == "Ada - Track A - from Fall 2026"
    terms = {f"{c.prefix} {c.number}": c.term for c in plan.courses}
    assert terms["CS 600"] == 1
    assert {terms["CS 610"], terms["CS 620"]} == {2}
    asked = {f"{c.prefix} {c.number}": c.before for c in plan.courses}
    (first,) = (c.id for c in plan.courses if c.number == "600")
    assert asked == {"CS 600": (), "CS 610": (first,), "CS 620": (first,)}
    dropped = {loss.what: loss for loss in answer.dropped}
    settled = dropped["alternatives (or) among requisites: the one that the plan takes"]
    assert settled.examples == ("CS 620: CS 600 or CS 699",)
    assert dropped["dates of terms: the file numbers them"].examples[0] == "1 is Fall 2026"


def test_what_no_requirement_holds_is_an_additional_course(own: Path):
    me = ME + (
        "program: ms\nmatriculation: 2025-08-15\nchoices: {track: a}\n"
        "finished: [{course: CS 699, period: Fall 2025, grade: A},"
        " {course: CS 600, period: Fall 2025, grade: A}]\n"
    )
    answer = exported(own, ExportFormat.CURRICULAR_ANALYTICS, me)
    courses = parse_curriculum(answer.text, "p.csv").curriculum.courses
    assert [(c.number, c.term, c.is_additional) for c in courses] == [
        ("600", 1, False),
        ("610", 2, False),
        ("620", 2, False),
        ("699", 1, True),
    ]


def test_several_tracks_have_several_plans_so_one_is_asked_for(own: Path):
    with pytest.raises(UsageError, match="USE-013") as error:
        exported(own, ExportFormat.ICS)
    assert "a, b" in error.value.faults[0].fix


def test_no_plan_is_a_no_of_its_own(own: Path):
    with pytest.raises(NoPlanError, match="EXC-021") as error:
        exported(own, ExportFormat.ICS, ME + "deadline: 2026-09-01\n", track="a")
    assert error.value.exit_code == 1


def test_the_calendar_of_a_plan_holds_courses_sessions_payments_and_the_day_to_apply(own: Path):
    found = events(
        exported(own, ExportFormat.ICS, ME.replace("2026-08-15", "2027-01-01"), track="a")
    )
    course = found["CS 600 CS 600"]
    assert course["DTSTART"].dt == dt.date(2027, 8, 20)
    live = found["CS 600 CS 600: live session"]
    assert live["DTSTART"].dt.replace(tzinfo=None) == dt.datetime(2027, 8, 25, 18)
    assert live["DTSTART"].params["TZID"] == "America/New_York"
    assert live["STATUS"] == "TENTATIVE"
    due = found["Due: USD 300 (tuition per credit, Fall 2027)"]
    assert due["DTSTART"].dt == dt.date(2027, 8, 13)
    # The price of a year without one is held flat: an assumption.
    assert due["STATUS"] == "TENTATIVE"
    assert [name for name in found if name.startswith("Apply")] == [
        "Apply by this day for Spring 2027: Master"
    ]


def test_a_live_course_without_a_known_hour_is_told(tmp_path: Path):
    own = tmp_path / "own"
    files = dict(FILES)
    files["schedule"] = files["schedule"].replace("day: Wed", "day: unknown")
    files["courses"] += "CS 600: {delivery: sync}\n"
    snippets.catalog(own, PROGRAM, **files)
    answer = exported(own, ExportFormat.ICS, track="a")
    told = {loss.what: loss.examples for loss in answer.dropped}
    assert told["live sessions of which no source gives day and hour"] == ("CS 600",)
    assert not any(name.endswith("live session") for name in events(answer))


def test_whoever_is_enrolled_need_not_apply(own: Path):
    me = ME + "program: ms\nmatriculation: 2026-08-15\nchoices: {track: b}\n"
    found = events(exported(own, ExportFormat.ICS, me))
    assert not any(name.startswith("Apply") for name in found)
    assert "CS 611 CS 611" in found


def test_the_calendar_of_a_programme_holds_its_periods_and_days_to_apply(own: Path):
    answer = exported(own, ExportFormat.ICS, None)
    found = events(answer)
    fall = found["Fall 2026 (School)"]
    assert (fall["DTSTART"].dt, fall["STATUS"]) == (dt.date(2026, 8, 20), "TENTATIVE")
    assert found["Grades of Fall 2026 (School)"]["DTSTART"].dt == dt.date(2026, 12, 15)
    apply = {name: event["DTSTART"].dt for name, event in found.items() if name.startswith("Apply")}
    assert apply["Apply by this day for Spring 2027: Master"] == dt.date(2026, 10, 1)
    assert apply["Apply by this day for Fall 2027 (priority): Master"] == dt.date(2027, 3, 15)
    assert apply["Apply by this day for Fall 2027 (final): Master"] == dt.date(2027, 6, 15)
    # Those for Fall 2026 are over.
    assert min(apply.values()) >= TODAY
    final = found["Apply by this day for Fall 2027 (final): Master"]
    assert "noon" in final["DESCRIPTION"]
    assert "Handbook https://example.edu" in final["DESCRIPTION"]
    dropped = {loss.what for loss in answer.dropped}
    assert "requirements and rules" in dropped


def test_the_ids_of_events_stay_when_days_pass_and_differ_from_each_other(own: Path):
    def ids(today: dt.date) -> dict[str, str]:
        answer = export_program("ms", ExportFormat.ICS, today=today, catalogs=(own,))
        return {name: str(event["UID"]) for name, event in events(answer).items()}

    first, later = ids(TODAY), ids(TODAY + dt.timedelta(days=90))
    shared = first.keys() & later.keys()
    assert len(shared) > 5
    assert all(first[name] == later[name] for name in shared)
    assert len(set(first.values())) == len(first)


def test_a_format_that_knows_no_plans_says_so(own: Path):
    answer = exported(own, ExportFormat.JSON_LD, track="a")
    told = [loss.what for loss in answer.dropped[:2]]
    assert told == [
        "the plan: the format knows programmes only",
        "the track: every course of the programme is written",
    ]


def test_another_year_is_refused_by_name(own: Path):
    with pytest.raises(UsageError, match="USE-001"):
        exported(own, ExportFormat.ICS, None, year="1999-00")
