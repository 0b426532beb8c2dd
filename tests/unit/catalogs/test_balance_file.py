from __future__ import annotations

import re
from pathlib import Path

import pytest

from prospectus.catalogs.balance_file import read_balance_file
from prospectus.domain.balance import Criterion, Range
from prospectus.domain.errors import DataError

ROOT = Path(__file__).parents[3]
SMALL = """\
format: 1
kind: balance
balance: squares
periods: [Fall, Spring]
limits: {load: {at_most: 9}, courses: {at_least: 1}}
weights: {undesired: 3}
courses:
  - {course: A, load: 4}
  - {course: B, load: 3, after: A, rather_not: [Spring]}
  - {course: C, load: 2, only: Spring}
  - {course: D, load: 2, not: [Fall]}
tracks:
  x: [A, B, C]
  y: [A, D]
"""


def faults(tmp_path: Path, text: str) -> list[tuple[str, int | None]]:
    path = tmp_path / "small.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_balance_file(path)
    return [(fault.code, fault.at.line) for fault in caught.value.faults]


def test_every_field_is_read(tmp_path: Path) -> None:
    path = tmp_path / "small.yaml"
    path.write_text(SMALL, encoding="utf-8")
    problem = read_balance_file(path)
    assert problem.name == "small"
    assert problem.criterion is Criterion.SQUARES
    assert problem.periods == ("Fall", "Spring")
    assert (problem.load, problem.count) == (Range(most=9), Range(least=1))
    assert problem.precedes == ((0, 1),)
    assert problem.excluded == {(2, 0), (3, 0)}
    assert problem.undesired == {(1, 1)}
    assert (problem.deviation_weight, problem.undesired_weight) == (1, 3)
    assert [(track.name, track.courses) for track in problem.tracks] == [
        ("x", (0, 1, 2)),
        ("y", (0, 3)),
    ]


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("periods: [Fall, Spring]\n", "", [("BAL-005", None)]),
        ("kind: balance", "kind: program", [("BAL-006", 1)]),
        ("balance: squares", "balance: evenly", [("BAL-006", 3)]),
        ("periods: [Fall, Spring]", "periods: 0", [("BAL-006", 4)]),
        ("at_most: 9", "most: 9", [("BAL-006", 5)]),
        ("load: 4", "load: four", [("BAL-006", 8)]),
        ("course: A, load: 4", "course: A", [("BAL-006", 8)]),
        ("after: A,", "after: Z,", [("BAL-010", 9)]),
        ("only: Spring", "only: Winter", [("BAL-015", 10)]),
        ("y: [A, D]", "y: [A, E]", [("BAL-010", 14)]),
        ("{at_most: 9}", "{at_least: 10, at_most: 9}", [("BAL-014", 5)]),
        ("load: 4}", "load: 4, after: B}", [("BAL-012", 8)]),
        ("load: 4}", "load: 40000}", [("BAL-013", None)]),
        ("periods: [Fall, Spring]", "periods: [Fall, Spring, Fall]", [("BAL-015", None)]),
        ("course: B", "course: A", [("BAL-010", 13), ("BAL-011", 9), ("BAL-012", 9)]),
        ("tracks:", "tracks: [", [("CAT-006", 14)]),
    ],
)
def test_what_is_wrong_is_told_with_its_line(
    tmp_path: Path, old: str, new: str, found: list[tuple[str, int | None]]
) -> None:
    assert old in SMALL
    assert sorted(set(faults(tmp_path, SMALL.replace(old, new, 1)))) == found


def test_the_example_of_the_page_is_the_shipped_one() -> None:
    page = (ROOT / "docs" / "balance.md").read_text(encoding="utf-8")
    shipped = (ROOT / "examples" / "balance" / "two-tracks.yaml").read_text(encoding="utf-8")
    found = re.search(r"```yaml\n(.*?)```", page, re.DOTALL)
    assert found is not None
    assert found[1] == shipped
