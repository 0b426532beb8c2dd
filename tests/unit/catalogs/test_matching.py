"""Which courses a selector covers by what the catalog says of them."""

from __future__ import annotations

from fractions import Fraction

import pytest

from prospectus.catalogs.expressions import parse_selector
from prospectus.catalogs.matching import Candidate, covers, select
from prospectus.domain.course import Course, CourseCode, Delivery

COURSES = [
    Course(
        code=CourseCode(code),
        title=title,
        credits_low=Fraction(low),
        credits_high=Fraction(high),
        topics=frozenset(topics),
        unknown=frozenset(unknown),
        delivery=delivery,
    )
    for code, title, low, high, topics, unknown, delivery in [
        ("CS 4100", "Old", 3, 3, ["vision"], [], Delivery.ASYNC),
        ("CS 6100", "New", 3, 3, [], [], Delivery.SYNC),
        ("CSE 6200", "Wide", 1, 3, [], ["topics"], Delivery.UNKNOWN),
        ("~own", "Own", 3, 3, [], [], Delivery.ASYNC),
    ]
]
CANDIDATES = [
    *(Candidate(code=course.code, course=course) for course in COURSES),
    Candidate(code=CourseCode("MATH 6300"), course=None),
]
SETS = {"mine": parse_selector(["CS 4100", "MATH 6300"])}
LEAVES = {"leaf": (parse_selector("subject CS"), parse_selector("~own"))}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("any", "CS 4100|CS 6100|CSE 6200|~own|MATH 6300"),
        ("cs6100", "CS 6100"),
        ("subject CS, CSE", "CS 4100|CS 6100|CSE 6200"),
        ("number 6000+", "CS 6100|CSE 6200|MATH 6300"),
        ("number 4000-6150", "CS 4100|CS 6100"),
        ("number 61xx", "CS 6100"),
        ("level 6000", "CS 6100|CSE 6200|MATH 6300|~own"),
        ('topic "vision"', "CS 4100|CSE 6200|MATH 6300"),
        ("delivery sync", "CS 6100|CSE 6200|MATH 6300"),
        ('title "Own"', "~own|MATH 6300"),
        ("credits >= 3", "CS 4100|CS 6100|CSE 6200|~own|MATH 6300"),
        ("set mine", "CS 4100|MATH 6300"),
        ("node(leaf)", "CS 4100|CS 6100|~own"),
        ("any except set mine", "CS 6100|CSE 6200|~own"),
        ("subject CS and grade >= B", "CS 4100|CS 6100"),
        ('approval("chair") of subject CSE', "CSE 6200"),
        ("CS 4100 or CSE 6200", "CS 4100|CSE 6200"),
        ("set unheard-of", ""),
    ],
)
def test_a_selector_covers_what_nothing_rules_out(text: str, expected: str) -> None:
    found = select(parse_selector(text), CANDIDATES, SETS, LEAVES)
    assert found == set(filter(None, expected.split("|")))


@pytest.mark.parametrize(
    ("text", "answer"),
    [("any", True), ("CS 4100 [B]", None), ("grade >= B", None), ("subject EE", False)],
)
def test_what_depends_on_the_attempt_is_not_known(text: str, answer: bool | None) -> None:
    assert covers(parse_selector(text), CANDIDATES[0], SETS, LEAVES) is answer
