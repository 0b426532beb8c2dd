"""The pages of a person's details: kept as sent, faults at their fields, nothing overwritten."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from prospectus.app import student_work
from prospectus.app.workspace import KeptStudent, Workspace
from prospectus.web.rendering import STUDENT

EXAMPLES = Path(__file__).parents[3] / "examples"
MIDWAY = (EXAMPLES / "omscs-midway.yaml").read_text(encoding="utf-8")
HTMX = {"HX-Request": "true"}


@pytest.fixture
def sam(workspace: Workspace) -> KeptStudent:
    """A document without faults, half-way through a programme."""
    return workspace.students.add("Sam", MIDWAY)


def token(client: TestClient) -> str:
    """Return the token of a browser, which it has from its first page."""
    if "prospectus_token" not in client.cookies:
        client.get("/")
    return str(client.cookies["prospectus_token"])


def post(
    client: TestClient,
    address: str,
    sent: dict[str, str],
    headers: dict[str, str] | None = None,
) -> Response:
    return client.post(address, data={"token": token(client), **sent}, headers=headers)


def upload(client: TestClient, address: str, name: str, content: bytes, **more: str) -> Response:
    sent = {"token": token(client), **more}
    return client.post(address, files={"file": (name, content)}, data=sent)


def sent_by(page: str) -> dict[str, str]:
    """Return what the form of a page sends, as a browser without scripts reads it."""
    form = re.search(r'<form id="you-form".*?</form>', page, re.S)
    assert form is not None
    found: dict[str, str] = {}
    for name, value in re.findall(r'<input[^>]* name="([^"]+)" value="([^"]*)"', form[0]):
        found[name] = _plain(value)
    for name, value in re.findall(
        r'<textarea[^>]* name="([^"]+)"[^>]*>\n(.*?)</textarea>', form[0], re.S
    ):
        found[name] = _plain(value).replace("\n", "\r\n")
    for name, inner in re.findall(r'<select[^>]* name="([^"]+)".*?>(.*?)</select>', form[0], re.S):
        chosen = re.search(r'value="([^"]*)" selected', inner)
        value = _plain(chosen[1]) if chosen else ""
        found[name] = "\n".join(one for one in (found.get(name), value) if one)
    return found


def _plain(text: str) -> str:
    for sign, name in (
        ("<", "&lt;"),
        (">", "&gt;"),
        ('"', "&#34;"),
        ("'", "&#39;"),
        ("&", "&amp;"),
    ):
        text = text.replace(name, sign)
    return text


def test_the_seven_questions_make_a_document(client: TestClient, workspace: Workspace) -> None:
    page = client.get("/you/new")
    assert page.status_code == 200
    assert len(re.findall(r"<legend>\d\. ", page.text)) == 7
    sent = {
        "name": "Maria",
        "plan_from": "2027-01-04",
        "hours_per_week": "15",
        "money.employer.per_year": "USD 5,250",
        "free_for_live_sessions.Mon": "18:00-21:00",
        "time_zone": "America/Denver",
    }
    answer = post(client, "/you/new", sent)
    assert answer.status_code == 303
    (kept,) = workspace.students.all()
    assert answer.headers["location"] == f"/you/{kept.id}"
    assert kept.name == "Maria"
    assert "hours_per_week: 15\n" in kept.text
    assert "money: {employer: {per_year: USD 5250}}\n" in kept.text
    shown = client.get(answer.headers["location"])
    assert "Ready:" in shown.text
    assert 'value="USD 5250"' in shown.text


def test_a_draft_with_faults_is_kept_and_shows_each_at_its_field(
    client: TestClient, workspace: Workspace
) -> None:
    sent = {"name": "<script>x</script>", "hours_per_week": "a lot", "deadline": "2020-01-01"}
    answer = post(client, "/you/new", sent)
    assert answer.status_code == 303
    page = client.get(answer.headers["location"]).text
    assert 'value="a lot"' in page
    assert re.search(r'id="f-hours-per-week"[^>]*aria-invalid="true"', page)
    assert re.search(r'id="f-hours-per-week-wrong">[^<]*not a whole number', page)
    assert 'href="#f-hours-per-week"' in page
    assert "<script>x" not in page
    assert workspace.students.all()[0].name == "<script>x</script>"


def test_words_that_cannot_be_kept_are_shown_again(client: TestClient) -> None:
    sent = {"name": "Maria", "hours_per_week.by": "Summer: 6\r\nSummer: 8"}
    answer = post(client, "/you/new", sent)
    assert answer.status_code == 200
    assert "Summer: 6\r\nSummer: 8</textarea>" in answer.text
    assert "STU-024" in answer.text
    assert 'value="Maria"' in answer.text


def test_a_page_sent_back_as_it_came_changes_nothing(
    client: TestClient, sam: KeptStudent, workspace: Workspace
) -> None:
    sent = sent_by(client.get(f"/you/{sam.id}").text)
    assert sent["hours_per_week.by"] == "Summer: 22"
    assert sent["objectives"] == "finish\ncost\npeak\ntopics"
    answer = post(client, f"/you/{sam.id}", sent)
    assert answer.status_code == 303
    assert workspace.students.get(sam.id) == sam


def test_one_field_that_a_script_sends_changes_that_field_alone(
    client: TestClient, sam: KeptStudent, workspace: Workspace
) -> None:
    sent = {"version": "1", "hours_per_week": "18"}
    answer = post(client, f"/you/{sam.id}", sent, HTMX)
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<section id="you-state"')
    assert 'data-version="2"' in answer.text
    assert '<span class="wrong" id="f-deadline-wrong" hx-swap-oob="true"></span>' in answer.text
    kept = workspace.students.get(sam.id)
    assert kept.text == MIDWAY.replace("usual: 20", "usual: 18")


def test_another_programme_brings_its_choices(client: TestClient, sam: KeptStudent) -> None:
    sent = {"version": "1", "program": "utaustin-msai"}
    answer = post(client, f"/you/{sam.id}", sent, HTMX)
    assert 'id="in-studies" hx-swap-oob="true"' in answer.text


def test_a_stale_form_is_answered_with_both_and_changes_nothing(
    client: TestClient, sam: KeptStudent, workspace: Workspace
) -> None:
    post(client, f"/you/{sam.id}", {"version": "1", "hours_per_week": "18"})
    stale = {"version": "1", "hours_per_week": "16", "name": "Sam"}
    for headers in (None, HTMX):
        answer = post(client, f"/you/{sam.id}", stale, headers)
        assert answer.status_code == 409
        assert 'name="hours_per_week" value="16"' in answer.text
        assert 'name="hours_per_week" value="18"' in answer.text
        assert 'name="version" value="2"' in answer.text
        assert 'name="name"' not in answer.text
    assert "usual: 18" in workspace.students.get(sam.id).text
    order = {"version": "1", "objectives": "cost\r\nfinish"}
    told = post(client, f"/you/{sam.id}", order, HTMX).text
    assert "a low price\nan early end" in told
    chosen = {"version": "2", "hours_per_week": "16"}
    assert post(client, f"/you/{sam.id}", chosen).status_code == 303
    assert "usual: 16" in workspace.students.get(sam.id).text


def test_a_stale_form_that_says_what_is_kept_is_no_conflict(
    client: TestClient, sam: KeptStudent, workspace: Workspace
) -> None:
    for _ in range(2):
        answer = post(client, f"/you/{sam.id}", {"version": "1", "hours_per_week": "18"})
        assert answer.status_code == 303
    assert workspace.students.get(sam.id).version == 2


def test_the_text_is_saved_as_it_is_with_its_faults_beside_it(
    client: TestClient, sam: KeptStudent, workspace: Workspace
) -> None:
    text = "format: 1\n# mine\nplan_from: 2027-01-04\nhours_per_week: lots\ncolour: red\n"
    sent = {"version": "1", "text": text.replace("\n", "\r\n")}
    answer = post(client, f"/you/{sam.id}/text", sent)
    assert answer.status_code == 303
    assert workspace.students.get(sam.id).text == text
    page = client.get(answer.headers["location"]).text
    assert "hours_per_week: lots" in page
    assert 'data-line="4">Line 4</a>, <code>hours_per_week</code>' in page
    assert 'data-line="5">Line 5</a>, <code>colour</code>' in page


def test_a_text_that_is_no_document_is_kept_and_shown_as_text(
    client: TestClient, sam: KeptStudent
) -> None:
    post(client, f"/you/{sam.id}/text", {"version": "1", "text": "a: [1,\n<b>"})
    page = client.get(f"/you/{sam.id}")
    assert page.status_code == 200
    assert "a: [1,\n&lt;b&gt;</textarea>" in page.text
    assert "CAT-006" in page.text


def test_a_stale_text_is_answered_with_both(client: TestClient, sam: KeptStudent) -> None:
    post(client, f"/you/{sam.id}", {"version": "1", "name": "Kim"})
    answer = post(client, f"/you/{sam.id}/text", {"version": "1", "text": "format: 1\n"})
    assert answer.status_code == 409
    assert "\nformat: 1\n</textarea>" in answer.text
    assert "name: Kim\n" in answer.text


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_file_goes_in_and_comes_out_unchanged(client: TestClient, path: Path) -> None:
    answer = upload(client, "/you/upload", path.name, path.read_bytes())
    assert answer.status_code == 303
    page = client.get(answer.headers["location"])
    assert "Ready:" in page.text
    out = client.get(answer.headers["location"] + ".yaml")
    assert out.content == path.read_bytes()
    assert out.headers["content-type"].startswith("application/yaml")
    assert re.fullmatch(r'attachment; filename="[a-z]+\.yaml"', out.headers["content-disposition"])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "STU-001"),
        (b"\x89PNG\r\n\x1a\n\xff", "STU-001"),
        (b"just words", "STU-001"),
        (b"a: &x [1]\nb: *x\n", "CAT-008"),
        (b"a: [" * 50, "CAT-00"),
    ],
)
def test_a_file_that_is_no_document_is_refused_with_the_reason(
    client: TestClient, workspace: Workspace, content: bytes, code: str
) -> None:
    answer = upload(client, "/you/upload", "me.yaml", content)
    assert 400 <= answer.status_code < 500
    assert code in answer.text
    assert "Seven questions" in answer.text
    assert workspace.students.all() == ()


def test_whose_pages_were_looked_at_last_is_linked_from_every_page(
    client: TestClient, sam: KeptStudent
) -> None:
    answer = client.get(f"/you/{sam.id}")
    cookie = answer.headers["set-cookie"]
    assert f"{STUDENT}={sam.id}" in cookie
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()
    assert f'href="/you/{sam.id}"' in client.get("/records").text


def test_finished_courses_are_found_added_and_removed(
    client: TestClient, sam: KeptStudent, workspace: Workspace
) -> None:
    address = f"/you/{sam.id}/finished"
    part = client.get(address, params={"q": "computer vision"}, headers=HTMX).text
    assert part.lstrip().startswith('<div id="found"')
    assert 'value="CS 6476"' in part
    assert 'value="CS 6476"' in client.get(address, params={"q": "cs6476"}).text
    sent = {"version": "1", "course": "CS 6476", "period": "Summer 2026", "grade": "B"}
    assert post(client, address, sent).status_code == 303
    kept = workspace.students.get(sam.id)
    assert "  - {course: CS 6476, period: Summer 2026, grade: B}\n" in kept.text.replace(
        "grade: B, period: Summer 2026", "period: Summer 2026, grade: B"
    )
    page = client.get(address).text
    assert "Computer Vision" in page
    gone = {"version": str(kept.version), "index": "5", "course": "CS 6476"}
    assert post(client, f"{address}/remove", gone).status_code == 303
    assert "CS 6476" not in workspace.students.get(sam.id).text


def test_a_wrong_finished_course_is_kept_and_says_what_is_wrong(
    client: TestClient, sam: KeptStudent
) -> None:
    address = f"/you/{sam.id}/finished"
    post(client, address, {"version": "1", "written": "CS 99999", "grade": "Z"})
    page = client.get(address).text
    assert "has no course CS 99999" in page
    assert "Finished courses</a>:" in client.get(f"/you/{sam.id}").text
    assert post(client, address, {"version": "2"}).status_code == 400


def test_the_courses_of_a_record_are_taken_over_once(
    client: TestClient, workspace: Workspace
) -> None:
    kept = workspace.students.add("", "format: 1\nplan_from: 2027-01-04\n")
    record = (EXAMPLES / "records" / "omsa-alex-sample.csv").read_bytes()
    address = f"/you/{kept.id}/finished/upload"
    refused = upload(client, address, "alex.csv", record, version="1")
    assert (refused.status_code, "which programme" in refused.text) == (400, True)
    for version in ("1", "2"):
        answer = upload(client, address, "alex.csv", record, version=version, program="gatech-omsa")
        assert answer.status_code == 303
    found = workspace.students.get(kept.id)
    assert found.version == 2
    assert "program: gatech-omsa\n" in found.text
    n = found.text.count("course:")
    assert n == len(set(re.findall(r"\{course: [^}]*\}", found.text))) > 3
    assert "STU-" not in client.get(f"/you/{kept.id}").text


def test_a_record_with_faults_is_told_and_nothing_is_taken(
    client: TestClient, sam: KeptStudent, workspace: Workspace
) -> None:
    address = f"/you/{sam.id}/finished/upload"
    answer = upload(client, address, "../../<b>.csv", b"course,grade\nCS 99999,Z\n", version="1")
    assert 400 <= answer.status_code < 500
    assert "CS 99999" in answer.text
    assert "<b>.csv" not in answer.text
    assert "/tmp" not in answer.text
    assert workspace.students.get(sam.id) == sam


def test_a_document_is_forgotten_with_the_cookie_that_names_it(
    client: TestClient, sam: KeptStudent, workspace: Workspace
) -> None:
    client.get(f"/you/{sam.id}")
    answer = post(client, f"/you/{sam.id}/remove", {"version": "1"})
    assert answer.headers["location"] == "/"
    assert STUDENT not in client.cookies
    assert workspace.students.all() == ()
    assert client.get(f"/you/{sam.id}").status_code == 404
    assert client.get(f"/you/{sam.id}.yaml").status_code == 404


@pytest.mark.parametrize("version", ["", "x", "-1", "1.5"])
def test_a_form_without_a_version_is_told_to_be_sent_again(
    client: TestClient, sam: KeptStudent, version: str, workspace: Workspace
) -> None:
    answer = post(client, f"/you/{sam.id}", {"version": version, "name": "Kim"})
    assert 400 <= answer.status_code < 500
    assert workspace.students.get(sam.id) == sam


def test_two_browsers_keep_whose_pages_they_see_apart(
    browsing: Callable[..., TestClient], workspace: Workspace
) -> None:
    one, other = workspace.students.add("One", MIDWAY), workspace.students.add("Other", MIDWAY)
    first, second = browsing(), browsing()
    first.get(f"/you/{one.id}")
    second.get(f"/you/{other.id}")
    assert (first.cookies[STUDENT], second.cookies[STUDENT]) == (one.id, other.id)


def test_a_form_seen_before_another_change_is_kept_if_its_own_fields_were_not_changed(
    client: TestClient, sam: KeptStudent, workspace: Workspace
) -> None:
    post(client, f"/you/{sam.id}", {"version": "1", "hours_per_week": "18"})
    apart = {"version": "1", "name": "Kim", "was.name": "Sam"}
    assert post(client, f"/you/{sam.id}", apart).status_code == 303
    kept = workspace.students.get(sam.id)
    assert ("usual: 18" in kept.text, kept.name) == (True, "Kim")
    # what is on its way may have been taken already
    late = {"version": "1", "name": "Kay", "was.name": "Sam", "sent.name": "Kim"}
    assert post(client, f"/you/{sam.id}", late).status_code == 303
    same = {"version": "1", "hours_per_week": "9", "was.hours_per_week": "12"}
    assert post(client, f"/you/{sam.id}", same).status_code == 409
    kept = workspace.students.get(sam.id)
    assert ("usual: 18" in kept.text, kept.name) == (True, "Kay")


@pytest.mark.parametrize(
    ("field", "words", "told"),
    [
        ("hours_per_week", "200", "more than a week has"),
        ("hours_per_week", "12.5", "&#39;12.5&#39; is not a whole number"),
        ("hours_per_week.by", "Summer 6", "&#39;Summer 6&#39; says no value"),
        ("free_for_live_sessions.Mon", "6pm-9pm", "write it as 18:00-21:00"),
        ("free_for_live_sessions.Mon", "22:00-02:00", "stand on two days"),
    ],
)
def test_a_wrong_answer_is_told_in_words_that_help(
    client: TestClient, sam: KeptStudent, field: str, words: str, told: str
) -> None:
    answer = post(client, f"/you/{sam.id}", {"version": "1", field: words}, HTMX)
    assert told in answer.text


@pytest.mark.parametrize(
    ("field", "words", "kept"),
    [
        ("money.total", "$30,000", "$30,000"),
        ("free_for_live_sessions.Mon", '"18:00-21:00"', "18:00-21:00"),
    ],
)
def test_an_answer_as_people_write_it_is_understood(
    client: TestClient, workspace: Workspace, field: str, words: str, kept: str
) -> None:
    one = workspace.students.add("", "format: 1\nplan_from: 2027-01-04\ntime_zone: Europe/Rome\n")
    assert "Ready:" in post(client, f"/you/{one.id}", {"version": "1", field: words}, HTMX).text
    assert kept in workspace.students.get(one.id).text


def test_a_finished_course_is_written_as_the_school_writes_it(
    client: TestClient, sam: KeptStudent, workspace: Workspace
) -> None:
    line = {"version": "1", "written": "cs6476", "period": "Fall 2024", "grade": "a"}
    answer = post(client, f"/you/{sam.id}/finished", line)
    assert answer.status_code == 303
    text = workspace.students.get(sam.id).text
    assert re.search(r"\{course: CS 6476, [^}]*grade: A[,}]", text)


def test_all_faults_of_a_finished_course_are_told_at_once(
    client: TestClient, sam: KeptStudent
) -> None:
    line = {"version": "1", "written": "CS9999", "period": "Fall 2940", "grade": "Q"}
    post(client, f"/you/{sam.id}/finished", line)
    page = client.get(f"/you/{sam.id}/finished").text
    for fault in ("has no course CS 9999", "no period", "gives no grade"):
        assert fault in page


def test_of_a_record_the_courses_are_taken_and_what_else_it_says_is_told(
    client: TestClient, workspace: Workspace
) -> None:
    kept = workspace.students.add("Ann", "format: 1\nname: Ann\nplan_from: 2027-01-04\n")
    record = (EXAMPLES / "records" / "omscs-robin-sample.yaml").read_bytes()
    address = f"/you/{kept.id}/finished/upload"
    answer = upload(client, address, "robin.yaml", record, version="1", program="gatech-omscs")
    assert answer.status_code == 303
    told = client.get(answer.headers["location"]).text
    page = client.get(f"/you/{kept.id}").text
    assert 'value="Ann"' in page
    assert "7 courses taken over; also, as it was not said yet: the programme" in told
    assert "not taken over: 1 planned course, 1 exception" in told


def test_a_record_is_no_student_file_and_says_where_it_goes(
    client: TestClient, workspace: Workspace
) -> None:
    record = (EXAMPLES / "records" / "omscs-robin-sample.yaml").read_bytes()
    answer = upload(client, "/you/upload", "robin.yaml", record)
    assert 400 <= answer.status_code < 500
    assert "upload it under Finished courses, or under Audit" in answer.text
    assert workspace.students.all() == ()


def test_a_file_far_larger_than_any_document_is_refused_before_it_is_read(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(student_work, "read_fields", None)
    text = "format: 1\nfinished:\n" + "- {course: CS 6035}\n" * 10_000
    answer = upload(client, "/you/upload", "me.yaml", text.encode())
    assert answer.status_code == 422
    assert "STO-005" in answer.text
    assert "200,000 characters" in answer.text
