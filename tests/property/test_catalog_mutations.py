"""Whatever becomes of a catalog's files, every fault is told and none is a traceback."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from prospectus.catalogs.check import check
from prospectus.catalogs.load import load_catalog
from prospectus.domain.errors import CatalogError, Fault, Severity

PAGE = Path(__file__).parents[2] / "docs" / "catalog-format.md"
FILES = dict(
    re.findall(
        r"^```yaml\n# (\S+)\n(.*?)^```",
        PAGE.read_text(encoding="utf-8"),
        re.MULTILINE | re.DOTALL,
    )
)
WORDS = sorted({word for text in FILES.values() for word in re.findall(r"[\w.~\"-]+", text)})
SCRAPS = st.sampled_from(
    [*WORDS, "unknown", "none", "nothing", "yes", "-1", "0", "1..0", "3..9", "[]", "{}", "''", "~"]
)


@st.composite
def spoiled(draw: st.DrawFn) -> dict[str, str]:
    """Return the files of the page's catalog with up to three words or lines changed."""
    files = dict(FILES)
    for _ in range(draw(st.integers(1, 3))):
        name = draw(st.sampled_from(sorted(files)))
        text = files[name]
        if draw(st.booleans()):
            spots = [match.span() for match in re.finditer(r"[\w.~\"-]+", text)]
            start, end = draw(st.sampled_from(spots))
            files[name] = text[:start] + draw(SCRAPS) + text[end:]
        else:
            lines = text.splitlines(keepends=True)
            place = draw(st.integers(0, len(lines) - 1))
            moved = draw(st.sampled_from([[], [lines[place]] * 2, [lines[place].strip() + "\n"]]))
            files[name] = "".join([*lines[:place], *moved, *lines[place + 1 :]])
    return files


@given(spoiled())
@settings(max_examples=120, deadline=None)
def test_a_spoiled_catalog_is_told_its_faults(files: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, text in files.items():
            path = folder / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        faults = check([folder])
        assert all(fault.what and fault.fix and fault.at.file for fault in faults)
        errors = {fault for fault in faults if fault.severity is Severity.ERROR}
        assert set(faults_of_loading(folder)) <= errors


def faults_of_loading(folder: Path) -> tuple[Fault, ...]:
    try:
        load_catalog(folder)
    except CatalogError as error:
        return error.faults
    return ()
