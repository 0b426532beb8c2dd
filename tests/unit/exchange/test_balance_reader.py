from __future__ import annotations

from pathlib import Path

import pytest

from prospectus.domain.balance import Criterion, Range
from prospectus.domain.errors import BalanceError, DataError
from prospectus.exchange.balance_reader import parse_balance, read_balance

CSPLIB = """\
p=3; /* periods */
a=1; b=9; // loads
c=1; d=4; % never closed: /* so
courses = { one, two,
  three };
credit = [4, 3, 2];
prereq = { <two , one>
  <three,one>};
"""
BACP = """\
 include "curriculum.mzn.model";
n_courses = 3;
n_periods = 2;
load_per_period_lb = 0;
load_per_period_ub = 9;
courses_per_period_lb = 1;
courses_per_period_ub = 2;
course_load = [4, 3, 2, ];
constraint prerequisite(3, 1);
"""
GBAC = """\
n_periods = 2 ; n_courses = 3 ; n_curricula = 2 ;
min_courses = 0 ; max_courses = 3 ;
n_precedences = 1 ; n_undesirables = 2 ;
w1 = 1; w2 = 2;
course_load = [4, 3, 2];
courses_of = [{1, 3}, 1..2];
precedes = array2d(precedences,1..2, [1, 3]);
undesirable = [| 2, 1 | 3, 2 |];
"""


def faults(text: str) -> list[tuple[str, int | None]]:
    with pytest.raises(BalanceError) as caught:
        parse_balance(text, "some.dat")
    return [(fault.code, fault.at.line) for fault in caught.value.faults]


def test_the_form_of_csplib_is_read() -> None:
    problem = parse_balance(CSPLIB, "small.dat")
    assert problem.name == "small"
    assert problem.criterion is Criterion.PEAK
    assert problem.courses == ("one", "two", "three")
    assert problem.loads == (4, 3, 2)
    assert problem.precedes == ((0, 1), (0, 2))
    assert (problem.load, problem.count) == (Range(least=1, most=9), Range(least=1, most=4))


def test_the_form_of_minizinc_bacp_is_read() -> None:
    problem = parse_balance(BACP, "small.mzn")
    assert problem.periods == ("1", "2")
    assert problem.precedes == ((0, 2),)
    assert [track.courses for track in problem.tracks] == [(0, 1, 2)]


def test_the_form_of_minizinc_gbac_is_read() -> None:
    problem = parse_balance(GBAC, "small.dzn")
    assert problem.criterion is Criterion.GBAC
    assert [track.courses for track in problem.tracks] == [(0, 2), (0, 1)]
    assert problem.precedes == ((0, 2),)
    assert problem.undesired == {(1, 0), (2, 1)}
    assert (problem.deviation_weight, problem.undesired_weight) == (1, 2)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (CSPLIB[: CSPLIB.index("3, 2]")], [("BAL-002", 6)]),
        (CSPLIB[: CSPLIB.index("prereq")], [("BAL-005", None)]),
        (CSPLIB.replace("<three,one>", "<three,ten>"), [("BAL-010", 8)]),
        (CSPLIB.replace("<three,one>", "<one,three>,<three,two>"), [("BAL-012", 8)]),
        (CSPLIB.replace("b=9", "b=0"), [("BAL-014", 2)]),
        (CSPLIB.replace("3, 2]", "3]"), [("BAL-007", 6)]),
        (CSPLIB.replace("three }", "one }"), [("BAL-010", 8), ("BAL-011", 5)]),
        (CSPLIB.replace("[4,", "[-4,"), [("BAL-013", 4)]),
        (CSPLIB.replace("p=3", "p=3.5"), [("BAL-001", 1)]),
        (CSPLIB.replace("p=3", "p=three"), [("BAL-006", 1)]),
        (CSPLIB + "p=4;", [("BAL-006", 9)]),
        (CSPLIB + "q=4;", [("BAL-004", 9)]),
        (CSPLIB.replace("p=3", "p=0"), [("BAL-009", None)]),
        ("", [("BAL-004", None)]),
        ("x = 3;", [("BAL-004", None)]),
        ("x = {{{{{{{{{{1}}}}}}}}}};", [("BAL-001", 1)]),
        ("x = @;", [("BAL-001", 1)]),
        (BACP.replace("prerequisite(3, 1)", "alldifferent(3, 1)"), [("BAL-006", 9)]),
        (GBAC.replace("n_precedences = 1", "n_precedences = 2"), [("BAL-007", 7)]),
        (GBAC.replace("| 3, 2 |", "| 3, 7 |"), [("BAL-015", 8)]),
        (GBAC.replace("{1, 3}", "{1, 1}"), [("BAL-017", 6)]),
        (GBAC.replace("{1, 3}", "{}"), [("BAL-017", 6)]),
        (GBAC.replace("w1 = 1", "w1 = 9999"), [("BAL-013", None)]),
    ],
)
def test_what_is_wrong_is_told_with_its_line(
    text: str, found: list[tuple[str, int | None]]
) -> None:
    assert sorted(faults(text), key=lambda item: item[0]) == found


def test_a_cycle_is_told_in_its_order() -> None:
    with pytest.raises(BalanceError) as caught:
        parse_balance(CSPLIB.replace("<three,one>", "<one,three>,<three,two>"), "x.dat")
    assert "one before two before three before one" in str(caught.value)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.dat"
    path.write_bytes(b"p=3;\n\xff\xfe")
    with pytest.raises(DataError) as caught:
        read_balance(path)
    assert [(f.code, f.at.line) for f in caught.value.faults] == [("EXC-004", 2)]
    assert "CSV" not in str(caught.value)


def test_every_prefix_of_a_file_is_refused_or_read() -> None:
    codes = set()
    for end in range(len(GBAC)):
        try:
            parse_balance(GBAC[:end], "cut.dzn")
        except BalanceError as error:
            codes |= {fault.code for fault in error.faults}
    assert codes == {"BAL-001", "BAL-002", "BAL-004", "BAL-005"}
