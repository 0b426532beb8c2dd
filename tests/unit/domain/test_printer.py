"""The canonical spelling of expressions, selectors, points and numbers."""

from __future__ import annotations

from fractions import Fraction

import pytest

from prospectus.domain.expression import (
    And,
    AnyCourse,
    Approval,
    Approved,
    Both,
    CodeIs,
    CoursesOf,
    CreditsOf,
    Done,
    Except,
    Expression,
    InSet,
    Not,
    NumberIn,
    Or,
    PersonIs,
    Selector,
    SubjectIn,
    Union,
)
from prospectus.domain.printer import (
    print_code,
    print_expression,
    print_number,
    print_point,
    print_selector,
)
from prospectus.domain.rule import Point, PointKind, Span, SpanUnit

A, B, C = (Done(code=f"CS {number}") for number in (1001, 1002, 1003))
CS = SubjectIn(subjects=("CS",))
HIGH = NumberIn(low=6000)


@pytest.mark.parametrize(
    ("number", "text"),
    [("3", "3"), ("3/2", "1.5"), ("8/3", "8/3"), ("1/8", "0.125"), ("-1/2", "-0.5"), ("0", "0")],
)
def test_a_number_is_a_decimal_where_a_short_one_is_exact(number: str, text: str) -> None:
    assert print_number(Fraction(number)) == text


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (Or(items=(A, And(items=(B, C)))), "CS 1001 or CS 1002 and CS 1003"),
        (And(items=(Or(items=(A, B)), C)), "(CS 1001 or CS 1002) and CS 1003"),
        (And(items=(And(items=(A, B)), C)), "(CS 1001 and CS 1002) and CS 1003"),
        (Not(item=Not(item=PersonIs(fact="visa", value="F"))), 'not (not person(visa) is "F")'),
        (CreditsOf(credits=Fraction(1), of=CS), "1 credit of subject CS"),
        (
            CoursesOf(courses=2, of=Both(items=(CS, HIGH))),
            "2 courses of (subject CS and number 6000+)",
        ),
        (Approval(who='the "chair"'), 'approval("the \\"chair\\"")'),
    ],
)
def test_an_expression_has_parentheses_only_where_they_change_it(
    expression: Expression, text: str
) -> None:
    assert print_expression(expression) == text


@pytest.mark.parametrize(
    ("selector", "text"),
    [
        (
            Except(of=AnyCourse(), without=Both(items=(CS, HIGH))),
            "any except subject CS and number 6000+",
        ),
        (
            Except(of=AnyCourse(), without=Except(of=CS, without=HIGH)),
            "any except (subject CS except number 6000+)",
        ),
        (
            Both(items=(Union(items=(CS, HIGH)), InSet(name="core"))),
            "(subject CS or number 6000+) and set core",
        ),
        (
            Union(items=(CodeIs(code="CS 1001", min_grade="B-"), InSet(name="two words"))),
            'CS 1001 [B-] or set "two words"',
        ),
        (
            Approved(approval="chair", of=Union(items=(CS, HIGH))),
            'approval("chair") of (subject CS or number 6000+)',
        ),
    ],
)
def test_a_selector_has_parentheses_only_where_they_change_it(
    selector: Selector, text: str
) -> None:
    assert print_selector(selector) == text


def test_points_and_codes_print_as_they_are_written() -> None:
    year = Span(n=1, unit=SpanUnit.YEAR)
    assert print_point(Point(kind=PointKind.CONFERRAL, span=year)) == "conferral - 1 year"
    assert print_point(Point(kind=PointKind.FINISHED, courses=3)) == "3 courses finished"
    assert print_code("CS 8803", "robots", "A+") == 'CS 8803 "robots" [A+]'
