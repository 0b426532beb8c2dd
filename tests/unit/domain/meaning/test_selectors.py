"""LANGUAGE 3, Selectors: what they select, three-valued."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from tests.degrees import (
    CATALOGUE,
    TODAY,
    course,
    degree,
    faulted,
    has,
    judge_it,
    leaf,
    of,
    planned,
    record,
    taken,
    transfer,
)

from prospectus.domain.course import Delivery, FormerContent
from prospectus.domain.expression import (
    AnyCourse,
    Approved,
    Both,
    CodeIs,
    Compare,
    CreditsAre,
    Except,
    GradeIs,
    InNode,
    LevelIs,
    NumberIn,
    NumberLike,
    Selector,
    SubjectIn,
    Union,
)
from prospectus.domain.meaning.matching import matches
from prospectus.domain.meaning.setting import Setting
from prospectus.domain.plan import Standing
from prospectus.domain.record import ApprovalState, Attempt, CreditSource

COURSES = [
    *CATALOGUE,
    course(
        "CS 4100",
        topics=["vision"],
        areas=["theory"],
        attributes=["core"],
        title="Seeing",
        delivery=Delivery.SYNC,
    ),
    course("CS 650", level=5000),
    course("CS 660", unknown=["topics"], delivery=Delivery.UNKNOWN),
]


def select(selector: Selector, attempt: Attempt, **more: object) -> bool | None:
    rules = degree(
        leaf("core", ["CS 600", "CS 610"], 1),
        courses=COURSES,
        sets={"listed": ["CS 600", "CS 610"]},
    )
    setting = Setting(rules, record(attempt, **more), TODAY)
    return matches(selector, setting.use(attempt), setting)


def yes(selector: Selector, code: str, **more: object) -> bool | None:
    return select(selector, taken(code, "A", **more))


def test_codes_sets_and_nodes() -> None:
    assert yes(of("CS 600"), "CS 600")
    assert not yes(of("CS 600"), "CS 610")
    assert yes(of("set listed"), "CS 610")
    assert not yes(of("set listed"), "CS 620")
    assert yes(InNode(node="core"), "CS 600")
    assert not yes(InNode(node="core"), "CS 620")


def test_subjects() -> None:
    both = SubjectIn(subjects=("CS", "CSE"))
    assert yes(both, "CS 600")
    assert not yes(both, "MATH 500")
    assert not yes(both, "~arch-1")


@pytest.mark.parametrize(
    ("selector", "inside", "outside"),
    [
        (NumberIn(low=610), "CS 700", "CS 600"),
        (NumberIn(low=600, high=610), "CS 610", "CS 620"),
        (NumberLike(pattern="41xx"), "CS 4100", "CS 410"),
        (NumberLike(pattern="6X0"), "CS 650", "CS 700"),
        (NumberIn(low=1), "DATASCI 201A", "~arch-1"),
    ],
)
def test_numbers_and_patterns(selector: Selector, inside: str, outside: str) -> None:
    assert yes(selector, inside) is True
    assert yes(selector, outside) is False


@pytest.mark.parametrize(
    ("code", "level"), [("CS 600", 600), ("CS 4100", 4000), ("CS 650", 5000), ("ZZ 8123", 8000)]
)
def test_the_level_is_the_numbers_leading_digit_unless_the_course_states_its_own(
    code: str, level: int
) -> None:
    assert yes(LevelIs(level=level), code) is True
    assert yes(LevelIs(level=level, compare=Compare.MORE), code) is False


def test_attributes_of_the_catalogue() -> None:
    for name, value in (
        ("area", "theory"),
        ("topic", "vision"),
        ("attribute", "core"),
        ("title", "Seeing"),
        ("delivery", "sync"),
    ):
        assert yes(has(name, value), "CS 4100") is True
        assert yes(has(name, value), "CS 600") is False


def test_attributes_of_the_attempt() -> None:
    attempt = taken("CS 600", "A", instructor="Ada", campus="Boulder", school="cu")
    for name, value in (
        ("instructor", "Ada"),
        ("campus", "Boulder"),
        ("school", "cu"),
        ("season", "Fall"),
        ("period", "Fall 2025"),
        ("basis", "letter"),
        ("source", "home"),
    ):
        assert select(has(name, value), attempt) is True, name
        assert select(has(name, "other"), attempt) is False, name


def test_counted_in_another_award() -> None:
    moved = taken("CS 600", counted_in=frozenset({"certificate"}))
    assert select(has("counted_in", "certificate"), moved) is True
    assert select(has("counted_in", "certificate"), taken("CS 600")) is False


def test_what_is_taken_here_is_of_this_school() -> None:
    assert select(has("school", "school"), taken("CS 600")) is True
    assert select(has("school", "school"), transfer("CS 600")) is None


def test_grades_compare_as_better_or_worse() -> None:
    for compare, expected in (
        (Compare.AT_LEAST, [True, True, False]),
        (Compare.MORE, [True, False, False]),
        (Compare.EQUAL, [False, True, False]),
        (Compare.AT_MOST, [False, True, True]),
        (Compare.LESS, [False, False, True]),
    ):
        rule = GradeIs(compare=compare, grade="B")
        assert [select(rule, taken("CS 600", grade)) for grade in "ABC"] == expected


def test_a_grade_that_is_no_letter_is_no_low_grade() -> None:
    low = GradeIs(compare=Compare.AT_MOST, grade="C")
    assert select(low, taken("CS 600", "P")) is False
    assert select(low, transfer("CS 600")) is False
    assert select(GradeIs(compare=Compare.AT_LEAST, grade="C"), transfer("CS 600")) is True
    assert select(low, taken("CS 600", None)) is None


def test_credits_compare() -> None:
    three = CreditsAre(compare=Compare.AT_LEAST, credits=Fraction(3))
    assert select(three, taken("CS 600", credits=3)) is True
    assert select(three, taken("CS 600", credits=2)) is False


def test_topics_distinguish_attempts_under_one_number() -> None:
    topic = CodeIs(code="CS 498", topic="nlp")
    assert select(topic, taken("CS 498", topic="nlp")) is True
    assert select(topic, taken("CS 498", topic="vision")) is False
    assert select(topic, taken("CS 498")) is False
    assert select(topic, planned("CS 498")) is None
    assert select(has("topic", "nlp"), taken("CS 498", topic="nlp")) is True


def test_unions_intersections_and_exceptions() -> None:
    maths, advanced = SubjectIn(subjects=("MATH",)), NumberIn(low=700)
    assert yes(Union(items=(maths, advanced)), "CS 700") is True
    assert yes(Both(items=(maths, advanced)), "MATH 500") is False
    assert yes(Except(of=AnyCourse(), without=maths), "CS 600") is True
    assert yes(Except(of=AnyCourse(), without=maths), "MATH 500") is False


def test_an_unknown_attribute_is_unknown_and_spreads_as_three_values_do() -> None:
    vision = has("topic", "vision")
    assert yes(vision, "CS 660") is None
    assert yes(Union(items=(vision, AnyCourse())), "CS 660") is True
    assert yes(Both(items=(vision, of("CS 600"))), "CS 660") is False
    assert yes(Except(of=AnyCourse(), without=vision), "CS 660") is None
    assert yes(has("delivery", "async"), "CS 660") is None


def test_an_external_course_has_no_attributes_that_are_known() -> None:
    assert select(has("area", "theory"), transfer("ZZ 100")) is None


def test_a_course_of_another_programme_is_not_in_this_catalogue() -> None:
    rules = degree(
        leaf("core", "any", 1), courses=[*CATALOGUE, course("CS 800", restricted_to=["mba"])]
    )
    assert "CS 800" not in rules.courses


# ---------------------------------------------------------------- open membership

OPEN = Approved(approval="special", of=SubjectIn(subjects=("CS",)))


@pytest.mark.parametrize(
    ("state", "standing"),
    [
        (ApprovalState.GRANTED, Standing.MET),
        (ApprovalState.OPEN, Standing.PENDING),
        (ApprovalState.REQUESTED, Standing.PENDING),
    ],
)
def test_open_membership_is_pending_until_granted(state: ApprovalState, standing: Standing) -> None:
    what = record(taken("CS 600"), approvals=(("special", state),))
    found = judge_it(degree(leaf("core", OPEN, 1)), what, {"core": "CS 600"})
    assert found.is_valid
    assert found.standing("core") is standing


def test_open_membership_that_was_refused_is_none() -> None:
    what = record(taken("CS 600"), approvals=(("special", ApprovalState.REFUSED),))
    assert faulted(judge_it(degree(leaf("core", OPEN, 1)), what, {"core": "CS 600"})) == {"core"}


def test_an_approval_admits_only_what_it_speaks_of() -> None:
    what = record(taken("MATH 500"), approvals=(("special", ApprovalState.GRANTED),))
    assert faulted(judge_it(degree(leaf("core", OPEN, 1)), what, {"core": "MATH 500"})) == {"core"}


def test_basis_and_source_of_the_attempt() -> None:
    assert select(has("source", "credential"), transfer("CS 600", source=CreditSource.CREDENTIAL))


@pytest.mark.parametrize(
    ("when", "topic"), [("Fall 2024", "logic"), ("Fall 2025", "agents"), ("Spring 2026", "agents")]
)
def test_an_attempt_has_the_content_that_its_course_had_then(when: str, topic: str) -> None:
    old = FormerContent(until=dt.date(2024, 12, 31), title="Old", topics=frozenset({"logic"}))
    lost = FormerContent(until=None, title="Older", topics=frozenset({"lost"}))
    now = course("CS 670", topics=["agents"], title="New", formerly=(old, lost))
    rules = degree(leaf("core", "any", 1), courses=[now])
    attempt = taken("CS 670", when=when)
    setting = Setting(rules, record(attempt), TODAY)
    for asked in ("logic", "agents", "lost"):
        found = matches(has("topic", asked), setting.use(attempt), setting)
        assert found is (asked == topic)
    title = "Old" if topic == "logic" else "New"
    assert matches(has("title", title), setting.use(attempt), setting) is True


def test_a_planned_course_has_its_present_content_and_so_has_credit_without_a_date() -> None:
    old = FormerContent(until=dt.date(2040, 1, 1), title="Old", topics=frozenset({"logic"}))
    now = course("CS 670", topics=["agents"], title="New", formerly=(old,))
    rules = degree(leaf("core", "any", 1), courses=[now])
    for attempt in (planned("CS 670"), transfer("CS 670")):
        setting = Setting(rules, record(attempt), TODAY)
        assert matches(has("topic", "agents"), setting.use(attempt), setting) is True
