"""A backup put in the place of the database: all of it or nothing, and the old one is kept.

A sound database is not replaced as a file, since others may have it open: its rows are exchanged in
one transaction, and whoever reads next sees the new ones.
"""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from prospectus.domain.errors import Place, StoreError
from prospectus.store.backup import (
    Holdings,
    copy,
    holdings_of,
    open_copy,
    open_there,
    require_file,
    require_sound,
    settle,
)
from prospectus.store.database import Database
from prospectus.store.migrating import migrate_sqlite, require_known, revision_of
from prospectus.store.tables import Base, Versioned
from prospectus.store.unavailable import faults_of
from prospectus.store.write_lock import begin_writing

_BROKEN = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_LOGS = ("-wal", "-journal")


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What came back, into which database, and where the old one is kept, if there was one."""

    file: str
    database: str
    kept: str | None
    holdings: Holdings


def restore(database: Database, file: Path) -> Restored:
    """Put a backup in the place of a database.

    Raises
    ------
    StoreError
        STO-007 when the file is no backup or is damaged.
    UnavailableError
        STO-003 when the database cannot be written, or is one of another program; STO-004 when a
        newer version of Prospectus made the backup.
    """
    path = require_file(database)
    with faults_of(database.name):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".restore-") as folder:
            ready = Path(folder) / "ready.db"
            _take(file, ready)
            _require_ours(ready, Path(folder) / "plain.db", file)
            with closing(open_copy(ready)) as made:
                holdings = holdings_of(made)
            if not path.exists() or path.stat().st_size == 0:
                kept = None
                _clear_away(path)
                settle(ready, path)
            elif _is_usable(path):
                database.migrate()
                kept = _free_name(path)
                _exchange(path, ready, kept, database.patience)
            else:
                kept = _free_name(path)
                _set_aside(path, kept)
                settle(ready, path)
    return Restored(
        file=str(file),
        database=str(path),
        kept=str(kept) if kept is not None else None,
        holdings=holdings,
    )


def _take(file: Path, ready: Path) -> None:
    """Copy a backup beside the database, check it and bring it up to date there."""
    if not file.is_file():
        raise _no_backup("there is no such file", file)
    try:
        with closing(open_copy(file)) as source:
            revision = revision_of(source, str(file))
            if revision is None:
                raise _no_backup("the file is empty", file)
            require_known(revision, str(file))
            with closing(sqlite3.connect(ready, isolation_level=None)) as made:
                ready.chmod(0o600)
                source.backup(made)
                require_sound(made, file)
                if made.execute("PRAGMA foreign_key_check").fetchone() is not None:
                    raise _no_backup("rows of the file refer to others that are not there", file)
    except sqlite3.Error as error:
        if error.sqlite_errorcode & 0xFF not in (*_BROKEN, sqlite3.SQLITE_CANTOPEN):
            raise
        raise _no_backup(f"the file is damaged, or no database ({error})", file) from error
    migrate_sqlite(ready, patience=5.0)
    with closing(sqlite3.connect(ready, isolation_level=None)) as made:
        made.execute("PRAGMA journal_mode = DELETE")


def _require_ours(ready: Path, plain: Path, file: Path) -> None:
    """Refuse triggers, views and tables that no version of ours makes: a file may be a trap."""
    migrate_sqlite(plain, patience=5.0)
    with closing(open_copy(ready)) as made, closing(open_copy(plain)) as ours:
        if _names_in(made) != _names_in(ours):
            raise _no_backup("the file holds other tables than a backup does", file)


def _names_in(connection: sqlite3.Connection) -> set[tuple[str, str]]:
    return set(
        connection.execute(
            "SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        )
    )


def _is_usable(path: Path) -> bool:
    """Say whether the rows of a database can be exchanged; one of another program is refused."""
    try:
        with closing(open_there(path)) as old:
            revision = revision_of(old, str(path))
            if old.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
                return False
            require_known(revision, str(path))
            return True
    except sqlite3.Error as error:
        if error.sqlite_errorcode & 0xFF in _BROKEN:
            return False
        raise
    except StoreError as error:
        if error.faults[0].code == "STO-004":
            return False
        raise


def _exchange(path: Path, ready: Path, kept: Path, patience: float) -> None:
    with closing(open_there(path)) as live:
        live.execute("ATTACH ? AS restored", (str(ready),))
        begin_writing(live, patience)
        # Nobody else writes from here on: what is kept is all that was ever acknowledged.
        copy(path, kept)
        tables = Base.metadata.sorted_tables
        versioned = {row.__tablename__ for row in Versioned.__subclasses__()}
        # A page that somebody opened before must not hold a version that comes up again.
        last = max(
            live.execute(f"SELECT coalesce(max(version), 0) FROM main.{name}").fetchone()[0]
            for name in versioned
        )
        for table in reversed(tables):
            live.execute(f"DELETE FROM main.{table.name}")
        for table in tables:
            columns = [f'"{column.name}"' for column in table.columns]
            values = [
                f"version + {last}" if table.name in versioned and name == '"version"' else name
                for name in columns
            ]
            live.execute(
                f"INSERT INTO main.{table.name} ({', '.join(columns)}) "
                f"SELECT {', '.join(values)} FROM restored.{table.name}"
            )
        live.execute("COMMIT")


def _set_aside(path: Path, kept: Path) -> None:
    path.rename(kept)
    _set_log_aside(path, kept)


def _clear_away(path: Path) -> None:
    """Take the log of a database that is gone out of the way; SQLite would replay it over ours."""
    path.unlink(missing_ok=True)
    _set_log_aside(path, _free_name(path))


def _set_log_aside(path: Path, kept: Path) -> None:
    for end in _LOGS:
        log = Path(f"{path}{end}")
        if log.exists():
            log.rename(f"{kept}{end}")
    Path(f"{path}-shm").unlink(missing_ok=True)


def _free_name(path: Path) -> Path:
    """Return the first name for the old file that nothing has."""
    first = Path(f"{path}.before-restore")
    number, kept = 1, first
    while any(Path(f"{kept}{end}").exists() for end in ("", *_LOGS)):
        number += 1
        kept = Path(f"{first}-{number}")
    return kept


def _no_backup(what: str, file: Path) -> StoreError:
    return StoreError(
        "STO-007",
        what=what,
        fix="name a file that `prospectus backup` wrote; nothing was changed",
        at=Place(file=str(file)),
    )
