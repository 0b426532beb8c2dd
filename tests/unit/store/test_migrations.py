"""From every released revision, and from nothing, the steps lead to the tables of today."""

from __future__ import annotations

import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from prospectus.domain.errors import UnavailableError
from prospectus.store import migrating
from prospectus.store.boards import Boards, Card
from prospectus.store.database import Database
from prospectus.store.jobs import Jobs, JobState
from prospectus.store.migrating import steps
from prospectus.store.migrations import APPLICATION_ID, HEAD
from prospectus.store.records import Records
from prospectus.store.students import Students
from prospectus.store.tables import Base

# One dump for each revision, written with the version that released it: `sqlite3 FILE .dump`.
DUMPS = Path(__file__).parent / "revisions"
REVISIONS = [step.revision for step in ScriptDirectory.from_config(steps()).walk_revisions()]


def of_revision(revision: str, path: Path) -> Path:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((DUMPS / f"{revision}.sql").read_text(encoding="utf-8"))
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    return path


def differences(path: Path) -> list[object]:
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    engine.dispose()
    return found


def test_the_newest_step_is_the_one_that_opening_looks_for() -> None:
    assert ScriptDirectory.from_config(steps()).get_heads() == [HEAD]


def test_every_revision_has_a_dump_with_data() -> None:
    assert sorted(file.stem for file in DUMPS.iterdir()) == sorted(REVISIONS)


def test_a_new_database_has_the_tables_of_today(path: Path) -> None:
    assert differences(path) == []


@pytest.mark.parametrize("revision", REVISIONS)
def test_the_steps_from_each_revision_lead_to_the_tables_of_today(
    tmp_path: Path, revision: str
) -> None:
    path = of_revision(revision, tmp_path / "old.db")
    database = Database(path)
    database.migrate()
    database.close()
    assert differences(path) == []
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


@pytest.mark.parametrize("revision", REVISIONS)
def test_what_was_kept_in_each_revision_is_kept(tmp_path: Path, revision: str) -> None:
    database = Database(of_revision(revision, tmp_path / "old.db"))
    students, boards, records = Students(database), Boards(database), Records(database)
    (ada,) = students.all()
    assert (ada.name, ada.version) == ("Ada 'Löwe'", 2)
    assert ada.text == "format: 1\nplan_from: 2027-01-04\n"
    (board,) = boards.all(student_id=ada.id)
    assert (board.name, board.program, board.catalog_year) == ("First", "gatech-omscs", "2026-27")
    assert board.cards == (
        Card(course="CS 7641", period="Spring 2027", pinned=True, credits="3", grade="B"),
    )
    assert (board.undo_says, board.redo_says) == ("Added CS 7641", "Took CS 7641 off")
    assert boards.redo(board.id, board.version).cards == ()
    (record,) = records.all()
    assert (record.student_id, record.file_name) == (ada.id, "record.csv")
    assert records.content(record.id) == b"course,grade\r\nCS 6601,\xc3\xa9\x00"
    jobs = Jobs(database)
    by_state = {job.state: job for job in jobs.recent()}
    assert set(by_state) == {JobState.DONE, JobState.FAILED, JobState.QUEUED}
    assert jobs.result(by_state[JobState.DONE].id) == '{"ok": true}'
    assert by_state[JobState.FAILED].faults[0].code == "INT-002"
    assert by_state[JobState.QUEUED].params == {"student": ada.id}
    database.close()


def test_a_database_of_a_newer_version_is_told_and_not_touched(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    before = path.read_bytes()
    with pytest.raises(UnavailableError, match="revision 9999") as told:
        Database(path).migrate()
    assert told.value.faults[0].code == "STO-004"
    assert told.value.faults[0].at.file == str(path)
    assert path.read_bytes() == before


def test_a_step_that_fails_leaves_the_database_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "new.db"
    wrong = tmp_path / "steps"
    (wrong / "versions").mkdir(parents=True)
    (wrong / "env.py").write_text(
        (Path(migrating.__file__).parent / "migrations/env.py").read_text()
    )
    (wrong / "versions" / "0001_half.py").write_text(
        "from alembic import op\nimport sqlalchemy as sa\n"
        "revision, down_revision = '0001', None\n"
        "def upgrade():\n"
        "    op.create_table('student', sa.Column('id', sa.Text()))\n"
        "    op.execute('INSERT INTO nowhere VALUES (1)')\n"
    )
    whole = migrating.steps
    with monkeypatch.context() as patch:

        def half() -> object:
            config = whole()
            config.set_main_option("script_location", str(wrong))
            return config

        patch.setattr(migrating, "steps", half)
        with pytest.raises(UnavailableError, match="lost its tables"):
            Database(path).migrate()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == []
    database = Database(path)
    database.migrate()
    database.close()
    assert differences(path) == []


def test_the_steps_are_part_of_the_package_and_found_from_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = Path(steps().get_main_option("script_location") or "")
    assert folder.is_absolute()
    package = Path(sys.modules["prospectus.store"].__file__ or "").parent
    assert os.path.commonpath([folder, package]) == str(package)
