"""Writers wait in a queue: each comes to its turn, and who gives up is forgotten."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest

from prospectus.domain.errors import UnavailableError
from prospectus.store import database as database_module
from prospectus.store.boards import Boards
from prospectus.store.database import Database
from prospectus.store.students import Students
from prospectus.store.write_lock import Queue, begin_writing


def test_threads_have_their_turn_in_the_order_in_which_they_came() -> None:
    queue = Queue()
    served: list[int] = []

    def come(number: int) -> None:
        with queue.turn(60) as is_mine:
            assert is_mine
            served.append(number)

    threads = [threading.Thread(target=come, args=(number,)) for number in range(8)]
    with queue.turn(0) as is_mine:
        assert is_mine
        for number, thread in enumerate(threads):
            thread.start()
            while len(queue._waiting) < number + 2:  # until it has queued up
                thread.join(timeout=0.001)
    for thread in threads:
        thread.join()
    assert served == list(range(8))


def test_who_gives_up_and_who_fails_leave_the_queue() -> None:
    queue = Queue()

    def fail() -> None:
        with queue.turn(0) as is_mine:
            assert is_mine
            with queue.turn(0.001) as is_mine_too:
                assert not is_mine_too
            raise KeyError

    for _ in range(3):
        with pytest.raises(KeyError):
            fail()
    with queue.turn(0) as is_mine:
        assert is_mine


def test_a_writer_that_is_inside_too_long_is_told_to_the_next(database: Database) -> None:
    students = Students(database)
    with database.writing(), pytest.raises(UnavailableError, match="locked"):
        students.add("Ada", "a")
    assert students.add("Ada", "a").version == 1


def test_beginning_waits_as_it_is_told_and_leaves_the_patience_as_it_was(path: Path) -> None:
    with (
        closing(sqlite3.connect(path, isolation_level=None)) as one,
        closing(sqlite3.connect(path, isolation_level=None, timeout=7)) as other,
    ):
        begin_writing(one, 0.05)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            begin_writing(other, 0.05)
        assert other.execute("PRAGMA busy_timeout").fetchone() == (7_000,)
        one.execute("ROLLBACK")
        begin_writing(other, 60)
        assert other.in_transaction


def test_of_many_busy_writers_none_is_sent_away(path: Path) -> None:
    opened = [Database(path), Database(path)]
    student = Students(opened[0]).add("Ada", "a")
    refused: list[UnavailableError] = []

    def write(database: Database) -> None:
        boards = Boards(database)
        try:
            board = boards.add(student.id, name="", program="", catalog_year="")
            for number in range(4):
                board = boards.add_step(board.id, board.version, (), str(number))
        except UnavailableError as error:
            refused.append(error)

    threads = [threading.Thread(target=write, args=(opened[n % 2],)) for n in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == []
    assert [board.version for board in Boards(opened[0]).all()] == [5] * 16
    for database in opened:
        database.close()


def test_who_waited_for_a_turn_waits_for_other_processes_only_as_long_as_is_left(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(path, patience=5.0)
    database.migrate()
    now, waits = iter([100.0, 103.0]), []

    def begin(connection: sqlite3.Connection, patience: float) -> None:
        waits.append(patience)
        begin_writing(connection, patience)
        (usual,) = connection.execute("PRAGMA busy_timeout").fetchone()
        assert usual == 5_000

    monkeypatch.setattr(database_module, "time", SimpleNamespace(monotonic=lambda: next(now)))
    monkeypatch.setattr(database_module, "begin_writing", begin)
    Students(database).add("Ada", "a")
    assert waits == [2.0]
    database.close()
