"""The database: one SQLite file that several processes may open at once.

Its journal is a write-ahead log, so that readers never wait for a writer; a write that was
acknowledged is on the disk. A URL of another database is taken too, for a server of many people
one day; only SQLite is tested.
"""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
import stat
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.orm import Session

from prospectus.store.migrating import migrate_other, migrate_sqlite
from prospectus.store.unavailable import FROM_BACKUP, faults_of, locked, unavailable
from prospectus.store.write_lock import Queue, begin_writing

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

VARIABLE = "PROSPECTUS_DATABASE"
"""Environment variable: the file of the database, or a database's URL."""

_PATIENCE = "prospectus_patience"
_Identity = tuple[int, int]


def default_database() -> str:
    """Return where the person's own database is, as `PROSPECTUS_DATABASE` says."""
    said = os.environ.get(VARIABLE, "")
    if said:
        return said
    from platformdirs import user_data_path

    return str(user_data_path("prospectus", appauthor=False) / "prospectus.db")


def utc_now() -> dt.datetime:
    """Return the time, in UTC."""
    return dt.datetime.now(dt.UTC)


class Database:
    """One database; opened, made and brought up to date at its first use.

    Threads may share it. Processes each make their own; a forked child must not use its parent's.

    Parameters
    ----------
    where
        The file, made with its folder where there is none, or the URL of a database.
    patience
        How long a write waits for others to end theirs, in seconds.
    clock
        What says the time, in UTC.

    Attributes
    ----------
    most_pages
        The pages beyond which the file does not grow, as if the disk were full; None for as many
        as the disk holds. It binds connections that are opened later: close those there are.
    """

    most_pages: int | None = None

    def __init__(
        self,
        where: Path | str,
        *,
        patience: float = 5.0,
        clock: Callable[[], dt.datetime] = utc_now,
    ) -> None:
        url = _url_of(where)
        self.path: Path | None = Path(url.database) if url.database and _is_sqlite(url) else None
        self.name = str(self.path) if self.path else url.render_as_string(hide_password=True)
        self.patience = patience
        self.clock = clock
        self._lock = threading.Lock()
        self._opened: _Identity | None = None
        self._is_ready = False
        try:
            self._engine = self._engine_for(url)
        except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
            first, _, _ = str(error).partition("\n")
            raise unavailable(
                f"no such database can be opened ({first})",
                "name a file, or a URL whose driver is installed",
                at=self.name,
            ) from error
        self._writers = Queue()

    def now(self) -> str:
        """Return the time as it is kept."""
        return time_text(self.clock())

    def migrate(self) -> None:
        """Make the database, or bring it up to date, once; processes may do so at once.

        Raises
        ------
        UnavailableError
            STO-003 when it cannot be opened or is none of ours; STO-004 when a newer version of
            Prospectus wrote it.
        """
        with self._lock:
            if self._is_ready and self._still_there():
                return
            self._engine.dispose()
            with faults_of(self.name):
                if self.path is None:
                    migrate_other(self._engine, self.name)
                else:
                    _make_file(self.path)
                    migrate_sqlite(self.path, self.patience)
                    self._opened = _identity(self.path)
            self._is_ready = True

    def _still_there(self) -> bool:
        """Say whether the file is the one that was opened; one that was put in its place is not.

        Without this, SQLite would go on writing to a file that has lost its name.
        """
        if self.path is None:
            return True
        try:
            return _identity(self.path) == self._opened
        except OSError as error:
            raise unavailable(
                "the file of the database is gone",
                "put it back, restore a backup with `prospectus restore FILE`, or start again "
                "to begin with an empty one",
                FROM_BACKUP,
                at=self.name,
            ) from error

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session that sees one state of the database."""
        with self._session(self._engine) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Give a session that alone may write; everything in it is saved, or nothing."""
        until = time.monotonic() + self.patience
        with self._writers.turn(self.patience) as is_mine:
            if not is_mine:
                raise locked(self.name)
            # who has waited for its turn waits for other processes only as long as is left
            left = max(0.0, until - time.monotonic())
            with self._session(self._engine.execution_options(**{_PATIENCE: left})) as session:
                yield session

    @contextmanager
    def _session(self, engine: Engine) -> Iterator[Session]:
        if not (self._is_ready and self._still_there()):
            self.migrate()
        with (
            faults_of(self.name),
            Session(engine, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session

    def close(self) -> None:
        """Close every connection that is not in use; the next use opens new ones."""
        self._engine.dispose()

    def _set_up(self, connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        # The driver would begin transactions by itself, and never before a read.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA synchronous = FULL")
        if self.most_pages is not None:
            cursor.execute(f"PRAGMA max_page_count = {self.most_pages:d}")
        cursor.close()

    def _engine_for(self, url: URL) -> Engine:
        if self.path is None:
            return create_engine(url, pool_pre_ping=True)
        engine = create_engine(
            url,
            connect_args={"timeout": self.patience},
            pool_size=8,
            max_overflow=-1,  # threads bound it; waiting for a connection would be a second queue
        )
        event.listen(engine, "connect", self._set_up)
        event.listen(engine, "begin", _begin)
        return engine


def time_text(time: dt.datetime) -> str:
    """Return a time as texts that sort like times."""
    return time.astimezone(dt.UTC).isoformat(timespec="microseconds")


def _begin(connection: Connection) -> None:
    patience = connection.get_execution_options().get(_PATIENCE)
    if patience is None:
        connection.exec_driver_sql("BEGIN")
    else:
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        begin_writing(driver, patience)


def _is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


def _url_of(where: Path | str) -> URL:
    if isinstance(where, str) and "://" in where:
        try:
            url = make_url(where)
        except (ArgumentError, ValueError) as error:
            raise unavailable(
                "the URL of the database cannot be read",
                "write the path of a file, or a URL such as sqlite:////home/me/prospectus.db",
                at=where.partition("://")[0] + "://...",  # the rest may hold a password
            ) from error
        if not _is_sqlite(url) or url.database not in (None, "", ":memory:"):
            return url
        raise unavailable(
            "the URL names no file", "name the file that is to keep the data", at=where
        )
    return URL.create("sqlite", database=str(Path(where).expanduser().absolute()))


def _make_file(path: Path) -> None:
    """Make the file, and the folders above it, for nobody else to read."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NONBLOCK", 0), 0o600))
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError("this is no file")


def _identity(path: Path) -> _Identity:
    about = path.stat()
    return about.st_dev, about.st_ino
