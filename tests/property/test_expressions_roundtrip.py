"""Laws of the grammar: what is printed is read back the same, and reading never fails wildly."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from prospectus.catalogs.expressions import parse_expression, parse_point, parse_selector
from prospectus.domain import expression as ex
from prospectus.domain.course import parse_code
from prospectus.domain.errors import ExpressionError
from prospectus.domain.printer import print_expression, print_point, print_selector
from prospectus.domain.requirement import NodeId
from prospectus.domain.rule import Point, PointKind, Span, SpanUnit

WORDS = ("OR", "OF", "AND", "NOT", "AREA", "ANY", "GRADE", "CREDITS")
subjects = st.one_of(
    st.text("ABCDEFG&", min_size=2, max_size=5),
    st.sampled_from("ABDEFGSX"),
    st.from_regex(r"[A-G&][A-G&_]{1,8}[A-G&]", fullmatch=True),
    # Words of the language, in capitals or as a part of a subject.
    st.sampled_from([*WORDS, "OR_X", "X_OF", "A_AND_B", "NOT_A", "X_ANY"]),
)
codes = st.one_of(
    st.builds(
        lambda subject, number, suffix, section: parse_code(
            f"{subject} {number}{suffix}" + (f" {section}" if section else "")
        ),
        subjects,
        st.integers(10, 99999),
        st.sampled_from(["", "A", "LX"]),
        st.sampled_from(["", "O08", "001", "OAN"]),
    ),
    st.from_regex(r"~[a-z][a-z0-9-]{0,6}", fullmatch=True).map(parse_code),
)
texts = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=12)
names = st.one_of(st.from_regex(r"[a-z_][a-z0-9_.-]{0,8}", fullmatch=True), texts)
nodes = st.one_of(st.from_regex(r"[a-z][a-z0-9/_-]{0,8}", fullmatch=True), codes)
grades = st.one_of(
    st.sampled_from(["A", "B-", "C+", "Pass", "60", "1.7", "very good"]), st.just("1,3")
)
numbers = st.fractions(min_value=0, max_value=999, max_denominator=12)
wholes = st.integers(0, 9999)
compares = st.sampled_from(list(ex.Compare))
attributes = st.sampled_from(
    [a for a in ex.Attribute if a not in (ex.Attribute.CODE, ex.Attribute.SUBJECT)]
)


def pairs(inner: st.SearchStrategy[ex.Selector]) -> st.SearchStrategy[tuple[ex.Selector, ...]]:
    return st.lists(inner, min_size=2, max_size=3).map(tuple)


simple_selectors = st.one_of(
    st.just(ex.AnyCourse()),
    st.builds(ex.CodeIs, code=codes, topic=st.none() | texts, min_grade=st.none() | grades),
    st.builds(ex.SubjectIn, subjects=st.lists(subjects, min_size=1, max_size=3).map(tuple)),
    st.builds(lambda low, more: ex.NumberIn(low=low, high=low + more), wholes, wholes),
    st.builds(ex.NumberIn, low=wholes),
    st.builds(ex.NumberLike, pattern=st.sampled_from(["41xx", "5x0", "x8xx"])),
    st.builds(ex.LevelIs, level=wholes, compare=compares),
    st.builds(ex.Has, attribute=attributes, value=names),
    st.builds(ex.GradeIs, compare=compares, grade=grades),
    st.builds(ex.CreditsAre, compare=compares, credits=numbers),
    st.builds(ex.InSet, name=names),
    st.builds(ex.InNode, node=nodes),
)
selectors = st.recursive(
    simple_selectors,
    lambda inner: st.one_of(
        st.builds(ex.Union, items=pairs(inner)),
        st.builds(ex.Both, items=pairs(inner)),
        st.builds(ex.Except, of=inner, without=inner),
        st.builds(ex.Approved, approval=texts, of=inner),
    ),
    max_leaves=8,
)
simple_expressions = st.one_of(
    st.builds(
        ex.Done,
        code=codes,
        topic=st.none() | texts,
        min_grade=st.none() | grades,
        since=st.none() | st.dates(dt.date(1990, 1, 1), dt.date(2040, 1, 1)),
        part=st.none() | st.integers(1, 4),
        timing=st.sampled_from(list(ex.Timing)),
    ),
    st.builds(ex.CreditsOf, credits=numbers, of=st.none() | selectors),
    st.builds(ex.CoursesOf, courses=wholes, of=selectors, at=st.none() | texts),
    st.builds(ex.GpaIs, at_least=numbers, of=st.none() | selectors),
    st.builds(ex.NodeDone, node=nodes),
    st.builds(ex.Member, program=names),
    st.builds(ex.HasDegree, level=names, field=st.none() | texts),
    st.builds(ex.TestIs, name=texts, at_least=numbers),
    st.builds(ex.Background, topic=texts),
    st.builds(ex.Approval, who=texts),
    st.builds(ex.PersonIs, fact=names, value=texts),
)
expressions = st.recursive(
    simple_expressions,
    lambda inner: st.one_of(
        st.builds(ex.And, items=st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.builds(ex.Or, items=st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.lists(inner, min_size=1, max_size=4).flatmap(
            lambda items: st.integers(1, len(items)).map(lambda n: ex.NOf(n=n, items=tuple(items)))
        ),
        st.builds(ex.Not, item=inner),
        st.builds(ex.Soft, kind=st.sampled_from(list(ex.Softness)), item=inner),
    ),
    max_leaves=8,
)
spans = st.builds(Span, n=st.integers(0, 99), unit=st.sampled_from(list(SpanUnit)))
points = st.one_of(
    st.builds(Point, kind=st.just(PointKind.MATRICULATION), span=st.none() | spans),
    st.builds(Point, kind=st.just(PointKind.CONFERRAL), span=st.none() | spans),
    st.builds(Point, kind=st.just(PointKind.FINISHED), credits=numbers, of=st.none() | selectors),
    st.builds(Point, kind=st.just(PointKind.FINISHED), courses=wholes, of=st.none() | selectors),
    st.builds(
        Point,
        kind=st.sampled_from([PointKind.NODE_START, PointKind.NODE_END]),
        node=nodes.map(NodeId),
    ),
)


@given(selectors)
@settings(max_examples=150, deadline=None)
def test_a_selector_is_read_back_as_it_was_printed(selector: ex.Selector) -> None:
    text = print_selector(selector)
    assert parse_selector(text) == selector
    assert print_selector(parse_selector(text)) == text


@given(expressions)
@settings(max_examples=150, deadline=None)
def test_an_expression_is_read_back_as_it_was_printed(expression: ex.Expression) -> None:
    text = print_expression(expression)
    assert parse_expression(text) == expression


@given(points)
@settings(deadline=None)
def test_a_point_is_read_back_as_it_was_printed(point: Point) -> None:
    assert parse_point(print_point(point)) == point


@given(st.text(max_size=60) | st.lists(st.sampled_from(
    ["CS 6601", "and", "or", "(", ")", "not", "2 of", ",", "18", "credits", "of", "any", "[B]",
     '"x"', "gpa >=", "except", "subject", "/1", "since", "~a", "level", "node(", "done("]
)).map(" ".join))  # fmt: skip
@settings(max_examples=150, deadline=None)
def test_whatever_is_written_is_read_or_refused_with_a_fault(text: str) -> None:
    for parse in (parse_expression, parse_selector, parse_point):
        try:
            parse(text)
        except ExpressionError as error:
            fault = error.faults[0]
            assert fault.code.startswith("EXP-")
            assert fault.what
            assert fault.fix


@given(codes, st.sampled_from([" ", "-", "", "  "]), st.booleans())
@settings(deadline=None)
def test_a_code_is_read_in_any_spelling(code: str, gap: str, is_lower: bool) -> None:
    spelled = code if code.startswith("~") or code.count(" ") > 1 else code.replace(" ", gap)
    spelled = spelled.lower() if is_lower else spelled
    # A subject that is a word of the language stands in capitals.
    if is_lower and code.split(" ")[0] in WORDS:
        return
    # A section of letters alone does too, or it could be a word such as `or`.
    if code.count(" ") > 1 and is_lower and not any(c.isdigit() for c in code.split(" ")[2]):
        return
    assert parse_selector(spelled) == ex.CodeIs(code=code)
    assert parse_expression(spelled) == ex.Done(code=code)


@given(numbers)
def test_numbers_print_exactly(number: Fraction) -> None:
    text = print_expression(ex.CreditsOf(credits=number))
    assert parse_expression(text) == ex.CreditsOf(credits=number)
