"""LANGUAGE 4, Exceptions: approved departures with who, when and why."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.degrees import (
    all_,
    any_,
    at_most,
    broken,
    degree,
    faulted,
    header,
    judge_it,
    leaf,
    load,
    mean,
    planned,
    record,
    taken,
)

from prospectus.domain.course import CourseCode
from prospectus.domain.expression import NodeDone
from prospectus.domain.plan import Standing, Verdict
from prospectus.domain.program import Resolved
from prospectus.domain.record import Attempt, AuditException, ExceptionKind
from prospectus.domain.requirement import NodeId, Over
from prospectus.domain.rule import Gate

HAVE = [taken("CS 600"), taken("MATH 500")]


def excepted(
    kind: ExceptionKind, node: str, course: str = "", replaces: str = ""
) -> AuditException:
    return AuditException(
        kind=kind,
        node=NodeId(node),
        who="J. Doe",
        when=dt.date(2026, 5, 4),
        why="same syllabus",
        course=CourseCode(course) if course else None,
        replaces=CourseCode(replaces) if replaces else None,
    )


def verdict(
    rules: Resolved, given: AuditException, placed: dict[str, object], *attempts: Attempt
) -> Verdict:
    what = record(*(attempts or HAVE), exceptions=(given,))
    return judge_it(rules, what, placed)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", [ExceptionKind.WAIVE, ExceptionKind.FORCE])
@pytest.mark.parametrize("node", ["core", "block"])
def test_a_node_waived_or_forced_is_met_by_exception(kind: ExceptionKind, node: str) -> None:
    rules = degree(all_("block", leaf("core", "CS 700", 1)), leaf("other", "CS 600", 1))
    found = verdict(rules, excepted(kind, node), {"other": "CS 600"})
    assert found.degree is Standing.MET
    assert next(item for item in found.nodes if item.node == node).excepted


def test_a_waived_node_holds_nothing_so_free_electives_fill_the_total() -> None:
    rules = degree(leaf("core", "CS 700", 1), leaf("free", credits="rest"), total=6)
    given = excepted(ExceptionKind.WAIVE, "core")
    assert verdict(rules, given, {"free": "CS 600"}).degree is Standing.UNMET
    assert verdict(rules, given, {"free": ["CS 600", "MATH 500"]}).degree is Standing.MET


def test_a_substitute_stands_for_the_course_replaced() -> None:
    rules = degree(leaf("core", ["CS 610"], 1))
    given = excepted(ExceptionKind.SUBSTITUTE, "core", "MATH 500", "CS 610")
    assert verdict(rules, given, {"core": "MATH 500"}).degree is Standing.MET
    assert faulted(verdict(rules, given, {"core": "CS 600"})) == {"core"}


def test_a_substitution_for_a_node_holds_in_every_leaf_below_it() -> None:
    rules = degree(any_("way", leaf("x", ["CS 610"], 1), leaf("y", ["CS 620"], 1)))
    given = excepted(ExceptionKind.SUBSTITUTE, "way", "MATH 500", "CS 610")
    what = record(*HAVE, exceptions=(given,))
    assert judge_it(rules, what, {"x": "MATH 500"}, chosen={"way": "x"}).degree is Standing.MET
    assert not judge_it(rules, what, {"y": "MATH 500"}, chosen={"way": "y"}).is_valid


def test_a_substitution_for_a_course_that_is_gone_changes_nothing() -> None:
    rules = degree(leaf("core", ["CS 610"], 1))
    given = excepted(ExceptionKind.SUBSTITUTE, "core", "MATH 500", "ZZ 100")
    assert faulted(verdict(rules, given, {"core": "MATH 500"})) == {"core"}


def test_a_substitution_assumes_no_grade_of_anyone() -> None:
    rules = degree(leaf("core", ["CS 610"], 1, min_grade="A"))
    given = excepted(ExceptionKind.SUBSTITUTE, "core", "MATH 500", "CS 610")
    assert verdict(rules, given, {"core": "MATH 500"}).assumed_grades == ()


def test_an_inserted_course_is_admitted_to_the_leaf_and_to_no_other() -> None:
    rules = degree(leaf("core", ["CS 610"], 1), leaf("more", ["CS 620"], 1))
    given = excepted(ExceptionKind.INSERT, "core", "MATH 500")
    assert verdict(rules, given, {"core": "MATH 500"}).standing("core") is Standing.MET
    assert faulted(verdict(rules, given, {"more": "MATH 500"})) == {"more"}


def test_met_is_the_original_or_the_exception() -> None:
    rules = degree(leaf("core", ["CS 600", "CS 610"], 1))
    given = excepted(ExceptionKind.INSERT, "core", "MATH 500")
    assert verdict(rules, given, {"core": "CS 600"}).degree is Standing.MET


def test_a_waived_cap_does_not_bind() -> None:
    rules = degree(leaf("core", "any", 2), rules=[at_most("cap", "any", courses=1)])
    given = excepted(ExceptionKind.WAIVE, "cap")
    assert verdict(rules, given, {"core": ["CS 600", "MATH 500"]}).degree is Standing.MET


def test_a_measure_over_attempted_and_a_mean_may_be_waived() -> None:
    rules = degree(
        leaf("core", "any", 1),
        mean(4),
        rules=[at_most("tries", "any", courses=0, over=Over.ATTEMPTED)],
    )
    for node in ("tries", "gpa"):
        what = record(taken("CS 600", "B"), exceptions=(excepted(ExceptionKind.WAIVE, node),))
        assert judge_it(rules, what, {"core": "CS 600"}).standing(node) is Standing.MET


def test_a_waived_node_counts_as_done_in_a_condition() -> None:
    rules = degree(
        leaf("found", "CS 610", 1, pool="view"),
        leaf("core", "any", 1),
        rules=[Gate(header=header("gate"), needs=NodeDone(node="found"))],
        pools={"view": False},
    )
    start = planned("CS 700")
    assert broken(judge_it(rules, [start], {"core": "CS 700"})) == {"gate"}
    given = excepted(ExceptionKind.WAIVE, "found")
    assert not verdict(rules, given, {"core": "CS 700"}, start).breaches


def test_a_gate_or_a_load_may_be_waived() -> None:
    rules = degree(
        leaf("core", "any", 2),
        rules=[
            Gate(
                header=header("gate"),
                needs=NodeDone(node="core"),
                locks=leaf("x", "CS 700", 1).from_,
            )
        ],
        enrolment=[load("cap", "term", courses=(0, 0))],
    )
    start = planned("CS 700")
    assert broken(judge_it(rules, [start])) == {"gate", "cap"}
    for rule, left in (("gate", {"cap"}), ("cap", {"gate"})):
        assert broken(verdict(rules, excepted(ExceptionKind.WAIVE, rule), {}, start)) == left
