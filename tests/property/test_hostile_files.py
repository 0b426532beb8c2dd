"""Whatever bytes a catalog file holds, only faults that docs/errors.md lists come out."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fuzz.seeds import FILES, bundled, check_faults, words

from prospectus.catalogs.check import check
from prospectus.catalogs.file_kinds import read_fields
from prospectus.catalogs.yaml_document import Data
from prospectus.catalogs.yaml_reader import read_partly
from prospectus.domain.errors import CatalogError

BUNDLED = [text for _, text in bundled(4_000)]
SCRAPS = st.one_of(
    st.sampled_from([*words(), "none", "-1", "1..0", "[]", "{}", "''", "&a", "*a", "!x"]),
    st.sampled_from(["9" * 19, "1e999", ".inf", "9999-99-99", "---", "? ", ": ", ", ", "\t", "|"]),
    st.text(max_size=8),
)
STRANGE = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(10**17), 10**17),
        st.fractions(max_denominator=1000),
        st.dates(),
        st.text(max_size=12),
        st.sampled_from(words()),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(words()), inner, max_size=3)
    ),
    max_leaves=6,
)


def read(path: Path) -> None:
    try:
        document, faults = read_partly(path)
    except CatalogError as error:
        check_faults(error.faults)
        return
    check_faults([*faults, *read_fields(document).faults])


def read_text(text: str | bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))
        read(path)


@given(st.binary(max_size=200) | st.text(max_size=100))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_read_or_refused(raw: str | bytes) -> None:
    read_text(raw)


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_a_bundled_file_with_scraps_in_it_is_read_or_refused(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(BUNDLED))
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = min(len(text), start + data.draw(st.integers(0, 12)))
        text = text[:start] + data.draw(SCRAPS) + text[end:]
    read_text(text)


def spots(data: Data, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Return the ways to all values, whatever their depth."""
    found = [path]
    if isinstance(data, dict):
        for key, value in data.items():
            found += spots(value, (*path, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            found += spots(value, (*path, index))
    return found


def spelled(data: object) -> str:
    """Return data as YAML in one line."""
    if isinstance(data, dict):
        return "{" + ", ".join(f"{spelled(str(k))}: {spelled(v)}" for k, v in data.items()) + "}"
    if isinstance(data, list):
        return "[" + ", ".join(map(spelled, data)) + "]"
    if isinstance(data, str):
        return "'" + data.replace("'", "''").replace("\n", " ") + "'"
    return "null" if data is None else str(data)


def replaced(data: Data, path: tuple[str | int, ...], value: Data) -> Data:
    if not path:
        return value
    here, rest = path[0], path[1:]
    if isinstance(data, dict):
        return {k: replaced(v, rest, value) if k == here else v for k, v in data.items()}
    assert isinstance(data, list)
    return [replaced(v, rest, value) if i == here else v for i, v in enumerate(data)]


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_a_catalog_with_any_value_in_any_place_is_told_its_faults(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(FILES)))
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for file, text in FILES.items():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_text(text, encoding="utf-8")
        whole = read_partly(folder / name)[0].data
        place = data.draw(st.sampled_from(spots(whole)))
        spoiled = replaced(whole, place, data.draw(STRANGE))
        (folder / name).write_text(spelled(spoiled), encoding="utf-8")
        check_faults(check([folder]))
