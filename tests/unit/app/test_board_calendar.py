"""The dates of a board: by month, in the person's own clock, and the same in a calendar file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import icalendar
import pytest

import snippets
from prospectus.app.board_calendar import BoardCalendar, board_calendar
from prospectus.app.workspace import Card, Workspace
from prospectus.domain.errors import ProspectusError

TODAY = dt.date(2026, 11, 22)
PROGRAM = """\
admission:
  rolling: no
  deadlines: [{start: Spring, by: 12-01, round: final}]
requirements:
  total: {credits: 6}
  all: [CS 600, CS 610]
"""
FILES = {
    "courses": "CS 600: {title: Live}\nCS 610: {title: Quiet}\nCS 620: {delivery: sync}\n",
    "schedule": """\
CS 600:
  - pattern: {seasons: [Spring]}
    live: [{day: Wed, at: "18:00", minutes: 90, zone: America/New_York, mandatory: yes}]
""",
    "fees": """\
  - {id: tuition, per: credit, amount: 100, due_days: -7, valid: 2026-01-01..2028-12-31}
""",
}
ME = "format: 1\nname: Ada\nplan_from: 2026-12-01\nhours_per_week: 100\n"

Calendar = Callable[..., BoardCalendar]


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalog of one programme with a live course."""
    root = tmp_path_factory.mktemp("dated") / "own"
    snippets.catalog(root, PROGRAM, **FILES)
    return root


@pytest.fixture
def calendar(own: Path, tmp_path: Path) -> Iterator[Calendar]:
    """What returns the dates of a board with these cards, for a person of these words."""
    workspace = Workspace.open(tmp_path / "work.db")

    def made(*cards: Card, me: str = ME) -> BoardCalendar:
        student = workspace.students.add(name="Ada", text=me)
        board = workspace.boards.add(
            student.id, name="Mine", program="ms", catalog_year="2026-27", track="", cards=cards
        )
        return board_calendar(workspace, board.id, TODAY, (own,))

    yield made
    workspace.close()


SPRING = Card(course="CS 600", period="Spring 2027")
SUMMER = Card(course="CS 610", period="Summer 2027")


def told(found: BoardCalendar) -> dict[str, list[tuple[str, str]]]:
    return {month.name: [(one.when, one.text) for one in month.entries] for month in found.months}


def test_a_board_tells_its_dates_by_month(calendar: Calendar) -> None:
    found = told(calendar(SPRING, SUMMER, me=ME + "time_zone: America/New_York\n"))
    assert list(found) == [
        "December 2026",
        "January 2027",
        "February 2027",
        "March 2027",
        "April 2027",
        "May 2027",
        "August 2027",
    ]
    assert found["December 2026"] == [
        ("1 Dec 2026", "Apply by this day for Spring 2027 (final): Master"),
    ]
    assert found["January 2027"] == [
        ("3 Jan 2027", "Due: USD 300 (tuition per credit, Spring 2027)"),
        ("10 Jan 2027", "CS 600 Live begins"),
        ("13, 20 and 27 Jan 2027", "CS 600 Live: live session, Wednesdays 18:00 to 19:30"),
    ]
    assert ("6 May 2027", "Grades of Spring 2027 (School)") in found["May 2027"]
    assert ("1 May 2027", "CS 600 Live ends") in found["May 2027"]


def test_clocks_that_change_on_other_days_split_a_month(calendar: Calendar) -> None:
    """New York changes on 14 March 2027, Berlin on 28 March."""
    march = told(calendar(SPRING, me=ME + "time_zone: Europe/Berlin\n"))["March 2027"]
    live = "CS 600 Live: live session, "
    assert march == [
        ("4 and 11 Mar 2027", live + "Thursdays 00:00 to 01:30"),
        ("17 and 24 Mar 2027", live + "Wednesdays 23:00 to 00:30"),
    ]


def test_without_a_zone_the_clock_of_the_school_is_named(calendar: Calendar) -> None:
    found = calendar(SPRING)
    assert found.zone is None
    assert told(found)["February 2027"] == [
        (
            "3, 10, 17 and 24 Feb 2027",
            "CS 600 Live: live session, Wednesdays 18:00 to 19:30 (America/New_York)",
        )
    ]


def test_the_file_holds_the_same_events(calendar: Calendar) -> None:
    found = calendar(SPRING, SUMMER)
    events = icalendar.Calendar.from_ical(found.file).walk("VEVENT")
    summaries = sorted(str(event["SUMMARY"]) for event in events)
    assert summaries == sorted(
        [
            "Apply by this day for Spring 2027 (final): Master",
            "CS 600 Live",
            "CS 600 Live: live session",
            "CS 610 Quiet",
            "Due: USD 300 (tuition per credit, Spring 2027)",
            "Due: USD 300 (tuition per credit, Summer 2027)",
            "Grades of Spring 2027 (School)",
            "Grades of Summer 2027 (School)",
        ]
    )
    assert len({str(event["UID"]) for event in events}) == len(events)


def test_an_event_keeps_its_id_when_the_board_is_opened_again(calendar: Calendar) -> None:
    def ids(found: BoardCalendar) -> list[str]:
        events = icalendar.Calendar.from_ical(found.file).walk("VEVENT")
        return [str(event["UID"]) for event in events]

    assert ids(calendar(SPRING)) == ids(calendar(SPRING))


def test_who_studies_there_already_need_not_apply(calendar: Calendar) -> None:
    found = told(calendar(SUMMER, me=ME + "program: ms\n"))
    assert not [text for month in found.values() for _, text in month if text.startswith("Apply")]


def test_a_wrong_plan_has_dates_and_says_that_it_is_wrong(calendar: Calendar) -> None:
    found = calendar(Card(course="CS 600", period="Summer 2027"))
    assert found.n_broken
    assert ("15 May 2027", "CS 600 Live begins") in told(found)["May 2027"]


def test_an_empty_board_has_nothing_but_the_day_by_which_to_apply(calendar: Calendar) -> None:
    found = calendar()
    assert list(told(found)) == ["December 2026"]


def test_a_board_that_is_not_there_is_told(calendar: Calendar, tmp_path: Path) -> None:
    with (
        Workspace.open(tmp_path / "other.db") as workspace,
        pytest.raises(ProspectusError) as caught,
    ):
        board_calendar(workspace, "nothing", TODAY)
    assert caught.value.faults[0].code == "STO-001"
