"""Curricula of other programs: what is read, what is left, what is refused, and where."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from prospectus.domain.errors import ExchangeError
from prospectus.exchange.curriculum import Curriculum
from prospectus.exchange.curriculum_reader import (
    MOST_ROWS,
    CurriculumRead,
    parse_curriculum,
    read_curriculum,
)

COLUMNS = (
    "Course ID,Course Name,Prefix,Number,Prerequisites,Corequisites,Strict-Corequisites,"
    "Credit Hours,Institution,Canonical Name"
)
HEAD = "Curriculum,Weaving,,,,,,,,\nSystem Type,semester\nCourses,,,,,,,,,\n"
PLAN = f"Curriculum,Weaving\nDegree Plan,Four terms\nCourses\n{COLUMNS},Term\n"


def read(*rows: str, head: str = HEAD + COLUMNS + "\n") -> CurriculumRead:
    return parse_curriculum(head + "".join(f"{row}\n" for row in rows), "c.csv")


def curriculum(*rows: str, head: str = HEAD + COLUMNS + "\n") -> Curriculum:
    return read(*rows, head=head).curriculum


def faults(text: str) -> list[tuple[str, int | None]]:
    with pytest.raises(ExchangeError) as error:
        parse_curriculum(text, "c.csv")
    assert all(fault.fix and fault.at.file == "c.csv" for fault in error.value.faults)
    return [(fault.code, fault.at.line) for fault in error.value.faults]


def refused(*rows: str, head: str = HEAD + COLUMNS + "\n") -> list[tuple[str, int | None]]:
    return faults(head + "".join(f"{row}\n" for row in rows))


def test_the_three_kinds_of_requisite_are_told_apart():
    found = curriculum(
        "1,Yarn,BW,110,,,,3,Here,Yarn I",
        "2,Loom,BW,111,,,,1.5,,",
        "3,Cloth,BW,112,1,2,,3,,",
        "4,Cloth lab,BW,112L,1;2,,3,1,,",
    )
    cloth, lab = found.courses[2:]
    assert (cloth.before, cloth.beside, cloth.together) == ((1,), (2,), ())
    assert (lab.before, lab.beside, lab.together) == ((1, 2), (), (3,))
    assert found.courses[1].credits == Fraction(3, 2)
    assert found.courses[0].canonical_name == "Yarn I"
    assert (found.name, found.plan, found.system) == ("Weaving", None, "semester")


@pytest.mark.parametrize("between", [";", ".", ",", ":", "; ", ";;"])
def test_ids_may_stand_between_what_the_toolbox_reads(between: str):
    found = curriculum("1,A,,,,,,3", "2,B,,,,,,3", f'3,C,,,"1{between}2",,,3')
    assert found.courses[2].before == (1, 2)


def test_a_degree_plan_has_terms_and_courses_outside_the_curriculum():
    found = curriculum(
        "1,A,,,,,,3,,,1",
        "Additional Courses",
        f"{COLUMNS},Term",
        "7,B,,,1,,,3,,,2",
        head=PLAN,
    )
    assert found.plan == "Four terms"
    assert [(c.id, c.term, c.is_additional) for c in found.courses] == [
        (1, 1, False),
        (7, 2, True),
    ]


def test_empty_rows_comments_and_byte_order_marks_are_passed_over(tmp_path: Path):
    path = tmp_path / "c.csv"
    text = f"{HEAD}\n,,,\n#,note\n{COLUMNS}\n\n1,A,,,,,,3\n"
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert [course.name for course in read_curriculum(path).curriculum.courses] == ["A"]


def test_a_head_torn_at_its_commas_is_joined():
    head = f"Curriculum,Weaving, online,,\nCourses\n{COLUMNS}\n"
    assert curriculum("1,A,,,,,,3", head=head).name == "Weaving, online"


def test_what_is_not_read_is_counted():
    found = read(
        "1,A,,,,,,3,,,7,9",
        "Course Learning Outcomes,,,",
        "Course ID,Learning Outcome ID,Learning Outcome",
        "1,1,Weave",
        "1,2,Spin",
        head=f"Curriculum,Weaving\nOwner,me\nCourses\n{COLUMNS},Term,Complexity\n",
    )
    assert [(loss.what.split()[0], loss.n) for loss in found.losses] == [
        ("lines", 1),
        ("columns", 1),
        ("terms", 1),
        ("learning", 2),
    ]


def test_a_cell_like_a_formula_is_a_text():
    assert curriculum("1,=cmd|' /C calc'!A0,,,,,,3").courses[0].name == "=cmd|' /C calc'!A0"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", [("EXC-005", None)]),
        ("a,b\n1,2\n", [("EXC-005", 1)]),
        ("<html>\n", [("EXC-005", 1)]),
        ("Curriculum,\nCourses\n" + COLUMNS + "\n1,A,,,,,,3\n", [("EXC-005", 1)]),
        ("Curriculum,W\nInstitution,X\n", [("EXC-006", 2)]),
        ("Curriculum,W\nCourses\n", [("EXC-006", 2)]),
        (HEAD + COLUMNS, [("EXC-006", 4)]),
        (HEAD + COLUMNS + '\n1,"A,,,,,,3\n2,B,,,,,,3\n', [("EXC-007", 5)]),
        (HEAD + '1,A"b"c,d\n1,"A"x,3\n', [("EXC-007", 5)]),
        (HEAD + "Course ID,Course Name\n1,A\n", [("EXC-008", 4)]),
        (HEAD + COLUMNS + ",Prefix\n1,A,,,,,,3\n", [("EXC-008", 4)]),
        (f"Curriculum,W\nSystem Type,trimester\nCourses\n{COLUMNS}\n", [("EXC-016", 2)]),
    ],
)
def test_a_file_that_is_not_of_the_format_is_refused_with_its_line(
    text: str, found: list[tuple[str, int | None]]
):
    assert faults(text) == found


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (["x,A,,,,,,3"], [("EXC-009", 5)]),
        ([",A,,,,,,3"], [("EXC-009", 5)]),
        (["0,A,,,,,,3"], [("EXC-009", 5)]),
        (["1,A,,,,,,3", "1,B,,,,,,3"], [("EXC-010", 6)]),
        (["1,,,,,,,3"], [("EXC-011", 5)]),
        (["1,A,,,,,,"], [("EXC-011", 5)]),
        (["1,A,B"], [("EXC-011", 5)]),
        (["1,A,,,,,,-3"], [("EXC-011", 5)]),
        (["1,A,,,,,,1e9"], [("EXC-011", 5)]),
        (["1,A,,,BW 110,,,3"], [("EXC-012", 5)]),
        (["1,A,,,4,,,3"], [("EXC-013", 5)]),
        (["1,A,,,1,,,3"], [("EXC-014", 5)]),
        (["1,A,,,2,,,3", "2,B,,,1,,,3"], [("EXC-014", 5)]),
        (["1,A,,,,,,3", "Additional Courses", COLUMNS, "2,B,,,,,,3"], [("EXC-015", 6)]),
        (["x,A,,,,,,y", "1,,,,,,,3"], [("EXC-009", 5), ("EXC-011", 5), ("EXC-011", 6)]),
    ],
)
def test_a_row_that_cannot_be_is_refused_with_its_line(
    rows: list[str], found: list[tuple[str, int | None]]
):
    assert refused(*rows) == found


@pytest.mark.parametrize("term", ["", "0", "x", "1000"])
def test_a_course_of_a_plan_stands_in_a_term(term: str):
    assert refused(f"1,A,,,,,,3,,,{term}", head=PLAN) == [("EXC-015", 5)]


def test_courses_that_run_side_by_side_may_wait_for_each_other():
    #   1 <-> 2 (corequisites), 3 <-> 4 (strict)
    found = curriculum("1,A,,,,2,,3", "2,B,,,,1,,3", "3,C,,,,,4,3", "4,D,,,,,3,3")
    assert len(found.courses) == 4


def test_a_strict_corequisite_that_must_come_before_is_a_circle():
    #   2 after 1, 1 after 3, and 3 together with 2
    rows = ["1,A,,,3,,,3", "2,B,,,1,,,3", "3,C,,,,,2,3"]
    assert refused(*rows) == [("EXC-014", 5)]


def test_a_circle_is_named_in_order():
    with pytest.raises(ExchangeError, match="A needs C needs B needs A"):
        curriculum("1,A,,,3,,,3", "2,B,,,1,,,3", "3,C,,,2,,,3")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\xff\xfeC\x00u\x00", "EXC-004"),
        ("Curriculum,Caf\u00e9\n".encode("latin-1"), "EXC-004"),
        (b"Curriculum,W\x00\n", "EXC-004"),
        (b"Curriculum,W\n" * 500_000, "EXC-003"),
    ],
)
def test_what_is_no_text_or_too_large_is_refused(tmp_path: Path, data: bytes, code: str):
    path = tmp_path / "c.csv"
    path.write_bytes(data)
    with pytest.raises(ExchangeError) as error:
        read_curriculum(path)
    assert [fault.code for fault in error.value.faults] == [code]


def test_a_wrong_byte_is_found_on_its_line(tmp_path: Path):
    path = tmp_path / "c.csv"
    path.write_bytes(b"Curriculum,W\nInstitution,Universit\xe9\n")
    with pytest.raises(ExchangeError) as error:
        read_curriculum(path)
    assert error.value.faults[0].at.line == 2


def test_no_file_and_a_folder_are_refused(tmp_path: Path):
    for path, code in ((tmp_path / "none.csv", "EXC-001"), (tmp_path, "EXC-002")):
        with pytest.raises(ExchangeError) as error:
            read_curriculum(path)
        assert error.value.faults[0].code == code


def test_rows_and_cells_are_bounded():
    assert refused(*[f"{n},A,,,,,,3" for n in range(1, MOST_ROWS + 2)])[0][0] == "EXC-003"
    assert refused(f"1,{'A' * 5000},,,,,,3") == [("EXC-003", 5)]
    assert refused("1" + "," * 500) == [("EXC-003", 5)]


def test_a_long_chain_of_requisites_is_read():
    rows = ["1,A,,,,,,3"] + [f"{n},A,,,{n - 1},,,3" for n in range(2, 3000)]
    assert len(curriculum(*rows).courses) == 2999
