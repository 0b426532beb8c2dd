"""The tables of the database; migrations make them, and a test holds the two to each other."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, LargeBinary, MetaData, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

_NAMES = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
}

Id = String(40)
"""Random tokens that are safe in an address."""

Time = String(32)
"""UTC as ISO text of one length, so that times sort as texts do."""


class Base(DeclarativeBase):
    """What all tables share: names of keys and indexes that a later migration can refer to."""

    metadata = MetaData(naming_convention=_NAMES)


class Versioned(Base):
    """A row that is changed only by who knows its version."""

    __abstract__ = True

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    version: Mapped[int]
    created: Mapped[str] = mapped_column(Time)
    changed: Mapped[str] = mapped_column(Time)


class StudentRow(Versioned):
    """One student document as it was saved, faults and all."""

    __tablename__ = "student"

    name: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)


class BoardRow(Versioned):
    """One plan board; `position` is the step that it shows."""

    __tablename__ = "board"
    __table_args__ = (Index(None, "student_id"),)

    student_id: Mapped[str] = mapped_column(ForeignKey("student.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(Text)
    program: Mapped[str] = mapped_column(Text)
    catalog_year: Mapped[str] = mapped_column(Text)
    track: Mapped[str] = mapped_column(Text)
    position: Mapped[int]


class BoardStepRow(Base):
    """One state of a board, as a JSON list of cards, and what led to it."""

    __tablename__ = "board_step"

    board_id: Mapped[str] = mapped_column(
        ForeignKey("board.id", ondelete="CASCADE"), primary_key=True
    )
    seq: Mapped[int] = mapped_column(primary_key=True)
    cards: Mapped[str] = mapped_column(Text)
    said: Mapped[str] = mapped_column(Text)


class RecordRow(Versioned):
    """One uploaded transcript, byte for byte."""

    __tablename__ = "record"
    __table_args__ = (Index(None, "student_id"),)

    student_id: Mapped[str | None] = mapped_column(ForeignKey("student.id", ondelete="SET NULL"))
    name: Mapped[str] = mapped_column(Text)
    file_name: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    program: Mapped[str] = mapped_column(Text)
    catalog_year: Mapped[str] = mapped_column(Text)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class JobRow(Base):
    """One piece of long work; params, result and faults are JSON."""

    __tablename__ = "job"
    __table_args__ = (Index(None, "state", "created"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    params: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16))
    done: Mapped[int]
    total: Mapped[int]
    said: Mapped[str] = mapped_column(Text)
    result: Mapped[str | None] = mapped_column(Text)
    result_bytes: Mapped[int]
    error: Mapped[str | None] = mapped_column(Text)
    owner: Mapped[str | None] = mapped_column(Text)
    beat: Mapped[str | None] = mapped_column(Time)
    tries: Mapped[int]
    asked_to_stop: Mapped[bool]
    created: Mapped[str] = mapped_column(Time)
    changed: Mapped[str] = mapped_column(Time)
