"""`plan --front` and `plan --alternatives`: tables in 80 columns, JSON, a page, exit codes."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import pytest

from prospectus.app.solving import Solved, recheck
from prospectus.cli.main import main
from prospectus.domain.plan import Plan
from prospectus.domain.program import Resolved
from prospectus.domain.student import Student
from prospectus.planning.ladder import Climb, Ladder
from prospectus.planning.result import PlanResult
from prospectus.planning.solver import Answer, Solution

ROOT = Path(__file__).parents[3]
SAM = [str(ROOT / "examples" / "omscs-midway.yaml"), "--today", "2026-11-22"]


def test_a_front_is_a_table_with_a_plan_for_each_point(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["plan", *SAM, "--front", "finish,cost,peak"]) == 0
    text = capsys.readouterr().out
    assert "  #  Ends        Cost          Peak h\n" in text
    assert "  1  May 2028    USD 4,543     20\n  2  Aug 2028    USD 4,407     20\n" in text
    assert "Complete: of all plans that end from 6 May 2028 to 17 Dec 2028" in text
    assert "Plan 2\n" in text
    assert "Re-checked by the definition of the rules" in text
    assert max(len(line) for line in text.splitlines()) <= 80


def test_alternatives_say_how_many_changes_lie_between_them(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    page = tmp_path / "plans.html"
    asked = ["--alternatives", "3", "--apart", "4", "--within", "finish=0,cost=0"]
    assert main(["plan", *SAM, *asked, "--html", str(page)]) == 0
    text = capsys.readouterr().out
    rows = [line for line in text.splitlines() if line.startswith(("  1 ", "  2 ", "  3 "))]
    assert [row.split()[1:5] for row in rows] == [["May", "2028", "USD", "4,543"]] * 3
    counts = [int(n) for row in rows[1:] for n in row.partition("changes: ")[2].split(", ")]
    assert min(counts) >= 4
    assert max(len(line) for line in text.splitlines()) <= 80
    html = page.read_text("utf-8")
    assert (
        "<title>Online Master of Science in Computer Science (OMSCS): other plans</title>" in html
    )
    assert html.count("<h3>Plan ") == 3


def test_json_is_one_document_with_every_plan(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", *SAM, "--front", "cost,finish", "--json", "--seed", "3"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["schema"], document["seed"]) == ("prospectus.plan-front", 3)
    (case,) = document["result"]["cases"]
    assert case["columns"] == ["cost", "finish"]
    assert case["status"] == "optimal"
    assert [choice["levels"][0]["value"] for choice in case["choices"]] == [454300, 440700]
    assert all(choice["periods"] for choice in case["choices"])


@pytest.mark.parametrize(
    "asked",
    [
        ["--front", "finish"],
        ["--front", "finish,beauty"],
        ["--front", "finish,cost", "--alternatives", "2"],
        ["--alternatives", "2", "--within", "cost=much"],
        ["--alternatives", "2", "--within", "finish=-1"],
    ],
)
def test_what_is_not_understood_is_one_clear_error(
    asked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["plan", *SAM, *asked]) == 2
    assert "error USE-022" in capsys.readouterr().err


def test_an_interrupt_shows_what_was_found_so_far(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    climb = Ladder.climb
    calls: list[Sequence[str]] = []

    def once(
        self: Ladder,
        levels: Sequence[str],
        *,
        under: Mapping[str, int] = MappingProxyType({}),
        previous: Solution | None = None,
    ) -> Climb:
        if calls:
            raise KeyboardInterrupt
        calls.append(levels)
        return climb(self, levels, under=under, previous=previous)

    monkeypatch.setattr(Ladder, "climb", once)
    assert main(["plan", *SAM, "--front", "finish,cost,peak"]) == 4
    text = capsys.readouterr().out
    assert "Stopped; this is what was found." in text
    assert "  1  May 2028" in text
    assert "Not complete" in text


@pytest.mark.parametrize(
    ("asked", "n_climbs"), [(["--front", "finish,cost,peak"], 1), (["--alternatives", "3"], 0)]
)
def test_memory_used_up_with_a_plan_in_hand_is_named(
    asked: list[str],
    n_climbs: int,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    climb = Ladder.climb
    calls: list[Sequence[str]] = []

    def runs_out(
        self: Ladder,
        levels: Sequence[str],
        *,
        under: Mapping[str, int] = MappingProxyType({}),
        previous: Solution | None = None,
    ) -> Climb:
        calls.append(levels)
        if len(calls) <= n_climbs:
            return climb(self, levels, under=under, previous=previous)
        solver = self.search.solver
        solver.is_out_of_memory = solver.was_interrupted = True
        return Climb(answer=Answer.UNKNOWN, n_proven=0, solution=None)

    monkeypatch.setattr(Ladder, "climb", runs_out)
    assert main(["plan", *SAM, *asked, "--memory", "3000"]) == 4
    text = " ".join(capsys.readouterr().out.split())
    assert "Plan 1" in text
    assert "Not complete: its memory of 3000 MB was used up (`--memory` allows more)." in text
    assert "topped" not in text


def test_an_interrupt_while_a_plan_is_checked_leaves_those_before_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[Plan] = []

    def once(
        resolved: Resolved, student: Student, result: PlanResult, plan: Plan, today: dt.date
    ) -> Solved:
        if calls:
            raise KeyboardInterrupt
        calls.append(plan)
        return recheck(resolved, student, result, plan, today)

    monkeypatch.setattr("prospectus.app.plan_choices.recheck", once)
    assert main(["plan", *SAM, "--alternatives", "3"]) == 4
    text = capsys.readouterr().out
    assert "Stopped; this is what was found." in text
    assert "Plan 1" in text
    assert "Plan 2" not in text
