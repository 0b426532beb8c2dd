"""Student documents: YAML text as it was saved, which may be a draft with faults."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from prospectus.store.database import Database
from prospectus.store.jobs_about import BOARD, STUDENT, remove_jobs
from prospectus.store.keeping import (
    Kept,
    bounded,
    made_before,
    named,
    new_id,
    remove_row,
    replace_row,
    row_of,
    time_of,
)
from prospectus.store.tables import BoardRow, StudentRow

_WHAT = "student document"
# Fifty times a long document. Each page of a person reads it anew, within a fraction of a second.
_MOST_TEXT = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptStudent(Kept):
    """One student document."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Students:
    """The student documents of a database.

    `once` is the id that the form of a request gives what is made of it: sent twice it makes one.
    """

    database: Database
    once: str = ""

    @staticmethod
    def need_room(text: str) -> None:
        """Refuse a text that is too long to be kept, before anybody reads it.

        Raises
        ------
        StoreError
            STO-005.
        """
        bounded(text, _MOST_TEXT, _WHAT)

    def add(self, name: str, text: str) -> KeptStudent:
        """Keep a new document."""
        now = self.database.now()
        row = StudentRow(
            id=self.once or new_id(),
            name=named(name, "name"),
            text=bounded(text, _MOST_TEXT, _WHAT),
            version=1,
            created=now,
            changed=now,
        )
        with self.database.writing() as session:
            there = made_before(session, row) if self.once else None
            if there is not None:
                return _kept(there)
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

    def has(self, id: str) -> bool:
        """Say whether there is a document of that id."""
        with self.database.reading() as session:
            return session.scalar(select(StudentRow.id).where(StudentRow.id == id)) is not None

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
            STO-005 when it is too large; STO-008 for a name that is none.
        """
        values: dict[str, str | int | None] = {
            "name": named(name, "name"),
            "text": bounded(text, _MOST_TEXT, _WHAT),
            "changed": self.database.now(),
        }
        with self.database.writing() as session:
            return _kept(replace_row(session, StudentRow, id, version, _WHAT, values))

    def remove(self, id: str, *, version: int) -> None:
        """Remove a document with its boards, and with the jobs that hold its text.

        Records stay, and belong to nobody then.
        """
        with self.database.writing() as session:
            boards = session.scalars(select(BoardRow.id).where(BoardRow.student_id == id)).all()
            remove_row(session, StudentRow, id, version, _WHAT)
            remove_jobs(session, STUDENT, [id])
            remove_jobs(session, BOARD, boards)


def _kept(row: StudentRow) -> KeptStudent:
    return KeptStudent(
        id=row.id,
        name=row.name,
        text=row.text,
        version=row.version,
        created=time_of(row.created),
        changed=time_of(row.changed),
    )
