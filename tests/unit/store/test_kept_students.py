"""Student documents: kept as they are, and changed only by who has seen the last version."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from prospectus.domain.errors import MissingError, StaleError, StoreError
from prospectus.store.database import Database
from prospectus.store.students import Students

HOSTILE = "\x00 ' OR 1=1; -- <script>\u202e\U0001f9e8\r\n"


def code_of(error: pytest.ExceptionInfo[StoreError]) -> str:
    return error.value.faults[0].code


def test_a_document_comes_back_as_it_was_saved(students: Students) -> None:
    made = students.add("Ada", HOSTILE)
    assert students.get(made.id) == made
    assert (made.name, made.text, made.version) == ("Ada", HOSTILE, 1)
    assert made.created == made.changed
    assert made.created.utcoffset() is not None


def test_ids_are_safe_in_an_address_and_never_the_same(students: Students) -> None:
    ids = {students.add("", "").id for _ in range(20)}
    assert len(ids) == 20
    assert all(id.replace("-", "a").replace("_", "a").isalnum() for id in ids)


def test_the_document_that_was_changed_last_comes_first(students: Students) -> None:
    first, second = students.add("A", ""), students.add("B", "")
    assert [kept.id for kept in students.all()] == [second.id, first.id]
    students.replace(first.id, name="A", text="x", version=1)
    assert [kept.id for kept in students.all()] == [first.id, second.id]


def test_a_saved_document_has_the_next_version_and_keeps_its_birth(students: Students) -> None:
    made = students.add("Ada", "a")
    saved = students.replace(made.id, name="Ada L", text="b", version=1)
    assert students.get(made.id) == saved
    assert (saved.name, saved.text, saved.version) == ("Ada L", "b", 2)
    assert saved.created == made.created
    assert saved.changed > made.changed


def test_a_change_of_an_old_version_is_refused_and_what_was_saved_stays(students: Students) -> None:
    made = students.add("Ada", "a")
    saved = students.replace(made.id, name="Ada", text="first", version=1)
    with pytest.raises(StaleError) as refused:
        students.replace(made.id, name="Ada", text="second", version=1)
    assert code_of(refused) == "STO-002"
    assert "reload" in refused.value.faults[0].fix
    with pytest.raises(StaleError):
        students.remove(made.id, version=1)
    assert students.get(made.id) == saved


@pytest.mark.parametrize("version", [0, -1, 2, 2**63 - 1, 2**63, 10**30])
def test_a_version_that_was_made_up_is_stale(students: Students, version: int) -> None:
    made = students.add("Ada", "a")
    with pytest.raises(StaleError):
        students.replace(made.id, name="Ada", text="b", version=version)
    assert students.get(made.id) == made


@pytest.mark.parametrize("id", ["", "nobody", "' OR ''='", "x" * 10_000, "\x00", "../../etc"])
def test_an_id_that_names_nothing_is_told(students: Students, id: str) -> None:
    students.add("Ada", "a")
    for ask in (
        lambda: students.get(id),
        lambda: students.replace(id, name="", text="", version=1),
        lambda: students.remove(id, version=1),
    ):
        with pytest.raises(MissingError) as told:
            ask()
        assert code_of(told) == "STO-001"
    assert len(students.all()) == 1


def test_half_a_character_is_refused_wherever_it_stands(students: Students) -> None:
    made = students.add("Ada", "a")
    for ask in (
        lambda: students.get("\ud800"),
        lambda: students.add("Ada", "\udfff"),
        lambda: students.replace(made.id, name="\ud83e", text="", version=1),
    ):
        with pytest.raises(StoreError) as told:
            ask()
        assert code_of(told) == "STO-005"
    assert students.all() == (made,)


def test_what_is_too_long_is_refused_with_its_bound(students: Students) -> None:
    made = students.add("Ada", "a")
    with pytest.raises(StoreError, match="200,000 characters") as told:
        students.replace(made.id, name="Ada", text="x" * 200_001, version=1)
    assert code_of(told) == "STO-005"
    with pytest.raises(StoreError, match="name is larger than 300"):
        students.add("x" * 301, "")
    assert students.all() == (made,)
    assert len(students.add("Ada", "x" * 200_000).text) == 200_000


def test_a_removed_document_is_gone(students: Students) -> None:
    made = students.add("Ada", "a")
    students.remove(made.id, version=1)
    assert students.all() == ()
    with pytest.raises(MissingError):
        students.remove(made.id, version=1)


def test_of_threads_that_save_at_once_one_wins_each_version(path: Path) -> None:
    students = Students(Database(path))
    made = students.add("Ada", "a")
    barrier = threading.Barrier(6)
    won: list[int] = []

    def save_each_version() -> None:
        barrier.wait()
        for version in range(1, 11):
            try:
                students.replace(made.id, name="Ada", text=str(version), version=version)
                won.append(version)
            except StaleError:
                pass

    threads = [threading.Thread(target=save_each_version) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    students.database.close()
    assert sorted(won) == list(range(1, 11))
    assert students.get(made.id).version == 11


SAVER = """
import sys
from prospectus.domain.errors import StaleError
from prospectus.store.database import Database
from prospectus.store.students import Students
path, id = sys.argv[1:]
students = Students(Database(path))
students.get(id)
print("ready", flush=True)
sys.stdin.readline()
for version in range(1, 21):
    try:
        students.replace(id, name="Ada", text=f"{version}", version=version)
        print(version, flush=True)
    except StaleError:
        pass
"""


def test_of_processes_that_save_at_once_one_wins_each_version(path: Path) -> None:
    students = Students(Database(path))
    made = students.add("Ada", "a")
    children = [
        subprocess.Popen(
            [sys.executable, "-c", SAVER, str(path), made.id],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for child in children:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
    for child in children:
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()
    won = [int(line) for child in children for line in child.communicate(timeout=120)[0].split()]
    assert [child.returncode for child in children] == [0, 0, 0]
    assert sorted(won) == list(range(1, 21))
    assert students.get(made.id).version == 21
    students.database.close()
