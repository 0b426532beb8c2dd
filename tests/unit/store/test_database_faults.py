"""A database that cannot be used says why, names its file, and holds nothing by halves."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from prospectus.domain.errors import Fault, UnavailableError
from prospectus.store.boards import Boards, Card
from prospectus.store.database import Database
from prospectus.store.students import Students
from prospectus.store.unavailable import faults_of


@contextmanager
def told(path: Path, words: str) -> Iterator[None]:
    with pytest.raises(UnavailableError, match=words) as caught:
        yield
    (fault,) = caught.value.faults
    assert isinstance(fault, Fault)
    assert (fault.code, fault.at.file) == ("STO-003", str(path))
    assert fault.fix


def rows_in(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return int(connection.execute("SELECT count(*) FROM student").fetchone()[0])


def test_a_lock_that_another_program_holds_is_told_and_reading_goes_on(
    students: Students, path: Path
) -> None:
    made = students.add("Ada", "a")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with told(path, "locked"):
            students.add("Bob", "b")
        with told(path, "locked"):
            students.replace(made.id, name="x", text="x", version=1)
        assert students.all() == (made,)
        other.execute("ROLLBACK")
    assert students.replace(made.id, name="x", text="x", version=1).version == 2


def test_a_lock_at_the_first_opening_is_told(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode = DELETE")
        other.execute("BEGIN EXCLUSIVE")
        with told(path, "locked"):
            Database(path, patience=0.05).migrate()
        other.execute("ROLLBACK")


def test_a_full_disk_is_told_and_nothing_is_saved_by_halves(
    database: Database, students: Students, boards: Boards, path: Path
) -> None:
    made = students.add("Ada", "a")
    board = boards.add(made.id, name="", program="", catalog_year="")
    # One connection is in use at a time: what is said to it holds for what follows.
    with database.reading() as session:
        n_pages = session.scalar(text("PRAGMA page_count"))
        session.execute(text(f"PRAGMA max_page_count = {n_pages}"))
    large = "x" * 190_000
    with told(path, "disk is full"):
        students.add("Bob", large)
    with told(path, "disk is full"):
        students.replace(made.id, name="Ada", text=large, version=1)
    with told(path, "disk is full"):
        boards.add_step(board.id, 1, [Card(course="x" * 150_000)], "")
    assert students.all() == (made,)
    assert boards.get(board.id) == board
    with database.reading() as session:
        session.execute(text("PRAGMA max_page_count = 1000000"))
    assert students.replace(made.id, name="Ada", text=large, version=1).version == 2
    assert boards.add_step(board.id, 1, [Card(course="x")], "").version == 2


def test_a_database_that_may_not_be_written_is_told_and_read(
    database: Database, students: Students, path: Path
) -> None:
    made = students.add("Ada", "a")
    with database.reading() as session:
        session.execute(text("PRAGMA query_only = ON"))
    with told(path, "may not be written"):
        students.add("Bob", "b")
    assert students.all() == (made,)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may do all")
def test_a_file_without_the_right_to_write_is_told(students: Students, path: Path) -> None:
    students.add("Ada", "a")
    students.database.close()
    path.chmod(0o400)
    with told(path, "cannot be opened|may not be written"):
        Students(Database(path)).add("Bob", "b")
    path.chmod(0o600)
    assert rows_in(path) == 1


@pytest.mark.parametrize("content", [b"name: Ada\n" * 500, b"\x00" * 5_000, b"SQLite format 3\x00"])
def test_a_file_that_is_no_database_is_told_and_not_touched(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "me.yaml"
    path.write_bytes(content)
    with told(path, "damaged, or is no database"):
        Database(path).migrate()
    assert path.read_bytes() == content
    assert list(tmp_path.iterdir()) == [path]


def test_a_database_of_another_program_is_told_and_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE student (id, name)")
    before = path.read_bytes()
    with told(path, "another program"):
        Database(path).migrate()
    assert path.read_bytes() == before


def test_damage_while_it_is_open_is_told(students: Students, path: Path) -> None:
    for number in range(20):
        students.add("Ada", "x" * 20_000 + str(number))
    students.database.close()
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    path.write_bytes(content)
    with told(path, "damaged"):
        students.all()


def test_tables_that_went_are_told(students: Students, path: Path) -> None:
    students.add("Ada", "a")
    with closing(sqlite3.connect(path)) as other:
        other.execute("DROP TABLE board_step")
        other.execute("DROP TABLE board")
        other.execute("DROP TABLE record")
        other.execute("DROP TABLE student")
    with told(path, "lost its tables"):
        students.all()


def test_a_folder_in_the_place_of_the_file_is_told(tmp_path: Path) -> None:
    with told(tmp_path, "cannot be opened"):
        Database(tmp_path).migrate()


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    path = tmp_path / "file" / "prospectus.db"
    with told(path, "cannot be opened"):
        Database(path).migrate()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes have names there")
def test_a_pipe_in_the_place_of_the_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    with told(path, "cannot be opened"):
        Database(path).migrate()


def test_a_database_that_could_not_be_opened_is_opened_when_it_can(tmp_path: Path) -> None:
    (tmp_path / "folder").write_text("")
    students = Students(Database(tmp_path / "folder" / "prospectus.db"))
    with pytest.raises(UnavailableError):
        students.all()
    (tmp_path / "folder").unlink()
    made = students.add("Ada", "a")
    assert students.all() == (made,)
    students.database.close()


def test_an_error_in_the_middle_of_a_write_leaves_nothing_of_it(
    database: Database, students: Students
) -> None:
    made = students.add("Ada", "a")

    def slip() -> None:
        with database.writing() as session:
            session.execute(text("DELETE FROM student"))
            raise KeyError

    with pytest.raises(KeyError):
        slip()
    assert students.all() == (made,)


def test_a_slip_of_ours_is_not_blamed_on_the_disk(database: Database) -> None:
    with pytest.raises(OperationalError, match="syntax error"), database.reading() as session:
        session.execute(text("SELEC 1"))


# https://sqlite.org/rescode.html: all that a correct program can meet
@pytest.mark.parametrize("code", [3, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 17, 18, 22, 23, 26])
def test_every_way_in_which_sqlite_refuses_is_a_fault(path: Path, code: int) -> None:
    for extended in (code, code | 1 << 8, code | 3 << 8):
        with told(path, "."), faults_of(str(path)):
            error = sqlite3.OperationalError("as SQLite says it")
            error.sqlite_errorcode = extended
            raise error
