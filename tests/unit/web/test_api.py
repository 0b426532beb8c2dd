from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from prospectus.app.document import error_document
from prospectus.domain.errors import MissingError
from prospectus.web.settings import Settings

API = "/api/v1"
RECORDS = Path(__file__).parents[3] / "examples" / "records"


@pytest.fixture
def student(client: TestClient, student_text: str) -> str:
    """The id of a student document that is kept."""
    sent = {"name": "Arjun", "text": student_text}
    return str(client.post(f"{API}/students", json=sent).json()["result"]["id"])


@pytest.fixture
def board(client: TestClient, student: str) -> str:
    """The id of an empty board."""
    sent = {"student": student, "program": "utaustin-msai", "planned": False}
    answer = client.post(f"{API}/boards", json=sent)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["result"]["id"])


def test_answers_come_in_the_envelope_of_the_command_line(client: TestClient) -> None:
    answer = client.get(f"{API}/students")
    assert answer.json() == {
        "schema": "prospectus.students",
        "version": 1,
        "ok": True,
        "result": [],
        "warnings": [],
    }


def test_faults_come_in_the_shape_of_the_command_line(client: TestClient) -> None:
    answer = client.get(f"{API}/students/nobody")
    assert answer.status_code == 404
    fault = answer.json()["errors"][0]
    told = error_document("api", [], MissingError.exit_code)
    assert answer.json() == {**told, "errors": [fault]}
    assert fault["code"] == "STO-001"
    assert set(fault) == {"code", "severity", "what", "at", "fix"}


def test_a_document_is_kept_read_saved_anew_and_removed(
    client: TestClient, student: str, student_text: str
) -> None:
    first = client.get(f"{API}/students/{student}").json()["result"]
    assert (first["name"], first["text"], first["version"]) == ("Arjun", student_text, 1)
    changed = {"name": "Arjun R", "text": "draft: [", "version": 1}
    second = client.put(f"{API}/students/{student}", json=changed).json()["result"]
    assert (second["text"], second["version"]) == ("draft: [", 2)
    file = client.get(f"{API}/students/{student}/yaml")
    assert file.text == "draft: ["
    assert file.headers["content-type"].startswith("application/yaml")
    assert file.headers["content-disposition"] == 'attachment; filename="student.yaml"'
    assert client.delete(f"{API}/students/{student}", params={"version": 2}).status_code == 200
    assert client.get(f"{API}/students/{student}").status_code == 404


def test_a_stale_change_is_refused_and_both_states_stay(client: TestClient, student: str) -> None:
    mine = {"name": "mine", "text": "a: 1", "version": 1}
    assert client.put(f"{API}/students/{student}", json=mine).status_code == 200
    theirs = client.put(f"{API}/students/{student}", json={**mine, "name": "theirs"})
    assert theirs.status_code == 409
    assert theirs.json()["errors"][0]["code"] == "STO-002"
    assert client.get(f"{API}/students/{student}").json()["result"]["name"] == "mine"
    assert client.delete(f"{API}/students/{student}", params={"version": 1}).status_code == 409


def test_cards_are_added_moved_pinned_taken_off_and_taken_back(
    client: TestClient, board: str
) -> None:
    def act(verb: str, **sent: object) -> dict[str, object]:
        version = client.get(f"{API}/boards/{board}").json()["result"]["version"]
        answer = client.post(f"{API}/boards/{board}/{verb}", json={**sent, "version": version})
        assert answer.status_code == 200, answer.text
        found = answer.json()["result"]
        assert isinstance(found, dict)
        return found

    def cards(state: dict[str, object]) -> list[tuple[str, str, bool]]:
        columns = state["columns"]
        assert isinstance(columns, list)
        return [
            (card["course"], card["period"], card["pinned"])
            for column in columns
            for card in column["cards"]
        ]

    empty = client.get(f"{API}/boards/{board}").json()["result"]
    periods = [column["id"] for column in empty["columns"]]
    assert not empty["is_complete"]
    added = act("add", course="AI 391L", period=periods[0])
    (course, period, _) = cards(added)[0]
    assert period == periods[0]
    key = added["columns"][0]["cards"][0]["key"]  # type: ignore[index]
    assert cards(act("move", card=key, period=periods[1])) == [(course, periods[1], False)]
    moved = client.get(f"{API}/boards/{board}").json()["result"]
    key = moved["columns"][1]["cards"][0]["key"]
    assert cards(act("pin", card=key, pinned=True)) == [(course, periods[1], True)]
    spots = client.get(f"{API}/boards/{board}/spots", params={"card": key}).json()["result"]
    assert spots
    assert {spot["period"] for spot in spots} <= set(periods)
    assert cards(act("remove", card=key)) == []
    assert cards(act("undo")) == [(course, periods[1], True)]
    assert cards(act("redo")) == []
    version = client.get(f"{API}/boards/{board}").json()["result"]["version"]
    gone = client.delete(f"{API}/boards/{board}", params={"version": version})
    assert gone.json()["result"] == {"id": board}
    assert client.get(f"{API}/boards").json()["result"] == []


def test_a_card_that_is_changed_from_a_stale_board_is_refused(
    client: TestClient, board: str
) -> None:
    period = client.get(f"{API}/boards/{board}").json()["result"]["columns"][0]["id"]
    sent = {"course": "AI 391L", "period": period, "version": 1}
    assert client.post(f"{API}/boards/{board}/add", json=sent).status_code == 200
    again = client.post(f"{API}/boards/{board}/add", json=sent)
    assert (again.status_code, again.json()["errors"][0]["code"]) == (409, "STO-002")


def test_a_board_of_a_document_with_faults_says_what_to_mend(client: TestClient) -> None:
    sent = {"name": "Draft", "text": "nonsense: 1"}
    student = client.post(f"{API}/students", json=sent).json()["result"]["id"]
    made = {"student": student, "program": "utaustin-msai", "planned": False}
    answer = client.post(f"{API}/boards", json=made)
    assert answer.status_code == 422
    assert {fault["code"][:3] for fault in answer.json()["errors"]} == {"STU"}


def test_a_record_is_uploaded_byte_for_byte_audited_supposed_and_forgotten(
    client: TestClient,
) -> None:
    answer = client.post(
        f"{API}/records",
        params={"file_name": "robin.yaml"},
        content=(RECORDS / "omscs-robin-sample.yaml").read_bytes(),
        headers={"content-type": "application/octet-stream"},
    )
    assert answer.status_code == 201, answer.text
    record = answer.json()["result"]["id"]
    assert client.get(f"{API}/records/{record}").json()["result"]["file_name"] == "robin.yaml"
    plain = client.get(f"{API}/records/{record}/audit").json()
    supposed = client.get(f"{API}/records/{record}/audit", params={"suppose": "add=CS 7641"}).json()
    assert plain["schema"] == supposed["schema"] == "prospectus.audit"
    assert plain["result"] != supposed["result"]
    assert client.delete(f"{API}/records/{record}", params={"version": 1}).status_code == 200
    assert client.get(f"{API}/records").json()["result"] == []


def test_a_record_that_cannot_be_audited_is_refused_with_all_its_faults(
    client: TestClient,
) -> None:
    answer = client.post(
        f"{API}/records",
        params={"file_name": "none.csv"},
        content=b"\x00\xff",
        headers={"content-type": "application/octet-stream"},
    )
    assert answer.status_code in (400, 422)
    assert answer.json()["errors"]
    assert client.get(f"{API}/records").json()["result"] == []


def test_programmes_and_courses_are_told_as_the_command_line_tells_them(
    client: TestClient,
) -> None:
    programs = client.get(f"{API}/programmes").json()["result"]
    assert "gatech-omscs" in {program["id"] for program in programs}
    one = client.get(f"{API}/programmes/gatech-omscs").json()
    assert one["schema"] == "prospectus.show"
    assert one["result"]["sections"]
    course = client.get(f"{API}/programmes/gatech-omscs/courses/CS 7641").json()
    assert course["result"]["title"] == "Machine Learning"
    assert client.get(f"{API}/programmes/none").status_code == 404
    assert client.get(f"{API}/programmes/gatech-omscs", params={"year": "1"}).status_code == 404


def test_a_job_is_listed_read_and_cancelled(client: TestClient, application: FastAPI) -> None:
    job = application.state.workspace.jobs.add("compare", {"student": "x"})
    assert [one["id"] for one in client.get(f"{API}/jobs").json()["result"]] == [job.id]
    found = client.get(f"{API}/jobs/{job.id}").json()["result"]
    assert (found["state"], found["result"]) == ("queued", None)
    assert client.post(f"{API}/jobs/{job.id}/cancel", json={}).json()["result"]["state"] == (
        "cancelled"
    )


def test_a_comparison_is_asked_once_for_one_question(client: TestClient, student: str) -> None:
    first = client.post(f"{API}/students/{student}/compare", json={})
    again = client.post(f"{API}/students/{student}/compare", json={})
    other = client.post(f"{API}/students/{student}/compare", json={"hours": "12"})
    assert (first.status_code, first.json()["result"]["kind"]) == (202, "compare")
    assert first.json()["result"]["id"] == again.json()["result"]["id"]
    assert first.json()["result"]["id"] != other.json()["result"]["id"]
    wrong = client.post(f"{API}/students/{student}/compare", json={"hours": "many"})
    assert (wrong.status_code, wrong.json()["ok"]) == (422, False)


def test_a_board_is_renamed_and_copied(client: TestClient, board: str) -> None:
    named = client.patch(f"{API}/boards/{board}", json={"version": 1, "name": "Mine"})
    assert (named.json()["result"]["name"], named.json()["result"]["version"]) == ("Mine", 2)
    assert (
        client.patch(f"{API}/boards/{board}", json={"version": 1, "name": "x"}).status_code == 409
    )
    copy = client.post(f"{API}/boards/{board}/copy", json={})
    assert (copy.status_code, copy.json()["result"]["name"]) == (201, "Mine (copy)")
    assert len(client.get(f"{API}/boards").json()["result"]) == 2


@pytest.mark.parametrize(
    "sent",
    [
        {"name": "a"},
        {"name": "a", "text": 5},
        {"name": "a", "text": "", "more": 1},
        {"name": "a" * 301, "text": ""},
        [],
        "text",
    ],
)
def test_a_body_that_is_off_names_the_field(client: TestClient, sent: object) -> None:
    answer = client.post(f"{API}/students", json=sent)
    assert answer.status_code == 400
    assert all(fault["code"] == "WEB-004" for fault in answer.json()["errors"])
    assert all(fault["at"]["field"].startswith("body") for fault in answer.json()["errors"])
    assert client.get(f"{API}/students").json()["result"] == []


def test_halves_of_characters_are_told_and_not_kept(client: TestClient) -> None:
    answer = client.post(
        f"{API}/students",
        content=b'{"name": "\\ud800", "text": "", "\\udfff": 1}',
        headers={"content-type": "application/json"},
    )
    assert answer.status_code in (400, 422)
    assert answer.json()["ok"] is False


def test_the_description_names_every_answer_of_every_operation(client: TestClient) -> None:
    document = client.get(f"{API}/openapi.json").json()
    n_operations = 0
    for path, item in document["paths"].items():
        assert path.startswith(f"{API}/")
        for method, operation in item.items():
            n_operations += 1
            told = set(operation["responses"])
            assert {"400", "403", "404", "413", "421", "422", "500", "503"} <= told
            assert ("409" in told) == (method != "get")
            assert operation["summary"]
            assert operation["description"]
            for status, answer in operation["responses"].items():
                assert answer["description"]
                if status >= "400":
                    shape = answer["content"]["application/json"]["schema"]
                    assert shape == {"$ref": "#/components/schemas/Faults"}
    assert n_operations >= 25


def test_the_page_of_the_api_lists_every_operation(client: TestClient) -> None:
    document = client.get(f"{API}/openapi.json").json()
    page = client.get("/api/docs")
    assert page.headers["content-type"].startswith("text/html")
    for path, item in document["paths"].items():
        for method in item:
            assert f"{method.upper()} {path}</span>" in page.text


def test_two_windows_and_the_api_see_the_same_work(
    browsing: Callable[..., TestClient], student_text: str
) -> None:
    browsing().post(f"{API}/students", json={"name": "Zoë <b>", "text": student_text})
    assert "Zoë &lt;b&gt;" in browsing().get("/").text


def test_days_are_judged_as_the_settings_say(settings: Settings) -> None:
    assert settings.day() == dt.date(2026, 11, 22)
