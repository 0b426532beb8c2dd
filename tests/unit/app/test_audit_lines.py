"""What an audit shows: requirements with sources, what is missing, what is not used and why."""

from __future__ import annotations

import datetime as dt

from hand_made_audits import audited
from tests.degrees import (
    at_least,
    at_most,
    degree,
    has,
    leaf,
    mean,
    milestone,
    planned,
    record,
    running,
    taken,
    transfer,
)

from prospectus.app.audit_lines import (
    cap_lines,
    credit_sums,
    exception_lines,
    requirement_lines,
    standing_lines,
    summary,
)
from prospectus.audit.result import Reason, Unused
from prospectus.domain.course import CourseCode
from prospectus.domain.errors import Place
from prospectus.domain.facts import Provenance
from prospectus.domain.record import AuditException, ExceptionKind
from prospectus.domain.requirement import Gpa, Header, Milestone, NodeId

CORE = leaf("core", ["CS 600", "CS 610", "CS 620"], 2, min_grade="B")
FREE = leaf("free", "any", credits="rest")


def test_each_requirement_names_its_courses_its_rule_and_its_place_in_a_file() -> None:
    provenance = Provenance(sources=("S1",), as_of="2026", at=Place(file="ms.yaml", line=12))
    core = leaf("core", ["CS 600"], 1)
    core = type(core)(
        header=Header(id=NodeId("core"), label="Core", provenance=provenance),
        from_=core.from_,
        courses=core.courses,
    )
    found = audited(degree(core), [taken("CS 600", "B")], {"core": "CS 600"})
    top, line = requirement_lines(found)
    assert (top.label, top.standing) == ("The degree", "met")
    assert (line.label, line.standing, line.counted) == ("Core", "met", "1 of 1 courses")
    assert [(course.code, course.grade, course.period) for course in line.courses] == [
        ("CS 600", "B", "Fall 2025")
    ]
    assert (line.rule.sources, line.rule.at.line, line.path) == (("S1",), 12, ("degree", "core"))


def test_a_met_node_with_unknown_rules_below_keeps_them() -> None:
    core = leaf("core", ["CS 600"], 1)
    core = type(core)(
        header=Header(id=NodeId("core"), unknown=("how old it may be",)),
        from_=core.from_,
        courses=core.courses,
    )
    found = audited(degree(core), [taken("CS 600")], {"core": "CS 600"})
    assert [line.unknown for line in requirement_lines(found)] == [("how old it may be",)] * 2
    assert found.verdict.unknown[-1:] == ("how old it may be",)


def test_a_most_and_a_least_of_nothing_are_no_requirements() -> None:
    rules = degree(
        leaf("core", "CS 600", 1),
        at_most("outside", has("source", "transfer"), credits=3),
        at_least("nothing", "any", credits=0),
    )
    found = audited(rules, [taken("CS 600")], {"core": "CS 600"})
    short = summary(found)
    assert [node for node, _ in short.standings] == ["degree", "core"]
    assert (short.n_met, short.n_requirements) == (2, 2)
    assert [line.id for line in requirement_lines(found)] == ["degree", "core", "outside"]


def test_credits_are_summed_by_how_sure_they_are() -> None:
    found = audited(
        degree(FREE, total=12),
        [taken("CS 600"), running("CS 610"), planned("CS 620")],
        {"free": ["CS 600", "CS 610", "CS 620"]},
        completion={"free": "CS 700"},
        left=3,
    )
    sums = credit_sums(found)
    assert (sums.earned, sums.in_progress, sums.planned) == (3, 3, 3)
    assert (sums.asked, sums.left) == (12, 3)


def test_a_cap_names_what_it_left_out() -> None:
    rules = degree(FREE, at_most("outside", has("source", "transfer"), credits=3), total=6)
    found = audited(
        rules,
        [transfer("CS 600"), transfer("CS 610")],
        {"free": "CS 600"},
        completion={"free": "CS 620"},
        left=3,
        unused=[Unused(attempt="CS 610", reason=Reason.CAP, node=NodeId("outside"))],
    )
    (cap,) = cap_lines(found)
    assert (cap.have, cap.most, cap.unit, cap.is_reached) == (3, 3, "credits", True)
    assert cap.left_out == ("CS 610",)


def test_a_mean_says_what_is_needed_in_what_remains() -> None:
    rules = degree(FREE, mean(3), milestone("thesis", months=6), total=6)
    found = audited(
        rules, [taken("CS 600", "C")], {"free": "CS 600"}, completion={"free": "CS 610"}, left=3
    )
    (line,) = standing_lines(found, Gpa)
    assert line.text == "mean 2.00 of at least 3.00, 4.00 needed in what remains"
    assert line.standing == "pending"
    (thesis,) = standing_lines(found, Milestone)
    assert (thesis.standing, thesis.text) == ("pending", "milestone, 6 months")


def test_exceptions_are_shown_with_who_when_and_why() -> None:
    given = AuditException(
        kind=ExceptionKind.WAIVE,
        node=NodeId("core"),
        who="advisor",
        when=dt.date(2026, 5, 1),
        why="taken elsewhere",
        course=CourseCode("CS 600"),
    )
    found = audited(degree(CORE), record(exceptions=(given,)))
    (line,) = exception_lines(found)
    assert (line.kind, line.label, line.who, line.why) == (
        "waive",
        "core",
        "advisor",
        "taken elsewhere",
    )
    assert [line.excepted for line in requirement_lines(found)] == [False, True]
    assert summary(found).standing == "met"
