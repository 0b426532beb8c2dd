"""The page of a job, its events, and how it is stopped."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor

import anyio
import pytest
from fastapi.testclient import TestClient

from prospectus.app.workspace import Job, JobState, Workspace
from prospectus.domain.errors import Fault
from prospectus.web.jobs import Closing, event_id, events

PARAMS = {"student": "maria", "hours": "9", "total": "", "per_year": ""}


@pytest.fixture
def client(browsing: Callable[[], TestClient]) -> TestClient:
    """A browser that has visited; nothing does jobs but the tests."""
    made = browsing()
    made.get("/")
    return made


@pytest.fixture
def job(workspace: Workspace) -> Job:
    """A job at work."""
    workspace.jobs.add("compare", PARAMS)
    made = workspace.jobs.claim("test")
    assert made is not None
    return workspace.jobs.beat(made.id, "test", done=2, total=9, said="now <this>")


def read(told: AsyncIterator[str], most: int) -> list[str]:
    """Return the first events that are told."""

    async def listen() -> list[str]:
        found: list[str] = []
        async for one in told:
            found.append(one)
            if len(found) == most:
                break
        return found

    return run(listen)


def run(listen: Callable[[], Coroutine[None, None, list[str]]]) -> list[str]:
    """Run in a thread of its own: a browser's test may leave a loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(anyio.run, listen).result()


def test_a_job_shows_how_far_it_is_and_how_to_stop_it(client: TestClient, job: Job) -> None:
    text = client.get(f"/jobs/{job.id}").text
    assert 'max="9" value="2"' in text
    assert "now &lt;this&gt;" in text
    assert f'action="/jobs/{job.id}/cancel"' in text
    assert "<noscript><meta http-equiv=" in text


def test_a_job_that_is_done_leads_to_what_it_found(
    client: TestClient, workspace: Workspace, job: Job
) -> None:
    workspace.jobs.finish(job.id, "test", "{}")
    text = client.get(f"/jobs/{job.id}").text
    assert 'href="/compare/maria?hours=9"' in text
    assert "http-equiv" not in text


def test_a_job_that_failed_says_why(client: TestClient, workspace: Workspace, job: Job) -> None:
    workspace.jobs.fail(job.id, "test", [Fault(code="INT-002", what="<gone>", fix="ask again")])
    text = client.get(f"/jobs/{job.id}").text
    assert "&lt;gone&gt;" in text
    assert 'role="alert"' in text


def test_a_job_is_asked_to_stop_and_the_reader_goes_back(
    client: TestClient, workspace: Workspace, job: Job
) -> None:
    fields = {"token": client.cookies["prospectus_token"], "back": "/compare/maria?hours=9"}
    answer = client.post(f"/jobs/{job.id}/cancel", data=fields)
    assert answer.headers["location"] == "/compare/maria?hours=9"
    assert workspace.jobs.get(job.id).asked_to_stop
    assert "Stopping" in client.get(f"/jobs/{job.id}").text


def test_a_script_that_stops_a_job_stays_on_its_page(
    client: TestClient, workspace: Workspace, job: Job
) -> None:
    fields = {"token": client.cookies["prospectus_token"], "back": "/compare/maria"}
    answer = client.post(f"/jobs/{job.id}/cancel", data=fields, headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert json.loads(answer.headers["hx-trigger"]) == {"said": "Stopping."}
    assert "hx-redirect" not in answer.headers
    assert workspace.jobs.get(job.id).asked_to_stop


@pytest.mark.parametrize("back", ["//evil.example", "/\\evil.example", "https://evil.example", ""])
def test_nobody_is_led_to_another_site(client: TestClient, job: Job, back: str) -> None:
    fields = {"token": client.cookies["prospectus_token"], "back": back}
    answer = client.post(f"/jobs/{job.id}/cancel", data=fields)
    assert answer.headers["location"] == f"/jobs/{job.id}"


def test_a_job_that_is_not_there_is_a_clear_page(client: TestClient) -> None:
    assert client.get("/jobs/none").status_code == 404
    assert client.get("/jobs/none/events").status_code == 404


def test_events_tell_progress_once_and_then_the_end(workspace: Workspace, job: Job) -> None:
    async def watched() -> list[str]:
        found: list[str] = []
        async for one in events(workspace.jobs, job.id, Closing(), tick=0.001):
            found.append(one)
            if len(found) == 3:
                assert one == ": still here\n\n"
                workspace.jobs.finish(job.id, "test", "{}")
        return found

    told = run(watched)
    assert told[0] == "retry: 2000\n\n"
    assert told[1].startswith(f"id: {event_id(job)}\nevent: progress\ndata: ")
    data = json.loads(told[1].partition("data: ")[2])
    assert data == {
        "state": "running",
        "done": 2,
        "total": 9,
        "said": "now <this>",
        "stopping": False,
    }
    assert "event: end\n" in told[-1]
    assert all(one == ": still here\n\n" for one in told[2:-1])


def test_a_reader_that_lost_its_line_is_not_told_the_same_again(
    workspace: Workspace, job: Job
) -> None:
    told = events(workspace.jobs, job.id, Closing(), event_id(job), tick=0.001)
    assert read(told, 2) == ["retry: 2000\n\n", ": still here\n\n"]


def test_events_end_when_the_server_is_told_to_stop(workspace: Workspace, job: Job) -> None:
    closing = Closing()
    closing.told.set()
    assert read(events(workspace.jobs, job.id, closing), 9) == ["retry: 2000\n\n"]


def test_the_end_is_told_over_the_line_and_asked_for_once(
    client: TestClient, workspace: Workspace, job: Job
) -> None:
    workspace.jobs.finish(job.id, "test", "{}")
    answer = client.get(f"/jobs/{job.id}/events")
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["cache-control"] == "no-store"
    assert "event: end" in answer.text
    known = event_id(workspace.jobs.get(job.id))
    again = client.get(f"/jobs/{job.id}/events", headers={"Last-Event-ID": known})
    assert again.status_code == 204


def test_a_job_that_waits_is_cancelled_at_once(client: TestClient, workspace: Workspace) -> None:
    made = workspace.jobs.add("compare", PARAMS)
    fields = {"token": client.cookies["prospectus_token"]}
    client.post(f"/jobs/{made.id}/cancel", data=fields)
    assert workspace.jobs.get(made.id).state is JobState.CANCELLED


def test_other_plans_are_looked_for_and_can_be_stopped_and_looked_for_again(
    client: TestClient, workspace: Workspace, student_text: str
) -> None:
    student = workspace.students.add("Arjun <b>", student_text)
    board = workspace.boards.add(
        student.id, name="Mine", program="utaustin-msai", catalog_year="2025-26"
    )
    address = f"/boards/{board.id}/others"
    waiting = client.get(address).text
    (job,) = workspace.jobs.recent()
    assert job.kind == "front"
    assert f'data-events="/jobs/{job.id}/events"' in waiting
    assert f'action="/jobs/{job.id}/cancel"' in waiting
    assert f'href="{address}"' in client.get(f"/jobs/{job.id}").text
    workspace.jobs.ask_to_stop(job.id)
    stopped = client.get(address).text
    assert "It was stopped" in stopped
    form = {"token": client.cookies["prospectus_token"]}
    again = client.post(address, data=form, headers={"origin": "http://testserver"})
    assert (again.status_code, again.headers["location"]) == (303, address)
    assert workspace.jobs.recent()[0].state is JobState.QUEUED


def test_other_plans_that_were_found_can_be_put_on_the_board(
    client: TestClient, workspace: Workspace, student_text: str
) -> None:
    student = workspace.students.add("Arjun", student_text)
    board = workspace.boards.add(
        student.id, name="Mine", program="utaustin-msai", catalog_year="2025-26"
    )
    client.get(f"/boards/{board.id}/others")
    job = workspace.jobs.claim("test")
    assert job is not None
    card = {
        "course": "AI 391L",
        "period": "Fall 2027",
        "pinned": False,
        "credits": "3/2",
        "grade": None,
        "n_periods": None,
    }
    plan = {
        "cards": [card],
        "finish": "2027-12-31",
        "cost": {"minor": 1_234_00, "currency": "USD"},
        "peak_hours": 9,
        "moves": ["AI 391L in <Fall> 2027"],
    }
    so_far = json.dumps({"plans": [plan], "said": ""})
    workspace.jobs.beat(job.id, "test", said="1 plan so far", so_far=so_far)
    partly = client.get(f"/boards/{board.id}/others").text
    assert "31 Dec 2027" in partly
    assert "Put on the board" not in partly
    workspace.jobs.finish(job.id, "test", so_far)
    found = client.get(f"/boards/{board.id}/others").text
    assert "AI 391L|Fall 2027|3/2|</textarea>" in found
    assert "AI 391L in &lt;Fall&gt; 2027" in found
    assert f'action="/boards/{board.id}/put"' in found
