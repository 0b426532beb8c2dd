"""An exception that would do nothing where it stands is refused, with what to name instead."""

from __future__ import annotations

import pytest
from tests.degrees import TODAY, all_, at_least, leaf, milestone, program, share

from prospectus.app.record_exceptions import without_effect
from prospectus.domain.course import CourseCode
from prospectus.domain.record import AuditException, ExceptionKind
from prospectus.domain.requirement import NodeId, Reading

INSIDE = at_least("theory", "CS 610", courses=1)
RULES = program(
    all_("block", leaf("core", ["CS 600", "CS 610"], 2, with_=[INSIDE]), leaf("maths", "any", 1)),
    all_("single", leaf("free", "any", 1)),
    at_least("breadth", "MATH 500", credits=3),
    milestone("thesis"),
    rules=[
        Reading(dispute="x", options=(("a", share("core", "maths")),)),
        at_least("most-of-all", "any", credits=3),
    ],
    disputes=["x"],
)


def idle(kind: ExceptionKind, node: str) -> tuple[str, str] | None:
    return without_effect(
        AuditException(
            kind=kind,
            node=NodeId(node),
            who="dean",
            when=TODAY,
            why="",
            course=CourseCode("CS 700"),
            replaces=CourseCode("CS 600"),
        ),
        RULES,
    )


def test_an_insertion_names_a_leaf() -> None:
    assert idle(ExceptionKind.INSERT, "core") is None
    what, fix = idle(ExceptionKind.INSERT, "block") or ("", "")
    assert what == "a course is inserted into a leaf, and block is none"
    assert fix == "name a leaf below it: core, maths"
    _, fix = idle(ExceptionKind.INSERT, "single") or ("", "")
    assert fix == "name the leaf below it: free"
    for node in ("breadth", "thesis", "most-of-all", "theory"):
        _, fix = idle(ExceptionKind.INSERT, node) or ("", "")
        assert fix.startswith("name the leaf that the course is to fill")


def test_a_long_list_of_leaves_is_cut() -> None:
    leaves = [leaf(f"leaf-{n}", "any", 1) for n in range(15)]
    one = AuditException(
        kind=ExceptionKind.INSERT,
        node=NodeId("degree"),
        who="dean",
        when=TODAY,
        why="",
        course=CourseCode("CS 700"),
    )
    _, fix = without_effect(one, program(*leaves)) or ("", "")
    assert fix.endswith("leaf-11 and 3 more")


def test_a_substitution_stands_at_what_holds_courses() -> None:
    assert idle(ExceptionKind.SUBSTITUTE, "block") is None
    assert idle(ExceptionKind.SUBSTITUTE, "maths") is None
    what, _ = idle(ExceptionKind.SUBSTITUTE, "thesis") or ("", "")
    assert what == "thesis holds no courses, so none stands for another in it"


@pytest.mark.parametrize("kind", [ExceptionKind.WAIVE, ExceptionKind.FORCE])
def test_what_is_met_by_exception_is_a_requirement_of_its_own(kind: ExceptionKind) -> None:
    for node in ("degree", "block", "core", "breadth", "thesis", "most-of-all"):
        assert idle(kind, node) is None
    what, fix = idle(kind, "theory") or ("", "")
    assert what == "theory is a measure inside core, and met with it"
    assert fix == "name core"
    what, _ = idle(kind, "share") or ("", "")
    assert what.startswith("share is a rule on sharing")
