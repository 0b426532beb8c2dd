"""What changed between two catalogue years, and what becomes of plans made under the first."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from pathlib import Path

import pytest

import snippets
from prospectus.app.year_answers import Change, ChangeKind, DiffAnswer
from prospectus.app.year_diff import compare_years
from prospectus.domain.errors import UsageError

TODAY = dt.date(2026, 8, 1)
OLD = """\
catalog_year: 2024-25
min_grade: C
requirements:
  total: {credits: 9}
  all:
    - {id: core, label: Core, all: [CS 600, CS 610]}
    - {id: choice, label: Choice, fill: {courses: 1, from: [CS 620, CS 630]}}
rules:
  - {id: cap, label: Outside, at_most: {credits: 6, of: subject EE}}
"""
NEW = """\
catalog_year: 2026-27
min_grade: C
requirements:
  total: {credits: 9}
  all:
    - {id: core, label: Core, all: [CS 600, CS 640]}
    - {id: choice, label: Choice, fill: {courses: 1, from: [CS 620, CS 650]}}
rules:
  - {id: cap, label: Outside, at_most: {credits: 3, of: subject EE}}
"""
SCHEDULE = """\
CS 610: {pattern: {seasons: [Fall]}}
CS 620: {pattern: {seasons: [Summer]}}
CS 630: {pattern: {seasons: [Spring]}}
CS 640: {pattern: {seasons: [Summer]}}
CS 650: {pattern: {seasons: [Spring]}}
"""
FEES = "  - {id: tuition, per: credit, amount: 100}\n"


def compared(root: Path, *me: str, old: str = OLD, new: str = NEW, fees: str = FEES) -> DiffAnswer:
    """The difference of two years whose courses all exist in the school's one catalog."""
    everything = "".join(f"# {code}\n" for code in ("CS 610", "CS 630", "CS 640", "CS 650"))
    snippets.catalog(root / "own", new + everything, schedule=SCHEDULE, fees=fees)
    rules = root / "own/schools/school/programs/ms"
    first = snippets.HEAD.format(kind="program") + "".join(
        f"{key}: {value}\n" for key, value in snippets.PROGRAM.items() if key != "catalog_year"
    )
    (rules / "2024-25.yaml").write_text(first + old, encoding="utf-8")
    students = []
    for number, text in enumerate(me):
        path = root / f"me{number}.yaml"
        path.write_text(f"format: 1\nplan_from: 2026-08-10\n{text}", encoding="utf-8")
        students.append(path)
    return compare_years(
        "ms@2024-25", "2026-27", tuple(students), today=TODAY, catalogs=(root / "own",)
    )


def change(answer: DiffAnswer, id: str) -> Change:
    return next(one for one in answer.changes if one.id == id)


def test_each_rule_that_differs_is_told_with_both_places(tmp_path: Path) -> None:
    answer = compared(tmp_path)
    assert change(answer, "CS 610").kind is ChangeKind.REMOVED
    assert change(answer, "CS 640").kind is ChangeKind.ADDED
    choice = change(answer, "choice")
    assert choice.kind is ChangeKind.CHANGED
    assert [code[:6] for code in choice.went] == ["CS 630"]
    assert [code[:6] for code in choice.came] == ["CS 650"]
    cap = change(answer, "cap")
    assert "at most 6 credits" in cap.was
    assert "at most 3 credits" in cap.now
    assert cap.before.endswith("2024-25.yaml:19")
    assert cap.after.endswith("2026-27.yaml:19")
    assert {one.id for one in answer.changes} == {"CS 610", "CS 640", "choice", "cap"}


def test_the_rate_is_the_share_of_rules_that_changed_for_each_year(tmp_path: Path) -> None:
    answer = compared(tmp_path)
    assert answer.n_years == 2
    assert answer.yearly == Fraction(4, 2 * answer.n_rules)


def test_years_that_are_no_numbers_have_no_rate(tmp_path: Path) -> None:
    answer = compared(tmp_path)
    assert answer.yearly is not None
    own = tmp_path / "own/schools/school/programs/ms"
    text = (own / "2026-27.yaml").read_text().replace("catalog_year: 2026-27", "catalog_year: now")
    (own / "2026-27.yaml").write_text(text)
    again = compare_years("ms@2024-25", "now", today=TODAY, catalogs=(tmp_path / "own",))
    assert again.n_years is None
    assert again.yearly is None


def test_a_plan_that_breaks_names_the_period_the_loss_and_the_repair(tmp_path: Path) -> None:
    (fate,) = compared(tmp_path, "name: Ada\nhours_per_week: 60\ncourses_per_period: 1\n").students
    # Old: 610 in Fall, 630 in Spring, 600 in Summer. New: 600, 640 in Summer, 650 in Spring.
    assert fate.is_broken
    assert set(fate.lost) == {("Fall 2026", "CS 610"), ("Spring 2027", "CS 630")}
    assert fate.breaks_in == "Fall 2026"
    assert {code for _, code in fate.more} == {"CS 640", "CS 650"}
    assert fate.repair is not None
    # 600 in Fall 2026, 650 in Spring and 640 in Summer 2027: as good as a plan made anew.
    assert fate.repair.finish == fate.fresh.finish == dt.date(2027, 8, 1)
    assert fate.repair.cost is not None
    assert fate.repair.cost.minor == 900_00


def test_a_plan_breaks_where_no_price_is_known(tmp_path: Path) -> None:
    (fate,) = compared(
        tmp_path,
        "name: Ada\nhours_per_week: 60\n",
        fees="  - {id: t, per: credit, amount: unknown}\n",
    ).students
    assert fate.is_broken
    assert fate.repair is not None
    assert fate.repair.finish is not None
    assert fate.repair.cost is None


def test_who_may_choose_elects_the_rules_that_end_first(tmp_path: Path) -> None:
    (fate,) = compared(tmp_path, "name: Ada\nhours_per_week: 60\n").students
    # Two courses in Fall and one in Spring, against one that runs in Summer only.
    assert fate.before.finish == dt.date(2027, 5, 1)
    assert fate.fresh.finish == dt.date(2027, 8, 1)
    assert fate.elect == "ms@2024-25"


def test_a_plan_that_serves_both_years_does_not_break(tmp_path: Path) -> None:
    (fate,) = compared(
        tmp_path, "name: Ada\nhours_per_week: 60\n", new=OLD.replace("2024-25", "2026-27")
    ).students
    assert not fate.is_broken
    assert fate.lost == ()
    assert fate.more == ()


def test_rules_that_are_not_complete_are_compared_and_not_planned(tmp_path: Path) -> None:
    answer = compared(
        tmp_path, "name: Ada\nhours_per_week: 60\n", new=f"completeness: partial\n{NEW}"
    )
    assert answer.changes
    (fate,) = answer.students
    assert "partial" in fate.note


def test_the_same_rules_twice_are_refused(tmp_path: Path) -> None:
    compared(tmp_path)
    with pytest.raises(UsageError) as error:
        compare_years("ms@2024-25", "ms@2024-25", today=TODAY, catalogs=(tmp_path / "own",))
    assert error.value.faults[0].code == "USE-011"
    with pytest.raises(UsageError) as error:
        compare_years("ms@2024-25", "1999", today=TODAY, catalogs=(tmp_path / "own",))
    assert error.value.faults[0].code == "USE-001"
