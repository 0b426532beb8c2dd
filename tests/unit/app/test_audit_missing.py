"""What an audit says is missing: courses, credits, when they run, and where they serve twice."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from hand_made_audits import audited, missing
from tests.degrees import (
    at_least,
    course,
    degree,
    leaf,
    offered,
    taken,
)

from prospectus.app.audit_missing import missing_lines
from prospectus.domain.course import CourseCode
from prospectus.domain.expression import And, Done
from prospectus.domain.offering import OfferingKind
from prospectus.domain.program import Equivalent
from prospectus.domain.requirement import NodeId

CORE = leaf("core", ["CS 600", "CS 610", "CS 620"], 2, min_grade="B")
FREE = leaf("free", "any", credits="rest")


def test_what_is_missing_is_said_in_its_smallest_form_with_the_next_run() -> None:
    offerings = (*offered("CS 610", "Spring"), *offered("CS 620", "Fall"))
    rules = degree(CORE, school={"offerings": offerings})
    found = audited(
        rules,
        [taken("CS 600")],
        {"core": "CS 600"},
        completion={"core": "CS 610"},
        left=3,
        missing=[missing("core", "degree", courses=1, one_of=["CS 610", "CS 620"])],
        today=dt.date(2026, 11, 22),
    )
    (line,) = missing_lines(found)
    assert line.text == (
        "one of CS 610, CS 620 (3 credits); CS 610 runs next in Spring 2027 (expected)"
    )
    assert [(run.period, run.courses) for run in line.next_runs] == [
        ("Spring 2027", ("CS 610",)),
        ("Fall 2027", ("CS 620",)),
    ]


def test_a_course_that_seldom_ran_is_not_promised() -> None:
    seldom = offered("CS 610", "Spring", kind=OfferingKind.LIKELY, share=Fraction(1, 3))
    found = audited(
        degree(leaf("core", "CS 610", 1), school={"offerings": seldom}),
        [],
        completion={"core": "CS 610"},
        left=3,
        missing=[missing("core", "degree", courses=1, one_of=["CS 610"])],
    )
    assert missing_lines(found)[0].text == "CS 610 (3 credits); when it runs is not known"


def test_many_courses_are_counted_and_the_cheapest_named() -> None:
    codes = ["CS 600", "CS 610", "CS 620", "CS 630", "CS 700", "CS 710", "MATH 500", "MATH 510"]
    lack = missing("free", "degree", credits=Fraction(3), one_of=[*codes, "X 1"], chosen=["CS 600"])
    found = audited(
        degree(FREE, total=3), [], completion={"free": "CS 600"}, left=3, missing=[lack]
    )
    text = missing_lines(found)[0].text
    assert text.startswith("3 credits out of 9 courses, such as CS 600; 8 of them run next in")


def test_a_smaller_condition_that_is_not_reached_is_said() -> None:
    minimum = at_least("theory", "CS 600", courses=1)
    core = leaf("core", ["CS 600", "CS 610"], 1, with_=[minimum])
    lack = missing("core", "degree", courses=1, one_of=["CS 600"], minima=[NodeId("theory")])
    found = audited(degree(core), [], completion={"core": "CS 600"}, left=3, missing=[lack])
    (line,) = missing_lines(found)
    assert "CS 600 (3 credits); among them at least 1 course of CS 600" in line.text


def test_courses_that_are_all_needed_tell_each_when_they_run() -> None:
    offerings = (*offered("CS 610", "Spring"), *offered("CS 620", "Fall"))
    rules = degree(leaf("core", ["CS 610", "CS 620", "CS 630"], 3), school={"offerings": offerings})
    codes = ["CS 610", "CS 620", "CS 630"]
    found = audited(
        rules,
        [],
        completion={"core": codes},
        left=9,
        missing=[missing("core", "degree", courses=3, one_of=codes, chosen=codes)],
        today=dt.date(2026, 11, 22),
    )
    assert missing_lines(found)[0].text == (
        "CS 610, CS 620 and CS 630 (3 credits each); next runs: CS 610 in Spring 2027 (expected); "
        "CS 620 in Fall 2027 (expected); when CS 630 runs is not known"
    )


def test_a_second_view_says_that_the_same_courses_may_serve() -> None:
    view = leaf("methods", ["CS 600", "CS 610"], 1, pool="track")
    rules = degree(leaf("core", ["CS 600", "CS 610"], 1), view, pools={"track": False})
    lack = [
        missing("methods", "degree", courses=1, one_of=["CS 600", "CS 610"], chosen=["CS 600"]),
        missing("core", "degree", courses=1, one_of=["CS 600", "CS 610"], chosen=["CS 600"]),
    ]
    found = audited(
        rules, [], completion={"methods": "CS 600", "core": "CS 600"}, left=3, missing=lack
    )
    second, first = missing_lines(found)
    assert second.text.startswith(
        "one of CS 600, CS 610; the same course as for 'core' may serve; "
    )
    assert second.same == ("core",)
    assert first.text.startswith("one of CS 600, CS 610 (3 credits); ")
    assert first.same == ()


def test_a_course_without_a_code_is_told_by_its_title() -> None:
    elective = course("~elective", title="An elective")
    rules = degree(leaf("core", ["~elective"], 1), courses=[elective])
    lack = missing("core", "degree", courses=1, one_of=["~elective"], chosen=["~elective"])
    found = audited(rules, [], completion={"core": "~elective"}, left=3, missing=[lack])
    assert missing_lines(found)[0].text.startswith("'An elective' (3 credits); ")


def test_courses_that_stand_for_one_together_are_not_one_of_several() -> None:
    pieces = And(items=(Done(code="CS 610"), Done(code="CS 620")))
    equivalent = Equivalent(course=CourseCode("CS 600"), met_by=pieces)
    rules = degree(leaf("core", "CS 600", 1), school={"equivalents": (equivalent,)})
    found = audited(
        rules,
        [],
        completion={"core": "CS 600"},
        left=3,
        missing=[missing("core", "degree", courses=1, one_of=["CS 600", "CS 610", "CS 620"])],
    )
    (line,) = missing_lines(found)
    assert line.one_of == ("CS 600",)
    assert line.text == (
        "CS 600 (3 credits); it runs next in Fall 2026 (expected); "
        "or CS 610 with CS 620 in place of CS 600"
    )


def test_a_course_that_another_requirement_cannot_do_without_is_not_offered() -> None:
    rules = degree(leaf("first", "CS 600", 1), leaf("more", ["CS 600", "CS 610", "CS 620"], 1))
    found = audited(
        rules,
        [],
        completion={"first": "CS 600", "more": "CS 610"},
        left=6,
        missing=[
            missing("first", "degree", courses=1, one_of=["CS 600"]),
            missing(
                "more",
                "degree",
                courses=1,
                one_of=["CS 600", "CS 610", "CS 620"],
                chosen=["CS 610"],
            ),
        ],
    )
    assert [line.one_of for line in missing_lines(found)] == [("CS 600",), ("CS 610", "CS 620")]
