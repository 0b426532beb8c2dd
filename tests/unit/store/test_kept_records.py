"""Uploaded records: byte for byte, with or without a student."""

from __future__ import annotations

import pytest

from prospectus.domain.errors import MissingError, StaleError, StoreError
from prospectus.store.records import KeptRecord, Records
from prospectus.store.students import Students

CONTENT = bytes(range(256)) * 40


def added(records: Records, student_id: str | None = None) -> KeptRecord:
    return records.add(
        name="My record",
        file_name="<img src=x>.csv",
        kind="csv",
        content=CONTENT,
        program="gatech-omscs",
        catalog_year="2026-27",
        student_id=student_id,
    )


def test_a_record_comes_back_byte_for_byte(records: Records) -> None:
    made = added(records)
    assert records.get(made.id) == made
    assert records.content(made.id) == CONTENT
    assert (made.file_name, made.kind, made.student_id) == ("<img src=x>.csv", "csv", None)


def test_what_it_is_audited_against_can_change_once_for_each_version(records: Records) -> None:
    made = added(records)
    other = records.replace(made.id, name="R", program="p", catalog_year="2025", version=1)
    assert records.get(made.id) == other
    assert (other.name, other.program, other.catalog_year, other.version) == ("R", "p", "2025", 2)
    assert records.content(made.id) == CONTENT
    with pytest.raises(StaleError):
        records.replace(made.id, name="S", program="p", catalog_year="2025", version=1)
    with pytest.raises(StaleError):
        records.remove(made.id, version=1)
    assert records.get(made.id) == other


def test_the_record_of_a_student_who_goes_stays_and_is_nobodys(
    students: Students, records: Records
) -> None:
    student = students.add("Ada", "")
    mine, other = added(records, student.id), added(records)
    assert records.all(student_id=student.id) == (mine,)
    assert records.all() == (other, mine)
    students.remove(student.id, version=1)
    assert records.get(mine.id).student_id is None
    assert records.content(mine.id) == CONTENT


def test_an_id_that_names_no_record_or_student_is_told(records: Records) -> None:
    for ask in (
        lambda: records.get("x"),
        lambda: records.content("x"),
        lambda: records.remove("x", version=1),
        lambda: added(records, "nobody"),
    ):
        with pytest.raises(MissingError):
            ask()
    assert records.all() == ()


def test_a_record_that_is_too_large_is_refused(records: Records) -> None:
    with pytest.raises(StoreError, match="20 MB"):
        records.add(name="", file_name="", kind="", content=bytes(20_000_001))
    assert records.all() == ()


def test_a_removed_record_is_gone(records: Records) -> None:
    made = added(records)
    records.remove(made.id, version=1)
    assert records.all() == ()
