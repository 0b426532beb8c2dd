"""The calendar of a board: its page and its feed."""

from __future__ import annotations

import icalendar
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import text

from prospectus.app.workspace import Card, Workspace

EVIL = '"><script>alert(1)</script>'


@pytest.fixture
def board(application: FastAPI, student_text: str) -> str:
    """The id of a board with more in one term than one may take."""
    workspace = application.state.workspace
    assert isinstance(workspace, Workspace)
    student = workspace.students.add(name=EVIL, text=student_text)
    kept = workspace.boards.add(
        student.id,
        name=EVIL,
        program="gatech-omscs",
        catalog_year="2026-27",
        track="ml",
        cards=(
            Card(course="CS 7641", period="Spring 2027"),
            Card(course="CS 6515", period="Spring 2027"),
            Card(course="CS 6211", period="Spring 2027"),
        ),
    )
    return kept.id


def test_a_board_has_a_page_of_its_dates(client: TestClient, board: str) -> None:
    page = client.get(f"/boards/{board}/calendar").text
    for words in ("January 2027", "CS 7641 Machine Learning begins", "Due: USD", "Asia/Kolkata"):
        assert words in page
    assert "<script>alert" not in page


def test_a_board_has_a_feed_for_other_programs(client: TestClient, board: str) -> None:
    answer = client.get(f"/boards/{board}/calendar.ics")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["x-content-type-options"] == "nosniff"
    found = icalendar.Calendar.from_ical(answer.text)
    summaries = [str(event["SUMMARY"]) for event in found.walk("VEVENT")]
    assert "CS 7641 Machine Learning" in summaries
    assert str(found["X-WR-CALNAME"]) == f"{EVIL}: plan"


def test_a_name_that_an_older_version_kept_breaks_no_feed(
    client: TestClient, application: FastAPI, board: str
) -> None:
    with application.state.workspace.database.writing() as session:
        session.execute(text("UPDATE board SET name = char(97, 10, 13, 98)"))
    answer = client.get(f"/boards/{board}/calendar.ics")
    assert answer.status_code == 200
    assert icalendar.Calendar.from_ical(answer.text).walk("VEVENT")


def test_a_wrong_plan_says_so_above_its_dates(client: TestClient, board: str) -> None:
    assert "The plan breaks" in client.get(f"/boards/{board}/calendar").text


@pytest.mark.parametrize("path", ["calendar", "calendar.ics"])
def test_the_dates_of_no_board_are_a_clear_page(client: TestClient, path: str) -> None:
    answer = client.get(f"/boards/nothing/{path}")
    assert answer.status_code == 404
    assert "STO-001" in answer.text


def test_a_student_with_faults_is_told_and_nothing_breaks(
    client: TestClient, application: FastAPI, board: str
) -> None:
    workspace = application.state.workspace
    kept = workspace.students.get(workspace.boards.get(board).student_id)
    workspace.students.replace(kept.id, name="A", text="hours_per_week: many", version=kept.version)
    answer = client.get(f"/boards/{board}/calendar")
    assert 400 <= answer.status_code < 500
    assert "hours_per_week" in answer.text
