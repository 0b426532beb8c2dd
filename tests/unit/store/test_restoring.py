"""A backup put back: all of it, what was there kept, and no trap let in."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from prospectus.domain.errors import StaleError, StoreError, UnavailableError
from prospectus.store.backup import Holdings, back_up
from prospectus.store.boards import Boards, Card
from prospectus.store.database import Database
from prospectus.store.jobs import Jobs
from prospectus.store.restoring import restore
from prospectus.store.students import KeptStudent, Students


@pytest.fixture
def saved(database: Database, students: Students, boards: Boards, tmp_path: Path) -> Path:
    """A backup of Ada's document and board."""
    ada = students.add("Ada", "a")
    boards.add(ada.id, name="B", program="", catalog_year="", cards=[Card(course="CS 1")])
    file = tmp_path / "backup.db"
    back_up(database, file)
    return file


def of(path: Path) -> tuple[KeptStudent, ...]:
    database = Database(path)
    kept = Students(database).all()
    database.close()
    return kept


def names(path: Path) -> set[str]:
    return {file.name for file in path.iterdir()}


def test_what_was_saved_comes_back_while_others_have_it_open(
    database: Database, students: Students, boards: Boards, saved: Path, path: Path
) -> None:
    (board,) = boards.all()
    (ada,) = students.all()
    students.remove(ada.id, version=1)
    bob = students.add("Bob", "b")
    Jobs(database).add("compare", {})
    back = restore(Database(path), saved)
    assert back.holdings == Holdings(n_students=1, n_boards=1, n_records=0)
    assert back.kept == f"{path}.before-restore"
    assert [(kept.name, kept.text) for kept in students.all()] == [("Ada", "a")]
    assert boards.get(board.id).cards == board.cards
    assert Jobs(database).recent() == ()
    assert of(Path(back.kept)) == (bob,)
    assert names(path.parent) - {f"{path.name}-wal", f"{path.name}-shm"} == {
        path.name,
        saved.name,
        f"{path.name}.before-restore",
    }


def test_a_page_that_was_open_cannot_overwrite_what_came_back(
    students: Students, saved: Path, path: Path
) -> None:
    (ada,) = students.all()
    open_page = students.replace(ada.id, name="Ada", text="b", version=1)
    open_page = students.replace(ada.id, name="Ada", text="c", version=2)
    restore(Database(path), saved)
    (back,) = students.all()
    assert (back.id, back.text) == (ada.id, "a")
    for _ in range(4):
        with pytest.raises(StaleError):
            students.replace(ada.id, name="Ada", text="d", version=open_page.version)
        back = students.replace(ada.id, name="Ada", text="e", version=back.version)


def test_each_restore_keeps_what_was_there_under_a_name_of_its_own(
    students: Students, saved: Path, path: Path
) -> None:
    kept = [restore(Database(path), saved).kept for _ in range(3)]
    first = f"{path}.before-restore"
    assert kept == [first, f"{first}-2", f"{first}-3"]


def test_where_nothing_was_the_backup_is_the_database(saved: Path, tmp_path: Path) -> None:
    path = tmp_path / "new" / "prospectus.db"
    back = restore(Database(path), saved)
    assert back.kept is None
    assert [kept.name for kept in of(path)] == ["Ada"]
    assert path.stat().st_mode & 0o777 == 0o600
    path.unlink()
    path.touch()
    assert restore(Database(path), saved).kept is None
    assert names(path.parent) == {path.name}


@pytest.mark.parametrize("is_there", [False, True])
def test_the_log_of_a_database_that_is_gone_is_not_played_over_what_came_back(
    students: Students, saved: Path, path: Path, *, is_there: bool
) -> None:
    for number in range(12):
        students.add(f"later {number}", "a" * 4_000)
    log = Path(f"{path}-wal")
    lost = log.read_bytes()
    students.database.close()
    path.unlink()
    log.write_bytes(lost)
    if is_there:
        path.touch()
    assert restore(Database(path), saved).kept is None
    assert [kept.name for kept in of(path)] == ["Ada"]
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    # it may hold the only copy of what was written last
    assert Path(f"{path}.before-restore-wal").read_bytes() == lost


def garbage(path: Path) -> None:
    path.write_bytes(b"x" * 10_000)


def broken_pages(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    path.write_bytes(content)


def newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()


def other_program(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE student (id, name)")


def cut_off(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def missing(path: Path) -> None:
    path.unlink()


def with_a_trigger(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            "CREATE TRIGGER t AFTER UPDATE ON student BEGIN DELETE FROM student; END"
        )


def with_a_view(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("ALTER TABLE record RENAME TO hidden")
        connection.execute("CREATE VIEW record AS SELECT * FROM hidden")


def with_orphans(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DELETE FROM student")
        connection.commit()


@pytest.mark.parametrize("damage", [garbage, broken_pages, newer])
def test_a_database_that_cannot_be_used_is_set_aside_as_it_is(
    students: Students, saved: Path, path: Path, damage: Callable[[Path], None]
) -> None:
    students.database.close()
    damage(path)
    before = path.read_bytes()
    back = restore(Database(path), saved)
    assert back.kept is not None
    assert Path(back.kept).read_bytes() == before
    # Who had it open finds the new one.
    assert [kept.name for kept in students.all()] == ["Ada"]


@pytest.mark.parametrize(
    "damage",
    [
        garbage,
        broken_pages,
        cut_off,
        empty,
        missing,
        other_program,
        newer,
        with_a_trigger,
        with_a_view,
        with_orphans,
    ],
)
def test_a_file_that_is_no_sound_backup_is_refused_and_nothing_changes(
    students: Students, saved: Path, path: Path, damage: Callable[[Path], None]
) -> None:
    bob = students.add("Bob", "b")
    before = students.all()
    assert bob in before
    damage(saved)
    content = saved.read_bytes() if saved.exists() else None
    with pytest.raises(StoreError) as told:
        restore(Database(path), saved)
    fault = told.value.faults[0]
    assert fault.code == "STO-004" if damage is newer else fault.code in ("STO-003", "STO-007")
    assert fault.at.file == str(saved)
    assert students.all() == before
    assert (saved.read_bytes() if saved.exists() else None) == content
    kept = {name for name in names(path.parent) if not name.endswith(("-wal", "-shm"))}
    assert kept <= {path.name, saved.name}


def test_the_database_of_another_program_is_never_replaced(saved: Path, tmp_path: Path) -> None:
    path = tmp_path / "theirs.db"
    path.touch()
    other_program(path)
    before = path.read_bytes()
    with pytest.raises(UnavailableError, match="another program"):
        restore(Database(path), saved)
    assert path.read_bytes() == before


def test_a_lock_that_another_program_holds_is_told_and_nothing_changes(
    students: Students, saved: Path, path: Path
) -> None:
    before = students.all()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(UnavailableError, match="locked"):
            restore(Database(path, patience=0.05), saved)
        other.execute("ROLLBACK")
    assert students.all() == before


def test_a_live_database_may_be_given_as_the_backup(
    database: Database, students: Students, path: Path, tmp_path: Path
) -> None:
    students.add("Ada", "a")
    to = tmp_path / "to.db"
    assert restore(Database(to), path).holdings.n_students == 1
    assert [kept.name for kept in of(to)] == ["Ada"]


def test_a_backup_onto_itself_changes_nothing_but_versions(students: Students, path: Path) -> None:
    students.add("Ada", "a")
    restore(Database(path), path)
    assert [(kept.name, kept.text) for kept in students.all()] == [("Ada", "a")]
