"""A person's way from nothing to a plan: by mouse, by keyboard alone, and without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.conftest import EXAMPLES, Server

STUDENT = EXAMPLES / "engineer-bangalore.yaml"
RECORD = EXAMPLES / "records" / "omscs-robin-sample.yaml"
Scheme = Literal["light", "dark"]


@pytest.fixture
def plain(browser: Browser, server: Server) -> Iterator[Page]:
    """A page of a browser that runs no script."""
    context = browser.new_context(base_url=server.address, java_script_enabled=False)
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


def take_over(page: Page) -> None:
    """Come from the start page to one's own details by a file."""
    page.goto("/")
    page.locator("main").get_by_role("link", name=re.compile("seven questions|another")).click()
    page.get_by_label("A student file (YAML)").set_input_files(STUDENT)
    page.get_by_role("button", name="Take it over").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Arjun")


def make_plan(page: Page, way: str = "utaustin-msai/") -> None:
    """Make a board with the best plan."""
    page.get_by_role("link", name="Plans", exact=True).click()
    page.get_by_label("Programme and track").select_option(way)
    page.get_by_role("button", name="Make the plan").click()
    expect(page.locator("#board")).to_be_visible(timeout=120_000)


def cards_of(page: Page) -> dict[str, str]:
    """Return the period of each card."""
    found: dict[str, str] = page.evaluate(
        "Object.fromEntries([...document.querySelectorAll('#board [data-card]')].map((one) =>"
        " [one.dataset.card, one.closest('[data-period]').dataset.period]))"
    )
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_by_mouse_from_a_file_to_a_plan_that_is_changed_and_mended(
    page: Page, scheme: Scheme
) -> None:
    page.emulate_media(color_scheme=scheme)
    take_over(page)
    make_plan(page)
    before = cards_of(page)
    assert before
    card, at = next(iter(before.items()))
    target = next(period for period in before.values() if period != at)
    held = page.locator(f'[data-card="{card}"] h3')
    place = page.locator(f'[data-period="{target}"] .stack')
    held.scroll_into_view_if_needed()
    held.hover()
    page.mouse.down()
    place.hover(force=True)
    place.hover(force=True, position={"x": 20, "y": 10})
    page.mouse.up()
    expect(page.locator(f'[data-period="{target}"] [data-card="{card}"]')).to_be_visible()
    expect(page.locator("#said")).to_contain_text("moved from")
    page.get_by_role("button", name=re.compile("^Undo")).click()
    expect(page.locator(f'[data-period="{at}"] [data-card="{card}"]')).to_be_visible()
    assert cards_of(page) == before
    page.get_by_role("button", name="Repair").click()
    expect(page.locator("#said")).to_contain_text("nothing to mend", timeout=60_000)
    page.get_by_role("link", name="calendar").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_by_keyboard_alone_a_card_is_moved_and_the_move_taken_back(page: Page) -> None:
    take_over(page)
    make_plan(page)
    before = cards_of(page)
    card, at = next(iter(before.items()))
    target = next(period for period in before.values() if period != at)
    summary = page.locator(f'[data-card="{card}"] details.actions > summary')
    summary.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    menu = page.locator(f'select[data-menu="{card}"]')
    expect(menu).to_be_focused()
    periods = menu.locator("option").evaluate_all("(all) => all.map((one) => one.value)")
    steps = periods.index(target) - periods.index(at)
    for _ in range(abs(steps)):
        page.keyboard.press("ArrowDown" if steps > 0 else "ArrowUp")
    expect(menu).to_have_value(target)
    while page.evaluate("document.activeElement.tagName") != "BUTTON":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(f'[data-period="{target}"] [data-card="{card}"]')).to_be_focused()
    expect(page.locator("#said")).to_contain_text("moved from")
    undo = page.get_by_role("button", name=re.compile("^Undo"))
    undo.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_contain_text("Taken back")
    assert cards_of(page) == before


def test_without_scripts_everything_is_a_form_or_a_link(plain: Page) -> None:
    take_over(plain)
    make_plan(plain)
    first = plain.locator("#board [data-card]").first
    card = first.get_attribute("data-card")
    menu = plain.locator(f'select[data-menu="{card}"]')
    plain.locator(f'[data-card="{card}"] details.actions > summary').click()
    values = [one.get_attribute("value") for one in menu.locator("option").all()]
    target = next(value for value in values[1:] if value != menu.input_value())
    assert target is not None
    menu.select_option(target)
    plain.locator(f'[data-card="{card}"] form.moving button').click()
    expect(plain.locator(f'[data-period="{target}"] [data-card="{card}"]')).to_be_visible()
    plain.get_by_role("button", name=re.compile("^Undo")).click()
    expect(plain.locator(f'[data-period="{target}"] [data-card="{card}"]')).to_have_count(0)


@pytest.mark.parametrize("with_scripts", [True, False], ids=["scripts", "plain"])
def test_a_record_is_uploaded_audited_supposed_and_forgotten(
    page: Page, plain: Page, with_scripts: bool
) -> None:
    shown = page if with_scripts else plain
    shown.goto("/records")
    shown.get_by_label("File").set_input_files(Path(RECORD))
    shown.get_by_role("button", name=re.compile("Upload|Audit|Show")).click()
    expect(shown).to_have_url(re.compile(r"/records/[\w-]+$"), timeout=60_000)
    shown.get_by_text("What if", exact=False).first.click()
    shown.get_by_label("I took as well").fill("CS 6476")
    shown.get_by_label("with the grade").select_option("A")
    shown.get_by_role("button", name="Show").click()
    expect(shown).to_have_url(re.compile(r"course=CS"), timeout=60_000)
    expect(shown.get_by_text("Supposed: CS 6476 taken with A.")).to_be_visible()
    expect(shown.get_by_label("I took as well")).to_have_value("CS 6476")
    # what cannot be taken back asks once more, with scripts and without
    expect(shown.get_by_role("button", name="Forget it")).to_be_hidden()
    shown.get_by_text("Forget this record").click()
    shown.get_by_role("button", name="Forget it").click()
    expect(shown).to_have_url(re.compile(r"/records$"))


def test_a_form_of_an_earlier_visit_is_refused_with_a_way_on(plain: Page) -> None:
    take_over(plain)
    plain.get_by_role("link", name="Plans", exact=True).click()
    plain.get_by_label("Programme and track").select_option("utaustin-msai/")
    plain.context.clear_cookies()
    plain.get_by_role("button", name="Make the plan").click()
    expect(plain.get_by_text("WEB-007")).to_be_visible()
    plain.get_by_role("link", name="Back to where you were").click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("Plans")
