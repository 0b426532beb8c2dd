"""The workspace: everything of one person's work behind one name."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from prospectus.app import workspace as workspace_module
from prospectus.app.workspace import (
    Card,
    JobState,
    Workspace,
    back_up_workspace,
    restore_workspace,
)
from prospectus.domain.errors import UnavailableError


def test_a_workspace_is_made_where_it_is_named(tmp_path: Path) -> None:
    path = tmp_path / "new" / "mine.db"
    with Workspace.open(path) as workspace:
        assert path.is_file()
        assert workspace.name == str(path)
        assert workspace.students.all() == ()


def test_the_variable_names_it_where_nothing_else_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROSPECTUS_DATABASE", str(tmp_path / "by-variable.db"))
    with Workspace.open() as workspace:
        assert workspace.name == str(tmp_path / "by-variable.db")
    with Workspace.open(tmp_path / "named.db") as workspace:
        assert workspace.name == str(tmp_path / "named.db")


def test_two_that_open_the_same_file_see_the_same_work(tmp_path: Path) -> None:
    with Workspace.open(tmp_path / "w.db") as one, Workspace.open(tmp_path / "w.db") as other:
        student = one.students.add("Ada", "format: 1\n")
        board = other.boards.add(
            student.id, name="B", program="p", catalog_year="y", cards=[Card(course="CS 1")]
        )
        assert one.boards.get(board.id) == board
        job = one.jobs.add("compare", {"student": student.id})
        taken = other.jobs.claim("worker")
        assert taken is not None
        assert (taken.id, one.jobs.get(job.id).state) == (job.id, JobState.RUNNING)
        record = one.records.add(name="R", file_name="r.csv", kind="csv", content=b"x")
        assert other.records.content(record.id) == b"x"


def test_work_goes_to_a_backup_and_comes_back(tmp_path: Path) -> None:
    path, file = tmp_path / "w.db", tmp_path / "backup.db"
    with Workspace.open(path) as workspace:
        student = workspace.students.add("Ada", "a")
        made = back_up_workspace(file, where=path)
        workspace.students.remove(student.id, version=1)
        back = restore_workspace(file, where=path)
        assert made.holdings == back.holdings
        assert workspace.students.get(student.id).text == "a"


def test_what_cannot_be_opened_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError):
        Workspace.open(tmp_path)


def test_its_names_are_sorted_and_there() -> None:
    names = workspace_module.__all__
    assert names == sorted(names)
    assert all(hasattr(workspace_module, name) for name in names)


def test_the_command_line_does_not_load_the_database_before_it_is_needed() -> None:
    code = (
        "import sys, prospectus.cli.store_commands; "
        "print(*{'sqlalchemy', 'alembic', 'sqlite3', 'platformdirs'} & set(sys.modules))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert run.stdout.split() == []
