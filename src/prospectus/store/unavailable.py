"""What keeps a database from being used, told as faults: no error of a library gets further."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from prospectus.domain.errors import Place, StoreError, UnavailableError

_LOCKED = (
    "the database is locked: another program has been writing to it for too long",
    "nothing was saved; try again, and close whatever else holds the file open",
)
_FULL = (
    "the disk is full: the database cannot grow",
    "nothing was saved; make room on the disk of the file, and try again",
)
RESTORE = "restore a backup with `prospectus restore FILE`"
"""What the command line can do about a file that is lost."""
FROM_BACKUP = "nothing on this page can mend it: whoever runs the server restores a backup"
"""What a page says of that."""

_READ_ONLY = (
    "the database may not be written to",
    "nothing was saved; let your account write the file and its folder, and try again",
)
_NOT_OPENED = (
    "the database cannot be opened",
    "check that the folder exists and that your account may read and write it",
)
_DAMAGED = (
    "the file is damaged, or is no database at all",
    "restore a backup with `prospectus restore FILE`; the damaged file is kept beside",
    FROM_BACKUP,
)
_UNREADABLE = (
    "the disk refuses to read or write the database",
    "nothing was saved; check the disk, its room and its connection, and try again",
)
_EMPTIED = (
    "the database has lost its tables: another program has changed the file",
    RESTORE,
    FROM_BACKUP,
)
_TOO_BIG = ("a value is larger than the database can hold", "nothing was saved; save less at once")

# By SQLite's primary result code; https://sqlite.org/rescode.html
_BY_CODE = {
    3: _READ_ONLY,  # PERM
    5: _LOCKED,  # BUSY
    6: _LOCKED,  # LOCKED
    8: _READ_ONLY,
    10: _UNREADABLE,  # IOERR
    11: _DAMAGED,  # CORRUPT
    13: _FULL,
    14: _NOT_OPENED,  # CANTOPEN
    15: _LOCKED,  # PROTOCOL: a race of locks that was lost too often
    18: _TOO_BIG,
    23: _READ_ONLY,  # AUTH
    26: _DAMAGED,  # NOTADB
}
_NO_SUCH = ("no such table", "no such column")


@contextmanager
def faults_of(at: str) -> Iterator[None]:
    """Let a database's own errors out as faults that name the file.

    Raises
    ------
    UnavailableError
        STO-003 when the database cannot be opened, read or written.
    StoreError
        STO-005 when a value is none that a database can hold.
    """
    try:
        yield
    except (DBAPIError, sqlite3.Error, OSError) as error:
        told = _told(error.orig if isinstance(error, DBAPIError) else error, at)
        if told is None:
            raise
        raise told from error
    except (UnicodeEncodeError, OverflowError) as error:
        raise StoreError(
            "STO-005",
            what="a text with halves of characters, or a number too large, cannot be kept",
            fix="nothing was saved; correct it, and try again",
        ) from error


def _told(error: BaseException | None, at: str) -> UnavailableError | None:
    """Return the fault behind an error; None for a slip of ours, which is not the disk's."""
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if str(error).startswith(_NO_SUCH):
            return unavailable(*_EMPTIED, at=at)
        if code in _BY_CODE:
            return unavailable(*_BY_CODE[code], at=at)
        if code == sqlite3.SQLITE_ERROR or not isinstance(error, sqlite3.OperationalError):
            return None
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return unavailable(*_FULL, at=at)
    told = (error.strerror if isinstance(error, OSError) else None) or " ".join(str(error).split())
    return unavailable(f"{_NOT_OPENED[0]} ({told})", _NOT_OPENED[1], at=at)


def unavailable(what: str, fix: str, on_page: str = "", *, at: str) -> UnavailableError:
    """Return the fault of a database that cannot be used now."""
    return UnavailableError("STO-003", what=what, fix=fix, on_page=on_page, at=Place(file=at))


def locked(at: str) -> UnavailableError:
    """Return the fault of a database that others write to for too long."""
    return unavailable(*_LOCKED, at=at)
