"""Texts built along the grammar, and broken ones, are read or refused with a listed fault."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fuzz.seeds import check_faults, expressions

from prospectus.catalogs.expressions import parse_expression, parse_point, parse_selector
from prospectus.domain.errors import ExpressionError
from prospectus.domain.printer import print_expression, print_point, print_selector

NUMBERS = st.sampled_from(["0", "1", "2", "18", "8/3", "1/0", "1.5", "9" * 19, "9" * 30, "007"])
CODES = st.sampled_from(
    [
        *("CS 6601", "cs-7641", "CS 8803 O08", "~arch-1", "EN.605.645", "CSC 101_NO", "A 1", "x41"),
        "D" + "." * 80 + "598",
    ]
)
ATOMS = st.one_of(
    CODES,
    CODES.map(lambda code: f"{code} [B-]"),
    NUMBERS.map(lambda n: f"{n} credits"),
    NUMBERS.map(lambda n: f"{n} courses of subject CS"),
    NUMBERS.map(lambda n: f"gpa >= {n}"),
    NUMBERS.map(lambda n: f"CS 6601/{n}"),
    NUMBERS.map(lambda n: f"matriculation + {n} terms"),
    NUMBERS.map(lambda n: f"{n} credits finished"),
    st.sampled_from(
        [
            *('background("x")', "done(a/b)", "set s", "node(n)", "number 500+", "number 9-1"),
            *("any", "number 41xx", "grade >= B", "level 6", "start(x)", "'", '"'),
            "CS 1 since 2026-02-30",
        ]
    ),
)
TEXTS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from([" and ", " or ", " except ", " ", ", "]), inner).map(
            "".join
        ),
        inner.map(lambda text: f"({text})"),
        inner.map(lambda text: f"not {text}"),
        inner.map(lambda text: f"recommended({text})"),
        st.tuples(NUMBERS, inner, inner).map(lambda p: f"{p[0]} of ({p[1]}, {p[2]})"),
        st.tuples(NUMBERS, inner).map(lambda p: f"{p[0]} credits of ({p[1]})"),
    ),
    max_leaves=10,
)
READERS = (
    (parse_expression, print_expression),
    (parse_selector, print_selector),
    (parse_point, print_point),
)


def hold(text: str) -> None:
    for parse, print_tree in READERS:
        try:
            tree = parse(text)
        except ExpressionError as error:
            check_faults(error.faults)
            continue
        assert parse(print_tree(tree)) == tree  # type: ignore[operator]


@given(TEXTS)
@settings(max_examples=250, deadline=None)
def test_a_text_along_the_grammar_is_read_back_or_refused(text: str) -> None:
    hold(text)


@given(st.sampled_from(expressions()), st.integers(0, 400), st.integers(0, 6), st.text(max_size=6))
@settings(max_examples=250, deadline=None)
def test_a_bundled_expression_with_a_slip_in_it_is_read_back_or_refused(
    text: str, start: int, length: int, scrap: str
) -> None:
    hold(text[:start] + scrap + text[start + length :])
