"""Backup and restore as commands: what was done on stderr, JSON on stdout, faults in lines."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from prospectus.app.workspace import Workspace
from prospectus.cli.main import main


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The database of a person with one student document."""
    path = tmp_path / "work" / "mine.db"
    monkeypatch.setenv("PROSPECTUS_DATABASE", str(path))
    with Workspace.open(path) as workspace:
        workspace.students.add("Ada", "a")
    return path


def test_a_backup_is_written_and_comes_back(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "backup.db"
    assert main(["backup", str(file)]) == 0
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err == f"wrote {file}: 1 student document, 0 plan boards, 0 records\n"
    with Workspace.open(path) as workspace:
        workspace.students.add("Bob", "b")
    assert main(["restore", str(file)]) == 0
    assert capsys.readouterr().err.splitlines() == [
        f"restored {path}: 1 student document, 0 plan boards, 0 records",
        f"what was there is kept as {path}.before-restore",
    ]
    with Workspace.open(path) as workspace:
        assert [student.name for student in workspace.students.all()] == ["Ada"]


def test_both_give_one_json_document(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "backup.db"
    assert main(["backup", str(file), "--json", "--quiet"]) == 0
    told = capsys.readouterr()
    assert told.err == ""
    document = json.loads(told.out)
    assert document["schema"] == "prospectus.backup"
    assert document["result"]["n_bytes"] == file.stat().st_size
    assert main(["restore", str(file), "--json", "--quiet"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "prospectus.restore"
    assert document["result"]["kept"] == f"{path}.before-restore"
    assert document["result"]["holdings"] == {"n_students": 1, "n_boards": 0, "n_records": 0}


def test_another_database_can_be_named(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, other = tmp_path / "backup.db", tmp_path / "other.db"
    assert main(["backup", str(file), "--database", str(path)]) == 0
    assert main(["restore", str(file), "--database", str(other)]) == 0
    assert "is kept as" not in capsys.readouterr().err
    with Workspace.open(other) as workspace:
        assert [student.name for student in workspace.students.all()] == ["Ada"]


def test_what_is_wrong_is_told_in_three_lines_that_name_the_file(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = tmp_path / "me.yaml"
    wrong.write_text("format: 1\n" * 100)
    for call, code, exit_code, at in (
        (["restore", str(wrong)], "STO-007", 3, wrong),
        (["restore", str(tmp_path / "none.db")], "STO-007", 3, tmp_path / "none.db"),
        (["backup", str(wrong)], "USE-006", 2, wrong),
        (["backup", str(tmp_path / "no" / "b.db")], "USE-005", 2, tmp_path / "no" / "b.db"),
        (["backup", "b.db", "--database", str(wrong)], "STO-003", 3, wrong),
        (["backup", "b.db", "--database", "postgresql+none://me:pw@h/d"], "STO-003", 3, "***"),
    ):
        assert main(call) == exit_code
        told = capsys.readouterr().err
        what, _, rest = told.partition("\n  at   ")
        where, _, fix = rest.partition("\n  fix  ")
        assert what.startswith(f"error {code}: ")
        assert str(at) in where
        assert "pw@" not in told
        assert fix
    assert wrong.read_text() == "format: 1\n" * 100
