"""A process that is killed while it writes: every write that was acknowledged is there."""

from __future__ import annotations

import multiprocessing
import random
import sqlite3
from contextlib import closing
from pathlib import Path

import crash_writer
import pytest

from prospectus.store.boards import Boards
from prospectus.store.database import Database
from prospectus.store.jobs import Jobs
from prospectus.store.records import Records
from prospectus.store.students import Students


def acknowledged_until_killed(path: Path, seed: int) -> list[crash_writer.Acknowledged]:
    """Let a process write, kill it at a moment that nobody chose, and return what it told."""
    draw = random.Random(seed)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["crash_writer", "alembic.command"])
    heard, told = context.Pipe(duplex=False)
    writer = context.Process(target=crash_writer.write_without_end, args=(path, seed, told))
    writer.start()
    told.close()
    acknowledged: list[crash_writer.Acknowledged] = []
    for _ in range(draw.randrange(1, 30)):
        acknowledged.append(heard.recv())
    # Anywhere within the writes that follow.
    writer.join(timeout=draw.uniform(0, 0.02))
    writer.kill()
    writer.join()
    assert writer.exitcode == -9
    try:
        while True:
            acknowledged.append(heard.recv())
    except EOFError:
        heard.close()
        return acknowledged


def require_all_there(path: Path, acknowledged: list[crash_writer.Acknowledged]) -> None:
    database = Database(path)
    last = {(kind, id): number for kind, id, number in acknowledged}
    for (kind, id), number in last.items():
        match kind:
            case "student":
                student = Students(database).get(id)
                # The write that was under way may have been done, but not by halves.
                assert number <= student.version <= number + 1
                assert int(student.text) == student.version
            case "board":
                board = Boards(database).get(id)
                assert number <= board.version <= number + 1
                assert len(board.cards) == int(board.can_undo)
            case "record":
                assert len(Records(database).content(id)) == number
            case _:
                assert number <= Jobs(database).get(id).done <= number + 1
    database.close()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


@pytest.mark.parametrize("seed", range(5))
def test_what_was_acknowledged_outlives_its_writer(path: Path, seed: int) -> None:
    require_all_there(path, acknowledged_until_killed(path, seed))


@pytest.mark.slow
def test_what_was_acknowledged_outlives_two_hundred_writers_of_one_file(path: Path) -> None:
    acknowledged: list[crash_writer.Acknowledged] = []
    for seed in range(1_000, 1_200):
        told = acknowledged_until_killed(path, seed)
        require_all_there(path, told)
        acknowledged += told
    require_all_there(path, acknowledged)


def test_a_process_that_dies_while_it_makes_the_database_leaves_one_that_can_be_made(
    tmp_path: Path,
) -> None:
    for seed in range(3):
        path = tmp_path / str(seed) / "prospectus.db"
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["crash_writer", "alembic.command"])
        heard, told = context.Pipe(duplex=False)
        writer = context.Process(target=crash_writer.write_without_end, args=(path, seed, told))
        writer.start()
        told.close()
        while not path.exists():
            writer.join(timeout=0.001)
        writer.join(timeout=random.Random(seed).uniform(0, 0.05))
        writer.kill()
        writer.join()
        heard.close()
        students = Students(Database(path))
        made = students.add("Bob", "b")
        assert students.get(made.id) == made
        students.database.close()
