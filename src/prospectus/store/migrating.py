"""Bringing a database up to date, in one transaction, while other processes may try the same."""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import URL, Engine, create_engine, event, inspect, text
from sqlalchemy.pool import NullPool

from prospectus.domain.errors import Place, UnavailableError
from prospectus.store.migrations import APPLICATION_ID, HEAD
from prospectus.store.unavailable import FROM_BACKUP, RESTORE, unavailable

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy.engine import Connection
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

_LONGEST_WAIT = 60.0
_BETWEEN_TRIES = 0.02
_one_at_a_time = threading.Lock()


def migrate_sqlite(path: Path, patience: float) -> None:
    """Bring the database in a file up to date; an empty file becomes a database.

    Raises
    ------
    UnavailableError
        STO-003 when it is none of ours; STO-004 when a newer version of Prospectus wrote it.
    """
    with closing(sqlite3.connect(path, timeout=patience, isolation_level=None)) as connection:
        revision = revision_of(connection, str(path))
        require_known(revision, str(path))
        _use_log(connection, patience)
    if revision == HEAD:
        return
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        poolclass=NullPool,
        connect_args={"timeout": max(patience, _LONGEST_WAIT)},
    )
    event.listen(engine, "connect", _leave_transactions)
    with engine.connect() as connected:
        connected.exec_driver_sql("BEGIN IMMEDIATE")
        driver = connected.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        # Whoever held the lock may have done it all.
        revision = revision_of(driver, str(path))
        if revision != HEAD:
            _upgrade(connected, revision, str(path))
            if driver.execute("PRAGMA foreign_key_check").fetchone() is not None:
                raise unavailable(
                    "rows of the database refer to others that are not there",
                    RESTORE,
                    FROM_BACKUP,
                    at=str(path),
                )
        connected.commit()


def migrate_other(engine: Engine, name: str) -> None:
    """Bring a database that is not SQLite up to date."""
    with engine.begin() as connection:
        revision = None
        if inspect(connection).has_table("alembic_version"):
            revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        if revision != HEAD:
            _upgrade(connection, revision, name)


def revision_of(connection: sqlite3.Connection, name: str) -> str | None:
    """Return the revision of a database; None for one that is empty.

    Raises
    ------
    UnavailableError
        STO-003 when it is no database of ours.
    """
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    if not tables:
        return None
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    if application != APPLICATION_ID or "alembic_version" not in tables:
        raise unavailable(
            "the file is a database of another program",
            "name another file; this one was not touched",
            at=name,
        )
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(row[0]) if row else None


def require_known(revision: str | None, name: str) -> None:
    """Refuse a revision that this version has not heard of.

    Raises
    ------
    UnavailableError
        STO-004.
    """
    if revision in (None, HEAD):
        return
    from alembic.script import ScriptDirectory

    known = {step.revision for step in ScriptDirectory.from_config(steps()).walk_revisions()}
    if revision not in known:
        raise UnavailableError(
            "STO-004",
            what=f"a newer version of Prospectus wrote this database (revision {revision})",
            fix="update Prospectus, or name another file; this one was not touched",
            at=Place(file=name),
        )


def steps() -> Config:
    """Return Alembic's configuration: the steps are part of the package."""
    from alembic.config import Config

    folder = Path(__file__).parent / "migrations"
    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _upgrade(connection: Connection, revision: str | None, name: str) -> None:
    require_known(revision, name)
    from alembic import command

    config = steps()
    config.attributes["connection"] = connection
    with _one_at_a_time:  # Alembic keeps what it is at in a global
        command.upgrade(config, "head")


def _use_log(connection: sqlite3.Connection, patience: float) -> None:
    """Let the journal be a write-ahead log, for good.

    SQLite does not wait for the lock that this needs, so that it is asked again.
    """
    until = time.monotonic() + patience
    while True:
        try:
            if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
                connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(_BETWEEN_TRIES)


def _leave_transactions(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    # Steps that make a table anew must not cascade; the references are checked at the end.
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = OFF")
