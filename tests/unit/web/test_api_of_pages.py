"""What the pages can do, programs can: each form and link of a page has its twin in the API."""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
from pathlib import Path
from types import ModuleType

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, APIRouter
from fastapi.testclient import TestClient

from prospectus.app.workspace import Card, Workspace
from prospectus.web import pages

API = "/api/v1"
RECORDS = Path(__file__).parents[3] / "examples" / "records"

TWINS = {
    "GET /": ["GET /students", "GET /boards"],
    "GET /boards": ["GET /boards"],
    "POST /boards": ["POST /boards"],
    "GET /boards/{board}": ["GET /boards/{board}"],
    "GET /boards/{board}/spots": ["GET /boards/{board}/spots"],
    "GET /boards/{board}/why": ["GET /boards/{board}/why"],
    "GET /boards/{board}/others": ["POST /boards/{board}/others", "GET /jobs/{job}"],
    "POST /boards/{board}/others": ["POST /boards/{board}/others"],
    "GET /boards/{board}/calendar": ["GET /boards/{board}/calendar"],
    "GET /boards/{board}/calendar.ics": ["GET /boards/{board}/calendar.ics"],
    "GET /boards/{board}/plan.json": ["GET /boards/{board}/plan"],
    **{
        f"POST /boards/{{board}}/{verb}": [f"POST /boards/{{board}}/{verb}"]
        for verb in ("move", "add", "remove", "pin", "undo", "redo", "repair", "put", "tidy")
    },
    "GET /boards/{board}/stands": ["GET /boards/{board}"],
    "POST /boards/{board}/ease": [
        "PATCH /students/{student}/form",
        "POST /boards/{board}/pin",
        "POST /boards/{board}/repair",
    ],
    "POST /boards/{board}/rename": ["PATCH /boards/{board}"],
    "POST /boards/{board}/copy": ["POST /boards/{board}/copy"],
    "POST /boards/{board}/delete": ["DELETE /boards/{board}"],
    "GET /compare/{student}": ["POST /students/{student}/compare", "GET /jobs/{job}"],
    "POST /compare/{student}": ["POST /students/{student}/compare"],
    "POST /compare/{student}/keep": ["PATCH /students/{student}/form"],
    "GET /jobs/{job}": ["GET /jobs/{job}"],
    "GET /jobs/{job}/events": ["GET /jobs/{job}"],
    "POST /jobs/{job}/cancel": ["POST /jobs/{job}/cancel"],
    "GET /programmes": ["GET /programmes"],
    "GET /programmes/{program}": [
        "GET /programmes/{programme}",
        "GET /programmes/{programme}/graph",
    ],
    "GET /programmes/{program}/topics": ["GET /programmes/{programme}/topics"],
    "GET /programmes/{program}/courses/{code}": [
        "GET /programmes/{programme}/courses/{course}",
        "GET /programmes/{programme}/courses/{course}/offerings",
    ],
    "GET /records": ["GET /records", "GET /programmes"],
    "POST /records": ["POST /records"],
    "GET /records/{record}": ["GET /records/{record}", "GET /records/{record}/audit"],
    "POST /records/{record}/remove": ["DELETE /records/{record}"],
    "GET /you/new": ["GET /students/{student}/form"],
    "POST /you/new": ["POST /students"],
    "POST /you/upload": ["POST /students"],
    "GET /you/{student}": ["GET /students/{student}/form"],
    "POST /you/{student}": ["PATCH /students/{student}/form"],
    "GET /you/{student}.yaml": ["GET /students/{student}/yaml"],
    "GET /you/{student}/text": ["GET /students/{student}"],
    "POST /you/{student}/text": ["PUT /students/{student}"],
    "POST /you/{student}/remove": ["DELETE /students/{student}"],
    "GET /you/{student}/finished": ["GET /students/{student}/courses"],
    "POST /you/{student}/finished": ["POST /students/{student}/finished"],
    "POST /you/{student}/finished/remove": ["DELETE /students/{student}/finished/{index}"],
    "POST /you/{student}/finished/upload": ["POST /students/{student}/finished/record"],
}


@pytest.fixture
def student(client: TestClient, student_text: str) -> str:
    """The id of a student document that is kept."""
    sent = {"name": "Arjun", "text": student_text}
    return str(client.post(f"{API}/students", json=sent).json()["result"]["id"])


@pytest.fixture
def board(client: TestClient, student: str) -> str:
    """The id of an empty board."""
    sent = {"student": student, "program": "utaustin-msai", "planned": False}
    return str(client.post(f"{API}/boards", json=sent).json()["result"]["id"])


def pages_of(modules: ModuleType) -> set[str]:
    """Return every method and address of the pages."""
    found = set()
    for info in pkgutil.iter_modules(modules.__path__):
        module = importlib.import_module(f"{modules.__name__}.{info.name}")
        for route in getattr(module, "router", APIRouter()).routes:
            assert isinstance(route, APIRoute)
            found |= {f"{method} {route.path}" for method in route.methods or ()}
    return found


def test_every_address_of_a_page_has_its_twin(client: TestClient) -> None:
    paths = client.get(f"{API}/openapi.json").json()["paths"]
    known = {
        f"{method.upper()} {path.removeprefix(API)}"
        for path, item in paths.items()
        for method in item
    }
    assert pages_of(pages) == set(TWINS)
    assert {twin for twins in TWINS.values() for twin in twins} <= known


def test_another_plan_is_put_on_a_board_and_taken_back(client: TestClient, board: str) -> None:
    first = client.get(f"{API}/boards/{board}").json()["result"]
    period = first["columns"][0]["id"]
    cards = [{"course": "AI 391L", "period": period, "credits": 3, "n_periods": 1}]
    sent = {"version": first["version"], "cards": cards}
    put = client.post(f"{API}/boards/{board}/put", json=sent)
    assert put.status_code == 200, put.text
    (card,) = put.json()["result"]["columns"][0]["cards"]
    assert (card["course"], card["credits"], card["n_periods"]) == ("AI 391L", "3", 1)
    assert client.post(f"{API}/boards/{board}/put", json=sent).status_code == 409
    back = client.post(f"{API}/boards/{board}/undo", json={"version": first["version"] + 1})
    assert not any(column["cards"] for column in back.json()["result"]["columns"])


@pytest.mark.parametrize("credits", ["3/0", "many", -1, 1.5, ""])
def test_a_plan_that_cannot_be_read_changes_nothing(
    client: TestClient, board: str, credits: object
) -> None:
    cards = [{"course": "AI 391L", "period": "Fall 2027", "credits": credits}]
    answer = client.post(f"{API}/boards/{board}/put", json={"version": 1, "cards": cards})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "WEB-004")
    unknown = [{"course": "XX 1", "period": "Fall 2027"}, {"course": "AI 391L", "period": "Never"}]
    answer = client.post(f"{API}/boards/{board}/put", json={"version": 1, "cards": unknown})
    assert [fault["code"] for fault in answer.json()["errors"]] == ["BRD-001", "BRD-002"]
    assert client.get(f"{API}/boards/{board}").json()["result"]["version"] == 1


def test_other_plans_are_a_job_whose_cards_can_be_put_on_the_board(
    client: TestClient, application: FastAPI, board: str
) -> None:
    first = client.post(f"{API}/boards/{board}/others", json={})
    again = client.post(f"{API}/boards/{board}/others", json={"again": True})
    assert (first.status_code, first.json()["result"]["kind"]) == (202, "front")
    assert first.json()["result"]["id"] == again.json()["result"]["id"]
    workspace: Workspace = application.state.workspace
    job = workspace.jobs.claim("test")
    assert job is not None
    cards = [
        {
            "course": "AI 391L",
            "period": "Fall 2027",
            "pinned": False,
            "credits": None,
            "grade": None,
            "n_periods": 1,
        }
    ]
    plan = {"cards": cards, "finish": "2027-12-31", "cost": None, "peak_hours": 9, "moves": []}
    workspace.jobs.finish(job.id, "test", json.dumps({"plans": [plan], "said": "This is all."}))
    found = client.get(f"{API}/jobs/{job.id}").json()["result"]["result"]
    put = {"version": 1, "cards": found["plans"][0]["cards"]}
    assert client.post(f"{API}/boards/{board}/put", json=put).status_code == 200


def test_what_the_catalogue_has_no_more_is_taken_off(
    client: TestClient, application: FastAPI, board: str
) -> None:
    workspace: Workspace = application.state.workspace
    kept = workspace.boards.get(board)
    gone = [Card(course="AI 1", period="Fall 2027")]
    workspace.boards.add_step(board, kept.version, gone, "before")
    assert client.get(f"{API}/boards/{board}").json()["errors"][0]["code"] == "BRD-001"
    tidied = client.post(f"{API}/boards/{board}/tidy", json={"version": kept.version + 1})
    assert tidied.status_code == 200, tidied.text
    assert not any(column["cards"] for column in tidied.json()["result"]["columns"])


def test_the_plan_and_its_dates_are_handed_out(client: TestClient, board: str) -> None:
    period = client.get(f"{API}/boards/{board}").json()["result"]["columns"][0]["id"]
    sent = {"course": "AI 391L", "period": period, "version": 1}
    client.post(f"{API}/boards/{board}/add", json=sent)
    plan = client.get(f"{API}/boards/{board}/plan")
    assert plan.headers["content-type"] == "application/json"
    assert plan.json()["schema"] == "prospectus.plan"
    assert "AI 391L" in plan.text
    dates = client.get(f"{API}/boards/{board}/calendar").json()["result"]
    assert any("AI 391L" in one["text"] or period in one["text"] for one in dates["events"])
    assert dates["zone"] == "Asia/Kolkata"
    feed = client.get(f"{API}/boards/{board}/calendar.ics")
    assert feed.headers["content-type"].startswith("text/calendar")
    assert feed.text == client.get(f"/boards/{board}/calendar.ics").text
    assert feed.text.startswith("BEGIN:VCALENDAR\r\n")


def test_a_document_is_filled_in_field_by_field(client: TestClient, student: str) -> None:
    form = client.get(f"{API}/students/{student}/form").json()["result"]

    def field(found: dict[str, list[dict[str, list[dict[str, object]]]]], key: str) -> object:
        (one,) = [one for group in found["groups"] for one in group["fields"] if one["key"] == key]
        return one["value"]

    assert (form["version"], form["faults"], field(form, "hours_per_week")) == (1, [], "20")
    sent = {"version": 1, "fields": {"hours_per_week": "12", "deadline": "soon"}}
    filled = client.patch(f"{API}/students/{student}/form", json=sent).json()["result"]
    assert (filled["version"], field(filled, "hours_per_week")) == (2, "12")
    assert {fault["at"]["field"] for fault in filled["faults"]} == {"deadline"}
    # the same once more changes nothing, and is no conflict
    assert client.patch(f"{API}/students/{student}/form", json=sent).status_code == 200
    stale = {"version": 1, "fields": {"hours_per_week": "9"}}
    assert client.patch(f"{API}/students/{student}/form", json=stale).status_code == 409
    assert (
        "# A software engineer" in client.get(f"{API}/students/{student}").json()["result"]["text"]
    )


def test_finished_courses_are_searched_for_added_taken_over_and_removed(
    client: TestClient, student: str
) -> None:
    address = f"{API}/students/{student}"
    sent = {"version": 1, "fields": {"program": "gatech-omscs", "matriculation": "2025-08-18"}}
    client.patch(f"{address}/form", json=sent)
    found = client.get(f"{address}/courses", params={"q": "machine learning"}).json()["result"]
    assert {"code": "CS 7641", "title": "Machine Learning"} in found
    line = {"version": 2, "course": "CS 7641", "period": "Fall 2025", "grade": "A"}
    added = client.post(f"{address}/finished", json=line).json()["result"]
    assert [(one["index"], one["course"]) for one in added["finished"]] == [(0, "CS 7641")]
    taken = client.post(
        f"{address}/finished/record",
        params={"version": 3, "file_name": "robin.yaml"},
        content=(RECORDS / "omscs-robin-sample.yaml").read_bytes(),
        headers={"content-type": "application/octet-stream"},
    )
    assert taken.status_code == 200, taken.text
    n = len(taken.json()["result"]["finished"])
    assert n > 1
    params: dict[str, str | int] = {"version": 4, "course": "CS 7641"}
    left = client.delete(f"{address}/finished/0", params=params).json()["result"]
    assert len(left["finished"]) == n - 1


def test_programmes_are_searched_for_as_on_their_page(client: TestClient) -> None:
    found = client.get(f"{API}/programmes", params={"q": "georgia computer", "complete": True})
    assert [one["id"] for one in found.json()["result"]] == ["gatech-omscs"]
    n_complete = len(client.get(f"{API}/programmes", params={"complete": True}).json()["result"])
    assert 0 < n_complete < len(client.get(f"{API}/programmes").json()["result"])


def test_the_graph_and_the_runs_of_a_course_are_told(client: TestClient) -> None:
    graph = client.get(f"{API}/programmes/gatech-omsa/graph").json()["result"]
    codes = {one["code"] for one in graph["courses"]}
    assert graph["finding"]
    assert all({edge["first"], edge["then"]} <= codes for edge in graph["edges"])
    address = f"{API}/programmes/gatech-omscs/courses/CS 7641/offerings"
    runs = client.get(address).json()["result"]
    assert any(re.fullmatch(r"seen in \d+ of \d+", one["known"]) for one in runs["history"])
    assert {one["term"] for one in runs["coming"]} >= {"Spring 2027", "Fall 2027"}


@pytest.mark.parametrize("planned", [True, False])
def test_no_board_is_kept_for_a_track_that_there_is_not(
    client: TestClient, student: str, planned: bool
) -> None:
    sent = {"student": student, "program": "gatech-omscs", "track": "none", "planned": planned}
    answer = client.post(f"{API}/boards", json=sent)
    assert [fault["code"] for fault in answer.json()["errors"]] == ["USE-003"]
    assert "ml (Machine Learning)" in answer.json()["errors"][0]["fix"]
    assert client.get(f"{API}/boards").json()["result"] == []
