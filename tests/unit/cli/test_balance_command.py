from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from prospectus.app import balancing
from prospectus.app.balancing import balance_courses
from prospectus.cli.main import main
from prospectus.domain.errors import InternalError
from prospectus.planning import balance as planning
from prospectus.planning.result import PlanStatus

ROOT = Path(__file__).parents[3]
EXAMPLE = str(ROOT / "examples" / "balance" / "two-tracks.yaml")
BACP8 = str(ROOT / "benchmarks" / "data" / "bacp" / "csplib" / "bacp8.dat")


def test_the_layout_of_one_track_fits_80_columns(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["balance", BACP8]) == 0
    text = capsys.readouterr().out
    assert "bacp8: 46 courses\nThe largest load of a period: 17\n" in text
    assert "Proven: nothing better exists." in text
    assert max(len(line) for line in text.splitlines()) <= 80


def test_several_tracks_get_a_line_of_loads_each(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["balance", EXAMPLE]) == 0
    text = capsys.readouterr().out
    assert "Cost 27: 26 as sum of squared distances" in text
    assert "1 course in undesired periods" in text
    assert "Vision (12!)" in text
    assert [line.split()[:2] for line in text.splitlines() if line.startswith("vision")] == [
        ["vision", "73"]
    ]
    assert max(len(line) for line in text.splitlines()) <= 80


def test_json_is_one_document_in_the_envelope(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["balance", EXAMPLE, "--json", "--by", "squares", "--seed", "4"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["schema"], document["ok"], document["seed"]) == ("prospectus.balance", True, 4)
    result = document["result"]
    assert (result["criterion"], result["status"], result["gap"]) == ("squares", "optimal", 0)
    assert sum(len(period["courses"]) for period in result["periods"]) == 8
    assert [sum(track["loads"]) for track in result["tracks"]] == [73, 73]


def test_what_is_impossible_exits_1_with_the_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "full.yaml"
    path.write_text(
        "format: 1\nkind: balance\nperiods: 2\nlimits: {load: {at_most: 3}}\n"
        "courses: [{course: A, load: 3}, {course: B, load: 2}, {course: C, load: 2}]\n",
        encoding="utf-8",
    )
    assert main(["balance", str(path)]) == 1
    text = " ".join(capsys.readouterr().out.split())
    assert "No layout is possible." in text
    assert "track all has a load of 7 in all, and 2 periods of at most 3 hold 6" in text


def test_a_gap_is_said_plainly_and_exits_4(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = balance_courses(Path(EXAMPLE))
    open_answer = replace(
        answer, status=PlanStatus.FEASIBLE, bound=Fraction(20), gap=Fraction(7, 27)
    )
    monkeypatch.setattr(balancing, "balance_courses", lambda *a, **k: open_answer)
    assert main(["balance", EXAMPLE]) == 4
    text = " ".join(capsys.readouterr().out.split())
    assert "Not proven (the time was up): no layout is below 20, so at most 25.9 %" in text


def test_a_bad_file_is_told_with_its_line_and_exits_3(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "cut.dat"
    path.write_text(Path(BACP8).read_text(encoding="utf-8")[:700], encoding="utf-8")
    assert main(["balance", str(path)]) == 3
    error = capsys.readouterr().err
    assert error.startswith("error BAL-002: ")
    assert "cut.dat:18" in error


def test_a_layout_that_fails_its_recheck_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = planning.balance

    def liar(*arguments: object, **named: object) -> object:
        return replace(honest(*arguments, **named), value=Fraction(1))  # type: ignore[arg-type]

    monkeypatch.setattr(planning, "balance", liar)
    with pytest.raises(InternalError, match="INT-006"):
        balance_courses(Path(EXAMPLE))
