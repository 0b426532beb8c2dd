from __future__ import annotations

import re
from pathlib import Path

import pytest
from sample_answers import comparison
from sample_rows import figures, impossible, row

from prospectus.app.report import (
    assumed_sentence,
    headline,
    render_report,
    report_context,
    write_report,
)
from prospectus.compare.row import Admissible
from prospectus.domain.errors import UsageError


def test_the_page_stands_alone():
    page = render_report(report_context(comparison()))
    assert "<script" not in page
    loaded = re.findall(r'(?:src|href)="([^"]*)"', page)
    assert loaded == ["https://example.org/rules"]
    assert "@import" not in page
    assert "url(" not in page


def test_the_page_shows_every_row_sentence_and_next_step():
    answer = comparison()
    page = render_report(report_context(answer))
    for item in answer.rows:
        assert item.row.program_name in page
    assert "with 18 h it ends in Dec 2029" in page
    assert "ask: no source gives it" in page
    assert "First courses, Fall 2026" in page
    assert "<li>CS 7641 Machine Learning</li>" in page
    assert page.count('class="tag">dominated') == 1


def test_texts_of_a_catalog_cannot_become_markup():
    page = render_report(report_context(comparison(row(program="<b>x</b>"))))
    assert "Rules &lt;2026&gt;" in page
    assert "<b>x</b>" not in page


def test_bars_lie_inside_the_time_line():
    context = report_context(comparison())
    bars = [item.bar for item in context.rows if item.bar is not None]
    assert len(bars) == 3
    assert all(bar.left >= 0 and bar.left + bar.width <= 100 for bar in bars)
    assert bars[0].label == "Aug 2026 to May 2029"


def test_a_page_without_any_plan_is_still_a_page():
    answer = comparison(impossible())
    assert headline(answer).startswith("No programme that was compared")
    assert "no plan" in render_report(report_context(answer))


def test_the_headline_names_the_first_and_the_cheapest():
    slow = row(track="hci", plan=figures("2030-05-06", cost=500_000))
    assert headline(comparison(row(), slow)) == (
        "2 of 2 ways to a degree fit. OMSCS - Machine Learning ends first, in May 2029; "
        "OMSCS - Human-Computer Interaction costs least, USD 5,000."
    )


def test_the_headline_leaves_out_who_does_not_admit():
    closed = row("umich-mads", None, plan=figures("2027-01-01"), admissible=Admissible.NO)
    assert "OMSCS" in headline(comparison(row(), closed))


def test_assumed_columns_are_counted():
    assert assumed_sentence(comparison()) == (
        "3 of 4 columns of figures rest on assumptions (*): finish, months, cost."
    )
    assert assumed_sentence(comparison(impossible())).startswith("No column")


def test_a_report_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path):
    with pytest.raises(UsageError) as caught:
        write_report(comparison(), tmp_path / "nowhere" / "report.html")
    assert caught.value.faults[0].code == "USE-005"
    assert list(tmp_path.iterdir()) == []


def test_a_report_replaces_the_last_one_whole(tmp_path: Path):
    path = tmp_path / "report.html"
    path.write_text("old", encoding="utf-8")
    write_report(comparison(), path)
    assert path.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert [item.name for item in tmp_path.iterdir()] == ["report.html"]
