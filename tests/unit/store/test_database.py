"""Opening: where the file is, who may read it, and several who open it at once."""

from __future__ import annotations

import shutil
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from prospectus.domain.errors import UnavailableError
from prospectus.store.database import VARIABLE, Database, default_database
from prospectus.store.students import Students


def test_the_variable_names_the_file_and_without_it_the_data_folder_holds_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(VARIABLE, "/somewhere/mine.db")
    assert default_database() == "/somewhere/mine.db"
    monkeypatch.delenv(VARIABLE)
    assert Path(default_database()).parts[-2:] == ("prospectus", "prospectus.db")


@pytest.mark.skipif(sys.platform == "win32", reason="rights are kept otherwise there")
def test_the_file_and_its_folder_are_made_for_nobody_else_to_read(tmp_path: Path) -> None:
    path = tmp_path / "new" / "prospectus.db"
    students = Students(Database(path))
    students.add("Ada", "a")
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    for file in path.parent.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file
    assert len(list(path.parent.iterdir())) == 3
    students.database.close()
    assert list(path.parent.iterdir()) == [path]


def test_every_connection_keeps_references_and_waits_for_the_disk(database: Database) -> None:
    with database.reading() as one, database.reading() as other:
        for session in (one, other):
            asked = ("journal_mode", "foreign_keys", "synchronous", "busy_timeout")
            told = [session.scalar(text(f"PRAGMA {name}")) for name in asked]
            assert told == ["wal", 1, 2, 50]


def test_a_reader_sees_one_state_while_another_writes(database: Database) -> None:
    students = Students(database)
    first = students.add("Ada", "a")
    with database.reading() as session:
        count = text("SELECT count(*) FROM student")
        assert session.scalar(count) == 1
        students.add("Bob", "b")
        assert session.scalar(count) == 1
    assert [kept.name for kept in students.all()] == ["Bob", "Ada"]
    assert students.get(first.id) == first


OPENER = """
import sys
from prospectus.store.database import Database
from prospectus.store.students import Students
students = Students(Database(sys.argv[1]))
print("ready", flush=True)
sys.stdin.readline()
students.add("Ada", "a")
print("added", flush=True)
"""


def test_processes_that_open_a_new_database_at_once_all_find_it_made(tmp_path: Path) -> None:
    path = tmp_path / "new" / "prospectus.db"
    children = [
        subprocess.Popen(
            [sys.executable, "-W", "error", "-c", OPENER, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for child in children:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
    for child in children:
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()
    assert [child.communicate(timeout=120)[0] for child in children] == ["added\n"] * 4
    students = Students(Database(path))
    assert len(students.all()) == 4
    students.database.close()


def test_a_file_that_went_is_told_and_not_made_anew(database: Database, path: Path) -> None:
    students = Students(database)
    made = students.add("Ada", "a")
    away = path.with_name("away.db")
    path.rename(away)
    for ask in (students.all, lambda: students.add("Bob", "b")):
        with pytest.raises(UnavailableError, match="gone") as told:
            ask()
        assert told.value.faults[0].code == "STO-003"
        assert told.value.faults[0].at.file == str(path)
    assert not path.exists()
    away.rename(path)
    assert students.all() == (made,)


def test_another_file_in_its_place_is_opened_instead(database: Database, path: Path) -> None:
    students = Students(database)
    students.add("Ada", "a")
    database.close()
    other = path.with_name("other.db")
    others = Students(Database(other))
    made = others.add("Bob", "b")
    others.database.close()
    other.replace(path)
    assert students.all() == (made,)


def test_closing_keeps_nothing_open_and_a_later_use_opens_it_again(
    database: Database, path: Path
) -> None:
    students = Students(database)
    made = students.add("Ada", "a")
    database.close()
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    assert students.get(made.id) == made


def test_a_url_of_a_file_is_that_file_and_signs_in_its_name_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "50% of #2 & more?.db"
    students = Students(Database(path))
    made = students.add("Ada", "a")
    students.database.close()
    assert [file.name for file in tmp_path.iterdir()] == [path.name]
    plain = tmp_path / "plain.db"
    shutil.copy(path, plain)
    by_url = Students(Database(f"sqlite:///{plain}"))
    assert by_url.database.path == plain
    assert by_url.get(made.id) == made
    by_url.database.close()


@pytest.mark.parametrize(
    "url",
    [
        "sqlite://",
        "sqlite:///:memory:",
        "nonsense://somewhere",
        "postgresql+nonsense://me:secret@host/db",
        "postgresql://me:secret@host:port/db",
    ],
)
def test_a_url_that_cannot_be_used_is_told_without_its_password(url: str) -> None:
    with pytest.raises(UnavailableError) as told:
        Database(url)
    assert told.value.faults[0].code == "STO-003"
    assert "secret" not in str(told.value)


def test_the_file_is_marked_as_ours(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA application_id").fetchone() == (0x50525350,)
