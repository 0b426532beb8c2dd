"""The plan board by mouse, by keyboard alone, without scripts, in both schemes and sizes."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from conftest import Server
from prospectus.app.library import open_library
from prospectus.app.workspace import Card, KeptBoard, Workspace

# what is solved may have to wait for its process to start
expect.set_options(timeout=30_000)

AXE = Path(__file__).parent / "axe.min.js"
PROGRAM = "uiuc-mcs-online"
PERSON = """format: 1
name: Sam
plan_from: 2027-08-01
hours_per_week: 40
courses_per_period: 2
"""
CARDS = (
    Card(course="CS 411", period="Spring 2028"),
    Card(course="CS 412", period="Spring 2028"),
    Card(course="CS 445", period="Spring 2028"),
)


@pytest.fixture
def board(server: Server) -> KeptBoard:
    """A board of a new document, with one period that is fuller than the person wants."""
    with Workspace.open(server.database) as workspace:
        student = workspace.students.add("Sam", PERSON)
        return workspace.boards.add(
            student.id,
            name="My plan",
            program=PROGRAM,
            catalog_year=open_library().named(PROGRAM).catalog_year,
            cards=CARDS,
        )


def _card(page: Page, course: str) -> Locator:
    return page.locator(f'[data-card="{course}"]')


# what each part of the board shows, in order, without what is folded
_SHOWN = """[...document.querySelectorAll("#board [data-part]")].map((one) =>
  [one.id, one.dataset.part, one.innerText.replaceAll(/\\s+/g, " ")])"""


def _drag(page: Page, course: str, period: str) -> None:
    """Drag a card into another period by the mouse, each once it stands still."""
    place = page.locator(f'[data-period="{period}"] .stack')
    _card(page, course).locator("h3").hover()
    page.mouse.down()
    place.hover(force=True, position={"x": 60, "y": 25})
    place.hover(force=True, position={"x": 60, "y": 20})
    page.mouse.up()


def test_a_card_is_dragged_checked_mended_and_taken_back(page: Page, board: KeptBoard) -> None:
    page.goto(f"/boards/{board.id}")
    crowded = page.locator('[data-period="Spring 2028"]')
    expect(crowded.get_by_text("3 courses, limit 2")).to_be_visible()
    target = page.locator('[data-period="Fall 2027"] .stack')
    start, end = _card(page, "CS 412").bounding_box(), target.bounding_box()
    assert start is not None
    assert end is not None
    page.mouse.move(start["x"] + 80, start["y"] + 12)
    page.mouse.down()
    page.mouse.move(start["x"] + 60, start["y"] + 20, steps=4)
    page.mouse.move(end["x"] + 60, end["y"] + 20, steps=10)
    expect(page.locator(".column.fits").first).to_be_visible()
    page.mouse.up()
    expect(page.locator('[data-period="Fall 2027"] [data-card="CS 412"]')).to_be_focused()
    expect(page.locator("#said")).to_contain_text("CS 412 moved from Spring 2028 to Fall 2027")
    expect(page.locator(".column.broken")).to_have_count(0)
    expect(page.locator(".column.fits")).to_have_count(0)
    page.get_by_role("button", name="Repair").click()
    expect(page.locator(".repaired")).to_contain_text("proven")
    expect(page.locator("#verdict")).to_be_focused()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#said")).to_contain_text("Taken back: Mended")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#said")).to_contain_text("Taken back: CS 412 moved")
    expect(crowded.locator("[data-card]")).to_have_count(3)


def test_the_whole_board_by_keyboard_alone(page: Page, board: KeptBoard) -> None:
    page.goto(f"/boards/{board.id}")
    actions = _card(page, "CS 412").locator(".actions > summary")
    actions.focus()
    page.keyboard.press("Enter")
    menu = _card(page, "CS 412").locator("[data-menu]")
    expect(menu.locator('option[value="Fall 2027"]')).to_have_text("Fall 2027 (fits)")
    expect(menu.locator('option[value="Spring 2028"]')).to_contain_text("breaks something")
    page.keyboard.press("Tab")
    expect(menu).to_be_focused()
    page.keyboard.type("Fall 2027")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator('[data-period="Fall 2027"] [data-card="CS 412"]')).to_be_focused()
    expect(page.locator("#said")).to_contain_text("moved from Spring 2028 to Fall 2027")
    # on from the card: its actions come next
    page.keyboard.press("Tab")
    while page.evaluate("document.activeElement.closest('.actions') === null"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(_card(page, "CS 412").locator(".actions")).to_have_attribute("open", "")
    page.keyboard.press("Escape")
    expect(_card(page, "CS 412").locator(".actions")).not_to_have_attribute("open", "")
    expect(_card(page, "CS 412").locator(".actions > summary")).to_be_focused()
    page.get_by_role("button", name="Undo").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#verdict")).to_be_focused()
    expect(page.locator("#said")).to_contain_text("Taken back")
    page.get_by_label("Course", exact=True).focus()
    page.keyboard.type("CS 421")
    page.keyboard.press("Enter")
    expect(_card(page, "CS 421")).to_be_focused()


def test_a_card_is_held_and_put_down_by_keys(page: Page, board: KeptBoard) -> None:
    page.goto(f"/boards/{board.id}")
    grip = page.get_by_role("button", name="Hold CS 412")
    grip.focus()
    page.keyboard.press("Space")
    expect(grip).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#said")).to_contain_text("CS 412 is held in Spring 2028")
    expect(page.locator(".column.fits").first).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#said")).to_have_text("Fall 2027: fits")
    expect(page.locator('.column.aim[data-period="Fall 2027"]')).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#said")).to_have_text("CS 412 stays in Spring 2028")
    expect(page.locator(".column.aim, .column.fits")).to_have_count(0)
    expect(grip).to_be_focused()
    for key in ("Enter", "ArrowLeft", "Enter"):
        page.keyboard.press(key)
    expect(page.locator('[data-period="Fall 2027"] [data-card="CS 412"]')).to_be_focused()
    expect(page.locator("#said")).to_contain_text("moved from Spring 2028 to Fall 2027")


def test_what_a_move_does_not_change_stays_as_it_was_opened(page: Page, board: KeptBoard) -> None:
    page.goto(f"/boards/{board.id}")
    # a card in another period, opened by the reader
    page.get_by_label("Course", exact=True).fill("CS 421")
    page.locator("#in").select_option("Fall 2028")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(_card(page, "CS 421")).to_be_focused()
    _card(page, "CS 421").locator(".actions > summary").click()
    _card(page, "CS 412").locator(".actions > summary").click()
    menu = _card(page, "CS 412").locator("[data-menu]")
    expect(menu.locator("option")).to_have_count(page.locator(".column").count())
    menu.select_option("Fall 2027")
    _card(page, "CS 412").get_by_role("button", name="Move", exact=True).click()
    expect(page.locator('[data-period="Fall 2027"] [data-card="CS 412"]')).to_be_focused()
    expect(_card(page, "CS 421").locator(".actions")).to_have_attribute("open", "")
    # its forms know the version that the move made
    _card(page, "CS 421").get_by_role("button", name="Pin here").click()
    expect(_card(page, "CS 421").locator(".tag")).to_have_text("pinned")
    expect(page.locator("#refused")).to_have_count(0)
    # the board is what a whole page shows
    shown = page.evaluate(_SHOWN)
    page.reload()
    assert page.evaluate(_SHOWN) == shown


def test_a_card_that_is_dropped_without_an_answer_goes_back(
    context: BrowserContext, board: KeptBoard
) -> None:
    # the browser itself logs a lost connection as an error of the console
    page = context.new_page()
    page.goto(f"/boards/{board.id}")
    context.set_offline(True)
    _drag(page, "CS 412", "Fall 2027")
    expect(page.locator("#said")).to_contain_text("The server does not answer")
    expect(page.locator('[data-period="Spring 2028"] [data-card="CS 412"]')).to_be_visible()
    context.set_offline(False)
    _drag(page, "CS 412", "Fall 2027")
    expect(page.locator("#said")).to_contain_text("moved from Spring 2028 to Fall 2027")
    expect(page.locator('[data-period="Fall 2027"] [data-card]')).to_have_count(1)
    expect(page.locator('[data-period="Spring 2028"] [data-card]')).to_have_count(2)


def test_why_and_other_plans_are_answered_in_place(page: Page, board: KeptBoard) -> None:
    page.goto(f"/boards/{board.id}")
    card = _card(page, "CS 412")
    card.locator(".actions > summary").click()
    card.get_by_role("link", name="Why here?").click()
    expect(card.locator(".because")).to_contain_text("the plan without CS 412")
    page.get_by_role("link", name="Other plans").click()
    put = page.get_by_role("button", name="Put on the board").first
    expect(put).to_be_visible()
    put.click()
    expect(page.locator("#said")).to_contain_text("Another plan put on the board")
    expect(page.locator(".headline")).to_contain_text("This plan holds")


def test_an_old_tab_is_told_and_shown_the_board(
    context: BrowserContext, board: KeptBoard, server: Server
) -> None:
    # the browser itself logs a refusal as an error of the console
    page = context.new_page()
    page.goto(f"/boards/{board.id}")
    with Workspace.open(server.database) as workspace:
        workspace.boards.add_step(board.id, board.version, CARDS[:2], "elsewhere")
    _card(page, "CS 412").locator(".actions > summary").click()
    _card(page, "CS 412").get_by_role("button", name="Take off").click()
    expect(page.locator("#refused")).to_be_focused()
    expect(page.locator("#refused")).to_contain_text("was changed meanwhile")
    expect(page.locator("[data-card]")).to_have_count(2)


def test_the_board_works_without_scripts(
    browser: Browser, server: Server, board: KeptBoard
) -> None:
    context = browser.new_context(base_url=server.address, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"/boards/{board.id}")
    card = _card(page, "CS 412")
    card.locator(".actions > summary").click()
    card.locator("[data-menu]").select_option("Fall 2027")
    card.get_by_role("button", name="Move", exact=True).click()
    expect(page.locator("#said")).to_contain_text("CS 412 moved from Spring 2028 to Fall 2027")
    expect(page.locator('[data-period="Fall 2027"] [data-card="CS 412"]')).to_be_visible()
    _card(page, "CS 411").locator(".actions > summary").click()
    _card(page, "CS 411").get_by_role("link", name="Where could it stand?").click()
    page.get_by_role("button", name="Move here").first.click()
    expect(page.locator("#said")).to_contain_text("CS 411 moved")
    page.get_by_role("button", name="Repair").click()
    expect(page.locator(".repaired")).to_contain_text("proven")
    page.locator(".manage > summary").click()
    page.get_by_role("button", name="Make a copy").click()
    expect(page.locator("h1")).to_have_text("My plan (copy)")
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_out_of_reach_or_out_of_the_page(
    browser: Browser, server: Server, board: KeptBoard, scheme: str
) -> None:
    for width in (1280, 360):
        context = browser.new_context(
            base_url=server.address,
            viewport={"width": width, "height": 800},
            color_scheme="dark" if scheme == "dark" else "light",
            bypass_csp=True,
        )
        page = context.new_page()
        page.goto(f"/boards/{board.id}")
        for details in page.locator("#content details").all():
            details.evaluate("one => { one.open = true; }")
        sizes = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert sizes[0] <= sizes[1]
        page.add_script_tag(path=AXE)
        found = page.evaluate("axe.run()")
        assert [one["id"] for one in found["violations"]] == []
        context.close()
