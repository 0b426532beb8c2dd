"""Digests of a catalog's files."""

from __future__ import annotations

from pathlib import Path

import pytest

from prospectus.catalogs import digest as module
from prospectus.catalogs.digest import digest_of, digest_of_data


def files_in(folder: Path, text: str = "format: 1\n") -> Path:
    """A school of one file."""
    school = folder / "schools" / "here"
    school.mkdir(parents=True)
    (school / "school.yaml").write_text(text, encoding="utf-8")
    return folder


def test_the_digest_of_the_data_is_the_same_wherever_the_folder_lies(tmp_path: Path):
    one, two = files_in(tmp_path / "one"), files_in(tmp_path / "deep" / "two")
    assert digest_of_data((one,)) == digest_of_data((two,)) is not None
    assert digest_of((one,)) != digest_of((two,)), "faults name the files"


def test_a_byte_or_a_name_changes_the_digest_of_the_data(tmp_path: Path):
    one, two = files_in(tmp_path / "one"), files_in(tmp_path / "two", "format: 1 \n")
    assert digest_of_data((one,)) != digest_of_data((two,))
    three = files_in(tmp_path / "three")
    (three / "schools" / "here").rename(three / "schools" / "there")
    assert digest_of_data((one,)) != digest_of_data((three,))


def test_other_code_changes_the_digest_of_what_was_read_but_not_of_the_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The digest of the claims page is checked against the data alone, whatever the code is."""
    root = files_in(tmp_path)
    before = digest_of((root,)), digest_of_data((root,))
    monkeypatch.setattr(module, "_digest_of_code", lambda: b"another version")
    after = digest_of((root,)), digest_of_data((root,))
    assert before[0] != after[0]
    assert before[1] == after[1]


def test_a_single_file_counts_by_its_name(tmp_path: Path):
    file = tmp_path / "topics.yaml"
    file.write_text("format: 1\n", encoding="utf-8")
    root = files_in(tmp_path / "data")
    assert digest_of_data((root, file)) not in (None, digest_of_data((root,)))


def test_what_cannot_be_read_has_no_digest(tmp_path: Path):
    assert digest_of_data((tmp_path / "absent.yaml",)) is None
    assert digest_of_data((tmp_path,)) is None, "no YAML file"
