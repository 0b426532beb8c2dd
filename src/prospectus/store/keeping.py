"""What all kept things have in common: an id, a version, two times, and a size that is bounded."""

from __future__ import annotations

import datetime as dt
import re
import secrets
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from prospectus.domain.errors import MissingError, StaleError, StoreError
from prospectus.store.tables import Base, Versioned

_Row = TypeVar("_Row", bound=Base)
_VersionedRow = TypeVar("_VersionedRow", bound=Versioned)

AS_SAID = {"synchronize_session": False}
"""How statements that change rows are run: sessions hold no such rows, none has to be found."""

_MOST_NAME = 300
# Control characters, ends of lines, marks that turn the direction of writing.
_UNSEEN = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\u2028-\\u202e\\u2066-\\u2069]")
_MOST_VERSION = 2**63 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is kept under an id; `version` rises by one with every change."""

    id: str
    version: int
    created: dt.datetime
    changed: dt.datetime


def new_id() -> str:
    """Return an id that nobody can guess and that may stand in an address."""
    return secrets.token_urlsafe(9)


def made_before(session: Session, row: _VersionedRow) -> _VersionedRow | None:
    """Return the row that a form made when it was sent before, if nobody has changed it since.

    Else None: the row about to be made has an id that is free.
    """
    there: _VersionedRow | None = session.get(type(row), row.id)
    if there is None:
        return None
    names = {column.name for column in row.__table__.columns} - {"id", "created", "changed"}
    if all(getattr(there, name) == getattr(row, name) for name in names):
        return there
    row.id = new_id()
    return None


def time_of(text: str) -> dt.datetime:
    """Return a time that was kept."""
    return dt.datetime.fromisoformat(text)


def row_of(session: Session, table: type[_Row], id: str, what: str) -> _Row:
    """Return the row of an id.

    Raises
    ------
    MissingError
        STO-001.
    """
    row = session.get(table, id)
    if row is None:
        raise missing(what)
    return row


def replace_row(
    session: Session,
    table: type[_VersionedRow],
    id: str,
    version: int,
    what: str,
    values: dict[str, str | int | None],
) -> _VersionedRow:
    """Change a row that has this version, and return it as it now is.

    Raises
    ------
    MissingError
        STO-001 when there is no such row.
    StaleError
        STO-002 when it has another version.
    """
    version = _sane(version)
    made = update(table).where(table.id == id, table.version == version)
    row: _VersionedRow | None = session.scalar(
        made.values(version=version + 1, **values).returning(table), execution_options=AS_SAID
    )
    if row is None:
        row_of(session, table, id, what)
        raise stale(what)
    return row


def remove_row(
    session: Session, table: type[_VersionedRow], id: str, version: int, what: str
) -> None:
    """Remove a row that has this version; fails as `replace_row` does."""
    gone = delete(table).where(table.id == id, table.version == _sane(version))
    if session.scalar(gone.returning(table.id), execution_options=AS_SAID) is None:
        row_of(session, table, id, what)
        raise stale(what)


def missing(what: str) -> MissingError:
    """Return the fault of an id that names nothing."""
    return MissingError(
        "STO-001",
        what=f"there is no such {what} (any more)",
        fix="go back to the start page: it lists what is kept",
    )


def stale(what: str) -> StaleError:
    """Return the fault of a change that was made from an old version."""
    return StaleError(
        "STO-002",
        what=f"the {what} was changed meanwhile, perhaps in another window",
        fix="reload it to see both; nothing was overwritten, and your change was not saved",
    )


def bounded(text: str, most: int, what: str) -> str:
    """Return a text that is not too long to be kept.

    Raises
    ------
    StoreError
        STO-005.
    """
    if len(text) > most:
        raise too_large(what, f"{most:,} characters")
    return text


def named(text: str, what: str) -> str:
    """Return a name that is not too long to be kept and of which everything is seen.

    Raises
    ------
    StoreError
        STO-005, STO-008.
    """
    if _UNSEEN.search(text):
        raise StoreError(
            "STO-008",
            what=f"the {what} holds a line break, or a sign that is not seen",
            fix="nothing was saved; write it in one line of plain text",
        )
    return bounded(text, _MOST_NAME, what)


def plain_name(text: str) -> str:
    """Return what can be kept as a name of a text that somebody else wrote."""
    return _UNSEEN.sub(" ", text)[:_MOST_NAME].strip()


def too_large(what: str, most: str) -> StoreError:
    """Return the fault of something that is too large to be kept."""
    return StoreError(
        "STO-005",
        what=f"the {what} is larger than {most}",
        fix="nothing was saved; make it smaller",
    )


def _sane(version: int) -> int:
    # A number that a form made up must not be one that the database cannot hold.
    return version if 0 < version < _MOST_VERSION else 0
