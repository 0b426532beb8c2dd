"""What goes wrong outside what a page knows of is told in the page, which stays as it is."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, expect

from conftest import Server
from prospectus.app.library import open_library
from prospectus.app.workspace import Card, Workspace

PROGRAM = "uiuc-mcs-online"
PERSON = "format: 1\nname: Sam\nplan_from: 2027-08-01\n"
# what a drop of a card sends
MOVE = """() => {
  const board = document.getElementById("board");
  htmx.ajax("POST", `/boards/${board.dataset.board}/move`, {
    target: "#board", swap: "outerHTML",
    values: { version: board.dataset.version, card: "CS 411", period: "Fall 2028" },
  });
}"""

expect.set_options(timeout=30_000)


def test_a_refused_move_is_told_above_the_board_until_the_next_is_taken(
    context: BrowserContext, server: Server
) -> None:
    # a page of its own: the browser notes a refusal as an error
    page = context.new_page()
    with Workspace.open(server.database) as workspace:
        board = workspace.boards.add(
            workspace.students.add("Sam", PERSON).id,
            name="My plan",
            program=PROGRAM,
            catalog_year=open_library().named(PROGRAM).catalog_year,
            cards=(Card(course="CS 411", period="Spring 2028"),),
        )
    page.goto(f"/boards/{board.id}")
    kept = context.cookies()
    context.clear_cookies()
    page.evaluate(MOVE)
    told = page.locator("#trouble .faults")
    expect(told).to_contain_text("WEB-007")
    expect(told).to_be_focused()
    expect(page.locator("main")).to_have_count(1)
    expect(page.locator("#board")).to_have_attribute("data-version", "1")
    context.add_cookies(kept)  # type: ignore[arg-type]
    page.evaluate(MOVE)
    expect(page.locator("#said")).to_contain_text("CS 411 moved")
    expect(page.locator("#trouble")).to_be_empty()
