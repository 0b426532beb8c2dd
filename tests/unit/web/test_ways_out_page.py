"""Where there is no plan the page says why, and each way out is a form that takes it."""

from __future__ import annotations

import html
import re

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

from prospectus.app.workspace import Card, KeptStudent, Workspace

MARIA = """format: 1
name: Maria
plan_from: 2027-01-04
residence: US-TX
degrees: [{level: bachelor, field: computer science}]
gpa: 3.6
hours_per_week: 12
"""


@pytest.fixture
def maria(workspace: Workspace) -> KeptStudent:
    """A person whose hours are too few for one track."""
    return workspace.students.add("Maria", MARIA)


def _send(client: TestClient, address: str, fields: dict[str, str | list[str]]) -> Response:
    client.get("/boards")
    token = client.cookies["prospectus_token"]
    headers = {"Origin": "http://testserver"}
    return client.post(address, data={**fields, "token": token}, headers=headers)


def _form(page: str, button: str) -> dict[str, str | list[str]]:
    """Return what the form with a button would send."""
    forms = re.findall(r"<form .*?</form>", page, flags=re.DOTALL)
    form = next(one for one in forms if button in one)
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))
    changes = re.findall(r'<textarea name="change"[^>]*>(.*?)</textarea>', form, flags=re.DOTALL)
    return {**fields, "change": [html.unescape(one) for one in changes]}


def test_no_board_is_kept_where_no_plan_exists_and_the_way_out_makes_one(
    client: TestClient, workspace: Workspace, maria: KeptStudent
) -> None:
    asked = {"student": maria.id, "way": "gatech-omscs/ai"}
    page = _send(client, "/boards", dict(asked))
    assert page.status_code == 200
    assert "These cannot all hold" in page.text
    assert "12 h a week" in page.text
    assert "1 h a week more in Spring 2027 (13 instead of 12)" in page.text
    assert workspace.boards.all() == ()
    fields = _form(page.text, "Change it and make the plan")
    assert fields["change"] == ["hours_per_week.by=Spring 2027: 13"]
    made = _send(client, "/boards", fields)
    (board,) = workspace.boards.all()
    assert made.headers["location"] == f"/boards/{board.id}"
    assert board.cards
    assert "This plan holds" in client.get(f"/boards/{board.id}").text
    assert "Spring 2027: 13" in workspace.students.get(maria.id).text


def test_an_empty_board_is_kept_where_it_is_asked_for(
    client: TestClient, workspace: Workspace, maria: KeptStudent
) -> None:
    page = _send(client, "/boards", {"student": maria.id, "way": "gatech-omscs/ai"})
    fields = _form(page.text, "Keep an empty board all the same")
    _send(client, "/boards", fields)
    (board,) = workspace.boards.all()
    assert board.cards == ()


def test_a_repair_that_finds_nothing_offers_to_let_a_pin_go_and_mends(
    client: TestClient, workspace: Workspace, application: FastAPI
) -> None:
    person = workspace.students.add("Sam", MARIA.replace("12", "40"))
    program = application.state.library.named("uiuc-mcs-online")
    board = workspace.boards.add(
        person.id,
        name="Pinned",
        program="uiuc-mcs-online",
        catalog_year=program.catalog_year,
        # it runs, but the person has begun to plan only later
        cards=(Card(course="CS 411", period="Fall 2026", pinned=True),),
    )
    page = _send(client, f"/boards/{board.id}/repair", {"version": str(board.version)})
    assert "let CS 411 leave Fall 2026" in page.text
    fields = _form(page.text, "Change it and repair")
    assert fields["change"] == []
    page = _send(client, f"/boards/{board.id}/ease", fields)
    assert page.status_code == 200
    after = workspace.boards.get(board.id)
    assert not any(card.pinned for card in after.cards)
    assert "This plan holds" in page.text


def test_details_that_were_changed_meanwhile_are_not_changed_by_a_way_out(
    client: TestClient, workspace: Workspace, maria: KeptStudent
) -> None:
    page = _send(client, "/boards", {"student": maria.id, "way": "gatech-omscs/ai"})
    fields = _form(page.text, "Change it and make the plan")
    text = MARIA.replace("12", "11")
    workspace.students.replace(maria.id, name="Maria", text=text, version=maria.version)
    refused = _send(client, "/boards", fields)
    assert refused.status_code == 409
    assert workspace.students.get(maria.id).text == text
    assert workspace.boards.all() == ()


def test_plans_are_told_apart_by_track_person_and_whether_they_hold(
    client: TestClient, workspace: Workspace
) -> None:
    people = [
        workspace.students.add(name, MARIA.replace("Maria", name).replace("12", "20"))
        for name in ("Maria", "Noor")
    ]
    for person, track in zip(people, ("ai", "hci"), strict=True):
        asked = {"student": person.id, "way": f"gatech-omscs/{track}", "start": "empty"}
        _send(client, "/boards", dict(asked))
    listed = client.get("/boards").text
    for board, name, track in zip(
        reversed(workspace.boards.all()),
        ("Maria", "Noor"),
        ("Artificial Intelligence", "Human-Computer Interaction"),
        strict=True,
    ):
        assert re.search(rf"<p>Georgia [^<]*{track}, for {name}</p>", listed)
        assert f'hx-get="/boards/{board.id}/stands"' in listed
        told = client.get(f"/boards/{board.id}/stands", headers={"HX-Request": "true"}).text
        assert "30 semester credit hours still to place" in told
        page = client.get(f"/boards/{board.id}").text
        assert re.search(rf'<p class="whose">Georgia [^<]*{track}, for {name}</p>', page)
        assert re.search(rf"<title>Plan: [^<]*, for {name}", page)
