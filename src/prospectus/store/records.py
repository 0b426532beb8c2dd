"""Uploaded records of study, byte for byte as they came."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import defer

from prospectus.store.database import Database
from prospectus.store.keeping import (
    Kept,
    made_before,
    missing,
    named,
    new_id,
    remove_row,
    replace_row,
    row_of,
    time_of,
    too_large,
)
from prospectus.store.tables import RecordRow, StudentRow

_WHAT = "record"
_MOST_BYTES = 20_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRecord(Kept):
    """An uploaded record without its content, and what it is to be audited against."""

    student_id: str | None
    name: str
    file_name: str
    kind: str
    program: str
    catalog_year: str


@dataclass(frozen=True, slots=True)
class Records:
    """The records of a database; `once` as of `Students`."""

    database: Database
    once: str = ""

    def add(
        self,
        *,
        name: str,
        file_name: str,
        kind: str,
        content: bytes,
        program: str = "",
        catalog_year: str = "",
        student_id: str | None = None,
    ) -> KeptRecord:
        """Keep a new record.

        Raises
        ------
        MissingError
            STO-001 when there is no such student document.
        StoreError
            STO-005 when it is too large; STO-008 for a name that is none.
        """
        if len(content) > _MOST_BYTES:
            raise too_large(_WHAT, f"{_MOST_BYTES // 1_000_000} MB")
        now = self.database.now()
        row = RecordRow(
            id=self.once or new_id(),
            student_id=student_id,
            name=named(name, "name"),
            file_name=named(file_name, "name of the file"),
            kind=named(kind, "kind"),
            program=named(program, "programme's id"),
            catalog_year=named(catalog_year, "catalogue year"),
            content=content,
            version=1,
            created=now,
            changed=now,
        )
        with self.database.writing() as session:
            if student_id is not None:
                row_of(session, StudentRow, student_id, "student document")
            there = made_before(session, row) if self.once else None
            if there is not None:
                return _kept(there)
            session.add(row)
        return _kept(row)

    def get(self, id: str) -> KeptRecord:
        """Return what is known of a record.

        Raises
        ------
        MissingError
            STO-001 when there is none of that id.
        """
        with self.database.reading() as session:
            row = session.get(RecordRow, id, options=[defer(RecordRow.content)])
            if row is None:
                raise missing(_WHAT)
            return _kept(row)

    def content(self, id: str) -> bytes:
        """Return the bytes of a record; fails as `get` does."""
        with self.database.reading() as session:
            return row_of(session, RecordRow, id, _WHAT).content

    def all(self, *, student_id: str | None = None) -> tuple[KeptRecord, ...]:
        """Return every record, or those of one student, the one that was changed last first."""
        asked = select(RecordRow).order_by(RecordRow.changed.desc())
        if student_id is not None:
            asked = asked.where(RecordRow.student_id == student_id)
        with self.database.reading() as session:
            rows = session.scalars(asked.options(defer(RecordRow.content)))
            return tuple(_kept(row) for row in rows)

    def replace(
        self, id: str, *, name: str, program: str, catalog_year: str, version: int
    ) -> KeptRecord:
        """Save what a record is called and audited against, if it still has this version.

        Raises
        ------
        MissingError
            STO-001 when there is none of that id.
        StaleError
            STO-002 when it was changed meanwhile.
        StoreError
            STO-005 when something is too long; STO-008 for a name that is none.
        """
        values: dict[str, str | int | None] = {
            "name": named(name, "name"),
            "program": named(program, "programme's id"),
            "catalog_year": named(catalog_year, "catalogue year"),
            "changed": self.database.now(),
        }
        with self.database.writing() as session:
            return _kept(replace_row(session, RecordRow, id, version, _WHAT, values))

    def remove(self, id: str, *, version: int) -> None:
        """Remove a record."""
        with self.database.writing() as session:
            remove_row(session, RecordRow, id, version, _WHAT)


def _kept(row: RecordRow) -> KeptRecord:
    return KeptRecord(
        id=row.id,
        student_id=row.student_id,
        name=row.name,
        file_name=row.file_name,
        kind=row.kind,
        program=row.program,
        catalog_year=row.catalog_year,
        version=row.version,
        created=time_of(row.created),
        changed=time_of(row.changed),
    )
