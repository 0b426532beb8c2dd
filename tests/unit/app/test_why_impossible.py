"""Why there is no plan, with the lines of the student file, the sources, and ways out."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from prospectus.app.answers import PlanVariant
from prospectus.app.degree_plan import plan_degree
from prospectus.app.impossible_answers import BlameLine, Impossible
from prospectus.app.why_impossible import merged_texts
from prospectus.cli.impossible_view import print_impossible
from prospectus.cli.terminal import answer_console
from prospectus.planning.result import Conflict

TODAY = dt.date(2026, 11, 22)
ADA = """\
format: 1
plan_from: 2027-01-04
hours_per_week: 16
money:
  per_year: USD {budget}
deadline: {deadline}
"""


def asked(folder: Path, budget: int, deadline: str) -> PlanVariant:
    file = folder / "ada.yaml"
    file.write_text(ADA.format(budget=budget, deadline=deadline), encoding="utf-8")
    answer = plan_degree(file, "gatech-omscs", "ai", today=TODAY)
    (variant,) = answer.tracks[0].variants
    return variant


@pytest.fixture(scope="module")
def why(tmp_path_factory: pytest.TempPathFactory) -> Impossible:
    found = asked(tmp_path_factory.mktemp("ada"), 3000, "2028-12-31").impossible
    assert found is not None
    return found


def test_wishes_are_named_with_their_line_and_rules_with_their_sources(why: Impossible) -> None:
    assert why.is_minimal
    assert {line.ids: line.at.line for line in why.blamed if line.is_wish} == {
        ("budget by year",): 5,
        ("deadline",): 6,
    }
    (rule,) = (line for line in why.blamed if not line.is_wish)
    assert rule.text == "the 30 credits of the degree"
    assert rule.sources
    assert rule.as_of


def test_each_way_out_is_told_with_the_plan_that_it_opens(why: Impossible, tmp_path: Path) -> None:
    assert why.n_wishes == 1
    wishes = [line.changes[0].wish for line in why.relaxations]
    assert wishes == ["budget by year", "deadline"]
    money = why.relaxations[0]
    amount = money.changes[0].amount
    assert amount is not None
    assert amount % 100 == 0
    enough = asked(tmp_path, 3000 + amount // 100, "2028-12-31")
    assert enough.impossible is None
    assert enough.finish == money.finish
    short = asked(tmp_path, 3000 + amount // 100 - 1, "2028-12-31")
    assert short.impossible is not None


def test_the_answer_fits_into_eighty_columns(
    why: Impossible, capsys: pytest.CaptureFixture[str]
) -> None:
    print_impossible(why, answer_console())
    text = capsys.readouterr().out
    assert "- deadline 2028-12-31 (your wish, line 6)" in text
    assert "then done by" in text
    assert max(len(line) for line in text.splitlines()) <= 80


def test_prerequisites_are_told_in_one() -> None:
    conflict = [
        Conflict(id="deadline", text="deadline 2028", is_wish=True),
        Conflict(id="requisite AA 500", text="the prerequisites of AA 500", is_wish=False),
        Conflict(id="requisite CS 600", text="the prerequisites of CS 600", is_wish=False),
    ]
    assert merged_texts(conflict) == ["deadline 2028", "the prerequisites of AA 500 and CS 600"]


def test_where_no_change_is_found_in_time_the_next_step_is_told() -> None:
    blamed = (
        BlameLine(ids=("node core",), text="requirement core", is_wish=False),
        BlameLine(ids=("budget by year",), text="at most USD 900 due", is_wish=True),
    )
    answer = Impossible(blamed=blamed, is_minimal=True, relaxations=(), n_wishes=None)
    assert answer.stuck is not None
    assert "--seconds" in answer.stuck
    assert "--what-if money-per-year=AMOUNT" in answer.stuck
    settled = Impossible(blamed=blamed, is_minimal=True, relaxations=(), n_wishes=0)
    assert settled.stuck is not None
    assert "--seconds" not in settled.stuck
