"""Whatever a file holds: three lines, the right exit code, no traceback, no half-written file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from prospectus.cli.main import main

START = "format: 1\nplan_from: 2026-08-24\n"
ENROLLED = START + "program: gatech-omscs\nmatriculation: 2025-08-18\n"


def alias_bomb() -> bytes:
    """Nine levels of nine aliases each: a thousand million values if they were followed."""
    lines = ["format: 1", "a: &a [x, x, x, x, x, x, x, x, x]"]
    for here, before in zip("bcdefgh", "abcdefg", strict=True):
        lines.append(f"{here}: &{here} [{', '.join([f'*{before}'] * 9)}]")
    return "\n".join(lines).encode()


FILES: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "CAT-004"),
    "only a comment": (b"# nothing\n", "CAT-004"),
    "binary": (b"\x7fELF\x00\x01\x02", "CAT-005"),
    "not UTF-8": ("name: Jos\u00e9\n".encode("latin-1"), "CAT-005"),
    "50 MB": (b"format: 1\n" + b"# padding\n" * 5_000_000, "CAT-003"),
    "anchors that explode": (alias_bomb(), "CAT-008"),
    "not YAML": (b"format: [1\n", "CAT-006"),
    "a plan from the past": (b"format: 1\nplan_from: 2020-01-01\n", "STU-009"),
    "negative hours": (START.encode() + b"hours_per_week: -4\n", "STU-005"),
    "a deadline before the start": (START.encode() + b"deadline: 2026-08-01\n", "STU-006"),
    "a zone that does not exist": (START.encode() + b"time_zone: Mars/Olympus\n", "STU-008"),
    "another currency": (START.encode() + b"money: {total: EUR 5000}\n", "STU-010"),
    "a finished course nobody knows": (
        ENROLLED.encode() + b"finished: [{course: CS 7614}]\n",
        "STU-012",
    ),
    "a plan beyond all calendars": (b"format: 1\nplan_from: 2099-01-01\n", "STU-019"),
    "a programme nobody has": (START.encode() + b"program: gatech-omsc\n", "STU-020"),
    "a grade average of another scale": (START.encode() + b"gpa: 44\n", "STU-004"),
    "a season nobody has": (START.encode() + b"hours_per_week: {Sumer: 4}\n", "STU-017"),
}


@pytest.mark.parametrize("command", ["plan", "compare"])
@pytest.mark.parametrize("kind", sorted(FILES))
def test_a_bad_student_file_gets_three_lines_and_exit_code_3(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str, kind: str
):
    content, code = FILES[kind]
    path = tmp_path / "me.yaml"
    path.write_bytes(content)
    arguments = [command, str(path), "gatech-omscs", "--today", "2026-08-01"]
    if command == "compare":
        arguments += ["--html", str(tmp_path / "report.html")]
    assert main(arguments) == 3
    printed = capsys.readouterr()
    assert printed.out == ""
    # how to mend it may go on below
    lines = printed.err.replace("\n       ", " ").splitlines()
    assert len(lines) == 3
    assert lines[0].startswith(f"error {code}: ")
    assert lines[1].startswith("  at   ")
    assert "me.yaml" in lines[1]
    assert lines[2].startswith("  fix  ")
    assert [item.name for item in tmp_path.iterdir()] == ["me.yaml"]


def test_a_missing_file_gets_three_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["plan", str(tmp_path / "nobody.yaml"), "gatech-omscs"]) == 3
    assert capsys.readouterr().err.startswith("error CAT-001: ")


def test_a_folder_is_no_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["plan", str(tmp_path), "gatech-omscs"]) == 3
    assert capsys.readouterr().err.startswith("error CAT-002: ")


def test_a_misspelled_finished_course_is_answered_with_the_nearest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = tmp_path / "me.yaml"
    path.write_text(ENROLLED + "finished:\n  - {course: CS 7614}\n", encoding="utf-8")
    main(["plan", str(path), "--today", "2026-08-01"])
    told = capsys.readouterr().err
    assert f"{path}:6   finished[0]" in told
    assert "did you mean CS 7641?" in told


def test_two_programmes_of_one_id_are_told_apart(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    from prospectus.catalogs.load import bundled_root

    original = bundled_root() / "schools/gatech/programs/gatech-omscs/2026-27.yaml"
    # One alone would stand for the bundled one.
    for name in ("one.yaml", "twin.yaml"):
        (tmp_path / name).write_text(original.read_text(encoding="utf-8"), encoding="utf-8")
    assert main(["programs", "--catalog", str(tmp_path)]) == 3
    told = capsys.readouterr().err
    assert "error CAT-039: two programmes have the id 'gatech-omscs'" in told


def test_an_unknown_programme_is_a_slip_of_the_call(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = tmp_path / "me.yaml"
    path.write_text(START, encoding="utf-8")
    assert main(["plan", str(path), "gatech-omsc", "--today", "2026-08-01"]) == 2
    told = capsys.readouterr().err
    assert told.startswith("error USE-001: ")
    assert "did you mean gatech-omscs?" in told


def test_no_programme_at_all_is_a_slip_of_the_call(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = tmp_path / "me.yaml"
    path.write_text(START, encoding="utf-8")
    assert main(["plan", str(path), "--today", "2026-08-01"]) == 2
    assert capsys.readouterr().err.startswith("error USE-002: ")


def test_an_unknown_track_is_a_slip_of_the_call(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = tmp_path / "me.yaml"
    path.write_text(START, encoding="utf-8")
    arguments = ["plan", str(path), "gatech-omscs", "--track", "mll", "--today", "2026-08-01"]
    assert main(arguments) == 2
    told = capsys.readouterr().err
    assert told.startswith("error USE-003: ")
    assert "did you mean ml?" in told


@pytest.mark.parametrize(
    "arguments",
    [
        ["plan"],
        ["plan", "me.yaml", "--today", "yesterday"],
        ["plan", "me.yaml", "--seconds", "0"],
        ["fly"],
        ["show", "gatech-omscs", "--no-such-flag"],
    ],
)
def test_a_wrong_call_is_exit_code_2(arguments: list[str], capsys: pytest.CaptureFixture[str]):
    assert main(arguments) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_json_gives_the_same_fields_on_stdout(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = tmp_path / "me.yaml"
    path.write_text(START + "hours_per_week: -4\n", encoding="utf-8")
    assert main(["plan", str(path), "gatech-omscs", "--json", "--today", "2026-08-01"]) == 3
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "prospectus.plan"
    assert document["errors"][0]["code"] == "STU-005"
    assert document["errors"][0]["at"]["line"] == 3


def test_a_call_that_cannot_be_parsed_is_told_in_json_too(capsys: pytest.CaptureFixture[str]):
    assert main(["plan", "--json", "--nosuch"]) == 2
    printed = capsys.readouterr()
    document = json.loads(printed.out)
    assert (document["schema"], document["exit_code"]) == ("prospectus.plan", 2)
    assert document["errors"][0]["code"] == "USE-010"
    assert printed.err.startswith("error USE-010: No such option")
