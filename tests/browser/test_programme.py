"""Programmes and calendars in a browser: with and without scripts, light and dark, narrow."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.conftest import EXAMPLES, TODAY, Server

from prospectus.app.workspace import Card, Workspace

AXE = (Path(__file__).parent / "axe.min.js").read_text(encoding="utf-8")
PAGES = (
    "/programmes",
    "/programmes/uw-extended-campus-msds",
    "/programmes/wgu-msda",
    "/programmes/wgu-msda/courses/D%20602",
)
Scheme = Literal["light", "dark"]


@pytest.fixture(scope="module")
def board(server: Server) -> str:
    """The address of a kept board."""
    with Workspace.open(server.database) as workspace:
        text = (EXAMPLES / "engineer-bangalore.yaml").read_text(encoding="utf-8")
        student = workspace.students.add(name="Arjun", text=text)
        kept = workspace.boards.add(
            student.id,
            name="My degree",
            program="gatech-omscs",
            catalog_year="2026-27",
            track="ml",
            cards=(
                Card(course="CS 7641", period="Spring 2027"),
                Card(course="CS 6515", period="Fall 2027"),
            ),
        )
    return f"/boards/{kept.id}"


@pytest.fixture
def plain(browser: Browser, server: Server) -> Iterator[Page]:
    """A page in a browser without scripts."""
    context = browser.new_context(base_url=server.address, java_script_enabled=False)
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()


def test_a_person_finds_a_programme_reads_it_and_begins_a_plan(page: Page) -> None:
    page.goto("/programmes")
    page.get_by_label("Name, school or track").fill("machine learning video")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="MS in Computer Science, Machine Learning").click()
    expect(page.get_by_role("heading", name="What the degree asks")).to_be_visible()
    expect(page.get_by_role("heading", name="Prices")).to_be_visible()
    page.get_by_role("link", name="Make a plan").click()
    expect(page.get_by_role("heading", name="Plans")).to_be_visible()


def test_a_course_in_focus_lights_up_what_belongs_to_it(page: Page) -> None:
    page.goto("/programmes/uw-extended-campus-msds")
    page.locator('.vertex[data-code="DS 740"]').focus()
    lit = page.locator(".vertex.lit").evaluate_all("all => all.map(one => one.dataset.code)")
    assert sorted(lit) == ["DS 705", "DS 710", "DS 740", "DS 745", "DS 785"]
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("DS 740")


def test_the_graph_can_be_moved_and_put_back(page: Page) -> None:
    page.goto("/programmes/uw-extended-campus-msds")
    button = page.get_by_role("button", name="Move and enlarge")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#canvas canvas").first).to_be_visible()
    expect(page.locator("#curriculum")).to_be_hidden()
    expect(page.locator("#said")).to_contain_text("can be dragged")
    button.click()
    expect(page.locator("#curriculum")).to_be_visible()
    expect(page.locator("#canvas")).to_be_hidden()
    button.click()
    expect(page.locator("#canvas canvas").first).to_be_visible()


def test_everything_is_there_without_scripts(plain: Page, board: str) -> None:
    plain.goto("/programmes/uw-extended-campus-msds")
    expect(plain.locator(".vertex")).to_have_count(12)
    plain.get_by_text("The same as a table").click()
    expect(plain.get_by_role("cell", name="required, before").first).to_be_visible()
    plain.locator('.vertex[data-code="DS 785"]').click()
    expect(plain.get_by_role("heading", level=1)).to_contain_text("DS 785")
    plain.goto(f"{board}/calendar")
    expect(plain.get_by_role("heading", name="January 2027")).to_be_visible()


def test_what_a_track_teaches_is_worked_out_on_demand(page: Page) -> None:
    page.goto("/programmes/uw-extended-campus-msds")
    ask = page.get_by_role("link", name="Work it out")
    if ask.count():
        ask.click()
    # another run may have kept the answer
    expect(page.locator(".topics table, .topics p:has-text('Not decided')").first).to_be_visible(
        timeout=120_000
    )


def test_the_graph_is_printed(page: Page) -> None:
    page.goto("/programmes/uw-extended-campus-msds")
    page.get_by_role("button", name="Move and enlarge").click()
    expect(page.locator("#curriculum")).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.locator("#curriculum svg")).to_be_visible()
    expect(page.locator("#canvas")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_breaks_a_rule_of_access(page: Page, board: str, scheme: Scheme) -> None:
    page.emulate_media(color_scheme=scheme)
    for path in (*PAGES, f"{board}/calendar"):
        page.goto(path)
        page.evaluate(AXE)
        found = page.evaluate("axe.run()")
        broken = [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]]
        assert broken == [], path


def test_no_page_is_wider_than_a_narrow_screen(page: Page, board: str) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    for path in (*PAGES, "/programmes/umich-mads", f"{board}/calendar"):
        page.goto(path)
        over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert over <= 0, path


def test_the_calendar_is_a_file_that_follows_the_board(page: Page, board: str) -> None:
    page.goto(f"{board}/calendar")
    expect(page.get_by_text("CS 7641 Machine Learning begins")).to_be_visible()
    link = page.get_by_role("link", name="Calendar file (.ics)").get_attribute("href")
    answer = page.request.get(link or "")
    assert answer.text().startswith("BEGIN:VCALENDAR")
    assert f"DTSTAMP:{TODAY.replace('-', '')}" in answer.text()
