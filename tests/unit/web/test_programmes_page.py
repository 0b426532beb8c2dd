"""The pages of programmes, of their courses and of what they teach."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

import snippets
from prospectus.app.apart import Apart
from prospectus.app.topic_answers import TopicReach
from prospectus.domain.errors import LimitError
from prospectus.web.application import create_app
from prospectus.web.settings import Settings

EVIL = "</title><script>alert(1)</script>\"'&"
PROGRAM = """\
name: {name}
notes: [{name}]
urls: ["javascript:alert(1)", "https://example.edu"]
unknown: [{name}]
questions: [{name}]
requirements:
  total: {{credits: 6}}
  all:
    - {{id: core, label: {name}, all: [CS 600]}}
    - CS 610
"""
COURSES = """\
CS 600: {{title: {name}, topics: [{name}]}}
CS 610: {{title: {name}, requires: CS 600}}
"""


class Tags(HTMLParser):
    """The tags and attributes of a page, as a browser reads them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.fixture
def hostile(tmp_path: Path) -> Iterator[TestClient]:
    """A browser on a catalog in which every name is an attack."""
    root = tmp_path / "own"
    named = {"name": json.dumps(EVIL)}
    snippets.catalog(root, PROGRAM.format(**named), courses=COURSES.format(**named))
    application = create_app(
        Settings(
            database=tmp_path / "hostile.db",
            hosts=("testserver",),
            today=dt.date(2026, 11, 22),
            catalogs=(root,),
        )
    )
    with_client = TestClient(application)
    yield with_client
    with_client.close()
    application.state.apart.close()
    application.state.workspace.close()


def test_every_programme_of_every_year_has_its_page(
    client: TestClient, application: FastAPI
) -> None:
    library = application.state.library
    for name in library.ids():
        for year in library.years(name):
            answer = client.get(f"/programmes/{name}", params={"year": year})
            assert answer.status_code == 200, (name, year)
            tags = Tags(answer.text).found
            ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
            assert len(ids) == len(set(ids)), (name, year)
            links = [attributes.get("href") or "" for tag, attributes in tags if tag == "a"]
            own = {link.removeprefix("#") for link in links if link.startswith("#")}
            assert own <= {*ids}, (name, year, own - {*ids})
            assert sum(tag == "h1" for tag, _ in tags) == 1


def test_every_course_that_a_programme_links_to_has_its_page(client: TestClient) -> None:
    for name in (
        "gatech-omscs",
        "wgu-msda",
        "uc-berkeley-mids",
        "columbia-cvn-mscs-machine-learning",
    ):
        page = client.get(f"/programmes/{name}").text
        links = set(re.findall(rf'href="(/programmes/{name}/courses/[^"]+)"', page))
        assert links
        for link in sorted(links):
            assert client.get(link).status_code == 200, link


def test_the_api_tells_the_programmes_of_an_own_catalog(hostile: TestClient) -> None:
    found = {one["id"]: one["name"] for one in hostile.get("/api/v1/programmes").json()["result"]}
    mine = next(name for name, title in found.items() if title == EVIL)
    told = hostile.get(f"/api/v1/programmes/{mine}").json()["result"]
    assert (told["id"], told["name"]) == (mine, EVIL)


def test_names_of_a_catalog_are_shown_and_never_run(hostile: TestClient) -> None:
    for path in ("/programmes", "/programmes/ms", "/programmes/ms/courses/CS%20610"):
        answer = hostile.get(path)
        assert answer.status_code == 200, path
        assert "<script>alert" not in answer.text, path
        for tag, attributes in Tags(answer.text).found:
            assert tag != "script" or (attributes.get("src") or "").startswith("/static/"), path
            assert not (attributes.get("href") or "").startswith("javascript:"), path
            assert not [name for name in attributes if name.startswith("on")], path


@pytest.mark.parametrize("asked", [EVIL, "\x00", "x" * 200, "é ☃ %"])
def test_a_search_for_anything_is_answered(client: TestClient, asked: str) -> None:
    answer = client.get("/programmes", params={"q": asked})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text


def test_programmes_are_found_by_name_school_and_track(client: TestClient) -> None:
    for asked in ("omscs", "georgia computer", "Perception"):
        page = client.get("/programmes", params={"q": asked}).text
        assert "/programmes/gatech-omscs" in page, asked
        assert "/programmes/wgu-msda" not in page, asked
    assert "No programme fits" in client.get("/programmes", params={"q": "sheep"}).text


def test_only_those_that_can_be_planned_are_shown_where_that_is_asked(client: TestClient) -> None:
    page = client.get("/programmes", params={"complete": "yes"}).text
    assert "/programmes/msoe-msml" in page
    assert "/programmes/depaul-ms-ai" not in page


def test_a_programme_leads_to_a_plan_of_each_track_that_is_complete(client: TestClient) -> None:
    page = client.get("/programmes/gatech-omscs").text
    assert 'href="/boards?way=gatech-omscs/ml"' in page
    assert "/boards?way=" not in client.get("/programmes/depaul-ms-ai").text


def test_a_programme_says_what_is_old_what_is_unknown_and_what_to_ask(client: TestClient) -> None:
    page = client.get("/programmes/umich-mads").text
    assert "Older than a year" in page
    assert "2023-24.yaml:" in page
    for heading in ("Unknown: no source gives it", "Ask the school", "Sources", "Prices"):
        assert heading in page


def test_the_graph_needs_no_script_and_has_a_table_twin(client: TestClient) -> None:
    page = client.get("/programmes/uw-extended-campus-msds").text
    assert "The longest chain is DS 705, DS 740, DS 745 then DS 785" in page
    assert page.count('class="vertex"') == 12
    assert "The same as a table" in page
    assert 'id="__________cytoscape_stylesheet"' in page
    assert "cytoscape.min.js" not in re.sub(r'data-vendor="[^"]+"', "", page)


def test_a_programme_without_any_prerequisite_has_no_drawing(client: TestClient) -> None:
    page = client.get("/programmes/cuboulder-msai").text
    assert "<svg" not in page
    assert "graph.js" not in page


@pytest.mark.parametrize(
    "path",
    [
        "/programmes/nothing",
        "/programmes/gatech-omscs?year=1999",
        "/programmes/gatech-omscs/courses/CS%209999",
        "/programmes/gatech-omscs/courses/%3Cscript%3E",
        "/programmes/nothing/courses/CS%206035",
        "/programmes/nothing/topics",
    ],
)
def test_what_is_not_there_is_a_clear_page(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "USE-001" in answer.text
    assert "<script>" not in answer.text


def test_what_a_track_teaches_is_worked_out_apart_and_then_shown(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = "/programmes/msoe-msml/topics"
    told = TopicReach(program="msoe-msml", track=None, why_not="of a test")
    monkeypatch.setattr(Apart, "run", lambda *_: told)
    application = client.app
    assert isinstance(application, FastAPI)
    programs = application.state
    client.get("/programmes/msoe-msml")
    monkeypatch.setattr(programs.programs, "_kept_reach", lambda *_: None)
    fragment = client.get(address, headers={"HX-Request": "true"})
    assert "Not decided: of a test." in fragment.text
    assert "<html" not in fragment.text
    assert "<h1>What" in client.get(address).text


def test_a_track_that_takes_too_long_is_told(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(*_: object) -> None:
        raise LimitError("LIM-001", what="there was no answer", fix="ask for less at once")

    client.get("/programmes/msoe-msml")
    application = client.app
    assert isinstance(application, FastAPI)
    monkeypatch.setattr(Apart, "run", late)
    monkeypatch.setattr(application.state.programs, "_kept_reach", lambda *_: None)
    answer = client.get("/programmes/msoe-msml/topics")
    assert answer.status_code == 504
    assert "LIM-001" in answer.text
