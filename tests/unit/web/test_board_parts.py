"""After a move only the parts of a board that show something else are sent."""

from __future__ import annotations

import json
import re

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

from prospectus.app.workspace import Card, KeptBoard, Workspace

_PART = re.compile(r'id="([^"]+)" data-part="([0-9a-f]+)"')
_SENT = re.compile(r'id="([^"]+)" data-part="[0-9a-f]+" hx-swap-oob="true"')


@pytest.fixture
def board(application: FastAPI, workspace: Workspace, student_text: str) -> KeptBoard:
    """A board with three courses, of which two stand in one period."""
    program = application.state.library.named("uiuc-mcs-online")
    student = workspace.students.add("Arjun", student_text)
    return workspace.boards.add(
        student.id,
        name="Three courses",
        program="uiuc-mcs-online",
        catalog_year=program.catalog_year,
        cards=(
            Card(course="CS 411", period="Fall 2027"),
            Card(course="CS 412", period="Fall 2027"),
            Card(course="CS 421", period="Spring 2028"),
        ),
    )


def _parts(page: Response) -> dict[str, str]:
    return dict(_PART.findall(page.text))


def _send(
    client: TestClient, address: str, parts: dict[str, str] | None, **fields: str | int
) -> Response:
    headers = {"Origin": "http://testserver", "HX-Request": "true"}
    if parts is not None:
        headers["Board-Parts"] = " ".join(f"{name}={mark}" for name, mark in parts.items())
    return client.post(
        address,
        data={
            "token": client.cookies["prospectus_token"],
            **{name: str(value) for name, value in fields.items()},
        },
        headers=headers,
    )


def test_a_move_sends_the_two_periods_and_not_the_others(
    client: TestClient, board: KeptBoard
) -> None:
    page = client.get(f"/boards/{board.id}")
    answer = _send(
        client,
        f"/boards/{board.id}/move",
        _parts(page),
        version=board.version,
        card="CS 411",
        period="Spring 2028",
    )
    assert answer.status_code == 200
    assert answer.headers["hx-reswap"] == "none"
    sent = set(_SENT.findall(answer.text))
    assert {"column-Fall-2027", "column-Spring-2028", "verdict", "tools"} <= sent
    assert {name for name in sent if name.startswith("column-")} == {
        "column-Fall-2027",
        "column-Spring-2028",
    }
    assert "courses" not in sent
    assert len(answer.text) < len(page.text) / 2
    shown = json.loads(answer.headers["hx-trigger-after-settle"])["boardShown"]
    assert shown["version"] == board.version + 1


def test_the_parts_that_were_sent_make_the_board_as_a_whole_page_shows_it(
    client: TestClient, board: KeptBoard
) -> None:
    parts = _parts(client.get(f"/boards/{board.id}"))
    version = board.version
    for card, period in (
        ("CS 411", "Spring 2028"),
        ("CS 421", "Fall 2028"),
        ("CS 421", "Fall 2027"),
        ("CS 412", "Fall 2027"),
    ):
        answer = _send(
            client, f"/boards/{board.id}/move", parts, version=version, card=card, period=period
        )
        assert answer.headers["hx-reswap"] == "none"
        version = json.loads(answer.headers["hx-trigger-after-settle"])["boardShown"]["version"]
        for gone in re.findall(r'<li id="([^"]+)" hx-swap-oob="delete">', answer.text):
            del parts[gone]
        parts.update(_parts(answer))
        whole = _parts(client.get(f"/boards/{board.id}"))
        assert parts == whole
        periods = [name for name in parts if name.startswith("column-")]
        assert periods == [name for name in whole if name.startswith("column-")]


def test_a_card_beyond_the_last_period_adds_periods_and_taking_it_back_removes_them(
    client: TestClient, board: KeptBoard
) -> None:
    parts = _parts(client.get(f"/boards/{board.id}"))
    last = [name for name in parts if name.startswith("column-")][-1]
    answer = _send(
        client,
        f"/boards/{board.id}/move",
        parts,
        version=board.version,
        card="CS 421",
        period=last.removeprefix("column-").replace("-", " "),
    )
    assert '<ol hx-swap-oob="beforeend:#columns">' in answer.text
    added = [name for name in _parts(answer) if name.startswith("column-") and name not in parts]
    assert added
    parts.update(_parts(answer))
    answer = _send(client, f"/boards/{board.id}/undo", parts, version=board.version + 1)
    gone = re.findall(r'<li id="([^"]+)" hx-swap-oob="delete">', answer.text)
    assert gone == added


def test_a_page_whose_periods_stand_otherwise_is_sent_the_whole_board(
    client: TestClient, board: KeptBoard
) -> None:
    parts = _parts(client.get(f"/boards/{board.id}"))
    others = {name: mark for name, mark in parts.items() if not name.startswith("column-")}
    periods = [item for item in parts.items() if item[0].startswith("column-")]
    for told in (None, {}, others, {**others, **dict(reversed(periods))}, dict(periods[1:])):
        answer = _send(client, f"/boards/{board.id}/remove", told, version=0, card="CS 411")
        assert answer.status_code == 409
        assert answer.text.lstrip().startswith('<section id="board"')
    answer = _send(
        client,
        f"/boards/{board.id}/move",
        {"a": "b", "": ""},
        version=board.version,
        card="CS 411",
        period="Spring 2028",
    )
    assert answer.text.lstrip().startswith('<section id="board"')


def test_what_is_refused_is_told_and_what_was_changed_elsewhere_is_sent_with_it(
    client: TestClient, board: KeptBoard, workspace: Workspace
) -> None:
    parts = _parts(client.get(f"/boards/{board.id}"))
    workspace.boards.add_step(board.id, board.version, board.cards[:2], "elsewhere")
    answer = _send(
        client,
        f"/boards/{board.id}/move",
        parts,
        version=board.version,
        card="CS 411",
        period="Spring 2028",
    )
    assert answer.status_code == 409
    assert answer.headers["hx-reswap"] == "none"
    assert "STO-002" in answer.text
    sent = set(_SENT.findall(answer.text))
    assert {"told", "column-Spring-2028"} <= sent
    assert "column-Fall-2027" not in sent


def test_a_part_that_a_page_no_longer_trusts_is_sent_again(
    client: TestClient, board: KeptBoard
) -> None:
    parts = _parts(client.get(f"/boards/{board.id}")) | {"column-Fall-2027": ""}
    answer = _send(
        client,
        f"/boards/{board.id}/move",
        parts,
        version=board.version,
        card="CS 421",
        period="Spring 2028",
    )
    assert "column-Fall-2027" in _SENT.findall(answer.text)
