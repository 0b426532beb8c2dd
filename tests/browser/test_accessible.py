"""Every page, light and dark: no rule of access is broken, and nothing is wider than its window."""

from __future__ import annotations

import json
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


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_breaks_a_rule_of_access(
    browser: Browser, server: Server, ids: dict[str, str], scheme: Scheme
) -> None:
    page = opened(browser, server, 1280, 1, scheme)
    broken = []
    for address in ADDRESSES:
        page.goto(address.format(**ids))
        # what is folded is read too
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        # as a script of ours it would break the policy of the page; so it is not one of the page
        page.evaluate(AXE)
        found = page.evaluate(
            "(rules) => axe.run({runOnly: {type: 'tag', values: rules}}).then((done) =>"
            " done.violations.map((one) => [one.id, one.nodes.map((node) => node.html)]))",
            RULES,
        )
        broken += [(address, rule, nodes[:3]) for rule, nodes in found]
    page.context.close()
    assert broken == []


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
