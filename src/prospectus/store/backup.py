"""Backups: a copy of the database as it is at one moment, also while others write to it."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from prospectus.domain.errors import Place, StoreError, UnavailableError, UsageError
from prospectus.store.database import Database
from prospectus.store.migrating import revision_of
from prospectus.store.unavailable import faults_of, unavailable

_OF_THE_COPY = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """How much a database keeps."""

    n_students: int
    n_boards: int
    n_records: int

    def __str__(self) -> str:
        """Return the numbers in words."""
        counted = (
            (self.n_students, "student document"),
            (self.n_boards, "plan board"),
            (self.n_records, "record"),
        )
        return ", ".join(f"{n} {what}" + ("" if n == 1 else "s") for n, what in counted)


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupMade:
    """What a backup holds, of which database, and where it is."""

    file: str
    database: str
    n_bytes: int
    holdings: Holdings


def back_up(database: Database, file: Path) -> BackupMade:
    """Write a backup: one file, whole or not at all, checked before it gets its name.

    Raises
    ------
    UnavailableError
        STO-003 when the database cannot be read.
    StoreError
        STO-007 when it is damaged, and the backup would be.
    UsageError
        USE-005 when the backup cannot be written; USE-006 when something else has its name.
    """
    path = require_file(database)
    if not path.is_file() or path.stat().st_size == 0:
        raise unavailable(
            "there is no database here yet", "name the one that holds your work", at=str(path)
        )
    _require_free(file, path)
    copy(path, file)
    with closing(open_copy(file)) as made:
        return BackupMade(
            file=str(file),
            database=str(path),
            n_bytes=file.stat().st_size,
            holdings=holdings_of(made),
        )


def require_file(database: Database) -> Path:
    """Return the file of a database.

    Raises
    ------
    StoreError
        STO-007 when it is on a server.
    """
    if database.path is None:
        raise StoreError(
            "STO-007",
            what="only a database in a file is backed up and restored here",
            fix="use what comes with the database server",
            at=Place(file=database.name),
        )
    return database.path


def copy(path: Path, to: Path) -> None:
    """Write a database, as it is now, to another file; an old one of that name is replaced.

    Fails as `back_up` does.
    """
    part: str | None = None
    try:
        handle, part = tempfile.mkstemp(dir=to.parent, prefix=f".{to.name}.")
        os.close(handle)
        with faults_of(str(path)), closing(open_there(path)) as source:
            revision_of(source, str(path))
            with closing(sqlite3.connect(part, isolation_level=None)) as made:
                _pour(source, made, to)
                # A log beside it could be left behind when the copy is carried elsewhere.
                made.execute("PRAGMA journal_mode = DELETE")
                require_sound(made, path)
        settle(Path(part), to)
    except OSError as error:
        raise _not_written(to, error.strerror or str(error)) from error
    finally:
        if part is not None:
            Path(part).unlink(missing_ok=True)


def settle(part: Path, to: Path) -> None:
    """Give a file that is closed its name, on the disk too."""
    with part.open("rb") as stream:
        os.fsync(stream.fileno())
    part.replace(to)
    with suppress(OSError):  # not every system opens folders
        folder = os.open(to.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def open_there(path: Path) -> sqlite3.Connection:
    """Open a file that exists."""
    address = f"file:{quote(str(path.absolute()))}?mode=rw"
    return sqlite3.connect(address, uri=True, isolation_level=None, timeout=5.0)


def open_copy(path: Path) -> sqlite3.Connection:
    """Open a file that nobody else uses, to read it only."""
    address = f"file:{quote(str(path.absolute()))}?mode=ro"
    connection = sqlite3.connect(address, uri=True, isolation_level=None)
    # It may come from anywhere: its schema must not call functions.
    connection.execute("PRAGMA trusted_schema = OFF")
    return connection


def require_sound(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse a damaged database.

    Raises
    ------
    StoreError
        STO-007.
    """
    (told,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if told != "ok":
        raise StoreError(
            "STO-007",
            what=f"the database is damaged ({' '.join(str(told).split())[:200]})",
            fix="take another backup; nothing was written",
            at=Place(file=str(path)),
        )


def holdings_of(connection: sqlite3.Connection) -> Holdings:
    """Return how much a database keeps."""
    students, boards, records = (
        connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        for table in ("student", "board", "record")
    )
    return Holdings(n_students=students, n_boards=boards, n_records=records)


def _pour(source: sqlite3.Connection, made: sqlite3.Connection, to: Path) -> None:
    try:
        source.backup(made)
    except sqlite3.Error as error:
        if error.sqlite_errorcode & 0xFF in _OF_THE_COPY:
            raise _not_written(to, str(error)) from error
        raise


def _require_free(file: Path, database: Path) -> None:
    if not file.exists():
        return
    if file.is_file() and not file.samefile(database):
        with (
            suppress(sqlite3.Error, UnavailableError),
            closing(open_copy(file)) as older,
        ):
            if revision_of(older, str(file)) is not None:
                return
    raise UsageError(
        "USE-006",
        what="the file exists already, and is no older backup",
        fix="choose another name",
        at=Place(file=str(file)),
    )


def _not_written(file: Path, why: str) -> UsageError:
    return UsageError(
        "USE-005",
        what=f"the file cannot be written ({why})",
        fix="choose a folder that exists, that you may write to and that has room",
        at=Place(file=str(file)),
    )
