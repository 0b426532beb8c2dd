"""Student documents: YAML text as it was saved, which may be a draft with faults."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from prospectus.store.database import Database
from prospectus.store.keeping import (
    MOST_NAME,
    Kept,
    bounded,
    new_id,
    remove_row,
    replace_row,
    row_of,
    time_of,
)
from prospectus.store.tables import StudentRow

_WHAT = "student document"
_MOST_TEXT = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptStudent(Kept):
    """One student document."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Students:
    """The student documents of a database."""

    database: Database

    def add(self, name: str, text: str) -> KeptStudent:
        """Keep a new document."""
        now = self.database.now()
        row = StudentRow(
            id=new_id(),
            name=bounded(name, MOST_NAME, "name"),
            text=bounded(text, _MOST_TEXT, _WHAT),
            version=1,
            created=now,
            changed=now,
        )
        with self.database.writing() as session:
            session.add(row)
        return _kept(row)

    def get(self, id: str) -> KeptStudent:
        """Return a document.

        Raises
        ------
        MissingError
            STO-001 when there is none of that id.
        """
        with self.database.reading() as session:
            return _kept(row_of(session, StudentRow, id, _WHAT))

    def all(self) -> tuple[KeptStudent, ...]:
        """Return every document, the one that was changed last first."""
        with self.database.reading() as session:
            rows = session.scalars(select(StudentRow).order_by(StudentRow.changed.desc()))
            return tuple(_kept(row) for row in rows)

    def replace(self, id: str, *, name: str, text: str, version: int) -> KeptStudent:
        """Save a document anew, if it still has the version that was edited.

        Raises
        ------
        MissingError
            STO-001 when there is none of that id.
        StaleError
            STO-002 when it was changed meanwhile; it stays as it is.
        StoreError
            STO-005 when it is too large.
        """
        values: dict[str, str | int | None] = {
            "name": bounded(name, MOST_NAME, "name"),
            "text": bounded(text, _MOST_TEXT, _WHAT),
            "changed": self.database.now(),
        }
        with self.database.writing() as session:
            return _kept(replace_row(session, StudentRow, id, version, _WHAT, values))

    def remove(self, id: str, *, version: int) -> None:
        """Remove a document with its boards; records stay, and belong to nobody then."""
        with self.database.writing() as session:
            remove_row(session, StudentRow, id, version, _WHAT)


def _kept(row: StudentRow) -> KeptStudent:
    return KeptStudent(
        id=row.id,
        name=row.name,
        text=row.text,
        version=row.version,
        created=time_of(row.created),
        changed=time_of(row.changed),
    )
