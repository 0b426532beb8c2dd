"""One person's work: student documents, plan boards, records and long jobs, all in one database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

from prospectus.store.backup import BackupMade, back_up
from prospectus.store.boards import Boards, Card, KeptBoard
from prospectus.store.database import Database, default_database, utc_now
from prospectus.store.jobs import Job, Jobs, JobState
from prospectus.store.keeping import plain_name, stale
from prospectus.store.records import KeptRecord, Records
from prospectus.store.restoring import Restored, restore
from prospectus.store.students import KeptStudent, Students

if TYPE_CHECKING:
    import datetime as dt

__all__ = [
    "BackupMade",
    "Boards",
    "Card",
    "Job",
    "JobState",
    "Jobs",
    "KeptBoard",
    "KeptRecord",
    "KeptStudent",
    "Records",
    "Restored",
    "Students",
    "Workspace",
    "back_up_workspace",
    "plain_name",
    "restore_workspace",
    "stale",
]


@dataclass(frozen=True, slots=True)
class Workspace:
    """What is kept; threads may share it, and each process opens its own."""

    database: Database
    students: Students
    boards: Boards
    records: Records
    jobs: Jobs

    @classmethod
    def open(
        cls,
        where: Path | str | None = None,
        *,
        patience: float = 5.0,
        clock: Callable[[], dt.datetime] = utc_now,
    ) -> Self:
        """Open a workspace, and make it or bring it up to date where that is needed.

        Parameters
        ----------
        where
            The file of the database; None for the one that `PROSPECTUS_DATABASE` names, else for
            the person's own.
        patience
            How long a write waits for others to end theirs, in seconds.
        clock
            What says the time, in UTC.

        Raises
        ------
        UnavailableError
            STO-003 when it cannot be opened; STO-004 when a newer version of Prospectus wrote it.
        """
        database = Database(where or default_database(), patience=patience, clock=clock)
        database.migrate()
        return cls(
            database=database,
            students=Students(database),
            boards=Boards(database),
            records=Records(database),
            jobs=Jobs(database),
        )

    def for_form(self, once: str) -> Self:
        """Return the workspace for one form: what is made with it has this id, and is made once."""
        return replace(
            self,
            students=Students(self.database, once),
            boards=Boards(self.database, once),
            records=Records(self.database, once),
        )

    @property
    def name(self) -> str:
        """Return where the work is kept, for people to read."""
        return self.database.name

    def close(self) -> None:
        """Close what is open; a later use opens it again."""
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def back_up_workspace(file: Path, *, where: Path | str | None = None) -> BackupMade:
    """Write a backup of a workspace, also while it is in use.

    Raises
    ------
    UnavailableError
        STO-003 when the database cannot be read.
    StoreError
        STO-007 when it is damaged, and the backup would be.
    UsageError
        USE-005 when the backup cannot be written.
    """
    return back_up(Database(where or default_database()), file)


def restore_workspace(file: Path, *, where: Path | str | None = None) -> Restored:
    """Put a backup in the place of a workspace, also while it is in use; the old one is kept.

    Raises
    ------
    StoreError
        STO-007 when the file is no backup or is damaged.
    UnavailableError
        STO-003 when the database cannot be written; STO-004 when the backup is of a newer version.
    """
    return restore(Database(where or default_database()), file)
