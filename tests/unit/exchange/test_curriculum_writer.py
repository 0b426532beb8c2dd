from __future__ import annotations

import csv
import io
from fractions import Fraction

import pytest

from prospectus.exchange.cells import as_read, written
from prospectus.exchange.curriculum import Curriculum, CurriculumCourse
from prospectus.exchange.curriculum_writer import credit_text, is_exact, write_curriculum


def course(number: int, **changes: object) -> CurriculumCourse:
    values: dict[str, object] = {"id": number, "name": f"C{number}", "credits": Fraction(3)}
    return CurriculumCourse(**(values | changes))  # type: ignore[arg-type]


def lines(curriculum: Curriculum) -> list[list[str]]:
    return list(csv.reader(io.StringIO(write_curriculum(curriculum))))


def test_the_head_stands_in_the_order_that_the_toolbox_reads():
    found = lines(Curriculum(name="W", plan="P", institution="I", courses=(course(1, term=1),)))
    assert [row[0] for row in found] == [
        "Curriculum",
        "Degree Plan",
        "Institution",
        "Degree Type",
        "System Type",
        "CIP",
        "Courses",
        "Course ID",
        "1",
    ]
    assert {len(row) for row in found} == {11}
    assert found[-2][-1] == "Term"


def test_a_curriculum_has_no_terms():
    found = lines(Curriculum(name="W", courses=(course(1), course(2, before=(1,)))))
    assert {len(row) for row in found} == {10}
    assert "Degree Plan" not in [row[0] for row in found]
    assert found[-1][4] == "1"


def test_additional_courses_stand_last_under_their_own_line():
    rows = (course(1, term=1, is_additional=True), course(2, term=1, before=(1,)))
    found = [row[0] for row in lines(Curriculum(name="W", plan="P", courses=rows))]
    assert found[-4:] == ["2", "Additional Courses", "Course ID", "1"]


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("Statistics", "Statistics"),
        ("=cmd|'/C calc'!A0", "'=cmd|'/C calc'!A0"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("'=1", "''=1"),
        ("'tis", "'tis"),
        ("two\nlines", "two lines"),
        ("\t=1", "'=1"),
    ],
)
def test_no_cell_is_a_formula(text: str, cell: str):
    assert written(text) == cell
    assert as_read(cell) == " ".join(text.split())


def test_credits_are_decimals_and_thirds_are_rounded():
    assert [credit_text(Fraction(n)) for n in ("3", "3/2", "8/3")] == ["3", "1.5", "2.667"]
    assert [is_exact(Fraction(n)) for n in ("3", "3/2", "8/3")] == [True, True, False]
