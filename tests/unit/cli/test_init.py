from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from prospectus.app.student_draft import Draft, student_text
from prospectus.catalogs.student_file import read_student
from prospectus.cli.main import main
from prospectus.cli.questions import ask

TODAY = dt.date(2026, 8, 1)


def test_flags_write_a_file_that_reads_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = tmp_path / "me.yaml"
    arguments = ["init", str(path), "--name", 'Ann "A" Lee', "--start", "2026-08-24"]
    arguments += ["--hours", "12", "--money", "USD 5,250", "--deadline", "2030-12-31"]
    arguments += ["--zone", "America/Denver", "--residence", "US-CO", "--topic", "databases"]
    assert main([*arguments, "--topic", "text", "--today", "2026-08-01"]) == 0
    student = read_student(path, TODAY).student
    assert student.name == 'Ann "A" Lee'
    assert student.plan_from == dt.date(2026, 8, 24)
    assert student.wishes.hours_per_week == 12
    assert student.wishes.budget_by_year[0][1].minor == 525_000
    assert student.wishes.deadline == dt.date(2030, 12, 31)
    assert student.wishes.zone == "America/Denver"
    assert student.person.fact("residence") == "US-CO"
    assert student.wishes.wanted_topics == ("databases", "text")
    assert "next: prospectus compare" in capsys.readouterr().err


def test_without_a_terminal_and_flags_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert main(["init", str(tmp_path / "me.yaml"), "--today", "2026-08-01"]) == 2
    assert capsys.readouterr().err.startswith("error USE-009: ")
    assert list(tmp_path.iterdir()) == []


def test_an_answer_that_cannot_be_is_asked_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    told = iter(["soon", "2026-09-01", "gatech-omsc", "gatech-omscs", *[""] * 6])
    monkeypatch.setattr("typer.prompt", lambda *_, **__: next(told))
    draft = ask(TODAY)
    assert (draft.plan_from, draft.program) == ("2026-09-01", "gatech-omscs")
    assert "did you mean gatech-omscs?" in capsys.readouterr().err


def test_with_one_flag_nothing_is_asked_and_every_line_is_explained(tmp_path: Path):
    path = tmp_path / "me.yaml"
    flags = ["--name", "Ann", "--today", "2026-08-01", "--quiet"]
    assert main(["init", str(path), *flags]) == 0
    text = path.read_text(encoding="utf-8")
    assert "# hours_per_week: 12" in text
    assert read_student(path, TODAY).student.wishes.hours_are_assumed


def test_every_line_that_is_offered_as_a_comment_can_be_said(tmp_path: Path):
    text = student_text(Draft(), TODAY)
    opened = [line[2:] if _is_offer(line) else line for line in text.splitlines()]
    path = tmp_path / "me.yaml"
    path.write_text("\n".join(opened) + "\n", encoding="utf-8")
    student = read_student(path, TODAY).student
    assert student.program == "gatech-omscs"
    assert student.wishes.hours_per_week == 12
    assert student.wishes.pauses


def _is_offer(line: str) -> bool:
    """Return whether a comment is a field to be said, not a sentence."""
    word = line.removeprefix("# ").partition(":")[0]
    is_field = word.replace("_", "").isalpha() and word.islower() and " " not in word
    return line.startswith("# ") and ((is_field and ":" in line) or line.startswith("#   - "))


def test_a_file_that_exists_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = tmp_path / "me.yaml"
    path.write_text("mine", encoding="utf-8")
    assert main(["init", str(path)]) == 2
    assert capsys.readouterr().err.startswith("error USE-006: ")
    assert path.read_text(encoding="utf-8") == "mine"
    assert (
        main(["init", str(path), "--force", "--name", "Ann", "--quiet", "--today", "2026-08-01"])
        == 0
    )
    assert path.read_text(encoding="utf-8").startswith("# A student file")


@pytest.mark.parametrize(
    "flags",
    [
        ["--hours", "-3"],
        ["--hours", "lots"],
        ["--program", "foo"],
        ["--start", "2020-01-01"],
        ["--deadline", "2026-08-01"],
        ["--zone", "Mars/Olympus"],
        ["--money", "plenty"],
        ["--program", "x\nfinished: [{course: CS 1}]"],
    ],
)
def test_an_answer_that_cannot_be_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], flags: list[str]
):
    path = tmp_path / "me.yaml"
    assert main(["init", str(path), *flags, "--today", "2026-08-01"]) == 2
    assert capsys.readouterr().err.startswith("error USE-007: ")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_does_not_exist_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert (
        main(["init", str(tmp_path / "no" / "me.yaml"), "--name", "A", "--today", "2026-08-01"])
        == 2
    )
    assert capsys.readouterr().err.startswith("error USE-005: ")


def test_json_gives_the_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = tmp_path / "me.yaml"
    assert (
        main(["init", str(path), "--json", "--name", "A", "--quiet", "--today", "2026-08-01"]) == 0
    )
    document = json.loads(capsys.readouterr().out)
    assert document["result"]["text"] == path.read_text(encoding="utf-8")
