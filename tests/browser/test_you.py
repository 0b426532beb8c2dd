"""A person's details in a real browser: saved as one goes, by a button, and never over another."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.browser.conftest import EXAMPLES, Server

MIDWAY = EXAMPLES / "omscs-midway.yaml"
AXE = (Path(__file__).parent / "axe.min.js").read_text(encoding="utf-8")
PARTS = ("", "/finished?q=vision", "/text")


def take_over(page: Page, file: Path = MIDWAY) -> str:
    """Keep an example as a new document, and return the address of its form."""
    page.goto("/you/new")
    page.get_by_label("A student file (YAML)").set_input_files(file)
    page.get_by_role("button", name="Take it over").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sam")
    return page.url


def text_of(context: BrowserContext, address: str) -> str:
    """Return the text that is kept."""
    return context.request.get(f"{address}.yaml").text()


@pytest.fixture
def plain(browser: Browser, server: Server) -> Iterator[Page]:
    """A page of a browser that runs no script."""
    context = browser.new_context(base_url=server.address, java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_seven_answers_are_kept_and_every_change_after_them_as_one_goes(
    page: Page, context: BrowserContext
) -> None:
    page.goto("/you/new")
    page.get_by_label("Name", exact=True).fill("Maria")
    page.get_by_label("First day").fill("2027-01-04")
    page.get_by_label("Hours a week").fill("15")
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_text("Ready:")).to_be_visible()
    page.get_by_label("In total", exact=True).fill("USD 20,000")
    page.get_by_label("What matters, most important first: place 1").select_option("peak")
    expect(page.locator("#as-you-go")).to_have_text("Saved.")
    page.reload()
    expect(page.get_by_label("In total", exact=True)).to_have_value("USD 20000")
    assert "money: {total: USD 20000}" in text_of(context, page.url.partition("?")[0])


def test_a_fault_stands_at_its_field_while_one_goes_on_and_goes_when_it_is_mended(
    page: Page,
) -> None:
    take_over(page)
    hours = page.get_by_label("Hours a week", exact=True)
    hours.fill("twelve")
    page.keyboard.press("Tab")
    expect(page.locator("#f-hours-per-week-wrong")).to_contain_text("not a whole number")
    expect(hours).to_have_attribute("aria-invalid", "true")
    # what is being written elsewhere stays, and so does the focus
    expect(page.get_by_label("More or less at times")).to_be_focused()
    page.get_by_role("link", name="Hours a week").click()
    expect(hours).to_be_focused()
    hours.fill("12")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Ready:")).to_be_visible()
    expect(hours).not_to_have_attribute("aria-invalid", "true")


def test_quick_changes_one_after_the_other_are_all_kept(
    page: Page, context: BrowserContext
) -> None:
    address = take_over(page)
    for label, words in (("Name", "Kim"), ("Hours a week", "9"), ("In total", "5000")):
        page.get_by_label(label, exact=True).fill(words)
        page.keyboard.press("Tab")
    page.get_by_text("Where you study already").click()
    page.get_by_label("Programme", exact=True).focus()
    page.get_by_label("Programme", exact=True).select_option("utaustin-msai")
    expect(page.get_by_label("Rules of the year")).to_contain_text("2025-26")
    expect(page.get_by_label("Programme", exact=True)).to_be_focused()
    expect(page.locator("#as-you-go")).to_contain_text("to mend")
    text = text_of(context, address)
    for line in ("name: Kim", "usual: 9, Summer: 22", "total: 5000", "program: utaustin-msai"):
        assert line in text


def test_what_was_typed_is_kept_when_a_link_is_followed_at_once(page: Page) -> None:
    address = take_over(page)
    page.get_by_label("Name", exact=True).fill("Ada")
    page.get_by_role("link", name="Text (YAML)").click()
    expect(page.get_by_label("Your details as text")).to_be_visible()
    page.goto(address)
    expect(page.get_by_label("Name", exact=True)).to_have_value("Ada")


def test_two_windows_do_not_overwrite_each_other(context: BrowserContext) -> None:
    # pages of one's own: the browser writes the refusal to the console
    one, other = context.new_page(), context.new_page()
    address = take_over(one)
    other.goto(address)
    one.get_by_label("Hours a week", exact=True).fill("18")
    one.keyboard.press("Tab")
    expect(one.locator("#as-you-go")).to_have_text("Saved.")
    other.get_by_label("Hours a week", exact=True).fill("16")
    other.keyboard.press("Tab")
    expect(other.get_by_text("changed in another window")).to_be_visible()
    assert "usual: 18" in text_of(context, address)
    # going on in the form below does not overwrite either: it asks again
    other.get_by_label("Name", exact=True).fill("Kim")
    other.keyboard.press("Tab")
    expect(other.locator("#you-state fieldset")).to_have_count(2)
    assert "name: Sam" in text_of(context, address)
    other.get_by_label("yours: Kim").check()
    other.get_by_label("yours: 16").check()
    other.get_by_role("button", name="Save what I chose").click()
    expect(other.get_by_text("Ready:")).to_be_visible()
    assert "usual: 16" in text_of(context, address)


def test_without_scripts_a_button_saves_and_faults_stand_at_their_fields(plain: Page) -> None:
    plain.goto("/you/new")
    plain.get_by_label("Name", exact=True).fill("Maria")
    plain.get_by_label("Hours a week", exact=True).fill("lots")
    plain.get_by_role("button", name="Save and go on").click()
    expect(plain.locator("#f-hours-per-week-wrong")).to_contain_text("not a whole number")
    plain.get_by_label("Hours a week", exact=True).fill("12")
    plain.get_by_role("button", name="Save", exact=True).click()
    expect(plain.get_by_text("Ready:")).to_be_visible()
    plain.get_by_text("Where you study already").click()
    plain.get_by_label("Programme", exact=True).select_option("gatech-omscs")
    plain.get_by_role("button", name="Save", exact=True).click()
    plain.get_by_role("link", name="Finished courses").click()
    plain.get_by_label("Code or title").fill("7641")
    plain.get_by_role("button", name="Search").click()
    plain.get_by_label("CS 7641").check()
    plain.get_by_label("Term").fill("Fall 2025")
    plain.get_by_label("Grade").fill("A")
    plain.get_by_role("button", name="Add it").click()
    expect(plain.get_by_role("row", name=re.compile("CS 7641 .* Fall 2025 A"))).to_be_visible()


def test_courses_are_found_as_one_types_and_added_by_keyboard(page: Page) -> None:
    address = take_over(page)
    page.goto(f"{address}/finished")
    page.get_by_label("Code or title").press_sequentially("computer vision")
    expect(page.get_by_label("CS 6476")).to_be_visible()
    page.get_by_label("CS 6476").focus()
    page.keyboard.press("Space")
    page.get_by_label("Term").fill("Summer 2026")
    page.get_by_label("Grade").fill("B")
    page.keyboard.press("Enter")
    expect(page.get_by_role("row", name=re.compile("CS 6476"))).to_be_visible()
    page.get_by_role("button", name="Remove CS 6476").click()
    expect(page.get_by_role("row", name=re.compile("CS 6476"))).to_have_count(0)


def test_a_fault_of_the_text_leads_to_its_line(page: Page) -> None:
    address = take_over(page)
    page.goto(f"{address}/text")
    text = page.get_by_label("Your details as text")
    text.fill("format: 1\nplan_from: 2027-01-04\nhours_per_week: lots\n")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Line 3").click()
    expect(text).to_be_focused()
    chosen = text.evaluate("one => one.value.slice(one.selectionStart, one.selectionEnd)")
    assert chosen == "hours_per_week: lots"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_are_clean_to_axe(browser: Browser, server: Server, scheme: str) -> None:
    context = browser.new_context(
        base_url=server.address, color_scheme="dark" if scheme == "dark" else "light"
    )
    page = context.new_page()
    address = take_over(page)
    page.get_by_label("Hours a week", exact=True).fill("twelve")
    page.keyboard.press("Tab")
    expect(page.locator("#f-hours-per-week-wrong")).not_to_be_empty()
    for part in ("/you/new", *(f"{address}{part}" for part in PARTS)):
        page.goto(part)
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        page.evaluate(AXE)
        found = page.evaluate("async () => (await axe.run()).violations")
        told = [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found]
        assert told == [], (part, json.dumps(told, indent=1))
    context.close()


@pytest.mark.parametrize("width", [360, 640])
def test_nothing_is_wider_than_a_narrow_page(page: Page, width: int) -> None:
    address = take_over(page)
    page.set_viewport_size({"width": width, "height": 800})
    for part in ("/you/new", *(f"{address}{part}" for part in PARTS)):
        page.goto(part)
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, part
