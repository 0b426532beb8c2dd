"""Every page, light and dark: no rule of access is broken, and nothing is wider than its window."""

from __future__ import annotations

import json
import re
import urllib.request
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page
from tests.browser.conftest import EXAMPLES, Server

AXE = (Path(__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
Scheme = Literal["light", "dark"]
ADDRESSES = (
    "/",
    "/you/new",
    "/you/{student}",
    "/programmes",
    "/programmes/utaustin-msai",
    "/programmes/gatech-omscs/courses/CS%207641",
    "/boards",
    "/boards/{board}",
    "/boards/{board}/stands",
    "/boards/{board}/calendar",
    "/records",
    "/records/{record}",
    "/api/docs",
    "/none",
)


def sent(server: Server, path: str, content: bytes, kind: str) -> str:
    """Send something to the API, and return the id that it is kept under."""
    request = urllib.request.Request(
        f"{server.address}/api/v1{path}", content, {"content-type": kind}
    )
    with urllib.request.urlopen(request, timeout=120) as answer:
        return str(json.load(answer)["result"]["id"])


@pytest.fixture(scope="module")
def ids(server: Server) -> dict[str, str]:
    """One of everything, by the parts of the addresses."""
    text = (EXAMPLES / "engineer-bangalore.yaml").read_text(encoding="utf-8")
    as_json = "application/json"
    student = sent(
        server, "/students", json.dumps({"name": "Arjun", "text": text}).encode(), as_json
    )
    board = {"student": student, "program": "utaustin-msai"}
    record = (EXAMPLES / "records" / "omscs-robin-sample.yaml").read_bytes()
    return {
        "student": student,
        "board": sent(server, "/boards", json.dumps(board).encode(), as_json),
        "record": sent(server, "/records?file_name=robin.yaml", record, "application/octet-stream"),
    }


def opened(browser: Browser, server: Server, width: int, scale: int, scheme: Scheme) -> Page:
    context = browser.new_context(
        base_url=server.address,
        viewport={"width": width, "height": 800},
        device_scale_factor=scale,
        color_scheme=scheme,
    )
    context.set_default_timeout(60_000)
    return context.new_page()


def rules_broken(page: Page) -> list[tuple[str, list[str]]]:
    """Return the rules that a page breaks, each with the first places; what is folded is read."""
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    # as a script of ours it would break the policy of the page; so it is not one of the page
    page.evaluate(AXE)
    found = page.evaluate(
        "(rules) => axe.run({runOnly: {type: 'tag', values: rules}}).then((done) =>"
        " done.violations.map((one) => [one.id, one.nodes.map((node) => node.html)]))",
        RULES,
    )
    return [(rule, nodes[:3]) for rule, nodes in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_breaks_a_rule_of_access(
    browser: Browser, server: Server, ids: dict[str, str], scheme: Scheme
) -> None:
    page = opened(browser, server, 1280, 1, scheme)
    broken = []
    for address in ADDRESSES:
        page.goto(address.format(**ids))
        broken += [(address, *one) for one in rules_broken(page)]
    page.context.close()
    assert broken == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_that_says_why_there_is_no_plan_breaks_no_rule_of_access(
    browser: Browser, server: Server, scheme: Scheme
) -> None:
    text = (EXAMPLES / "engineer-bangalore.yaml").read_text(encoding="utf-8")
    busy = re.sub(r"(?m)^hours_per_week:.*$", "hours_per_week: 2", text)
    named = json.dumps({"name": "Busy", "text": busy}).encode()
    student = sent(server, "/students", named, "application/json")
    page = opened(browser, server, 360, 1, scheme)
    page.goto(f"/boards?student={student}")
    page.get_by_label("For", exact=True).select_option(student)
    page.get_by_label("Programme and track").select_option("utaustin-msai/")
    page.get_by_role("button", name="Make the plan").click()
    page.get_by_role("button", name="Keep an empty board all the same").wait_for()
    assert rules_broken(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.context.close()


@pytest.mark.parametrize(("width", "scale"), [(360, 1), (640, 2)], ids=["narrow", "zoomed"])
def test_no_page_is_wider_than_its_window(
    browser: Browser, server: Server, ids: dict[str, str], width: int, scale: int
) -> None:
    page = opened(browser, server, width, scale, "light")
    wide = []
    for address in ADDRESSES:
        page.goto(address.format(**ids))
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        needed = page.evaluate("document.documentElement.scrollWidth")
        if needed > width:
            wide.append((address, needed))
    page.context.close()
    assert wide == []


def test_every_page_has_one_heading_a_title_a_language_and_a_way_past_the_menu(
    browser: Browser, server: Server, ids: dict[str, str]
) -> None:
    page = opened(browser, server, 1280, 1, "light")
    for address in ADDRESSES:
        page.goto(address.format(**ids))
        assert page.locator("h1").count() == 1, address
        assert page.locator("html").get_attribute("lang") == "en"
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.getAttribute('href')") == "#content", address
        assert page.title().removesuffix(" - Prospectus") not in ("", page.title()), address
    page.context.close()
