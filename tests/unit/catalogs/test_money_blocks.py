"""The `money:` block of a student file."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from pathlib import Path

import pytest

from prospectus.catalogs.student_file import read_student
from prospectus.domain.aid import EmployerAid
from prospectus.domain.course import CourseCode
from prospectus.domain.errors import StudentError
from prospectus.domain.facts import Money
from prospectus.domain.student import Level, Wishes
from prospectus.domain.wish import IfApproved

TODAY = dt.date(2026, 8, 1)


def wishes(folder: Path, text: str) -> Wishes:
    path = folder / "me.yaml"
    path.write_text(f"format: 1\nplan_from: 2026-08-20\n{text}", encoding="utf-8")
    return read_student(path, TODAY).student.wishes


def usd(amount: int) -> Money:
    return Money(minor=amount * 100, currency="USD")


def test_an_employer_s_aid_is_read_with_all_its_conditions(tmp_path: Path) -> None:
    found = wishes(
        tmp_path,
        "money:\n"
        "  employer: {per_year: USD 5250, min_grade: B, paid_after_days: 45,\n"
        "             carry_over: yes, covers: [Tuition]}\n"
        "  out_of_pocket: {total: 9000, per_year: {2027: 1000, every: 2000}}\n"
        "  rates_grow: 3%\n"
        "objectives: [out_of_pocket]\n",
    )
    assert found.aid == EmployerAid(
        per_year=usd(5250),
        min_grade="B",
        paid_after_days=45,
        carry_over=True,
        covers=frozenset({"tuition"}),
    )
    assert found.pocket_total == usd(9000)
    assert found.pocket_by_year == ((2027, usd(1000)), (None, usd(2000)))
    assert found.rates_grow == Fraction(3, 100)
    assert found.levels[0] is Level.OUT_OF_POCKET


def test_without_an_employer_nothing_is_paid_back_and_rates_stay_flat(tmp_path: Path) -> None:
    found = wishes(tmp_path, "money: {per_year: 5250}\n")
    assert (found.aid, found.rates_grow, found.limits_pocket) == (None, None, False)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("money: {employer: {min_grade: B}}", "STU-003"),
        ("money: {employer: {per_year: 5, paid_after_days: -1}}", "STU-004"),
        ("money: {total: USD 5, employer: {per_year: EUR 5}}", "STU-010"),
        ("money: {rates_grow: 3}", "STU-004"),
        ("money: {out_of_pocket: {every: 5}}", "STU-002"),
        ("money: {out_of_pocket: {total: -5}}", "STU-005"),
    ],
)
def test_what_does_not_fit_is_told(tmp_path: Path, text: str, code: str) -> None:
    with pytest.raises(StudentError) as caught:
        wishes(tmp_path, text)
    assert [fault.code for fault in caught.value.faults] == [code]


def test_courses_that_wait_for_an_approval_are_read(tmp_path: Path) -> None:
    found = wishes(tmp_path, "wishes: {if_approved: {cs8903: advisor}}\n")
    assert found.about == (IfApproved(course=CourseCode("CS 8903"), who="advisor"),)
