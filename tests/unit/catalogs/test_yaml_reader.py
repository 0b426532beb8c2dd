"""Hostile and broken files are refused with one clear fault; good ones keep their lines."""

from __future__ import annotations

import datetime as dt
import os
from fractions import Fraction
from pathlib import Path

import pytest

from prospectus.catalogs.yaml_document import Document, Limits
from prospectus.catalogs.yaml_reader import read_yaml
from prospectus.domain.errors import CatalogError


def read(folder: Path, text: str) -> Document:
    path = folder / "file.yaml"
    path.write_text(text, encoding="utf-8")
    return read_yaml(path)


def refused(folder: Path, content: str | bytes) -> list[tuple[str, int | None]]:
    path = folder / "file.yaml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(CatalogError) as caught:
        read_yaml(path)
    assert all(fault.what and fault.fix and fault.at.file for fault in caught.value.faults)
    return [(fault.code, fault.at.line) for fault in caught.value.faults]


def test_plain_words_become_numbers_days_and_yes_or_no(tmp_path: Path) -> None:
    text = "a: 3\nb: 1.10\nc: 2026-08-19\nd: [yes, no, true]\ne: ~\nf: -2\n"
    assert read(tmp_path, text).data == {
        "a": 3,
        "b": Fraction(11, 10),
        "c": dt.date(2026, 8, 19),
        "d": [True, False, True],
        "e": None,
        "f": -2,
    }


def test_what_looks_like_something_else_to_yaml_stays_text(tmp_path: Path) -> None:
    text = 'a: 08-24\nb: 18:00\nc: NO\nd: 2026-27\ne: "3"\nf: 012\ng: 1..2\nh: ~arch-1\non: 1e3\n'
    assert list(read(tmp_path, text).data.values()) == [  # type: ignore[union-attr]
        "08-24", "18:00", "NO", "2026-27", "3", "012", "1..2", "~arch-1", "1e3",
    ]  # fmt: skip


def test_keys_are_always_text(tmp_path: Path) -> None:
    assert read(tmp_path, "tiers: {0: 1, yes: 2}").data == {"tiers": {"0": 1, "yes": 2}}


def test_each_value_knows_its_line(tmp_path: Path) -> None:
    document = read(tmp_path, "a: 1\nb:\n  - x\n  - {c: 2,\n     d: 3}\n")
    assert document.line(("b", 1, "d")) == 5
    assert document.line(("b", 1)) == 4
    assert document.line(("b", 1, "not there", 7)) == 4
    assert str(document.place(("b", 1, "d"))).endswith("file.yaml:5   b[1].d")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", [("CAT-004", None)]),
        ("  \n\n", [("CAT-004", None)]),
        ("# only a comment\n", [("CAT-004", None)]),
        (b"a: 1\n\xff\xfe\n", [("CAT-005", 2)]),
        (b"\x00\x01\x02" * 9, [("CAT-005", None)]),
        ("a: \x07", [("CAT-005", 1)]),
        ("a: [1, 2\nb: 3", [("CAT-006", 2)]),
        ("a:\n\t- b", [("CAT-006", 2)]),
        ("a: 1\n---\nb: 2\n", [("CAT-010", 2)]),
        ("a: 1\nb: 2\na: 3\nb: 4\n", [("CAT-009", 3), ("CAT-009", 4)]),
        ("a: 1\nb: 2026-02-30\n", [("CAT-011", 2)]),
        ("a: !!python/object/apply:os.system [ls]\n", [("CAT-008", 1)]),
        ("a: &x 1\nb: *x\n", [("CAT-008", 1)]),
        ("a: 1\n? [b]\n: 2\n", [("CAT-008", 2)]),
        ("[" * 2000, [("CAT-007", 1)]),
        ("{a: " * 2000, [("CAT-007", 1)]),
    ],
)
def test_a_broken_file_is_refused_at_its_line(
    tmp_path: Path, content: str | bytes, expected: list[tuple[str, int | None]]
) -> None:
    assert refused(tmp_path, content) == expected


def test_a_billion_laughs_are_refused_before_they_grow(tmp_path: Path) -> None:
    lines = ["a0: &a0 [lol, lol, lol]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    assert refused(tmp_path, "\n".join(lines)) == [("CAT-008", 1)]


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path, code in ((tmp_path / "no.yaml", "CAT-001"), (tmp_path, "CAT-002")):
        with pytest.raises(CatalogError) as caught:
            read_yaml(path)
        assert caught.value.faults[0].code == code


def test_a_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.yaml"
    os.mkfifo(pipe)
    with pytest.raises(CatalogError) as caught:
        read_yaml(pipe)
    assert caught.value.faults[0].code == "CAT-002"


def test_a_name_that_no_file_can_have_is_refused() -> None:
    with pytest.raises(CatalogError) as caught:
        read_yaml(Path("a\0b"))
    assert caught.value.faults[0].code == "CAT-001"


def test_a_file_of_fifty_megabytes_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "big.yaml"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    with pytest.raises(CatalogError) as caught:
        read_yaml(path)
    assert caught.value.faults[0].code == "CAT-003"
    assert "50.0 MB" in caught.value.faults[0].what


def test_too_many_values_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "many.yaml"
    path.write_text("[1, 2, 3, 4, 5, 6]", encoding="utf-8")
    with pytest.raises(CatalogError) as caught:
        read_yaml(path, Limits(n_values=5))
    assert caught.value.faults[0].code == "CAT-007"


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "bom.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\n")
    assert read_yaml(path).data == {"a": 1}
