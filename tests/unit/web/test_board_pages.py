"""The pages of plan boards: forms without scripts, fragments with them, and what is in the way."""

from __future__ import annotations

import json
import re

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

from prospectus.app.workspace import Card, KeptBoard, Workspace

FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def board(application: FastAPI, workspace: Workspace, student_text: str) -> KeptBoard:
    """A board with two courses."""
    program = application.state.library.named("uiuc-mcs-online")
    student = workspace.students.add("Arjun", student_text)
    return workspace.boards.add(
        student.id,
        name="Two courses",
        program="uiuc-mcs-online",
        catalog_year=program.catalog_year,
        cards=(
            Card(course="CS 411", period="Fall 2027"),
            Card(course="CS 421", period="Spring 2028"),
        ),
    )


def _send(
    client: TestClient, address: str, *, fragment: bool = False, **fields: str | int
) -> Response:
    client.get("/boards")
    token = client.cookies["prospectus_token"]
    return client.post(
        address,
        data={"token": token, **{name: str(value) for name, value in fields.items()}},
        headers={"Origin": "http://testserver", **(FRAGMENT if fragment else {})},
    )


def test_a_board_is_shown_with_a_form_for_every_action(
    client: TestClient, board: KeptBoard
) -> None:
    page = client.get(f"/boards/{board.id}")
    assert page.status_code == 200
    for verb in ("move", "pin", "remove", "add", "undo", "redo", "repair", "rename", "copy"):
        assert f'action="/boards/{board.id}/{verb}"' in page.text
    assert "CS 411" in page.text
    assert "Two courses" in page.text
    assert "style=" not in page.text
    assert "onclick" not in page.text


def test_a_move_without_scripts_leads_back_to_the_card(
    client: TestClient, board: KeptBoard
) -> None:
    fields = {"version": board.version, "card": "CS 411", "period": "Spring 2028"}
    answer = _send(client, f"/boards/{board.id}/move", **fields)
    assert answer.status_code == 303
    assert answer.headers["location"].endswith("#card-CS-411")
    page = client.get(answer.headers["location"])
    assert "CS 411 moved from Fall 2027 to Spring 2028" in page.text


def test_a_move_with_scripts_answers_with_the_board_alone(
    client: TestClient, board: KeptBoard
) -> None:
    fields = {"version": board.version, "card": "CS 411", "period": "Spring 2028"}
    answer = _send(client, f"/boards/{board.id}/move", fragment=True, **fields)
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<section id="board"')
    shown = json.loads(answer.headers["hx-trigger-after-settle"])["boardShown"]
    assert shown == {"version": board.version + 1, "focusOn": "card-CS-411"}
    told = json.loads(answer.headers["hx-trigger"])
    assert told["said"]["value"].startswith("CS 411 moved from Fall 2027 to Spring 2028")


def test_an_old_tab_is_shown_the_board_as_it_is_and_changes_nothing(
    client: TestClient, board: KeptBoard, workspace: Workspace
) -> None:
    fields = {"version": board.version, "card": "CS 411", "period": "Spring 2028"}
    _send(client, f"/boards/{board.id}/move", **fields)
    for fragment in (False, True):
        again = _send(
            client,
            f"/boards/{board.id}/remove",
            fragment=fragment,
            version=board.version,
            card="CS 421",
        )
        assert again.status_code == 409
        assert "STO-002" in again.text
        assert 'id="refused"' in again.text
        assert 'data-card="CS 421"' in again.text
    assert len(workspace.boards.get(board.id).cards) == 2


def test_what_an_old_tab_wanted_can_be_done_on_the_board_as_it_is(
    client: TestClient, board: KeptBoard, workspace: Workspace
) -> None:
    fields = {"version": board.version, "card": "CS 411", "period": "Spring 2028"}
    _send(client, f"/boards/{board.id}/move", **fields)
    wanted = {"version": board.version, "card": "CS 421", "period": "Fall 2028"}
    page = _send(client, f"/boards/{board.id}/move", **wanted)
    assert page.status_code == 409
    assert "You wanted to move CS 421 to Fall 2028." in page.text
    form = re.findall(r"<form [^>]*>(?:(?!</form>).)*Do it on the plan", page.text, re.DOTALL)[-1]
    again: dict[str, str | int] = dict(
        re.findall(r'<textarea name="(\w+)"[^>]*>([^<]*)</textarea>', form)
    )
    assert again == {"card": "CS 421", "period": "Fall 2028"}
    again["version"] = workspace.boards.get(board.id).version
    assert _send(client, f"/boards/{board.id}/move", **again).status_code == 303
    places = {(card.course, card.period) for card in workspace.boards.get(board.id).cards}
    assert places == {("CS 411", "Spring 2028"), ("CS 421", "Fall 2028")}


def test_a_change_of_a_card_that_is_gone_is_not_offered_again(
    client: TestClient, board: KeptBoard
) -> None:
    _send(client, f"/boards/{board.id}/remove", version=board.version, card="CS 411")
    page = _send(client, f"/boards/{board.id}/remove", version=board.version, card="CS 411")
    assert page.status_code == 409
    assert "You wanted to" not in page.text


def test_a_change_that_leaves_something_broken_is_not_told_as_a_success(
    client: TestClient, board: KeptBoard, workspace: Workspace
) -> None:
    text = "format: 1\nname: Sam\nplan_from: 2027-01-04\ngpa: 3.6\nhours_per_week: no limit\n"
    person = workspace.students.add("Sam", text)
    own = workspace.boards.add(
        person.id,
        name="One",
        program=board.program,
        catalog_year=board.catalog_year,
        cards=(Card(course="CS 411", period="Fall 2027"),),
    )
    told = []
    for version, period in enumerate(("Spring 2028", "Fall 2026"), own.version):
        fields = {"version": version, "card": "CS 411", "period": period}
        answer = _send(client, f"/boards/{own.id}/move", fragment=True, **fields)
        tone = json.loads(answer.headers["hx-trigger"])["said"]["tone"]
        told.append(("to mend" in answer.text, tone))
    assert told == [(False, ""), (True, "warn")]


def test_a_second_card_of_a_course_gets_the_focus(client: TestClient, board: KeptBoard) -> None:
    fields = {"course": "CS 411", "period": "Fall 2028", "version": board.version}
    answer = _send(client, f"/boards/{board.id}/add", fragment=True, **fields)
    shown = json.loads(answer.headers["hx-trigger-after-settle"])["boardShown"]
    assert shown["focusOn"] == "card-CS-411~2"
    assert 'id="card-CS-411~2"' in answer.text


def test_a_course_that_there_is_not_is_refused_beside_the_board(
    client: TestClient, board: KeptBoard
) -> None:
    fields = {"version": board.version, "course": "CS 99999", "period": "Spring 2028"}
    answer = _send(client, f"/boards/{board.id}/add", **fields)
    assert answer.status_code == 400
    assert "BRD-001" in answer.text
    assert 'data-card="CS 411"' in answer.text


def test_a_student_document_with_faults_keeps_the_cards_and_says_where_to_mend(
    client: TestClient, board: KeptBoard, workspace: Workspace
) -> None:
    student = workspace.students.get(board.student_id)
    workspace.students.replace(
        student.id, name="Arjun", text="format: 1\ngpa: high\n", version=student.version
    )
    page = client.get(f"/boards/{board.id}")
    assert page.status_code == 422
    assert f'href="/you/{student.id}"' in page.text
    assert "CS 411, Fall 2027" in page.text
    assert "CS 421, Spring 2028" in page.text


def test_a_programme_that_is_gone_keeps_the_cards(client: TestClient, workspace: Workspace) -> None:
    student = workspace.students.add("Sam", "format: 1\nplan_from: 2027-01-04\n")
    gone = workspace.boards.add(
        student.id,
        name="Old",
        program="no-such-programme",
        catalog_year="2020-21",
        cards=(Card(course="X 1", period="Fall 2027"),),
    )
    page = client.get(f"/boards/{gone.id}")
    assert page.status_code == 404
    assert "X 1, Fall 2027" in page.text
    assert "no-such-programme" in page.text


def test_a_course_that_is_gone_can_be_taken_off_and_comes_back_by_undo(
    client: TestClient, board: KeptBoard, workspace: Workspace
) -> None:
    gone = Card(course="CS 99999", period="Fall 2027")
    kept = workspace.boards.add_step(board.id, board.version, (*board.cards, gone), "added")
    page = client.get(f"/boards/{board.id}")
    assert page.status_code == 400
    assert "CS 99999, Fall 2027" in page.text
    assert f"/boards/{board.id}/tidy" in page.text
    answer = _send(client, f"/boards/{board.id}/tidy", version=kept.version)
    assert answer.status_code == 303
    assert client.get(f"/boards/{board.id}").status_code == 200
    tidied = workspace.boards.get(board.id)
    assert tidied.cards == board.cards
    assert workspace.boards.undo(board.id, tidied.version).cards[-1] == gone


def test_a_board_is_renamed_copied_and_deleted(
    client: TestClient, board: KeptBoard, workspace: Workspace
) -> None:
    _send(client, f"/boards/{board.id}/rename", version=board.version, name=" Mine <b> ")
    renamed = workspace.boards.get(board.id)
    assert renamed.name == "Mine <b>"
    assert "Mine &lt;b&gt;" in client.get(f"/boards/{board.id}").text
    answer = _send(client, f"/boards/{board.id}/copy")
    copied = workspace.boards.get(re.split(r"[/?]", answer.headers["location"])[2])
    assert copied.cards == board.cards
    assert copied.name == "Mine <b> (copy)"
    stale = _send(client, f"/boards/{board.id}/delete", version=board.version)
    assert stale.status_code == 409
    _send(client, f"/boards/{board.id}/delete", version=renamed.version)
    assert client.get(f"/boards/{board.id}").status_code == 404
    assert client.get(f"/boards/{copied.id}").status_code == 200


def test_the_plan_is_handed_out_as_a_document(client: TestClient, board: KeptBoard) -> None:
    answer = client.get(f"/boards/{board.id}/plan.json")
    assert "attachment" in answer.headers["content-disposition"]
    document = answer.json()
    assert document["schema"] == "prospectus.plan"
    (variant,) = document["result"]["tracks"][0]["variants"]
    assert [one["course"] for one in variant["record"]["attempts"]] == ["CS 411", "CS 421"]


def test_spots_are_a_page_with_a_form_where_it_fits(client: TestClient, board: KeptBoard) -> None:
    page = client.get(f"/boards/{board.id}/spots", params={"card": "CS 411"})
    assert 'data-fits="yes"' in page.text
    assert "Move here" in page.text
    assert f'href="/boards/{board.id}"' in page.text
    part = client.get(f"/boards/{board.id}/spots", params={"card": "CS 411"}, headers=FRAGMENT)
    assert "<html" not in part.text
    assert client.get(f"/boards/{board.id}/spots", params={"card": "X"}).status_code == 400


def test_another_plan_is_put_on_the_board_in_one_step(
    client: TestClient, board: KeptBoard, workspace: Workspace
) -> None:
    text = "CS 411|Fall 2027|4|\r\nCS 412|Spring 2028||"
    answer = _send(client, f"/boards/{board.id}/put", version=board.version, cards=text)
    assert answer.status_code == 303
    kept = workspace.boards.get(board.id)
    assert [(one.course, one.period) for one in kept.cards] == [
        ("CS 411", "Fall 2027"),
        ("CS 412", "Spring 2028"),
    ]
    assert workspace.boards.undo(board.id, kept.version).cards == board.cards


@pytest.mark.parametrize(
    "text",
    [
        *("CS 411", "CS 411|Fall 2027|x|", "a|b|1/0|", "|||1e9"),
        *("CS 411|Fall 2027|1e7|", "CS 411|Fall 2027|1e3000000|", "CS 411|Fall 2027|-4|"),
        *("CS 411|Fall 2027|4|" + "9" * 5_000, "CS 411|Fall 2027|٤|", "CS 411|Fall 2027|1_0|"),
    ],
)
def test_what_is_no_plan_is_not_put_on_the_board(
    client: TestClient, board: KeptBoard, text: str
) -> None:
    answer = _send(client, f"/boards/{board.id}/put", version=board.version, cards=text)
    assert answer.status_code == 400
    assert "BRD-006" in answer.text


@pytest.mark.parametrize("credits", ["999", "5", "0", "7/2"])
def test_a_card_has_no_more_credits_than_its_course_may_have(
    client: TestClient, board: KeptBoard, workspace: Workspace, credits: str
) -> None:
    text = f"CS 411|Fall 2027|{credits}|"
    answer = _send(client, f"/boards/{board.id}/put", version=board.version, cards=text)
    assert answer.status_code == 400
    assert "BRD-007" in answer.text
    assert workspace.boards.get(board.id) == board
