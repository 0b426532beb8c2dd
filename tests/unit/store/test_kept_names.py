"""Names of all that is kept: one line of which every sign is seen."""

from __future__ import annotations

import pytest

from prospectus.domain.errors import StoreError
from prospectus.store.boards import Boards
from prospectus.store.keeping import plain_name
from prospectus.store.records import Records
from prospectus.store.students import Students

UNSEEN = [
    "a\nb",
    "a\rb",
    "a\x00",
    "\x1b[2J",
    "a\u2028b",
    "\u202egnp.exe",
    "\u2067a",
    "\x85",
]


@pytest.mark.parametrize("name", UNSEEN)
def test_a_name_with_signs_that_are_not_seen_is_refused(
    students: Students, boards: Boards, records: Records, name: str
) -> None:
    ada = students.add("Ada", "")
    about = {"program": "", "catalog_year": ""}
    board = boards.add(ada.id, name="A", **about)
    record = records.add(name="A", file_name="a", kind="csv", content=b"a")
    for keep in (
        lambda: students.add(name, ""),
        lambda: students.replace(ada.id, name=name, text="", version=1),
        lambda: boards.add(ada.id, name=name, **about),
        lambda: boards.replace(board.id, name=name, **about, track="", version=1),
        lambda: boards.replace(board.id, name="A", **about, track=name, version=1),
        lambda: records.add(name=name, file_name="a", kind="csv", content=b"a"),
        lambda: records.add(name="A", file_name=name, kind="csv", content=b"a"),
        lambda: records.replace(record.id, name=name, **about, version=1),
    ):
        with pytest.raises(StoreError) as told:
            keep()
        assert told.value.faults[0].code == "STO-008"
    assert plain_name(name).isprintable()
    assert students.add(plain_name(name), "").name == plain_name(name)


@pytest.mark.parametrize("name", ["", "Ada's plan", "می\u200cخ", "👩\u200d💻", "12\xa0h", "é 計画"])
def test_any_writing_is_a_name(students: Students, name: str) -> None:
    assert students.get(students.add(name, "").id).name == name
    assert plain_name(name) == name
