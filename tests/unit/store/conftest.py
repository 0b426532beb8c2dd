"""Shared by the tests of the store: a database that is up to date, and a clock that only ticks."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from ticking_clock import Clock

from prospectus.store.boards import Boards
from prospectus.store.database import Database
from prospectus.store.jobs import Jobs
from prospectus.store.records import Records
from prospectus.store.students import Students


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database without rows: copying it is faster than making one for each test."""
    path = tmp_path_factory.mktemp("store") / "empty.db"
    database = Database(path)
    database.migrate()
    database.close()
    return path


@pytest.fixture
def path(empty_database: Path, tmp_path: Path) -> Path:
    """The file of a database without rows."""
    copied = tmp_path / "prospectus.db"
    shutil.copy(empty_database, copied)
    return copied


@pytest.fixture
def clock() -> Clock:
    """A clock that only ticks."""
    return Clock()


@pytest.fixture
def database(path: Path, clock: Clock) -> Iterator[Database]:
    """A database without rows."""
    opened = Database(path, patience=0.05, clock=clock)
    yield opened
    opened.close()


@pytest.fixture
def students(database: Database) -> Students:
    """Its student documents."""
    return Students(database)


@pytest.fixture
def boards(database: Database) -> Boards:
    """Its boards."""
    return Boards(database)


@pytest.fixture
def records(database: Database) -> Records:
    """Its records."""
    return Records(database)


@pytest.fixture
def jobs(database: Database) -> Jobs:
    """Its jobs."""
    return Jobs(database)
