"""Every fault code of the source has one entry in docs/errors.md, and every entry is a code."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[3]
ENTRY = re.compile(r"^- \*\*([A-Z]{3}-\d{3})\*\* \S.{20,}", re.MULTILINE)
CODE = re.compile(r'"([A-Z]{3}-\d{3})"')


def entries() -> list[str]:
    return ENTRY.findall((ROOT / "docs" / "errors.md").read_text(encoding="utf-8"))


def codes_in_source() -> set[str]:
    sources = (ROOT / "src").rglob("*.py")
    return {code for path in sources for code in CODE.findall(path.read_text(encoding="utf-8"))}


def test_every_code_of_the_source_has_an_entry() -> None:
    assert sorted(codes_in_source() - set(entries())) == []


def test_every_entry_is_a_code_of_the_source() -> None:
    assert sorted(set(entries()) - codes_in_source()) == []


def test_no_code_has_two_entries() -> None:
    assert [code for code, n in Counter(entries()).items() if n > 1] == []


def test_entries_of_one_kind_stand_in_order() -> None:
    by_kind: dict[str, list[str]] = {}
    for code in entries():
        by_kind.setdefault(code[:3], []).append(code)
    assert all(codes == sorted(codes) for codes in by_kind.values())
