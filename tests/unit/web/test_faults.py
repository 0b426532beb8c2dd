from __future__ import annotations

import datetime as dt
import gzip
import io
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import text

from prospectus.app.workspace import Workspace
from prospectus.domain.errors import Fault
from prospectus.store.database import Database
from prospectus.web.application import create_app
from prospectus.web.safety import TOKEN
from prospectus.web.settings import Settings

API = "/api/v1"
TODAY = dt.date(2026, 11, 22)
BYTES = {"content-type": "application/octet-stream"}
ENTITIES = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">
%s
]><elmo>&j;</elmo>""" % b"\n".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">'.encode()
    for before, name in zip("abcdefghi", "bcdefghij", strict=True)
)
OUTSIDE = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><elmo>&x;</elmo>'
)
ALIASES = b"a: &a [1,1,1,1,1,1,1,1]\n" + b"".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 8)}]\n".encode()
    for before, name in zip("abcdefg", "bcdefgh", strict=True)
)


def unfolding() -> bytes:
    """Return a Parquet file of a few bytes in whose rows one long text stands."""
    held = io.BytesIO()
    grades = pa.DictionaryArray.from_arrays(pa.array([0] * 60_000, pa.int32()), ["A" * 8_000])
    table = pa.table({"course": pa.array(["CS 6035"] * 60_000), "grade": grades})
    pq.write_table(table, held, compression="zstd")
    assert len(held.getvalue()) < 3_000
    return held.getvalue()


def zipped() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"0" * 50_000_000)
    return held.getvalue()


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    """One application for all of these tests but those that break its database."""
    database = tmp_path_factory.mktemp("kept") / "work.db"
    made = create_app(Settings(database=database, hosts=("testserver",), today=TODAY))
    yield made
    made.state.apart.close()
    made.state.workspace.close()


@pytest.fixture
def client(application: FastAPI) -> TestClient:
    """A browser that has not been here yet."""
    return TestClient(application, base_url="http://testserver", follow_redirects=False)


@pytest.fixture
def token(client: TestClient) -> str:
    """The token that the browser was given with its first page."""
    client.get("/")
    return str(client.cookies[TOKEN])


# ------------------------------------------------------------------ hostile uploads


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bomb.xml", ENTITIES),
        ("outside.xml", OUTSIDE),
        ("aliases.yaml", ALIASES),
        ("tags.yaml", b"!!python/object/apply:os.system ['true']"),
        ("deep.json", b"[" * 100_000),
        ("deep.yaml", b"[" * 10_000),
        ("zip.csv", zipped()),
        ("zip.yaml", zipped()),
        ("zip.parquet", zipped()),
        ("unfolding.parquet", unfolding()),
        ("cut.parquet", unfolding()[:-9]),
        ("gzip.xml", gzip.compress(b"0" * 50_000_000)),
        ("nul.csv", b"\x00" * 1_000),
        ("half.csv", b"code,grade\n\xff\xfe\xfd,A\n"),
        ("long.csv", b"code\n" + b"a" * 1_000_000),
        ("wide.csv", b"," * 500_000),
        ("empty.csv", b""),
        ("none.exe", b"MZ"),
        ("none", b"text"),
    ],
)
def test_a_hostile_record_is_refused_and_not_kept(
    client: TestClient, token: str, name: str, content: bytes
) -> None:
    before = client.get(f"{API}/records").json()["result"]
    asked = {"file_name": name, "program": "gatech-omscs"}
    answer = client.post(f"{API}/records", params=asked, content=content, headers=BYTES)
    assert answer.status_code in (400, 422)
    assert answer.json()["errors"]
    assert "root:" not in answer.text
    sent = {"file": (name, content)}
    form = {"token": token, "program": "gatech-omscs"}
    page = client.post("/records", files=sent, data=form)
    assert page.status_code in (400, 422)
    assert client.get(f"{API}/records").json()["result"] == before


@pytest.mark.parametrize(
    "name",
    [
        "a/..\\..\\/../etc/\u202epass\x00wd.yaml",
        '"><img src=x onerror=alert(1)>.yaml',
        "a\r\nset-cookie: b.yaml",
    ],
)
def test_the_name_of_an_upload_is_a_name_and_no_more(client: TestClient, name: str) -> None:
    record = Path(__file__).parents[3] / "examples" / "records" / "omscs-robin-sample.yaml"
    answer = client.post(
        f"{API}/records",
        params={"file_name": name},
        content=record.read_bytes(),
        headers=BYTES,
    )
    assert answer.status_code == 201, answer.text
    kept = answer.json()["result"]
    assert "/" not in kept["file_name"]
    assert "\\" not in kept["file_name"]
    page = client.get(f"/records/{kept['id']}")
    assert page.status_code == 200
    for shown in (page.text, client.get("/records").text):
        assert "<script>alert" not in shown
        assert "<img" not in shown


def test_scripts_in_names_are_shown_as_text(client: TestClient, student_text: str) -> None:
    hostile = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    student = client.post(f"{API}/students", json={"name": hostile, "text": student_text})
    made = {
        "student": student.json()["result"]["id"],
        "program": "utaustin-msai",
        "name": hostile,
        "planned": False,
    }
    board = client.post(f"{API}/boards", json=made).json()["result"]
    for path in ("/", "/boards", f"/boards/{board['id']}"):
        page = client.get(path)
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "<img" not in page.text
        assert "&lt;script&gt;alert(1)" in page.text


@pytest.mark.parametrize("path", ["/<script>alert(1)</script>", "/?said=<script>alert(1)</script>"])
def test_scripts_in_addresses_are_shown_as_text(client: TestClient, path: str) -> None:
    assert "<script>alert" not in client.get(path).text


# ------------------------------------------------------------------ stale, doubled, overlong


@pytest.mark.parametrize("id", ["none", "%00", "a" * 5_000, "%ff%fe", "..%2f..", "%F0%9F%98%80"])
@pytest.mark.parametrize("path", ["/boards", "/records", f"{API}/boards", f"{API}/students"])
def test_an_id_that_names_nothing_is_told(client: TestClient, path: str, id: str) -> None:
    answer = client.get(f"{path}/{id}")
    assert answer.status_code in (400, 404)
    assert "STO-001" in answer.text or "WEB-00" in answer.text


@pytest.mark.parametrize("said", ["a" * 200_000, "\x00", "\ud7ff", "'; DROP TABLE student; --"])
def test_any_text_is_kept_as_it_is_or_refused(client: TestClient, said: str) -> None:
    for sent in ({"name": said, "text": ""}, {"name": "", "text": said}):
        answer = client.post(f"{API}/students", json=sent)
        assert answer.status_code in (201, 400, 422)
        if answer.status_code == 201:
            kept = client.get(f"{API}/students/{answer.json()['result']['id']}").json()["result"]
            assert (kept["name"], kept["text"]) == (sent["name"], sent["text"])


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[" * 50_000, b'{"name": NaN}', b"\xff", b'{"a": 1e999999}', b"0" * 900_000],
)
def test_a_body_that_is_no_json_is_told(client: TestClient, content: bytes) -> None:
    answer = client.post(
        f"{API}/students", content=content, headers={"content-type": "application/json"}
    )
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == "WEB-004"


def test_a_form_that_is_sent_twice_changes_once(
    client: TestClient, token: str, student_text: str
) -> None:
    student = client.post(f"{API}/students", json={"name": "", "text": student_text})
    made = {"student": student.json()["result"]["id"], "program": "utaustin-msai", "planned": False}
    board = client.post(f"{API}/boards", json=made).json()["result"]
    form = {
        "token": token,
        "version": str(board["version"]),
        "course": "AI 391L",
        "period": board["columns"][0]["id"],
    }
    address = f"/boards/{board['id']}"
    assert client.post(f"{address}/add", data=form).status_code == 303
    again = client.post(f"{address}/add", data=form)
    assert again.status_code == 409
    assert "STO-002" in again.text
    state = client.get(f"{API}/boards/{board['id']}").json()["result"]
    assert [card["course"] for card in state["columns"][0]["cards"]] == ["AI 391L"]


def once_in(page: str) -> str:
    found = re.search(r'name="once" value="([A-Za-z0-9_-]{12})"', page)
    assert found is not None
    return found[1]


def test_a_form_that_is_sent_twice_makes_one(
    client: TestClient, token: str, student_text: str
) -> None:
    def kept(what: str) -> set[str]:
        return {one["id"] for one in client.get(f"{API}/{what}").json()["result"]}

    def sent_twice(page: str, to: str, form: dict[str, str], file: bytes = b"") -> str:
        form = {"token": token, "once": once_in(client.get(page).text), **form}
        files = {"file": ("me.yaml", file)} if file else None
        answers = [client.post(to, data=form, files=files) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [303, 303]
        first, again = (answer.headers["location"] for answer in answers)
        assert first == again
        return first.rpartition("/")[2]

    record = Path(__file__).parents[3] / "examples" / "records" / "omscs-robin-sample.yaml"
    before = {what: kept(what) for what in ("students", "boards", "records")}
    made = {
        "students": {
            sent_twice("/you/new", "/you/new", {"name": "Ada"}),
            (student := sent_twice("/you/new", "/you/upload", {}, student_text.encode())),
        },
        "records": {sent_twice("/records", "/records", {"program": ""}, record.read_bytes())},
    }
    form = {"student": student, "way": "utaustin-msai", "start": "empty"}
    board = sent_twice("/boards", "/boards", form)
    made["boards"] = {board, sent_twice(f"/boards/{board}", f"/boards/{board}/copy", {})}
    for what, ids in made.items():
        assert kept(what) - before[what] == ids


def test_a_form_of_thousands_of_fields_is_told(client: TestClient, token: str) -> None:
    form = {"token": token} | {f"a{i}": "" for i in range(5_000)}
    assert client.post("/boards", data=form).status_code == 400


def test_a_link_back_never_leads_to_another_server(client: TestClient) -> None:
    for came in (
        "http://testserver//evil.example/",
        "http://testserver/\\evil.example",
        "http://testserver.evil.example/",
        "javascript:alert(1)",
    ):
        page = client.get("/none", headers={"referer": came}).text
        assert 'href="//' not in page
        assert 'href="/\\' not in page
        assert "javascript:" not in page
    page = client.get("/none", headers={"referer": "http://testserver/boards?way=x"}).text
    assert 'href="/boards?way=x"' in page


HTMX = {"hx-request": "true"}


def test_a_fault_that_a_script_meets_is_told_in_the_page_and_not_as_a_page(
    client: TestClient, token: str
) -> None:
    for answer in (
        client.get("/boards/none", headers=HTMX),
        client.get("/none", headers=HTMX),
        client.post("/boards/none/move", data={"token": token[::-1]}, headers=HTMX),
        client.post("/boards/none/move", data={"token": token}, headers=HTMX),
    ):
        assert answer.status_code >= 400
        assert answer.headers["hx-retarget"] == "#trouble"
        assert answer.headers["hx-trigger-after-settle"] == "troubled"
        assert 'role="alert"' in answer.text
        assert not re.search("<(html|body|main|nav|h1)", answer.text)
    whole = client.get("/none", headers={**HTMX, "hx-boosted": "true"})
    assert "<main" in whole.text
    assert "hx-retarget" not in whole.headers
    assert '<div id="trouble"></div>' in client.get("/").text


# ------------------------------------------------------------------ the database


@pytest.fixture
def hurried(settings: Settings) -> Iterator[FastAPI]:
    """An application that does not wait long for a locked database."""
    made = create_app(settings)
    made.state.workspace = Workspace.open(settings.database, patience=0.05)
    yield made
    made.state.apart.close()
    made.state.workspace.close()


def told_unavailable(client: TestClient) -> None:
    sent = {"name": "later", "text": ""}
    answer = client.post(f"{API}/students", json=sent)
    assert answer.status_code == 503
    assert answer.json()["errors"][0]["code"] == "STO-003"


def test_a_locked_database_is_told_and_nothing_is_lost(
    hurried: FastAPI, settings: Settings
) -> None:
    client = TestClient(hurried, base_url="http://testserver")
    kept = client.post(f"{API}/students", json={"name": "before", "text": ""}).json()["result"]
    other = sqlite3.connect(str(settings.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        told_unavailable(client)
        assert client.get("/").status_code == 200
    finally:
        other.execute("ROLLBACK")
        other.close()
    names = [one["name"] for one in client.get(f"{API}/students").json()["result"]]
    assert names == ["before"]
    changed = {"name": "after", "text": "", "version": 1}
    assert client.put(f"{API}/students/{kept['id']}", json=changed).status_code == 200


def test_a_database_that_lost_its_tables_is_told_as_page_and_as_json(
    hurried: FastAPI, settings: Settings
) -> None:
    client = TestClient(hurried, base_url="http://testserver")
    with sqlite3.connect(str(settings.database)) as other:
        other.execute("DROP TABLE board_step")
        other.execute("DROP TABLE board")
        other.execute("DROP TABLE record")
        other.execute("DROP TABLE student")
    other.close()
    told_unavailable(client)
    page = client.get("/")
    assert page.status_code == 503
    assert "STO-003" in page.text
    assert "Traceback" not in page.text
    assert "prospectus restore" not in page.text
    assert "restores a backup" in page.text


def test_a_full_disk_is_told_and_nothing_is_lost(hurried: FastAPI) -> None:
    client = TestClient(hurried, base_url="http://testserver")
    client.post(f"{API}/students", json={"name": "before", "text": ""})
    database: Database = hurried.state.workspace.database
    with database.reading() as session:
        n_pages = session.scalar(text("PRAGMA page_count"))
    database.close()
    database.most_pages = n_pages
    full = {"name": "full", "text": "a" * 190_000}
    answer = client.post(f"{API}/students", json=full)
    assert answer.status_code == 503
    assert "disk is full" in answer.json()["errors"][0]["what"]
    database.close()
    database.most_pages = None
    names = [one["name"] for one in client.get(f"{API}/students").json()["result"]]
    assert names == ["before"]


@pytest.mark.parametrize(
    "address", ["/programmes/none-such", "/programmes/gatech-omscs/courses/X 1"]
)
def test_how_to_mend_is_told_in_words_for_a_page_and_for_the_command_line(
    client: TestClient, address: str
) -> None:
    page = client.get(address)
    assert page.status_code == 404
    assert "prospectus programs" not in page.text
    assert "prospectus show" not in page.text
    assert "choose one of the list" in page.text or "courses on the programme" in page.text
    fix = client.get(f"{API}{address}").json()["errors"][0]["fix"]
    assert "`prospectus " in fix


def test_a_job_that_failed_keeps_the_words_for_a_page(application: FastAPI) -> None:
    workspace: Workspace = application.state.workspace
    job = workspace.jobs.add("compare", {})
    workspace.jobs.claim("test")
    fault = Fault(code="LIM-001", what="a", fix="use --seconds", on_page="ask for less")
    workspace.jobs.fail(job.id, "test", (fault,))
    assert workspace.jobs.get(job.id).faults == (fault,)
