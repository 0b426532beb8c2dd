"""A backup is the database of one moment, in one sound file, or no file at all."""

from __future__ import annotations

import sqlite3
import stat
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from prospectus.domain.errors import StoreError, UnavailableError, UsageError
from prospectus.store import backup as backup_module
from prospectus.store.backup import Holdings, back_up
from prospectus.store.boards import Boards
from prospectus.store.database import Database
from prospectus.store.records import Records
from prospectus.store.students import Students


@pytest.fixture
def to(tmp_path: Path) -> Path:
    """Where the backup goes: a folder of its own."""
    (tmp_path / "kept elsewhere").mkdir()
    return tmp_path / "kept elsewhere" / "50% #1?.db"


def test_a_backup_holds_everything_and_says_how_much(
    database: Database, students: Students, boards: Boards, records: Records, to: Path
) -> None:
    ada, bob = students.add("Ada", "a"), students.add("Bob", "b")
    board = boards.add(ada.id, name="", program="", catalog_year="")
    record = records.add(name="", file_name="", kind="", content=b"x", student_id=ada.id)
    made = back_up(database, to)
    assert made.holdings == Holdings(n_students=2, n_boards=1, n_records=1)
    assert str(made.holdings) == "2 student documents, 1 plan board, 1 record"
    assert made.n_bytes == to.stat().st_size
    copied = Database(to)
    assert Students(copied).all() == (bob, ada)
    assert Boards(copied).all() == (board,)
    assert Records(copied).all() == (record,)
    copied.close()


@pytest.mark.skipif(sys.platform == "win32", reason="rights are kept otherwise there")
def test_a_backup_is_one_file_that_nobody_else_may_read(
    database: Database, students: Students, to: Path
) -> None:
    students.add("Ada", "a")
    back_up(database, to)
    assert list(to.parent.iterdir()) == [to]
    assert stat.S_IMODE(to.stat().st_mode) == 0o600
    with closing(sqlite3.connect(to)) as made:
        assert made.execute("PRAGMA journal_mode").fetchone() == ("delete",)


def test_backups_while_a_writer_writes_are_each_of_one_moment(path: Path, to: Path) -> None:
    students = Students(Database(path))
    left, right = students.add("left", "0"), students.add("right", "0")
    done = threading.Event()
    saved: list[int] = []

    def write() -> None:
        from prospectus.store.tables import StudentRow

        number = 0
        while not done.is_set():
            number += 1
            with students.database.writing() as session:
                for id in (left.id, right.id):
                    row = session.get(StudentRow, id)
                    assert row is not None
                    row.text = str(number) * 5_000
            saved.append(number)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(5):
            at_least = len(saved)
            back_up(Database(path), to)
            copied = Database(to)
            one, other = Students(copied).all()
            copied.close()
            assert one.text == other.text
            # Everything that was acknowledged before is in it.
            assert int(one.text[: len(one.text) // 5_000] or 0) >= at_least
    finally:
        done.set()
        writer.join()
        students.database.close()
    assert saved


def test_an_older_backup_is_replaced_and_nothing_else_is(
    database: Database, students: Students, path: Path, to: Path
) -> None:
    students.add("Ada", "a")
    back_up(database, to)
    students.add("Bob", "b")
    assert back_up(database, to).holdings.n_students == 2
    mine = to.with_name("me.yaml")
    mine.write_text("format: 1\n")
    other = to.with_name("other.db")
    with closing(sqlite3.connect(other)) as made:
        made.execute("CREATE TABLE t (x)")
    for taken in (mine, other, to.parent, path):
        before = taken.read_bytes() if taken.is_file() and taken != path else None
        with pytest.raises(UsageError) as told:
            back_up(database, taken)
        assert told.value.faults[0].code == "USE-006"
        assert told.value.faults[0].at.file == str(taken)
        assert before is None or taken.read_bytes() == before
    assert len(students.all()) == 2


def test_a_place_that_cannot_be_written_is_told(database: Database, tmp_path: Path) -> None:
    database.migrate()
    (tmp_path / "file").write_text("")
    for file in (tmp_path / "no" / "such" / "folder.db", tmp_path / "file" / "b.db"):
        with pytest.raises(UsageError) as told:
            back_up(database, file)
        assert told.value.faults[0].code == "USE-005"
        assert told.value.faults[0].at.file == str(file)


def test_a_disk_without_room_for_the_backup_is_told_and_an_older_one_stays(
    database: Database, students: Students, to: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    students.add("Ada", "a")
    back_up(database, to)
    older = to.read_bytes()
    students.add("Bob", "x" * 190_000)
    whole = sqlite3.connect

    def small(address: object, *arguments: object, **named: object) -> sqlite3.Connection:
        made: sqlite3.Connection = whole(address, *arguments, **named)  # type: ignore[arg-type]
        if str(address).startswith(str(to.parent)):
            made.execute("PRAGMA max_page_count = 20")
        return made

    monkeypatch.setattr(backup_module.sqlite3, "connect", small)
    with pytest.raises(UsageError, match="full") as told:
        back_up(database, to)
    monkeypatch.undo()
    assert told.value.faults[0].code == "USE-005"
    assert to.read_bytes() == older
    assert list(to.parent.iterdir()) == [to]


def test_a_damaged_database_gives_no_backup(students: Students, path: Path, to: Path) -> None:
    for number in range(20):
        students.add("Ada", "x" * 20_000 + str(number))
    students.database.close()
    content = bytearray(path.read_bytes())
    content[-8192:] = b"\xa5" * 8192
    path.write_bytes(content)
    with pytest.raises(StoreError, match="damaged") as told:
        back_up(Database(path), to)
    assert told.value.faults[0].code in ("STO-003", "STO-007")
    assert told.value.faults[0].at.file == str(path)
    assert list(to.parent.iterdir()) == []


def test_without_a_database_there_is_no_backup_and_none_is_made(tmp_path: Path, to: Path) -> None:
    path = tmp_path / "none.db"
    with pytest.raises(UnavailableError, match="no database here"):
        back_up(Database(path), to)
    assert not path.exists()
    assert not to.exists()


def test_a_file_of_something_else_gives_no_backup(tmp_path: Path, to: Path) -> None:
    path = tmp_path / "me.yaml"
    path.write_text("format: 1\n" * 100)
    with pytest.raises(UnavailableError, match="no database at all"):
        back_up(Database(path), to)
    assert not to.exists()
