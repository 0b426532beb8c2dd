"""The comparison in a browser: worked out while one looks, sorted, asked otherwise, stopped."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.conftest import EXAMPLES, TODAY, Server

from prospectus.app.answers import AssumptionLine, CompareAnswer, RowAnswer
from prospectus.app.document import to_json
from prospectus.app.workspace import Job, Workspace
from prospectus.compare.cells import cells, columns_assumed
from prospectus.compare.dominance import dominations
from prospectus.compare.row import Admissible, Figures, Option, Outcome, Row
from prospectus.compare.sentences import sentences
from prospectus.domain.errors import ProspectusError
from prospectus.domain.facts import Certainty, Money

AXE = (Path(__file__).parent / "axe.min.js").read_text(encoding="utf-8")
Scheme = Literal["light", "dark"]


def row(program: str, finish: str, cost: int, peak: int) -> Row:
    """A way with a plan."""
    money = Money(minor=cost * 100, currency="USD")
    return Row(
        option=Option(program=program),
        program_name=f"Master of {program}",
        short_name=program,
        school_name="A University",
        track_name="",
        variant=(),
        admissible=Admissible.YES,
        admission_reasons=(),
        outcome=Outcome.PROVEN,
        figures=Figures(
            start=dt.date(2027, 1, 11),
            finish=dt.date.fromisoformat(finish),
            finish_certainty=Certainty.REPORTED,
            months=24,
            cost=money,
            cost_known=money,
            cost_certainty=Certainty.ASSUMED,
            rates="2026-27",
            peak_hours=peak,
            peak_certainty=Certainty.REPORTED,
            topics_missing=0,
            topics_wanted=0,
        ),
        obstacles=(),
        assumptions=("rates",),
        unknown=("when credit expires",),
    )


ROWS = (
    row("early-ms", "2028-12-17", 20_000, 14),
    row("cheap-ms", "2029-12-17", 9_000, 14),
    row("beaten-ms", "2030-05-07", 21_000, 15),
)


def answer() -> CompareAnswer:
    """A comparison of three ways, one of them dominated."""
    found = dominations(ROWS)
    losers = {item.loser for item in found}
    names = {str(one.option): one.name for one in ROWS}
    return CompareAnswer(
        student="Maria",
        today=dt.date.fromisoformat(TODAY),
        plan_from=dt.date(2027, 1, 4),
        wishes=("15 h a week",),
        rows=tuple(
            RowAnswer(
                row=one,
                sentences=sentences(one, found, names),
                is_dominated=one.option in losers,
            )
            for one in ROWS
        ),
        dominations=found,
        reading_notes=(),
        columns_assumed=columns_assumed(ROWS),
        not_compared=(),
        assumptions=(
            AssumptionLine(id="rates", text="Rates stay", value="0", range="0 to 5", source=""),
        ),
        next_steps=(),
        sources=(),
        seed=0,
    )


class Hand:
    """Does the comparisons in the server's place: as long as it holds them, nobody else does."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.held = [workspace.jobs.add("hold", {"n": n}).id for n in range(2)]
        for _ in self.held:
            workspace.jobs.claim("hand", ["hold"])
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._live)
        self._thread.start()

    def _live(self) -> None:
        """Give signs of life, for the server takes what seems to be left."""
        while not self._stop.wait(1):
            for id in tuple(self.held):
                try:
                    job = self.workspace.jobs.get(id)
                    told = {"done": job.done, "total": job.total, "said": job.said}
                    self.workspace.jobs.beat(id, "hand", **told)  # type: ignore[arg-type]
                except ProspectusError:
                    continue

    def take(self) -> Job:
        """Take the comparison that waits."""
        job = self.workspace.jobs.claim("hand", ["compare"])
        assert job is not None
        self.held.append(job.id)
        return job

    def finish(self, job: Job) -> None:
        """Hand in an answer."""
        self.workspace.jobs.finish(job.id, "hand", json.dumps(to_json(answer())))

    def close(self) -> None:
        """Let everything go."""
        self._stop.set()
        self._thread.join()
        for id in self.held[:2]:
            self.workspace.jobs.cancelled(id, "hand")


@pytest.fixture
def hand(server: Server) -> Iterator[Hand]:
    """What does the comparisons."""
    with Workspace.open(server.database) as workspace:
        made = Hand(workspace)
        yield made
        made.close()


@pytest.fixture
def maria(server: Server) -> str:
    """The id of a person of this test alone."""
    text = (EXAMPLES / "nurse-denver.yaml").read_text(encoding="utf-8")
    with Workspace.open(server.database) as workspace:
        return workspace.students.add("Maria", text).id


def test_rows_come_as_they_are_found_and_then_the_whole(page: Page, hand: Hand, maria: str) -> None:
    page.goto(f"/compare/{maria}")
    expect(page.get_by_text("Waiting for its turn")).to_be_visible()
    job = hand.take()
    so_far = json.dumps([to_json(cells(ROWS[0]))])
    hand.workspace.jobs.beat(job.id, "hand", done=1, total=3, said="early-ms", so_far=so_far)
    expect(page.get_by_text("1 of 3")).to_be_visible()
    expect(page.get_by_role("rowheader", name="Master of early-ms")).to_be_visible()
    hand.finish(job)
    expect(page.get_by_role("heading", name="Side by side")).to_be_visible()
    expect(page.locator("#said")).to_have_text("Ready.")
    expect(page.locator("#chart canvas")).to_be_visible()
    expect(page.get_by_text("Of 3 ways with a known cost, 2 are dominated by none")).to_be_visible()
    page.get_by_text("1 way dominated").click()
    expect(
        page.get_by_text("Dominated by early-ms on finish, cost and peak hours.")
    ).to_be_visible()


def test_rows_are_sorted_and_filtered_in_place_and_the_way_back_works(
    page: Page, hand: Hand, maria: str
) -> None:
    page.goto(f"/compare/{maria}")
    hand.finish(hand.take())
    names = page.locator("table.compared").first.get_by_role("rowheader")
    expect(names).to_have_count(2)
    expect(names.first).to_contain_text("early-ms")
    page.get_by_role("link", name="Cost").click()
    expect(names.first).to_contain_text("cheap-ms")
    expect(page).to_have_url(f"/compare/{maria}?sort=cost")
    page.get_by_label("USD at most").fill("10,000")
    page.get_by_label("USD at most").press("Enter")
    expect(page.get_by_text("Left out: 2 cost more.")).to_be_visible()
    expect(names).to_have_count(1)
    page.go_back()
    expect(names).to_have_count(2)
    expect(page.locator("header.top")).to_have_count(1)


def test_other_hours_are_compared_in_place(page: Page, hand: Hand, maria: str) -> None:
    page.goto(f"/compare/{maria}")
    hand.finish(hand.take())
    page.get_by_text("What if you had other hours").click()
    page.get_by_label("Hours a week").fill("none")
    page.get_by_role("button", name="Compare with these").click()
    wrong = page.get_by_label("Hours a week")
    expect(wrong).to_have_attribute("aria-invalid", "true")
    expect(wrong).to_have_value("none")
    wrong.fill("22")
    page.get_by_role("button", name="Compare with these").click()
    expect(page.get_by_text("Waiting for its turn")).to_be_visible()
    expect(page.get_by_text("22 h a week")).to_be_visible()
    hand.finish(hand.take())
    expect(page.get_by_role("heading", name="Side by side")).to_be_visible()
    expect(page.get_by_role("link", name="As your details say")).to_be_visible()


def test_what_is_typed_while_the_work_goes_on_stays(page: Page, hand: Hand, maria: str) -> None:
    page.goto(f"/compare/{maria}")
    expect(page.get_by_text("Waiting for its turn")).to_be_visible()
    page.get_by_text("What if you had other hours").click()
    page.get_by_label("USD in all, at most").fill("7777")
    hand.finish(hand.take())
    expect(page.get_by_role("heading", name="Side by side")).to_be_visible()
    expect(page.get_by_label("USD in all, at most")).to_have_value("7777")


def test_a_line_that_is_cut_is_said_and_mended(
    browser: Browser, server: Server, hand: Hand, maria: str
) -> None:
    context = browser.new_context(base_url=server.address)
    context.set_default_timeout(30_000)
    page = context.new_page()
    events, stops = "**/jobs/*/events", "**/jobs/*/cancel"
    page.route(events, lambda route: route.abort())
    page.route(stops, lambda route: route.abort())
    page.goto(f"/compare/{maria}")
    expect(page.locator("[data-said]")).to_have_text("Connection lost, trying again")
    expect(page.locator("#said")).to_have_text("Connection lost, trying again.")
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#said")).to_contain_text("The server does not answer.")
    page.unroute(events)
    expect(page.locator("[data-said]")).to_have_text("Waiting for its turn")
    hand.finish(hand.take())
    expect(page.get_by_role("heading", name="Side by side")).to_be_visible()
    context.close()


def test_without_scripts_the_page_asks_again_by_itself(
    browser: Browser, server: Server, hand: Hand, maria: str
) -> None:
    context = browser.new_context(base_url=server.address, java_script_enabled=False)
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.goto(f"/compare/{maria}")
    expect(page.get_by_text("Waiting for its turn")).to_be_visible()
    hand.finish(hand.take())
    expect(page.get_by_role("heading", name="Side by side")).to_be_visible()
    page.get_by_label("Sort by").select_option("cost")
    page.get_by_role("button", name="Show").click()
    names = page.locator("table.compared").first.get_by_role("rowheader")
    expect(names.first).to_contain_text("cheap-ms")
    page.get_by_role("link", name="Make a plan of Master of cheap-ms").click()
    expect(page).to_have_url(f"/boards?student={maria}&way=cheap-ms/")
    context.close()


def test_the_server_works_and_stops_when_it_is_told(page: Page, maria: str) -> None:
    page.goto(f"/compare/{maria}")
    expect(page.get_by_text(" of ", exact=False).and_(page.locator("[data-count]"))).to_be_visible(
        timeout=60_000
    )
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("It was stopped before it was done.")).to_be_visible()
    expect(page.get_by_role("button", name="Compare again")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_are_accessible_and_nothing_overflows(
    browser: Browser, server: Server, hand: Hand, maria: str, scheme: Scheme
) -> None:
    context = browser.new_context(
        base_url=server.address, color_scheme=scheme, viewport={"width": 360, "height": 800}
    )
    context.set_default_timeout(30_000)
    page = context.new_page()

    def look() -> None:
        page.evaluate(AXE)
        found = page.evaluate("axe.run()")
        assert [one["id"] for one in found["violations"]] == []
        assert page.evaluate("document.documentElement.scrollWidth") == 360

    page.goto(f"/compare/{maria}")
    expect(page.locator("progress")).to_be_visible()
    look()
    job = hand.take()
    page.goto(f"/jobs/{job.id}")
    look()
    hand.finish(job)
    page.goto(f"/compare/{maria}")
    expect(page.locator("#chart canvas")).to_be_visible()
    page.locator("details").evaluate_all("all => all.forEach((one) => { one.open = true; })")
    look()
    context.close()
