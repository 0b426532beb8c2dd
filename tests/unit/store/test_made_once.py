"""What a form makes has the id that the form brings: sent twice, it makes one."""

from __future__ import annotations

import threading

from prospectus.app.workspace import Card, Workspace
from prospectus.store.database import Database
from prospectus.store.keeping import new_id

ABOUT = {"program": "p", "catalog_year": "2026"}


def test_each_kind_of_thing_is_made_once(database: Database) -> None:
    workspace = Workspace.open(database.path)
    form = workspace.for_form(new_id())
    ada = form.students.add("Ada", "a")
    board = form.boards.add(ada.id, name="A", **ABOUT)
    record = form.records.add(name="A", file_name="a.csv", kind="csv", content=b"a")
    assert ada.id == board.id == record.id
    assert form.students.add("Ada", "a") == ada
    assert form.boards.add(ada.id, name="A", **ABOUT) == board
    assert form.records.add(name="A", file_name="a.csv", kind="csv", content=b"a") == record
    assert len(workspace.students.all()) == len(workspace.boards.all()) == 1
    assert len(workspace.records.all()) == 1
    workspace.close()


def test_a_form_that_says_something_else_makes_something_else(database: Database) -> None:
    workspace = Workspace.open(database.path)
    form = workspace.for_form(new_id())
    ada = form.students.add("Ada", "a")
    bob = form.students.add("Bob", "b")
    assert bob.id != ada.id
    workspace.students.replace(ada.id, name="Ada", text="more", version=1)
    again = form.students.add("Ada", "a")
    assert again.id not in (ada.id, bob.id)
    board = form.boards.add(ada.id, name="A", **ABOUT)
    assert form.boards.add(bob.id, name="A", **ABOUT).id != board.id
    assert form.boards.add(ada.id, name="A", **ABOUT, cards=[Card(course="X")]).id != board.id
    record = form.records.add(name="A", file_name="a.csv", kind="csv", content=b"a")
    other = form.records.add(name="A", file_name="a.csv", kind="csv", content=b"b")
    assert other.id != record.id
    workspace.close()


def test_of_forms_that_are_sent_at_once_one_makes_it(database: Database) -> None:
    workspace = Workspace.open(database.path)
    form = workspace.for_form(new_id())
    made: list[str] = []
    start = threading.Barrier(6)

    def send() -> None:
        start.wait()
        made.append(form.students.add("Ada", "a").id)

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [form.students.once] * 6
    assert len(workspace.students.all()) == 1
    workspace.close()
