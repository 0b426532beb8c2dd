"""How conditions and selectors are read, and what is said of those that cannot be."""

from __future__ import annotations

import pytest

from prospectus.catalogs.expressions import (
    MAX_LENGTH,
    parse_expression,
    parse_point,
    parse_selector,
)
from prospectus.domain.errors import ExpressionError, Place
from prospectus.domain.expression import (
    And,
    AnyCourse,
    Approved,
    Both,
    CodeIs,
    CoursesOf,
    CreditsOf,
    Done,
    Except,
    InSet,
    LevelIs,
    NodeDone,
    NOf,
    Not,
    NumberIn,
    NumberLike,
    Or,
    PersonIs,
    SubjectIn,
    Timing,
    Union,
)
from prospectus.domain.printer import print_expression
from prospectus.domain.rule import PointKind, SpanUnit


def test_and_binds_tighter_than_or() -> None:
    assert parse_expression("CS 1001 or CS 1002 and CS 1003") == Or(
        items=(Done(code="CS 1001"), And(items=(Done(code="CS 1002"), Done(code="CS 1003"))))
    )


def test_in_selectors_and_binds_tighter_than_except_and_except_than_or() -> None:
    subject = SubjectIn(subjects=("CS",))
    assert parse_selector("level 4000 or any except subject CS and number 6000+") == Union(
        items=(
            LevelIs(level=4000),
            Except(of=AnyCourse(), without=Both(items=(subject, NumberIn(low=6000)))),
        )
    )


@pytest.mark.parametrize("spelling", ["CS 7641", "cs7641", "CS-7641", "cs  7641", "Cs_7641"])
def test_a_code_is_read_in_any_spelling(spelling: str) -> None:
    assert parse_expression(spelling) == Done(code="CS 7641")
    assert parse_selector(spelling) == CodeIs(code="CS 7641")


def test_words_behind_a_code_are_no_section() -> None:
    assert parse_expression("CS 6601 or CS 7641 O08") == Or(
        items=(Done(code="CS 6601"), Done(code="CS 7641 O08"))
    )
    assert parse_expression("OR 541 and IE 500") == And(
        items=(Done(code="OR 541"), Done(code="IE 500"))
    )


def test_a_subject_of_one_letter_or_with_underscores_is_no_word() -> None:
    for spelling in ("D 596", "D596", "d-596"):
        assert parse_expression(spelling) == Done(code="D 596")
        assert parse_selector(spelling) == CodeIs(code="D 596")
    assert parse_expression("MS_DSP 400 [B] and or_dsp 410") == And(
        items=(Done(code="MS_DSP 400", min_grade="B"), Done(code="OR_DSP 410"))
    )
    assert parse_expression("concurrent D 596 or B 500 [B]") == Or(
        items=(Done(code="D 596", timing=Timing.CONCURRENT), Done(code="B 500", min_grade="B"))
    )
    assert parse_expression("done(MS_DSP-400)") == NodeDone(node="MS_DSP-400")
    assert parse_expression("done(D 596)") == NodeDone(node="D 596")
    assert parse_selector("subject D, MS_DSP") == SubjectIn(subjects=("D", "MS_DSP"))
    assert parse_selector("number 5x6 or x 596") == Union(
        items=(NumberLike(pattern="5x6"), CodeIs(code="X 596"))
    )


def test_inside_an_expression_of_takes_one_term_or_parentheses() -> None:
    assert parse_expression("18 credits of set core and CS 1001") == And(
        items=(CreditsOf(credits=18, of=InSet(name="core")), Done(code="CS 1001"))  # type: ignore[arg-type]
    )
    inner = parse_expression("18 credits of (set core and number 500-590)")
    assert isinstance(inner, CreditsOf)
    assert isinstance(inner.of, Both)


def test_a_list_inside_n_of_is_no_list_of_subjects() -> None:
    assert parse_expression("2 of (3 courses of subject CS, CS 1001)") == NOf(
        n=2,
        items=(CoursesOf(courses=3, of=SubjectIn(subjects=("CS",))), Done(code="CS 1001")),
    )


def test_a_list_of_texts_is_their_union() -> None:
    assert parse_selector(["CS 1001", "set core"]) == Union(
        items=(CodeIs(code="CS 1001"), InSet(name="core"))
    )
    assert parse_selector(["CS 1001"]) == CodeIs(code="CS 1001")


def test_approval_stands_before_what_it_admits() -> None:
    found = parse_selector('approval("topics") of subject CS and number 8803')
    assert isinstance(found, Approved)
    assert isinstance(found.of, Both)


def test_a_node_may_be_named_by_a_course_of_its_own() -> None:
    assert parse_expression("done(CS6515) or done( CS 6515 )") == Or(
        items=(NodeDone(node="CS6515"), NodeDone(node="CS 6515"))
    )


def test_parts_dates_floors_and_timing() -> None:
    found = parse_expression('concurrent CS 8803 "robots" [B-] since 2016-08-01')
    assert isinstance(found, Done)
    assert (found.topic, found.min_grade, found.timing) == ("robots", "B-", Timing.CONCURRENT)
    assert str(found.since) == "2016-08-01"
    assert parse_expression("SIADS 696/2") == Done(code="SIADS 696", part=2)


def test_points_are_read() -> None:
    point = parse_point("conferral - 12 months")
    assert point.kind is PointKind.CONFERRAL
    assert point.span is not None
    assert (point.span.n, point.span.unit) == (12, SpanUnit.MONTH)
    assert parse_point("3 courses finished of set core").courses == 3


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("CS 6601 CS 7641", "EXP-001", "column 12"),
        ("CS 6601 AND CS 7641", "EXP-001", "`and` in lower case"),
        ("CS 6601 && CS 7641", "EXP-001", "write `and` or `or`"),
        ('background(linear algebra) or test("x") >= 3', "EXP-001", "in quotes"),
        ("CS 6601 and", "EXP-002", "a course code"),
        ("(CS 6601", "EXP-002", "`)`"),
        ("CS 6601 or " * 500 + "CS 6601", "EXP-003", str(MAX_LENGTH)),
        ("(" * 40 + "CS 6601" + ")" * 40, "EXP-004", "deep"),
        ("  ", "EXP-005", "empty"),
        ("TOOLONGSUBJECT 6601", "EXP-001", "column 1"),
        ("CS 6601 since 2016-13-01", "EXP-007", "there is no day"),
        ("gpa < 3", "EXP-007", ">="),
        ("1.5 of (CS 6601, CS 7641)", "EXP-007", "whole number"),
        ("CS 6601/0", "EXP-007", "counted from 1"),
        ("3/0 credits", "EXP-007", "divide"),
        ("done( )", "EXP-007", "node"),
        ("3 of (CS 6601, CS 7641)", "EXP-008", "at most 2"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(text: str, code: str, words: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse_expression(text, Place(file="f.yaml", line=3, field="requires"))
    fault = caught.value.faults[0]
    assert fault.code == code
    assert words in fault.what + fault.fix
    assert fault.at.line == 3


@pytest.mark.parametrize(
    ("value", "code"),
    [(None, "EXP-009"), (7, "EXP-009"), (True, "EXP-009"), ({}, "EXP-009"), ([], "EXP-005"),
     ("number 590-500", "EXP-007"), ("any " + "except CS 1001 " * 30, "EXP-004")],
)  # fmt: skip
def test_what_is_no_selector_is_refused(value: object, code: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse_selector(value)
    assert caught.value.faults[0].code == code


def test_every_bad_entry_of_a_list_is_told() -> None:
    with pytest.raises(ExpressionError) as caught:
        parse_selector(["CS 1001", "foo", "set", 3])
    assert [fault.code for fault in caught.value.faults] == ["EXP-001", "EXP-002", "EXP-009"]


def test_a_fact_of_the_person_may_be_one_of_several() -> None:
    found = parse_expression('not person(residence) in ("Iowa", MN)')
    either = Or(items=tuple(PersonIs(fact="residence", value=one) for one in ("US-IA", "US-MN")))
    assert found == Not(item=either)
    assert parse_expression(print_expression(found)) == found
    assert parse_expression("person(visa) in (F)") == PersonIs(fact="visa", value="F")
